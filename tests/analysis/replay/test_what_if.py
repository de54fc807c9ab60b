"""What a change would do, played on an office whose people, work and rules are known."""

import numpy as np
import pytest

from analysis.replay.change import (
    AS_IT_WAS,
    Arrivals,
    Change,
    Dropped,
    InvalidChange,
    Limit,
    People,
    SupplementRate,
)
from analysis.replay.office_model import NothingToReplay
from analysis.replay.what_if import past_of, what_if
from tests.analysis.made_facts import made_facts
from tests.analysis.replay.made_office import HOURS, READ_AT, SPRING, Post, evenly, made_office

HOUR = 3600
POSTS = (Post("Receive", 600, 1), Post("Appraise", 4000, 2), Post("Sign", 1500, 1))
LIMIT = 9 * HOUR


def office(a_day: float = 10, seed: int = 8, **columns):
    chance = np.random.default_rng(seed)
    return made_office(evenly(a_day, chance=chance), POSTS, LIMIT, chance, **columns)


@pytest.fixture(scope="module")
def facts():
    return office()


def asked(facts, change=AS_IT_WAS, *, seed=3, resets=()):
    past = past_of(facts, "A", SPRING, HOURS, resets)
    return what_if(past, change, seed=seed, replications=8)


def difference(answer, measure):
    return next(each for each in answer.differences if each.measure == measure)


def test_a_replay_of_the_past_comes_near_to_it(facts):
    answer = asked(facts)
    assert answer.trusted, answer.checks
    assert answer.observed.received > 300


def test_nothing_changed_is_no_difference(facts):
    assert [each.difference for each in asked(facts).differences] == [0, 0, 0]


def test_one_more_person_where_the_queue_is_shortens_the_wait(facts):
    answer = asked(facts, Change(people=(People("U", "Appraise", 1),)))
    gained = difference(answer, "p95_ws")
    assert gained.certain
    assert gained.interval.high < -HOUR
    (post,) = [each for each in answer.posts if each.position == "Appraise"]
    assert (post.people_before, post.people_after) == (2, 3)
    assert post.wait_after_ws < post.wait_before_ws / 2


def test_one_more_person_where_nobody_waits_changes_little(facts):
    at_the_queue = asked(facts, Change(people=(People("U", "Appraise", 1),)))
    elsewhere = asked(facts, Change(people=(People("U", "Receive", 1),)))
    gained, hardly = (abs(difference(a, "p50_ws").difference) for a in (at_the_queue, elsewhere))
    assert hardly < gained / 3


def test_one_person_fewer_makes_dossiers_late(facts):
    lost = difference(asked(facts, Change(people=(People("U", "Appraise", -1),))), "in_time")
    assert lost.certain
    assert lost.difference < -0.2


def test_a_step_left_out_takes_its_time_with_it(facts):
    gained = difference(asked(facts, Change(dropped=(Dropped("P", "Sign"),))), "p50_ws")
    assert gained.certain
    assert gained.difference < -1000


def test_a_shorter_limit_makes_dossiers_late_and_nobody_faster(facts):
    answer = asked(facts, Change(limits=(Limit("P", HOUR),)))
    assert difference(answer, "in_time").difference < -0.3
    assert difference(answer, "p50_ws").difference == 0


def test_more_arrivals_make_longer_queues_and_fewer_shorter_ones(facts):
    more = difference(asked(facts, Change(arrivals=(Arrivals(1.2),))), "p50_ws")
    fewer = difference(asked(facts, Change(arrivals=(Arrivals(0.5, "P"),))), "p50_ws")
    assert more.difference > 0 > fewer.difference
    assert more.certain
    assert fewer.certain


def often_paused():
    """An office that asks for a supplement in every third dossier; it takes two days to come."""
    chance = np.random.default_rng(15)
    paused = np.flatnonzero(chance.random(2_000) < 1 / 3)
    pauses = dict.fromkeys(paused.tolist(), 16 * HOUR)
    return made_office(evenly(8, chance=chance), POSTS, LIMIT, chance, pauses=pauses)


def test_the_citizens_time_is_not_the_offices():
    facts = often_paused()
    known = past_of(facts, "A", SPRING, HOURS).model.supplements["P"]
    assert abs(known.share - 1 / 3) < 0.05
    assert set(known.paused_ws.tolist()) == {16 * HOUR}
    in_time, median, _ = asked(facts).checks
    assert in_time.near
    assert median.replayed < 4 * HOUR  # of the sixteen that every third dossier stood, nothing
    fewer = asked(facts, Change(supplements=(SupplementRate("P", 0.0),)))
    assert abs(difference(fewer, "p50_ws").difference) < HOUR


def test_after_a_supplement_the_limit_may_begin_again():
    facts = often_paused()
    goes_on, begins_again = asked(facts), asked(facts, resets=("P",))
    assert begins_again.checks[1].replayed <= goes_on.checks[1].replayed


def test_the_same_seed_gives_the_same_answer(facts):
    change = Change(people=(People("U", "Sign", 1),), arrivals=(Arrivals(1.5),))
    assert asked(facts, change) == asked(facts, change)
    assert asked(facts, change) != asked(facts, change, seed=4)


def test_a_replay_that_does_not_know_the_office_says_so(facts):
    rush = "update step_interval set waiting_ws = waiting_ws + 200000, started_us = started_us"
    strange = office()
    strange.connection.execute(rush)
    strange.connection.execute("update dossier_fact set work_ws = work_ws * 3")
    assert not asked(strange).trusted


@pytest.mark.parametrize(
    "change",
    [
        Change(people=(People("U", "Nobody", 1),)),
        Change(people=(People("U", "Appraise", -3),)),
        Change(limits=(Limit("Q", 1),)),
        Change(dropped=(Dropped("P", "Task_9"),)),
        Change(supplements=(SupplementRate("P", 0.5),)),
        Change(arrivals=(Arrivals(1.1, "Q"),)),
    ],
)
def test_what_the_past_does_not_know_is_refused(facts, change):
    with pytest.raises(InvalidChange):
        asked(facts, change)


@pytest.mark.parametrize(
    "made",
    [
        lambda: People("U", "Sign", 0),
        lambda: Limit("P", 0),
        lambda: SupplementRate("P", 1.1),
        lambda: Arrivals(-0.1),
        lambda: Arrivals(10),
    ],
)
def test_a_change_that_no_office_can_make_is_refused(made):
    with pytest.raises(InvalidChange):
        made()


def test_an_office_without_finished_dossiers_has_nothing_to_replay():
    with pytest.raises(NothingToReplay):
        asked(made_facts(READ_AT))
