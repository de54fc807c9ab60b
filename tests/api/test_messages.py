"""What a dossier waits for is told at the door: once, by who works on it, with what it says."""

from datetime import datetime

import pytest

from engine.accounts import actors
from engine.procedures import publish, upload
from tests.api.desk import VN, step_of
from tests.api.test_double_click import at_once
from tests.conformance.event_drawing import border, catch, declared
from tests.engine.drawing import draw, end, field, gateway, start, step, timer

CLERK, EXPERT, HEAD = (
    ("can_bo_mot_cua", "mot_cua"),
    ("chuyen_vien", "chuyen_mon"),
    ("truong_phong", "lanh_dao"),
)
OPINION = (
    *(start(), step("A", lane=CLERK), catch("Y_kien", "message Văn bản trả lời")),
    *(gateway("exclusive", "X", default="C"), step("B", field("dat", "boolean"), lane=EXPERT)),
    *(step("C", lane=HEAD), end(), end("E2")),
)
INSPECTION = (
    *(start(), step("A", lane=CLERK), step("B", lane=EXPERT), border("Loi", "B", "error E1")),
    *(step("R", lane=HEAD), end(), end("E2")),
)
OPINION_FLOWS = ("S A", "A Y_kien", "Y_kien X", "X B: dat = true", "X C", "B E", "C E2")


def published(desk, nodes, flows):
    drawn = draw(*nodes, flows=flows, code="T-01", beside=declared(nodes))
    with desk.office.database.read() as connection:
        people = actors(connection, "H01", desk.clock.now())
    designer = people["thiet.ke"]
    publish(desk.office, designer, upload(desk.office, designer, drawn, "cho.bpmn").version_id)


def received(desk):
    return desk.receive(procedure="T-01", data={}, components=[])


@pytest.fixture
def asking(desk):
    """A dossier that waits for an answer, and nothing else is open."""
    published(desk, OPINION, OPINION_FLOWS)
    desk.at(2026, 3, 2, 9, 0)
    outcome = received(desk)
    desk.at(2026, 3, 2, 10, 0)
    assert desk.lan.post(f"/steps/{step_of(outcome)}/complete", {}).status_code == 200
    return f"/dossiers/{outcome['code']}"


@pytest.fixture
def inspecting(desk):
    """A dossier at a step on whose border an error is drawn."""
    published(desk, INSPECTION, ("S A", "A B", "B E", "Loi R", "R E2"))
    outcome = received(desk)
    done = desk.lan.post(f"/steps/{step_of(outcome)}/complete", {})
    return f"/dossiers/{outcome['code']}", step_of(done.json())


def opened(answer):
    return [step["element_id"] for step in answer.json()["opened"]]


def test_the_dossier_says_what_it_waits_for_and_since_when(desk, asking):
    (waiting,) = desk.nam.get(asking).json()["waiting_events"]
    token, since = waiting.pop("token"), datetime.fromisoformat(waiting.pop("since"))
    assert isinstance(token, int)
    assert since == datetime(2026, 3, 2, 10, 0, tzinfo=VN)
    assert waiting == {
        "element_id": "Y_kien",
        "title": "Y_kien",
        "kind": "message",
        "name": "Văn bản trả lời",
        "step": None,
        "interrupts": False,
        "due_at": None,
        "mine": True,
    }


def test_a_message_moves_it_on_with_what_it_says(desk, asking):
    body = {"name": "Văn bản trả lời", "data": {"dat": "true"}}
    answer = desk.nam.post(f"{asking}/messages", body)
    assert (answer.status_code, opened(answer)) == (200, ["B"])
    file = desk.nam.get(asking).json()
    assert (file["waiting_events"], file["data"]["dat"]) == ([], True)


def test_the_same_key_tells_it_once(desk, asking):
    (waiting,) = desk.nam.get(asking).json()["waiting_events"]
    body = {"name": waiting["name"], "token": waiting["token"]}
    answers = [desk.nam.post(f"{asking}/messages", body, key="k") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    kinds = [event["kind"] for event in desk.nam.get(f"{asking}/history").json()]
    assert kinds.count("message.delivered") == 1


def test_who_comes_second_is_told_that_nothing_waits(desk, asking):
    (waiting,) = desk.nam.get(asking).json()["waiting_events"]
    body = {"name": waiting["name"], "token": waiting["token"]}
    nam, yen = desk.nam, desk.yen
    answers = at_once(
        lambda: nam.post(f"{asking}/messages", body), lambda: yen.post(f"{asking}/messages", body)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert loser.json()["error"]["code"] == "event.nothing_waits"


def test_what_does_not_wait_is_refused_and_what_does_is_named(desk, asking):
    answer = desk.nam.post(f"{asking}/messages", {"name": "Công văn khác"})
    assert answer.status_code == 409
    assert answer.json()["error"]["vi"].endswith("Văn bản trả lời.")


def test_somebody_without_a_position_may_not_tell(desk, asking):
    body = {"name": "Văn bản trả lời"}
    assert desk.designer.get(asking).json()["waiting_events"][0]["mine"] is False
    refused = desk.designer.post(f"{asking}/messages", body)
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "event.not_of_this_dossier"
    assert desk.stranger.post(f"{asking}/messages", body).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "Văn bản trả lời", "data": {"la": 1}}, 422),
        ({"name": "Văn bản trả lời", "kind": "timer"}, 422),
        ({"name": "Văn bản trả lời", "token": -1}, 422),
        ({"name": "Văn bản trả lời", "token": 2**40}, 422),
        ({"name": "Văn bản trả lời", "token": 999}, 409),
        ({"name": ""}, 409),
    ],
    ids=["unknown-field", "timer", "negative", "huge", "other-token", "no-name"],
)
def test_what_cannot_be_is_refused_and_nothing_happens(desk, asking, body, status):
    assert desk.nam.post(f"{asking}/messages", body).status_code == status
    assert len(desk.nam.get(asking).json()["waiting_events"]) == 1


def test_an_error_is_reported_by_who_does_the_step(desk, inspecting):
    path, step_run_id = inspecting
    (waiting,) = desk.nam.get(path).json()["waiting_events"]
    assert (waiting["kind"], waiting["name"]) == ("error", "E1")
    assert (waiting["step"], waiting["interrupts"]) == (step_run_id, True)
    assert waiting["mine"] is True
    answer = desk.nam.post(f"{path}/messages", {"kind": "error", "name": "E1"})
    assert (answer.status_code, opened(answer)) == (200, ["R"])
    states = {each["element_id"]: each["state"] for each in desk.nam.get(path).json()["steps"]}
    assert states == {"A": "completed", "B": "cancelled", "R": "open"}


def test_an_error_at_a_step_of_others_is_refused(desk, inspecting):
    path, step_run_id = inspecting
    body = {"kind": "error", "name": "E1"}
    assert desk.lan.post(f"{path}/messages", body).status_code == 403
    assert desk.nam.post(f"/steps/{step_run_id}/claim").status_code == 200
    assert desk.yen.get(path).json()["waiting_events"][0]["mine"] is False
    assert desk.yen.post(f"{path}/messages", body).status_code == 403
    assert desk.nam.post(f"{path}/messages", body).status_code == 200


def test_a_timer_that_waits_is_shown_with_its_time_and_told_by_nobody(desk):
    nodes = (start(), step("A", lane=CLERK), timer("Cho", limit="1 working_day"), end())
    published(desk, nodes, ("S A", "A Cho", "Cho E"))
    desk.at(2026, 3, 2, 9, 0)
    outcome = received(desk)
    desk.lan.post(f"/steps/{step_of(outcome)}/complete", {})
    (waiting,) = desk.file(outcome["code"])["waiting_events"]
    assert (waiting["kind"], waiting["title"], waiting["mine"]) == ("timer", "Cho", False)
    assert datetime.fromisoformat(waiting["due_at"]) == datetime(2026, 3, 3, 9, 0, tzinfo=VN)
