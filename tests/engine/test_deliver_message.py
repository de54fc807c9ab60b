"""A message has come: the dossier goes on, once, told by someone who works on it."""

import pytest

from engine.dossiers.complete_step import complete_step
from engine.dossiers.deliver_message import NotOfThisDossier, UnknownKind, deliver_message
from engine.dossiers.pauses import suspend
from engine.dossiers.refusals import DossierClosed, DossierPaused, KeyReused
from engine.dossiers.timeouts import let_time_pass
from engine.proofs.rebuild import rebuild
from engine.runtime.instance import NothingWaits
from engine.store.tables import timer
from processes.data_entry import UnknownField
from tests.conformance.cases.events_messages import RECEIVE
from tests.conformance.event_drawing import border, catch, declared
from tests.engine.drawing import CHIEF, draw, end, field, gateway, start, step
from tests.engine.offices import datetime_of

CLASSES = (
    *(start(), step("A"), catch("M1", "message M")),
    gateway("exclusive", "X", default="C"),
    *(step("B", field("dat", "boolean", default="false"), lane=CHIEF), step("C", lane=CHIEF)),
    *(end(), end("E2")),
)


def waiting_diagram():
    return draw(
        *CLASSES,
        flows=("S A", "A M1", "M1 X", "X B: dat = true", "X C", "B E", "C E2"),
        beside=declared(CLASSES),
    )


def at_work(ward):
    return ward.holder("chuyen_vien", "van_phong")


def completed(ward, outcome, element):
    run = ward.run(outcome, element)
    who = ward.holder(run.position, run.unit)
    return complete_step(ward.office, who, run.step_run_id)


def open_elements(ward, outcome):
    return sorted(run.element_id for run in ward.file(outcome).open_steps)


@pytest.fixture
def waiting(ward):
    outcome = ward.received(waiting_diagram(), 2026, 3, 2, 9, 0)
    completed(ward, outcome, "A")
    return ward, outcome


def test_a_message_moves_the_dossier_on_with_what_it_says(waiting):
    ward, outcome = waiting
    assert open_elements(ward, outcome) == []
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", {"dat": True})
    assert open_elements(ward, outcome) == ["B"]
    assert ward.events(outcome)[-1] == "message.delivered"
    ward.forget()
    assert ward.file(outcome).data["dat"] is True
    completed(ward, outcome, "B")
    assert ward.file(outcome).row.state == "returned"


def test_what_a_later_step_enters_counts_over_the_message(waiting):
    ward, outcome = waiting
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", {"dat": True})
    ward.at(2026, 3, 2, 10, 0)
    run = ward.run(outcome, "B")
    who = ward.holder(run.position, run.unit)
    complete_step(ward.office, who, run.step_run_id, {"dat": False})
    assert ward.file(outcome).data["dat"] is False


def test_the_same_key_delivers_once(waiting):
    ward, outcome = waiting
    first = deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", key="k")
    assert deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", key="k") == first
    assert ward.events(outcome).count("message.delivered") == 1
    with pytest.raises(KeyReused):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "N", key="k")


def test_where_nothing_waits_it_is_said_what_is_waited_for(waiting):
    ward, outcome = waiting
    with pytest.raises(NothingWaits) as refused:
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "N")
    assert "“N”" in refused.value.message("vi")
    assert "M" in refused.value.message("vi").rpartition(":")[2]
    assert ward.events(outcome).count("message.delivered") == 0
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M")
    assert open_elements(ward, outcome) == ["C"]


def test_a_message_that_comes_before_anybody_waits_is_refused(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(waiting_diagram())
    with pytest.raises(NothingWaits):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M")
    assert open_elements(ward, outcome) == ["A"]


def test_only_who_works_on_the_dossier_may_deliver(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(waiting_diagram())
    completed(ward, outcome, "A")
    stranger = ward.holder("can_bo_mot_cua", "mot_cua")
    with pytest.raises(NotOfThisDossier):
        deliver_message(ward.office, stranger, outcome.dossier_id, "M")


def test_data_that_the_procedure_does_not_know_is_refused(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(waiting_diagram())
    completed(ward, outcome, "A")
    with pytest.raises(UnknownField):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", {"la": 1})
    with pytest.raises(UnknownKind):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M", kind="letter")


def test_a_message_ends_a_receive_step_as_completed(ward):
    nodes = (start(), RECEIVE, step("A"), end())
    drawn = draw(*nodes, flows=("S R", "R A", "A E"), beside=declared(nodes))
    outcome = ward.received(drawn, 2026, 3, 2, 9, 0)
    ward.at(2026, 3, 2, 10, 0)
    who = at_work(ward)
    deliver_message(ward.office, who, outcome.dossier_id, "M")
    run = ward.run(outcome, "R")
    assert (run.state, run.completed_by) == ("completed", who.account_id)
    assert open_elements(ward, outcome) == ["A"]


def test_a_paused_dossier_takes_no_message(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(waiting_diagram())
    run = ward.run(outcome, "A").step_run_id
    suspend(ward.office, at_work(ward), run, "Chờ kết luận thanh tra", "Luật Thanh tra")
    with pytest.raises(DossierPaused):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M")


def test_an_ended_dossier_takes_no_message(sqlite_ward):
    ward = sqlite_ward
    outcome = ward.received(waiting_diagram())
    completed(ward, outcome, "A")
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M")
    completed(ward, outcome, "C")
    with pytest.raises(DossierClosed):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "M")


def test_a_timer_that_repeats_keeps_its_beat_and_stops_after_its_last_time(ward):
    """Armed Monday 9:00, every day, three times; looked at late on Wednesday, it is not made up."""
    nodes = (
        *(start(), step("A"), border("W", "A", "timer R3/P1D", beside=True)),
        *(step("B"), end(), end("E2")),
    )
    drawn = draw(*nodes, flows=("S A", "A E", "W B", "B E2"))
    outcome = ward.received(drawn, 2026, 3, 2, 9, 0)

    def due():
        return [row.due_at for row in ward.stored(timer, dossier_id=outcome.dossier_id)]

    assert due() == [datetime_of(2026, 3, 3, 9, 0)]
    ward.at(2026, 3, 3, 9, 30)
    let_time_pass(ward.office)
    assert due() == [datetime_of(2026, 3, 4, 9, 0)]
    ward.forget()
    ward.at(2026, 3, 6, 8, 0)
    let_time_pass(ward.office)
    assert due() == [datetime_of(2026, 3, 6, 9, 0)]
    ward.at(2026, 3, 6, 9, 0)
    let_time_pass(ward.office)
    assert due() == []
    assert open_elements(ward, outcome) == ["A", "B", "B", "B"]


TWINS = (
    *(start(), gateway("parallel", "P"), step("A"), step("B", lane=CHIEF)),
    *(border("LA", "A", "error E"), border("LB", "B", "error E"), step("RA"), step("RB")),
    *(end(), end("E2"), end("E3"), end("E4")),
)
TWIN_FLOWS = ("S P", "P A", "P B", "A E", "B E2", "LA RA", "RA E3", "LB RB", "RB E4")


@pytest.fixture
def twins(ward):
    """Two steps side by side, each with an error of the same code on its border."""
    return ward, ward.received(draw(*TWINS, flows=TWIN_FLOWS, beside=declared(TWINS)))


def test_an_error_is_reported_at_the_step_of_who_reports_it(twins):
    ward, outcome = twins
    chief = ward.holder(*CHIEF)
    deliver_message(ward.office, chief, outcome.dossier_id, "E", kind="error")
    assert open_elements(ward, outcome) == ["A", "RB"]
    with ward.office.database.read() as connection:
        (rebuilt,) = rebuild(connection, ward.agency_id, outcome.dossier_id)
    assert rebuilt.differences == ()


def test_the_event_that_is_meant_is_told_and_no_other(twins):
    ward, outcome = twins
    waits = {wait.element_id: wait for wait in ward.file(outcome).waits}
    assert {name: wait.interrupts for name, wait in waits.items()} == {"LA": True, "LB": True}
    stated = {"kind": "error", "token": waits["LB"].token}
    with pytest.raises(NotOfThisDossier):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "E", **stated)
    stated = {"kind": "error", "token": waits["LA"].token}
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "E", **stated)
    assert open_elements(ward, outcome) == ["B", "RA"]
    with pytest.raises(NothingWaits):
        deliver_message(ward.office, at_work(ward), outcome.dossier_id, "E", **stated)


def test_all_that_one_event_waits_for_is_shown_and_can_be_told(sqlite_ward):
    ward = sqlite_ward
    nodes = (start(), step("A"), catch("W", "message M", "signal X"), step("B"), end())
    drawn = draw(*nodes, flows=("S A", "A W", "W B", "B E"), beside=declared(nodes))
    outcome = ward.received(drawn)
    completed(ward, outcome, "A")
    waits = ward.file(outcome).waits
    assert sorted((wait.kind, wait.name) for wait in waits) == [("message", "M"), ("signal", "X")]
    token = waits[0].token
    deliver_message(ward.office, at_work(ward), outcome.dossier_id, "X", kind="signal", token=token)
    assert open_elements(ward, outcome) == ["B"]
    assert ward.file(outcome).waits == ()
