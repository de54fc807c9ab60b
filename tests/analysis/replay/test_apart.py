"""A what-if is played in a process of its own: the same answer, in bounded time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis.replay import apart
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
    answer = Players(seconds=120).play(past, ONE_MORE, 3, 2)
    assert answer == what_if(past, ONE_MORE, seed=3, replications=2)


def test_what_takes_too_long_is_stopped(past):
    with pytest.raises(TooLongToPlay):
        Players(seconds=0.01).play(past, ONE_MORE, 3, 2)


def test_a_change_that_cannot_be_is_refused_before_anything_is_started(past):
    with pytest.raises(InvalidChange):
        Players(seconds=0).play(past, Change(people=(People("U", "Nobody", 1),)), 3, 2)


def asked_together(players, past, questions):
    """What each of several people is told who ask at the same time."""
    with ThreadPoolExecutor(len(questions)) as people:
        asked = [people.submit(players.play, past, *question) for question in questions]
        return [each.exception() or each.result() for each in asked]


def test_who_comes_while_one_is_played_waits_for_it(past):
    answers = asked_together(Players(seconds=120), past, [(ONE_MORE, 3, 2), (AS_IT_WAS, 3, 2)])
    assert answers == [
        what_if(past, change, seed=3, replications=2) for change in (ONE_MORE, AS_IT_WAS)
    ]


def test_who_has_waited_too_long_or_finds_a_long_line_is_told_so(past):
    players = Players(seconds=0.05)
    with players._place(), pytest.raises(PlayersBusy):
        players.play(past, AS_IT_WAS, 3, 1)
    for _ in range(8):
        players._line.acquire()
    with pytest.raises(PlayersBusy):
        players.play(past, AS_IT_WAS, 3, 1)


def test_a_question_that_is_asked_twice_is_played_once(past, monkeypatch):
    played = []

    def counting(task, seconds, play=apart._played):
        played.append(task)
        return play(task, seconds)

    monkeypatch.setattr(apart, "_played", counting)
    players = Players(seconds=120)
    first, second = asked_together(players, past, [(ONE_MORE, 3, 2)] * 2)
    assert first == second == players.play(past, ONE_MORE, 3, 2)
    assert len(played) == 1
    players.play(past, ONE_MORE, 4, 2)
    assert len(played) == 2


def test_a_play_that_failed_is_tried_again(past):
    players = Players(seconds=0.01)
    for _ in range(2):
        with pytest.raises(TooLongToPlay):
            players.play(past, ONE_MORE, 3, 2)
