"""What was wrong with the address of a page, in a person's words, and the page without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request

from api.field_faults import FieldFault
from api.pages.frame import local_path
from processes.errors import Language

_NAMED = {
    "days": ("Số ngày", "Number of days"),
    "metric": ("Số đo trên sơ đồ", "Measure on the diagram"),
    "share": ("Phần trăm phải kịp", "Per cent that must keep the limit"),
    "by": ("Cách so sánh", "What to compare"),
    "a": ("Bên thứ nhất", "First side"),
    "b": ("Bên thứ hai", "Second side"),
    "people": ("Thêm hay bớt mấy người", "How many more or fewer"),
    "counted": ("Con số cần liệt kê", "Number to list"),
    "within": ("Khoảng thời gian", "Length of time"),
    "kind": ("Loại tệp", "Kind of file"),
    "table": ("Bảng", "Table"),
    "first": ("Đầu kỳ", "First of the period"),
    "last": ("Cuối kỳ", "Last of the period"),
    "procedure": ("Quy trình", "Procedure"),
    "direction": ("Văn bản đến hay đi", "Documents in or out"),
}
_LONGEST_VALUE = 40
_LONGEST_CHOICE = 120
_NO_SUCH = ("Không có lựa chọn này.", "There is no such choice.")


@dataclass(frozen=True, slots=True)
class WrongPart:
    """One part of an address: what people call it, what it said, and what is wrong with that."""

    name: str
    value: str
    said: str


def wrong_parts(
    request: Request, faults: Sequence[FieldFault], language: Language
) -> tuple[WrongPart, ...]:
    """Each fault, in the order they were found; none where it is not the address that is wrong."""
    given = {**request.path_params, **request.query_params}
    if not all(fault.field in given for fault in faults):
        return ()
    of = 0 if language == "vi" else 1
    return tuple(
        WrongPart(
            _NAMED.get(fault.field, (f"“{fault.field}”", f"'{fault.field}'"))[of],
            _short(given[fault.field]),
            _short_of_choices(fault)[of],
        )
        for fault in faults
    )


def without_wrong_parts(request: Request, faults: Sequence[FieldFault]) -> str | None:
    """The same page with its usual choices instead; None where that is not what is wrong."""
    wrong = {fault.field for fault in faults}
    if request.method not in ("GET", "HEAD") or not wrong <= request.query_params.keys():
        return None
    kept = [(name, text) for name, text in request.query_params.multi_items() if name not in wrong]
    query = urlencode(kept)
    return local_path(f"{request.url.path}?{query}" if query else request.url.path)


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"


def _short_of_choices(fault: FieldFault) -> tuple[str, str]:
    """The sentence, but no list of choices that nobody would read to its end."""
    return _NO_SUCH if len(fault.vi) > _LONGEST_CHOICE else (fault.vi, fault.en)
