"""The applicant found again by programs: of one's own agency, by whole numbers, written down."""

import pytest

from engine.store.tables import applicant_look_up
from tests.api.desk import CODE

NUMBER = "001085012345"


def look_up(caller, number=NUMBER, procedure=CODE):
    return caller.post("/applicants/look-up", {"procedure": procedure, "identity_number": number})


def looks(desk):
    with desk.office.database.read() as connection:
        rows = connection.execute(applicant_look_up.select()).all()
    return [(row.agency_id, row.masked_number, row.dossier_id is not None) for row in rows]


def test_who_applied_before_is_found_and_the_look_is_written_down_masked(any_desk):
    contact = {"identity_number": NUMBER, "phone": "0912345678"}
    received = any_desk.receive(contact=contact)
    answer = look_up(any_desk.lan, " 001 085 012 345 ")
    assert answer.json() == {
        "applicant": {
            "dossier_id": received["dossier_id"],
            "code": received["code"],
            "received_at": "2026-03-02T01:00:00Z",
            "name": "Lê Văn Tám",
            "contact": contact,
            "dossiers": 1,
        }
    }
    assert look_up(any_desk.lan, "079203000001").json() == {"applicant": None}
    assert looks(any_desk) == [
        ("H01", "*********345", True),
        ("H01", "*********001", False),
    ]


def test_another_agency_finds_nobody(desk):
    desk.receive(contact={"identity_number": NUMBER})
    assert look_up(desk.stranger).json() == {"applicant": None}
    assert looks(desk) == [("H02", "*********345", False)]


@pytest.mark.parametrize("login", ["nam", "hung", "designer"])
def test_only_who_may_receive_the_procedure_looks(desk, login):
    answer = look_up(getattr(desk, login))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "dossier.cannot_receive")
    assert looks(desk) == []


@pytest.mark.parametrize(
    ("number", "procedure", "status", "code"),
    [
        ("00108501234", CODE, 422, "applicant.invalid_contact"),
        ("", CODE, 422, "request.invalid"),
        (1085012345, CODE, 422, "request.invalid"),
        (NUMBER, "0", 404, "not_found"),
    ],
    ids=["11 digits", "nothing", "no text", "unknown procedure"],
)
def test_what_cannot_be_a_look_is_refused_and_not_written_down(
    desk, number, procedure, status, code
):
    answer = look_up(desk.lan, number, procedure)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert looks(desk) == []
