"""What falls due is done once, by whichever worker comes first; a broken dossier holds up nobody."""

import logging
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.dossier_file import history
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.receive import Reception, receive
from engine.dossiers.refusals import AlreadyEnded
from engine.dossiers.timeouts import let_time_pass
from engine.journal import verify
from engine.office import Office
from engine.runtime.instance import Instance
from engine.store.database import Database
from engine.store.tables import execution, step_run
from engine.store.tables import timer as timer_table
from tests.engine.drawing import (
    CHIEF,
    OFFICER,
    component,
    draw,
    end,
    field,
    gateway,
    needs,
    start,
    step,
    timer,
)
from tests.engine.offices import datetime_of


def overdue(**stated):
    return draw(start(), step("A", **stated), step("B"), end(), flows=("S A", "A B", "B E"))


def consulted(*inner, head="", **stated):
    """A consultation in which silence is consent."""
    return draw(
        start(),
        step(
            "Ask", *inner, lane=CHIEF, onTimeout="deemed_consent", limit="3 working_day", **stated
        ),
        step("B"),
        end(),
        flows=("S Ask", "Ask B", "B E"),
        head=head,
    )


# Escalation


def test_an_overdue_step_escalates_once_and_can_still_be_completed(ward):
    outcome = ward.received(overdue(), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 59)
    assert let_time_pass(ward.office) == 0
    ward.at(2026, 3, 2, 10, 0)
    assert [let_time_pass(ward.office) for _ in range(3)] == [1, 0, 0]
    ward.forget()
    ward.at(2026, 3, 3, 10, 0)
    assert let_time_pass(ward.office) == 0
    assert ward.run(outcome, "A").escalated_at == datetime_of(2026, 3, 2, 10, 0)
    assert ward.events(outcome) == ["dossier.received", "step.escalated"]


def test_what_is_not_open_does_not_escalate(ward):
    outcome = ward.received(overdue(), 2026, 3, 2, 8, 0)
    officer = ward.holder(*OFFICER)
    complete_step(ward.office, officer, outcome.opened[0].step_run_id)
    ward.at(2026, 3, 2, 10, 0)  # B is due, A would have been
    assert let_time_pass(ward.office) == 1
    assert ward.run(outcome, "A").escalated_at is None


def test_many_overdue_steps_are_done_in_batches_the_longest_due_first(sqlite_ward):
    first = sqlite_ward.received(overdue(), 2026, 3, 2, 8, 0)
    officer = sqlite_ward.holder(*OFFICER)
    for minutes in (5, 10, 15, 20):
        sqlite_ward.at(2026, 3, 2, 8, minutes)
        receive(sqlite_ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    sqlite_ward.at(2026, 3, 3, 8, 0)
    assert let_time_pass(sqlite_ward.office, most=2) == 2
    assert sqlite_ward.run(first, "A").escalated_at is not None
    assert [let_time_pass(sqlite_ward.office, most=2) for _ in range(3)] == [2, 1, 0]


# Silence


def test_silence_is_consent_where_the_version_says_so(ward):
    choice = field("y_kien", "choice", "dong_y", "khong", default="dong_y")
    outcome = ward.received(consulted(choice), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 5, 8, 0)
    assert let_time_pass(ward.office) == 1
    assert let_time_pass(ward.office) == 0
    run = ward.run(outcome, "Ask")
    assert (run.state, run.completed_by, run.late_cause) == ("completed", None, None)
    assert (run.waiting_ws, run.handling_ws) == (3 * 8 * 3600, 0)
    assert ward.file(outcome).data["y_kien"] == "dong_y"
    assert [r.element_id for r in ward.file(outcome).open_steps] == ["B"]
    assert ward.events(outcome) == ["dossier.received", "step.deemed_consent"]
    with pytest.raises(AlreadyEnded) as refused:
        complete_step(ward.office, ward.holder(*CHIEF), outcome.opened[0].step_run_id)
    assert "hệ thống" in refused.value.message("vi")


@pytest.mark.parametrize(
    "inner",
    [
        (field("y_kien", required="true"),),  # nobody can say it by silence
        (needs("DON"),),  # no paper comes by silence
    ],
)
def test_silence_cannot_enter_or_bring_anything_so_it_escalates(ward, inner):
    outcome = ward.received(consulted(*inner, head=component("DON")), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 5, 8, 0)
    assert let_time_pass(ward.office) == 1
    run = ward.run(outcome, "Ask")
    assert (run.state, run.escalated_at) == ("open", datetime_of(2026, 3, 5, 8, 0))


@pytest.fixture
def log(caplog, monkeypatch):
    """What the worker says; a server started by another test may have switched its voice off."""
    monkeypatch.setattr(logging.getLogger("quytrinh.timeouts"), "disabled", False)
    return caplog


def test_silence_that_leads_nowhere_escalates_and_leaves_the_dossier_as_it_was(ward, log):
    diagram = draw(
        start(),
        step(
            "Ask",
            field("n", "number", default="4"),
            lane=CHIEF,
            onTimeout="deemed_consent",
            limit="3 working_day",
        ),
        gateway("exclusive", "X"),
        *(step("B"), step("C"), end()),
        flows=("S Ask", "Ask X", "X B: n > 5", "X C: n < 3", "B E", "C E"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 5, 8, 0)
    with log.at_level(logging.WARNING, "quytrinh.timeouts"):
        assert let_time_pass(ward.office) == 1
    assert "runtime.no_way_on" in log.text
    assert ward.events(outcome) == ["dossier.received", "step.escalated"]
    # memory was not ahead: the step is open as before, and a chief's answer brings it on
    ward.at(2026, 3, 5, 9, 0)
    late = LateReason("absence", "Trưởng phòng đi công tác")
    done = complete_step(
        ward.office, ward.holder(*CHIEF), outcome.opened[0].step_run_id, {"n": 9}, late
    )
    assert [opened.element_id for opened in done.opened] == ["B"]


# Timers of the diagram


def timed(interrupting=True, **stated):
    return draw(
        start(),
        *(step("A", limit="3 working_day"), step("B", limit="2 working_day")),
        timer("W", on="A", interrupting=interrupting, **stated),
        *(end(), end("E2")),
        flows=("S A", "A E", "W B", "B E2"),
    )


@pytest.mark.parametrize(
    ("stated", "fires"),
    [
        ({"limit": "5 working_hour"}, (2026, 3, 2, 14, 30)),  # over lunch, as the office counts
        ({"limit": "2 day"}, (2026, 3, 4, 17, 0)),
        ({"after": "PT5H"}, (2026, 3, 2, 13, 0)),  # by the wall clock
        ({"after": "P1M"}, (2026, 4, 2, 8, 0)),
        ({"after": "P1DT12H"}, (2026, 3, 3, 20, 0)),
        ({"at": "2026-03-04T09:00:00"}, (2026, 3, 4, 9, 0)),  # the office's time
        ({"at": "2026-03-04T09:00:00Z"}, (2026, 3, 4, 16, 0)),
    ],
)
def test_a_timer_fires_at_its_time_and_once(ward, stated, fires):
    outcome = ward.received(timed(**stated), 2026, 3, 2, 8, 0)
    (armed,) = ward.stored(timer_table)
    assert armed.due_at == datetime_of(*fires)
    ward.clock.set(datetime_of(*fires) - timedelta(seconds=1))
    let_time_pass(ward.office)
    assert ward.run(outcome, "A").state == "open"
    ward.forget()
    ward.at(*fires)
    assert let_time_pass(ward.office) == 1
    assert let_time_pass(ward.office) == 0
    assert {(r.element_id, r.state) for r in ward.file(outcome).steps} == {
        ("A", "cancelled"),
        ("B", "open"),
    }
    assert ward.stored(timer_table) == []
    assert ward.events(outcome).count("timer.fired") == 1


def test_a_timer_that_does_not_interrupt_leaves_the_step_open(ward):
    outcome = ward.received(timed(interrupting=False, after="PT1H"), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 1
    assert [r.element_id for r in ward.file(outcome).open_steps] == ["A", "B"]
    officer = ward.holder(*OFFICER)
    for element in ("A", "B"):
        done = complete_step(ward.office, officer, ward.run(outcome, element).step_run_id)
    assert done.state == "returned"


def test_a_completed_step_takes_its_timer_with_it(ward):
    outcome = ward.received(timed(after="PT1H"), 2026, 3, 2, 8, 0)
    complete_step(ward.office, ward.holder(*OFFICER), outcome.opened[0].step_run_id)
    assert ward.stored(timer_table) == []
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 0


def test_a_timer_in_the_flow_holds_the_dossier_until_its_time(ward):
    diagram = draw(
        start(),
        *(step("A"), timer("W", limit="1 working_day"), step("B"), end()),
        flows=("S A", "A W", "W B", "B E"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    done = complete_step(ward.office, ward.holder(*OFFICER), outcome.opened[0].step_run_id)
    assert (done.opened, done.state) == ((), "open")
    ward.at(2026, 3, 3, 8, 0)
    assert let_time_pass(ward.office) == 1
    assert [r.element_id for r in ward.file(outcome).open_steps] == ["B"]


def test_one_timer_may_arm_the_next_which_fires_in_its_own_time(ward):
    diagram = draw(
        start(),
        *(step("A"), timer("V", after="PT1H"), timer("W", after="PT1H"), step("B"), end()),
        flows=("S A", "A V", "V W", "W B", "B E"),
    )
    outcome = ward.received(diagram, 2026, 3, 2, 8, 0)
    complete_step(ward.office, ward.holder(*OFFICER), outcome.opened[0].step_run_id)
    ward.at(2026, 3, 2, 15, 0)
    assert let_time_pass(ward.office) == 1
    assert ward.stored(timer_table)[0].due_at == datetime_of(2026, 3, 2, 16, 0)
    ward.at(2026, 3, 2, 16, 0)
    assert let_time_pass(ward.office) == 1
    assert [r.element_id for r in ward.file(outcome).open_steps] == ["B"]


# Workers


def test_several_workers_at_once_do_everything_exactly_once(ward):
    """Each with its own connections and memory, as in processes of their own."""
    outcomes = [ward.received(timed(after="PT1H"), 2026, 3, 2, 8, 0)]
    officer = ward.holder(*OFFICER)
    for code in ("T-01",) * 7:
        outcomes += [receive(ward.office, officer, Reception(code, "Lê Thị Hoa"))]
    ward.publish(overdue().replace(b"T-01", b"T-02"))
    for code in ("T-02",) * 8:
        outcomes += [receive(ward.office, officer, Reception(code, "Lê Thị Hoa"))]
    ward.at(2026, 3, 2, 11, 0)
    together = threading.Barrier(3)
    failures: list[BaseException] = []

    def worker() -> None:
        database = Database(ward.office.database.url)
        office = Office(database, ward.clock, ward.office.ids)
        try:
            together.wait()
            while let_time_pass(office, most=5):
                pass
        except BaseException as failure:  # noqa: BLE001 - told to the test
            failures.append(failure)
        finally:
            database.close()

    threads = [threading.Thread(target=worker) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for outcome in outcomes[:8]:
        assert ward.events(outcome) == ["dossier.received", "timer.fired"]
    for outcome in outcomes[8:]:
        assert ward.events(outcome) == ["dossier.received", "step.escalated"]
    with ward.office.database.read() as connection:
        assert verify(connection) == (32, ())


def test_a_dossier_that_cannot_go_on_holds_up_nobody(ward, log):
    broken = ward.received(timed(after="PT1H"), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 8, 1)
    officer = ward.holder(*OFFICER)
    sound = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))

    def spoil(transaction):
        transaction.execute(
            update(execution)
            .where(execution.c.dossier_id == broken.dossier_id)
            .values(state=b"no state")
        )

    ward.office.database.write(spoil)
    ward.forget()
    ward.at(2026, 3, 2, 10, 0)
    with log.at_level(logging.ERROR, "quytrinh.timeouts"):
        assert let_time_pass(ward.office, most=1) == 1
        assert let_time_pass(ward.office, most=1) == 0
    assert str(broken.dossier_id) in log.text
    assert ward.events(sound)[-1] == "timer.fired"
    assert len(ward.stored(timer_table)) == 1  # stays due until somebody mends it


def test_a_worker_that_is_cut_off_in_the_middle_loses_and_doubles_nothing(ward, monkeypatch):
    outcome = ward.received(timed(after="PT1H"), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 0)
    fire = Instance.fire

    def cut_off(self, token, data, *, now):
        fire(self, token, data, now=now)
        raise KeyboardInterrupt

    monkeypatch.setattr(Instance, "fire", cut_off)
    with pytest.raises(KeyboardInterrupt):
        let_time_pass(ward.office)
    monkeypatch.undo()
    assert ward.events(outcome) == ["dossier.received"]
    assert let_time_pass(ward.office) == 1
    assert ward.events(outcome) == ["dossier.received", "timer.fired"]
    with ward.office.database.read() as connection:
        states = connection.execute(select(step_run.c.state)).scalars().all()
    assert sorted(states) == ["cancelled", "open"]


def test_two_timers_of_one_dossier_fire_in_the_order_they_are_due(ward):
    nodes = (
        *(start(), step("A", limit="3 working_day"), step("B"), step("C")),
        timer("V", on="A", after="PT2H", interrupting=False),
        timer("W", on="A", after="PT1H", interrupting=False),
        *(end(), end("E2"), end("E3")),
    )
    outcome = ward.received(
        draw(*nodes, flows=("S A", "A E", "V B", "B E2", "W C", "C E3")), 2026, 3, 2, 8, 0
    )
    ward.at(2026, 3, 2, 11, 0)
    assert let_time_pass(ward.office) == 2
    with ward.office.database.read() as connection:
        events = history(connection, ward.designer, outcome.dossier_id)
        assert verify(connection) == (3, ())
    assert [event.body["passed"] for event in events[1:]] == [["W"], ["V"]]


def test_a_dossier_that_was_acted_on_meanwhile_is_worked_out_anew(sqlite_ward, monkeypatch):
    """On SQLite a batch is worked out beside the writer: what it saw may be old when it writes."""
    ward = sqlite_ward
    outcome = ward.received(timed(after="PT1H"), 2026, 3, 2, 8, 0)
    officer = ward.holder(*OFFICER)
    ward.at(2026, 3, 2, 9, 0)
    fire = Instance.fire

    def overtaken(self, token, data, *, now):
        monkeypatch.undo()
        progress = fire(self, token, data, now=now)
        complete_step(ward.office, officer, outcome.opened[0].step_run_id)
        return progress

    monkeypatch.setattr(Instance, "fire", overtaken)
    assert let_time_pass(ward.office) == 0
    assert ward.events(outcome) == ["dossier.received", "step.completed"]
    assert let_time_pass(ward.office) == 0
    assert ward.stored(timer_table) == []
    with ward.office.database.read() as connection:
        assert verify(connection) == (2, ())
