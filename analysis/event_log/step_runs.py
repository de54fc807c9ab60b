"""From lifecycle events to runs of steps: when each was handed over, begun, paused and finished.

The transitions are those of the XES lifecycle extension. A log that only writes "complete" (or
nothing) gives one run an event. Words outside the standard are runs of their own too.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from analysis.event_log.findings import Tally
from analysis.event_log.log import Event, Trace

_POINT = frozenset({None, "complete", "unknown"})
_ENABLES = frozenset({"schedule", "assign", "reassign"})
_ENDS = frozenset(
    {"complete", "withdraw", "ate_abort", "pi_abort", "autoskip", "manualskip",
     "abort_activity", "abort_case"}
)  # fmt: skip
_UNDONE = _ENDS - {"complete"}
_NEVER_FIRST = frozenset({"suspend", "resume"})
BEFORE_THE_END = frozenset({*_ENABLES, "start", *_NEVER_FIRST})
"""Words after which the same run is heard of again."""
_KNOWN = frozenset({*_POINT, *_ENDS, *BEFORE_THE_END})


class StepRun(NamedTuple):
    """One run of an activity in one case. Times in microseconds of UTC, None where not told.

    at_us: when it ended; for a run that never ended, when it was last heard of.
    pause_before_us, pause_us: suspended before and after the start, microseconds.
    completed: whether an end was logged. undone: it ended without being done (withdrawn, aborted,
    skipped).
    """

    activity: str
    at_us: int | None
    resource: str | None = None
    enabled_us: int | None = None
    started_us: int | None = None
    pause_before_us: int = 0
    pause_us: int = 0
    completed: bool = True
    undone: bool = False

    @property
    def ended_us(self) -> int | None:
        """When it ended, None where it has not or where that is not told."""
        return self.at_us if self.completed else None


@dataclass(slots=True)
class _Open:
    """A run that has begun to exist and is not yet finished."""

    last: int
    """Number of its last event in the case: the run stands there until it ends."""
    number: int = 0
    """Of the runs of its step, in the order in which they came to be."""
    over: bool = False
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
    unfinished: dict[tuple[str, str | None], _OpenRuns] = {}
    for number, (event, word) in enumerate(zip(trace.events, words, strict=True)):
        if word not in _KNOWN:
            tally.note("log-transition-unknown", trace.case_id, event.transition or "")
            placed[number] = _point(event, trace.case_id, tally)
            continue
        key = event.activity, event.instance
        runs = unfinished.get(key)
        if runs is None:
            runs = unfinished[key] = _OpenRuns()
        if word is None or word == "unknown" or word in _ENDS:
            placed[number] = _end(event, runs, trace.case_id, tally)
        else:
            run = runs.taking(word, number)
            run.last = number
            _advance(run, word, event)
    for runs in unfinished.values():
        for run in runs:
            tally.note("log-run-not-completed", trace.case_id)
            placed[run.last] = _left_open(trace.events[run.last], run)
    return tuple(placed[number] for number in sorted(placed))


class _OpenRuns:
    """The unfinished runs of one step. A start takes the oldest that waits, so all that have begun
    are older than all that wait: no search, however many there are.
    """

    def __init__(self) -> None:
        self._begun: deque[_Open] = deque()
        self._waiting: deque[_Open] = deque()
        self._number = 0
        self._by_pause: dict[bool, list[tuple[int, _Open]]] | None = None

    def __iter__(self) -> Iterator[_Open]:
        yield from self._begun
        yield from self._waiting

    def taking(self, word: str, number: int) -> _Open:
        """The run that an event belongs to: the oldest that can take it, else a new one."""
        if word == "start":
            begun = self._waiting.popleft() if self._waiting else self._new(number)
            self._begun.append(begun)
            if self._by_pause is not None:
                heappush(self._by_pause[False], (begun.number, begun))
            return begun
        run = self._known(word)
        if run is None:
            run = self._new(number)
            self._waiting.append(run)
        if word in _NEVER_FIRST and self._by_pause is not None:
            heappush(self._by_pause[word == "suspend"], (run.number, run))
        return run

    def ended(self) -> _Open | None:
        """The run that an end belongs to: the one begun first, else the one handed over first."""
        queue = self._begun or self._waiting
        if not queue:
            return None
        run = queue.popleft()
        run.over = True
        return run

    def _known(self, word: str) -> _Open | None:
        if word == "schedule":
            return None
        if word == "assign":
            return self._waiting[0] if self._waiting else None
        oldest = next(iter(self), None)
        if oldest is None or word == "reassign":
            return oldest
        # a second "suspend" says nothing new
        return self._oldest(suspended=word == "resume") or oldest

    def _oldest(self, *, suspended: bool) -> _Open | None:
        """Runs stand in two heaps by what they were: those that have changed are passed over."""
        if self._by_pause is None:
            self._by_pause = {
                which: [(run.number, run) for run in self if run.suspended is which]
                for which in (True, False)
            }
            for heap in self._by_pause.values():
                heapify(heap)
        heap = self._by_pause[suspended]
        while heap and (heap[0][1].over or heap[0][1].suspended is not suspended):
            heappop(heap)
        return heap[0][1] if heap else None

    def _new(self, number: int) -> _Open:
        self._number += 1
        run = _Open(number, self._number)
        if self._by_pause is not None:
            heappush(self._by_pause[False], (run.number, run))
        return run


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
    """An event that stands for a whole run, perhaps with a start in the same line; a line that
    tells a start and no end is of a run that goes on.
    """
    begun = event.enabled_us if event.started_us is None else event.started_us
    if event.at_us is None and event.transition is None and begun is not None:
        tally.note("log-run-not-completed", case_id)
        return StepRun(
            event.activity, begun, event.resource, event.enabled_us, event.started_us,
            completed=False,
        )  # fmt: skip
    return _finished(event, _Open(0), case_id, tally)


def _end(event: Event, runs: _OpenRuns, case_id: str, tally: Tally) -> StepRun:
    run = runs.ended()
    if run is None:
        return _point(event, case_id, tally)
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
        undone=event.transition is not None and event.transition.casefold() in _UNDONE,
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
