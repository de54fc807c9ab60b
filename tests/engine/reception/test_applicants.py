"""Whoever applied before is found by the number, in the same agency, and the look is written down."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from engine.archive.destroying import destroy
from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Contact, Reception, receive
from engine.reception.applicants import find_applicant, last_dossier, look_ups
from engine.store.tables import applicant_look_up, applicant_number
from processes.contact_entry import InvalidContact
from processes.errors import NotAllowed
from processes.procedure import ProcedureKind
from tests.engine.drawing import CLERK, OFFICER, draw, end, start, step
from tests.engine.offices import stranger

NUMBER = "001085012345"


@pytest.fixture
def desk(ward):
    ward.publish(draw(start(), step("A", lane=CLERK), end(), flows=("S A", "A E")))
    return ward


def received(ward, name="Nguyễn Văn An", number=NUMBER, **contact):
    reception = Reception("T-01", name, contact=Contact(number, **contact))
    return receive(ward.office, ward.holder(*CLERK), reception)


def test_the_last_dossier_says_how_the_applicant_is_reached(desk):
    received(desk, phone="0912345678", address="12 Lê Lợi")
    desk.at(2026, 3, 5, 9)
    last = received(desk, phone="0987654321", email="an@gmail.com")
    found = find_applicant(desk.office, desk.holder(*CLERK), " 001 085 012 345 ")
    assert (found.name, found.code, found.dossiers) == ("Nguyễn Văn An", last.code, 2)
    assert found.contact == {
        "identity_number": NUMBER,
        "phone": "0987654321",
        "email": "an@gmail.com",
    }


def test_who_looked_and_whom_was_found_is_written_down_masked(desk):
    outcome = received(desk)
    clerk = desk.holder(*CLERK)
    find_applicant(desk.office, clerk, NUMBER)
    desk.at(2026, 3, 2, 9)
    find_applicant(desk.office, clerk, "079203000001")
    with desk.office.database.read() as connection:
        seen = look_ups(connection, clerk)
        rows = connection.execute(select(applicant_look_up)).all()
    assert [(each.masked_number, each.dossier_id) for each in seen] == [
        ("*********001", None),
        ("*********345", outcome.dossier_id),
    ]
    assert {each.officer for each in seen} == {clerk.name}
    assert NUMBER not in repr(rows)


def test_another_agency_finds_nobody(desk):
    received(desk)
    clerk = desk.holder(*CLERK)
    other = stranger(clerk)
    assert find_applicant(desk.office, clerk, NUMBER) is not None
    with desk.office.database.read() as connection:
        assert look_ups(connection, other) == ()
        assert last_dossier(connection, other.agency_id, NUMBER) is None
        assert last_dossier(connection, clerk.agency_id, NUMBER) is not None


def test_nobody_is_found_without_a_number(desk):
    received(desk, number="")
    clerk = desk.holder(*CLERK)
    assert find_applicant(desk.office, clerk, "") is None
    assert desk.stored(applicant_number) == []
    assert desk.stored(applicant_look_up) == []
    with pytest.raises(InvalidContact):
        find_applicant(desk.office, clerk, "12345")


def test_who_holds_no_position_looks_nobody_up(desk):
    received(desk)
    idle = replace(desk.holder(*OFFICER), holdings=frozenset())
    with pytest.raises(NotAllowed):
        find_applicant(desk.office, idle, NUMBER)
    assert desk.stored(applicant_look_up) == []


def test_who_was_destroyed_is_found_no_more(desk):
    outcome = received(desk)
    clerk = desk.holder(*CLERK)
    complete_step(desk.office, clerk, outcome.opened[0].step_run_id)
    desk.at(2037, 2, 2, 9)
    usual = dict.fromkeys(ProcedureKind, 10)
    decision = {"decision_no": "12/QĐ-UBND"}
    destroy(desk.office, desk.head, outcome.dossier_id, "Hết thời hạn", usual, **decision)
    assert find_applicant(desk.office, clerk, NUMBER) is None
    assert desk.stored(applicant_number) == []
