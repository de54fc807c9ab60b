"""Reminders by the API and the settings page: one's own notices, settings seen before they count."""

import re

from api.passing_time import PassingTime
from tests.api.test_reminders import browser_of, due_step, run, token_in

SETTINGS = "/reminders/settings"
FORM = {
    "on": ["part_used", "day_before", "due", "overdue"],
    "way": ["due:holder:page", "overdue:head:email"],
    "webhook": ["due"],
    "part_percent": "60",
    "quiet": "true",
    "digest": "true",
    "digest_at": "08:30",
    "text_cost": "350",
    "text_cap": "100.000",
    "month_cap": "",
}


def test_ones_own_reminders_are_listed_and_marked(any_desk):
    desk = any_desk
    desk.appraised()
    desk.at(2026, 3, 9, 8, 0)
    PassingTime(desk.office, 5).look()
    (first, *others) = desk.nam.get("/reminders").json()
    kinds = {each["kind"] for each in (first, *others)}
    assert kinds & {"due", "overdue", "day_before", "part_used"}
    assert "owed" in kinds  # the dossier's own last day
    path = f"/reminders/{first['notice_id']}/read"
    assert desk.stranger.post(path).status_code == 404
    assert desk.nam.post(path, key="doc-1").json() == {"read": 1}
    assert desk.nam.post(path, key="doc-1").json() == {"read": 1}
    assert desk.nam.post(path).json() == {"read": 0}
    desk.nam.post("/reminders/read")
    assert desk.nam.get("/reminders").json() == []


def test_settings_are_tried_set_and_undone(any_desk):
    hung = any_desk.hung
    assert any_desk.lan.get(SETTINGS).status_code == 403
    assert hung.get(SETTINGS).json()["number"] == 0
    tried = hung.post(f"{SETTINGS}/preview", {"settings": {"part_percent": 50}}).json()
    assert tried["days"] == 30
    assert set(tried) == {"days", "in_force", "wanted"}
    body = {"settings": {"part_percent": 50}, "reason": "Nhắc sớm hơn", "seen": 0}
    made = hung.send("PUT", SETTINGS, json=body, headers={"Idempotency-Key": "dat-1"}).json()
    assert (made["number"], made["reason"]) == (1, "Nhắc sớm hơn")
    again = hung.send("PUT", SETTINGS, json=body, headers={"Idempotency-Key": "dat-1"})
    assert again.json() == made
    overtaken = hung.send("PUT", SETTINGS, json=body)
    assert (overtaken.status_code, overtaken.json()["error"]["code"]) == (
        409,
        "reminders.overtaken",
    )
    undone = hung.post(f"{SETTINGS}/undo", {"number": 0, "reason": "Thử xong", "seen": 1}).json()
    assert (undone["number"], undone["settings"]["part_percent"]) == (2, 70)
    for wrong in ({"part_percent": 400}, {"text_cap": -1}, {"quiet_hours": ["08:00", "08:00"]}):
        refused = hung.send("PUT", SETTINGS, json={"settings": wrong})
        assert refused.json()["error"]["code"] == "reminders.senseless_settings"
    assert hung.get("/reminders/cost?first=2026-03-01&last=2026-03-31").json() == []


def test_the_page_shows_what_follows_and_saves_what_was_shown(desk):
    due_step(desk)
    browser = browser_of(desk, desk.hung)
    sent = token_in(browser.get(SETTINGS).text)
    form = {**FORM, **sent, "decision": "0"}
    unseen = browser.post(f"{SETTINGS}/save", data=form).text
    assert "30 ngày qua" in unseen  # what was not previewed is previewed, not saved
    assert desk.hung.get(SETTINGS).json()["number"] == 0
    tag = re.search(r'name="previewed" value="([^"]*)"', unseen).group(1).replace("&#34;", '"')
    saved = browser.post(
        f"{SETTINGS}/save", data={**form, "previewed": tag, "reason": "Ít tin hơn"}
    )
    assert "Đã lưu thiết lập nhắc việc" in saved.text
    settings = desk.hung.get(SETTINGS).json()["settings"]
    assert settings["rungs"]["due"] == {"holder": ["page"]}
    assert (settings["part_percent"], settings["webhooks"]) == (60, ["due"])
    assert (settings["text_cap"], settings["digest_at"]) == (100_000, "08:30")
    assert "Ít tin hơn" in browser.get(SETTINGS).text
    undo = {**sent, "number": "0", "decision": "1", "reason": "Trở lại"}
    assert "Đã dùng lại" in browser.post(f"{SETTINGS}/undo", data=undo).text
    assert desk.hung.get(SETTINGS).json()["settings"]["part_percent"] == 70


def test_the_page_says_what_was_sent_outside_of_it(desk):
    browser = browser_of(desk, desk.hung)
    assert "Chưa gửi tin nào" in browser.get(SETTINGS).text
    for login in ("lan", "nam", "yen", "hung"):
        run(desk, "reminders", "contact", login, "--email", f"{login}@phuong.example")
    due_step(desk)
    shown = browser.get(SETTINGS).text.partition('id="spent"')[2]
    sent = re.search(r'<th scope="row">Thư điện tử</th><td class="number" [^>]*>(\d+)<', shown)
    assert sent is not None
    today = f"{desk.clock.now():%Y-%m-%d}"
    said = desk.hung.get(f"/reminders/cost?first=2026-01-01&last={today}").json()
    assert int(sent.group(1)) == said[0]["sent"] > 0


def test_the_page_refuses_nonsense_and_keeps_what_was_typed(desk):
    browser = browser_of(desk, desk.hung)
    sent = token_in(browser.get(SETTINGS).text)
    answer = browser.post(f"{SETTINGS}/preview", data={**FORM, **sent, "part_percent": "400"})
    assert answer.status_code == 422
    assert "không nằm giữa 1 % và 99 %" in answer.text
    assert 'value="400"' in answer.text
    assert browser_of(desk, desk.lan).get(SETTINGS).status_code == 403
