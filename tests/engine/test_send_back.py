"""Sending back: with a reason, to a step that was, counted; branches beside stay as they are."""

import pytest

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import complete_step
from engine.dossiers.refusals import (
    AlreadyEnded,
    HandlingFinished,
    HeldByOther,
    NoSuchStep,
    NotYours,
    ReasonNeeded,
)
from engine.dossiers.send_back import earlier_steps, send_back
from engine.journal import verify
from engine.runtime.instance import CannotSendBack
from engine.store.tables import timer as timer_table
from tests.engine.drawing import CLERK, OFFICER, draw, end, field, gateway, start, step, sub, timer
from tests.engine.offices import datetime_of, stranger

WHY = "Thiếu chữ ký của trưởng phòng"


def line(*names):
    flows = [f"{a} {b}" for a, b in zip(("S", *names), (*names, "E"), strict=True)]
    return draw(start(), *(step(name) for name in names), end(), flows=tuple(flows))


def parallel():
    return draw(
        start(),
        *(step("A"), gateway("parallel", "F"), step("B"), step("B2"), step("C")),
        *(gateway("parallel", "J"), step("D"), end()),
        flows=("S A", "A F", "F B", "B B2", "F C", "B2 J", "C J", "J D", "D E"),
    )


class Work:
    """One dossier and an officer who does every step of it."""

    def __init__(self, ward, diagram):
        self.ward = ward
        self.officer = ward.holder(*OFFICER)
        self.outcome = ward.received(diagram, 2026, 3, 2, 8, 0)

    def run(self, element):
        return self.ward.run(self.outcome, element)

    def complete(self, *elements, **data):
        for element in elements:
            complete_step(self.ward.office, self.officer, self.run(element).step_run_id, data)

    def send_back(self, element, to, why=WHY, **options):
        actor = options.pop("actor", self.officer)
        run = self.run(element).step_run_id
        return send_back(self.ward.office, actor, run, to, why, **options)

    @property
    def open(self):
        return sorted(run.element_id for run in self.ward.file(self.outcome).open_steps)

    def earlier(self, element):
        with self.ward.office.database.read() as connection:
            run = self.run(element).step_run_id
            return earlier_steps(self.ward.office, connection, self.officer, run)


def test_a_dossier_goes_back_with_a_reason_and_what_came_after_is_done_again(ward):
    work = Work(ward, line("A", "B", "C"))
    work.complete("A", "B")
    ward.at(2026, 3, 2, 9, 0)
    assert work.earlier("C") == (("B", "Bước B"), ("A", "Bước A"))
    outcome = work.send_back("C", "A")
    assert [opened.element_id for opened in outcome.opened] == ["A"]
    returned = work.run("C")
    assert (returned.state, returned.reason) == ("sent_back", WHY)
    assert returned.completed_by == work.officer.account_id
    again = work.run("A")
    assert (again.attempt, again.sent_back_from) == (2, "C")
    assert again.due_at == datetime_of(2026, 3, 2, 11, 0)  # its limit is counted anew
    work.complete("A", "B", "C")
    assert ward.file(outcome).row.state == "returned"
    attempts = [(run.element_id, run.attempt) for run in ward.file(outcome).steps]
    assert sorted(attempts) == [(name, n) for name in "ABC" for n in (1, 2)]
    assert "step.sent_back" in ward.events(outcome)


def test_what_was_entered_before_stands_until_it_is_entered_anew(ward):
    diagram = draw(
        start(),
        *(step("A", field("n")), step("B"), end()),
        flows=("S A", "A B", "B E"),
    )
    work = Work(ward, diagram)
    work.complete("A", n="một")
    work.send_back("B", "A")
    ward.forget()
    assert ward.file(work.outcome).data["n"] == "một"
    work.complete("A", n="hai")
    work.complete("B")
    assert ward.file(work.outcome).data["n"] == "hai"


def test_a_dossier_sent_back_200_times_is_still_handled(sqlite_ward):
    """1,200 times, where the library alone freezes: tests/engine/runtime/test_going_back.py."""
    work = Work(sqlite_ward, line("A", "B"))
    office, officer = sqlite_ward.office, work.officer
    run = work.outcome.opened[0].step_run_id
    for _ in range(200):
        run = complete_step(office, officer, run).opened[0].step_run_id
        run = send_back(office, officer, run, "A", WHY).opened[0].step_run_id
    assert work.run("A").attempt == 201
    sqlite_ward.forget()
    work.complete("A", "B")
    assert sqlite_ward.file(work.outcome).row.state == "returned"


def test_without_a_reason_or_to_nowhere_nothing_goes_back(sqlite_ward):
    work = Work(sqlite_ward, line("A", "B", "C"))
    work.complete("A")
    before = sqlite_ward.events(work.outcome)
    with pytest.raises(ReasonNeeded):
        work.send_back("B", "A", why="  ")
    for nowhere in ("C", "B", "E", "khong_co"):
        with pytest.raises(CannotSendBack):
            work.send_back("B", nowhere)
    assert sqlite_ward.events(work.outcome) == before
    assert work.open == ["B"]


def test_who_may_not_complete_a_step_may_not_send_it_back(sqlite_ward):
    work = Work(sqlite_ward, line("A", "B"))
    work.complete("A")
    an, binh, *_ = sqlite_ward.holders(*OFFICER)
    with pytest.raises(NotYours):
        work.send_back("B", "A", actor=sqlite_ward.holder(*CLERK))
    with pytest.raises(NoSuchStep):
        work.send_back("B", "A", actor=stranger(an))
    claim(sqlite_ward.office, binh, work.run("B").step_run_id)
    with pytest.raises(HeldByOther):
        work.send_back("B", "A", actor=an)
    work.send_back("B", "A", actor=binh)
    with pytest.raises(AlreadyEnded):
        work.send_back("B", "A", actor=binh)
    with sqlite_ward.office.database.read() as connection, pytest.raises(NoSuchStep):
        earlier_steps(
            sqlite_ward.office, connection, stranger(an), work.outcome.opened[0].step_run_id
        )


def test_out_of_parallel_branches_nothing_goes_back_while_another_is_open(ward):
    work = Work(ward, parallel())
    work.complete("A")
    with pytest.raises(CannotSendBack):
        work.send_back("B", "A")
    assert work.open == ["B", "C"]
    assert ward.events(work.outcome) == ["dossier.received", "step.completed"]


def test_within_a_branch_the_siblings_are_left_alone(ward):
    work = Work(ward, parallel())
    work.complete("A", "B")
    claim(ward.office, work.officer, work.run("C").step_run_id)
    before = work.run("C")
    work.send_back("B2", "B")
    assert work.run("C") == before
    assert work.open == ["B", "C"]
    ward.forget()
    work.complete("B", "B2", "C", "D")
    assert ward.file(work.outcome).row.state == "returned"


def test_from_behind_a_join_one_branch_is_done_again_and_the_other_stays_done(ward):
    work = Work(ward, parallel())
    work.complete("A", "B", "C", "B2")
    ward.forget()
    work.send_back("D", "B2")
    assert work.open == ["B2"]
    ward.forget()
    work.complete("B2")
    assert work.open == ["D"]
    assert work.run("C").attempt == 1


def test_from_inside_a_sub_process_to_a_step_in_it_and_to_one_before_it(ward):
    diagram = draw(
        start(),
        step("A"),
        sub("P", start("S1"), step("B"), step("C"), end("E1", None), flows=("S1 B", "B C", "C E1")),
        end(),
        flows=("S A", "A P", "P E"),
    )
    work = Work(ward, diagram)
    work.complete("A", "B")
    work.send_back("C", "B")
    ward.forget()
    work.complete("B")
    work.send_back("C", "A")
    ward.forget()
    assert work.open == ["A"]
    work.complete("A", "B", "C")
    assert ward.file(work.outcome).row.state == "returned"
    assert work.run("B").attempt == 3


def test_timers_follow_the_way_back(ward):
    diagram = draw(
        start(),
        *(step("A"), step("B"), end(), end("E2"), end("E3")),
        *(timer("V", after="P1D", on="A"), timer("W", after="P2D", on="B")),
        flows=("S A", "A B", "B E", "V E2", "W E3"),
    )
    work = Work(ward, diagram)
    work.complete("A")
    ward.at(2026, 3, 2, 10, 0)
    work.send_back("B", "A")
    (armed,) = ward.stored(timer_table)
    assert armed.due_at == datetime_of(2026, 3, 3, 10, 0)


def test_after_handling_is_finished_it_stays_finished(ward):
    """Status 9 is reported with its moment, and the verdict of the clock is counted."""
    diagram = draw(
        start(),
        *(step("A"), step("R1", status="9"), step("R2", status="9"), end()),
        flows=("S A", "A R1", "R1 R2", "R2 E"),
    )
    work = Work(ward, diagram)
    work.complete("A")
    finished = ward.file(work.outcome).row.finished_at
    work.complete("R1")
    with pytest.raises(HandlingFinished):
        work.send_back("R2", "A")
    outcome = work.send_back("R2", "R1")
    assert (outcome.state, outcome.national_status) == ("finished", "9")
    assert ward.file(outcome).row.finished_at == finished


def test_going_back_is_done_once_per_key_and_the_journal_holds(ward):
    work = Work(ward, line("A", "B"))
    work.complete("A")
    first = work.send_back("B", "A", key="k")
    assert work.send_back("B", "A", key="k") == first
    assert ward.events(work.outcome).count("step.sent_back") == 1
    with ward.office.database.read() as connection:
        assert verify(connection) == (3, ())
