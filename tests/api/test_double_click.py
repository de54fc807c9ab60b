"""Two clicks on one step: exactly one wins, the other is told, and nothing breaks."""

import threading

from engine.journal import verify
from tests.api.desk import step_of

ROUNDS = 20


def at_once(*acts):
    barrier, answers = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait(10)
        answers.append(act())

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def test_of_two_completions_one_wins(any_desk):
    desk = any_desk
    nam, yen = desk.nam, desk.yen
    for _ in range(ROUNDS):
        appraised = desk.appraised()
        desk.bring_drawings(appraised["dossier_id"])
        path, body = f"/steps/{step_of(appraised)}/complete", {"data": {"ket_qua": "dat"}}
        answers = at_once(lambda: nam.post(path, body), lambda: yen.post(path, body))  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        assert loser.json()["error"]["code"] in {"step.already_ended", "step.not_open"}
        file = desk.file(appraised["code"])
        assert [step["element_id"] for step in file["open_steps"]] == ["Task_Sign"]
        assert sorted(step["state"] for step in file["steps"]) == ["completed", "completed", "open"]
        signed = desk.hung.post(f"/steps/{file['open_steps'][0]['step_run_id']}/complete", {})
        assert signed.json()["state"] == "finished"
    with desk.office.database.read() as connection:
        events, breaks = verify(connection)
    assert (events, breaks) == (ROUNDS * 5, ())


def test_of_two_claims_one_wins(any_desk):
    desk = any_desk
    nam, yen = desk.nam, desk.yen
    for _ in range(ROUNDS):
        path = f"/steps/{step_of(desk.appraised())}/claim"
        answers = at_once(lambda: nam.post(path), lambda: yen.post(path))  # noqa: B023
        assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_completion_and_a_withdrawal_leave_one_true_dossier(any_desk):
    desk = any_desk
    lan, nam = desk.lan, desk.nam
    for _ in range(5):
        appraised = desk.appraised()
        desk.bring_drawings(appraised["dossier_id"])
        step, dossier = step_of(appraised), appraised["code"]
        answers = at_once(
            lambda: nam.post(f"/steps/{step}/complete", {"data": {"ket_qua": "dat"}}),  # noqa: B023
            lambda: lan.post(f"/dossiers/{dossier}/withdraw", {"reason": "đổi ý rồi"}),  # noqa: B023
        )
        codes = sorted(answer.status_code for answer in answers)
        assert codes in ([200, 200], [200, 409])
        file = desk.file(dossier)
        assert (file["state"], file["open_steps"]) == ("closed", [])
