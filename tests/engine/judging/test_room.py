"""A file that misbehaves costs its judge, and nobody else anything."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from engine.judging import JudgeFailed, JudgingRoom, TakesTooLong, TakesTooMuchMemory
from engine.judging.worker import spawn
from processes.document import NotBpmn

QUICK, PATIENT = 0.5, 30


@pytest.fixture
def room(request, monkeypatch):
    monkeypatch.setenv("QUYTRINH_DATABASE_URL", "postgresql://office:secret@host/name")
    found = opened(getattr(request, "param", 1), QUICK)
    yield found
    found.close()


@pytest.fixture
def patient_room():
    """Taking half a gigabyte takes time of its own."""
    found = opened(1, PATIENT)
    yield found
    found.close()


def opened(size, seconds):
    def starting():
        return spawn("-m", "tests.engine.judging.jobs")

    return JudgingRoom(size=size, seconds=seconds, starting=starting)


def test_a_job_is_answered_with_plain_values(room):
    assert room.ask("double", 21) == Decimal(42)


def test_a_job_that_turns_for_ever_is_stopped_in_time_and_the_next_one_works(room):
    room.ask("double", 1)  # the judge is there
    began = time.perf_counter()
    with pytest.raises(TakesTooLong) as refusal:
        room.ask("turn_for_ever")
    assert time.perf_counter() - began < 4 * QUICK + 10
    assert "0.5" in refusal.value.message("vi")
    assert room.ask("double", 2) == 4


def test_a_job_that_waits_for_ever_is_stopped_as_well(room):
    with pytest.raises(TakesTooLong):
        room.ask("sleep")
    assert room.ask("double", 5) == 10


def test_a_job_that_eats_memory_is_refused_and_the_next_one_works(patient_room):
    with pytest.raises(TakesTooMuchMemory):
        patient_room.ask("eat_memory")
    assert patient_room.ask("double", 3) == 6


def test_a_refusal_comes_back_as_it_was_raised(room):
    with pytest.raises(NotBpmn) as refusal:
        room.ask("refuse")
    assert "html" in refusal.value.message("vi")


@pytest.mark.parametrize(("job", "reason"), [("break_down", "KeyError"), ("die", "exit 7")])
def test_a_defect_is_told_as_a_defect_and_the_next_file_is_judged(room, job, reason):
    with pytest.raises(JudgeFailed) as refusal:
        room.ask(job)
    assert reason in refusal.value.message("en")
    assert room.ask("double", 4) == 8


def test_a_judge_cannot_send_anything_but_values(room):
    with pytest.raises(JudgeFailed):
        room.ask("answer_a_function")


def test_what_a_library_prints_does_not_reach_the_answer(room):
    assert room.ask("shout") == "done"


def test_a_judge_stays_warm_and_knows_no_secrets(room):
    (first, environment), (second, _) = room.ask("who"), room.ask("who")
    assert first == second
    assert "QUYTRINH_DATABASE_URL" not in environment


@pytest.mark.parametrize("room", [2], indirect=True, ids=["two judges"])
def test_many_ask_at_once_and_each_gets_its_own_answer(room):
    def ask(number):
        if number % 10 == 7:
            with pytest.raises(TakesTooLong):
                room.ask("turn_for_ever")
            return None
        return room.ask("double", number)

    with ThreadPoolExecutor(12) as asking:
        answers = list(asking.map(ask, range(24)))
    assert answers == [None if n % 10 == 7 else n * 2 for n in range(24)]


def test_a_closed_room_leaves_no_process_and_opens_again(room):
    before, _ = room.ask("who")
    room.close()
    after, _ = room.ask("who")
    assert before != after
    assert threading.active_count() < 20
