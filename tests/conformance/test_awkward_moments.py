"""Events and people at awkward moments, through the acts of the office, on each database.

Memory is lost between any two acts, so each takes the dossier up from what is stored.
"""

import threading
from datetime import timedelta

import pytest

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.deliver_message import deliver_message
from engine.dossiers.late_cause import LateCause
from engine.dossiers.refusals import AlreadyEnded
from engine.dossiers.timeouts import let_time_pass
from engine.journal import verify
from engine.proofs.rebuild import rebuild
from engine.runtime.refusals import NothingWaits
from engine.store import tables
from tests.conformance.event_drawing import border, catch, declared
from tests.conformance.harness import YEARS
from tests.engine.drawing import CHIEF, CLERK, OFFICER, draw, end, gateway, start, step, sub, timer

SPLIT, JOIN = gateway("parallel", "G"), gateway("parallel", "H")


class Story:
    """One dossier, and who acts on it."""

    def __init__(self, ward, *nodes, flows):
        drawn = draw(*nodes, flows=flows, cases=YEARS, beside=declared(nodes))
        self.ward = ward
        self.outcome = ward.received(drawn, 2026, 3, 2, 9, 0)

    @property
    def open(self):
        return sorted(run.element_id for run in self.ward.file(self.outcome).open_steps)

    def run(self, element):
        return self.ward.run(self.outcome, element)

    def who(self, element):
        run = self.run(element)
        return self.ward.holder(run.position, run.unit)

    def claim(self, element):
        self.ward.forget()
        claim(self.ward.office, self.who(element), self.run(element).step_run_id)

    def complete(self, *elements):
        for element in elements:
            self.ward.forget()
            run, now = self.run(element), self.ward.clock.now()
            late = (
                LateReason(LateCause.OTHER.value, "Chờ sự kiện hẹn giờ")
                if run.due_at < now
                else None
            )
            complete_step(self.ward.office, self.who(element), run.step_run_id, late=late)
        return self.open

    def deliver(self, name, who):
        self.ward.forget()
        deliver_message(self.ward.office, self.who(who), self.outcome.dossier_id, name)
        return self.open

    def time_passes(self):
        """The next timer of the diagram comes due."""
        self.ward.forget()
        (waiting,) = self.ward.stored(tables.timer, dossier_id=self.outcome.dossier_id)
        self.ward.clock.set(waiting.due_at + timedelta(seconds=1))
        let_time_pass(self.ward.office)
        return self.open

    def ended_well(self):
        """The journal holds, and the dossier comes to be again from it."""
        with self.ward.office.database.read() as connection:
            _, breaks = verify(connection)
            (made,) = rebuild(connection, dossier_id=self.outcome.dossier_id)
        return breaks == () and made.differences == ()


def interrupted(event):
    """Two people work side by side in a sub-process that an event on its border interrupts."""
    inner = sub(
        "P",
        *(start("S1"), SPLIT, step("A"), step("B", lane=CHIEF), JOIN, end("E1", None)),
        flows=("S1 G", "G A", "G B", "A H", "B H", "H E1"),
    )
    return (start(), inner, event, step("X"), step("Y"), end(), end("E2"))


FLOWS = ("S P", "P Y", "Y E", "W X", "X E2")


@pytest.mark.parametrize("claimed", [(), ("A",), ("A", "B")])
def test_what_interrupts_ends_the_work_of_all_who_work_side_by_side(ward, claimed):
    story = Story(ward, *interrupted(border("W", "P", "message M")), flows=FLOWS)
    for element in claimed:
        story.claim(element)
    assert story.deliver("M", "A") == ["X"]
    for element in ("A", "B"):
        with pytest.raises(AlreadyEnded):
            story.complete(element)
        with pytest.raises(AlreadyEnded):
            story.claim(element)
    assert story.complete("X") == []
    assert story.ended_well()


def test_a_timer_interrupts_when_one_of_two_branches_waits_at_the_join(ward):
    story = Story(ward, *interrupted(timer("W", after="PT4H", on="P")), flows=FLOWS)
    assert story.complete("A") == ["B"]
    story.claim("B")
    assert story.time_passes() == ["X"]
    with pytest.raises(AlreadyEnded):
        story.complete("B")
    assert story.complete("X") == []
    assert story.ended_well()


def test_a_message_before_anybody_waits_for_it_is_refused_and_comes_in_time_later(ward):
    nodes = (start(), step("A"), catch("M1", "message M"), step("B"), end())
    story = Story(ward, *nodes, flows=("S A", "A M1", "M1 B", "B E"))
    events = ward.events(story.outcome)
    with pytest.raises(NothingWaits):
        story.deliver("M", "A")
    assert (story.open, ward.events(story.outcome)) == (["A"], events)
    assert story.complete("A") == []
    assert story.deliver("M", "A") == ["B"]
    with pytest.raises(NothingWaits):
        story.deliver("M", "A")
    assert story.complete("B") == []
    assert story.ended_well()


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_timer_fires_while_somebody_holds_the_step(ward, interrupting):
    own = timer("W", after="PT4H", on="A", interrupting=interrupting)
    nodes = (start(), step("A"), own, step("X", lane=CHIEF), end(), end("E2"))
    story = Story(ward, *nodes, flows=("S A", "A E", "W X", "X E2"))
    story.claim("A")
    holder = story.run("A").holder_id
    assert story.time_passes() == (["X"] if interrupting else ["A", "X"])
    if interrupting:
        with pytest.raises(AlreadyEnded):
            story.complete("A")
    else:
        assert story.run("A").holder_id == holder
        assert story.complete("A") == ["X"]
    assert story.complete("X") == []
    assert story.ended_well()


def test_several_people_complete_several_open_steps_at_the_same_moment(ward):
    nodes = (
        *(start(), SPLIT, step("A", lane=CLERK), step("B", lane=OFFICER), step("C", lane=CHIEF)),
        *(JOIN, step("D"), end()),
    )
    flows = ("S G", "G A", "G B", "G C", "A H", "B H", "C H", "H D", "D E")
    story = Story(ward, *nodes, flows=flows)
    assert story.open == ["A", "B", "C"]
    people = {name: (story.who(name), story.run(name).step_run_id) for name in "ABC"}
    together, failed = threading.Barrier(len(people)), []

    def act(who, run):
        together.wait()
        try:
            claim(ward.office, who, run)
            complete_step(ward.office, who, run)
        except Exception as error:  # noqa: BLE001 - told by the test
            failed.append(error)

    threads = [threading.Thread(target=act, args=each) for each in people.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert story.open == ["D"]
    for name, (who, _) in people.items():
        assert story.run(name).holder_id == who.account_id
    assert story.complete("D") == []
    assert story.ended_well()
