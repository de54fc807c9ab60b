"""What cannot be done when it falls due waits ever longer and then stands aside, seen by people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from engine.dossiers.setbacks import WAITS, setbacks, try_again
from engine.dossiers.timeouts import let_time_pass
from engine.store.tables import execution, setback
from tests.engine.drawing import OFFICER, draw, end, start, step, timer
from tests.engine.offices import datetime_of

BROKEN = b"no state"


def timed():
    return draw(
        start(),
        *(step("A", limit="3 working_day"), step("B", limit="2 working_day")),
        timer("W", on="A", after="PT1H"),
        *(end(), end("E2")),
        flows=("S A", "A E", "W B", "B E2"),
    )


def overdue(**stated):
    return draw(start(), step("A", limit="1 working_hour", **stated), end(), flows=("S A", "A E"))


def put_state(ward, outcome, state):
    """Have this state stand in the table; what stood there before."""
    this = execution.c.dossier_id == outcome.dossier_id

    def put(transaction):
        before = transaction.execute(select(execution.c.state).where(this)).scalar_one()
        transaction.execute(update(execution).where(this).values(state=state))
        return before

    before = ward.office.database.write(put)
    ward.forget()
    return before


def listed(ward):
    with ward.office.database.read() as connection:
        return setbacks(connection)


def fail_until_aside(ward):
    """Look at each moment at which the broken one is due; when that was."""
    moments = []
    for wait in (timedelta(0), *WAITS):
        ward.clock.set(ward.clock.now() + wait)
        assert let_time_pass(ward.office) == 0
        moments.append(ward.clock.now())
    return moments


@pytest.mark.parametrize(
    ("diagram", "kind"),
    [(timed(), "timer"), (overdue(onTimeout="deemed_consent"), "overdue")],
    ids=["timer", "overdue"],
)
def test_what_fails_waits_longer_each_time_and_then_stands_aside(ward, diagram, kind):
    broken = ward.received(diagram, 2026, 3, 2, 8, 0)
    put_state(ward, broken, BROKEN)
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 0
    (found,) = listed(ward)
    assert (found.dossier_code, found.kind, found.failures) == (broken.code, kind, 1)
    assert found.again_at == datetime_of(2026, 3, 2, 9, 1)
    ward.clock.set(datetime_of(2026, 3, 2, 9, 1) - timedelta(seconds=1))
    let_time_pass(ward.office)
    assert listed(ward) == (found,)  # it is not even tried
    for number, wait in enumerate(WAITS[1:], 2):
        ward.clock.set(found.again_at)
        let_time_pass(ward.office)
        (found,) = listed(ward)
        assert (found.failures, found.again_at) == (number, ward.clock.now() + wait)
    ward.clock.set(found.again_at)
    let_time_pass(ward.office)
    (aside,) = listed(ward)
    assert (aside.failures, aside.again_at) == (6, None)
    ward.at(2026, 3, 4, 9, 0)
    let_time_pass(ward.office)
    assert listed(ward) == (aside,)


def test_a_step_escalates_even_where_the_state_of_its_dossier_cannot_be_read(ward):
    broken = ward.received(overdue(), 2026, 3, 2, 8, 0)
    put_state(ward, broken, BROKEN)
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 1
    assert ward.events(broken) == ["dossier.received", "step.escalated"]


def test_what_was_mended_is_done_at_its_next_turn_and_no_longer_listed(ward):
    broken = ward.received(timed(), 2026, 3, 2, 8, 0)
    state = put_state(ward, broken, BROKEN)
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 0
    put_state(ward, broken, state)
    ward.at(2026, 3, 2, 9, 1)
    assert let_time_pass(ward.office) == 1
    assert ward.events(broken) == ["dossier.received", "timer.fired"]
    assert ward.stored(setback) == []


def test_what_stands_aside_is_tried_once_more_when_somebody_asks(ward):
    broken = ward.received(timed(), 2026, 3, 2, 8, 0)
    state = put_state(ward, broken, BROKEN)
    ward.at(2026, 3, 2, 9, 0)
    fail_until_aside(ward)
    put_state(ward, broken, state)
    assert let_time_pass(ward.office) == 0
    assert try_again(ward.office) == 1
    assert let_time_pass(ward.office) == 1
    assert ward.events(broken) == ["dossier.received", "timer.fired"]
    assert listed(ward) == ()


def test_many_that_fail_do_not_stop_the_one_behind_them(ward):
    officer = ward.holder(*OFFICER)
    broken = [ward.received(timed(), 2026, 3, 2, 8, 0)]
    broken += [receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa")) for _ in range(5)]
    ward.at(2026, 3, 2, 8, 1)
    sound = receive(ward.office, officer, Reception("T-01", "Lê Thị Hoa"))
    for each in broken:
        put_state(ward, each, BROKEN)
    ward.at(2026, 3, 2, 9, 1)
    assert let_time_pass(ward.office, most=2) == 1
    assert ward.events(sound)[-1] == "timer.fired"
    assert {each.dossier_id for each in listed(ward)} == {each.dossier_id for each in broken}


def test_what_needs_doing_no_more_is_no_longer_listed(ward):
    broken = ward.received(timed(), 2026, 3, 2, 8, 0)
    state = put_state(ward, broken, BROKEN)
    ward.at(2026, 3, 2, 9, 0)
    let_time_pass(ward.office)
    assert len(listed(ward)) == 1
    put_state(ward, broken, state)
    complete_step(ward.office, ward.holder(*OFFICER), broken.opened[0].step_run_id)
    assert listed(ward) == ()
