"""What the office owes, what QĐ 766 makes of it, and a second supplement: at both doors."""

import re

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.desk import step_of

OWED = "Phải trả kết quả hoặc xin lỗi, hẹn lại (Mẫu 04)"
REASON = "Bản vẽ của người nộp bị sai tỷ lệ"
LEAVE = {"reason": REASON, "decision_no": "15/QĐ-UBND"}


@pytest.fixture
def pages(desk):
    """The pages as an officer sees them."""
    app = create_app(desk.office, Settings(tick_seconds=0))

    def of(caller):
        headers = {"Authorization": f"Bearer {caller.token}"}
        return TestClient(app, base_url="http://quytrinh.test", headers=headers)

    return of


def owing(desk):
    return [each["code"] for each in desk.lan.get("/dossiers?owing=true").json()["items"]]


def asked_once(desk):
    """A dossier whose applicant was asked on Monday 9:00 and came back at 10:00."""
    appraised = desk.appraised()
    desk.at(2026, 3, 2, 9, 0)
    ask(desk, appraised)
    desk.at(2026, 3, 2, 10, 0)
    desk.lan.post(f"/dossiers/{appraised['code']}/supplement-received", {})
    return appraised


def ask(desk, appraised):
    body = {"components": ["BAN_VE"], "reason": REASON}
    return desk.nam.post(f"/steps/{step_of(appraised)}/supplement", body)


def test_on_the_last_working_day_the_dossier_says_what_is_owed(desk, pages):
    """Due Monday 09/03 at 8:00: from Friday 8:00 on."""
    dossier = desk.appraised()
    page = f"/dossiers/{dossier['dossier_id']}"
    desk.at(2026, 3, 6, 7, 59)
    assert (owing(desk), desk.file(dossier["code"])["duty"]) == ([], None)
    assert OWED not in pages(desk.nam).get(page).text
    desk.at(2026, 3, 6, 8, 0)
    assert owing(desk) == [dossier["code"]]
    assert desk.file(dossier["code"])["duty"] == "result_or_apology"
    for shown in (page, "/inbox"):
        assert OWED in pages(desk.nam).get(shown).text


def test_the_apology_is_told_with_who_made_it_and_how_the_citizen_was_reached(desk, pages):
    dossier = desk.appraised(contact={"email": "tam@example.vn"})
    desk.at(2026, 3, 6, 8, 0)
    body = {"new_due_at": "2026-03-13T10:00:00+07:00", "reason": "Chờ kết quả đo đạc"}
    assert desk.hung.post(f"/dossiers/{dossier['code']}/extend", body).status_code == 200
    file = desk.file(dossier["code"])
    (apology,) = file["apologies"]
    assert apology["made_by"]["name"] == "Phạm Quốc Hùng"
    assert (apology["reason"], apology["told"]) == ("Chờ kết quả đo đạc", ["email"])
    assert (apology["late_ws"], file["duty"]) == (0, None)
    shown = pages(desk.nam).get(f"/dossiers/{dossier['dossier_id']}").text
    assert "Đã xin lỗi, hẹn lại (Mẫu 04)" in shown
    assert "Khi đó đã quá hạn" not in shown
    desk.at(2026, 3, 12, 10, 0)
    assert desk.file(dossier["code"])["duty"] == "result"
    assert "Phải trả kết quả, không được hẹn lại nữa" in pages(desk.nam).get("/inbox").text


def test_law_and_measure_stand_side_by_side(desk, pages):
    """The procedure counts anew after a supplement; the measure takes the citizen's hour off."""
    dossier = asked_once(desk)
    file = desk.file(dossier["code"])
    assert file["due_at"] == "2026-03-09T03:00:00Z"  # five days from Monday 10:00
    measure = file["measure"]
    assert (measure["rule"], measure["result"]) == ("766/2022", "on_time")
    assert measure["due_at"].startswith("2026-03-09T09:00:00")  # promised 8:00, an hour later
    assert (measure["supplement_ws"], measure["requests"]) == (3600, 1)
    assert file["charged"] == {"own": 3600, "nobody": 3600, "others": {}}
    shown = pages(desk.nam).get(f"/dossiers/{dossier['dossier_id']}").text
    assert "Theo Quyết định 766" in shown


def test_a_second_supplement_is_allowed_by_a_head_and_counts_late(desk):
    dossier = asked_once(desk)
    path = f"/dossiers/{dossier['code']}/allow-supplement"
    assert ask(desk, dossier).json()["error"]["code"] == "supplement.spent"
    assert desk.nam.post(path, LEAVE).json()["error"]["code"] == "not_allowed"
    for lacking in ({"reason": REASON}, {**LEAVE, "decision_no": ""}, {**LEAVE, "reason": ""}):
        assert desk.hung.post(path, lacking).status_code == 422
    assert desk.hung.post(path, LEAVE, key="1").status_code == 200
    assert desk.hung.post(path, LEAVE, key="1").status_code == 200
    assert desk.hung.post(path, LEAVE).json()["error"]["code"] == "supplement.still_allowed"
    assert ask(desk, dossier).json()["state"] == "paused"
    file = desk.file(dossier["code"])
    assert (file["supplements"], file["supplements_allowed"]) == (2, 2)
    assert file["measure"]["result"] == "late"


def test_the_head_allows_it_on_the_page_and_the_holder_can_ask_again(desk, pages):
    dossier = asked_once(desk)
    page = f"/dossiers/{dossier['dossier_id']}"
    asking = f"/steps/{step_of(dossier)}/supplement"
    assert "allow-supplement" not in pages(desk.nam).get(page).text
    assert asking not in pages(desk.nam).get(page).text
    head = pages(desk.hung)
    shown = head.get(page).text
    assert "Hồ sơ bị tính quá hạn theo Quyết định 766" in shown
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    sent = {**LEAVE, "csrf_token": token.group(1) if token else ""}
    assert (
        "Đã cho phép yêu cầu bổ sung thêm một lần"
        in head.post(f"{page}/allow-supplement", data=sent).text
    )
    history = head.get(f"{page}?tab=history").text
    for said in ("Cho phép bổ sung thêm một lần", "15/QĐ-UBND", REASON):
        assert said in history
    assert asking in pages(desk.nam).get(page).text
