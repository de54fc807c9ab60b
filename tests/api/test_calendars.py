"""The calendar by the API: read by everybody, proposed by one, previewed, approved by another."""

from datetime import date

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.pages.calendar import _date
from api.settings import Settings
from engine.store.tables import account
from engine.working_calendar.office_hours import NoDateGiven
from tests.api.desk import step_of

OFF = {
    "from": "2026-03-05",
    "to": "2026-03-06",
    "kind": "closure",
    "name": "Nghỉ tránh bão",
    "basis": "Công điện 01/CĐ-UBND",
}
PROPOSAL = {"layers": [{"level": "office", "days": [OFF]}], "reason": "Bão số 3"}
DECISION = {"decision_no": "12/QĐ-UBND"}


@pytest.fixture
def two(any_desk):
    """The desk, an administrator who proposes and the head who approves."""
    desk = any_desk

    def promote(transaction):
        nam = account.c.login == "nam"
        transaction.execute(update(account).where(nam).values(roles=["admin"]))

    desk.office.database.write(promote)
    return desk


def test_a_change_is_proposed_previewed_approved_and_applied(two):
    desk, dossier = two, two.appraised()
    assert two.lan.get("/calendar").json()["edition"] == 1
    made = two.nam.post("/calendar/changes", PROPOSAL, key="de-xuat-1")
    assert made.status_code == 201, made.text
    path = f"/calendar/changes/{made.json()['change_id']}"
    assert two.nam.post("/calendar/changes", PROPOSAL, key="de-xuat-1").json() == made.json()
    assert desk.hung.post(f"{path}/approve", DECISION).json()["error"]["code"] == (
        "calendar.preview_first"
    )
    seen = two.nam.post(f"{path}/preview", key="xem-1").json()["preview"]
    assert (seen["open"], seen["moved"], seen["lines"][0]["code"]) == (1, 1, dossier["code"])
    own = two.nam.post(f"{path}/approve", DECISION)
    assert own.json()["error"]["code"] == "calendar.approver_proposed"
    approved = desk.hung.post(f"{path}/approve", DECISION, key="duyet-1").json()
    assert (approved["state"], approved["edition"], approved["left"]) == ("applying", 2, 1)
    assert desk.hung.post(f"{path}/approve", DECISION, key="duyet-1").json() == approved
    applied = desk.hung.post(f"{path}/apply", key="doi-1").json()
    assert applied == {"looked_at": 1, "left": 0}
    assert desk.hung.post(f"{path}/apply", key="doi-1").json() == applied
    assert desk.file(dossier["code"])["due_at"].startswith("2026-03-11T01:00")
    days = desk.lan.get("/calendar/days?first=2026-03-04&last=2026-03-05").json()
    assert [bool(day["sessions"]) for day in days] == [True, False]
    assert days[1]["basis"] == "Công điện 01/CĐ-UBND"


def test_that_the_citizen_was_told_of_the_moved_date_is_put_on_record_once(two):
    desk, dossier = two, two.appraised()
    told = {"way": "phone", "words": "Bà Tám đồng ý"}
    path = f"/dossiers/{dossier['code']}/told"
    assert desk.nam.post(path, told).json()["error"]["code"] == "promise.nothing_to_tell"
    change = two.nam.post("/calendar/changes", PROPOSAL).json()["change_id"]
    two.nam.post(f"/calendar/changes/{change}/preview")
    two.hung.post(f"/calendar/changes/{change}/approve", DECISION)
    two.hung.post(f"/calendar/changes/{change}/apply")
    assert desk.nam.post(path, {"way": "pigeon"}).status_code == 422
    assert desk.stranger.post(path, told).status_code == 404
    assert desk.nam.post(path, told, key="bao-1").status_code == 200
    assert desk.nam.post(path, told, key="bao-1").status_code == 200
    assert desk.hung.post(path, told).json()["error"]["code"] == "promise.nothing_to_tell"
    last = desk.lan.get(f"/dossiers/{dossier['code']}/history").json()[-1]
    assert (last["kind"], last["who"]["name"]) == ("promise.told", "Trần Văn Nam")
    assert last["body"]["way"] == "phone"


def test_a_proposal_is_put_aside_and_what_is_wrong_is_refused(two):
    assert two.lan.post("/calendar/changes", PROPOSAL).status_code == 403
    assert two.nam.post("/calendar/changes", {"reason": "không đổi gì"}).status_code == 422
    bad = {"layers": [{"level": "office", "days": [{**OFF, "basis": ""}]}], "reason": "thiếu"}
    assert two.nam.post("/calendar/changes", bad).json()["error"]["code"] == "calendar.rule_invalid"
    change = two.nam.post("/calendar/changes", PROPOSAL).json()["change_id"]
    assert two.nam.post(f"/calendar/changes/{change}/withdraw").json()["state"] == "withdrawn"
    assert [each["state"] for each in two.lan.get("/calendar/changes").json()] == ["withdrawn"]
    assert two.stranger.get(f"/calendar/changes/{change}").status_code == 404
    assert two.lan.get("/calendar/days?first=2026-03-04&last=2028-03-05").status_code == 422


def test_of_a_dossier_that_stands_the_page_says_that_no_due_time_moves(two):
    body = {"reason": "Bão số 3, trụ sở đóng cửa", "legal_basis": "BLDS, Điều 156"}
    assert two.nam.post(f"/steps/{step_of(two.appraised())}/suspend", body).status_code == 200
    path = f"/calendar/changes/{two.nam.post('/calendar/changes', PROPOSAL).json()['change_id']}"
    (line,) = two.nam.post(f"{path}/preview").json()["preview"]["lines"]
    assert line["effect"] == "steps_only"
    headers = {"Authorization": f"Bearer {two.hung.token}", "Accept-Language": "vi"}
    app = create_app(two.office, Settings(tick_seconds=0))
    page = TestClient(app, base_url="http://quytrinh.test", headers=headers).get(path).text
    assert "hạn không đổi" in page
    assert "chỉ đổi hạn bước" not in page


def test_a_second_approval_is_told_what_became_of_the_proposal(two):
    path = f"/calendar/changes/{two.nam.post('/calendar/changes', PROPOSAL).json()['change_id']}"
    two.nam.post(f"{path}/preview")
    assert two.hung.post(f"{path}/approve", DECISION).status_code == 200
    late = two.hung.post(f"{path}/approve", DECISION)
    assert (late.status_code, late.json()["error"]["code"]) == (409, "calendar.not_a_draft")
    assert "applying" not in late.json()["error"]["vi"]


@pytest.mark.parametrize("typed", ["", "  ", "31/02/2026", "mai"])
def test_a_day_without_a_date_is_told_with_an_example(typed):
    with pytest.raises(NoDateGiven, match="03/09/2026"):
        _date(typed)


def test_a_day_is_read_as_people_write_it_and_as_a_browser_sends_it():
    assert _date(" 03/09/2026 ") == _date("2026-09-03") == date(2026, 9, 3)
