"""What falls due at one moment is done together, and each dossier as if it were alone."""

import pytest
from sqlalchemy import event

from engine.dossiers import acting, timeouts
from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from engine.dossiers.timeouts import let_time_pass
from engine.journal import verify
from engine.store.tables import setback, step_run
from tests.engine.calendar_changes import approved, closure, office_layer, proposed
from tests.engine.drawing import OFFICER, draw, end, field, gateway, start, step, timer
from tests.engine.offices import datetime_of

BY_WHAT_WAS_SAID = draw(
    *(start(), step("A", field("n", "number")), step("B", field("m", required="false"))),
    *(timer("W", on="B", after="PT1H"), gateway("exclusive", "X")),
    *(step("C"), step("D"), end(), end("E2")),
    flows=("S A", "A B", "B E", "W X", "X C: n > 5", "X D: n <= 5", "C E2", "D E2"),
)
ROUND = draw(
    *(start(), step("A"), timer("W", on="A", after="PT1H"), step("B"), end()),
    flows=("S A", "A B", "B E", "W A"),
)
TIMED = draw(
    *(start(), step("A", limit="3 working_day"), step("B", limit="2 working_day")),
    *(timer("W", on="A", after="PT1H"), end(), end("E2")),
    flows=("S A", "A E", "W B", "B E2"),
)


def received(ward, name="Lê Thị Hoa"):
    return receive(ward.office, ward.holder(*OFFICER), Reception("T-01", name))


def opened(ward, outcome):
    return [each.element_id for each in ward.file(outcome).open_steps]


def test_each_goes_the_way_that_was_said_in_it_when_its_step_was_last_completed(ward):
    outcomes = [ward.received(BY_WHAT_WAS_SAID, 2026, 3, 2, 8), received(ward), received(ward)]
    officer = ward.holder(*OFFICER)
    for outcome, n in zip(outcomes, ("5", "6", "7"), strict=True):
        complete_step(ward.office, officer, outcome.opened[0].step_run_id, {"n": n})
    ward.forget()
    ward.at(2026, 3, 2, 9)
    assert let_time_pass(ward.office) == len(outcomes)
    assert [opened(ward, each) for each in outcomes] == [["D"], ["C"], ["C"]]


def test_a_step_to_which_a_timer_leads_back_is_opened_once_more_each_time(ward):
    outcomes = [ward.received(ROUND, 2026, 3, 2, 8), received(ward)]
    for hour in (9, 10, 11):
        ward.forget()
        ward.at(2026, 3, 2, hour)
        assert let_time_pass(ward.office) == len(outcomes)
    for outcome in outcomes:
        runs = ward.stored(step_run, dossier_id=outcome.dossier_id)
        assert sorted(run.attempt for run in runs) == [1, 2, 3, 4]
        assert opened(ward, outcome) == ["A"]
    with ward.office.database.read() as connection:
        assert verify(connection) == (8, ())


@pytest.mark.parametrize("together", [1, 2, 200])
def test_dossiers_that_cannot_follow_the_calendar_do_not_stand_before_the_others(
    ward, monkeypatch, together
):
    """They wait longer each time, as all that fails does, instead of filling each batch anew."""
    broken = {ward.received(TIMED, 2026, 3, 2, 8).dossier_id, received(ward).dossier_id}
    ward.at(2026, 3, 2, 8, 5)
    sound = received(ward)
    approved(ward, proposed(ward, office_layer(closure((3, 3)))))
    follow = acting.edition_to_act_by

    def cannot(office, transaction, row, *given):
        if row.dossier_id in broken:
            raise ValueError("what is stored of its clock makes no sense")
        return follow(office, transaction, row, *given)

    monkeypatch.setattr(acting, "edition_to_act_by", cannot)
    monkeypatch.setattr(timeouts, "_TOGETHER", together)
    ward.at(2026, 3, 2, 9, 5)
    assert let_time_pass(ward.office) == 1
    assert ward.events(sound) == ["dossier.received", "calendar.changed", "timer.fired"]
    assert {(row.dossier_id, row.failures) for row in ward.stored(setback)} == {
        (each, 1) for each in broken
    }
    monkeypatch.undo()
    ward.at(2026, 3, 2, 9, 10)
    assert let_time_pass(ward.office) == len(broken)
    assert ward.stored(setback) == []


def test_an_act_locks_its_dossier_before_anything_of_it(ward):
    """As the batches do, or on PostgreSQL a person and a worker would wait for each other."""
    outcome = ward.received(TIMED, 2026, 3, 2, 8)
    ward.forget()
    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement.split()[:2])

    engine = ward.office.database._engine
    event.listen(engine, "before_cursor_execute", note)
    complete_step(ward.office, ward.holder(*OFFICER), outcome.opened[0].step_run_id)
    event.remove(engine, "before_cursor_execute", note)
    changed = [what for what in said if what[0] in ("UPDATE", "DELETE")]
    if not ward.office.database.is_sqlite:  # there is one writer, who waits for nobody
        assert changed[0] == ["UPDATE", "dossier"]
    assert ["UPDATE", "step_run"] in changed


def test_of_many_due_at_one_moment_each_is_done_once_however_they_are_taken(ward, monkeypatch):
    monkeypatch.setattr(timeouts, "_TOGETHER", 3)
    outcomes = [ward.received(TIMED, 2026, 3, 2, 8), *(received(ward) for _ in range(6))]
    ward.at(2026, 3, 2, 9)
    assert [let_time_pass(ward.office, most=4), let_time_pass(ward.office)] == [4, 3]
    assert {tuple(ward.events(each)) for each in outcomes} == {("dossier.received", "timer.fired")}
    due = {run.due_at for run in ward.stored(step_run) if run.element_id == "B"}
    assert due == {datetime_of(2026, 3, 4, 9)}
    ward.at(2026, 3, 4, 9)
    assert [let_time_pass(ward.office, most=4), let_time_pass(ward.office)] == [4, 3]
    assert {ward.events(each)[-1] for each in outcomes} == {"step.escalated"}
