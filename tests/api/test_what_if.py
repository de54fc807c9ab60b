"""What if, at the JSON door and at the machine itself: the past of the office played again."""

import json

import pytest
from fastapi.testclient import TestClient

from analysis.replay.change import (
    Arrivals,
    Change,
    Dropped,
    InvalidChange,
    Limit,
    People,
    SupplementRate,
)
from api.app import create_app
from api.cli.what_if import change_of
from api.past_of_office import resetting
from api.settings import Settings
from engine.actor import SYSTEM, Actor, Role
from tests.api.desk import CODE, PASSWORD, open_desk, step_of
from tests.api.test_dossiers import refused
from tests.api.test_form_command import run

MARCH = {"first": "2026-03-01", "last": "2026-03-31", "replications": 2}
DAYS = (2, 3, 4, 5)
ORIGIN = "http://quytrinh.test"


def worked(desk) -> None:
    """One dossier a day on four days: 10, 30 and 30 minutes with three officers."""
    for day in DAYS:
        desk.at(2026, 3, day, 8)
        received = desk.receive()
        desk.at(2026, 3, day, 8, 10)
        appraisal = desk.lan.post(f"/steps/{step_of(received)}/complete", {}).json()
        desk.at(2026, 3, day, 8, 20)
        assert desk.nam.post(f"/steps/{step_of(appraisal)}/claim").status_code == 200
        desk.bring_drawings(received["dossier_id"])
        desk.at(2026, 3, day, 8, 50)
        data = {"data": {"ket_qua": "dat"}}
        signing = desk.nam.post(f"/steps/{step_of(appraisal)}/complete", data).json()
        assert desk.hung.post(f"/steps/{step_of(signing)}/claim").status_code == 200
        desk.at(2026, 3, day, 9, 20)
        done = desk.hung.post(f"/steps/{step_of(signing)}/complete", {})
        assert done.json()["state"] == "finished", done.text
    desk.at(2026, 4, 1, 8)


def asked(desk, **change):
    answer = desk.hung.post("/analysis/what-if", MARCH | change)
    assert answer.status_code == 200, answer.text
    return answer.json()


def difference(answer, measure):
    return next(each for each in answer["differences"] if each["measure"] == measure)


def test_the_past_is_played_on_both_databases_and_a_step_left_out_takes_its_time(any_desk):
    worked(any_desk)
    answer = asked(any_desk, dropped=[{"procedure": CODE, "step": "Task_Sign"}])
    assert answer["observed"]["received"] == answer["dossiers"] == 4
    assert answer["observed"]["in_time"] == {"part": 4, "whole": 4}
    assert answer["observed"]["p50_ws"] == 80 * 60
    median = next(each for each in answer["checks"] if each["measure"] == "p50_ws")
    assert median["replayed"] == 80 * 60
    assert answer["trusted"]
    assert difference(answer, "p50_ws")["difference"] == -30 * 60
    assert [post["people_before"] for post in answer["posts"]] == [1, 1, 1]


def test_an_hour_is_too_short_for_eighty_minutes(desk):
    worked(desk)
    answer = asked(desk, limits=[{"procedure": CODE, "limit_ws": 3600}], procedure=CODE)
    assert difference(answer, "in_time")["changed"] == 0.0


def test_what_nobody_has_done_cannot_be_played(desk):
    refused(desk.hung.post("/analysis/what-if", MARCH), 422, "what_if.nothing_to_replay")


def test_a_change_of_what_is_not_there_is_refused(desk):
    worked(desk)
    change = {"people": [{"unit": "lanh_dao", "position": "nobody", "by": 1}]}
    refused(desk.hung.post("/analysis/what-if", MARCH | change), 422, "what_if.change_invalid")
    nothing = {"people": [{"position": "truong_phong", "by": 0}]}
    refused(desk.hung.post("/analysis/what-if", MARCH | nothing), 422, "what_if.change_invalid")


def test_more_plays_than_the_installation_allows_are_refused(desk):
    often = MARCH | {"replications": 101}
    refused(desk.hung.post("/analysis/what-if", often), 422, "what_if.too_many_replications")


def test_only_heads_and_the_reform_team_ask(desk):
    refused(desk.lan.post("/analysis/what-if", MARCH), 403, "not_allowed")


def test_procedures_that_count_anew_after_a_supplement_are_known(desk):
    at_the_machine = Actor(SYSTEM, "H01", "Hệ thống", frozenset({Role.ADMIN}))
    assert resetting(desk.office, at_the_machine) == {CODE}


@pytest.fixture
def page_of(desk):
    """A page as an officer sees it."""
    client = TestClient(create_app(desk.office, Settings(tick_seconds=0)), base_url=ORIGIN)

    def seen(login, address):
        body = {"login": login, "password": PASSWORD}
        client.post("/api/v1/login", json=body, headers={"Origin": ORIGIN}).raise_for_status()
        return client.get(address)

    return seen


@pytest.fixture
def url(founded_files, tmp_path):
    url = founded_files.fresh(tmp_path)
    desk = open_desk(url, tmp_path)
    worked(desk)
    desk.office.database.close()
    return url


PERIOD = ("--from", "2026-03-01", "--to", "2026-03-31", "--replications", "2")


def test_at_the_machine_it_is_told_in_words_and_as_data(url):
    told = run(url, "what-if", *PERIOD, "--people", "/truong_phong=+1")
    assert told.exit_code == 0, told.output
    assert told.output.startswith("DỰNG LẠI / REPLAY: 4 hồ sơ / dossiers, 2 lượt / plays\n")
    assert "trung vị / median: thực tế / observed 1.3 h ≈ dựng lại / replayed 1.3 h" in told.output
    data = json.loads(run(url, "what-if", *PERIOD, "--limit", f"{CODE}=0.1", "--json").output)
    assert difference(data, "in_time")["difference"] == -1.0


def test_at_the_machine_a_change_that_cannot_be_is_refused(url):
    refusal = run(url, "what-if", *PERIOD, "--drop", f"{CODE}/Task_9")
    assert refusal.exit_code == 2
    assert f"{CODE}/Task_9" in refusal.output


def test_changes_are_read_as_they_are_typed():
    change = change_of(["mot_cua/can_bo=-2"], ["P=1.5"], ["P/Task_1"], ["P=0.25"], ["1.2", "P=0.5"])
    assert change == Change(
        (People("mot_cua", "can_bo", -2),),
        (Limit("P", 43_200),),
        (Dropped("P", "Task_1"),),
        (SupplementRate("P", 0.25),),
        (Arrivals(1.2), Arrivals(0.5, "P")),
    )


@pytest.mark.parametrize(
    "typed",
    [
        (["mot_cua=+1"], None, None, None, None),
        (["mot_cua/=+1"], None, None, None, None),
        (["mot_cua/can_bo=x"], None, None, None, None),
        (None, ["P"], None, None, None),
        (None, ["P=three"], None, None, None),
        (None, None, ["P"], None, None),
        (None, None, None, ["P=2"], None),
        (None, None, None, None, ["P=many"]),
    ],
)
def test_what_cannot_be_read_is_refused(typed):
    with pytest.raises(InvalidChange):
        change_of(*typed)


def test_another_limit_of_a_step_is_counted_and_not_played(desk):
    """Thẩm định took 10 minutes of waiting and 30 of work, four times."""
    worked(desk)
    days = f"first={MARCH['first']}&last={MARCH['last']}"
    path = f"/analysis/what-if/step-limit?{days}&procedure={CODE}&step=Task_Appraise"
    late = {1800: 4, 2400: 0, 3600: 0}
    for limit_ws, number in late.items():
        found = desk.hung.get(f"{path}&limit_ws={limit_ws}").json()
        assert (found["runs"], found["late_after"]["part"]) == (4, number), limit_ws
    assert desk.hung.get(f"{path}&limit_ws=1800").json()["over_ws"] == 4 * 600
    refused(desk.lan.get(f"{path}&limit_ws=3600"), 403, "not_allowed")
    assert desk.hung.get(f"{path}&limit_ws=0").status_code == 422


def test_another_limit_of_a_step_is_counted_at_the_machine_too(url):
    days = ("--from", "2026-03-01", "--to", "2026-03-31")
    asked = (*days, "--step-limit", f"{CODE}/Task_Appraise=0.0625")  # half an hour
    told = run(url, "what-if", *asked)
    assert told.exit_code == 0, told.output
    assert f"STEP {CODE}/Task_Appraise: 4 lượt / runs, thời hạn / limit 0.5 h" in told.output
    assert "late under it: 4/4 (100.00 %" in told.output
    assert "REPLAY" not in told.output  # nothing is played for it
    (data,) = json.loads(run(url, "what-if", *asked, "--json").output)["step_limits"]
    assert (data["late_after"], data["over_ws"]) == ({"part": 4, "whole": 4}, 4 * 600)
    both = run(url, "what-if", *PERIOD, *asked[4:], "--people", "/truong_phong=+1", "--json")
    assert set(json.loads(both.output)) > {"step_limits", "differences"}
    refusal = run(url, "what-if", *days, "--step-limit", f"{CODE}/Task_9=1")
    assert refusal.exit_code == 2
    assert f"{CODE}/Task_9=1" in refusal.output


def test_a_change_of_people_without_a_post_is_told_in_words_of_the_office(desk):
    worked(desk)
    answer = desk.hung.post("/analysis/what-if", MARCH | {"people": [{"by": 1}]})
    assert "None" not in answer.text
    refused(answer, 422, "what_if.change_invalid")


@pytest.mark.parametrize(
    "typed",
    [
        *("people=1.5", "people=NaN", "people=1e99999", "people=-1e400", "people=0", "people=101"),
        *("limit=0", "limit=-1", "limit=1e99999", "limit=Infinity", "limit=hai", "limit=99999999"),
        *("supplements=101", "supplements=-1", "arrivals=301", "arrivals=-0.1", "drop=Task_9"),
        *("step=Task_Sign&step_limit=1e99999", "step=Task_Sign&step_limit=0"),
        *("people=1&post=khong|co", "people=1&post=|||"),
    ],
)
def test_what_cannot_be_meant_is_told_on_the_page_and_breaks_nothing(desk, page_of, typed):
    worked(desk)
    answer = page_of("hung", f"/analysis/{CODE}/what-if?days=90&{typed}")
    assert answer.status_code == 200, typed
    said = "Chọn lại vị trí" if "post=" in typed else "đã ghi “"
    assert said in answer.text


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("first=2027-01-01&last=2027-02-01", "Chưa có hồ sơ nào giải quyết xong"),
        ("first=2026-03-08&last=2026-03-08", "Chưa có hồ sơ nào giải quyết xong"),
        ("first=2001-01-01&last=2001-02-01", "Chưa có giờ làm việc của cơ quan “H01”"),
        ("first=2026-03-31&last=2026-03-01", "ngày cuối"),
    ],
)
def test_a_period_that_cannot_be_played_is_told_in_words(desk, page_of, period, said):
    worked(desk)
    answer = page_of("hung", f"/analysis/{CODE}/what-if?{period}&people=1")
    assert answer.status_code == 200
    assert said in answer.text


def test_a_limit_may_be_typed_with_a_comma_at_the_machine_too():
    assert change_of(None, ["P=1,5"], None, ["P=0,25"], None) == Change(
        limits=(Limit("P", 43_200),), supplements=(SupplementRate("P", 0.25),)
    )
