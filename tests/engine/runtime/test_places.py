"""A way that one dossier has gone need not be run by the library for the next of its version."""

import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.runtime import places
from engine.runtime.instance import Instance, NotOpen, NoWayOn
from engine.runtime.running import Running
from processes.errors import RuleError
from tests.engine.drawing import end, gateway, start, step
from tests.engine.runtime.running import Run, line
from tests.engine.runtime.test_many_returns import simple

YES, NO = {"du": True}, {"du": False}
FEW, MANY = NO | {"so": Decimal(1)}, NO | {"so": Decimal(4)}
ACTS = ("start", "complete", "fire", "deliver", "deliver_at", "send_back", "cancel")


@pytest.fixture
def library(monkeypatch):
    """Which acts the library was asked to do."""
    asked = []
    for name in ACTS:
        bound = getattr(Running, name)
        real = bound.__func__ if name == "start" else bound

        def asks(*args, _name=name, _real=real, **more):
            asked.append(_name)
            return _real(*args, **more)

        monkeypatch.setattr(Running, name, classmethod(asks) if name == "start" else asks)
    return asked


def choice(condition="du = true", default="C"):
    """A, then B where the condition holds."""
    otherwise = "G C" if default else "G C: du = false"
    return Run(
        *(start(), step("A"), gateway("exclusive", "G", default=default)),
        *(step("B"), step("C"), end()),
        flows=("S A", "A G", f"G B: {condition}", otherwise, "B E", "C E"),
        data=NO,
        checked=False,
    )


def anew(run):
    """Another dossier of the same version."""
    return Instance.start(run.specification, run.data)[0]


def completed(instance, data, now=None):
    (token,) = instance.open_steps()
    return instance.complete(token, data, now=now)


def test_the_second_dossier_goes_the_way_of_the_first_without_the_library(library):
    run = line("A", "B", "C")
    first = [completed(run.instance, {}) for _ in range(3)]
    assert library == ["start", *["complete"] * 3]
    second = anew(run)
    assert [completed(second, {}) for _ in range(3)] == first
    assert second.encode() == run.instance.encode()
    assert library == ["start", *["complete"] * 3]


def test_a_dossier_taken_up_from_the_database_knows_the_ways_too(library):
    run = line("A", "B")
    at_first = run.saved()
    run.complete("A")
    again = Instance.restore(run.specification, bytes(bytearray(at_first)))
    assert [step.element_id for step in completed(again, {}).opened] == ["B"]
    assert library == ["start", "complete"]


def test_where_a_condition_answers_otherwise_the_way_is_another(library):
    run = choice()
    run.complete("A")
    assert run.open == ["C"]
    for entered, opened, asked in ((YES, "B", 2), (NO, "C", 2), (YES, "B", 2)):
        other = anew(run)
        (step_opened,) = completed(other, entered).opened
        assert step_opened.element_id == opened
        assert library.count("complete") == asked


def test_a_condition_on_the_day_is_asked_on_each_day():
    run = choice('today() < date("2026-03-07")')
    opened = []
    for day in (6, 8, 6):
        progress = completed(anew(run), NO, datetime(2026, 3, day, tzinfo=UTC))
        opened += [step.element_id for step in progress.opened]
    assert opened == ["B", "C", "B"]


@pytest.mark.parametrize("known", [False, True])
def test_an_act_that_fails_leaves_the_dossier_where_it_stood(known):
    run = choice("so > 3", default=None)
    if known:
        completed(anew(run), MANY)
    before = run.saved(), run.open
    with pytest.raises((RuleError, ArithmeticError)):
        completed(run.instance, {"so": "ba", "du": True})
    with pytest.raises(NotOpen):
        run.instance.complete(999, {})
    assert (run.saved(), run.open) == before
    assert [step.element_id for step in completed(run.instance, FEW).opened] == ["C"]


def test_no_way_on_is_said_each_time():
    run = choice("du = null", default=None)
    for _ in range(2):
        with pytest.raises(NoWayOn):
            completed(anew(run), YES)


def test_what_is_returned_can_be_changed_without_harm_to_the_next():
    run = line("A", "B")
    run.instance.open_steps().clear()
    assert run.open == ["A"]


def test_a_version_remembers_some_places_and_no_more(monkeypatch):
    monkeypatch.setattr(places, "_ROOM", 5)
    run = simple()
    for _ in range(10):
        run.complete("A", "B", "C")
    assert len(run.specification.places._known) == 5


@pytest.mark.parametrize("bound", ["_OPEN", "_LARGEST"])
def test_a_place_that_is_large_is_not_remembered(monkeypatch, library, bound):
    monkeypatch.setattr(places, bound, 0)
    run = line("A", "B")
    for dossier in (run.instance, anew(run)):
        opened = [completed(dossier, {}).opened for _ in range(2)]
        assert [[step.element_id for step in each] for each in opened] == [["B"], []]
        assert dossier.completed
    assert library.count("complete") > 2
    known = run.specification.places._known.values()
    assert not any(place.steps for place in known)


def test_of_one_place_some_ways_are_remembered_and_no_more(monkeypatch):
    monkeypatch.setattr(places, "_WAYS", 1)
    run = choice()
    for entered in (YES, NO, YES, NO):
        (opened,) = completed(anew(run), entered).opened
        assert opened.element_id == ("B" if entered is YES else "C")


def test_an_act_that_asks_very_much_is_not_remembered(monkeypatch, library):
    monkeypatch.setattr(places, "_QUESTIONS", 0)
    run = choice()
    for _ in range(2):
        completed(anew(run), YES)
    assert library.count("complete") == 2


def test_many_threads_may_find_the_same_ways():
    run, ends = line("A", "B", "C", "D"), []

    def live():
        for _ in range(20):
            run.specification.places.forget()
            other = anew(run)
            while not other.completed:
                completed(other, {})
            ends.append(other.encode())

    threads = [threading.Thread(target=live) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 80
    assert len(set(ends)) == 1
