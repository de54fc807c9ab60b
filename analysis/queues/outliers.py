"""Runs that took far longer than the others of their step, and what they have in common.

A run is an outlier when the logarithm of its time (waiting + handling, working seconds) lies above
Q3 + 1.5 (Q3 - Q1) of its step, quartiles being the elements ceil(n q). A property v is
over-represented where its lift P(v | outlier) / P(v) is above 1 and a chi-square test of the
2 x 2 table says that it is not chance, p corrected over all properties by Benjamini-Hochberg.
Sources: Tukey's fence on logarithms; Benjamini & Hochberg 1995.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from scipy.special import chdtrc

from analysis.comparison.several_tests import adjusted
from analysis.facts.facts import Facts
from analysis.queues.local_day import WEEK, offset_us, weekday
from analysis.queues.scope import Scope

_PROPERTIES = ("unit", "case_code", "channel", "receiving_unit", "attempt", "weekday")
_LEAST_RUNS = 20
_FENCE = 1.5


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
    source = _timed(where, offset_us(facts.zone, scope.start_us))
    fences = facts.rows(_fences(source), **values, least=_LEAST_RUNS)
    found = []
    for step in fences:
        fence = _fence(step["q1"], step["q3"])
        own = {"procedure": step["procedure_code"], "element": step["element_id"]}
        beyond = facts.rows(_beyond(source), **values, **own, fence=fence, most=longest)
        if not beyond:
            continue
        counts = facts.rows(_counts(source), **values, **own, fence=fence)
        found.append(_step(step, fence, beyond, counts))
    return tuple(sorted(found, key=lambda s: (-s.outliers, s.procedure_code, s.element_id)))


def _fence(q1: int, q3: int) -> float:
    """Tukey's fence on logarithms, in seconds; times under a second count as one."""
    low, high = max(q1, 1), max(q3, 1)
    return float(high * (high / low) ** _FENCE)


def _timed(where: str, offset: int) -> str:
    return f"""
        select s.agency_id, s.dossier_id, s.step_run_id, s.procedure_code, s.element_id, s.name,
            s.waiting_ws + s.handling_ws as time_ws, s.unit, d.case_code, d.channel,
            d.receiving_unit, cast(s.attempt as varchar) as attempt,
            {weekday("s.enabled_us", offset)} as day_no
        from (select * from step_interval where {where}) s
        left join dossier_fact d on d.agency_id = s.agency_id and d.dossier_id = s.dossier_id
        where s.state in ('completed', 'sent_back')
            and s.waiting_ws is not null and s.handling_ws is not null
    """  # noqa: S608  # conditions of ours


def _fences(source: str) -> str:
    return f"""
        with ordered as (
            select procedure_code, element_id, name, time_ws,
                row_number() over (
                    partition by procedure_code, element_id order by time_ws) as place,
                count(*) over (partition by procedure_code, element_id) as n
            from ({source}) as timed
        )
        select procedure_code, element_id, max(name) as name, max(n) as runs,
            max(case when place * 4 >= n and (place - 1) * 4 < n then time_ws end) as q1,
            max(case when place * 2 >= n and (place - 1) * 2 < n then time_ws end) as q2,
            max(case when place * 4 >= n * 3 and (place - 1) * 4 < n * 3 then time_ws end) as q3
        from ordered where n >= $least group by procedure_code, element_id
        order by procedure_code, element_id
    """  # noqa: S608  # conditions of ours


def _beyond(source: str) -> str:
    return f"""
        select dossier_id, step_run_id, time_ws from ({source}) as timed
        where procedure_code = $procedure and element_id = $element and time_ws > $fence
        order by time_ws desc, step_run_id limit $most
    """  # noqa: S608  # conditions of ours


def _counts(source: str) -> str:
    days = " ".join(f"when {n} then '{n + 1}'" for n in range(WEEK))
    day = f"case day_no {days} end"
    each = " union all ".join(
        f"select '{name}' as property, {day if name == 'weekday' else name} as value, beyond "  # noqa: S608  # names of ours
        "from own"
        for name in _PROPERTIES
    )
    return f"""
        with own as (
            select *, case when time_ws > $fence then 1 else 0 end as beyond
            from ({source}) as timed
            where procedure_code = $procedure and element_id = $element
        ), each_property as ({each})
        select property, value, count(*) as runs, cast(sum(beyond) as bigint) as outliers
        from each_property where value is not null group by property, value
        order by property, value
    """  # noqa: S608  # conditions of ours


def _step(
    step: Mapping[str, Any],
    fence: float,
    beyond: Sequence[Mapping[str, Any]],
    counts: Sequence[Mapping[str, Any]],
) -> StepOutliers:
    number = max(
        sum(row["outliers"] for row in counts if row["property"] == name) for name in _PROPERTIES
    )
    return StepOutliers(
        step["procedure_code"],
        step["element_id"],
        step["name"],
        step["runs"],
        number,
        step["q2"],
        fence,
        tuple(Outlier(**row) for row in beyond),
        _stands_out(counts, step["runs"], number),
    )


def _stands_out(
    counts: Sequence[Mapping[str, Any]], runs: int, outlying: int
) -> tuple[Overrepresented, ...]:
    """The properties whose lift is no chance (p under 5 % after the correction), highest first."""
    tested = [row for row in counts if row["runs"] < runs]
    if not tested:
        return ()
    a = np.array([row["outliers"] for row in tested], dtype=float)
    n = np.array([row["runs"] for row in tested], dtype=float)
    b, c, d = outlying - a, n - a, runs - outlying - (n - a)
    below = outlying * (runs - outlying) * n * (runs - n)
    square = np.divide(runs * (a * d - b * c) ** 2, below, out=np.zeros_like(a), where=below > 0)
    corrected = adjusted(chdtrc(1, square).tolist())
    lifts = (a / outlying) / (n / runs)
    made = [
        Overrepresented(row["property"], row["value"], row["outliers"], row["runs"], lift, p)
        for row, lift, p in zip(tested, lifts.tolist(), corrected, strict=True)
        if lift > 1 and p is not None and p < 0.05  # noqa: PLR2004  # the usual level
    ]
    return tuple(sorted(made, key=lambda v: (-v.lift, v.property, v.value)))
