"""Verdicts by month of finishing, and by unit: early, on time, late of how many, with the interval.

By month dossiers handled to the end in the period, by the verdict made then; by unit runs of steps
that somebody ended in it, each against its own limit. Of those judged, early and on time count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.rate import Rate

_COUNTED = (
    "count(case when result = 'early' then 1 end) as early, "
    "count(case when result = 'on_time' then 1 end) as on_time, "
    "count(case when result = 'late' then 1 end) as late, "
    "count(case when result is null then 1 end) as unjudged, "
    "cast(coalesce(sum(late_ws), 0) as bigint) as late_ws"
)


@dataclass(frozen=True, slots=True)
class VerdictsOf:
    """Of one month (yyyymm) or unit ("" where none is fixed). late_ws: working seconds in all."""

    key: str
    early: int
    on_time: int
    late: int
    unjudged: int
    late_ws: int
    share: Rate
    interval: Interval


def verdicts_by_month(facts: Facts, scope: Scope) -> tuple[VerdictsOf, ...]:
    """Dossiers finished in the period, in the order of the months."""
    where, values = scope.dossiers("finished_us")
    sql = f"""
        select cast(finished_month as varchar) as key, {_COUNTED} from dossier_fact
        where {where} group by finished_month order by finished_month
    """  # noqa: S608  # conditions of ours
    return tuple(_made(facts.rows(sql, **values)))


def verdicts_by_unit(facts: Facts, scope: Scope) -> tuple[VerdictsOf, ...]:
    """Runs of steps ended in the period, the unit with most late ones first."""
    where, values = scope.steps("ended_us")
    sql = f"""
        select coalesce(unit, '') as key, {_COUNTED} from step_interval
        where state in ('completed', 'sent_back') and {where}
        group by coalesce(unit, '') order by late desc, late_ws desc, key
    """  # noqa: S608  # conditions of ours
    return tuple(_made(facts.rows(sql, **values)))


def _made(rows: Iterable[Mapping[str, Any]]) -> Iterable[VerdictsOf]:
    for row in rows:
        in_time = row["early"] + row["on_time"]
        judged = in_time + row["late"]
        yield VerdictsOf(**row, share=Rate(in_time, judged), interval=wilson(in_time, judged))
