"""What is wrong with one field of a request, in words that its sender understands."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

NO_TEXT = "text_unreadable"
NO_SCALAR = "not_a_scalar"


class FieldFault(BaseModel):
    """One field: `field` is its way in the body, as in `components.0.form`."""

    model_config = ConfigDict(extra="forbid")

    field: str
    vi: str
    en: str


_WORDS = {
    "missing": ("Chưa có trường này.", "This field is required."),
    "extra_forbidden": (
        "Không có trường này. Kiểm tra lại tên trường.",
        "There is no such field. Check its name.",
    ),
    "enum": ("Chọn một trong: {expected}.", "Choose one of: {expected}."),
    "literal_error": ("Chọn một trong: {expected}.", "Choose one of: {expected}."),
    "string_too_short": (
        "Cần ít nhất {min_length} ký tự.",
        "At least {min_length} characters are needed.",
    ),
    "string_too_long": (
        "Tối đa {max_length} ký tự.",
        "At most {max_length} characters.",
    ),
    "too_long": ("Tối đa {max_length} mục.", "At most {max_length} items."),
    "too_short": ("Cần ít nhất {min_length} mục.", "At least {min_length} items are needed."),
    "string_pattern_mismatch": (
        "Không đúng dạng {pattern}.",
        "Does not match the pattern {pattern}.",
    ),
    "greater_than": ("Phải lớn hơn {gt}.", "Must be greater than {gt}."),
    "greater_than_equal": ("Không nhỏ hơn {ge}.", "Must be at least {ge}."),
    "less_than": ("Phải nhỏ hơn {lt}.", "Must be less than {lt}."),
    "less_than_equal": ("Không lớn hơn {le}.", "Must be at most {le}."),
    "timezone_aware": (
        "Ghi kèm múi giờ, ví dụ 2026-03-03T17:00:00+07:00.",
        "State the time zone, such as 2026-03-03T17:00:00+07:00.",
    ),
    NO_TEXT: (
        "Có ký tự không dùng được (NUL hoặc nửa ký tự Unicode).",
        "Contains characters that cannot be kept (NUL or half of a Unicode pair).",
    ),
    NO_SCALAR: (
        "Cần chữ, số (tối đa 15 chữ số, nhiều hơn thì gửi dạng chữ), true, false hoặc null.",
        "Expected text, a number (at most 15 digits; longer ones as text), true, false or null.",
    ),
}
_KINDS = {
    "string": ("chữ", "text"),
    "int": ("số nguyên", "a whole number"),
    "float": ("số", "a number"),
    "decimal": ("số", "a number"),
    "bool": ("true hoặc false", "true or false"),
    "uuid": ("một mã định danh UUID", "a UUID"),
    "datetime": ("ngày giờ ISO 8601 có múi giờ", "an ISO 8601 date and time with a zone"),
    "date": ("ngày dạng yyyy-mm-dd", "a date, yyyy-mm-dd"),
    "list": ("một danh sách", "a list"),
    "tuple": ("một danh sách", "a list"),
    "dict": ("một đối tượng JSON", "a JSON object"),
    "mapping": ("một đối tượng JSON", "a JSON object"),
    "model": ("một đối tượng JSON", "a JSON object"),
    "dataclass": ("một đối tượng JSON", "a JSON object"),
}
_BODY = (
    "Gửi nội dung là một đối tượng JSON, với Content-Type: application/json.",
    "Send the body as a JSON object, with Content-Type: application/json.",
)


def field_faults(errors: Iterable[Mapping[str, Any]]) -> list[FieldFault]:
    """The findings of the request's validation, one for each field and fault."""
    return [_fault(error) for error in errors]


def _fault(error: Mapping[str, Any]) -> FieldFault:
    place = tuple(error["loc"])
    name = ".".join(str(part) for part in place[1:]) or str(place[0] if place else "body")
    vi, en = _BODY if place == ("body",) else _words(error)
    return FieldFault(field=name[:200], vi=vi, en=en)


def _words(error: Mapping[str, Any]) -> tuple[str, str]:
    kind = str(error["type"])
    facts = {name: str(value)[:200] for name, value in (error.get("ctx") or {}).items()}
    if kind in _WORDS:
        vi, en = _WORDS[kind]
        in_vietnamese = {**facts, "expected": facts.get("expected", "–").replace(" or ", " hoặc ")}
        return vi.format_map(_Dashes(in_vietnamese)), en.format_map(_Dashes(facts))
    expected = _KINDS.get(kind.partition("_")[0])
    if expected is not None:
        return f"Cần {expected[0]}.", f"Expected {expected[1]}."
    return "Giá trị không hợp lệ.", f"Not valid: {str(error.get('msg', kind))[:200]}."


class _Dashes(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"
