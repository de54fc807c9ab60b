"""How long steps wait, are handled and stand paused: percentiles per procedure, step and unit.

Working seconds of runs that somebody ended in the period. A percentile is the element ceil(n q) of
the n known values, a value that occurred; its bounds are order statistics with 95 % confidence
(`analysis.comparison.intervals`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

from analysis.comparison.intervals import quantile_ranks
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope

PERCENTS = (50, 80, 95)
MEASURES = ("waiting_ws", "handling_ws", "paused_ws")
_KEYS = ("procedure_code", "element_id", "unit")


@dataclass(frozen=True, slots=True)
class Percentile:
    """Working seconds that so many percent do not exceed; bounds None where n is too small."""

    percent: int
    value: int
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Times:
    """The spread of one kind of time: of how many runs, in all, and the percentiles."""

    n: int
    sum_ws: int
    percentiles: tuple[Percentile, ...]

    def at(self, percent: int) -> Percentile | None:
        """The percentile of that percentage, None where nothing is known."""
        return next((each for each in self.percentiles if each.percent == percent), None)


@dataclass(frozen=True, slots=True)
class StepTimes:
    """One step of one procedure in one unit: its times. month: yyyymm, None = of all months."""

    procedure_code: str
    element_id: str
    unit: str | None
    month: int | None
    name: str
    runs: int
    limit_ws: int | None
    waiting: Times
    handling: Times
    paused: Times


def step_times(facts: Facts, scope: Scope, *, by_month: bool = False) -> tuple[StepTimes, ...]:
    """The times of each step that ended in the period, the longest waiting in all first.

    limit_ws: the largest limit that its runs had.
    """
    keys = (*_KEYS, "month") if by_month else _KEYS
    where, values = scope.steps("ended_us")
    where = f"state in ('completed', 'sent_back') and {where}"
    groups = facts.rows(_groups(keys, where), **values)
    if not groups:
        return ()
    picked = _picked(facts, groups, keys, where, values)
    made = (_made(number, group, picked) for number, group in enumerate(groups))
    return tuple(sorted(made, key=_longest_waiting))


def _longest_waiting(each: StepTimes) -> tuple[Any, ...]:
    place = (each.procedure_code, each.element_id, each.unit or "", each.month or 0)
    return (-each.waiting.sum_ws, *place)


def _groups(keys: Sequence[str], where: str) -> str:
    sums = ", ".join(
        f"count({m}) as n_{m}, cast(coalesce(sum({m}), 0) as bigint) as sum_{m}" for m in MEASURES
    )
    of = ", ".join(keys)
    return (
        f"select {of}, max(name) as name, count(*) as runs, max(limit_ws) as limit_ws, {sums} "  # noqa: S608  # names of ours
        f"from step_interval where {where} group by {of} order by {of}"
    )


def _picked(
    facts: Facts,
    groups: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    where: str,
    values: Mapping[str, Any],
) -> dict[tuple[int, str, int, str], int]:
    """The elements at the ranks asked for, by group, measure, percentage and which bound."""
    wanted = _wanted(groups)
    facts.connection.register("wanted_rank", wanted)
    facts.connection.register("wanted_group", _numbered(groups, keys))
    try:
        found: dict[tuple[int, str, int, str], int] = {}
        same = " and ".join(f"s.{key} is not distinct from g.{key}" for key in keys)
        for measure in MEASURES:
            sql = f"""
                with ordered as (
                    select g.number, s.{measure} as value,
                        row_number() over (partition by g.number order by s.{measure}) as place
                    from (select * from step_interval where {where} and {measure} is not null) s
                    join wanted_group g on {same}
                )
                select o.number, w.percent, w.which, o.value
                from ordered o join wanted_rank w
                    on w.number = o.number and w.place = o.place and w.measure = '{measure}'
            """  # noqa: S608  # names of ours
            for row in facts.rows(sql, **values):
                found[row["number"], measure, row["percent"], row["which"]] = row["value"]
        return found
    finally:
        facts.connection.unregister("wanted_rank")
        facts.connection.unregister("wanted_group")


def _wanted(groups: Sequence[Mapping[str, Any]]) -> pa.Table:
    rows = [
        (number, measure, percent, which, place)
        for number, group in enumerate(groups)
        for measure in MEASURES
        for percent in PERCENTS
        for which, place in _ranks(group[f"n_{measure}"], percent)
    ]
    names = ("number", "measure", "percent", "which", "place")
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pa.table({name: list(column) for name, column in zip(names, columns, strict=True)})


@lru_cache(maxsize=20_000)
def _ranks(n: int, percent: int) -> tuple[tuple[str, int], ...]:
    """The ranks of the percentile and of its bounds, as far as there are any."""
    if n == 0:
        return ()
    bounds = quantile_ranks(n, percent / 100)
    ranks = {"value": (n * percent + 99) // 100, "low": bounds.low, "high": bounds.high}
    return tuple((which, place) for which, place in ranks.items() if place is not None)


def _numbered(groups: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> pa.Table:
    columns: dict[str, Any] = {"number": pa.array(range(len(groups)), pa.int64())}
    for key in keys:
        kind = pa.int32() if key == "month" else pa.string()
        columns[key] = pa.array([group[key] for group in groups], kind)
    return pa.table(columns)


def _made(
    number: int, group: Mapping[str, Any], picked: Mapping[tuple[int, str, int, str], int]
) -> StepTimes:
    waiting, handling, paused = (_times(number, group, measure, picked) for measure in MEASURES)
    return StepTimes(
        group["procedure_code"],
        group["element_id"],
        group["unit"],
        group.get("month"),
        group["name"],
        group["runs"],
        group["limit_ws"],
        waiting,
        handling,
        paused,
    )


def _times(
    number: int,
    group: Mapping[str, Any],
    measure: str,
    picked: Mapping[tuple[int, str, int, str], int],
) -> Times:
    n = group[f"n_{measure}"]
    percentiles = (
        Percentile(
            percent,
            picked[number, measure, percent, "value"],
            picked.get((number, measure, percent, "low")),
            picked.get((number, measure, percent, "high")),
        )
        for percent in PERCENTS
        if n
    )
    return Times(n, group[f"sum_{measure}"], tuple(percentiles))
