"""How full the hands of each position are: a lack of people, or a rule that keeps them waiting?

Utilisation = working time in which its people had at least one run in hand / working time in which
they were there (`presence`). Above 85 % with a growing queue it is a problem of capacity; below
60 % while runs wait at least twice as long as they are handled, a rule, a priority or an outside
cause keeps them. A run that is claimed and left lying counts as in hand. Source: queueing theory
(the wait grows as 1 / (1 - utilisation)).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from analysis.facts.facts import Facts
from analysis.queues.held import ENDED, Held, Pieces
from analysis.queues.open_hours import NoOpenHours, OpenHours
from analysis.queues.presence import Presence
from analysis.queues.scope import Scope
from analysis.queues.stretches import union_lengths
from analysis.rate import Rate

_FULL_PERCENT = 85
_EASY_PERCENT = 60
_LONG_WAIT = 2


class Burden(StrEnum):
    """What the figures of a position point to."""

    CAPACITY = "capacity"  # full, and the queue grows
    FULL = "full"  # full, and it keeps up
    RULE = "rule"  # time to spare, and runs wait all the same
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Utilisation:
    """One position in one unit of an agency. Working seconds.

    handling_ws: of the runs that ended, which may have been several at once. queue_first,
    queue_last: who waited when the period began and ended.
    """

    agency_id: str
    unit: str | None
    position: str | None
    people: int
    there_ws: int
    busy_ws: int
    runs: int
    waiting_ws: int
    handling_ws: int
    queue_first: int
    queue_last: int

    @property
    def rate(self) -> Rate:
        """Busy time of the time people were there."""
        return Rate(self.busy_ws, self.there_ws)

    @property
    def burden(self) -> Burden:
        busy = self.busy_ws * 100
        if busy > _FULL_PERCENT * self.there_ws:
            return Burden.CAPACITY if self.queue_last > self.queue_first else Burden.FULL
        waits = self.waiting_ws >= _LONG_WAIT * self.handling_ws and self.waiting_ws > 0
        return Burden.RULE if waits and busy < _EASY_PERCENT * self.there_ws else Burden.EVEN


def utilisation(
    facts: Facts, scope: Scope, hours: Mapping[str, OpenHours]
) -> tuple[Utilisation, ...]:
    """The positions of the period, the fullest first; people are never told apart.

    A procedure or step narrows the runs that are counted, not what keeps people busy. hours: of
    each agency, NoOpenHours where one is missing.
    """
    made: list[Utilisation] = []
    until = min(scope.end_us, facts.at_us)
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in _posts(facts, scope, until):
        rows.setdefault(row["agency_id"], []).append(row)
    for agency, posts in rows.items():
        if agency not in hours:
            raise NoOpenHours(agency=agency)
        busy = _busy(facts, scope, agency, hours[agency], until)
        for post in posts:
            people, there, in_hand = busy.get((post["unit"], post["position"]), (0, 0, 0))
            made.append(Utilisation(**post, people=people, there_ws=there, busy_ws=in_hand))
    return tuple(
        sorted(
            made,
            key=lambda u: (
                -(u.busy_ws / u.there_ws if u.there_ws else 0),
                u.agency_id,
                u.unit or "",
                u.position or "",
            ),
        )
    )


def _posts(facts: Facts, scope: Scope, until: int) -> list[dict[str, Any]]:
    where, values = scope.steps("ended_us")
    within = f"{ENDED} and {where}"
    narrowed, _ = scope.steps()
    waits = "coalesce(started_us, ended_us, $until_us)"
    sql = f"""
        select agency_id, unit, position, count(case when {within} then 1 end) as runs,
            cast(coalesce(sum(case when {within} then waiting_ws end), 0) as bigint) as waiting_ws,
            cast(coalesce(sum(case when {within} then handling_ws end), 0) as bigint)
                as handling_ws,
            count(case when enabled_us < $start_us and {waits} >= $start_us then 1 end)
                as queue_first,
            count(case when enabled_us < $until_us and {waits} >= $until_us then 1 end)
                as queue_last
        from step_interval where {narrowed} and enabled_us < $until_us
            and coalesce(ended_us, $until_us) >= $start_us
        group by agency_id, unit, position order by agency_id, unit, position
    """  # noqa: S608  # conditions of ours
    return facts.rows(sql, **values, until_us=until)


def _busy(
    facts: Facts, scope: Scope, agency: str, hours: OpenHours, until: int
) -> dict[tuple[str | None, str | None], tuple[int, int, int]]:
    """By unit and position: people, seconds they were there, seconds with something in hand."""
    held = Held.of(facts, scope, agency, scope.start_us)
    if not len(held.person):
        return {}
    pieces = Pieces.of(facts, scope, agency, scope.start_us)
    presence = Presence.of(hours, held.persons, *held.acts())
    pairs = np.unique(held.post * held.persons + held.person)
    person, post = pairs % held.persons, pairs // held.persons
    there = presence.seconds(person, scope.start_us, until)
    key = np.searchsorted(pairs, pieces.post * held.persons + pieces.person)
    begin, end = (
        presence.clock(pieces.person, np.clip(edge, scope.start_us, until))
        for edge in (pieces.begin, pieces.end)
    )
    busy = union_lengths(key, begin, end, len(pairs))
    came = there > 0
    return {
        named: (
            int(np.count_nonzero(came & (post == number))),
            int(there[post == number].sum()),
            int(busy[post == number].sum()),
        )
        for number, named in enumerate(held.posts)
    }
