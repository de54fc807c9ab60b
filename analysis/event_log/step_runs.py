"""From lifecycle events to runs of steps: when each was handed over, begun, paused and finished.

The transitions are those of the XES lifecycle extension. A log that only writes "complete" (or
nothing) gives one run an event. Words outside the standard are runs of their own too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.event_log.findings import Tally
from analysis.event_log.log import Event, Trace

_POINT = frozenset({None, "complete", "unknown"})
_ENABLES = frozenset({"schedule", "assign", "reassign"})
_ENDS = frozenset(
    {"complete", "withdraw", "ate_abort", "pi_abort", "autoskip", "manualskip",
     "abort_activity", "abort_case"}
)  # fmt: skip
_NEVER_FIRST = frozenset({"suspend", "resume"})
_KNOWN = frozenset({*_POINT, *_ENABLES, *_ENDS, "start", *_NEVER_FIRST})


class StepRun(NamedTuple):
    """One run of an activity in one case. Times in microseconds of UTC, None where not told.

    at_us: when it ended; for a run that never ended, when it was last heard of.
    pause_before_us, pause_us: suspended before and after the start, microseconds.
    completed: whether an end was logged.
    """

    activity: str
    at_us: int | None
    resource: str | None = None
    enabled_us: int | None = None
    started_us: int | None = None
    pause_before_us: int = 0
    pause_us: int = 0
    completed: bool = True


@dataclass(slots=True)
class _Open:
    """A run that has begun to exist and is not yet finished."""

    last: int
    """Number of its last event in the case: the run stands there until it ends."""
    enabled_us: int | None = None
    begun: bool = False
    started_us: int | None = None
    suspended: bool = False
    suspended_us: int | None = None
    pause_before_us: int = 0
    pause_us: int = 0

    def suspend(self, at_us: int | None) -> None:
        if not self.suspended:
            self.suspended, self.suspended_us = True, at_us

    def resume(self, at_us: int | None) -> None:
        if not self.suspended:
            return
        gone = 0 if at_us is None or self.suspended_us is None else at_us - self.suspended_us
        if self.begun:
            self.pause_us += gone
        else:
            self.pause_before_us += gone
        self.suspended = False

    def start(self, at_us: int | None) -> None:
        self.resume(at_us)
        self.begun, self.started_us = True, at_us


def step_runs(trace: Trace, tally: Tally) -> tuple[StepRun, ...]:
    """The runs of a case in the order in which they ended; oddities are counted in `tally`."""
    words = [None if e.transition is None else e.transition.casefold() for e in trace.events]
    if _POINT.issuperset(words):
        return tuple(_point(event, trace.case_id, tally) for event in trace.events)
    return _paired(trace, words, tally)


def _paired(trace: Trace, words: Sequence[str | None], tally: Tally) -> tuple[StepRun, ...]:
    placed: dict[int, StepRun] = {}
    unfinished: dict[tuple[str, str | None], list[_Open]] = {}
    for number, (event, word) in enumerate(zip(trace.events, words, strict=True)):
        if word not in _KNOWN:
            tally.note("log-transition-unknown", trace.case_id, event.transition or "")
            placed[number] = _point(event, trace.case_id, tally)
            continue
        runs = unfinished.setdefault((event.activity, event.instance), [])
        if word is None or word == "unknown" or word in _ENDS:
            placed[number] = _end(event, runs, trace.case_id, tally)
        else:
            run = _run_for(word, runs, number)
            run.last = number
            _advance(run, word, event)
    for runs in unfinished.values():
        for run in runs:
            tally.note("log-run-not-completed", trace.case_id)
            placed[run.last] = _left_open(trace.events[run.last], run)
    return tuple(placed[number] for number in sorted(placed))


def _run_for(word: str, runs: list[_Open], number: int) -> _Open:
    """The run that an event belongs to: the longest waiting that can take it, else a new one."""
    for run in runs:
        if _TAKES[word](run):
            return run
    if runs and word in _NEVER_FIRST:
        return runs[0]  # a second "suspend" says nothing new
    runs.append(_Open(number))
    return runs[-1]


_TAKES: Mapping[str, Callable[[_Open], bool]] = {
    "schedule": lambda _: False,
    "assign": lambda run: not run.begun,
    "reassign": lambda _: True,
    "start": lambda run: not run.begun,
    "suspend": lambda run: not run.suspended,
    "resume": lambda run: run.suspended,
}


def _advance(run: _Open, word: str, event: Event) -> None:
    if word in _ENABLES:
        if run.enabled_us is None and not run.begun:
            run.enabled_us = event.at_us
    elif word == "start":
        run.start(event.at_us)
    elif word == "suspend":
        run.suspend(event.at_us)
    else:
        run.resume(event.at_us)


def _point(event: Event, case_id: str, tally: Tally) -> StepRun:
    """An event that stands for a whole run, perhaps with a start in the same line."""
    return _finished(event, _Open(0), case_id, tally)


def _end(event: Event, runs: list[_Open], case_id: str, tally: Tally) -> StepRun:
    """The run that an event ends: the one begun first, else the one handed over first."""
    run = next((run for run in runs if run.begun), runs[0] if runs else None)
    if run is None:
        return _point(event, case_id, tally)
    runs.remove(run)
    run.resume(event.at_us)
    return _finished(event, run, case_id, tally)


def _finished(event: Event, run: _Open, case_id: str, tally: Tally) -> StepRun:
    started = event.started_us if run.started_us is None else run.started_us
    enabled = event.enabled_us if run.enabled_us is None else run.enabled_us
    if started is not None and event.at_us is not None and started > event.at_us:
        tally.note("log-start-after-end", case_id, event.activity)
        started = enabled = None
    began = event.at_us if started is None else started
    if enabled is not None and began is not None and enabled > began:
        tally.note("log-enabled-after-start", case_id, event.activity)
        enabled = None
    return StepRun(
        event.activity,
        event.at_us,
        event.resource,
        enabled,
        started,
        run.pause_before_us,
        run.pause_us,
    )


def _left_open(event: Event, run: _Open) -> StepRun:
    return StepRun(
        event.activity,
        event.at_us,
        event.resource,
        run.enabled_us,
        run.started_us,
        run.pause_before_us,
        run.pause_us,
        completed=False,
    )
