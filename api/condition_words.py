"""A condition in the words of the form: not `co_uy_quyen = true`, but what the clerk ticks."""

import re
from collections.abc import Iterable

from processes.data_field import DataField, FieldType
from processes.errors import Language

_JOINED = re.compile(r"\s+(and|or)\s+")
_COMPARED = re.compile(r'(\w+)\s*(=|!=|<=|>=|<|>)\s*("[^"]*"|[\w.]+)')
_OPERATORS = {
    "=": ("là", "is"),
    "!=": ("không phải", "is not"),
    "<": ("nhỏ hơn", "is less than"),
    "<=": ("không quá", "is at most"),
    ">": ("lớn hơn", "is more than"),
    ">=": ("từ", "is at least"),
}
_JOINS = {"and": ("và", "and"), "or": ("hoặc", "or")}


def spoken_condition(condition: str, fields: Iterable[DataField], language: Language) -> str:
    """The condition with the names of fields and options; what is no plain comparison as it is."""
    known = {field.code: field for field in fields}
    spoken = []
    for part in _JOINED.split(condition.strip().removeprefix("=").strip()):
        if part in _JOINS:
            spoken.append(_JOINS[part][language != "vi"])
            continue
        compared = _COMPARED.fullmatch(part.strip())
        field = known.get(compared[1]) if compared else None
        if compared is None or field is None:
            return condition
        spoken.append(_comparison(field, compared[2], compared[3], language))
    return " ".join(spoken)


def _comparison(field: DataField, operator: str, value: str, language: Language) -> str:
    name = f"“{field.name}”"
    if field.type is FieldType.BOOLEAN and value in ("true", "false"):
        if (value == "true") == (operator == "="):
            return name
        return f"không {name}" if language == "vi" else f"not {name}"
    plain = value.strip('"')
    option = next((option.name for option in field.options if option.value == plain), plain)
    shown = f"“{option}”" if value.startswith('"') else option
    return f"{name} {_OPERATORS[operator][language != 'vi']} {shown}"
