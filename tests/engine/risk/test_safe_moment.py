"""Every open step has its latest safe moment, whatever moves it; the inbox lies in that order."""

import random
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.dossiers.claim import claim
from engine.dossiers.complete_step import LateReason, complete_step
from engine.dossiers.extend import extend
from engine.dossiers.pauses import resume, suspend
from engine.dossiers.receive import Reception, receive
from engine.risk.gathering import outlook_of
from engine.risk.safe_moment import Running, carried_over, safe_moment
from engine.store.tables import step_run
from engine.working_calendar.viet_nam import vietnam
from engine.worklist import worklist
from tests.engine.calendar_changes import changed, closure, office_layer
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import START, datetime_of
from tests.engine.risk.pasts import TWO_STEPS, safe_at

CALENDAR = vietnam(2025, 2027)
DAY = 8 * 3600


def test_without_a_past_a_step_in_time_is_safe_until_it_is_due(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 8, 0)
    assert safe_at(ward, outcome) == ward.run(outcome, "A").due_at


def test_a_version_knows_what_its_diagram_allows_after_each_step(sqlite_ward):
    record = sqlite_ward.publish(TWO_STEPS)
    office = sqlite_ward.office
    with office.database.read() as connection:
        version = office.version(connection, sqlite_ward.agency_id, record.version_id)
    assert version.limits_after == {"normal": {"A": DAY, "B": 0}}


def test_after_a_delay_the_dossier_presses_before_the_step_is_due(ward):
    """A took two days and a half instead of two: B has half a day, not its day, or C is late."""
    drawn = draw(
        start(),
        step("A", limit="2 working_day"),
        step("B", limit="1 working_day"),
        step("C", limit="2 working_day"),
        end(),
        flows=("S A", "A B", "B C", "C E"),
    )
    outcome = ward.received(drawn, 2026, 3, 2, 8, 0)
    ward.clock.set(ward.calendar.add(ward.clock.now(), 5 * DAY // 2))
    late = LateReason("overload", "Nhiều hồ sơ quá")
    officer = ward.holders(*OFFICER)[0]
    complete_step(ward.office, officer, outcome.opened[0].step_run_id, late=late)
    dossier_due = ward.file(outcome).row.due_at
    assert safe_at(ward, outcome, "B") == ward.calendar.subtract(dossier_due, 2 * DAY)
    assert safe_at(ward, outcome, "B") < ward.run(outcome, "B").due_at


def test_a_step_without_a_limit_stands_where_its_dossier_presses(ward):
    drawn = draw(start(), step("A", limit="0 working_day"), end(), flows=("S A", "A E"))
    outcome = ward.received(drawn, 2026, 3, 2, 8, 0)
    assert ward.run(outcome, "A").due_at is None
    assert safe_at(ward, outcome) == ward.file(outcome).row.due_at


def test_what_stands_has_no_safe_moment_and_gets_one_when_it_goes_on(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 8, 0)
    before, officer = safe_at(ward, outcome), ward.holders(*OFFICER)[0]
    ward.at(2026, 3, 2, 10, 0)
    suspend(ward.office, officer, outcome.opened[0].step_run_id, "Bão số 3", "BLDS, Điều 156")
    assert safe_at(ward, outcome) is None
    ward.at(2026, 3, 4, 10, 0)
    resume(ward.office, officer, outcome.dossier_id, "Hết bão")
    assert safe_at(ward, outcome) == ward.calendar.add(before, 2 * DAY)


def test_a_change_of_the_calendar_carries_it_over(ward):
    """Two days of storm before the step is due: it is safe two days longer, as it is due."""
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 14, 0)
    untimed = draw(
        start(), step("A", limit="0 working_day"), end(), flows=("S A", "A E"), code="T-02"
    )
    other = ward.received(untimed, 2026, 3, 2, 14, 0)
    before = safe_at(ward, outcome)
    changed(ward, office_layer(closure((3, 4), (3, 5))))
    assert safe_at(ward, outcome) == ward.run(outcome, "A").due_at > before
    assert safe_at(ward, other) == ward.file(other).row.due_at


def test_an_extension_moves_what_the_dossier_pressed(ward):
    drawn = draw(start(), step("A", limit="0 working_day"), end(), flows=("S A", "A E"))
    outcome = ward.received(drawn, 2026, 3, 2, 8, 0)
    due = datetime_of(2026, 3, 12, 10, 0)
    extend(ward.office, ward.head, outcome.dossier_id, due, "Cần xác minh thêm")
    assert safe_at(ward, outcome) == due


def test_the_inbox_lies_in_the_order_of_the_safe_moments_and_stays_while_no_time_passes(ward):
    ward.publish(TWO_STEPS)
    ward.publish(
        draw(start(), step("A", limit="0 working_day"), end(), flows=("S A", "A E"), code="T-02")
    )
    officers, chance = ward.holders(*OFFICER), random.Random(3)
    for number in range(30):
        ward.at(2026, 3, 2 + number // 10, 8, number)
        code = chance.choice(("T-01", "T-02"))
        outcome = receive(ward.office, officers[0], Reception(code, f"Người {number}"))
        run = outcome.opened[0].step_run_id
        if number % 3 == 0 and code == "T-01":
            complete_step(ward.office, officers[0], run)
        elif number % 4 == 0:
            claim(ward.office, officers[0], run)
    with ward.office.database.read() as connection:
        rows = worklist(connection, officers[0], most=100)
        again = worklist(connection, officers[0], most=100)
        at = ward.at(2026, 3, 9, 8, 0)
        pressing = worklist(connection, officers[0], only="risk", at=at, most=100)
    keys = [(row.safe_at, row.step_run_id.bytes) for row in rows]
    assert None not in [key for key, _ in keys]
    assert keys == sorted(keys)
    assert rows == again
    assert list(pressing) == [row for row in rows if row.safe_at <= at]
    assert 0 < len(pressing) < len(rows)
    assert all(row.safe_at <= row.dossier_due_at for row in rows)


def test_every_open_step_that_has_a_due_time_has_a_safe_moment_no_later(ward):
    outcome = ward.received(TWO_STEPS, 2026, 3, 2, 8, 0)
    complete_step(ward.office, ward.holders(*OFFICER)[0], outcome.opened[0].step_run_id)
    for run in ward.stored(step_run, state="open"):
        assert run.safe_at <= run.due_at


moments = st.integers(0, 60 * 86_400).map(lambda after: START + timedelta(seconds=after))
outlooks = st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 300_000)), min_size=30).map(
    lambda runs: outlook_of([own for own, _ in runs], [list(run) for run in runs])
)


@given(moments, moments, moments, outlooks, st.integers(0, 5))
def test_it_is_never_after_what_is_due_first(opened, step_due, dossier_due, outlook, stood):
    running = [
        Running.since(CALENDAR, opened, stood * 3600, due) for due in (step_due, dossier_due)
    ]
    moment = safe_moment(*running, outlook, None)
    assert moment <= min(step_due, dossier_due)


@given(moments, moments, outlooks)
def test_who_is_due_later_is_safe_no_shorter(opened, due, outlook):
    earlier = safe_moment(None, Running.since(CALENDAR, opened, 0, due), outlook, None)
    later = due + timedelta(days=2)
    assert earlier <= safe_moment(None, Running.since(CALENDAR, opened, 0, later), outlook, None)


@given(moments, moments)
def test_on_its_own_calendar_it_stays_where_it_is(opened, safe):
    class Run:
        enabled_at, safe_at = opened, CALENDAR.add(safe, 1)

    assert carried_over(CALENDAR, CALENDAR, Run) == Run.safe_at
