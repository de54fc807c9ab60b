"""The citizen is told what to bring, by every address they left; the kept log says what went out."""

import json

from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.dossiers.receive import Contact
from engine.store.reminder_tables import message
from engine.store.tables import outbox
from tests.engine.reminders.ladders import decides
from tests.engine.test_allow_supplement import OFFICER, WHY, diagram

CITIZEN = Contact(email="hoa@example.vn", phone="0912 345 678")


def asked(ward, contact=CITIZEN, reason=WHY):
    outcome = ward.received(diagram(), 2026, 3, 2, 9, 0, contact=contact)
    run = ward.run(outcome, "A").step_run_id
    request = SupplementRequest(("DON",), reason, "Điều 19")
    request_supplement(ward.office, ward.holder(*OFFICER), run, request)
    return outcome


def letters(ward, kind):
    found = [json.loads(row.body) for row in ward.stored(outbox, kind=kind)]
    return [each for each in found if "Tra cứu" not in each.get("subject", "")]


def test_the_letter_names_what_to_bring_why_and_where_to_look(ward):
    outcome = asked(ward)
    [letter] = letters(ward, "email")
    assert letter["subject"] == f"Đề nghị bổ sung hồ sơ {outcome.code}"
    assert "- " in letter["text"]
    assert f"{WHY} (Điều 19)" in letter["text"]
    assert letter["page"] == f"/tra-cuu?ma={outcome.code}"
    logged = [row.event for row in ward.stored(message)]
    assert logged.count("supplement_asked") == 1


def test_who_left_a_number_is_texted_where_the_office_texts_citizens_and_no_name_is_in_it(ward):
    decides(ward, citizen_texts=True, text_cost=350)
    outcome = asked(ward)
    text = next(t["text"] for t in letters(ward, "text") if "bổ sung" in t["text"])
    assert outcome.code in text
    assert "Lê Thị Hoa" not in text


def test_who_left_no_address_is_not_written_to(ward):
    asked(ward, contact=Contact())
    assert ward.stored(message) == []
