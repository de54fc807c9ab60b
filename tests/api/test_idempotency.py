"""The same request with the same key is done once and answered alike, however often it comes."""

import threading

import pytest

from tests.api.desk import CODE, step_of

KEY = "8b1c7d7e-1f5e-4a53-9c62-4f9d9c1f4c55"


def reception(**more):
    return {
        "procedure": CODE,
        "applicant": "Lê Văn Tám",
        "data": {"dien_tich": 120},
        "components": [{"component": "DON"}],
        **more,
    }


def test_a_reception_sent_twice_opens_one_dossier(any_desk):
    desk = any_desk
    first = desk.lan.post("/dossiers", reception(), key=KEY)
    second = desk.lan.post("/dossiers", reception(), key=KEY)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert len(desk.lan.get("/dossiers").json()["items"]) == 1


def test_a_completion_sent_twice_is_answered_alike(any_desk):
    desk = any_desk
    received = desk.receive()
    path = f"/steps/{step_of(received)}/complete"
    first = desk.lan.post(path, {}, key=KEY)
    second = desk.lan.post(path, {}, key=KEY)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 200
    assert desk.lan.post(path, {}, key="another").status_code == 409


def test_a_key_cannot_stand_for_another_request(desk):
    desk.lan.post("/dossiers", reception(), key=KEY)
    for answer in (
        desk.lan.post("/dossiers", reception(applicant="Người khác"), key=KEY),
        desk.lan.post("/dossiers/H01-260302-0001/withdraw", {"reason": "đổi ý rồi"}, key=KEY),
    ):
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "idempotency.reused"


def test_a_refused_request_may_be_mended_under_the_same_key(desk):
    refused = desk.lan.post("/dossiers", reception(data={}), key=KEY)
    assert refused.status_code == 422
    assert desk.lan.post("/dossiers", reception(), key=KEY).status_code == 201


def test_two_people_may_choose_the_same_key(desk):
    appraised = desk.appraised()
    desk.lan.post("/dossiers", reception(), key=KEY)
    assert desk.nam.post(f"/steps/{step_of(appraised)}/claim", key=KEY).status_code == 200


@pytest.mark.parametrize("key", ["", " ", "a b", "k" * 101, "ấ".encode()])
def test_a_key_is_up_to_a_hundred_plain_characters(desk, key):
    answer = desk.lan.post("/dossiers", reception(), key=key)
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][0]["field"] == "Idempotency-Key"


def test_twins_at_the_same_moment_are_one(any_desk):
    desk = any_desk
    for number in range(5):
        barrier, answers = threading.Barrier(2), []
        caller = desk.lan

        def send(number=number, barrier=barrier, answers=answers, caller=caller):
            barrier.wait(10)
            answers.append(caller.post("/dossiers", reception(), key=f"{KEY}-{number}"))

        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].content == answers[1].content
    assert len(desk.lan.get("/dossiers").json()["items"]) == 5
