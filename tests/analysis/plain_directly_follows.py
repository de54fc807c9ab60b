"""Which step follows which, run by run: slow, plain, and what the fast way must equal."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from analysis.directly_follows import Arc
from analysis.event_log.step_runs import StepRun
from analysis.quantile import Spread

WorkingClock = Callable[[int], int]
"""Instant in microseconds of UTC -> microseconds that the office was open until then."""


def plain_directly_follows(
    cases: Iterable[Sequence[StepRun]], clock: WorkingClock | None = None
) -> tuple[Arc, ...]:
    """The arcs of all cases, the most frequent first, then by name."""
    counts: dict[tuple[str, str], int] = {}
    times: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for runs in cases:
        for one, next_ in pairwise(runs):
            arc = one.activity, next_.activity
            counts[arc] = counts.get(arc, 0) + 1
            ended = [run.at_us for run in (one, next_) if run.completed and run.at_us is not None]
            if len(ended) == 2:
                times.setdefault(arc, []).append((ended[0], ended[1]))
    return tuple(
        _arc(arc, n, times.get(arc, []), clock)
        for arc, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _arc(
    arc: tuple[str, str],
    n: int,
    times: Sequence[tuple[int, int]],
    clock: WorkingClock | None,
) -> Arc:
    elapsed = Spread.of([end - begin for begin, end in times])
    working = None
    if clock is not None:
        working = Spread.of([clock(end) - clock(begin) for begin, end in times])
    return Arc(*arc, n, elapsed, working)
