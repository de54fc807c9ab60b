"""Looking up by code and secret: plain words, nobody's name, and nothing for who guesses."""

import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.actor import CITIZEN
from engine.dossiers.extend import extend
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.lookup import looking
from engine.lookup.looking import UnreadableCode, WrongLookup, look_again
from engine.lookup.pass_token import PassOver
from engine.lookup.throttle import TooManyLookups
from engine.store.tables import document_access, lookup_try
from tests.engine.lookup.window import DIAGRAM, WHY
from tests.engine.offices import datetime_of

WRONG = "22222222"


def test_it_says_where_the_dossier_stands_and_nobodys_name(window):
    window.issue()
    view = window.look().view
    assert (view.state, view.steps, view.applicant) == ("open", ("Bước A",), "L. T. Hoa")
    assert view.received_at == datetime_of(2026, 3, 2, 9, 0)
    assert view.original_due_at == view.due_at == datetime_of(2026, 3, 9, 9, 0)
    told = str(view)
    assert "Lê Thị" not in told
    assert all(actor.name not in told for actor in window.ward.actors.values())


def test_an_extended_appointment_is_shown_beside_the_first(window):
    window.issue()
    due = datetime_of(2026, 3, 12, 9, 0)
    extend(window.office, window.ward.head, window.outcome.dossier_id, due, "Chờ kết quả đo đạc")
    view = window.look().view
    assert (view.original_due_at, view.due_at) == (datetime_of(2026, 3, 9, 9, 0), due)
    assert view.extended


def test_what_is_missing_is_named_with_the_reason(window):
    window.issue()
    window.ask()
    missing = window.look().view.missing
    assert (missing.reason, missing.waiting) == (WHY, 0)
    (asked,) = missing.components
    assert (asked.code, asked.name) == ("DON", "Giấy DON")
    assert [kind.value for kind in asked.accepts] == ["pdf"]
    assert window.look().view.due_at is None


def test_numbers_in_what_an_officer_wrote_are_masked(window):
    window.issue()
    run = window.ward.run(window.outcome, "A").step_run_id
    asked = SupplementRequest(("DON",), "Bổ sung đơn của 079089000128, gọi 0901234567")
    request_supplement(window.office, window.officer, run, asked)
    reason = window.look().view.missing.reason
    assert "079089000" not in reason
    assert "0901234" not in reason


@pytest.mark.parametrize("dirt", [str.lower, "  {} ".format, '"{}"'.format, "{}.".format])
def test_a_dirty_code_is_understood(sqlite_window, dirt):
    sqlite_window.issue()
    code = dirt(sqlite_window.outcome.code)
    assert sqlite_window.look(code).view.code == sqlite_window.outcome.code


@pytest.mark.parametrize("code", ["", " ", "abc", "\ud800", "\0", "💥" * 500, "'; DROP TABLE"])
def test_what_is_no_code_is_answered_with_a_sentence(window, code):
    with pytest.raises(UnreadableCode):
        window.look(code or "-", WRONG)


def test_whether_a_dossier_exists_is_not_told(window):
    """Nor whether it has a secret at all."""
    said = []
    for code in (window.outcome.code, "000.00.99.H29-260302-9999"):
        with pytest.raises(WrongLookup) as refusal:
            window.look(code, WRONG)
        said.append((type(refusal.value), dict(refusal.value.facts)))
    window.issue()
    with pytest.raises(WrongLookup) as refusal:
        window.look(secret=WRONG)
    said.append((type(refusal.value), dict(refusal.value.facts)))
    assert said == [(WrongLookup, {})] * 3


def test_a_look_is_written_down_as_the_citizens(window):
    window.issue()
    window.look()
    (seen,) = window.ward.stored(document_access)
    assert (seen.account_id, seen.way, seen.number) == (CITIZEN, "lookup", 0)
    with pytest.raises(WrongLookup):
        window.look(secret=WRONG)
    assert len(window.ward.stored(document_access)) == 1


def guess(window, times, code="", address="10.0.0.{}"):
    for number in range(times):
        with pytest.raises(WrongLookup):
            window.look(code, WRONG, address.format(number))


def test_a_code_rests_after_twenty_wrong_secrets_from_wherever_they_come(window):
    window.issue()
    guess(window, 20)
    with pytest.raises(TooManyLookups):
        window.look(address="10.9.9.9")
    window.ward.clock.advance(timedelta(minutes=15))
    assert window.look(address="10.9.9.9").view.code == window.outcome.code


def test_a_code_that_nobody_has_rests_alike(window):
    """So resting tells nothing either."""
    nobodys = "000.00.99.H29-260302-9999"
    guess(window, 20, nobodys)
    with pytest.raises(TooManyLookups):
        window.look(nobodys, WRONG, "10.9.9.9")


def test_an_address_rests_after_fifteen_wrong_tries_whatever_the_codes(window):
    window.issue()
    for number in range(15):
        with pytest.raises(WrongLookup):
            window.look(f"000.00.99.H29-260302-{number + 1:04d}", WRONG)
    with pytest.raises(TooManyLookups):
        window.look()
    assert window.look(address="10.0.0.8").view.code == window.outcome.code


def test_right_look_ups_do_not_count_as_wrong_ones(sqlite_window):
    window = sqlite_window
    window.issue()
    for _ in range(25):
        window.look()
    assert max(row.tries for row in window.ward.stored(lookup_try)) == 25  # of all that was asked


def test_an_address_has_a_rate_even_for_right_ones(sqlite_window, monkeypatch):
    window = sqlite_window
    window.issue()
    few = replace(looking.ASKED_OF_ADDRESS, most=3)
    monkeypatch.setattr(looking, "ASKED_OF_ADDRESS", few)
    rules = (looking.WRONG_OF_CODE, looking.WRONG_OF_ADDRESS, few)
    monkeypatch.setattr("engine.lookup.throttle._RULES", rules)
    for _ in range(3):
        window.look()
    with pytest.raises(TooManyLookups):
        window.look()


def test_guesses_that_come_at_once_are_counted_one_by_one(window):
    window.issue()
    barrier, said = threading.Barrier(8), []

    def try_often(number):
        barrier.wait(20)
        for _ in range(4):
            try:
                window.look(secret=WRONG, address=f"10.1.{number}.1")
            except (WrongLookup, TooManyLookups) as refusal:
                said.append(type(refusal))

    threads = [threading.Thread(target=try_often, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (said.count(WrongLookup), said.count(TooManyLookups)) == (20, 12)


def test_nothing_that_is_counted_tells_who_tried(sqlite_window):
    sqlite_window.issue()
    guess(sqlite_window, 1, address="203.0.113.77")
    for row in sqlite_window.ward.stored(lookup_try):
        assert "203.0.113" not in str(tuple(row))


def test_a_pass_is_good_for_half_an_hour_and_for_nothing_else(window):
    window.issue()
    token = window.look().token
    assert look_again(window.office, token).view.code == window.outcome.code
    other = ("B" if token[0] == "A" else "A") + token[1:]
    for wrong in ("", "x", token[:-4], token + "A" * 40, other, "ế", "A" * 5000):
        with pytest.raises(PassOver):
            look_again(window.office, wrong)
    window.ward.clock.advance(timedelta(minutes=30))
    with pytest.raises(PassOver):
        look_again(window.office, token)


def test_a_pass_opens_no_other_dossier(window):
    window.issue()
    token = window.look().token
    first = window.outcome
    window.outcome = window.ward.received(DIAGRAM)
    window.issue()
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    forged = raw.replace(first.dossier_id.bytes, window.outcome.dossier_id.bytes)
    assert forged != raw
    with pytest.raises(PassOver):
        look_again(window.office, urlsafe_b64encode(forged).decode())
