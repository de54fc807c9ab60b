"""What can be wrong with a decision model, and with deciding.

InvalidInput
├── NotDecisionModel      the file is no DMN model that we read (the sender)
├── InvalidDecisionModel  something in the model is wrong (the designer)
├── UnsuitableInput       a value is not of the type the model asks for (the sender)
└── RulesOverlap          a table gives several answers where it may give one (the designer)
NotFound
└── UnknownDecision       the model has no decision of that name
"""

from processes.errors import InvalidInput, NotFound


class NotDecisionModel(InvalidInput):
    """The bytes are not a decision model; facts: detail_vi, detail_en."""

    code = "decision_model.not_dmn"
    vi = "Tệp không phải là mô hình quyết định DMN: {detail_vi}"
    en = "The file is not a DMN decision model: {detail_en}"


class InvalidDecisionModel(InvalidInput):
    """Something in the model cannot be carried out.

    Facts: element (id or name), place_vi, place_en, detail_vi, detail_en.
    """

    code = "decision_model.invalid"
    vi = "Mô hình quyết định sai ở {place_vi}: {detail_vi}"
    en = "The decision model is wrong at {place_en}: {detail_en}"


class UnsuitableInput(InvalidInput):
    """A value is not what the model asks for; facts: name, type, value."""

    code = "decision.unsuitable_input"
    vi = "Dữ liệu “{name}” không hợp lệ: cần {type}, nhận được {value}."
    en = "The datum '{name}' does not fit: {type} is expected, {value} was given."


class RulesOverlap(InvalidInput):
    """Several rules of a table match where its hit policy allows one answer.

    Facts: table, rules (their numbers).
    """

    code = "decision.rules_overlap"
    vi = (
        "Bảng quyết định “{table}” cho nhiều kết quả cùng lúc (các luật {rules}). Sửa điều kiện "
        "của các luật, hoặc chọn cách chọn luật (hit policy) khác."
    )
    en = (
        "The decision table '{table}' gives several answers at once (rules {rules}). Mend the "
        "conditions of these rules, or choose another hit policy."
    )


class UnknownDecision(NotFound):
    """The model has no such decision; facts: name, known."""

    code = "decision.unknown"
    vi = "Mô hình không có quyết định “{name}”. Các quyết định: {known}."
    en = "The model has no decision '{name}'. Its decisions: {known}."
