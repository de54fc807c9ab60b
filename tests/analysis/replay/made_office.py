"""An office made by hand: dossiers go through steps in turn, each post's people take what came first.

Times are open seconds of the country's calendar; everybody is there every day. What is made is
known: so much work a step, so many people, first come first served.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import heapify, heappop, heappush

import numpy as np
import pyarrow as pa

from analysis.facts.columns import FACTS
from analysis.facts.facts import Facts, facts_of
from analysis.period import Period
from analysis.queues.open_hours import OpenHours
from analysis.queues.scope import Scope
from analysis.replay.what_if import replay_hours
from engine.working_calendar.viet_nam import vietnam
from tests.analysis.made_facts import USUAL, VN

CALENDAR = vietnam(2025, 2027)
SPRING = Scope.of(Period(date(2026, 3, 2), date(2026, 4, 30)))
HOURS = replay_hours(CALENDAR, SPRING)
READ_AT = int(datetime(2026, 7, 1, tzinfo=VN).timestamp()) * 1_000_000


@dataclass(frozen=True)
class Post:
    """A step of one post: mean work in open seconds (exponential), and its people."""

    element: str
    work_ws: float
    people: int


def made_office(
    arrivals_us: np.ndarray,
    posts: Sequence[Post],
    limit_ws: int,
    chance: np.random.Generator,
    *,
    hours: OpenHours = HOURS,
    read_at_us: int = READ_AT,
    pauses: Mapping[int, int] = {},
) -> Facts:
    """Facts of an office in which all dossiers go through all posts. pauses: open seconds that a
    dossier stands before its first step, and that its limit does not count."""
    dossiers, clock = len(arrivals_us), hours.clock(np.sort(arrivals_us))
    work = [chance.exponential(post.work_ws, dossiers).astype(int) + 1 for post in posts]
    events = [(int(at) + pauses.get(n, 0), 0, n) for n, at in enumerate(clock)]
    heapify(events)
    free = [[(0, person) for person in range(post.people)] for post in posts]
    rows = []
    while events:  # in order of arrival at each post
        at, place, n = heappop(events)
        pause = pauses.get(n, 0) if place == 0 else 0
        since, person = heappop(free[place])
        start = max(at, since)
        end = start + int(work[place][n])
        heappush(free[place], (end, person))
        rows.append((n, place, person, at - pause, start, end, pause))
        if place + 1 < len(posts):
            heappush(events, (end, place + 1, n))
    return _facts(np.array(rows), clock, posts, limit_ws, hours, read_at_us)


def _facts(rows, clock, posts, limit_ws, hours, read_at_us) -> Facts:
    n, place, person, at, start, end, pause = rows.T
    us = lambda reading: hours.moment(reading) * 1_000_000  # noqa: E731
    ended = us(end)
    known, begun = ended <= read_at_us, us(start) <= read_at_us
    steps = {
        "dossier_id": uuids(n),
        "step_run_id": uuids(np.arange(len(rows)) + 10**9),
        "element_id": [posts[p].element for p in place],
        "position": [posts[p].element for p in place],
        "person_id": nulled(uuids(place * 1000 + person + 10**8), begun),
        "enabled_us": us(at),
        "started_us": nulled(us(start), begun),
        "ended_us": nulled(ended, known),
        "state": ["completed" if each else "open" for each in known],
        "waiting_ws": nulled(start - at - pause, begun),
        "handling_ws": nulled(end - start, known),
        "paused_ws": pause,
        "paused_us": us(at + pause) - us(at),
    }
    last = place == len(posts) - 1
    finish = np.full(len(clock), -1)
    finish[n[last & known]] = end[last & known]
    total = np.zeros(len(clock), dtype=int)
    np.add.at(total, n, pause)
    done, work_ws = finish >= 0, finish - clock - total
    dossiers = {
        "dossier_id": uuids(np.arange(len(clock))),
        "received_us": us(clock),
        "finished_us": nulled(us(np.maximum(finish, 0)), done),
        "due_us": us(clock + limit_ws + total),
        "state": ["finished" if each else "open" for each in done],
        "limit_ws": np.full(len(clock), limit_ws),
        "work_ws": nulled(work_ws, done),
        "result": nulled(["late" if each > limit_ws else "on_time" for each in work_ws], done),
    }
    stood = pause > 0
    pauses = {
        "dossier_id": uuids(n[stood]),
        "kind": ["supplement"] * int(stood.sum()),
        "since_us": us(at)[stood],
        "until_us": us(at + pause)[stood],
        "paused_ws": pause[stood],
    }
    made = {"step_interval": steps, "dossier_fact": dossiers, "pause_fact": pauses}
    return facts_of(
        {name: full(name, columns) for name, columns in made.items()}, read_at_us, read_at_us, VN
    )


def full(name: str, columns: Mapping[str, Sequence]) -> pa.Table:
    length = len(next(iter(columns.values())))
    usual = {key: [value] * length for key, value in USUAL[name].items()}
    given = usual | dict(columns)
    return pa.table({key: given.get(key, [None] * length) for key in FACTS[name]})


def uuids(numbers) -> list[str]:
    return [f"00000000-0000-0000-0000-{int(each):012x}" for each in numbers]


def nulled(values, known) -> list:
    return [value if keep else None for value, keep in zip(list(values), known, strict=True)]


def evenly(
    a_day: float, scope: Scope = SPRING, hours: OpenHours = HOURS, *, chance, before_days: int = 55
):
    """Moments of arrival, so many a working day, Poisson, from before the period to its end."""
    begin, end = hours.clock(
        np.array([scope.start_us - before_days * 86_400_000_000, scope.end_us])
    )
    number = chance.poisson(a_day * (end - begin) / (8 * 3600))
    return hours.moment(np.sort(chance.integers(begin, end, number))) * 1_000_000
