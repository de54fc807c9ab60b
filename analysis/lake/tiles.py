"""Answers of a page out of the roll-ups: each in a few hundredths of a second for a whole city.

Counts and sums are exact. Quantiles are exact for one month, and for several within 2.5 % of the
exact element ceil(n q) (`step_bins`). Everything is as of the last rolling up.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.facts.facts import Facts, connected
from analysis.facts.source_sql import literal
from analysis.lake.changed import of_fact
from analysis.lake.publishing import NoLake, published
from analysis.lake.roll_up_sql import RATIO, ROLL_UP_ORDER
from analysis.lake.rolling import rolled_files
from analysis.rate import Rate

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
    """The roll-ups as views, to be asked by the functions below (NoLake)."""
    files = rolled_files(lake)
    if not files:
        raise NoLake(folder=lake)
    lists = published(lake)
    connection = connected(lake)
    connection.execute("set parquet_metadata_cache = true")
    for name in ROLL_UP_ORDER:
        paths = ", ".join(literal(str(lake / file.name)) for file in of_fact(files, name))
        if paths:
            connection.execute(
                f"create view {name} as from read_parquet([{paths}], hive_partitioning = false)"
            )
    fresh = min(each.fresh_us for each in lists)
    return Facts(connection, fresh, fresh, lists[0].zone)


_GROUPS = {"month": "month", "agency": "agency_id", "procedure": "procedure_code"}


def on_time(
    of: Facts, months: Months, by: str, procedure: str | None = None, agency: str | None = None
) -> tuple[Verdicts, ...]:
    """Verdicts of finished dossiers by month, agency or procedure, in the order of their keys."""
    conditions, values = ["month between $first and $last"], _values(months)
    for column, value in (("procedure_code", procedure), ("agency_id", agency)):
        if value is not None:
            conditions.append(f"{column} = ${column}")
            values[column] = value
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
    values = _values(months) | {"time": time, "ratio": RATIO, "middle": math.sqrt(RATIO)}
    narrowed = ""
    if procedure is not None:
        narrowed, values["procedure"] = "and procedure_code = $procedure", procedure
    sql = spreads_sql("procedure_code, element_id", narrowed)
    rows = of.rows(f"{sql} order by procedure_code, element_id", **values)
    return tuple(StepSpread(**row) for row in rows)


def spreads_sql(keys: str, narrowed: str) -> str:
    """Quantiles of each group of bins, by cumulated counts: element ceil(n q) lies in that bin."""
    return f"""
        with added as (
            select {keys}, bin, cast(sum(n) as bigint) as n, cast(sum(sum_ws) as bigint) as sum_ws
            from step_bins where time = $time and month between $first and $last {narrowed}
            group by {keys}, bin
        ), placed as (
            select *, cast(sum(n) over (partition by {keys}) as bigint) as whole,
                cast(sum(n) over (partition by {keys} order by bin
                    rows between unbounded preceding and current row) as bigint) as upto,
                case when bin < 0 then 0 when n = 1 then sum_ws
                    else cast(round(power($ratio, bin) * $middle) as bigint) end as value
            from added
        )
        select {keys}, max(whole) as n,
            min(case when upto * 100 >= whole * 50 then value end) as p50,
            min(case when upto * 100 >= whole * 80 then value end) as p80,
            min(case when upto * 100 >= whole * 95 then value end) as p95
        from placed group by {keys}"""  # noqa: S608 - names of ours


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
        for name in ("returned", "required", "asked", "ended", "paused_ws")
    )
    return of.rows(
        f"select procedure_code, component, max(name) as name, {sums} from missing_month"  # noqa: S608
        f" where month between $first and $last {narrowed}"
        " group by 1, 2 order by returned desc, asked desc, 1, 2",
        **values,
    )


def _values(months: Months) -> dict[str, Any]:
    return {"first": months[0], "last": months[1]}
