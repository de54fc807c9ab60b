"""A play obeys what queueing theory proves: waiting times, Little's law, no dossier lost."""

from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.replay.play import NEVER, play
from analysis.replay.staff import Staff
from tests.analysis.replay.test_play import DESK, SIGN, load, one, staff

WORK = 2_000
DOSSIERS = 20_000
LONG_DAY = 28_800


def erlang_wait(busy: float, people: int) -> float:
    """Mean wait of M/M/c (Erlang C), work 1."""
    load_ = busy * people
    all_taken = load_**people / factorial(people) / (1 - busy)
    waits = all_taken / (sum(load_**n / factorial(n) for n in range(people)) + all_taken)
    return waits / (people * (1 - busy))


def played(busy: float, people: int, seed: int, *, always_alike: bool = False):
    chance = np.random.default_rng(seed)
    arrived = np.cumsum(chance.exponential(WORK / busy / people, DOSSIERS)).astype(int)
    work = np.full(DOSSIERS, WORK) if always_alike else chance.exponential(WORK, DOSSIERS)
    dossiers = [one(int(at), round(length)) for at, length in zip(arrived, work, strict=True)]
    days = int(arrived[-1]) // LONG_DAY + 20
    there = np.ones((people, days), dtype=bool)
    opens = list(range(0, (days + 1) * LONG_DAY, LONG_DAY))
    return arrived, play(load(dossiers), Staff.made({DESK: list(range(people))}, there, opens))


def mean_wait(busy: float, people: int, **how) -> float:
    plays = [played(busy, people, seed, **how)[1] for seed in range(4)]
    return sum(each.waited[0] for each in plays) / sum(each.runs[0] for each in plays) / WORK


@pytest.mark.parametrize(("busy", "people"), [(0.5, 1), (0.7, 1), (0.7, 3)])
def test_the_mean_wait_is_that_of_erlang(busy, people):
    assert mean_wait(busy, people) == pytest.approx(erlang_wait(busy, people), rel=0.1)


def test_work_that_is_always_alike_waits_half_as_long():
    assert mean_wait(0.7, 1, always_alike=True) == pytest.approx(0.7 / 2 / 0.3, rel=0.1)


def test_who_is_there_is_what_comes_times_how_long_it_stays():
    arrived, done = played(0.7, 2, seed=9)
    stays = done.finished - arrived
    begin, end = arrived[0], done.finished.max()
    moments = np.concatenate((arrived, done.finished))
    order = np.argsort(moments, kind="stable")
    there = np.cumsum(np.repeat([1, -1], len(arrived))[order])[:-1]
    mean = (there * np.diff(moments[order])).sum() / (end - begin)
    assert mean == pytest.approx(len(arrived) / (end - begin) * stays.mean())


jobs = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), min_size=1, max_size=30)


@given(jobs, st.integers(1, 3))
def test_one_more_person_keeps_nobody_waiting_longer(jobs, people):
    def waits(number: int) -> np.ndarray:
        dossiers = load([one(arrived, work) for arrived, work in sorted(jobs)])
        work = np.array([work for _, work in sorted(jobs)])
        return play(dossiers, staff({DESK: list(range(number))})).finished - work

    assert (waits(people + 1) <= waits(people)).all()


ways = st.lists(
    st.tuples(
        st.integers(0, 300),
        st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.integers(0, 40)), min_size=1),
    ),
    min_size=1,
    max_size=15,
)


@given(ways, st.integers(1, 3), st.integers(0, 9))
def test_every_dossier_ends_or_is_still_there_and_nobody_works_twice(ways, people, days):
    dossiers = [
        (arrived, [(*step, 0, (n - 1,) if n else ()) for n, step in enumerate(steps)])
        for arrived, steps in ways
    ]
    members = {DESK: list(range(people)), SIGN: [0]}
    done = play(load(dossiers), staff(members, days=days + 1))
    ended = done.finished != NEVER
    assert (done.finished[ended] >= np.array([arrived for arrived, _ in ways])[ended]).all()
    held = [work for _, steps in ways for post, work in steps if post >= 0]
    assert sum(done.runs) <= len(held)
    if ended.all():
        assert sum(done.runs) == len(held)
        assert sum(done.worked) == sum(held)
        assert sum(done.worked) <= people * max(done.finished)
