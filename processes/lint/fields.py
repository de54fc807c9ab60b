"""Fields of forms: codes that conditions can name, options, defaults that fit."""

import re
from collections.abc import Iterator
from dataclasses import replace

from processes.data_entry import enter
from processes.data_field import DataField, FieldType
from processes.errors import InvalidInput
from processes.finding import Finding, Severity
from processes.procedure import Procedure
from processes.rule import Rule, Words

DUPLICATE = Rule(
    "qt-field-duplicate",
    Severity.ERROR,
    "{where}: mã trường “{code}” được khai báo nhiều lần. Đặt mã riêng cho từng trường.",
    "{where}: the field code '{code}' is declared twice. Give each field a code of its own.",
)
TYPES = Rule(
    "qt-field-type-differs",
    Severity.ERROR,
    "{where}: trường “{code}” có kiểu {type}, nơi khác khai báo là {other}. Dùng một kiểu hoặc đổi "
    "mã.",
    "{where}: the field '{code}' is of type {type}, elsewhere it is {other}. Use one type or "
    "another code.",
)
CODE = Rule(
    "qt-field-code",
    Severity.ERROR,
    "{where}: mã trường “{code}” không dùng được trong điều kiện. Dùng chữ, số và dấu _, bắt đầu "
    "bằng chữ, không trùng từ khóa FEEL.",
    "{where}: conditions cannot name the field code '{code}'. Use letters, digits and _, begin "
    "with a letter, and avoid the keywords of FEEL.",
)
OPTIONS = Rule(
    "qt-options-missing",
    Severity.ERROR,
    "{where}: trường “{name}” là kiểu choice nhưng chưa có lựa chọn. Thêm các qt:option.",
    "{where}: the field '{name}' is a choice without options. Add its qt:option elements.",
)
OPTION_TWICE = Rule(
    "qt-option-duplicate",
    Severity.ERROR,
    "{where}: trường “{name}” có lựa chọn “{value}” nhiều lần. Chỉ giữ một.",
    "{where}: the field '{name}' offers '{value}' twice. Keep one.",
)
OPTIONS_UNUSED = Rule(
    "qt-options-unused",
    Severity.WARNING,
    '{where}: trường “{name}” có lựa chọn nhưng không phải kiểu choice. Đặt type="choice".',
    "{where}: the field '{name}' has options but is not a choice. Set its type to choice.",
)
DEFAULT = Rule(
    "qt-default-invalid",
    Severity.ERROR,
    "{where}: giá trị mặc định không hợp lệ. {problem}",
    "{where}: the default cannot be used. {problem}",
)
RULES = (DUPLICATE, TYPES, CODE, OPTIONS, OPTION_TWICE, OPTIONS_UNUSED, DEFAULT)

_CODE = re.compile(r"[^\W\d]\w*")
_KEYWORDS = frozenset(
    {
        *("and", "or", "not", "if", "then", "else", "for", "in", "return", "some", "every"),
        *("satisfies", "between", "instance", "of", "true", "false", "null", "function"),
        "external",
    }
)


def judge_fields(procedure: Procedure) -> Iterator[Finding]:
    """Findings about the fields of the reception form and of every step's form."""
    types: dict[str, FieldType] = {}
    reception = Words("Biểu tiếp nhận", "Reception form")
    yield from _form(procedure.fields, procedure.process_id or None, reception, types)
    for step in procedure.steps:
        name = Words(f"“{step.name or step.element_id}”", f"“{step.name or step.element_id}”")
        yield from _form(step.fields, step.element_id, name, types)


def _form(
    fields: tuple[DataField, ...], element: str | None, where: Words, types: dict[str, FieldType]
) -> Iterator[Finding]:
    seen: set[str] = set()
    for field in fields:
        if field.code in seen:
            yield DUPLICATE.at(element, where=where, code=field.code)
        seen.add(field.code)
        other = types.setdefault(field.code, field.type)
        if other is not field.type:
            facts = {"code": field.code, "type": field.type.value, "other": other.value}
            yield TYPES.at(element, where=where, **facts)
        if not _CODE.fullmatch(field.code) or field.code in _KEYWORDS:
            yield CODE.at(element, where=where, code=field.code)
        yield from _options(field, element, where)
        yield from _default(field, element, where)


def _options(field: DataField, element: str | None, where: Words) -> Iterator[Finding]:
    values = [option.value for option in field.options]
    if field.type is FieldType.CHOICE and not values:
        yield OPTIONS.at(element, where=where, name=field.name)
    if field.type is not FieldType.CHOICE and values:
        yield OPTIONS_UNUSED.at(element, where=where, name=field.name)
    seen: set[str] = set()
    for value in values:
        if value in seen:
            yield OPTION_TWICE.at(element, where=where, name=field.name, value=value)
        seen.add(value)


def _default(field: DataField, element: str | None, where: Words) -> Iterator[Finding]:
    """A default is entered like a value of a person, so it is checked by the same function."""
    if field.default is None or (field.type is FieldType.CHOICE and not field.options):
        return
    try:
        enter((replace(field, required=False),), {})
    except InvalidInput as problem:
        words = Words(problem.message("vi"), problem.message("en"))
        yield DEFAULT.at(element, where=where, problem=words)
