"""Which weekday work comes and is done, and how much of it is done in batches.

A batch: at least `least` runs of one step that one person ended less than `gap_s` apart (calendar
time), in the order in which they came. Source: Klijn & Fahland 2019, batch mining.
"""

from dataclasses import dataclass
from typing import Any

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.local_day import WEEK, offset_us, weekday
from analysis.queues.scope import Scope
from analysis.rate import Rate

_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Weekday:
    """One day of the week, 1 = Monday: runs that came, and of those ended how many in batches."""

    weekday: int
    came: int
    batched: Rate
    interval: Interval

    @property
    def ended(self) -> int:
        return self.batched.whole


def by_weekday(
    facts: Facts, scope: Scope, *, gap_s: int = 900, least: int = 3
) -> tuple[Weekday, ...]:
    """The seven days of the week, Monday first, in the office's zone."""
    came, came_values = scope.steps("enabled_us")
    ended, values = scope.steps("ended_us")
    offset = offset_us(facts.zone, scope.start_us)
    arrived = {
        row["day_no"]: row["n"]
        for row in facts.rows(
            f"select {weekday('enabled_us', offset)} as day_no, count(*) as n "  # noqa: S608  # conditions of ours
            f"from step_interval where {came} group by {weekday('enabled_us', offset)}",
            **came_values,
        )
    }
    rows: dict[int, Any] = {
        row["day_no"]: row
        for row in facts.rows(
            _batches(ended, weekday("ended_us", offset)),
            **values,
            gap_us=gap_s * _SECOND_US,
            least=least,
        )
    }
    nothing = {"batched": 0, "ended": 0}
    found = [(day, arrived.get(day, 0), rows.get(day, nothing)) for day in range(WEEK)]
    return tuple(
        Weekday(
            day + 1,
            came_on,
            Rate(row["batched"], row["ended"]),
            wilson(row["batched"], row["ended"]),
        )
        for day, came_on, row in found
    )


def _batches(where: str, day: str) -> str:
    mine = "partition by agency_id, person_id, procedure_code, element_id"
    order = "order by ended_us, enabled_us, step_run_id"
    return f"""
        with done as (
            select *, {day} as day_no,
                case when ended_us - lag(ended_us) over ({mine} {order}) < $gap_us
                    and enabled_us >= lag(enabled_us) over ({mine} {order})
                    then 0 else 1 end as fresh
            from step_interval
            where state in ('completed', 'sent_back') and {where}
        ), numbered as (
            select *, sum(fresh) over ({mine} {order} rows unbounded preceding) as batch
            from done
        ), sized as (
            select day_no, person_id, count(*) over (
                partition by agency_id, person_id, procedure_code, element_id, batch) as size
            from numbered
        )
        select day_no, count(*) as ended,
            count(case when person_id is not null and size >= $least then 1 end) as batched
        from sized group by day_no
    """  # noqa: S608  # conditions of ours
