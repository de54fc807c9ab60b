"""Form II.06a/VPCP/KSTT: how dossiers were received and handled, 13 columns (domain facts 5.2)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import FORM, Counted, Row, counted, total_of
from analysis.reports.invariants import Broken
from analysis.reports.members import ALL, DEFINITION, Only
from analysis.reports.names import GROUP_WORDS, Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words

CODE = "06a"
FORM_NUMBER = "II.06a/VPCP/KSTT"
TITLE = Words(
    "Tình hình, kết quả giải quyết thủ tục hành chính",
    "Reception and handling of administrative procedures",
)
COUNTS = Words("Số hồ sơ TTHC", "Dossiers of administrative procedures")
_RECEIVED = Words("Số hồ sơ tiếp nhận", "Dossiers received")
_IN_PERIOD = Words("Trong kỳ", "In the period")
_RESOLVED = Words("Số hồ sơ đã giải quyết", "Dossiers handled")
_OPEN = Words("Số hồ sơ đang giải quyết", "Dossiers being handled")
_ALL = Words("Tổng số", "In all")
NUMBERS = (
    Column("received", (_RECEIVED, _ALL), cell="received"),
    Column("online", (_RECEIVED, _IN_PERIOD, Words("Trực tuyến", "Online")), cell="online"),
    Column(
        "counter",
        (_RECEIVED, _IN_PERIOD, Words("Trực tiếp, dịch vụ bưu chính", "Counter, post")),
        cell="counter",
    ),
    Column("carried", (_RECEIVED, Words("Từ kỳ trước", "Carried over")), cell="carried"),
    Column("resolved", (_RESOLVED, _ALL), cell="resolved"),
    Column("early", (_RESOLVED, Words("Trước hạn", "Early")), cell="early"),
    Column("on_time", (_RESOLVED, Words("Đúng hạn*", "On time*")), cell="on_time"),
    Column("late", (_RESOLVED, Words("Quá hạn", "Late")), cell="late"),
    Column("open", (_OPEN, _ALL), cell="open"),
    Column("running", (_OPEN, Words("Trong hạn", "Within the limit")), cell="running"),
    Column("overdue", (_OPEN, Words("Quá hạn", "Overdue")), cell="overdue"),
)
_BESIDE = ("waits", "unlimited", "extended_while_stopped")
_STAR = Words(
    "* Đúng hạn bao gồm cả hồ sơ chờ bổ sung và trả lại, xin rút.",
    "* On time includes dossiers waiting for a supplement, given back or withdrawn.",
)


def report_06a(
    facts: Facts,
    period: Period,
    names: Names,
    group: str = "unit",
    only: Only = ALL,
) -> Report:
    """The form by group, with every sum checked. Errors: UnknownGroup."""
    found = counted(facts, period, group, only, (*FORM, *_BESIDE))
    return drawn(found, period, names, at_of(facts))


def drawn(found: Counted, period: Period, names: Names, at: datetime) -> Report:
    """Numbers that were counted, now or when the period was closed, as the form."""
    first = Words("Đơn vị / lĩnh vực", "Unit / field")
    if found.group not in ("unit", "field"):
        first = GROUP_WORDS[found.group]
    return Report(
        code=CODE,
        form=FORM_NUMBER,
        title=TITLE,
        counts=COUNTS,
        period=period,
        definition=DEFINITION,
        columns=(
            Column("no", (Words("TT", "No."),)),
            Column("name", (first,), Kind.TEXT),
            *NUMBERS,
        ),
        lines=tuple(
            _line(place, row, found, names) for place, row in enumerate(found.rows, start=1)
        ),
        answer=_answer(found),
        total=Line("", (None, Words("Tổng cộng", "Total"), *_numbers(found.total))),
        notes=(_STAR, *_notes(found, period, at)),
        wrong=wrong_of(found, names),
        group=found.group,
        numbered=True,
        at=at,
    )


def on_time_rate(facts: Facts, period: Period, only: Only = ALL) -> Rate:
    """Early and on time, of those handled in the period."""
    numbers = total_of(facts, period, only, FORM)
    return Rate(numbers["early"] + numbers["on_time"], numbers["resolved"])


def at_of(facts: Facts) -> datetime:
    """The moment up to which the facts count, in the office's zone."""
    return datetime.fromtimestamp(facts.at_us / 1_000_000, UTC).astimezone(facts.zone)


def _answer(found: Counted) -> Words:
    resolved, received = found.total["resolved"], found.total["received"]
    rate = Rate(resolved - found.total["late"], resolved)
    if rate.percent is None:
        return Words(
            f"Chưa giải quyết hồ sơ nào trong {received} hồ sơ.",
            f"None of {received} dossiers was handled.",
        )
    share = f"{rate.percent}%"
    return Words(
        f"Đã giải quyết {resolved}/{received} hồ sơ, {share.replace('.', ',')} không trễ hạn.",
        f"{resolved} of {received} dossiers were handled, {share} not late.",
    )


def _line(place: int, row: Row, found: Counted, names: Names) -> Line:
    return Line(row.key, (place, names.of(found.group, row.key), *_numbers(row.numbers)))


def _numbers(numbers: Mapping[str, int]) -> tuple[Cell, ...]:
    return tuple(numbers[column.key] for column in NUMBERS)


def wrong_of(found: Counted, names: Names) -> tuple[Words, ...]:
    """Every sum that does not hold, with the row's name."""
    return tuple(_said(each, found, names) for each in found.broken)


def _said(broken: Broken, found: Counted, names: Names) -> Words:
    row = Words("Tổng cộng", "Total") if not broken.key else names.of(found.group, broken.key)
    return Words(f"Dòng “{row.vi}”: {broken.vi}.", f"Row '{row.en}': {broken.en}.")


def _notes(found: Counted, period: Period, at: datetime) -> list[Words]:
    """What the numbers do not say by themselves."""
    notes = []
    if waits := found.total.get("waits", 0):
        notes.append(
            Words(
                f"{waits} hồ sơ chờ bổ sung cuối kỳ nằm ở cột 9 hoặc 10; "
                "kỳ sau được tính lại ở cột 6.",
                f"{waits} waiting for a supplement at the end stand in column 9 or 10; "
                "the next period counts them in column 6 again.",
            )
        )
    if unlimited := found.total.get("unlimited", 0):
        notes.append(
            Words(
                f"{unlimited} hồ sơ không có thời hạn được tính là đúng hạn hoặc trong hạn.",
                f"{unlimited} without a time limit count as on time or within the limit.",
            )
        )
    if several := found.total.get("extended_while_stopped", 0):
        notes.append(
            Words(
                f"{several} hồ sơ đã gia hạn đang dừng đồng hồ được xét theo hạn trả ban đầu.",
                f"{several} extended dossiers with a stopped clock are judged by the first due "
                "time.",
            )
        )
    if found.hidden:
        notes.append(
            Words(
                f"{found.hidden} cán bộ có ít hồ sơ được cộng chung một dòng.",
                f"{found.hidden} officers with few dossiers stand together in one row.",
            )
        )
    if at < period.end:
        notes.append(
            Words(
                f"Kỳ chưa hết: số liệu đến {at:%H:%M ngày %d/%m/%Y}.",
                f"The period is not over: counted up to {at:%d/%m/%Y %H:%M}.",
            )
        )
    return notes
