"""Dossiers of a period counted by group: the numbers of form II.06a and what goes beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports.invariants import NUMBERED, Broken, broken_sums, broken_total
from analysis.reports.members import (
    ALL,
    CELLS,
    GROUPS,
    Only,
    members_for,
    numbers_of,
    span,
    with_members,
)
from processes.errors import InvalidInput

FORM = tuple(NUMBERED)
FEWEST = 20
"""An officer's figures are shown by themselves from so many dossiers on."""

FEW = "(few)"
"""The key of the row of officers with fewer dossiers than are shown by themselves."""


class UnknownGroup(InvalidInput):
    """Reports are not made by this."""

    code = "report.unknown_group"
    vi = "Không lập báo cáo theo “{group}”. Chọn một trong: {known}."
    en = "Reports are not made by '{group}'. Choose one of: {known}."


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the key of its group and how many dossiers stand in each cell."""

    key: str
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows by group, their total counted by itself, and which sums do not hold.

    hidden: how many officers stand together in the row `FEW`.
    """

    group: str
    rows: tuple[Row, ...]
    total: Mapping[str, int]
    broken: tuple[Broken, ...]
    hidden: int = 0


def counted(
    facts: Facts,
    period: Period,
    group: str = "unit",
    only: Only = ALL,
    cells: tuple[str, ...] = FORM,
    *,
    fewest: int = FEWEST,
) -> Counted:
    """Count the cells by group, rows in the order of their keys, those without a key last.

    fewest: officers with fewer dossiers stand together in one row. Errors: UnknownGroup.
    """
    if group not in GROUPS:
        raise UnknownGroup(group=group, known=", ".join(GROUPS))
    wanted = tuple(dict.fromkeys((*FORM, *cells)))
    grouped = _rows(facts, period, group, only, wanted)
    total = _total(facts, period, only, wanted)
    rows, hidden = (_few_together(grouped, fewest)) if group == "officer" else (grouped, 0)
    return Counted(group, rows, total, checked(rows, total), hidden)


def checked(rows: tuple[Row, ...], total: Mapping[str, int]) -> tuple[Broken, ...]:
    """Every sum of every row, and the total against the rows."""
    own = (broken for row in rows for broken in broken_sums(row.key, row.numbers))
    of_total = broken_sums("", total)
    return (*own, *of_total, *broken_total((row.numbers for row in rows), total))


def total_of(
    facts: Facts, period: Period, only: Only = ALL, cells: tuple[str, ...] = tuple(CELLS)
) -> Mapping[str, int]:
    """All dossiers together, every cell that is asked for."""
    return _total(facts, period, only, cells)


def _rows(
    facts: Facts, period: Period, group: str, only: Only, cells: tuple[str, ...]
) -> tuple[Row, ...]:
    source = members_for(group, *only.names)
    found = facts.rows(
        with_members(
            f"select {GROUPS[group]} as key, {numbers_of(cells)} from {source} "  # noqa: S608  # names of ours
            f"where {only.condition} group by 1 order by key = '', key"
        ),
        **span(facts, period).values,
        **only.values,
    )
    return tuple(Row(row["key"], {cell: int(row[cell]) for cell in cells}) for row in found)


def _total(facts: Facts, period: Period, only: Only, cells: tuple[str, ...]) -> Mapping[str, int]:
    source = members_for(*only.names)
    (row,) = facts.rows(
        with_members(f"select {numbers_of(cells)} from {source} where {only.condition}"),  # noqa: S608  # names of ours
        **span(facts, period).values,
        **only.values,
    )
    return {cell: int(row[cell]) for cell in cells}


def _few_together(rows: tuple[Row, ...], fewest: int) -> tuple[tuple[Row, ...], int]:
    """Rows of too few dossiers to say something of one person, as one row; how many they were.

    One alone would be told by what the others leave of the total: then the next joins.
    """
    people = sorted((row for row in rows if row.key), key=lambda row: row.numbers["received"])
    few = [row for row in people if row.numbers["received"] < fewest]
    if not few:
        return rows, 0
    if len(few) == 1:
        few = people[:2]
    together = {cell: sum(row.numbers[cell] for row in few) for cell in few[0].numbers}
    kept = tuple(row for row in rows if row not in few)
    return (*kept, Row(FEW, together)), len(few)
