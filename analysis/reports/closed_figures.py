"""What is kept when a period is closed: the numbers by group, and each dossier's cells.

The dossiers alone give the numbers back (`recounted`), and told against what the facts say today
they name every later correction (`differences`): which dossier, from which cell to which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import orjson
import pyarrow as pa
import zstandard

from analysis.facts.facts import Facts
from analysis.period import Period
from analysis.reports.counted import Counted, Row, checked, counted
from analysis.reports.invariants import NUMBERED
from analysis.reports.members import ALL, GROUPS, Only, numbers_of, span, with_members
from analysis.reports.names import UNNAMED, Names

KEPT_GROUPS = ("unit", "handling_unit", "field", "procedure")
"""Groups whose figures are kept; those of officers are not."""

_CELLS = (*NUMBERED, "waits", "unlimited", "extended_while_stopped")
_PLACED = ("arrival", "standing")
_MEMBER = (
    *("dossier_id", "code", *_PLACED),
    *(GROUPS[group] for group in KEPT_GROUPS),
)
_LARGEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Kept:
    """Figures to be closed, and the dossiers they count."""

    figures: Mapping[str, Any]
    members: bytes


@dataclass(frozen=True, slots=True)
class Moved:
    """A dossier that stands elsewhere today than it did when the period was closed.

    before, now: cells of arrival and standing; "" where it was not, or is no longer, counted.
    """

    dossier_id: str
    code: str
    before: tuple[str, str]
    now: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Differences:
    """What is not as it was: numbers of the total (cell -> before, now) and the dossiers."""

    total: Mapping[str, tuple[int, int]]
    moved: tuple[Moved, ...]

    def __bool__(self) -> bool:
        return bool(self.total or self.moved)


def figures_to_close(
    facts: Facts, period: Period, only: Only = ALL, names: Names = UNNAMED
) -> Kept:
    """The figures of a period by every group that is kept, and what its rows were called."""
    by = {group: counted(facts, period, group, only, _CELLS) for group in KEPT_GROUPS}
    figures = {
        "cells": list(_CELLS),
        "total": _values(by["unit"].total),
        "by": {g: [[row.key, *_values(row.numbers)] for row in c.rows] for g, c in by.items()},
        "names": {group: _named(by[group], known) for group, known in names.of_kept().items()},
    }
    table = _members(facts, period, only)
    packed = orjson.dumps({name: table.column(name).to_pylist() for name in _MEMBER})
    return Kept(figures, zstandard.ZstdCompressor(level=10).compress(packed))


def as_closed(figures: Mapping[str, Any], group: str) -> Counted:
    """The numbers of a closed period by a group that was kept, checked again."""
    cells = figures["cells"]
    total = dict(zip(cells, figures["total"], strict=True))
    rows = tuple(
        Row(key, dict(zip(cells, numbers, strict=True))) for key, *numbers in figures["by"][group]
    )
    return Counted(group, rows, total, checked(rows, total))


def names_when_closed(figures: Mapping[str, Any], today: Names) -> Names:
    """What its rows were called then: a procedure may be published under another name since.

    Of what was closed before names were kept, those of today.
    """
    kept = figures.get("names")
    if kept is None:
        return today
    return Names(units=kept["handling_unit"] | kept["unit"], procedures=kept["procedure"])


def _named(found: Counted, names: Mapping[str, str]) -> dict[str, str]:
    return {row.key: names[row.key] for row in found.rows if row.key in names}


def recounted(members: bytes, group: str) -> dict[str, dict[str, int]]:
    """The form's numbers by group, counted anew from the dossiers that were kept."""
    table = _unpacked(members)
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        connection.register("member", table)
        found = connection.execute(
            f"select {GROUPS[group]} as key, {numbers_of(tuple(NUMBERED))} from member group by 1"  # noqa: S608  # names of ours
        )
        return {
            key: dict(zip(NUMBERED, map(int, numbers), strict=True))
            for key, *numbers in found.fetchall()
        }


def gives_back(figures: Mapping[str, Any], members: bytes, group: str) -> bool:
    """Whether the dossiers that were kept make up the numbers that were closed."""
    rows = as_closed(figures, group).rows
    kept = {row.key: {cell: row.numbers[cell] for cell in NUMBERED} for row in rows}
    return recounted(members, group) == kept


def differences(
    figures: Mapping[str, Any], members: bytes, facts: Facts, period: Period, only: Only = ALL
) -> Differences:
    """What the facts say of the period today, told against what was closed."""
    then = dict(zip(figures["cells"], figures["total"], strict=True))
    now = counted(facts, period, "unit", only).total
    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as connection:
        connection.register("then_member", _unpacked(members))
        connection.register("now_member", _members(facts, period, only))
        rows = connection.execute(_MOVED).fetchall()
    return Differences(
        total={cell: (then[cell], now[cell]) for cell in NUMBERED if then[cell] != now[cell]},
        moved=tuple(Moved(row[0], row[1], (row[2], row[3]), (row[4], row[5])) for row in rows),
    )


_MOVED = """
select coalesce(n.dossier_id, t.dossier_id), coalesce(n.code, t.code),
  coalesce(t.arrival, ''), coalesce(t.standing, ''),
  coalesce(n.arrival, ''), coalesce(n.standing, '')
from then_member t full outer join now_member n on n.dossier_id = t.dossier_id
where t.dossier_id is null or n.dossier_id is null
  or t.arrival <> n.arrival or t.standing <> n.standing
order by 2, 1
"""


def _members(facts: Facts, period: Period, only: Only) -> pa.Table:
    columns = ", ".join(f"cast({name} as varchar) as {name}" for name in _MEMBER)
    return facts.arrow(
        with_members(
            f"select {columns} from handled where {only.condition} order by dossier_id"  # noqa: S608  # names of ours
        ),
        **span(facts, period).values,
        **only.values,
    )


def _unpacked(members: bytes) -> pa.Table:
    packed = zstandard.ZstdDecompressor().decompress(members, max_output_size=_LARGEST)
    columns = orjson.loads(packed)
    return pa.table({name: pa.array(columns[name], pa.string()) for name in _MEMBER})


def _values(numbers: Mapping[str, int]) -> list[int]:
    return [numbers[cell] for cell in _CELLS]
