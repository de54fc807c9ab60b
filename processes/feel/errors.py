"""What can be wrong with an expression, and with evaluating it.

InvalidInput
├── InvalidExpression    the text is not FEEL (the designer mends it; line and column are given)
├── ExpressionTooCostly  it would take too many steps or too much room (the designer)
├── MomentMissing        it asks for the present moment and none was given (the program)
└── UnusableValue        a variable holds what FEEL has no word for (the sender)
Unmet
└── ConditionNotBoolean  a condition is neither true nor false (whoever owes the data)
"""

from processes.errors import InvalidInput, Unmet


class InvalidExpression(InvalidInput):
    """The text is not an expression of the language.

    Facts: expression, line and column (from 1), position (characters from 0), detail_vi, detail_en.
    """

    code = "expression.invalid"
    vi = "Biểu thức “{expression}” sai ở dòng {line}, cột {column}: {detail_vi}"
    en = "The expression '{expression}' is wrong at line {line}, column {column}: {detail_en}"


class ExpressionTooCostly(InvalidInput):
    """Evaluating would exceed a bound; facts: expression, detail_vi, detail_en."""

    code = "expression.too_costly"
    vi = "Biểu thức “{expression}” đòi hỏi tính toán quá lớn: {detail_vi}. Hãy viết gọn lại."
    en = "The expression '{expression}' asks for too much work: {detail_en}. Make it simpler."


class MomentMissing(InvalidInput):
    """`now()` or `today()` stands where no moment is given; fact: expression."""

    code = "expression.moment_missing"
    vi = (
        "Biểu thức “{expression}” dùng now() hoặc today(), nhưng ở đây không có thời điểm. "
        "Dùng một trường ngày của hồ sơ thay cho nó."
    )
    en = (
        "The expression '{expression}' uses now() or today(), but there is no moment here. "
        "Use a date field of the dossier instead."
    )


class UnusableValue(InvalidInput):
    """A variable holds a value that no expression can use; facts: name, detail_vi, detail_en."""

    code = "expression.unusable_value"
    vi = "Dữ liệu “{name}” không dùng được trong biểu thức: {detail_vi}"
    en = "The datum '{name}' cannot be used in expressions: {detail_en}"


class ConditionNotBoolean(Unmet):
    """A condition gave neither true nor false.

    Facts: expression, result, missing (names without a value), missing_vi, missing_en.
    """

    code = "expression.condition_not_boolean"
    vi = "Điều kiện “{expression}” không cho kết quả đúng hoặc sai mà là {result}. {missing_vi}"
    en = "The condition '{expression}' is neither true nor false but {result}. {missing_en}"
