"""The seed of Viet Nam's working calendar: public holidays, make-up days, usual office hours.

Days and names come from the `holidays` package; what it lacks is added here: the swap of
02/01/2026, legal bases, and which days nobody has decided yet. An office copies the seed and edits
it: the yearly notice of the authorities, not this file, is the law.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import holidays

from engine.calendar import Calendar
from engine.working_calendar.office_hours import (
    DayException,
    ExceptionKind,
    Session,
    WeekPattern,
    read_sessions,
    spoken_date,
)
from processes.errors import InvalidInput

ZONE = "Asia/Ho_Chi_Minh"
OFFICE_HOURS = read_sessions("07:30-11:30", "13:00-17:00")
FIRST_YEAR, LAST_YEAR = 2018, 2100  # from the one-stop decree NĐ 61/2018 to the lunar tables' end
DECIDED_TO = 2026  # the last year whose Tết and National Day arrangement had been announced


class YearNotSeeded(InvalidInput):
    """A year for which the seed knows no holidays."""

    code = "calendar.year_not_seeded"
    vi = "Lịch mẫu Việt Nam chỉ có từ {first} đến {last}. Chọn các năm trong khoảng đó."
    en = "The seed of Viet Nam's calendar covers {first} to {last}. Choose years within."


@dataclass(frozen=True, slots=True)
class _Swap:
    """A working day exchanged (hoán đổi) for a Saturday worked in its place."""

    off: date
    worked: date
    basis: str = "Văn bản hoán đổi ngày làm việc của cơ quan có thẩm quyền"
    note: str = "Chưa ghi số văn bản: bổ sung khi sao chép lịch."


_CITED_SWAPS = (
    _Swap(date(2018, 12, 31), date(2019, 1, 5), "Công văn 6519/VPCP-KGVX (2018)", ""),
    _Swap(date(2019, 4, 29), date(2019, 5, 4), "Công văn 6519/VPCP-KGVX (2018)", ""),
    _Swap(date(2024, 4, 29), date(2024, 5, 4), "Công văn 2450/VPCP-KGVX (2024)", ""),
    _Swap(
        date(2025, 5, 2),
        date(2025, 4, 26),
        "Công văn 8726/VPCP-KGVX ngày 26/11/2024; Thông báo 6150/TB-BLĐTBXH (2024)",
        "",
    ),
    _Swap(
        date(2026, 1, 2),
        date(2026, 1, 10),
        "Văn bản 12729/VPCP-KGVX ngày 25/12/2025",
        "Gói holidays 0.109 không có; theo tin báo chí 25-26/12/2025, chưa đọc bản gốc: "
        "đối chiếu trước khi dùng.",
    ),
)
_NOTICES = {
    2024: "Thông báo 5015/TB-LĐTBXH ngày 22/11/2023",
    2025: "Công văn 8726/VPCP-KGVX ngày 26/11/2024; Thông báo 6150/TB-BLĐTBXH (2024)",
}
_CODE_2019 = 2021  # Bộ luật Lao động 2019 in force from 01/01/2021; before it, that of 2012
_SWAPPED = re.compile(r"thay cho ngày (\d{2}/\d{2}/\d{4})")
_ARRANGED = ("Tết Nguyên", "29 Tết", "Mùng", "Giao thừa", "Quốc khánh")
_CULTURE_DAY = "Ngày Văn hóa Việt Nam"
_CULTURE_NOTE = (
    "Căn cứ luật chưa đọc được: Nghị quyết 30/NQ-CP (2026) giao sửa điều 112 Bộ luật Lao động. "
    "Xác nhận trước ngày này."
)


def vietnam(
    first_year: int, last_year: int, sessions: Iterable[Session] = OFFICE_HOURS
) -> Calendar:
    """The country's calendar over whole years, Monday to Friday, YearNotSeeded outside the seed.

    Tết and National Day after DECIDED_TO, and the Culture Day, are `undecided`.
    """
    if not FIRST_YEAR <= first_year <= last_year <= LAST_YEAR:
        raise YearNotSeeded(first=FIRST_YEAR, last=LAST_YEAR)
    first_day, last_day = date(first_year, 1, 1), date(last_year, 12, 31)
    stated = {exception.day: exception for exception in _stated(first_year, last_year)}
    within = tuple(e for day, e in stated.items() if first_day <= day <= last_day)
    pattern = WeekPattern.monday_to_friday(first_day, sessions)
    return Calendar(ZONE, first_day, last_day, (pattern,), within)


def _stated(first_year: int, last_year: int) -> Iterator[DayException]:
    """Exceptions of the years and their neighbours: a day may be worked in another year."""
    swaps = {swap.off: swap for swap in _CITED_SWAPS}
    known = holidays.country_holidays(
        "VN", years=range(first_year - 1, last_year + 2), language="vi"
    )
    for day, name in sorted(known.items()):
        swapped = _SWAPPED.search(name)
        if swapped is None:
            yield _holiday(day, name)
        else:
            swaps.setdefault(day, _Swap(day, _read(swapped[1])))
    for swap in swaps.values():
        yield from _both_sides(swap)


def _read(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=ZoneInfo(ZONE)).date()


def _holiday(day: date, name: str) -> DayException:
    arranged = any(word in name for word in _ARRANGED) and (day.month, day.day) != (9, 2)
    culture = _CULTURE_DAY in name
    expected = (arranged and day.year > DECIDED_TO) or culture
    return DayException(
        day,
        ExceptionKind.OFF,
        f"{name} (dự kiến)" if expected else name,
        _basis(day, name, arranged),
        undecided=expected,
        note=_CULTURE_NOTE if culture else "",
    )


def _basis(day: date, name: str, arranged: bool) -> str:
    """The article that gives the day, and the notice that fixed it where one is known."""
    if _CULTURE_DAY in name:
        return "Nghị quyết 80-NQ/TW ngày 07/01/2026"
    code_2019 = day.year >= _CODE_2019
    code = "Bộ luật Lao động 2019" if code_2019 else "Bộ luật Lao động 2012"
    if "nghỉ bù" in name:
        return f"{code}, {'điều 111 khoản 3' if code_2019 else 'điều 115 khoản 3'}"
    article = "điều 112" if code_2019 else "điều 115"
    if not arranged:
        return f"{code}, {article} khoản 1"
    notice = _NOTICES.get(day.year)
    clauses = "khoản 1 và khoản 3" if code_2019 else "khoản 1 và khoản 2"
    return f"{code}, {article} {clauses}" + (f"; {notice}" if notice else "")


def _both_sides(swap: _Swap) -> Iterator[DayException]:
    yield DayException(
        swap.off,
        ExceptionKind.OFF,
        f"Nghỉ hoán đổi, làm bù ngày {spoken_date(swap.worked)}",
        swap.basis,
        note=swap.note,
    )
    yield DayException(
        swap.worked,
        ExceptionKind.WORK,
        f"Làm bù cho ngày {spoken_date(swap.off)}",
        swap.basis,
        in_place_of=swap.off,
        note=swap.note,
    )
