"""The editions of offices' calendars: by which one a dossier was counted when it was over.

A dossier follows every change of the calendar while it is not returned, and where nothing of it
moves it does so without an event: which edition it names says nothing about what was over before.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa

from analysis.facts.clock_readings import Moments, Seconds
from analysis.facts.coded import coded, codes_of

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Editions:
    """versions: the office's own calendar in each edition of an agency. begun: of each agency
    since when, in seconds and in order, which edition was in force.
    """

    versions: Mapping[tuple[str, int], str]
    begun: Mapping[str, tuple[Seconds, Seconds]]

    @classmethod
    def of(cls, told: pa.Table) -> Self:
        """Out of a row for each agency and edition: its version, and since when."""
        rows = told.to_pylist()
        since = defaultdict(list)
        for row in rows:
            since[row["agency_id"]].append((row["since"] // _SECOND, row["edition"]))
        begun = {agency: np.array(sorted(each), np.int64).T for agency, each in since.items()}
        return cls(
            {(row["agency_id"], row["edition"]): row["version"] for row in rows},
            {agency: (at, np.maximum.accumulate(number)) for agency, (at, number) in begun.items()},
        )

    def in_force(self, agencies: Any, moments: Moments, otherwise: Seconds) -> Seconds:
        """Of each row the edition at its moment; otherwise: of rows that have none."""
        column = coded(agencies)
        codes, found = codes_of(column), otherwise.copy()
        for code, agency in enumerate(column.dictionary.to_pylist()):
            if agency not in self.begun:
                continue
            at, numbers = self.begun[agency]
            rows = np.flatnonzero(moments.told & (codes == code))
            places = np.searchsorted(at, moments.seconds[rows], side="right") - 1
            found[rows] = numbers[np.maximum(places, 0)]
        return found
