"""Runs that took far longer than the others of their step, and what they have in common.

A run is an outlier when the logarithm of its time (waiting + handling, working seconds) lies above
Q3 + 1.5 (Q3 - Q1) of its step, quartiles being the elements ceil(n q). A property v is
over-represented where at least five runs have it, its lift P(v | outlier) / P(v) is above 1 and
a test of the 2 x 2 table says that it is not chance: chi-square, or Fisher's exact test where fewer
than five are expected in a cell; p corrected over all properties by Benjamini-Hochberg.
Sources: Tukey's fence on logarithms; Fisher 1922; Benjamini & Hochberg 1995.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, gammaln

from analysis.comparison.several_tests import adjusted
from analysis.facts.facts import Facts
from analysis.queues.local_day import WEEK, offset_us, weekday
from analysis.queues.scope import Scope

_PROPERTIES = ("unit", "case_code", "channel", "receiving_unit", "attempt", "weekday")
_LEAST_RUNS = 20
_FENCE = 1.5
_LEAST_TESTED = 5  # runs that have a property, before anything is said of it
_EXPECTED = 5  # at least, of each cell, for chi-square to hold
_Row = Mapping[str, Any]
Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outlier:
    """One run. time_ws: waiting and handling."""

    dossier_id: UUID
    step_run_id: UUID
    time_ws: int


@dataclass(frozen=True, slots=True)
class Overrepresented:
    """A property that outliers have more often. p: corrected over all properties tested."""

    property: str
    value: str
    outliers: int
    runs: int
    lift: float
    p: float


@dataclass(frozen=True, slots=True)
class StepOutliers:
    """The outliers of one step: the fence, how many lie beyond, the longest, and what stands out.

    usual_ws: the median of the step.
    """

    procedure_code: str
    element_id: str
    name: str
    runs: int
    outliers: int
    usual_ws: int
    fence_ws: float
    longest: tuple[Outlier, ...]
    stands_out: tuple[Overrepresented, ...]


def outliers(facts: Facts, scope: Scope, *, longest: int = 10) -> tuple[StepOutliers, ...]:
    """The steps of the period that have outliers, most of them first.

    Steps with fewer than 20 runs are left out: they have no usual time.
    """
    where, values = scope.steps("ended_us")
    fenced = _fenced(_timed(where, offset_us(facts.zone, scope.start_us)))
    values["least"] = _LEAST_RUNS
    beyond = _by_step(facts.rows(_beyond(fenced), **values, most=longest))
    if not beyond:
        return ()
    counts = _by_step(facts.rows(_counts(fenced), **values))
    found = [_step(rows, counts[step]) for step, rows in beyond.items()]
    return tuple(sorted(found, key=lambda s: (-s.outliers, s.procedure_code, s.element_id)))


def _by_step(rows: Sequence[_Row]) -> dict[tuple[str, str], list[_Row]]:
    found: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        found.setdefault((row["procedure_code"], row["element_id"]), []).append(row)
    return found


def _timed(where: str, offset: int) -> str:
    return f"""
        select s.agency_id, s.dossier_id, s.step_run_id, s.procedure_code, s.element_id, s.name,
            s.waiting_ws + s.handling_ws as time_ws, s.unit, d.case_code, d.channel,
            d.receiving_unit, cast(s.attempt as varchar(10)) as attempt,
            {weekday("s.enabled_us", offset)} as day_no
        from (select * from step_interval where {where}) s
        left join dossier_fact d on d.agency_id = s.agency_id and d.dossier_id = s.dossier_id
        where s.state in ('completed', 'sent_back')
            and s.waiting_ws is not null and s.handling_ws is not null
    """  # noqa: S608  # conditions of ours


def _fenced(source: str) -> str:
    """Every run of steps with enough of them, with the fence of its step.

    Tukey's fence on logarithms, in seconds; times under a second count as one.
    """
    return f"""
        with timed as ({source}), ordered as (
            select procedure_code, element_id, name, time_ws,
                row_number() over (
                    partition by procedure_code, element_id order by time_ws) as place,
                count(*) over (partition by procedure_code, element_id) as n
            from timed
        ), quartile as (
            select procedure_code, element_id, max(name) as step_name, max(n) as step_runs,
                max(case when place * 4 >= n and (place - 1) * 4 < n then time_ws end) as q1,
                max(case when place * 2 >= n and (place - 1) * 2 < n then time_ws end) as q2,
                max(case when place * 4 >= n * 3 and (place - 1) * 4 < n * 3 then time_ws end)
                    as q3
            from ordered where n >= $least group by procedure_code, element_id
        ), fence as (
            select procedure_code, element_id, step_name, step_runs, q2,
                greatest(q3, 1)
                    * power(cast(greatest(q3, 1) as double) / greatest(q1, 1), {_FENCE}) as fence_ws
            from quartile
        ), own as (
            select t.*, f.step_name, f.step_runs, f.q2, f.fence_ws,
                case when t.time_ws > f.fence_ws then 1 else 0 end as beyond
            from timed t join fence f
                on f.procedure_code = t.procedure_code and f.element_id = t.element_id
        )
    """  # noqa: S608  # conditions of ours


def _beyond(fenced: str) -> str:
    return f"""
        {fenced}, longest as (
            select *, row_number() over (
                partition by procedure_code, element_id order by time_ws desc, step_run_id)
                as place
            from own where beyond = 1
        )
        select procedure_code, element_id, step_name, step_runs, q2, fence_ws, dossier_id,
            step_run_id, time_ws
        from longest where place <= $most order by procedure_code, element_id, place
    """  # noqa: S608  # conditions of ours


def _counts(fenced: str) -> str:
    days = " ".join(f"when {n} then '{n + 1}'" for n in range(WEEK))
    day = f"case day_no {days} end"
    each = " union all ".join(
        f"select procedure_code, element_id, '{name}' as property, "  # noqa: S608  # names of ours
        f"{day if name == 'weekday' else name} as value, beyond from own"
        for name in _PROPERTIES
    )
    return f"""
        {fenced}, each_property as ({each})
        select procedure_code, element_id, property, value, count(*) as runs,
            cast(sum(beyond) as bigint) as outliers
        from each_property where value is not null
        group by procedure_code, element_id, property, value
        order by procedure_code, element_id, property, value
    """  # noqa: S608  # conditions of ours


def _step(longest: Sequence[_Row], counts: Sequence[_Row]) -> StepOutliers:
    step = longest[0]
    number = max(
        sum(row["outliers"] for row in counts if row["property"] == name) for name in _PROPERTIES
    )
    return StepOutliers(
        step["procedure_code"],
        step["element_id"],
        step["step_name"],
        step["step_runs"],
        number,
        step["q2"],
        step["fence_ws"],
        tuple(Outlier(row["dossier_id"], row["step_run_id"], row["time_ws"]) for row in longest),
        _stands_out(counts, step["step_runs"], number),
    )


def _stands_out(counts: Sequence[_Row], runs: int, outlying: int) -> tuple[Overrepresented, ...]:
    """The properties whose lift is no chance (p under 5 % after the correction), highest first."""
    tested = [row for row in counts if _LEAST_TESTED <= row["runs"] < runs]
    if not tested:
        return ()
    a = np.array([row["outliers"] for row in tested], dtype=float)
    n = np.array([row["runs"] for row in tested], dtype=float)
    corrected = adjusted(_by_chance(a, n, runs, outlying).tolist())
    lifts = (a / outlying) / (n / runs)
    made = [
        Overrepresented(row["property"], row["value"], row["outliers"], row["runs"], lift, p)
        for row, lift, p in zip(tested, lifts.tolist(), corrected, strict=True)
        if lift > 1 and p is not None and p < 0.05  # noqa: PLR2004  # the usual level
    ]
    return tuple(sorted(made, key=lambda v: (-v.lift, v.property, v.value)))


def _by_chance(a: Real, n: Real, runs: int, outlying: int) -> Real:
    """P that `a` of the `n` runs with a property are outliers by chance, two-sided.

    Chi-square; Fisher's exact test (the upper tail, doubled) where fewer than five are expected.
    """
    b, c, d = outlying - a, n - a, runs - outlying - (n - a)
    below = outlying * (runs - outlying) * n * (runs - n)
    square = np.divide(runs * (a * d - b * c) ** 2, below, out=np.zeros_like(a), where=below > 0)
    p: Real = chdtrc(1, square)
    fewest = np.minimum(n, runs - n) * min(outlying, runs - outlying) / runs
    for place in np.flatnonzero(fewest < _EXPECTED):
        p[place] = _exact(int(a[place]), int(n[place]), runs, outlying)
    return p


def _exact(a: int, n: int, runs: int, outlying: int) -> float:
    """Twice the chance of `a` or more outliers among n of the runs (hypergeometric)."""
    k = np.arange(a, min(n, outlying) + 1)
    log_chance = (
        _log_choose(outlying, k)
        + _log_choose(runs - outlying, n - k)
        - _log_choose(runs, np.array([n]))
    )
    return float(min(1.0, 2 * np.exp(log_chance).sum()))


def _log_choose(of: int, k: NDArray[np.int64]) -> Real:
    found: Real = gammaln(of + 1) - gammaln(k + 1) - gammaln(of - k + 1)
    return found
