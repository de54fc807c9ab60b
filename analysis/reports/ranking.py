"""Units by their share of dossiers that were not late, with intervals instead of a mere order.

A unit's place is 1 + the number of units whose interval lies wholly above its own (Wilson, 95 %):
where intervals overlap the figures do not tell the units apart, and they share a place. A unit
with fewer dossiers than `fewest` has no place.
"""

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.rate import Rate
from analysis.reports.counted import FEW, FEWEST, Row, counted
from analysis.reports.form_06a import at_of, wrong_of
from analysis.reports.members import ALL, DEFINITION, Only
from analysis.reports.names import GROUP_WORDS, Names
from analysis.reports.table import Cell, Column, Kind, Line, Report, Words

CODE = "ranking"
_INTERVAL = Words("Khoảng tin cậy 95%", "95% interval")


def report_ranking(
    facts: Facts,
    period: Period,
    names: Names,
    group: str = "unit",
    only: Only = ALL,
    *,
    fewest: int = FEWEST,
) -> Report:
    """Units, fields or procedures in order. Errors: UnknownGroup."""
    found = counted(facts, period, group, only)
    rows = [row for row in found.rows if row.key not in ("", FEW)]
    placed = places(rows, fewest)
    ordered = sorted(rows, key=lambda row: (placed[row.key] or len(rows) + 1, *_order(row)))
    return Report(
        code=CODE,
        form="",
        title=Words("Xếp hạng theo tỷ lệ không trễ hạn", "Ranking by the share not late"),
        counts=Words("Số hồ sơ đã giải quyết", "Dossiers handled"),
        period=period,
        definition=f"{DEFINITION}, ranking/1",
        columns=(
            Column("place", (Words("Hạng", "Place"),)),
            Column("name", (GROUP_WORDS[group],), Kind.TEXT),
            Column("resolved", (Words("Đã giải quyết", "Handled"),), cell="resolved"),
            Column("late", (Words("Quá hạn", "Late"),), cell="late"),
            Column("rate", (Words("Không trễ", "Not late"),), Kind.RATE),
            Column("low", (_INTERVAL, Words("từ", "from")), Kind.TEXT),
            Column("high", (_INTERVAL, Words("đến", "to")), Kind.TEXT),
        ),
        lines=tuple(_line(row, placed[row.key], group, names) for row in ordered),
        answer=Words(
            f"{sum(place is not None for place in placed.values())}/{len(rows)} được xếp hạng.",
            f"{sum(place is not None for place in placed.values())} of {len(rows)} have a place.",
        ),
        notes=(
            Words(
                "Đơn vị có khoảng tin cậy chồng lên nhau đứng cùng hạng: số liệu chưa đủ để nói "
                "đơn vị nào tốt hơn.",
                "Units whose intervals overlap share a place: the figures do not tell them apart.",
            ),
            Words(
                f"Dưới {fewest} hồ sơ đã giải quyết thì không xếp hạng.",
                f"With fewer than {fewest} dossiers handled there is no place.",
            ),
        ),
        wrong=wrong_of(found, names),
        group=group,
        at=at_of(facts),
    )


def places(rows: list[Row], fewest: int) -> dict[str, int | None]:
    """The place of each row by its key; None where it has too few dossiers for one."""
    known = {row.key: _interval(row) for row in rows if row.numbers["resolved"] >= fewest}
    better = {
        key: 1 + sum(other.low > own.high for other in known.values()) for key, own in known.items()
    }
    return {row.key: better.get(row.key) for row in rows}


def _interval(row: Row) -> Interval:
    return wilson(row.numbers["resolved"] - row.numbers["late"], row.numbers["resolved"])


def _order(row: Row) -> tuple[float, int, str]:
    """The lower end of the interval, the highest first: many good dossiers before few."""
    return -_interval(row).low, -row.numbers["resolved"], row.key


def _line(row: Row, place: int | None, group: str, names: Names) -> Line:
    resolved, late = row.numbers["resolved"], row.numbers["late"]
    between = _interval(row)
    ends: tuple[Cell, ...] = (_percent(between.low), _percent(between.high))
    if resolved == 0:
        ends = (None, None)
    rate = Rate(resolved - late, resolved)
    return Line(row.key, (place, names.of(group, row.key), resolved, late, rate, *ends))


def _percent(share: float) -> Words:
    """Truncated to a tenth of a percent, as rates are."""
    tenths = int(share * 1000)
    return Words(f"{tenths // 10},{tenths % 10}%", f"{tenths // 10}.{tenths % 10}%")
