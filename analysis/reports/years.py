"""The same days of several years beside each other: on time, late and without a limit.

Shares are of the dossiers handled, and the three add up to all of them: a share of what has no
limit is told, never left out (two published shares that add up to 95 % cannot be checked).
"""

from datetime import date

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import total_of
from analysis.reports.form_06a import at_of
from analysis.reports.members import ALL, DEFINITION, Only
from analysis.reports.table import Column, Kind, Line, Report, Words

CODE = "years"
_RESOLVED = Words("Đã giải quyết", "Handled")
_CELLS = ("came", "ended", "ended_on_time", "ended_late", "ended_unlimited")


def report_years(facts: Facts, period: Period, only: Only = ALL, *, years: int = 4) -> Report:
    """The period and the same days of the years before, the newest first."""
    lines = []
    for back in range(years):
        same_days = years_before(period, back)
        row = total_of(facts, same_days, only, _CELLS)
        if back and not row["came"] and not row["ended"]:
            continue
        ended, late, unlimited = row["ended"], row["ended_late"], row["ended_unlimited"]
        on_time = row["ended_on_time"]
        lines.append(
            Line(
                str(same_days.first.year),
                (
                    f"{same_days.first:%d/%m/%Y} – {same_days.last:%d/%m/%Y}",
                    *(row["came"], ended, on_time, Rate(on_time, ended)),
                    *(late, Rate(late, ended), unlimited, Rate(unlimited, ended)),
                ),
                period=same_days,
            )
        )
    return Report(
        code=CODE,
        form="",
        title=Words("So sánh cùng kỳ các năm", "The same period of several years"),
        counts=Words("Số hồ sơ TTHC", "Dossiers"),
        period=period,
        definition=f"{DEFINITION}, years/1",
        columns=(
            Column("period", (Words("Kỳ", "Period"),), Kind.TEXT),
            Column(
                "received", (Words("Tiếp nhận trong kỳ", "Received in the period"),), cell="came"
            ),
            Column("ended", (_RESOLVED, Words("Tổng số", "In all")), cell="ended"),
            Column(
                "on_time",
                (_RESOLVED, Words("Trước và đúng hạn", "Early and on time")),
                cell="ended_on_time",
            ),
            Column("on_time_rate", (_RESOLVED, Words("Tỷ lệ đúng hạn", "On time")), Kind.RATE),
            Column("late", (_RESOLVED, Words("Quá hạn", "Late")), cell="ended_late"),
            Column("late_rate", (_RESOLVED, Words("Tỷ lệ quá hạn", "Late, share")), Kind.RATE),
            Column(
                "unlimited",
                (_RESOLVED, Words("Không có thời hạn", "Without a limit")),
                cell="ended_unlimited",
            ),
            Column("unlimited_rate", (_RESOLVED, Words("Tỷ lệ", "Share")), Kind.RATE),
        ),
        lines=tuple(lines),
        answer=_answer(lines),
        notes=(
            Words(
                "Ba tỷ lệ tính trên số đã giải quyết xong (không kể hồ sơ chờ bổ sung) và cộng lại "
                "đủ tất cả; phần trăm cắt bớt, không làm tròn lên. Bỏ năm không có hồ sơ.",
                "The three shares are of the dossiers that ended (none waiting for a supplement) "
                "and make up all of them; percentages are truncated. Years without any are left "
                "out.",
            ),
        ),
        at=at_of(facts),
    )


def _answer(lines: list[Line]) -> Words:
    """How this period and the year before it compare."""
    now, *before = (line.cells[4] for line in lines)
    if not isinstance(now, Rate) or now.percent is None:
        return Words(
            "Kỳ này chưa có hồ sơ giải quyết xong.", "No dossier was ended in this period yet."
        )
    share = f"{now.percent}% ({now.part}/{now.whole})"
    vi, en = f"Kỳ này đúng hạn {share.replace('.', ',')}", f"On time in this period: {share}"
    then = next((r for r in before if isinstance(r, Rate) and r.percent is not None), None)
    if then is None:
        return Words(f"{vi}; các năm trước chưa có số liệu.", f"{en}; nothing is known before it.")
    known = f"{then.percent}% ({then.part}/{then.whole})"
    year = lines[1 + before.index(then)].key
    return Words(
        f"{vi}; cùng kỳ năm {year}: {known.replace('.', ',')}.",
        f"{en}; same days of {year}: {known}.",
    )


def on_time_of_year(facts: Facts, period: Period, back: int, only: Only = ALL) -> Rate:
    """Early or on time of what ended on the same days so many years before."""
    row = total_of(facts, years_before(period, back), only, _CELLS)
    return Rate(row["ended_on_time"], row["ended"])


def years_before(period: Period, years: int) -> Period:
    """The same days so many years before."""
    return Period(_before(period.first, years), _before(period.last, years))


def _before(day: date, years: int) -> date:
    """The same day, the 28th where there is no 29 February; a month's last day stays one."""
    if (day.month, day.day) == (2, 28) and years and _is_leap(day.year - years):
        return day.replace(year=day.year - years, day=29)
    if (day.month, day.day) == (2, 29):
        return day.replace(year=day.year - years, day=29 if _is_leap(day.year - years) else 28)
    return day.replace(year=day.year - years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
