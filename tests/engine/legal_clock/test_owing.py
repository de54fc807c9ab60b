"""The list of what is owed: heads see the office's, holders their own; what is due first on top."""

from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from engine.dossiers.claim import claim
from engine.dossiers.extend import extend
from engine.legal_clock.duty import Duty
from engine.legal_clock.owing import count_owing, owing
from engine.store.tables import dossier
from tests.engine.drawing import OFFICER, draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.risk.test_indexes import plan_of

DIAGRAM = draw(start(), *(step("A"), step("B", status="9"), end()), flows=("S A", "A B", "B E"))


@pytest.fixture
def listed(ward):
    """listed(actor): what the actor sees now, and the count above it."""

    def ask(actor):
        now = ward.office.clock.now()
        with ward.office.database.read() as connection:
            calendar = ward.office.calendar(connection, actor.agency_id)
            rows = owing(ward.office, connection, actor, calendar, now)
            assert count_owing(connection, actor, calendar, now) == len(rows)
        return rows

    return ask


def test_heads_see_the_offices_and_holders_their_own_from_the_last_working_day_on(ward, listed):
    """Five working days from Tuesday 3 March at 8:00: due Tuesday the 10th, owed from Monday."""
    made = ward.received(DIAGRAM, 2026, 3, 3, 8, 0)
    an = ward.holder(*OFFICER)
    ward.at(2026, 3, 9, 7, 59)
    assert listed(ward.head) == ()
    ward.at(2026, 3, 9, 8, 0)
    (row,) = listed(ward.head)
    assert (row.code, row.owes, row.steps) == (made.code, Duty.RESULT_OR_APOLOGY, (("Bước A", ""),))
    assert listed(an) == ()
    claim(ward.office, an, made.opened[0].step_run_id)
    (own,) = listed(an)
    assert own.steps == (("Bước A", an.name),)


def test_after_a_new_date_only_the_result_is_owed(ward, listed):
    made = ward.received(DIAGRAM, 2026, 3, 3, 8, 0)
    ward.at(2026, 3, 9, 8, 0)
    later = datetime_of(2026, 3, 13, 10, 0)
    extend(ward.office, ward.head, made.dossier_id, later, "Chờ kết quả đo đạc")
    assert listed(ward.head) == ()
    ward.at(2026, 3, 12, 10, 0)
    (row,) = listed(ward.head)
    assert row.owes is Duty.RESULT


def due_much_later(ward, made, number):
    """Open dossiers like this one, due long after; and a database that knows how many there are."""
    this = select(dossier).where(dossier.c.dossier_id == made.dossier_id)
    later = {"due_at": datetime_of(2026, 6, 1, 8, 0)}

    def add(transaction):
        row = transaction.execute(this).mappings().one()
        for n in range(number):
            own = {"dossier_id": uuid4(), "code": f"{made.code}-{n}"}
            transaction.execute(insert(dossier).values({**row, **later, **own}))
        transaction.execute(text("ANALYZE"))

    ward.office.database.write(add)


def test_what_is_owed_is_found_by_its_due_time_however_much_is_open(ward):
    made = ward.received(DIAGRAM, 2026, 3, 3, 8, 0)
    due_much_later(ward, made, 500)
    this = ward.head, ward.calendar, ward.at(2026, 3, 9, 8, 0)
    asked = plan_of(ward, lambda connection: count_owing(connection, *this))
    assert "ix_dossier_due" in asked
