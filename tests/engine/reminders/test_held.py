"""What was held goes out once when it may, or is given up; citizens are texted by the same rules."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.actor import Role
from engine.dossiers.claim import claim
from engine.dossiers.extend import extend
from engine.dossiers.receive import Contact
from engine.reminders.cost import spent
from engine.reminders.held import Released, release_held
from engine.reminders.messages import BEYOND_CAP, BEYOND_MONTH, QUIET
from engine.store.reminder_tables import message, notice
from engine.store.tables import outbox
from tests.engine.drawing import draw, end, start, step
from tests.engine.offices import datetime_of
from tests.engine.reminders.ladders import decides, holder, open_step, reachable_by, ticks

TEXTS = {"due": {"holder": ["text"]}, "day_before": {}, "part_used": {}, "overdue": {}}
ONE_A_DAY = {"rungs": TEXTS, "text_cost": 100, "text_cap": 250}
"""A reminder has two parts: it costs 200."""


def two_are_due(ward, **settings):
    """On Monday 9 March: one is told, the other held."""
    decides(ward, **{**ONE_A_DAY, **settings})
    officer = holder(ward)
    reachable_by(ward, officer, phone="0901234567")
    for _ in range(2):
        claim(ward.office, officer, ward.run(open_step(ward), "A").step_run_id)
    ticks(ward, 2026, 3, 9, 8, 0)


def texts(ward):
    return ward.stored(outbox, kind="text")


def held(ward):
    return [row for row in ward.stored(message) if row.held]


def test_what_was_beyond_the_days_cap_goes_out_the_next_day_once(ward):
    two_are_due(ward)
    [waits] = held(ward)
    assert (waits.held, waits.address, len(texts(ward))) == (BEYOND_CAP, "0901234567", 1)
    assert release_held(ward.office) == Released()
    ward.at(2026, 3, 10, 8, 0)
    assert release_held(ward.office) == Released(sent=1)
    assert release_held(ward.office) == Released()
    assert held(ward) == []
    rows = {row.message_id: row for row in ward.stored(message)}
    assert {row.outbox_id for row in texts(ward)} == set(rows)
    sent = rows[waits.message_id]
    assert (sent.day, sent.cost, sent.address, sent.letter) == (20260310, 200, None, None)


def test_a_raised_cap_lets_it_go_the_same_day(ward):
    two_are_due(ward)
    decides(ward, **{**ONE_A_DAY, "text_cap": 400})
    assert release_held(ward.office) == Released(sent=1)


def test_what_was_beyond_the_months_cap_goes_out_in_the_next_month(ward):
    decides(ward, **{**ONE_A_DAY, "text_cap": 10_000, "month_cap": 250})
    officer = holder(ward)
    reachable_by(ward, officer, phone="0901234567")
    for _ in range(2):
        outcome = ward.received(SHORT, 2026, 3, 30, 9, 0)
        claim(ward.office, officer, ward.run(outcome, "A").step_run_id)
    ticks(ward, 2026, 3, 31, 9, 0)
    assert [row.held for row in held(ward)] == [BEYOND_MONTH]
    ward.at(2026, 3, 31, 16, 0)
    assert release_held(ward.office) == Released()
    ward.at(2026, 4, 1, 8, 0)
    assert release_held(ward.office) == Released(sent=1)


def test_what_says_nothing_new_any_more_is_given_up_and_why_it_was_held_is_kept(ward):
    two_are_due(ward, text_cap=0)
    assert len(held(ward)) == 2
    ward.at(2026, 3, 11, 8, 1)
    assert release_held(ward.office) == Released(expired=2)
    assert release_held(ward.office) == Released()
    assert texts(ward) == []
    for row in held(ward):
        assert (row.held, row.letter, row.address) == (BEYOND_CAP, None, None)
        assert row.expired_at == datetime_of(2026, 3, 11, 8, 1)
    head = next(each for each in ward.actors.values() if Role.HEAD in each.roles)
    with ward.office.database.read() as connection:
        [report] = spent(connection, head, 20260301, 20260331)
    assert (report.sent, report.held, report.expired) == (0, 0, 2)


def test_many_workers_release_each_once(ward):
    two_are_due(ward, text_cap=0)
    decides(ward, **{**ONE_A_DAY, "text_cap": 10_000})
    with ThreadPoolExecutor(4) as workers:
        done = list(workers.map(lambda _: release_held(ward.office), range(8)))
    assert sum(each.sent for each in done) == 2
    assert len(texts(ward)) == 2


SHORT = draw(start(), step("A", limit="1 working_day"), end(), flows=("S A", "A E"))
PERMIT = draw(start(), step("A"), end(), flows=("S A", "A E"))
CITIZEN = Contact(email="hoa@example.vn", phone="0912 345 678")


def put_off(ward, *when):
    outcome = ward.received(PERMIT, 2026, 3, 2, 9, 0, contact=CITIZEN)
    ward.at(*when)
    new = datetime_of(2026, 3, 12, 10, 0)
    extend(ward.office, ward.head, outcome.dossier_id, new, "Phải xác minh thực địa")
    return outcome


def test_a_citizen_is_texted_where_the_office_does_so(ward):
    decides(ward, citizen_texts=True, text_cost=350)
    outcome = put_off(ward, 2026, 3, 6, 9, 0)
    assert ward.file(outcome).apologies[0].told == ("email", "text")
    [text] = texts(ward)
    assert text.destination == "0912345678"
    said = json.loads(text.body)["text"]
    assert outcome.code in said
    assert "10:00 12/03/2026" in said
    assert "Lê Thị Hoa" not in said
    logged = {row.kind: row for row in ward.stored(message)}
    assert {row.account_id for row in logged.values()} == {None}
    assert logged["text"].cost == logged["text"].parts * 350 > 0
    assert logged["email"].cost == 0
    assert {row.event for row in logged.values()} == {"rescheduled"}


def test_a_citizen_is_not_texted_where_the_office_did_not_decide_so(ward):
    outcome = put_off(ward, 2026, 3, 6, 9, 0)
    assert ward.file(outcome).apologies[0].told == ("email",)
    assert texts(ward) == []
    assert [row.kind for row in ward.stored(message)] == ["email"]


def test_a_citizen_is_not_woken_at_night(ward):
    decides(ward, citizen_texts=True)
    put_off(ward, 2026, 3, 5, 22, 0)
    assert [row.held for row in held(ward)] == [QUIET]
    assert ward.stored(notice, kind="held") == []  # no cap was reached
    ward.at(2026, 3, 6, 6, 0)
    assert release_held(ward.office) == Released()
    ward.at(2026, 3, 6, 8, 0)
    assert release_held(ward.office) == Released(sent=1)
    assert len(texts(ward)) == 1


@pytest.mark.parametrize(("cap", "sent"), [(100, 0), (10_000, 1)])
def test_texts_to_citizens_count_against_the_same_cap(ward, cap, sent):
    decides(ward, citizen_texts=True, text_cost=100, text_cap=cap)
    put_off(ward, 2026, 3, 6, 9, 0)
    assert len(texts(ward)) == sent
    assert [row.held for row in held(ward)] == [BEYOND_CAP] * (1 - sent)
