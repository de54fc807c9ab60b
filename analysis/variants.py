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


def variants(cases: Iterable[Sequence[StepRun]]) -> tuple[Variant, ...]:
    """All variants, the most frequent first, then by their activities."""
    counted = Counter(tuple(run.activity for run in runs) for runs in cases)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Variant(activities, n) for activities, n in ordered)
