"""A dossier goes its whole way through the JSON door, on both databases."""

from tests.api.desk import CODE, step_of


def test_a_dossier_is_received_appraised_signed_and_returned(any_desk):
    desk = any_desk
    received = desk.receive(case="normal", contact={"phone": "0912 345 678"})
    assert received["code"] == "H01-260302-0001"
    assert received["state"] == "open"
    assert received["national_status"] == "2"
    # Monday 08:00 + 5 working days = Monday 08:00, a week later
    assert received["due_at"].startswith("2026-03-09T08:00:00")
    desk.at(2026, 3, 2, 8, 10)
    passed_on = desk.lan.post(f"/steps/{step_of(received)}/complete", {})
    assert passed_on.status_code == 200, passed_on.text
    appraisal = step_of(passed_on.json())
    assert desk.nam.post(f"/steps/{appraisal}/claim").status_code == 200
    desk.bring_drawings(received["dossier_id"])
    desk.at(2026, 3, 2, 8, 30)
    appraised = desk.nam.post(f"/steps/{appraisal}/complete", {"data": {"ket_qua": "dat"}})
    assert appraised.json()["opened"][0]["element_id"] == "Task_Sign"
    signed = desk.hung.post(f"/steps/{step_of(appraised.json())}/complete", {})
    assert signed.json()["state"] == "finished"
    assert signed.json()["outcome"] == "granted"
    desk.at(2026, 3, 2, 9)
    returned = desk.lan.post(f"/dossiers/{received['dossier_id']}/return")
    assert returned.status_code == 200, returned.text
    assert returned.json()["state"] == "returned"

    file = desk.file(received["code"])
    assert file["dossier_id"] == received["dossier_id"]
    assert file["procedure"]["code"] == CODE
    assert file["result"] == "early"
    assert file["returned_at"] == "2026-03-02T02:00:00Z"
    assert [step["element_id"] for step in file["steps"]] == [
        "Task_Receive",
        "Task_Appraise",
        "Task_Sign",
    ]
    assert file["open_steps"] == []
    assert file["data"] == {"co_uy_quyen": False, "dien_tich": "120", "ket_qua": "dat"}
    kinds = [
        event["kind"] for event in desk.lan.get(f"/dossiers/{received['code']}/history").json()
    ]
    assert kinds == [
        "dossier.received",
        "step.completed",
        "step.claimed",
        "components.recorded",
        "step.completed",
        "step.completed",
        "result.returned",
    ]
