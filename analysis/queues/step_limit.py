"""Another limit for a step: how many runs of a period would have been late under it.

Behaviour is taken as it was: people who work by the clock would work otherwise, and nothing here
says how. So two things are told that hold whatever they do: the share that took longer than the new
limit (Wilson's interval, 95 %), and the time that would be gained if everybody who took longer were
done exactly at the limit, which is the most that holding it can bring. Time is waiting and
handling, as the limit counts it; pauses are not in it.
"""

from dataclasses import dataclass

from analysis.comparison.intervals import Interval, wilson
from analysis.facts.facts import Facts
from analysis.queues.scope import Scope
from analysis.rate import Rate


@dataclass(frozen=True, slots=True)
class StepLimit:
    """Runs of one step that ended in the period, under their own limits and under another.

    late_before: of the runs that had a limit. late_after: of all runs; interval: of its share.
    over_ws: working seconds by which runs took longer than the new limit, in all.
    """

    procedure_code: str
    element_id: str
    limit_ws: int
    runs: int
    late_before: Rate
    late_after: Rate
    interval: Interval
    over_ws: int


def step_limit(facts: Facts, scope: Scope, limit_ws: int) -> StepLimit:
    """What the limit would have said of the runs of the scope's procedure and step."""
    where, values = scope.steps("ended_us")
    (row,) = facts.rows(
        f"""
        with run as (
            select waiting_ws + handling_ws as time_ws, limit_ws as own_ws,
                coalesce(late_ws, 0) as late_ws
            from step_interval
            where state in ('completed', 'sent_back') and waiting_ws is not null
                and handling_ws is not null and {where}
        )
        select count(*) as runs, count(own_ws) as limited,
            count(case when own_ws is not null and late_ws > 0 then 1 end) as late_before,
            count(case when time_ws > $limit_ws then 1 end) as late_after,
            cast(coalesce(sum(case when time_ws > $limit_ws then time_ws - $limit_ws end), 0)
                as bigint) as over_ws
        from run
        """,  # noqa: S608  # conditions of ours
        **values,
        limit_ws=limit_ws,
    )
    runs, late_after = int(row["runs"]), int(row["late_after"])
    return StepLimit(
        scope.procedure_code or "",
        scope.element_id or "",
        limit_ws,
        runs,
        Rate(int(row["late_before"]), int(row["limited"])),
        Rate(late_after, runs),
        wilson(late_after, runs),
        int(row["over_ws"]),
    )
