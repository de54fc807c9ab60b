"""Who serves which post in a replay, and on which days, with people added or taken away.

Somebody new is there as the person in the middle of that post's order of work was. Who leaves is
that person too, from all posts. A post without anybody keeps its work waiting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.queues.open_hours import Ints
from analysis.replay.change import InvalidChange, People, TooFewPeople
from analysis.replay.office_model import OfficeModel, Post


@dataclass(frozen=True, slots=True, eq=False)
class Staff:
    """members: persons of each post, by its number; serves: posts of each person.

    here: day x person. end_day: person x day, the first day after it on which they are away;
    next_day: the first from it on on which they are there, or the number of days.
    """

    posts: tuple[Post, ...]
    members: list[list[int]]
    serves: list[list[int]]
    here: list[list[bool]]
    end_day: list[list[int]]
    next_day: list[list[int]]
    day_clock: list[int]

    @classmethod
    def of(cls, model: OfficeModel, changes: Sequence[People] = ()) -> Self:
        """The people of the office, changed (InvalidChange for a post that nobody served)."""
        members = {post: list(persons) for post, persons in model.members.items()}
        present = model.present
        for change in changes:
            present = _changed(members, present, change)
        return cls.made(members, present, model.hours.day_clock.tolist())

    @classmethod
    def made(
        cls,
        members: Mapping[Post, Sequence[int]],
        present: NDArray[np.bool_],
        day_clock: list[int],
    ) -> Self:
        """People by post, who of them is there on which day, and when days begin."""
        posts = tuple(members)
        serves: list[list[int]] = [[] for _ in range(len(present))]
        for number, post in enumerate(posts):
            for person in members[post]:
                serves[person].append(number)
        end_day, next_day = _looking_ahead(present)
        return cls(
            posts,
            [list(members[post]) for post in posts],
            serves,
            present.T.tolist(),
            end_day.tolist(),
            next_day.tolist(),
            day_clock,
        )

    def finish(self, person: int, now: int, work: int, day: int) -> int | None:
        """When work begun now, on a day on which the person is there, is done; None = never."""
        day_clock, end_day, next_day = self.day_clock, self.end_day[person], self.next_day[person]
        while True:
            end = end_day[day]
            left = day_clock[end] - now
            if work <= left:
                return now + work
            work -= left
            if end >= len(next_day):
                return None
            day = next_day[end]
            if day >= len(next_day):
                return None
            now = day_clock[day]


def _changed(
    members: Mapping[Post, list[int]], present: NDArray[np.bool_], change: People
) -> NDArray[np.bool_]:
    post = (change.unit, change.position)
    if post not in members:
        raise InvalidChange(what=change.typed)
    if -change.by > len(members[post]):
        raise TooFewPeople(what=change.typed, people=len(members[post]), fewer=-change.by)
    served = members[post]
    for _ in range(abs(change.by)):
        if not served:
            raise InvalidChange(what=change.typed)
        middle = served[(len(served) - 1) // 2]
        if change.by > 0:
            served.append(len(present))
            present = np.vstack((present, present[middle]))
        else:
            for persons in members.values():
                if middle in persons:
                    persons.remove(middle)
    return present


def _looking_ahead(present: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """By person and day: the first day away, and the first day there, from that day on."""
    persons, days = present.shape
    away = np.full((persons, days + 1), days, dtype=np.int64)
    there = np.full((persons, days + 1), days, dtype=np.int64)
    for day in range(days - 1, -1, -1):
        away[:, day] = np.where(present[:, day], away[:, day + 1], day)
        there[:, day] = np.where(present[:, day], day, there[:, day + 1])
    return away[:, :days], there[:, :days]
