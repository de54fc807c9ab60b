"""Answers of a page out of the roll-ups: each in a few hundredths of a second for a whole city.

Counts and sums are exact. Quantiles are exact for one month, and for several within 2.5 % of the
exact element ceil(n q) (`step_bins`). Everything is as of the last rolling up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.facts.facts import Facts, connected
from analysis.facts.source_sql import literal
from analysis.lake.bins import Bins
from analysis.lake.changed import of_fact
from analysis.lake.publishing import NoLake, published
from analysis.lake.roll_up_sql import ROLL_UP_ORDER
from analysis.lake.rolling import rolled_files, rolled_us
from analysis.lake.whole import require_there
from analysis.rate import Rate
from analysis.survival.kaplan_meier import Whole

Months = tuple[int, int]
"""The first and the last month looked at, yyyymm."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Finished dossiers of one group. key: a month, an agency or a procedure's code."""

    key: str
    n: int
    early: int
    on_time: int
    late: int
    late_ws: int

    @property
    def rate(self) -> Rate:
        return Rate(self.early + self.on_time, self.early + self.on_time + self.late)


@dataclass(frozen=True, slots=True)
class StepSpread:
    """How long one step took: elements ceil(n q), working seconds, within 2.5 %."""

    procedure_code: str
    element_id: str
    n: int
    p50: int
    p80: int
    p95: int


def roll_ups(lake: Path) -> Facts:
    """The roll-ups as views, to be asked by the functions below (NoLake, LakeDamaged)."""
    files = rolled_files(lake)
    if not files:
        raise NoLake(folder=lake)
    require_there(lake, files)
    lists = published(lake)
    connection = connected(lake)
    connection.execute("set parquet_metadata_cache = true")
    for name in ROLL_UP_ORDER:
        paths = ", ".join(literal(str(lake / file.name)) for file in of_fact(files, name))
        if paths:
            connection.execute(
                f"create view {name} as from read_parquet([{paths}], hive_partitioning = false)"
            )
    fresh = rolled_us(lake)  # the lists may have been refreshed since
    return Facts(connection, fresh, fresh, lists[0].zone)


_GROUPS = {"month": "month", "agency": "agency_id", "procedure": "procedure_code"}


def on_time(
    of: Facts, months: Months, by: str, procedure: str | None = None, agency: str | None = None
) -> tuple[Verdicts, ...]:
    """Verdicts of finished dossiers by month, agency or procedure, in the order of their keys."""
    conditions, values = ["month between $first and $last"], _values(months)
    for column, value in (("procedure_code", procedure), ("agency_id", agency)):
        if value is None and _GROUPS[by] == column:
            conditions.append(f"{column} <> ''")
            continue
        conditions.append(f"{column} = ${column}")
        values[column] = value or ""  # the row that is the sum of all
    sums = ", ".join(
        f"cast(sum({name}) as bigint) as {name}"
        for name in ("n", "early", "on_time", "late", "late_ws")
    )
    rows = of.rows(
        f"select cast({_GROUPS[by]} as varchar) as key, {sums} from dossier_month"  # noqa: S608
        f" where {' and '.join(conditions)} group by 1 order by 1",
        **values,
    )
    return tuple(Verdicts(**row) for row in rows)


def step_spreads(
    of: Facts, months: Months, procedure: str | None = None, time: str = "sojourn"
) -> tuple[StepSpread, ...]:
    """How long steps took over some months, from bins that are added.

    time: sojourn, waiting, handling or paused.
    """
    found = spreads(of, months, ("procedure_code", "element_id"), procedure, time)
    return tuple(StepSpread(**row) for row in found.to_pylist())


def spreads(
    of: Facts,
    months: Months,
    keys: Sequence[str],
    procedure: str | None = None,
    time: str = "sojourn",
) -> pa.Table:
    """The same by any keys of `step_bins`, in columns and the order of the keys: n, p50, p80, p95.

    Bins of rows that have the same keys are added; of each the element ceil(n q) is looked up.
    """
    narrowed, values = "", _values(months) | {"time": time}
    if procedure is not None:
        narrowed, values["procedure"] = "and procedure_code = $procedure", procedure
    rows = of.arrow(
        f"select {', '.join(keys)}, bins, counts from step_bins"  # noqa: S608 - keys of ours
        f" where time = $time and month between $first and $last {narrowed}",
        **values,
    )
    first, group = _grouped(rows, keys)
    bins, groups = Bins.read(rows), len(first)
    if groups < len(group):
        n, found = bins.added(group, groups).quantiles(_PERCENTS)
    else:  # nothing to be added; only the order is another one
        n, found = bins.quantiles(_PERCENTS)
        n, found = n[first], [values[first] for values in found]
    columns = dict(zip(("n", *(f"p{percent}" for percent in _PERCENTS)), (n, *found), strict=True))
    told = rows.select(list(keys)).take(first)
    return pa.table({**{key: told.column(key) for key in keys}, **columns})


_PERCENTS = (50, 80, 95)


def _grouped(rows: pa.Table, keys: Sequence[str]) -> tuple[Whole, Whole]:
    """A row of each group, in the order of the keys, and the group of each row."""
    group = np.zeros(rows.num_rows, dtype=np.int64)
    for key in keys:
        encoded: Any = pc.dictionary_encode(rows.column(key).combine_chunks())
        names = encoded.dictionary
        rank = np.empty(len(names), dtype=np.int64)
        rank[pc.sort_indices(names).to_numpy()] = np.arange(len(names))
        group = group * max(len(names), 1) + rank[encoded.indices.to_numpy()]
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    return first, group


def month_spreads(of: Facts, month: int, procedure: str | None = None) -> tuple[StepSpread, ...]:
    """How long steps took in one month: exact."""
    narrowed, values = "", {"month": month}
    if procedure is not None:
        narrowed, values = "and procedure_code = $procedure", {**values, "procedure": procedure}  # type: ignore[dict-item]
    rows = of.rows(
        "select procedure_code, element_id, n, sojourn_q[1] as p50, sojourn_q[2] as p80,"  # noqa: S608
        f" sojourn_q[3] as p95 from step_month where month = $month {narrowed} order by 1, 2",
        **values,
    )
    return tuple(StepSpread(**row) for row in rows)


def steps(of: Facts, months: Months, procedure: str) -> list[dict[str, Any]]:
    """What the steps of one procedure did over some months; the most lateness first."""
    sums = ", ".join(f"cast(sum({name}) as bigint) as {name}" for name in _STEP_SUMS)
    return of.rows(
        f"select element_id, max(name) as name, max(limit_ws) as limit_ws, {sums}"  # noqa: S608
        " from step_month where procedure_code = $procedure and month between $first and $last"
        " group by element_id order by late_ws desc, element_id",
        procedure=procedure,
        **_values(months),
    )


_STEP_SUMS = (
    *("n", "early", "on_time", "late", "late_ws", "returned", "reworked"),
    *("waiting_ws", "handling_ws", "paused_ws"),
)


def lateness(of: Facts, months: Months, procedure: str | None = None) -> list[dict[str, Any]]:
    """Working seconds of lateness by the step that owes them, the most first; they sum exactly."""
    narrowed = "" if procedure is None else "and procedure_code = $procedure"
    values = _values(months) | ({} if procedure is None else {"procedure": procedure})
    return of.rows(
        "select procedure_code, element_id, max(name) as name,"  # noqa: S608
        " cast(sum(late_ws) as bigint) as late_ws, cast(sum(dossiers) as bigint) as dossiers"
        f" from lateness_month where month between $first and $last {narrowed}"
        " group by 1, 2 order by late_ws desc, 1, 2",
        **values,
    )


def queue(of: Facts, days: tuple[int, int], procedure: str, element: str) -> list[dict[str, Any]]:
    """Who waited and was in hand at the end of each day, before one step, whole city.

    days: the first and the last, counted from 1970 in the zone; days without events are left out.
    """
    return of.rows(
        "select day, came, gone, done, waiting, in_hand from ("
        " select day, cast(sum(came) as bigint) as came, cast(sum(gone) as bigint) as gone,"
        " cast(sum(done) as bigint) as done,"
        " cast(sum(sum(came) - sum(gone)) over (order by day) as bigint) as waiting,"
        " cast(sum(sum(gone) - sum(done)) over (order by day) as bigint) as in_hand"
        " from queue_day where agency_id = '' and procedure_code = $procedure"
        " and element_id = $element group by day)"
        " where day between $first_day and $last_day order by day",
        procedure=procedure,
        element=element,
        first_day=days[0],
        last_day=days[1],
    )


def missing(of: Facts, months: Months, procedure: str | None = None) -> list[dict[str, Any]]:
    """Components that were missing from dossiers received in some months, the most cited first."""
    narrowed = "" if procedure is None else "and procedure_code = $procedure"
    values = _values(months) | ({} if procedure is None else {"procedure": procedure})
    sums = ", ".join(
        f"cast(sum({name}) as bigint) as {name}"
        for name in ("returned", "asked", "ended", "paused_ws")
    )
    needed = "cast(greatest(sum(required), sum(returned)) as bigint) as required"
    return of.rows(
        f"select procedure_code, component, max(name) as name, {sums}, {needed}"  # noqa: S608
        f" from missing_month where month between $first and $last {narrowed}"
        " group by 1, 2 having sum(asked) > 0 order by returned desc, asked desc, 1, 2",
        **values,
    )


def _values(months: Months) -> dict[str, Any]:
    return {"first": months[0], "last": months[1]}
