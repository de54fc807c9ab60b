"""A log as columns of numbers, for measures that run over all of its events at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.event_log.step_runs import StepRun

NO_TIME = -(2**62)


@dataclass(frozen=True, eq=False)
class LogArrays:
    """One entry a run, case after case, in each case by its end.

    case: the number of the case; activity: the place of its name in `names`; at_us: when it ended,
    microseconds of UTC, NO_TIME where not told or not ended.
    """

    names: tuple[str, ...]
    case: NDArray[np.int64]
    activity: NDArray[np.int64]
    at_us: NDArray[np.int64]


def arrays_of(cases: Sequence[Sequence[StepRun]]) -> LogArrays:
    """The columns of the runs of each case; this passes once over every run."""
    numbers: dict[str, int] = {}
    activity = [numbers.setdefault(run.activity, len(numbers)) for runs in cases for run in runs]
    at_us = [NO_TIME if (us := run.ended_us) is None else us for runs in cases for run in runs]
    lengths = np.array([len(runs) for runs in cases], dtype=np.int64)
    return LogArrays(
        tuple(numbers),
        np.repeat(np.arange(len(cases)), lengths),
        np.array(activity, dtype=np.int64),
        np.array(at_us, dtype=np.int64),
    )
