"""The clock of a dossier at both doors: one sentence, parts that add up, marks."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.settings import Settings
from engine.store.tables import dossier, step_run
from tests.api.desk import step_of

REASON = "Bản vẽ của người nộp bị sai tỷ lệ"


@pytest.fixture
def shown(desk):
    """The dossier's page as an officer sees it."""
    app = create_app(desk.office, Settings(tick_seconds=0))
    headers = {"Authorization": f"Bearer {desk.nam.token}", "Accept-Language": "vi"}
    client = TestClient(app, base_url="http://quytrinh.test", headers=headers)
    return lambda dossier: client.get(f"/dossiers/{dossier['dossier_id']}").text


def used(picture):
    return sum(p["end"] - p["begin"] for p in picture["parts"] if p["kind"] in ("used", "over"))


def test_the_answer_has_the_picture_of_the_dossier_and_of_its_open_step(desk, shown):
    desk.at(2026, 3, 2, 8, 0)
    dossier = desk.receive()
    desk.at(2026, 3, 2, 9, 0)
    desk.lan.post(f"/steps/{step_of(dossier)}/complete", {})
    desk.at(2026, 3, 2, 10, 30)
    file = desk.file(dossier["code"])
    picture = file["clock"]["picture"]
    assert picture["vi"] == "Còn 4 ngày 5 giờ làm việc."
    assert picture["en"] == "4 working days 5 hours left."
    assert used(picture) == picture["consumed"] == 9000
    assert [part["steps"] for part in picture["parts"] if part["kind"] == "used"] == [
        ["Tiếp nhận"],
        ["Thẩm định"],
    ]
    assert [mark["kind"] for mark in picture["marks"]] == ["now", "limit"]
    (step,) = file["step_clocks"]
    assert step["step_run_id"] == file["open_steps"][0]["step_run_id"]
    assert used(step["picture"]) == 5400
    page = shown(dossier)
    assert "Còn 4 ngày 5 giờ làm việc." in page
    assert step["picture"]["vi"] in page
    assert "Bảng số liệu của đồng hồ" in page


def test_a_supplement_that_will_count_from_zero_is_said_so_while_it_lasts(desk, shown):
    dossier = desk.appraised()
    desk.at(2026, 3, 3, 8, 0)
    body = {"components": ["BAN_VE"], "reason": REASON, "legal_basis": "Điều 19 NĐ 61/2018"}
    assert desk.nam.post(f"/steps/{step_of(dossier)}/supplement", body).status_code == 200
    desk.at(2026, 3, 5, 8, 0)
    picture = desk.file(dossier["code"])["clock"]["picture"]
    assert picture["restarts"]
    assert picture["vi"] == (
        "Khi tiếp tục, thời hạn tính lại từ đầu: 5 ngày làm việc; tạm dừng 2 ngày chờ bổ sung."
    )
    gap = next(part for part in picture["parts"] if part["kind"] == "paused")
    assert (gap["pause"], gap["charged_to"]) == ("citizen_supplement", None)
    clock = desk.file(dossier["code"])["clock"]
    (pause,) = clock["pauses"]
    assert clock["running_since"] is None
    assert (pause["kind"], pause["charged_to"], pause["until"]) == (
        "citizen_supplement",
        None,
        None,
    )
    assert pause["legal_ground"] == "Điều 19 NĐ 61/2018"
    page = shown(dossier)
    assert "người nộp, không tính cho ai" in page
    assert "Điều 19 NĐ 61/2018" in page
    desk.lan.post(f"/dossiers/{dossier['code']}/supplement-received", {})
    picture = desk.file(dossier["code"])["clock"]["picture"]
    assert [part["kind"] for part in picture["parts"]] == ["void", "paused", "left"]


def test_a_late_dossier_shows_how_much_lies_past_the_limit(desk, shown):
    dossier = desk.appraised()
    desk.at(2026, 3, 10, 8, 0)
    picture = desk.file(dossier["code"])["clock"]["picture"]
    assert picture["vi"] == "Trễ 1 ngày làm việc."
    assert picture["parts"][-1]["kind"] == "over"
    assert picture["left"] == -8 * 3600
    assert "Quá hạn: Thẩm định" in shown(dossier)


def test_an_extension_shows_what_was_promised_first(desk):
    dossier = desk.appraised()
    desk.at(2026, 3, 6, 8, 0)
    body = {"new_due_at": "2026-03-13T10:00:00+07:00", "reason": "Chờ kết quả đo đạc"}
    assert desk.hung.post(f"/dossiers/{dossier['code']}/extend", body).status_code == 200
    picture = desk.file(dossier["code"])["clock"]["picture"]
    assert "đã gia hạn đến 10:00 13/03/2026" in picture["vi"]
    marks = {mark["kind"]: mark["at"] for mark in picture["marks"]}
    assert marks["original"] < marks["limit"]


def test_a_dossier_without_a_limit_says_so_and_draws_its_step(desk, shown):
    """As one of a procedure that states none is stored."""
    made = desk.appraised()
    nothing = {"clock": None, "due_at": None, "original_due_at": None, "limit_ws": None}
    desk.office.database.write(
        lambda transaction: transaction.execute(update(dossier).values(**nothing))
    )
    file = desk.file(made["code"])
    assert (file["clock"], len(file["step_clocks"])) == (None, 1)
    page = shown(made)
    assert "Quy trình không đặt thời hạn cho hồ sơ này." in page
    assert file["step_clocks"][0]["picture"]["vi"] in page


UNREADABLE = "Không đọc được dữ liệu tính giờ đã lưu. Báo người quản trị hệ thống."


def test_a_dossier_whose_clocks_are_damaged_is_still_read_and_says_so(desk, shown):
    taken = desk.appraised()
    step = step_of(taken)
    spoilt = {"no": "clock"}
    desk.office.database.write(
        lambda transaction: transaction.execute(
            update(step_run).where(step_run.c.state == "open").values(clock=spoilt)
        )
    )
    file = desk.file(taken["code"])
    assert file["step_clocks"] == []
    assert file["unreadable_clocks"] == [step]
    assert file["clock"]["picture"]["vi"] in shown(taken)  # the dossier's own is sound
    assert shown(taken).count(UNREADABLE) == 1

    desk.office.database.write(
        lambda transaction: transaction.execute(update(dossier).values(clock=spoilt))
    )
    file = desk.file(taken["code"])
    assert (file["clock"], file["measure"], file["charged"]) == (None, None, None)
    assert sorted(file["unreadable_clocks"]) == sorted([step, taken["dossier_id"]])
    page = shown(taken)
    assert page.count(UNREADABLE) == 2
    assert "Quy trình không đặt thời hạn" not in page  # it has one; it cannot be told
    refused = desk.nam.post(f"/steps/{step}/complete", {})
    assert refused.json()["error"]["code"] == "ledger_clock.unreadable"
