"""People read and tick off their reminders, follow their due steps, and see what messages cost."""

import json
import re

from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy import insert, select
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app as commands
from api.outgoing_post import deliverers
from api.passing_time import PassingTime
from api.settings import Settings
from engine.store.reminder_tables import message, notice
from engine.store.tables import account, step_run

NOT_THERE = "/ical/khong-ai-biet.ics"


def browser_of(desk, caller):
    app = create_app(desk.office, Settings(tick_seconds=0))
    headers = {"Authorization": f"Bearer {caller.token}", "Accept-Language": "vi"}
    return TestClient(app, base_url="http://quytrinh.test", headers=headers)


def due_step(desk):
    """A dossier whose open step is due now, with its reminders told by the worker."""
    received = desk.receive()
    with desk.office.database.read() as connection:
        due = connection.execute(select(step_run).where(step_run.c.due_at.is_not(None))).first()
    assert due is not None
    desk.clock.set(due.due_at)
    PassingTime(desk.office, 5).look()
    return received, due


def holders_browser(desk):
    """Of somebody who was reminded."""
    with desk.office.database.read() as connection:
        reminded = select(account.c.login).where(
            account.c.account_id.in_(select(notice.c.account_id))
        )
        login = connection.execute(reminded.order_by(account.c.login)).scalars().first()
    assert login is not None
    return browser_of(desk, desk.caller(login))


def token_in(shown):
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    return {"csrf_token": found.group(1) if found else ""}


def test_a_reminder_is_shown_until_it_is_ticked_off(desk):
    received, due = due_step(desk)
    browser = holders_browser(desk)
    assert "1 chưa đọc" in browser.get("/inbox").text
    shown = browser.get("/reminders").text
    assert f"Bước “{due.name}” đã đến hạn." in shown
    assert received["code"] in shown
    browser.post("/reminders/read", data=token_in(shown))
    assert "Không có nhắc việc nào chưa đọc" in browser.get("/reminders").text


def test_reminders_of_somebody_else_cannot_be_ticked_off(desk):
    due_step(desk)
    with desk.office.database.read() as connection:
        known = connection.execute(select(notice.c.notice_id)).scalars().first()
    stranger = browser_of(desk, desk.stranger)
    sent = token_in(stranger.get("/reminders").text)
    assert stranger.post(f"/reminders/{known}/read", data=sent).status_code == 404


def test_a_calendar_program_follows_due_steps_until_the_address_is_void(desk):
    received, due = due_step(desk)
    browser = holders_browser(desk)
    sent = token_in(browser.get("/reminders").text)
    made = browser.post("/reminders/feed", data=sent).text
    address = re.search(r"http://quytrinh\.test(/ical/[^<]+\.ics)", made).group(1)
    anybody = TestClient(browser.app, base_url="http://quytrinh.test")
    answer = anybody.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    [event] = Calendar.from_ical(answer.text).walk("VEVENT")
    assert event["summary"] == f"Hạn: {received['code']} – {due.name}"
    assert event["dtend"].dt == due.due_at
    assert "Lê Văn Tám" not in answer.text
    assert address not in browser.get("/reminders").text
    browser.post("/reminders/feed/revoke", data=sent)
    assert anybody.get(address).status_code == 404
    assert anybody.get(NOT_THERE).status_code == 404


def test_a_new_address_makes_the_old_one_void(desk):
    browser = browser_of(desk, desk.nam)
    sent = token_in(browser.get("/reminders").text)
    found = [
        re.search(r"(/ical/[^<]+\.ics)", browser.post("/reminders/feed", data=sent).text).group(1)
        for _ in range(2)
    ]
    assert [browser.get(each).status_code for each in found] == [404, 200]


# The commands


def run(desk, *arguments):
    url = desk.office.database.url
    return CliRunner().invoke(commands, [*arguments, "--agency", "H01", "--database", url])


def test_the_ladder_is_shown_and_set_by_command(desk, tmp_path):
    usual = json.loads(run(desk, "reminders", "show").output)
    assert usual["quiet"] is True
    file = tmp_path / "thang.json"
    file.write_text(json.dumps({**usual, "quiet": False}), encoding="utf-8")
    assert run(desk, "reminders", "set", str(file)).exit_code == 0
    assert json.loads(run(desk, "reminders", "show").output)["quiet"] is False
    file.write_text('{"rungs": {"never": {}}}', encoding="utf-8")
    wrong = run(desk, "reminders", "set", str(file))
    assert wrong.exit_code != 0
    assert "Thiết lập nhắc việc không dùng được" in wrong.output


def test_officers_are_reached_as_the_administrator_says(desk):
    kept = run(desk, "reminders", "contact", "nam", "--email", "nam@a.vn", "--phone", "0901234567")
    assert kept.exit_code == 0, kept.output
    with desk.office.database.read() as connection:
        row = connection.execute(select(account).where(account.c.login == "nam")).one()
    assert (row.email, row.phone) == ("nam@a.vn", "0901234567")
    assert run(desk, "reminders", "contact", "nam", "--email", "a\nb@c.vn").exit_code != 0
    assert run(desk, "reminders", "contact", "khong.co", "--email", "a@b.vn").exit_code != 0


def test_messages_for_each_step_are_reported(desk):
    _, due = due_step(desk)
    with desk.office.database.read() as connection:
        one = connection.execute(select(account.c.account_id)).scalars().first()

    def log(transaction):
        for number in range(3):
            row = {
                "agency_id": "H01",
                "message_id": desk.office.ids(desk.clock.now()),
                "kind": "text",
                "day": 20260302 + number,
                "step_run_id": due.step_run_id,
                "account_id": one,
                "event": "due",
                "at": desk.clock.now(),
                "parts": 2,
                "cost": 600,
            }
            transaction.execute(insert(message), row)

    desk.office.database.write(log)
    told = run(desk, "reminders", "cost", "2026-03-02", "2026-03-03").output
    assert "text: 2 tin / messages (4 phần / parts), 1200 đồng, 2.0 tin mỗi bước" in told
    turned = run(desk, "reminders", "cost", "2026-03-03", "2026-03-02")
    assert (turned.exit_code, "Không có tin nào" in turned.output) == (2, False)


# The settings


def test_messages_wait_where_no_server_is_set(desk):
    assert set(deliverers(desk.office, Settings())) == {"webhook"}
    both = Settings(smtp_host="thu.vn", text_address="https://tin.vn/{to}")
    assert set(deliverers(desk.office, both)) == {"webhook", "email", "text"}
    assert "mat khau" not in repr(Settings(smtp_password="mat khau"))
