"""One play of dossiers, people and days: each takes what came first, nobody works while away."""

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.replay.draws import Workload
from analysis.replay.play import NEVER, consumed, play
from analysis.replay.staff import Staff

DAY = 100
DESK, SIGN = ("U", "desk"), ("U", "sign")


def staff(members, days: int = 200, away: Sequence[tuple[int, int]] = ()) -> Staff:
    """away: (person, day)."""
    persons = 1 + max((p for served in members.values() for p in served), default=0)
    present = np.ones((persons, days), dtype=bool)
    for person, day in away:
        present[person, day] = False
    return Staff.made(members, present, list(range(0, (days + 1) * DAY, DAY)))


def load(dossiers, limit: int = 10**6) -> Workload:
    """Dossiers as (arrived, runs); a run as (post, work, delay, waits for which runs)."""
    post, work, delay, waits, follow, dossier, finishes, first = [], [], [], [], [], [], [], [0]
    for number, (_, runs) in enumerate(dossiers):
        after: list[list[int]] = [[] for _ in runs]
        for place, (at, length, before_ws, waits_for) in enumerate(runs):
            post.append(at)
            work.append(length)
            delay.append(before_ws)
            waits.append(len(waits_for))
            dossier.append(number)
            finishes.append(place == len(runs) - 1)
            for before in waits_for:
                after[before].append(place - before)
        follow += map(tuple, after)
        first.append(len(post))
    column = lambda values: np.array(values, dtype=np.int64)  # noqa: E731
    nothing = np.zeros(len(dossiers), dtype=np.int64)
    never = np.zeros(len(post), dtype=bool)
    return Workload(
        column([arrived for arrived, _ in dossiers]),
        nothing,
        nothing + limit,
        nothing,
        column(first),
        column(dossier),
        column(post),
        column(work),
        column(delay),
        column(waits),
        follow,
        np.array(finishes),
        never,
        never,
    )


def finished(dossiers, people) -> list[int]:
    return play(load(dossiers), people).finished.tolist()


def one(arrived: int, work: int, delay: int = 0):
    return (arrived, [(0, work, delay, ())])


def test_who_comes_first_is_served_first():
    assert finished([one(0, 10), one(1, 10), one(2, 10)], staff({DESK: [0]})) == [10, 20, 30]


def test_two_people_serve_two_at_once():
    assert finished([one(0, 10), one(1, 10), one(2, 10)], staff({DESK: [0, 1]})) == [10, 11, 20]


def test_work_stops_while_its_person_is_away_and_goes_on_after():
    assert finished([one(90, 30)], staff({DESK: [0]}, away=[(0, 1)])) == [200 + 20]


def test_nobody_takes_up_work_on_a_day_away():
    assert finished([one(110, 5)], staff({DESK: [0]}, away=[(0, 1)])) == [205]


def test_a_colleague_who_is_there_takes_it():
    assert finished([one(110, 5)], staff({DESK: [0, 1]}, away=[(0, 1)])) == [115]


def test_what_takes_its_time_without_people_takes_no_people():
    runs = [one(0, 5, delay=50), one(0, 10)]
    assert finished(runs, staff({DESK: [0]})) == [55, 10]


def test_who_serves_two_posts_takes_what_has_waited_longest():
    dossiers = [one(0, 10), (1, [(1, 10, 0, ())]), one(2, 10)]
    assert finished(dossiers, staff({DESK: [0], SIGN: [0]})) == [10, 20, 30]


def test_a_join_waits_for_both_branches():
    fork = [(-1, 0, 0, ()), (0, 10, 0, (0,)), (1, 30, 0, (0,)), (0, 5, 0, (1, 2))]
    assert finished([(0, fork)], staff({DESK: [0], SIGN: [1]})) == [35]


def test_a_post_without_anybody_never_ends():
    assert finished([one(0, 10)], staff({DESK: []})) == [NEVER]


def test_work_that_outlives_the_last_day_never_ends():
    assert finished([one(0, 500)], staff({DESK: [0]}, days=3)) == [NEVER]


def test_time_that_stands_is_not_consumed():
    dossiers = load([one(0, 10), one(0, 10)])
    dossiers.paused[1] = 7
    played = play(dossiers, staff({DESK: [0]}))
    assert consumed(played, 1000)[0].tolist() == [10, 13]


def test_what_has_not_ended_by_then_is_open():
    spent, over = consumed(play(load([one(0, 10), one(0, 10)]), staff({DESK: [0]})), 15)
    assert (spent.tolist(), over.tolist()) == ([10, 15], [True, False])


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), min_size=1, max_size=30),
    st.integers(1, 4),
)
def test_it_is_the_schedule_of_whoever_is_free_first(jobs, people):
    jobs = sorted(jobs)
    free = [0] * people
    expected = []
    for arrived, work in jobs:
        end = max(arrived, heappop(free)) + work
        heappush(free, end)
        expected.append(end)
    dossiers = [one(arrived, work) for arrived, work in jobs]
    assert finished(dossiers, staff({DESK: list(range(people))})) == expected
