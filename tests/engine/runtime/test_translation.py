"""What the designer drew is what runs, whatever its elements are called."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.runtime.translation import element_id, inner_id, is_drawn, runnable
from processes.document import BPMN
from tests.engine.drawing import draw, end, field, gateway, start, step, sub, timer
from tests.engine.runtime.running import Run


@given(st.text(min_size=1))
def test_an_id_comes_back_as_the_designer_wrote_it(text):
    assert element_id(inner_id(text)) == text


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_ids_never_become_one(one, other):
    assert (inner_id(one) == inner_id(other)) == (one == other)


@given(st.text(min_size=1))
def test_no_id_meets_a_name_of_the_library(text):
    inner = inner_id(text)
    assert is_drawn(inner)
    assert "." not in inner


@pytest.mark.parametrize("name", ["Start", "End", "Root", "A.EndJoin", "A.BoundaryEventSplit"])
def test_the_library_s_own_names_are_not_drawn(name):
    assert not is_drawn(name)


RESERVED = ["Start", "End", "Root", "Process.EndJoin", "A.BoundaryEventSplit", "StartEventSplit"]


@pytest.mark.parametrize("name", [*RESERVED, "n_5fh", "Bước_một", "_a_5fh", "x:y", "{7}"])
def test_a_step_may_be_called_anything(name):
    """The library alone loses a step that is called like one of its own: it never opens."""
    run = Run(
        start(),
        *(step("A"), step(name), step("B"), end("E")),
        timer("W", after="P1D", on=name, interrupting=False),
        end("E2"),
        flows=("S A", f"A {name}", f"{name} B", "B E", "W E2"),
    )
    assert run.complete("A") == [name]
    assert run.waiting == ["W"]
    assert run.complete(name) == ["B"]
    run.complete("B")
    assert run.last.completed


@pytest.mark.parametrize("names", [("Start", "End"), ("End", "Start"), ("Root", "Process.EndJoin")])
def test_starts_and_ends_may_be_called_anything(names):
    first, last = names
    run = Run(start(first), step("A"), end(last), flows=(f"{first} A", f"A {last}"))
    run.complete("A")
    assert run.last.passed == ("A", last)
    assert run.last.ended == (last,)
    assert run.last.completed


def test_a_sub_process_may_have_elements_called_like_the_library_s():
    run = Run(
        start(),
        sub(
            "End",
            start("Start"),
            step("Root"),
            end("A", outcome=None),
            flows=("Start Root", "Root A"),
        ),
        end(),
        flows=("S End", "End E"),
    )
    assert run.open == ["Root"]
    run.complete("Root")
    assert run.last.passed == ("Root", "A", "End", "E")


@pytest.mark.parametrize("tag", ["task", "manualTask", "sendTask", "receiveTask"])
def test_every_kind_of_person_s_step_waits_for_a_person(tag):
    """The library alone completes a receive task without a message at once, silently."""
    drawn = draw(start(), step("A"), step("B"), end(), flows=("S A", "A B", "B E"))
    root = etree.fromstring(drawn.replace(b"userTask", tag.encode()))
    translated = runnable(root, "Process")
    assert len(list(translated.iter(f"{{{BPMN}}}userTask"))) == 2


def test_only_what_runs_is_passed_on_and_the_file_itself_is_left_alone():
    drawn = draw(
        start(),
        step("A", field("n")),
        end(),
        flows=("S A", "A E"),
    )
    root = etree.fromstring(drawn)
    before = etree.tostring(root)
    translated = runnable(root, "Process")
    tags = {etree.QName(element).localname for element in translated.iter()}
    assert tags == {"definitions", "process", "startEvent", "userTask", "endEvent", "sequenceFlow"}
    assert {key for e in translated.iter() for key in e.attrib} == {
        *("id", "isExecutable", "sourceRef", "targetRef")
    }
    assert etree.tostring(root) == before


def rule(event):
    translated = runnable(
        etree.fromstring(draw(start(), event, end(), flows=("S W", "W E"))), "Process"
    )
    (found,) = translated.iter(f"{{{BPMN}}}timeDuration")
    return json.loads(found.text)


def test_a_timer_is_passed_on_as_the_office_s_own_rule():
    assert rule(timer("W", limit="1.5 working_day")) == {
        "kind": "limit",
        "amount": "1.5",
        "unit": "working_day",
    }
    assert rule(timer("W", after=" PT8H ")) == {"kind": "duration", "value": "PT8H"}
    assert rule(timer("W", at="2026-09-02T08:00:00")) == {
        "kind": "date",
        "value": "2026-09-02T08:00:00",
    }


@pytest.mark.parametrize(("written", "meant"), [("true", "true"), ("1", "true"), ("0", "false")])
def test_truth_is_read_in_both_spellings_of_xml(written, meant):
    """xs:boolean; the library takes the 1 of other tools for no."""
    drawn = draw(
        start(),
        step("A"),
        timer("W", after="P1D", on="A"),
        end(),
        end("E2"),
        flows=("S A", "A E", "W E2"),
    ).replace(b'cancelActivity="true"', f'cancelActivity="{written}"'.encode())
    translated = runnable(etree.fromstring(drawn), "Process")
    (event,) = translated.iter(f"{{{BPMN}}}boundaryEvent")
    assert event.get("cancelActivity") == meant


def test_a_leading_equals_sign_of_a_condition_is_allowed():
    run = Run(
        start(),
        step("A", field("dat", "boolean", default="false")),
        gateway("exclusive", "X", default="C"),
        *(step("B"), step("C"), end()),
        flows=("S A", "A X", "X B: = dat = true", "X C", "B E", "C E"),
    )
    assert run.complete("A", dat=True) == ["B"]
