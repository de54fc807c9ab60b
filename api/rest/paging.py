"""Lists by pages: each page says where the next begins, so that no page counts what it skips."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from processes.errors import InvalidInput

Row = TypeVar("Row")
_MOST = 200


class InvalidPlace(InvalidInput):
    """`after` is not what an earlier page gave as `next`."""

    code = "page.invalid_place"
    vi = "Vị trí trang “{after}” không hợp lệ. Dùng giá trị “next” của trang trước."
    en = "'{after}' is no place in the list. Use the value `next` of the page before."


class Page(BaseModel, Generic[Row]):
    """A part of a list; `next` goes into `after` of the following request, null at the end."""

    model_config = ConfigDict(extra="forbid")

    items: Sequence[Row]
    next: str | None


Search = Annotated[
    str,
    Query(max_length=200, description="Words that all must occur; accents and case do not matter."),
]
After = Annotated[str, Query(max_length=300, description="`next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="At most so many items.")]


def page_of(rows: Sequence[Row], limit: int, place: Callable[[Row], str]) -> Page[Row]:
    """The page out of `limit` + 1 rows: the one too many shows that there is a next page."""
    shown = rows[:limit]
    return Page(items=shown, next=place(shown[-1]) if len(rows) > limit else None)


def write_place(number: int, row_id: UUID) -> str:
    """A place in a list sorted by a number, then an id."""
    return f"{number}_{row_id.hex}"


def read_place(after: str) -> tuple[int, UUID] | None:
    """What `write_place` wrote; None at the beginning (InvalidPlace)."""
    if not after:
        return None
    number, _, row_id = after.partition("_")
    try:
        place = int(number), UUID(row_id)
    except ValueError:
        raise InvalidPlace(after=after[:60]) from None
    if write_place(*place) != after or abs(place[0]) >= 2**63:
        raise InvalidPlace(after=after[:60])
    return place
