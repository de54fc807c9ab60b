"""Steps done more than once in the same case: work that came back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.event_log.step_runs import StepRun


@dataclass(frozen=True, slots=True)
class Rework:
    """Repetition of one activity.

    cases: in which it was run more than once. repeats: runs beyond the first, over all cases.
    """

    activity: str
    cases: int
    repeats: int


def rework(cases: Iterable[Sequence[StepRun]]) -> tuple[Rework, ...]:
    """The activities that were repeated, most cases first, then by name."""
    in_cases: Counter[str] = Counter()
    repeats: Counter[str] = Counter()
    for runs in cases:
        for activity, n in Counter(run.activity for run in runs).items():
            if n > 1:
                in_cases[activity] += 1
                repeats[activity] += n - 1
    ordered = sorted(in_cases.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Rework(activity, n, repeats[activity]) for activity, n in ordered)


def cases_with_rework(cases: Iterable[Sequence[StepRun]]) -> int:
    """Cases in which any activity was run more than once."""
    return sum(len({run.activity for run in runs}) < len(runs) for runs in cases)
