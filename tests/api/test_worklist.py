"""The worklist at the door: what is due first on top, counted, by pages."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from api.app import create_app
from engine.store.tables import step_run
from engine.worklist import MOST_COUNTED
from tests.api.desk import step_of


def dossiers(answer):
    return [item["step"]["dossier_code"] for item in answer.json()["items"]]


def test_it_shows_what_waits_with_the_time_left(desk):
    received = desk.receive()
    (item,) = desk.lan.get("/worklist").json()["items"]
    assert item["step"]["dossier_code"] == received["code"]
    assert item["step"]["name"] == "Tiếp nhận"
    assert item["step"]["procedure_name"] == "Cấp phép thử nghiệm"
    assert item["left"] == {
        "seconds": 4 * 3600,
        "vi": "Còn 4 giờ làm việc",
        "en": "4 working hours left",
    }
    desk.at(2026, 3, 2, 13, 30)
    (item,) = desk.lan.get("/worklist").json()["items"]
    assert item["left"] == {
        "seconds": 0,
        "vi": "Đến hạn",
        "en": "Due now",
    }
    desk.at(2026, 3, 2, 14, 30)
    (item,) = desk.lan.get("/worklist").json()["items"]
    assert item["left"]["vi"] == "Trễ 1 giờ làm việc"


def test_it_shows_nothing_of_other_positions(desk):
    desk.receive()
    assert desk.nam.get("/worklist").json() == {
        "items": [],
        "next": None,
        "counts": {"total": 0, "late": 0, "today": 0, "paused": 0, "risk": 0},
    }


def test_parts_of_it_and_their_numbers(any_desk):
    desk = any_desk
    late = desk.appraised()["code"]
    desk.at(2026, 3, 3, 9, 0)
    today = desk.appraised()["code"]
    desk.at(2026, 3, 5, 8, 30)
    paused = desk.appraised()
    later = desk.appraised()["code"]
    desk.nam.post(
        f"/steps/{step_of(paused)}/supplement",
        {"components": ["BAN_VE"], "reason": "bản vẽ bị mờ"},
    )
    answer = desk.nam.get("/worklist")
    assert dossiers(answer) == [late, today, later, paused["code"]]
    assert answer.json()["items"][3]["left"] is None
    numbers = {"total": 4, "late": 1, "today": 1, "paused": 1, "risk": 1}
    assert answer.json()["counts"] == numbers
    parts = {
        "late": [late],
        "risk": [late],
        "today": [today],
        "paused": [paused["code"]],
        "mine": [],
    }
    for only, expected in parts.items():
        assert dossiers(desk.nam.get("/worklist", params={"only": only})) == expected
    desk.nam.post(f"/steps/{answer.json()['items'][2]['step']['step_run_id']}/claim")
    assert dossiers(desk.nam.get("/worklist", params={"only": "mine"})) == [later]
    assert later not in dossiers(desk.yen.get("/worklist"))


def test_pages_miss_none(any_desk):
    desk = any_desk
    expected = {desk.receive()["code"] for _ in range(5)}
    seen, after = [], ""
    while after is not None:
        page = desk.lan.get("/worklist", params={"limit": 2, "after": after})
        seen += dossiers(page)
        after = page.json()["next"]
        assert page.json()["counts"]["total"] == 5
    assert len(seen) == 5
    assert set(seen) == expected


def test_it_is_searched_by_applicant_code_and_procedure(desk):
    one = desk.receive(applicant="Công ty Hoa Đào")["code"]
    desk.receive(applicant="Lê Thị Sen")
    assert dossiers(desk.lan.get("/worklist", params={"search": "hoa đào"})) == [one]
    assert dossiers(desk.lan.get("/worklist", params={"search": one})) == [one]
    assert len(dossiers(desk.lan.get("/worklist", params={"search": "cap phep"}))) == 2


@pytest.mark.parametrize("only", ["", "yours", "ALL"])
def test_other_parts_there_are_none(desk, only):
    answer = desk.lan.get("/worklist", params={"only": only})
    assert answer.status_code == 422
    assert "all" in answer.json()["error"]["fields"][0]["vi"]


def test_the_page_counts_to_a_thousand_and_says_when_there_is_more(any_desk):
    desk = any_desk
    desk.receive()

    def as_many(more):
        def command(transaction):
            (row,) = transaction.execute(select(step_run).limit(1)).mappings()
            at = desk.clock.now()
            rows = [{**row, "step_run_id": desk.office.ids(at)} for _ in range(more)]
            transaction.execute(insert(step_run), rows)

        desk.office.database.write(command)

    as_many(MOST_COUNTED - 2)
    assert all(said not in seen(desk) for said in ("1.000+", "1,000+"))
    assert "999" in seen(desk)
    as_many(1)
    assert "1.000+" in seen(desk)
    as_many(1)
    assert "1.000+" in seen(desk)
    assert "1,000+" in seen(desk, "en")


def seen(desk, language="vi"):
    """The inbox of Lan as a page."""
    app = create_app(desk.office, desk.app.state.settings)
    pages = TestClient(app, base_url="http://quytrinh.test")
    who = {"Authorization": f"Bearer {desk.lan.token}", "Accept-Language": language}
    page = pages.get("/inbox", headers=who)
    assert page.status_code == 200
    return page.text
