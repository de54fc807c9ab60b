"""What a diagram sends arrives at who asked for it: signed, at least once, under one id."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import timedelta

import pytest

from engine.delivery.backing_off import WAITS
from engine.delivery.dead_letters import dead_letters, discard, retry, traffic
from engine.delivery.round import deliver_what_is_due
from engine.delivery.webhook_post import WebhookPost
from engine.delivery.webhooks import listed_webhooks, remove_webhook
from engine.dossiers.refusals import ReasonNeeded
from engine.dossiers.timeouts import let_time_pass
from engine.proofs.rebuild import rebuild
from engine.store.tables import outbox
from processes.errors import NotAllowed, NotFound
from tests.conformance.event_drawing import declared, throw
from tests.engine.delivery.receiver import (
    MESSAGE,
    administrator,
    post_of,
    receiving,
    sends_a_message,
    wants,
)
from tests.engine.drawing import draw, end, start, step, timer
from tests.engine.offices import stranger


@pytest.fixture
def receiver():
    with receiving() as opened:
        yield opened


def dead(ward):
    with ward.office.database.read() as connection:
        return dead_letters(connection, administrator(ward))


def test_a_message_that_nobody_in_the_dossier_catches_is_delivered_once(ward, receiver):
    wants(ward, receiver.address, MESSAGE)
    outcome = sends_a_message(ward)
    post = post_of(ward)
    assert [deliver_what_is_due(post) for _ in range(2)] == [1, 0]
    (came,) = receiver.received
    event = json.loads(came.body)
    assert (event["specversion"], event["type"], event["id"]) == ("1.0", MESSAGE, came.id)
    assert event["subject"] == outcome.code
    assert event["data"]["name"] == "M"
    assert came.path == "/hook?a=1"
    assert came.headers["content-type"].startswith("application/cloudevents+json")
    (row,) = ward.stored(outbox)
    assert (row.attempts, row.response, row.next_at, row.dead_at) == (1, "200 ok", None, None)
    with ward.office.database.read() as connection:
        assert [made.differences for made in rebuild(connection)] == [()]


def test_the_receiver_can_check_who_sent_it(sqlite_ward, receiver):
    """As the Standard Webhooks scheme has it, worked out here from its text."""
    added = wants(sqlite_ward, receiver.address)
    sends_a_message(sqlite_ward)
    deliver_what_is_due(post_of(sqlite_ward))
    (came,) = receiver.received
    key = base64.b64decode(added.secret.removeprefix("whsec_"))
    signed = f"{came.id}.{came.headers['webhook-timestamp']}.".encode() + came.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert came.headers["webhook-signature"] == f"v1,{expected}"


def test_what_nobody_wants_is_not_kept(sqlite_ward, receiver):
    wants(sqlite_ward, receiver.address, "vn.quytrinh.dossier.signal")
    sends_a_message(sqlite_ward)
    assert sqlite_ward.stored(outbox) == []


def test_a_timer_that_leads_to_a_message_sends_it_too(ward, receiver):
    nodes = (
        *(start(), step("A"), timer("W", on="A", after="PT1H"), throw("T", "message M")),
        *(step("B"), end(), end("E2")),
    )
    flows = ("S A", "A E", "W T", "T B", "B E2")
    wants(ward, receiver.address)
    ward.received(draw(*nodes, flows=flows, beside=declared(nodes)), 2026, 3, 2, 8, 0)
    ward.at(2026, 3, 2, 9, 0)
    assert let_time_pass(ward.office) == 1
    assert deliver_what_is_due(post_of(ward)) == 1
    assert json.loads(receiver.received[0].body)["data"]["element"] == "T"


def test_who_dies_after_sending_leaves_it_to_others_who_send_it_under_the_same_id(ward, receiver):
    wants(ward, receiver.address)
    sends_a_message(ward)
    real = WebhookPost(ward.office, private=True)

    def sends_and_dies(letter, at):
        real(letter, at)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_what_is_due(post_of(ward, webhook=sends_and_dies))
    assert deliver_what_is_due(post_of(ward)) == 0  # it may still be on its way
    ward.clock.advance(timedelta(minutes=3))
    assert deliver_what_is_due(post_of(ward)) == 1
    first, second = receiver.received
    assert (first.id, first.body) == (second.id, second.body)
    (row,) = ward.stored(outbox)
    assert row.done_at is not None


def test_what_fails_comes_back_later_and_later_and_is_dead_in_the_end(sqlite_ward, receiver):
    ward = sqlite_ward
    wants(ward, receiver.address)
    sends_a_message(ward)
    receiver.answers = [503]
    receiver.said = b"b\xc3\xa1n"
    post = post_of(ward)
    for wait in WAITS:
        assert deliver_what_is_due(post) == 1
        ward.clock.advance(wait - timedelta(seconds=1))
        assert deliver_what_is_due(post) == 0
        assert dead(ward) == ()
        ward.clock.advance(timedelta(seconds=1))
    assert deliver_what_is_due(post) == 1
    ward.clock.advance(timedelta(days=30))
    assert deliver_what_is_due(post) == 0
    (letter,) = dead(ward)
    assert (letter.attempts, letter.response) == (len(WAITS) + 1, "503 bán")
    assert letter.destination == receiver.address
    assert len({came.id for came in receiver.received}) == 1


def test_letters_that_failed_together_do_not_come_back_together(sqlite_ward, receiver):
    wants(sqlite_ward, receiver.address)
    wants(sqlite_ward, receiver.address + "&b=2")
    sends_a_message(sqlite_ward)
    receiver.answers = [500]
    chances = iter((0.0, 0.999))
    deliver_what_is_due(post_of(sqlite_ward, chance=lambda: next(chances)))
    first, second = sorted(row.next_at for row in sqlite_ward.stored(outbox))
    assert timedelta(seconds=2) < second - first < WAITS[0]


def test_a_dead_letter_goes_out_again_when_a_person_says_so(ward, receiver):
    wants(ward, receiver.address)
    sends_a_message(ward)
    receiver.answers = [410, 200]  # gone: not tried again by itself
    deliver_what_is_due(post_of(ward))
    (letter,) = dead(ward)
    assert retry(ward.office, administrator(ward), letter.letter_id) == 1
    assert dead(ward) == ()
    assert deliver_what_is_due(post_of(ward)) == 1
    assert [came.id for came in receiver.received] == [str(letter.letter_id)] * 2
    with ward.office.database.read() as connection:
        now = traffic(connection, administrator(ward))
    assert (now.waiting, now.dead) == (0, 0)


def test_all_dead_letters_of_an_agency_can_be_tried_again_at_once(sqlite_ward, receiver):
    for number in range(2):
        wants(sqlite_ward, f"{receiver.address}&b={number}")
    sends_a_message(sqlite_ward)
    receiver.answers = [410]
    deliver_what_is_due(post_of(sqlite_ward))
    assert retry(sqlite_ward.office, administrator(sqlite_ward)) == 2


def test_a_dead_letter_is_given_up_with_a_reason(ward, receiver):
    wants(ward, receiver.address)
    sends_a_message(ward)
    receiver.answers = [410]
    deliver_what_is_due(post_of(ward))
    (letter,) = dead(ward)
    with pytest.raises(ReasonNeeded):
        discard(ward.office, administrator(ward), letter.letter_id, " ")
    discard(ward.office, administrator(ward), letter.letter_id, "Bên nhận đã ngừng dùng")
    assert dead(ward) == ()
    (row,) = ward.stored(outbox)
    assert (row.reason, row.discarded_by) == (
        "Bên nhận đã ngừng dùng",
        administrator(ward).account_id,
    )
    with pytest.raises(NotFound):
        retry(ward.office, administrator(ward), letter.letter_id)


def test_another_agency_sees_and_changes_nothing(sqlite_ward, receiver):
    ward = sqlite_ward
    added = wants(ward, receiver.address)
    sends_a_message(ward)
    receiver.answers = [410]
    deliver_what_is_due(post_of(ward))
    (letter,) = dead(ward)
    other = stranger(administrator(ward))
    with ward.office.database.read() as connection:
        assert dead_letters(connection, other) == ()
        assert listed_webhooks(connection, other) == ()
    assert retry(ward.office, other) == 0
    for refused in (
        lambda: retry(ward.office, other, letter.letter_id),
        lambda: discard(ward.office, other, letter.letter_id, "không phải của tôi"),
        lambda: remove_webhook(ward.office, other, added.webhook_id),
    ):
        with pytest.raises(NotFound):
            refused()


def test_only_administrators_see_where_letters_go(sqlite_ward):
    officer = sqlite_ward.holder("chuyen_vien", "van_phong")
    with sqlite_ward.office.database.read() as connection:
        for asked in (dead_letters, listed_webhooks, traffic):
            with pytest.raises(NotAllowed):
                asked(connection, officer)
    with pytest.raises(NotAllowed):
        retry(sqlite_ward.office, officer)


def test_a_webhook_that_was_removed_is_told_nothing_more(sqlite_ward, receiver):
    added = wants(sqlite_ward, receiver.address)
    sends_a_message(sqlite_ward)
    remove_webhook(sqlite_ward.office, administrator(sqlite_ward), added.webhook_id)
    deliver_what_is_due(post_of(sqlite_ward))
    assert receiver.received == []
    assert len(dead(sqlite_ward)) == 1


def test_the_secret_is_shown_once_and_never_written_to_a_log(sqlite_ward, receiver, caplog):
    caplog.set_level(logging.DEBUG)
    added = wants(sqlite_ward, receiver.address)
    sends_a_message(sqlite_ward)
    receiver.answers = [500]
    deliver_what_is_due(post_of(sqlite_ward))
    with sqlite_ward.office.database.read() as connection:
        (listed,) = listed_webhooks(connection, administrator(sqlite_ward))
    assert added.secret not in f"{listed!r} {added!r} {caplog.text}"
    assert added.secret.startswith(listed.secret.rstrip("…"))
    assert len(listed.secret) < 15


def test_a_kind_that_nobody_here_delivers_waits_for_who_does(sqlite_ward, receiver):
    wants(sqlite_ward, receiver.address)
    sends_a_message(sqlite_ward)
    assert deliver_what_is_due(post_of(sqlite_ward, sms=lambda letter, at: "")) == 0
    assert deliver_what_is_due(post_of(sqlite_ward)) == 1


# The receiver's side, and addresses of the office's own network


def delivered(ward, **options):
    wants(ward, options.pop("address"))
    sends_a_message(ward)
    deliver_what_is_due(post_of(ward, **options))
    (row,) = ward.stored(outbox)
    return row


def test_a_redirect_is_not_followed(sqlite_ward, receiver):
    with receiving() as elsewhere:
        receiver.answers, receiver.headers = [307], {"Location": elsewhere.address}
        row = delivered(sqlite_ward, address=receiver.address)
        assert elsewhere.received == []
    assert (row.done_at, row.error) == (None, "the receiver answered 307")


def test_of_a_long_answer_only_the_beginning_is_read(sqlite_ward, receiver):
    receiver.said = b"dai " * 1_000_000
    row = delivered(sqlite_ward, address=receiver.address)
    assert row.done_at is not None
    assert len(row.response) < 600


def test_addresses_of_the_own_network_are_refused_unless_allowed(sqlite_ward, receiver):
    row = delivered(sqlite_ward, address=receiver.address, private=False)
    assert receiver.received == []
    assert "private network" in row.error


def test_a_receiver_that_is_not_there_is_tried_again(sqlite_ward):
    row = delivered(sqlite_ward, address="http://127.0.0.1:9/")
    assert row.next_at is not None
    assert "ConnectionRefusedError" in row.error
