"""With the new date goes an apology: on record with who, when and why, and out to the citizen."""

import json
from datetime import timedelta

import pytest

from engine.dossiers.extend import extend
from engine.dossiers.receive import Contact
from engine.legal_clock.ledger_clock import LedgerClock
from engine.legal_clock.refusals import DueOutsideHours
from engine.legal_clock.statutory_measure import statutory_measure
from engine.proofs.rebuild import rebuild
from engine.store.tables import outbox
from processes.time_limit import TimeLimit
from tests.engine.drawing import draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.working_calendars import DAY, HOUR, VIET_NAM, at, shown

WHY = "Phải xác minh thực địa"
NEW = datetime_of(2026, 3, 12, 10, 0)
CITIZEN = Contact(email="hoa@example.vn", phone="0912345678")


@pytest.fixture
def received(ward):
    def receive(contact=CITIZEN):
        diagram = draw(start(), step("A"), end(), flows=("S A", "A E"))
        return ward, ward.received(diagram, 2026, 3, 2, 9, 0, contact=contact)

    return receive


def put_off(ward, outcome, *when):
    ward.at(*when)
    return extend(ward.office, ward.head, outcome.dossier_id, NEW, WHY)


def test_the_record_says_who_put_it_off_when_why_and_to_when(received):
    ward, outcome = received()
    put_off(ward, outcome, 2026, 3, 6, 9, 0)
    (apology,) = ward.file(outcome).apologies
    assert apology.at == datetime_of(2026, 3, 6, 9, 0)
    assert (apology.made_by, apology.reason) == (ward.head.account_id, WHY)
    assert (apology.due_before, apology.due) == (datetime_of(2026, 3, 9, 9, 0), NEW)
    assert (apology.late_ws, apology.told) == (0, ("email",))


def test_the_citizen_is_written_to_in_the_same_transaction(received):
    ward, outcome = received()
    put_off(ward, outcome, 2026, 3, 6, 9, 0)
    (letter,) = ward.stored(outbox, dossier_id=outcome.dossier_id)
    assert (letter.kind, letter.destination) == ("email", "hoa@example.vn")
    assert letter.event == "vn.quytrinh.dossier.rescheduled"
    body = json.loads(letter.body)
    assert outcome.code in body["subject"]
    for said in ("Lê Thị Hoa", WHY, "xin lỗi", "09:00 09/03/2026", "10:00 12/03/2026"):
        assert said in body["text"]
    assert body["good_until"] == NEW.isoformat()


def test_who_left_no_address_is_not_said_to_have_been_written_to(received):
    ward, outcome = received(Contact())
    put_off(ward, outcome, 2026, 3, 6, 9, 0)
    assert ward.stored(outbox, dossier_id=outcome.dossier_id) == []
    assert ward.file(outcome).apologies[0].told == ()


def test_after_the_time_has_passed_it_is_said_by_how_much(received):
    """Due Mon 09/03 9:00; put off Wed 11/03 10:00, that is two days and an hour later."""
    ward, outcome = received()
    put_off(ward, outcome, 2026, 3, 11, 10, 0)
    assert ward.file(outcome).apologies[0].late_ws == 2 * DAY + HOUR


def test_nothing_goes_out_where_it_is_refused(received):
    ward, outcome = received()
    with pytest.raises(DueOutsideHours):
        extend(ward.office, ward.head, outcome.dossier_id, NEW + timedelta(hours=2), WHY)
    assert ward.stored(outbox, dossier_id=outcome.dossier_id) == []
    assert ward.file(outcome).apologies == ()


def test_a_dossier_put_off_comes_to_be_again_from_its_journal(received):
    ward, outcome = received()
    put_off(ward, outcome, 2026, 3, 6, 9, 0)
    with ward.office.database.read() as connection:
        (rebuilt,) = rebuild(connection, ward.agency_id, outcome.dossier_id)
    assert rebuilt.differences == ()


@pytest.mark.parametrize(
    ("made", "due"),
    [("09/03/2026 09:00", "Thu 12/03/2026 10:00"), ("09/03/2026 09:01", "Mon 09/03/2026 09:00")],
)
def test_a_promise_that_was_broken_is_not_mended_by_a_new_one_for_qd_766(made, due):
    limit = TimeLimit.parse("5 ngày làm việc")
    clock = LedgerClock.start(VIET_NAM, at("02/03/2026 09:00"), limit)
    clock = clock.extend(VIET_NAM, at(made), NEW)
    assert shown(statutory_measure(clock, VIET_NAM, at(made)).due) == due
