"""Where the time of a step goes in a log: before it begins, in hand, paused."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.event_log.step_runs import StepRun
from analysis.quantile import Spread


@dataclass(frozen=True, slots=True)
class StepTimes:
    """The runs of one activity over all cases; spreads are None where the log does not tell.

    events: lines of the log that name it; several make one run where starts are logged.
    runs, cases: how often it was run, and in how many cases.
    first, last: cases in which it is the first and the last so far. open: runs without a logged
        end.
    since_previous: from the end of the step before it in the case to its own end; none where one
        of them is still open.
    waiting: from being handed over to the start; where the handing over is not logged, from the
        last end of another step in the case before the start.
    handling: from start to end. sojourn: from being handed over (else the start) to the end.
    paused: suspended in any of these; waiting, handling and sojourn are without it.
    """

    activity: str
    events: int
    runs: int
    cases: int
    first: int
    last: int
    open: int
    since_previous: Spread | None
    waiting: Spread | None
    handling: Spread | None
    sojourn: Spread | None
    paused: Spread | None


@dataclass(slots=True)
class _Collected:
    runs: int = 0
    cases: int = 0
    first: int = 0
    last: int = 0
    open: int = 0
    since_previous: list[int] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)
    handling: list[int] = field(default_factory=list)
    sojourn: list[int] = field(default_factory=list)
    paused: list[int] = field(default_factory=list)


def step_times(
    cases: Iterable[Sequence[StepRun]], events: Mapping[str, int]
) -> tuple[StepTimes, ...]:
    """One row an activity, most time since the previous step first, then by name.

    events: activity -> lines of the log that name it.
    """
    steps: defaultdict[str, _Collected] = defaultdict(_Collected)
    for runs in cases:
        for activity in {run.activity for run in runs}:
            steps[activity].cases += 1
        steps[runs[0].activity].first += 1
        steps[runs[-1].activity].last += 1
        _collect_between(runs, steps)
        _collect_within(runs, steps)
    rows = [_row(activity, events[activity], step) for activity, step in steps.items()]
    return tuple(sorted(rows, key=lambda row: (-_total(row.since_previous), row.activity)))


def _collect_between(runs: Sequence[StepRun], steps: dict[str, _Collected]) -> None:
    previous = None
    for run in runs:
        step = steps[run.activity]
        step.runs += 1
        ended = run.ended_us
        if previous is not None and ended is not None:
            step.since_previous.append(ended - previous)
        previous = ended


def _collect_within(runs: Sequence[StepRun], steps: dict[str, _Collected]) -> None:
    ends: list[int] | None = None
    for run in runs:
        step = steps[run.activity]
        if not run.completed:
            step.open += 1
        if run.started_us is None and run.enabled_us is None:
            continue
        if ends is None:
            ends = sorted(us for r in runs if (us := r.ended_us) is not None)
        if (waiting := _waiting(run, ends)) is not None:
            step.waiting.append(waiting)
        if (ended := run.ended_us) is not None:
            _collect_finished(run, ended, step)


def _collect_finished(run: StepRun, at_us: int, step: _Collected) -> None:
    paused = run.pause_before_us + run.pause_us
    handed_over = run.started_us if run.enabled_us is None else run.enabled_us
    if run.started_us is not None:
        step.handling.append(at_us - run.started_us - run.pause_us)
    if handed_over is not None:
        step.sojourn.append(at_us - handed_over - paused)
        step.paused.append(paused)


def _waiting(run: StepRun, ends: Sequence[int]) -> int | None:
    """Microseconds before the start, None where it is not known since when the run waited."""
    if run.started_us is None:
        return None
    if run.enabled_us is not None:
        return run.started_us - run.enabled_us - run.pause_before_us
    # a run that takes no time ends when it starts: its own end is not what it waited for
    upto = bisect_right(ends, run.started_us) - (run.completed and run.at_us == run.started_us)
    return run.started_us - ends[upto - 1] if upto > 0 else None


def _row(activity: str, events: int, step: _Collected) -> StepTimes:
    return StepTimes(
        activity,
        events,
        step.runs,
        step.cases,
        step.first,
        step.last,
        step.open,
        Spread.of(step.since_previous),
        Spread.of(step.waiting),
        Spread.of(step.handling),
        Spread.of(step.sojourn),
        Spread.of(step.paused) if any(step.paused) else None,
    )


def _total(spread: Spread | None) -> float:
    return 0.0 if spread is None else spread.sum
