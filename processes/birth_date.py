"""Fields of a form that ask for a day of birth: nobody was born tomorrow.

The vocabulary has no kind for it; such a field is a date whose name begins "Ngày sinh" or "Ngày,
tháng, năm sinh". A name that says the day is only expected ("dự kiến") asks for the future.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from processes.data_entry import Value
from processes.data_field import DataField, FieldType
from processes.errors import InvalidInput
from processes.search_key import search_key

_NAMED = re.compile(r"(?:ngay,? (?:thang,? nam,? )?sinh|(?:date of birth|birth date))\b")
_EXPECTED = "du kien"


class BornInFuture(InvalidInput):
    """A day of birth that is yet to come."""

    code = "data.born_in_future"
    vi = "“{name}”: {value} chưa tới (hôm nay {today}). Xem lại ngày, tháng, năm."
    en = "'{name}': {value} is yet to come (today is {today}). Look at day, month and year again."


def asks_for_birth(field: DataField) -> bool:
    """Whether the field asks for a day of birth."""
    name = search_key(field.name)
    return field.type is FieldType.DATE and bool(_NAMED.match(name)) and _EXPECTED not in name


def require_born(fields: Iterable[DataField], values: Mapping[str, Value], today: date) -> None:
    """Refuse a day of birth after today (BornInFuture)."""
    for field in fields:
        value = values.get(field.code)
        if isinstance(value, date) and value > today and asks_for_birth(field):
            raise BornInFuture(
                field=field.code,
                name=field.name,
                value=f"{value:%d/%m/%Y}",
                today=f"{today:%d/%m/%Y}",
            )
