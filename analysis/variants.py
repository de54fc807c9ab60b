"""The different ways cases go through the steps, and how many go each way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.event_log.step_runs import StepRun


@dataclass(frozen=True, slots=True)
class Variant:
    """One sequence of activities and the number of cases that took it."""

    activities: tuple[str, ...]
    n: int


def way_of(runs: Sequence[StepRun]) -> tuple[str, ...]:
    """The activities of a case in the order of its runs."""
    return tuple(run.activity for run in runs)


def variants(cases: Iterable[Sequence[StepRun]]) -> tuple[Variant, ...]:
    """All variants, the most frequent first, then by their activities."""
    counted = Counter(map(way_of, cases))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Variant(activities, n) for activities, n in ordered)
