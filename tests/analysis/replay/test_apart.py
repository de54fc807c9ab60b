"""A what-if is played in a process of its own: the same answer, in bounded time."""

import threading

import pytest

from analysis.replay.apart import Players, PlayersBusy, TooLongToPlay
from analysis.replay.change import AS_IT_WAS, Change, InvalidChange, People
from analysis.replay.what_if import past_of, what_if
from tests.analysis.replay.made_office import HOURS, SPRING
from tests.analysis.replay.test_what_if import office

ONE_MORE = Change(people=(People("U", "Appraise", 1),))


@pytest.fixture(scope="module")
def past():
    return past_of(office(), "A", SPRING, HOURS)


def test_apart_it_is_the_same_answer(past):
    apart = Players(seconds=120).play(past, ONE_MORE, 3, 2)
    assert apart == what_if(past, ONE_MORE, seed=3, replications=2)


def test_what_takes_too_long_is_stopped(past):
    with pytest.raises(TooLongToPlay):
        Players(seconds=0.01).play(past, ONE_MORE, 3, 2)


def test_a_change_that_cannot_be_is_refused_before_anything_is_started(past):
    with pytest.raises(InvalidChange):
        Players(seconds=0).play(past, Change(people=(People("U", "Nobody", 1),)), 3, 2)


def test_who_comes_while_one_is_played_is_told_to_wait(past):
    players = Players(seconds=120)
    answers = []
    first = threading.Thread(target=lambda: answers.append(players.play(past, ONE_MORE, 3, 4)))
    with players._place(), pytest.raises(PlayersBusy):
        players.play(past, AS_IT_WAS, 3, 1)
    first.start()
    first.join()
    assert len(answers) == 1
