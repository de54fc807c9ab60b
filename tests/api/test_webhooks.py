"""Administrators say who is told of events, and see to what could not be delivered."""

import re
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, update
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as commands
from api.outgoing_post import OutgoingPost
from api.settings import Settings
from engine.store.tables import account, outbox
from tests.api.desk import START
from tests.engine.delivery.receiver import receiving, sends_a_message, wants
from tests.engine.offices import open_ward

ADDRESS = "https://nhan.vd.gov.vn/su-kien"
LETTER = UUID(int=7)


@pytest.fixture
def admin(desk):
    """Hùng is an administrator, too; so is Lan of the other agency."""

    def promote(transaction):
        mine = account.c.login.in_(["hung", "lan.khac"])
        transaction.execute(update(account).where(mine).values(roles=["admin"]))

    desk.office.database.write(promote)
    return desk.hung


def given_up(desk, letter=LETTER):
    """A dead letter of the first agency."""
    row = {
        "agency_id": "H01",
        "outbox_id": letter,
        "kind": "webhook",
        "event": "vn.quytrinh.dossier.message",
        "destination": ADDRESS,
        "body": "{}",
        "created_at": START,
        "attempts": 11,
        "dead_at": START,
        "error": "the receiver answered 503 <b>",
    }
    desk.office.database.write(lambda transaction: transaction.execute(insert(outbox), row))


def test_a_webhook_tells_its_secret_once_and_is_listed_without_it(desk, admin):
    added = admin.post("/webhooks", {"address": ADDRESS, "events": ["vn.quytrinh.dossier.signal"]})
    assert added.status_code == 201, added.text
    secret = added.json()["secret"]
    (listed,) = admin.get("/webhooks").json()
    assert (listed["address"], listed["events"]) == (ADDRESS, ["vn.quytrinh.dossier.signal"])
    assert secret not in str(listed)
    twice = admin.post("/webhooks", {"address": ADDRESS})
    assert (twice.status_code, twice.json()["error"]["code"]) == (409, "webhook.known")
    webhook = added.json()["webhook_id"]
    assert desk.stranger.send("DELETE", f"/webhooks/{webhook}").status_code == 404
    assert admin.send("DELETE", f"/webhooks/{webhook}").status_code == 204
    assert admin.get("/webhooks").json() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"address": "file:///etc/passwd"}, "webhook.invalid_address"),
        ({"address": ADDRESS, "secret": "ngan"}, "webhook.invalid_secret"),
        ({"address": ADDRESS, "events": ["có dấu"]}, "webhook.invalid_event"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_its_reason(admin, body, code):
    refused = admin.post("/webhooks", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/webhooks"),
        ("POST", "/webhooks"),
        ("DELETE", f"/webhooks/{LETTER}"),
        ("GET", "/outbox/dead"),
        ("POST", "/outbox/dead/retry"),
        ("POST", f"/outbox/dead/{LETTER}/retry"),
    ],
)
def test_nobody_but_administrators_has_to_do_with_it(desk, method, path):
    body = {"json": {"address": ADDRESS}} if path == "/webhooks" and method == "POST" else {}
    assert desk.nam.send(method, path, **body).status_code == 403


def test_dead_letters_are_listed_and_go_out_again(desk, admin):
    given_up(desk)
    (letter,) = admin.get("/outbox/dead").json()
    assert (letter["letter_id"], letter["attempts"]) == (str(LETTER), 11)
    assert desk.stranger.get("/outbox/dead").json() == []
    assert desk.stranger.post(f"/outbox/dead/{LETTER}/retry").status_code == 404
    assert admin.post(f"/outbox/dead/{LETTER}/retry").json() == {"retried": 1}
    assert admin.get("/outbox/dead").json() == []


def test_a_dead_letter_is_given_up_only_with_a_reason(desk, admin):
    given_up(desk)
    path = f"/outbox/dead/{LETTER}/discard"
    assert admin.post(path, {"reason": "  "}).status_code == 422
    assert admin.post(path, {"reason": "Bên nhận đã ngừng dùng"}).status_code == 204
    assert admin.get("/outbox/dead").json() == []


# The page


@pytest.fixture
def browser(desk, admin):
    app = create_app(desk.office, Settings(tick_seconds=0))
    headers = {"Authorization": f"Bearer {admin.token}", "Accept-Language": "vi"}
    return TestClient(app, base_url="http://quytrinh.test", headers=headers)


def test_the_page_says_when_there_is_nothing_to_see_to(browser):
    shown = browser.get("/letters").text
    assert "Không có thư nào không gửi được" in shown
    assert 'href="/letters"' in shown


def test_the_page_shows_what_went_wrong_and_sends_again(desk, browser):
    given_up(desk)
    given_up(desk, UUID(int=8))
    shown = browser.get("/letters").text
    assert "the receiver answered 503 &lt;b&gt;" in shown
    assert ADDRESS in shown
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    sent = {"csrf_token": token.group(1) if token else ""}
    again = browser.post(f"/letters/{LETTER}/retry", data=sent)
    assert "1 thư sẽ được gửi lại" in again.text
    assert str(LETTER) not in again.text
    refused = browser.post(f"/letters/{UUID(int=8)}/discard", data={**sent, "reason": ""})
    assert refused.status_code == 422
    assert "Chưa thực hiện được" in refused.text
    assert "1 thư sẽ được gửi lại" in browser.post("/letters/retry", data=sent).text


def test_others_are_not_offered_the_page(desk):
    app = create_app(desk.office, Settings(tick_seconds=0))
    headers = {"Authorization": f"Bearer {desk.nam.token}"}
    client = TestClient(app, base_url="http://quytrinh.test", headers=headers)
    assert client.get("/letters").status_code == 403
    assert 'href="/letters"' not in client.get("/inbox").text


# The commands


def run(url, *arguments):
    return CliRunner().invoke(commands, [*arguments, "--database", url])


def test_webhooks_are_managed_by_command(sqlite_url):
    open_ward(sqlite_url).office.database.close()
    added = run(sqlite_url, "webhook", "add", ADDRESS)
    assert added.exit_code == 0, added.output
    number, secret = added.stdout.splitlines()[0], added.stdout.split("secret: ")[1].strip()
    listed = run(sqlite_url, "webhook", "list").stdout
    assert f"{number} {ADDRESS} [mọi sự kiện / all events]" in listed
    assert secret not in listed
    assert run(sqlite_url, "webhook", "add", "ftp://x/").exit_code == 2
    assert run(sqlite_url, "webhook", "remove", number).exit_code == 0
    assert run(sqlite_url, "webhook", "remove", number).exit_code == 2
    assert "0 địa chỉ" in run(sqlite_url, "webhook", "list").stdout


def test_dead_letters_are_seen_to_by_command(founded_files, tmp_path, desk):
    url = desk.office.database.url
    given_up(desk)
    told = run(url, "outbox", "list", "--agency", "H01")
    assert (told.exit_code, ADDRESS in told.stdout) == (1, True)
    assert run(url, "outbox", "list").exit_code == 2  # which of the two agencies?
    assert run(url, "outbox", "retry", "--agency", "H02").stdout.startswith("0 thư")
    assert run(url, "outbox", "retry", str(LETTER), "--agency", "H01").exit_code == 0
    done = run(url, "outbox", "list", "--agency", "H01")
    assert (done.exit_code, done.stdout) == (0, "0 thư không gửi được / dead letters\n")
    given_up(desk, UUID(int=9))
    reason = "Bên nhận đã ngừng dùng"
    assert run(url, "outbox", "discard", str(UUID(int=9)), reason, "--agency", "H01").exit_code == 0
    assert run(url, "outbox", "discard", "không phải mã", reason, "--agency", "H01").exit_code == 2


# The server's own post


def test_a_server_delivers_by_itself_and_stops_gracefully(sqlite_url):
    ward = open_ward(sqlite_url)
    settings = Settings(tick_seconds=0.01, private_webhooks=True)
    with receiving() as receiver:
        wants(ward, receiver.address)
        post = OutgoingPost(ward.office, settings)
        post.start()
        sends_a_message(ward)
        for _ in range(1000):
            if receiver.received:
                break
            post._ending.wait(0.01)
        post.stop()
        assert len(receiver.received) == 1
        assert not post.running
    ward.office.database.close()
