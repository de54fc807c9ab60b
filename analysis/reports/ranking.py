"""Units by their share of dossiers that were not late, with intervals instead of a mere order.

No ranking where intervals overlap (`analysis.comparison.ranking`): units whose intervals (Wilson,
95 %) meet, also through others between them, share a place. Beside it stands between which places
a unit is: after those that are surely better, before those that are surely worse. A unit with fewer
dossiers than `fewest` has no place.
"""

from collections.abc import Iterable
from math import ceil

from analysis.comparison.ranking import Ranked, ranked
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
_BETWEEN = Words("Có thể từ hạng đến hạng", "Between places")


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
    placed = places(found.rows, fewest)
    with_place = sum(each.place is not None for each in placed)
    return Report(
        code=CODE,
        form="",
        title=Words("Xếp hạng theo tỷ lệ không trễ hạn", "Ranking by the share not late"),
        counts=Words("Số hồ sơ đã giải quyết", "Dossiers handled"),
        period=period,
        definition=f"{DEFINITION}, ranking/2",
        columns=(
            Column("place", (Words("Hạng", "Place"),)),
            Column("name", (GROUP_WORDS[group],), Kind.TEXT),
            Column("resolved", (Words("Đã giải quyết", "Handled"),), cell="resolved"),
            Column("late", (Words("Quá hạn", "Late"),), cell="late"),
            Column("rate", (Words("Không trễ", "Not late"),), Kind.RATE),
            Column("low", (_INTERVAL, Words("từ", "from")), Kind.TEXT),
            Column("high", (_INTERVAL, Words("đến", "to")), Kind.TEXT),
            Column("best", (_BETWEEN, Words("từ", "from"))),
            Column("worst", (_BETWEEN, Words("đến", "to"))),
        ),
        lines=tuple(_line(each, group, names) for each in placed),
        answer=Words(
            f"{with_place}/{len(placed)} được xếp hạng.",
            f"{with_place} of {len(placed)} have a place.",
        ),
        notes=(
            Words(
                "Đơn vị có khoảng tin cậy chồng lên nhau, kể cả qua đơn vị ở giữa, đứng cùng hạng: "
                "số liệu chưa đủ để nói đơn vị nào tốt hơn.",
                "Units whose intervals overlap, also through others between them, share a place: "
                "the figures do not tell them apart.",
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


def places(rows: Iterable[Row], fewest: int) -> tuple[Ranked, ...]:
    """Who has which place, the best first; who has too few dossiers for one stands last."""
    shares = (
        (row.key, Rate(row.numbers["resolved"] - row.numbers["late"], row.numbers["resolved"]))
        for row in rows
        if row.key not in ("", FEW)
    )
    return ranked(shares, least=fewest)


def _line(each: Ranked, group: str, names: Names) -> Line:
    rate, between = each.rate, each.interval
    ends: tuple[Cell, ...] = (None, None)
    if rate.whole:  # outwards, so that the share itself is never left out
        ends = (_percent(int(between.low * 1000)), _percent(ceil(between.high * 1000)))
    late = rate.whole - rate.part
    name = names.of(group, each.key)
    cells = (each.place, name, rate.whole, late, rate, *ends, each.best, each.worst)
    return Line(each.key, cells)


def _percent(tenths: int) -> Words:
    return Words(f"{tenths // 10},{tenths % 10}%", f"{tenths // 10}.{tenths % 10}%")
