"""Which cases of a log have ended, and when: a case with a step still in hand has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.event_log.log import EventLog, Trace
from analysis.event_log.step_runs import StepRun

EndedBy = Literal["case", "last_event"]


@dataclass(frozen=True, slots=True)
class CaseEnds:
    """One entry a case, in the order of the log.

    by: whether ends are dates of the cases or, where no case of the whole log has one, their last
    events. open: not ended: without such a date; where there are none, with a run that the log
    begins and never ends. at_us: None for open cases and where the last event tells no time.
    until_us: the last time that anything in the whole log tells, up to which open cases are judged.
    """

    by: EndedBy
    open: tuple[bool, ...]
    at_us: tuple[int | None, ...]
    until_us: int | None


def case_ends(log: EventLog, cases: Sequence[Sequence[StepRun]]) -> CaseEnds:
    """The ends of the cases of a log; `cases` are the runs of each."""
    whole = log.part_of or log
    until_us = max((span[1] for t in whole.traces if (span := told_span(t))), default=None)
    if any(trace.ended_us is not None for trace in whole.traces):
        dates = tuple(trace.ended_us for trace in log.traces)
        return CaseEnds("case", tuple(at is None for at in dates), dates, until_us)
    going_on = tuple(any(not run.completed for run in runs) for runs in cases)
    at_us = tuple(
        None if on or not runs or runs[-1].at_us is None else _last(trace)
        for trace, runs, on in zip(log.traces, cases, going_on, strict=True)
    )
    return CaseEnds("last_event", going_on, at_us, until_us)


def told_span(trace: Trace) -> tuple[int, int] | None:
    """The first and the last time that the events of a case tell, None where they tell none."""
    times = [
        us
        for event in trace.events
        for us in (event.at_us, event.started_us, event.enabled_us)
        if us is not None
    ]
    return (min(times), max(times)) if times else None


def _last(trace: Trace) -> int | None:
    return max((e.at_us for e in trace.events if e.at_us is not None), default=None)
