"""What the conformance cases do not show of events: many times, moments, several beginnings."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.runtime.instance import Instance, NothingWaits, NotOpen
from engine.runtime.specification import Specification
from processes.timer import VIET_NAM, InvalidTimer, Repetition
from tests.conformance.cases import events_messages, events_outwards, events_waiting
from tests.conformance.event_drawing import begun_by, border, catch, declared
from tests.engine.drawing import draw, end, gateway, start, step

NEW_YEAR = datetime(2027, 1, 1, 9, 0, tzinfo=VIET_NAM)
BEFORE = datetime(2026, 12, 31, 9, 0, tzinfo=VIET_NAM)


def specification(*nodes, flows):
    drawn = draw(*nodes, flows=flows, beside=declared(nodes))
    return Specification.parse(etree.fromstring(drawn), "Process")


def opened(instance):
    return sorted(step.element_id for step in instance.open_steps().values())


def only(standing):
    (token,) = standing
    return token


@pytest.mark.parametrize(("now", "taken"), [(NEW_YEAR, ["B"]), (BEFORE, ["C"])])
def test_today_in_a_condition_is_the_day_of_the_act(now, taken):
    spec = specification(
        *(start(), step("A"), gateway("exclusive", "X", "C"), step("B"), step("C"), end()),
        flows=("S A", "A X", 'X B: today() >= date("2027-01-01")', "X C", "B E", "C E"),
    )
    instance, _ = Instance.start(spec, {}, now=BEFORE)
    instance.complete(only(instance.open_steps()), {}, now=now)
    assert opened(instance) == taken


def test_a_condition_on_time_is_looked_at_with_each_act():
    spec = specification(
        *(start(), gateway("parallel", "F"), step("A"), step("B"), end(), end("E2")),
        *(catch("C1", 'conditional today() >= date("2027-01-01")'), step("C"), end("E3")),
        flows=("S F", "F A", "F B", "F C1", "A E", "B E2", "C1 C", "C E3"),
    )
    instance, _ = Instance.start(spec, {}, now=BEFORE)
    instance.complete(min(instance.open_steps()), {}, now=BEFORE)
    assert opened(instance) == ["B"]
    instance.complete(only(instance.open_steps()), {}, now=NEW_YEAR)
    assert opened(instance) == ["C"]


def several_starts():
    return specification(
        *(begun_by("S1", "message M"), begun_by("S2", "timer R/P1D"), start()),
        *(step("A"), step("B"), step("C"), end()),
        flows=("S1 A", "S2 B", "S C", "A E", "B E", "C E"),
    )


@pytest.mark.parametrize(("at", "open_"), [(None, "C"), ("S1", "A"), ("S2", "B"), ("S", "C")])
def test_a_dossier_begins_at_the_event_that_opened_it(at, open_):
    instance, progress = Instance.start(several_starts(), {}, at)
    assert opened(instance) == [open_]
    assert progress.passed == (at or "S",)
    again = Instance.restore(several_starts(), instance.encode())
    assert again.complete(only(again.open_steps()), {}).completed


def test_a_dossier_does_not_begin_at_what_is_no_start_event():
    with pytest.raises(NothingWaits):
        Instance.start(several_starts(), {}, "A")


def beside_it():
    return specification(
        *(start(), step("A"), border("W", "A", "message M", beside=True), end(), end("E2")),
        flows=("S A", "A E", "W E2"),
    )


def test_an_event_that_does_not_interrupt_happens_as_often_as_it_comes():
    instance, _ = Instance.start(beside_it(), {})
    for _ in range(300):
        assert instance.deliver("message", "M", {}).passed == ("W", "E2")
    assert opened(instance) == ["A"]
    assert instance.complete(only(instance.open_steps()), {}).completed
    with pytest.raises(NotOpen):
        instance.deliver("message", "M", {})


ALL = [*events_messages.CASES, *events_outwards.CASES, *events_waiting.CASES]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ALL), st.data())
def test_a_dossier_saved_at_any_moment_goes_on_the_same_whatever_happens(case, choices):
    """Acts in any order, not only those of the case's script."""
    spec = Specification.parse(etree.fromstring(case.drawn()), "Process")
    kept, _ = Instance.start(spec, {"n": 0})
    saved = Instance.restore(spec, kept.encode())
    for _ in range(10):
        acts = [
            *(("complete", token) for token in kept.open_steps()),
            *(("fire", token) for token in kept.waiting_timers()),
            *(("deliver_at", token) for token in kept.waiting_events()),
        ]
        assert bool(acts) != kept.completed
        if not acts:
            break
        act, token = choices.draw(st.sampled_from(acts))
        data = {"n": choices.draw(st.integers(0, 9))}
        assert getattr(kept, act)(token, data) == getattr(saved, act)(token, data)
        assert saved.encode() == kept.encode()
        saved = Instance.restore(spec, saved.encode())
        assert saved.encode() == kept.encode()


@pytest.mark.parametrize(
    ("text", "times"), [("R3/PT1H", 3), ("R/P1D", None), ("P1D", None), (" R12/P1M ", 12)]
)
def test_a_repetition_is_read_as_iso_8601_has_it(text, times):
    assert Repetition.parse(text).times == times


@pytest.mark.parametrize(
    "text", ["", "R", "R3", "R0/PT1H", "R3/", "R3/PT0S", "0 0 * * *", "R3/PT1H/PT2H", "R-1/P1D"]
)
def test_a_repetition_that_cannot_be_counted_is_refused(text):
    with pytest.raises(InvalidTimer):
        Repetition.parse(text)


def test_a_repetition_keeps_its_beat_and_does_not_make_up_for_what_was_missed():
    daily = Repetition.parse("R/P1D")
    armed = datetime(2026, 3, 2, 9, 0, tzinfo=VIET_NAM)
    late = datetime(2026, 3, 5, 17, 0, tzinfo=VIET_NAM)
    assert daily.after(armed, late) == datetime(2026, 3, 6, 9, 0, tzinfo=VIET_NAM)
    stated = Repetition.parse("R2/2026-09-01T08:00/P1D")
    assert stated.first == datetime(2026, 9, 1, 8, 0, tzinfo=VIET_NAM)
