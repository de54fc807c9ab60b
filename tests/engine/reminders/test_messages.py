"""Reminders leave by a real mail server and a real gateway; what they cost stays within the cap."""

import json
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from engine.delivery.mail_post import MailPost, MailServer, Security
from engine.delivery.round import deliver_what_is_due
from engine.delivery.text_post import Gateway, TextPost
from engine.dossiers.claim import claim
from engine.reminders.cost import spent
from engine.reminders.digest import send_digests
from engine.reminders.messages import parts_of
from engine.store.reminder_tables import message, notice
from engine.store.tables import outbox
from tests.engine.delivery.receiver import post_of, receiving, wants
from tests.engine.reminders.ladders import decides, holder, letters, open_step, reachable_by, ticks

DUE = 2026, 3, 9, 8, 0


class Mailbox:
    """What a mail server took, and what it answers to recipients."""

    def __init__(self) -> None:
        self.mails, self.answer, self.logins = [], "250 OK", []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 taken"

    def login(self, _server, _session, _envelope, _mechanism, given):
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"mat khau", handled=False)


class AnyPort(Controller):
    """At whichever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mailing(**stated):
    """A real SMTP server that looks at logins, and what delivers to it."""
    box = Mailbox()
    server = AnyPort(
        box,
        hostname="127.0.0.1",
        port=0,
        authenticator=box.login,
        auth_require_tls=False,
        ready_timeout=60,
    )
    server.start()
    known = {"user": "quytrinh", "password": "mat khau", "security": Security.NONE, **stated}
    try:
        sender = "nhac-viec@phuong.example.vn"
        yield (
            box,
            MailPost(
                MailServer("127.0.0.1", server.port, sender, **known), "https://qt.example.vn"
            ),
        )
    finally:
        server.stop()


def due_step(ward, **columns):
    """A claimed step that is due now, its holder reachable so."""
    outcome = open_step(ward)
    officer = holder(ward)
    if columns:
        reachable_by(ward, officer, **columns)
    claim(ward.office, officer, ward.run(outcome, "A").step_run_id)
    ticks(ward, *DUE)
    return outcome


def test_a_reminder_arrives_by_mail_in_vietnamese_without_the_applicants_name(ward):
    due_step(ward, email="canbo@phuong.example.vn")
    with mailing() as (box, post):
        assert deliver_what_is_due(post_of(ward, email=post)) == 1
    [mail] = box.mails
    [letter] = letters(ward)
    code = ward.stored(outbox)[0].dossier_id
    assert box.logins == [("quytrinh", "mat khau")]
    assert mail["To"] == "canbo@phuong.example.vn"
    assert mail["Subject"].startswith("[Nhắc việc] ")
    assert mail["Message-ID"] == f"<{letter.outbox_id}@quytrinh>"
    text = mail.get_content()
    assert "Bước A" in text
    assert "08:00 09/03/2026" in text
    assert f"https://qt.example.vn/dossiers/{code}" in text
    assert "Lê Thị Hoa" not in text
    assert letter.done_at is not None


def test_an_address_that_the_mail_server_refuses_for_good_is_not_tried_again(ward):
    due_step(ward, email="khong-con@phuong.example.vn")
    with mailing() as (box, post):
        box.answer = "550 no such user"
        deliver_what_is_due(post_of(ward, email=post))
    [letter] = letters(ward)
    assert letter.dead_at is not None
    assert "550 no such user" in letter.response


@pytest.mark.parametrize("wrong", ["login", "busy", "away"])
def test_what_the_mail_server_does_not_take_now_is_tried_again(sqlite_ward, wrong):
    due_step(sqlite_ward, email="canbo@phuong.example.vn")
    stated = {"password": "sai"} if wrong == "login" else {}
    with mailing(**stated) as (box, post):
        box.answer = "451 later" if wrong == "busy" else "250 OK"
        if wrong != "away":
            deliver_what_is_due(post_of(sqlite_ward, email=post))
    if wrong == "away":
        deliver_what_is_due(post_of(sqlite_ward, email=post))
    [letter] = letters(sqlite_ward)
    assert letter.next_at is not None
    assert letter.attempts == 1
    assert "sai" not in (letter.error or "") + (letter.response or "")


def test_a_mail_that_is_two_days_late_is_not_sent_any_more(sqlite_ward):
    due_step(sqlite_ward, email="canbo@phuong.example.vn")
    sqlite_ward.at(2026, 3, 11, 8, 1)
    with mailing() as (box, post):
        deliver_what_is_due(post_of(sqlite_ward, email=post))
    assert box.mails == []
    assert letters(sqlite_ward)[0].dead_at is not None


TEXTS = {"due": {"holder": ["text"]}, "day_before": {}, "part_used": {}, "overdue": {}}


def test_a_reminder_arrives_at_the_gateway_as_its_templates_say(ward):
    decides(ward, rungs=TEXTS)
    due_step(ward, phone="+84901234567")
    with receiving() as gateway:
        how = Gateway(
            f"{gateway.address}&to={{to}}",
            '{"text": "{text}", "ref": "{id}"}',
            {"Authorization": "Bearer {secret}"},
            "khoa-bi-mat",
        )
        deliver_what_is_due(post_of(ward, text=TextPost(how, private=True)))
    [received] = gateway.received
    assert received.path == "/hook?a=1&to=%2B84901234567"
    assert received.headers["authorization"] == "Bearer khoa-bi-mat"
    said = json.loads(received.body)
    assert "bước Bước A đã đến hạn, hạn 08:00 09/03/2026" in said["text"]
    assert "khoa-bi-mat" not in repr(how)
    [logged] = ward.stored(message)
    assert said["ref"] == str(logged.message_id)
    assert (logged.parts, logged.cost) == (parts_of(said["text"]), parts_of(said["text"]) * 300)


def test_the_gateway_may_not_stand_in_the_offices_own_network(sqlite_ward):
    decides(sqlite_ward, rungs=TEXTS)
    due_step(sqlite_ward, phone="0901234567")
    with receiving() as gateway:
        how = Gateway(gateway.address, "{text}")
        deliver_what_is_due(post_of(sqlite_ward, text=TextPost(how)))
    assert gateway.received == []
    assert letters(sqlite_ward)[0].attempts == 1


def test_what_goes_beyond_the_days_cap_is_held_and_the_administrators_are_told_once(ward):
    decides(ward, rungs={**TEXTS, "overdue": {"holder": ["text"]}}, text_cost=100, text_cap=200)
    due_step(ward, phone="0901234567")
    [sent] = ward.stored(message)
    assert sent.cost == 200
    other = due_step(ward, phone="0901234567")
    assert other is not None
    held = [row for row in ward.stored(message) if row.held]
    assert len(held) == 1
    assert len(letters(ward)) == 1
    assert len(ward.stored(notice, kind="held")) == 1
    ticks(ward, 2026, 3, 10, 8, 0)  # another day, another cap: one of the two overdue steps
    assert len(letters(ward)) == 2


def test_of_many_messages_beyond_the_days_cap_the_administrators_are_told_once(ward):
    decides(ward, rungs=TEXTS, text_cost=100, text_cap=0)
    for _ in range(3):
        due_step(ward, phone="0901234567")
    assert len([row for row in ward.stored(message) if row.held]) == 3
    assert len(ward.stored(notice, kind="held")) == 1


def test_messages_for_each_step_are_those_about_steps(ward):
    """A digest is about no step: it makes the day dearer, not the step."""
    decides(ward, rungs=TEXTS | {"due": {"holder": ["email"]}})
    due_step(ward, email="canbo@phuong.example.vn")
    send_digests(ward.office)
    with ward.office.database.read() as connection:
        [emails] = spent(connection, ward.head, 20260301, 20260331)
    assert (emails.sent, emails.of_steps, emails.steps) == (2, 1, 1)
    assert emails.per_step == 1.0


def test_other_systems_hear_of_each_reminder(ward):
    with receiving() as listener:
        wants(ward, listener.address, "vn.quytrinh.dossier.step.reminded")
        due_step(ward)
        deliver_what_is_due(post_of(ward))
    [event] = [json.loads(each.body) for each in listener.received]
    assert event["type"] == "vn.quytrinh.dossier.step.reminded"
    assert event["data"]["rung"] == "due"
