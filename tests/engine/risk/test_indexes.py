"""What is sorted by risk is read in the order of an index, on both databases."""

from sqlalchemy import event, text

from engine.risk.morning import at_risk, led_by
from engine.worklist import counts, place_of, worklist
from tests.engine.drawing import OFFICER
from tests.engine.offices import datetime_of
from tests.engine.risk.pasts import TWO_STEPS, one

AT, UNTIL = datetime_of(2026, 3, 4, 9, 0), datetime_of(2026, 3, 4, 23, 59)


def plan_of(ward, ask):
    """How the database answers the last statement that is asked."""
    said = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        said.append((statement, parameters))

    with ward.office.database.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection)
        event.remove(connection, "before_cursor_execute", note)
        statement, parameters = said[-1]
        if ward.office.database.is_sqlite:
            explained = f"EXPLAIN QUERY PLAN {statement}"
        else:
            for way in ("seqscan", "bitmapscan", "sort"):  # few rows would be sorted anyhow
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
            explained = f"EXPLAIN {statement}"
        return str(connection.exec_driver_sql(explained, parameters).all())


def test_pages_of_the_inbox_are_read_in_the_order_of_the_risk(ward):
    ward.publish(TWO_STEPS)
    for _ in range(4):
        one(ward)
    officer = ward.holders(*OFFICER)[0]
    with ward.office.database.read() as connection:
        last = place_of(worklist(connection, officer, most=2)[-1])
    for asked in ({}, {"after": last}, {"only": "risk", "at": AT}):
        plan = plan_of(ward, lambda connection, asked=asked: worklist(connection, officer, **asked))
        assert "ix_step_run_risk" in plan
        assert "ix_step_run_holder" in plan
    for only in ("late", "today"):
        asked = {"only": only, "at": AT, "until": UNTIL}
        plan = plan_of(ward, lambda connection, asked=asked: worklist(connection, officer, **asked))
        assert "ix_step_run_worklist" in plan
    if ward.office.database.is_sqlite:  # PostgreSQL counts few rows by whatever index
        plan = plan_of(ward, lambda connection: counts(connection, officer, AT, UNTIL))
        assert "ix_step_run_risk" in plan
        assert "ix_step_run_worklist" in plan


def test_the_morning_list_is_read_by_unit_in_the_order_of_the_risk(ward):
    ward.publish(TWO_STEPS)
    one(ward)
    head = ward.actors["chanhvanphong"]
    with ward.office.database.read() as connection:
        led = led_by(connection, head, AT)
    plan = plan_of(ward, lambda connection: at_risk(connection, led, UNTIL))
    assert "ix_step_run_unit_risk" in plan
