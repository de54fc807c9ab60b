"""What stands behind a number: whoever reads a figure may see which dossiers, or which runs of
steps, it counts.

A `Selection` says in SQL what was counted; the answer is a list that is paged by where it ended,
the latest (by working time) or the longest first, and says how many there are in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from analysis.facts.facts import Facts


@dataclass(frozen=True, slots=True)
class Selection:
    """Some dossiers, as a statement over the facts says; its columns are those of `Behind`.

    runs: its rows are runs of steps, or what else a dossier may have several of, and have the
    columns of a run too. longest: those that took longest stand first, not those that were latest.
    """

    sql: str
    values: Mapping[str, Any]
    runs: bool = False
    longest: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """One dossier that was counted, or one run of a step of it.

    late_ws: of the run where it is one. arrival, standing: the cells of a report in which the
    dossier stands, "" behind other numbers. item: the run, else the dossier. Of a run: step is its
    name, attempt its number, enabled_us and ended_us when it came and was done, spent_ws what the
    number counts of its working seconds (None of dossiers).
    """

    dossier_id: UUID
    code: str
    procedure_code: str
    unit: str
    received_us: int
    due_us: int | None
    finished_us: int | None
    late_ws: int
    arrival: str
    standing: str
    item: UUID
    step: str
    attempt: int
    enabled_us: int | None
    ended_us: int | None
    spent_ws: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of what was counted. total: all of it. after: where the next page begins.

    dossiers: how many different ones. late_ws, spent_ws: summed over all of it, working seconds.
    """

    total: int
    rows: tuple[Behind, ...]
    after: str
    dossiers: int
    late_ws: int
    spent_ws: int


_LONGEST = 1 << 62  # more than any time: nobody's page
_OF_RUN = "step_run_id as item, step, attempt, enabled_us, ended_us, spent_ws"
_OF_DOSSIER = (
    "dossier_id as item, '' as step, 0 as attempt, cast(null as bigint) as enabled_us, "
    "cast(null as bigint) as ended_us, cast(null as bigint) as spent_ws"
)
_OF_BOTH = (
    "dossier_id, code, procedure_code, unit, received_us, due_us, finished_us, late_ws, "
    "arrival, standing"
)


def dossiers_behind(facts: Facts, selection: Selection, *, after: str = "", most: int = 50) -> Page:
    """What a number counts, each once, the latest first (or the longest)."""
    chosen, values = _items(selection), selection.values
    first = "spent_ws" if selection.longest else "late_ws"
    sums = facts.rows(
        "select count(*) as total, count(distinct dossier_id) as dossiers, "  # noqa: S608  # ours
        "cast(coalesce(sum(late_ws), 0) as bigint) as late_ws, "
        f"cast(coalesce(sum(spent_ws), 0) as bigint) as spent_ws from ({chosen})",
        **values,
    )[0]
    beyond, place = _beyond(after, first)
    sql = f"""
        select * from ({chosen}) where {beyond}
        order by coalesce({first}, 0) desc, item limit {most + 1}
    """  # noqa: S608  # texts of ours; what was asked for are values
    found = [_behind(row) for row in facts.rows(sql, **values, **place)]
    shown, more = found[:most], len(found) > most
    last = f"{getattr(shown[-1], first) or 0}_{shown[-1].item}" if more else ""
    return Page(sums["total"], tuple(shown), last, **_without(sums, "total"))


def every_one(facts: Facts, selection: Selection, most: int) -> tuple[Behind, ...]:
    """All that a number counts, up to so many, in the order of the list; for files."""
    first = "spent_ws" if selection.longest else "late_ws"
    sql = f"""
        select * from ({_items(selection)}) order by coalesce({first}, 0) desc, item limit {most}
    """  # noqa: S608  # texts of ours; what was asked for are values
    return tuple(_behind(row) for row in facts.rows(sql, **selection.values))


def behind_by_code(
    facts: Facts, selection: Selection, *, after: str = "", most: int = 50
) -> tuple[Behind, ...]:
    """The same in the order of their codes, for programs. after: only codes beyond it."""
    sql = f"""
        select * from ({_items(selection)}) where code > $after_code order by code limit {most}
    """  # noqa: S608  # texts of ours; what was asked for are values
    return tuple(_behind(row) for row in facts.rows(sql, **selection.values, after_code=after))


def _items(selection: Selection) -> str:
    own = _OF_RUN if selection.runs else _OF_DOSSIER
    return f"select {_OF_BOTH}, {own} from ({selection.sql})"  # noqa: S608  # texts of ours


def _beyond(after: str, first: str) -> tuple[str, dict[str, Any]]:
    """Where the page begins; a place that cannot be read is the beginning."""
    begun, _, item = after.partition("_")
    try:
        place: dict[str, Any] = {"begun": int(begun), "last": str(UUID(item))}
    except ValueError:
        return "true", {}
    if abs(place["begun"]) > _LONGEST:
        return "true", {}
    value = f"coalesce({first}, 0)"
    return f"({value} < $begun or ({value} = $begun and item > cast($last as uuid)))", place


def _without(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != name}


def _behind(row: Mapping[str, Any]) -> Behind:
    return Behind(**{name: row[name] for name in Behind.__slots__})
