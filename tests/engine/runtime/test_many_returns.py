"""However often a dossier goes round, it costs what it cost at first: time, bytes, memory.

QUYTRINH_RETURNS=10000 goes round that often instead of 300 times.
"""

import os
import sys
from statistics import mean

import pytest
from lxml import etree

from engine.runtime.instance import Instance
from engine.runtime.specification import Specification
from tests.conformance.event_drawing import border, declared
from tests.engine.drawing import draw, end, gateway, start, step, sub
from tests.engine.runtime.running import Run, line

RETURNS = int(os.environ.get("QUYTRINH_RETURNS", "300"))
WATCHED = 30
AGAIN = "G M: again = true"


def simple():
    return Run(
        *(start(), gateway("exclusive", "M"), step("A"), step("B"), step("C")),
        *(gateway("exclusive", "G", default="E"), end()),
        flows=("S M", "M A", "A B", "B C", "C G", AGAIN, "G E"),
        data={"again": True},
        checked=False,
    )


def with_branches_and_a_sub_process():
    return Run(
        *(start(), gateway("exclusive", "M"), gateway("parallel", "F"), step("A"), step("B")),
        sub("P", start("S1"), step("C"), end("E1", None), flows=("S1 C", "C E1")),
        *(gateway("parallel", "J"), gateway("exclusive", "G", default="E"), end()),
        flows=("S M", "M F", "F A", "F B", "A J", "B J", "J P", "P G", AGAIN, "G E"),
        data={"again": True},
        checked=False,
    )


def instances(run):
    """Activity instances in memory."""
    workflow = run.instance._in_hand()._workflow
    return sum(len(scope.tasks) for scope in (workflow, *workflow.subprocesses.values()))


def calls(act):
    """How many functions an act calls: what it costs, on any machine and under any load."""
    counted = 0

    def count(_frame, event, _argument):
        nonlocal counted
        counted += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        act()
    finally:
        sys.setprofile(before)
    return counted


def costs(run):
    """Of one round: functions called, to save and to take up again too; bytes, and instances."""
    acting = calls(lambda: run.complete("A", "B", "C"))
    state = run.saved()
    return (
        acting,
        calls(run.saved),
        calls(lambda: Instance.restore(run.specification, state)),
        len(state),
        instances(run),
    )


@pytest.mark.parametrize("drawing", [simple, with_branches_and_a_sub_process])
def test_going_round_costs_the_same_after_any_number_of_rounds(drawing):
    run = drawing()
    run_round = ("A", "B", "C")
    for _ in range(10):
        run.complete(*run_round)
    early = [costs(run) for _ in range(WATCHED)]
    for _ in range(RETURNS):
        run.complete(*run_round)
    late = [costs(run) for _ in range(WATCHED)]
    for first, last in zip(zip(*early, strict=True), zip(*late, strict=True), strict=True):
        assert mean(last) <= 1.2 * mean(first)
    run.complete(*run_round, again=False)
    assert run.instance.completed


def test_sent_back_any_number_of_times_it_stays_small_and_ends():
    run = line("A", "B", "C")
    run.complete("A", "B")
    sizes = []
    for _ in range(RETURNS):
        run.send_back("C", "A")
        assert run.complete("A", "B") == ["C"]
        sizes.append((len(run.saved()), instances(run)))
    for number in range(2):
        assert mean(s[number] for s in sizes[-20:]) <= 1.2 * mean(s[number] for s in sizes[:20])
    run.complete("C")
    assert run.instance.completed


def test_an_event_beside_a_step_may_come_any_number_of_times():
    nodes = (start(), step("A"), border("W", "A", "message M", beside=True), end(), end("E2"))
    drawn = draw(*nodes, flows=("S A", "A E", "W E2"), beside=declared(nodes))
    instance, _ = Instance.start(Specification.parse(etree.fromstring(drawn), "Process"), {})
    sizes = []
    for _ in range(RETURNS):
        assert instance.deliver("message", "M", {}).passed == ("W", "E2")
        sizes.append(len(instance.encode()))
    assert mean(sizes[-50:]) <= 1.2 * mean(sizes[20:70])
    (token,) = instance.open_steps()
    assert instance.complete(token, {}).completed


def test_a_person_may_return_over_the_last_rounds_one_after_the_other():
    run = simple()
    for _ in range(50):
        run.complete("A", "B", "C")
    assert [run.earlier("A"), len(run.saved()) < 700] == [["C", "B"], True]
    for element, target in [("A", "B"), ("B", "C"), ("C", "B")]:
        assert target in run.earlier(element)
        run.send_back(element, target)
        assert run.open == [target]
    run.complete("B", "C")
    assert run.open == ["A"]
