"""One bit turned over in what people entered is found by its seal in the journal."""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Contact
from engine.journal import verify
from engine.proofs.sealed_entries import Alteration, verify_entries
from engine.store.tables import dossier, journal, step_run
from tests.engine.drawing import CHIEF, CLERK
from tests.faults.condition import require_sound
from tests.faults.permit import a_minute, open_run, receive_permit

ENTERED = {
    "applicant": (dossier, 1, "dossier applicant"),
    "applicant_contact": (dossier, 1, "dossier applicant"),
    "data": (step_run, 2, "step_run {run.token}/{run.attempt} data"),
}
FEW = settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)


@pytest.fixture
def entered(permit_ward):
    """A dossier with a contact, and a step at which something was entered."""
    ward = permit_ward
    contact = Contact(identity_number="012045678901", phone="0912345678", address="Phố Huế")
    outcome = receive_permit(ward, contact=contact)
    run = open_run(ward, outcome, "A")
    a_minute(ward)
    complete_step(ward.office, ward.holder(*CLERK), run.step_run_id, {"so_trang": 12})
    a_minute(ward)
    later = open_run(ward, outcome, "C")
    complete_step(ward.office, ward.holder(*CHIEF), later.step_run_id)
    ward.outcome, ward.entered_at = outcome, run
    return ward


def altered(ward):
    with ward.office.database.read() as connection:
        assert verify(connection)[1] == ()  # the journal itself says nothing of it
        return verify_entries(connection)


def change(ward, statement, **values):
    ward.office.database.write(lambda t: t.execute(text(statement), values))


def bodies(ward):
    with ward.office.database.read() as connection:
        rows = connection.execute(select(journal.c.body).order_by(journal.c.seq))
        return [orjson.loads(row.body) for row in rows]


def test_what_was_entered_is_as_it_was_sealed(entered):
    require_sound(entered.office)
    received, completed, nothing = bodies(entered)
    assert completed["data_sha256"] is not None
    assert nothing["data_sha256"] is None
    assert received["applicant_sha256"] != received["data_sha256"]
    assert "Huế" not in str(received)


@pytest.mark.parametrize("column", ENTERED)
@FEW
@given(number=st.integers(0, 10**6))
def test_one_letter_altered_is_found_with_the_event_that_sealed_it(entered, column, number):
    ward = entered
    table, seq, where = ENTERED[column]
    this = f"FROM {table.name} WHERE dossier_id = :id AND {column} IS NOT NULL"
    key = {"id": ward.outcome.dossier_id}
    if ward.office.database.is_sqlite:
        key["id"] = key["id"].hex
    with ward.office.database.read() as connection:
        before = connection.execute(text(f"SELECT {column} {this}"), key).scalar_one()
    place = number % len(before)
    other = chr(ord(before[place]) ^ 1)
    after = before[:place] + other + before[place + 1 :]
    put = f"UPDATE {table.name} SET {column} = :value WHERE dossier_id = :id"
    only = " AND data IS NOT NULL" if table is step_run else ""
    change(ward, put + only, value=after, **key)
    found = altered(ward)
    change(ward, put + only, value=before, **key)
    run = ward.entered_at
    assert found == (
        Alteration(ward.agency_id, ward.outcome.dossier_id, seq, where.format(run=run)),
    )


def test_entries_that_nobody_made_are_found(entered):
    put = "UPDATE step_run SET data = :value WHERE element_id = :element"
    change(entered, put, value='{"ghi_chu":"x"}', element="B")  # still open
    (found,) = altered(entered)
    assert (found.seq, found.where.split("/")[0][:8]) == (0, "step_run")
    change(entered, put, value='{"ghi_chu":"x"}', element="C")  # completed with nothing
    assert sorted(each.seq for each in altered(entered)) == [0, 3]


def test_entries_taken_away_are_found(entered):
    change(entered, "UPDATE step_run SET data = NULL WHERE element_id = 'A'")
    (found,) = altered(entered)
    assert found.seq == 2
    change(entered, "UPDATE dossier SET data = :value", value='{"them":1}')
    assert [each.seq for each in altered(entered)] == [1, 2]
