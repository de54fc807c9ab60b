"""What a person enters at reception or at a step, checked against the declared fields."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from processes.data_field import DataField, FieldType
from processes.errors import InvalidInput

Value = str | bool | Decimal | date | None
_LONGEST = 20_000  # characters of one text
_DIGITS = 40
_LONGEST_NUMBER = 100
_TOO_LARGE = 10**_DIGITS


class UnknownField(InvalidInput):
    """Data were entered under a code that the form does not have."""

    code = "data.unknown_field"
    vi = "Không có trường “{field}” trong biểu này. Các trường có: {known}."
    en = "There is no field '{field}' in this form. Known fields: {known}."


class MissingField(InvalidInput):
    """A required field was left empty."""

    code = "data.missing_field"
    vi = "Chưa nhập “{name}”."
    en = "'{name}' ({field}) is required."


class WrongType(InvalidInput):
    """The value is not of the field's type."""

    code = "data.wrong_type"
    vi = "“{name}”: giá trị “{value}” không hợp lệ; cần {expected_vi}."
    en = "'{name}' ({field}): '{value}' is not valid; expected {expected_en}."


def enter(fields: Iterable[DataField], given: Mapping[str, Any]) -> dict[str, Value]:
    """The typed values of a form; defaults filled in, unknown or ill-typed entries refused."""
    fields = tuple(fields)
    known = {field.code: field for field in fields}
    for code in given:
        if code not in known:
            raise UnknownField(field=str(code)[:80], known=", ".join(known) or "–")
    entered: dict[str, Value] = {}
    for field in fields:
        raw = given.get(field.code)
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            raw = field.default
        if raw is None:
            if field.required:
                raise MissingField(field=field.code, name=field.name)
            entered[field.code] = None
        else:
            entered[field.code] = _typed(field, raw)
    return entered


def _typed(field: DataField, raw: Any) -> Value:
    value = _READERS[field.type](field, raw)
    if value is None:
        vi, en = _EXPECTED[field.type]
        options = ", ".join(option.value for option in field.options)
        raise WrongType(
            field=field.code,
            name=field.name,
            value=str(raw)[:80],
            expected_vi=vi.format(options=options),
            expected_en=en.format(options=options),
        )
    return value


def is_storable(text: str) -> bool:
    """Whether a text can be kept everywhere: no NUL, no half of a character (lone surrogate)."""
    if text.isascii():
        return "\x00" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _text(_field: DataField, raw: Any) -> str | None:
    if not isinstance(raw, str) or len(raw) > _LONGEST or not is_storable(raw):
        return None
    return unicodedata.normalize("NFC", raw.strip())


def _number(_field: DataField, raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        return None
    if isinstance(raw, str) and (len(raw) > _LONGEST_NUMBER or "_" in raw):
        return None
    if isinstance(raw, int) and abs(raw) >= _TOO_LARGE:
        return None  # before it is spelt out: a number of a million digits takes minutes
    try:
        value = Decimal(raw.strip().replace(",", ".") if isinstance(raw, str) else str(raw))
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _DIGITS or len(str(value)) > _DIGITS:
        return None
    return value


def _boolean(_field: DataField, raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    return {"true": True, "on": True, "1": True, "false": False, "0": False}.get(
        raw.strip().lower() if isinstance(raw, str) else ""
    )


def _date(_field: DataField, raw: Any) -> date | None:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    stated = _DAY.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if stated is None:
        return None
    day, month, year = stated.group("d", "m", "y") if stated["d"] else stated.group("D", "M", "Y")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_DAY = re.compile(
    r"(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})|(?P<Y>[0-9]{4})-(?P<M>[0-9]{2})-(?P<D>[0-9]{2})"
)


def _choice(field: DataField, raw: Any) -> str | None:
    chosen = unicodedata.normalize("NFC", raw.strip()) if isinstance(raw, str) else None
    return chosen if any(option.value == chosen for option in field.options) else None


_READERS = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
}
_EXPECTED = {
    FieldType.TEXT: ("chữ, không quá 20.000 ký tự", "text of at most 20,000 characters"),
    FieldType.NUMBER: ("một số", "a number"),
    FieldType.BOOLEAN: ("có hoặc không (true/false)", "true or false"),
    FieldType.DATE: ("ngày dạng dd/mm/yyyy hoặc yyyy-mm-dd", "a date, dd/mm/yyyy or yyyy-mm-dd"),
    FieldType.CHOICE: ("một trong: {options}", "one of: {options}"),
}


def to_stored(values: Mapping[str, Value]) -> dict[str, Any]:
    """The values as JSON can hold them: numbers and dates as text, so nothing is rounded."""
    return {code: _stored(value) for code, value in values.items()}


def _stored(value: Value) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def from_stored(fields: Iterable[DataField], stored: Mapping[str, Any]) -> dict[str, Value]:
    """The typed values of stored data; inverse of `to_stored` for entries of these fields."""
    kinds = {field.code: field.type for field in fields}
    return {code: _restored(kinds.get(code), value) for code, value in stored.items()}


def _restored(kind: FieldType | None, value: Any) -> Value:
    if isinstance(value, str) and kind is FieldType.NUMBER:
        return Decimal(value)
    if isinstance(value, str) and kind is FieldType.DATE:
        return date.fromisoformat(value)
    return value  # type: ignore[no-any-return]  # JSON text and booleans are what they are
