"""When each person was there: the office's open time on the days on which they did anything.

Nobody keeps a roster in the facts, so presence is read off acts: who started or ended a run on a
working day was there for the whole of it; on other days they were not.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.queues.open_hours import Ints, OpenHours


@dataclass(frozen=True, slots=True, eq=False)
class Presence:
    """present: person x working day. before: open seconds that a person was there before a day."""

    hours: OpenHours
    present: NDArray[np.bool_]
    before: Ints

    @classmethod
    def of(cls, hours: OpenHours, persons: int, person: Ints, acted_us: Ints) -> Self:
        """Presence of so many persons out of (person, moment) pairs."""
        present = np.zeros((persons, len(hours.days)), dtype=bool)
        day = hours.day_of(acted_us)
        known = day >= 0
        present[person[known], day[known]] = True
        lengths = np.diff(hours.day_clock)
        before = np.zeros((persons, len(hours.days) + 1), dtype=np.int64)
        np.cumsum(present * lengths, axis=1, out=before[:, 1:])
        return cls(hours, present, before)

    def clock(self, person: Ints, us: Ints) -> Ints:
        """Open seconds before each moment in which the person was there."""
        clock = self.hours.clock(us)
        day = self.hours.day_at(clock)
        within = (clock - self.hours.day_clock[day]) * self.present[person, day]
        return np.asarray(self.before[person, day] + within, dtype=np.int64)

    def seconds(self, person: Ints, start_us: int, end_us: int) -> Ints:
        """Open seconds that each person was there between two moments."""
        edges = (np.full(len(person), edge, dtype=np.int64) for edge in (start_us, end_us))
        begin, end = (self.clock(person, edge) for edge in edges)
        return end - begin
