"""The editions of offices' calendars: by which one something is counted, or was when it was over.

A dossier follows every change of the calendar while it is not returned, and where nothing of it
moves it does so without an event: which edition it names says nothing about what was over before.
An open step that nothing moves of (its due time has passed, or it has none) names the calendar of
its beginning still; it is counted by the one of now all the same.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import orjson
import pyarrow as pa

from analysis.facts.clock_readings import Counted, Moments, Seconds
from analysis.facts.coded import NONE, coded, codes_of, different

_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Editions:
    """versions: the office's own calendar in each edition of an agency; of_units: and those of its
    units that have one. begun: of each agency since when, in seconds and in order, which edition
    was in force.
    """

    versions: Mapping[tuple[str, int], str]
    of_units: Mapping[tuple[str, int], Mapping[str, str]]
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
            {(row["agency_id"], row["edition"]): orjson.loads(row["versions"]) for row in rows},
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

    def of_units_at(self, second: int, agencies: Any, units: Any, asked: Any) -> Counted:
        """Of each row that is asked for the calendar of its unit that is in force at a moment."""
        agency, unit = coded(agencies), coded(units)
        width = len(unit.dictionary) + 1  # a place for none
        keys = codes_of(agency) * width + codes_of(unit) + 1
        kept, place = different(keys[asked], len(agency.dictionary) * width)
        names, of = agency.dictionary.to_pylist(), [None, *unit.dictionary.to_pylist()]
        found = [
            self._of_unit(names[key // width], of[key % width], second) for key in kept.tolist()
        ]
        versions = sorted({each for each in found if each is not None})
        places = [NONE if each is None else versions.index(each) for each in found]
        codes = np.full(len(keys), NONE, np.int64)
        codes[asked] = np.array(places, np.int64)[place]
        return Counted(codes, tuple(versions))

    def _of_unit(self, agency: str, unit: str | None, second: int) -> str | None:
        if agency not in self.begun:
            return None
        at, numbers = self.begun[agency]
        place = max(int(np.searchsorted(at, second, side="right")) - 1, 0)
        of_units = self.of_units[agency, int(numbers[place])]
        return of_units.get(unit or "", of_units.get(""))
