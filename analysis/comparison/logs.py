"""Two event logs compared: what takes longer in the second, is more often late, goes other ways.

The same statistics as between two sides of an office's facts; times are wall-clock seconds, as a
foreign log tells no calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np

from analysis.comparison.durations import Counted, mann_whitney, shift
from analysis.comparison.intervals import Interval, newcombe
from analysis.comparison.several_tests import adjusted
from analysis.comparison.side import USUAL, Gates
from analysis.comparison.ways import p_of_ways
from analysis.event_log.findings import Tally
from analysis.event_log.log import EventLog
from analysis.event_log.step_runs import StepRun, step_runs
from analysis.log_ends import CaseEnds, EndedBy, case_ends, told_span
from analysis.log_lateness import lateness
from analysis.variants import variants

_SECOND_US = 1_000_000

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class TimesCompared:
    """b against a, whole seconds. name: of the activity; "" for whole cases. shift_s: by so much b
    takes longer, between low_s and high_s. q: p corrected for the number of activities. differs:
    enough of both, q small, and a shift of at least 5 % of a's median.
    """

    name: str
    n_a: int
    n_b: int
    median_a: int | None
    median_b: int | None
    shift_s: int | None
    low_s: int | None
    high_s: int | None
    p: float | None
    q: float | None
    differs: bool


@dataclass(frozen=True, slots=True)
class LateCompared:
    """Late of ended cases that were due; difference: share of b less share of a. by_a, by_b: what
    says that a case has ended.
    """

    late_a: int
    n_a: int
    late_b: int
    n_b: int
    difference: float | None
    interval: Interval
    by_a: EndedBy
    by_b: EndedBy


@dataclass(frozen=True, slots=True)
class LogsCompared:
    """deadline: None where a log has no due dates. ways_p: whether b goes other ways. open_a,
    open_b: cases that have not ended; they are in neither, nor in the times of whole cases.
    """

    a: str
    b: str
    cases: TimesCompared
    steps: tuple[TimesCompared, ...]
    deadline: LateCompared | None
    ways_p: float | None
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    open_a: int
    open_b: int

    def to_data(self) -> dict[str, Any]:
        """Plain data under the keys that docs/reference/analyse.md describes."""
        late = self.deadline
        return {
            "against": self.a,
            "case_seconds": _times_data(self.cases),
            "activity_seconds": [_times_data(step) for step in self.steps],
            "late_against": None
            if late is None
            else {
                "late_before": late.late_a,
                "n_before": late.n_a,
                "late": late.late_b,
                "n": late.n_b,
                "difference": late.difference,
                "low": late.interval.low,
                "high": late.interval.high,
                "ended_by_before": late.by_a,
                "ended_by": late.by_b,
            },
            "open_before": self.open_a,
            "open": self.open_b,
            "ways_p": self.ways_p,
            "only_before": list(self.only_a),
            "only_now": list(self.only_b),
        }


def compare_logs(a: EventLog, b: EventLog, *, gates: Gates = USUAL) -> LogsCompared:
    """What is different in b: cases that ended, from their first to their last time, steps from
    the end of the one before. Of `gates` the least n and p hold.
    """
    runs = [_runs(log) for log in (a, b)]
    ends = [case_ends(log, each) for log, each in zip((a, b), runs, strict=True)]
    between = [_between(each) for each in runs]
    names = sorted(set(between[0]) & set(between[1]))
    steps = [_times(name, between[0][name], between[1][name]) for name in names]
    enough = [step.p if min(step.n_a, step.n_b) >= gates.n else None for step in steps]
    judged = [_judged(step, q, gates) for step, q in zip(steps, adjusted(enough), strict=True)]
    whole = _times("", *(_spans(log, each) for log, each in zip((a, b), ends, strict=True)))
    done = [{run.activity for case in each for run in case} for each in runs]
    return LogsCompared(
        a.name,
        b.name,
        _judged(whole, whole.p, gates),
        tuple(sorted(judged, key=lambda s: (not s.differs, -abs(s.shift_s or 0), s.name))),
        _late((a, b), ends),
        _ways([_over(each, of) for each, of in zip(runs, ends, strict=True)]),
        tuple(sorted(done[0] - done[1])),
        tuple(sorted(done[1] - done[0])),
        sum(ends[0].open),
        sum(ends[1].open),
    )


def _runs(log: EventLog) -> list[tuple[StepRun, ...]]:
    tally = Tally()
    return [step_runs(trace, tally) for trace in log.traces]


def _between(cases: Sequence[Sequence[StepRun]]) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for runs in cases:
        for before, run in pairwise(runs):
            if (since := before.ended_us) is not None and (at := run.ended_us) is not None:
                found.setdefault(run.activity, []).append(at - since)
    return found


def _spans(log: EventLog, ends: CaseEnds) -> list[int | None]:
    """How long each case took that has ended."""
    found = [told_span(trace) for trace in _over(log.traces, ends)]
    return [None if span is None else span[1] - span[0] for span in found]


def _over(cases: Sequence[Thing], ends: CaseEnds) -> list[Thing]:
    """What belongs to the cases that have ended."""
    return [case for case, still in zip(cases, ends.open, strict=True) if not still]


def _times(name: str, a: Sequence[int | None], b: Sequence[int | None]) -> TimesCompared:
    of_a, of_b = _counted(a), _counted(b)
    if not of_a.n or not of_b.n:
        return TimesCompared(name, of_a.n, of_b.n, None, None, None, None, None, None, None, False)
    middle, low, high = shift(of_a, of_b)
    p = mann_whitney(of_a, of_b)[1]
    median_a, median_b = (each.at_rank((each.n + 1) // 2) for each in (of_a, of_b))
    return TimesCompared(
        name, of_a.n, of_b.n, median_a, median_b, middle, low, high, p, p, differs=False
    )


def _counted(values: Sequence[int | None]) -> Counted:
    seconds = np.array([us // _SECOND_US for us in values if us is not None], dtype=np.int64)
    return Counted(*np.unique(seconds, return_counts=True))


_LEAST = 0.05  # of the median before


def _judged(found: TimesCompared, q: float | None, gates: Gates) -> TimesCompared:
    enough = min(found.n_a, found.n_b) >= gates.n
    large = abs(found.shift_s or 0) >= max(1.0, _LEAST * (found.median_a or 0))
    differs = enough and large and q is not None and q < gates.p
    return replace(found, q=q, differs=differs)


def _late(logs: Sequence[EventLog], ends: Sequence[CaseEnds]) -> LateCompared | None:
    of_a, of_b = (
        lateness([trace.deadline_us for trace in log.traces], each)
        for log, each in zip(logs, ends, strict=True)
    )
    if of_a is None or of_b is None:
        return None
    told = of_a.n > 0 and of_b.n > 0
    return LateCompared(
        of_a.late,
        of_a.n,
        of_b.late,
        of_b.n,
        of_b.late / of_b.n - of_a.late / of_a.n if told else None,
        newcombe(of_b.late, of_b.n, of_a.late, of_a.n),
        of_a.ended_by,
        of_b.ended_by,
    )


def _ways(runs: Sequence[Sequence[Sequence[StepRun]]]) -> float | None:
    counts = [{way.activities: way.n for way in variants(each)} for each in runs]
    keys = sorted({*counts[0], *counts[1]})
    return p_of_ways([(counts[0].get(key, 0), counts[1].get(key, 0)) for key in keys])


def _times_data(found: TimesCompared) -> dict[str, Any]:
    return {
        "activity": found.name or None,
        "n_before": found.n_a,
        "n": found.n_b,
        "median_before": found.median_a,
        "median": found.median_b,
        "shift": found.shift_s,
        "low": found.low_s,
        "high": found.high_s,
        "p": found.p,
        "q": found.q,
        "differs": found.differs,
    }
