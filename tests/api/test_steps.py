"""Acts on steps at the door: who may, when, with what, and every no."""

from datetime import timedelta

import pytest

from tests.api.desk import step_of

NOBODY = "01960000-0000-7000-8000-000000000000"
REASON = {"reason": "cần làm rõ thêm"}
BODIES = {
    "claim": None,
    "release": None,
    "hand-over": {"to": "yen", **REASON},
    "complete": {},
    "send-back": {"to": "Task_Receive", **REASON},
    "supplement": {"components": ["BAN_VE"], **REASON},
    "suspend": {**REASON, "legal_basis": "NĐ 61/2018/NĐ-CP"},
    "refuse": REASON,
}


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    return error["facts"]


@pytest.mark.parametrize(("act", "body"), BODIES.items())
def test_a_step_of_another_agency_is_not_there(desk, act, body):
    received = desk.receive()
    body = {**body, "to": "yen.khac"} if act == "hand-over" else body
    refused(desk.stranger.post(f"/steps/{step_of(received)}/{act}", body), 404, "step.not_found")
    refused(desk.stranger.post(f"/steps/{NOBODY}/{act}", body), 404, "step.not_found")


@pytest.mark.parametrize(
    ("act", "body"),
    [(act, body) for act, body in BODIES.items() if act not in ("release", "hand-over")],
)
def test_the_wrong_person_is_told_whose_step_it_is(desk, act, body):
    appraisal = step_of(desk.appraised())
    facts = refused(desk.lan.post(f"/steps/{appraisal}/{act}", body), 403, "step.not_yours")
    assert facts["step"] == "Thẩm định"
    assert facts["position"] == "Chuyên viên"


@pytest.mark.parametrize(("act", "body"), BODIES.items())
def test_an_ended_step_stays_ended(desk, act, body):
    received = desk.receive()
    desk.lan.post(f"/steps/{step_of(received)}/complete", {})
    body = {**body, "to": "lan"} if act == "hand-over" else body
    facts = refused(
        desk.lan.post(f"/steps/{step_of(received)}/{act}", body), 409, "step.already_ended"
    )
    assert facts == {"step": "Tiếp nhận", "who": "Nguyễn Thị Lan", "when": "08:00 02/03/2026"}


@pytest.mark.parametrize("step", ["x", "1", NOBODY[:-1], f"{NOBODY}0"])
def test_an_id_that_is_none_is_told_as_such(desk, step):
    answer = desk.lan.post(f"/steps/{step}/claim")
    refused(answer, 422, "request.invalid")
    (field,) = answer.json()["error"]["fields"]
    assert field == {
        "field": "step_run_id",
        "vi": "Cần một mã định danh UUID.",
        "en": "Expected a UUID.",
    }


def test_a_claimed_step_is_one_colleague_s_until_released(desk):
    appraisal = step_of(desk.appraised())
    assert desk.nam.post(f"/steps/{appraisal}/claim").status_code == 200
    facts = refused(desk.yen.post(f"/steps/{appraisal}/claim"), 409, "step.held_by_other")
    assert facts["holder"] == "Trần Văn Nam"
    refused(
        desk.yen.post(f"/steps/{appraisal}/complete", {"data": {"ket_qua": "dat"}}),
        409,
        "step.held_by_other",
    )
    refused(desk.yen.post(f"/steps/{appraisal}/release"), 409, "step.held_by_other")
    assert desk.nam.post(f"/steps/{appraisal}/release").status_code == 200
    assert desk.yen.post(f"/steps/{appraisal}/claim").status_code == 200


def test_claiming_one_s_own_step_again_changes_nothing(desk):
    appraisal = step_of(desk.appraised())
    first = desk.nam.post(f"/steps/{appraisal}/claim").json()
    assert desk.nam.post(f"/steps/{appraisal}/claim").json() == first


def test_a_step_is_handed_over_to_a_holder_of_the_position_only(desk):
    appraised = desk.appraised()
    path = f"/steps/{step_of(appraised)}/hand-over"
    desk.nam.post(f"/steps/{step_of(appraised)}/claim")
    refused(desk.nam.post(path, {"to": "lan", **REASON}), 403, "step.not_yours")
    refused(desk.nam.post(path, {"to": "khong-co", **REASON}), 404, "not_found")
    refused(desk.nam.post(path, {"to": "yen.khac", **REASON}), 404, "not_found")
    refused(desk.nam.post(path, {"to": "yen", "reason": "bận"}), 422, "reason.needed")
    assert desk.nam.post(path, {"to": "yen", **REASON}).status_code == 200
    (step,) = desk.file(appraised["code"])["open_steps"]
    assert step["holder"]["name"] == "Cao Thị Yến"


def test_missing_components_are_named_exactly(any_desk):
    desk = any_desk
    received = desk.receive(data={"dien_tich": 1, "co_uy_quyen": "true"}, components=[])
    answer = desk.lan.post(f"/steps/{step_of(received)}/complete", {})
    facts = refused(answer, 422, "step.components_missing")
    assert facts["codes"] == [["DON"], ["UY_QUYEN"]]
    assert facts["missing_vi"] == "1 bản chính Đơn đề nghị; 1 bản Văn bản ủy quyền"
    assert facts["missing_en"] == "1 original of Đơn đề nghị; 1 copy of Văn bản ủy quyền"
    assert "Thiếu: 1 bản chính Đơn đề nghị" in answer.json()["error"]["vi"]
    assert desk.file(received["code"])["version"] == received["version"]
    one_of_two = {"component": "BAN_VE", "form": "certified_copy", "number": 1}
    brought = [{"component": "DON"}, {"component": "UY_QUYEN", "form": "plain_copy"}, one_of_two]
    desk.lan.post(f"/dossiers/{received['code']}/components", {"components": brought})
    appraisal = step_of(desk.lan.post(f"/steps/{step_of(received)}/complete", {}).json())
    answer = desk.nam.post(f"/steps/{appraisal}/complete", {"data": {"ket_qua": "dat"}})
    facts = refused(answer, 422, "step.components_missing")
    assert facts["missing_vi"] == "1 bản sao chứng thực Bản vẽ"


WRONG_DATA = {
    "nothing": ({}, "data.missing_field"),
    "an unknown choice": ({"ket_qua": "chac_la_dat"}, "data.wrong_type"),
    "another form's field": ({"ket_qua": "dat", "dien_tich": 1}, "data.unknown_field"),
}


@pytest.mark.parametrize(("data", "code"), WRONG_DATA.values(), ids=WRONG_DATA.keys())
def test_what_is_entered_must_fit_the_form(desk, data, code):
    appraised = desk.appraised()
    desk.bring_drawings(appraised["dossier_id"])
    answer = desk.nam.post(f"/steps/{step_of(appraised)}/complete", {"data": data})
    refused(answer, 422, code)


def test_the_other_way_leads_to_the_other_end(desk):
    appraised = desk.appraised()
    desk.bring_drawings(appraised["dossier_id"])
    no = desk.nam.post(
        f"/steps/{step_of(appraised)}/complete", {"data": {"ket_qua": "khong_dat"}}
    ).json()
    assert no["opened"][0]["element_id"] == "Task_SignRefusal"
    end = desk.hung.post(f"/steps/{step_of(no)}/complete", {}).json()
    assert (end["outcome"], end["state"], end["national_status"]) == ("denied", "returned", "10")


def test_a_late_step_is_completed_with_a_cause_and_words(desk):
    appraised = desk.appraised()  # due after two working days: Wednesday 08:00
    desk.bring_drawings(appraised["dossier_id"])
    desk.at(2026, 3, 4, 8, 1)
    path, data = f"/steps/{step_of(appraised)}/complete", {"ket_qua": "dat"}
    facts = refused(desk.nam.post(path, {"data": data}), 422, "step.late_reason_needed")
    assert facts["due"] == "08:00 04/03/2026"
    no_cause = {"data": data, "late": {"cause": "weather", "words": "mưa bão kéo dài"}}
    refused(desk.nam.post(path, no_cause), 422, "request.invalid")
    no_words = {"data": data, "late": {"cause": "overload", "words": "-"}}
    refused(desk.nam.post(path, no_words), 422, "reason.needed")
    stated = {"data": data, "late": {"cause": "overload", "words": "quá nhiều hồ sơ"}}
    assert desk.nam.post(path, stated).status_code == 200
    run = desk.file(appraised["code"])["steps"][1]
    assert (run["result"], run["late_ws"], run["late_cause"]) == ("late", 60, "overload")


def test_a_dossier_goes_back_to_an_earlier_step_with_a_reason(any_desk):
    desk = any_desk
    appraised = desk.appraised()
    path = f"/steps/{step_of(appraised)}"
    assert desk.nam.get(f"{path}/earlier").json() == [
        {"element_id": "Task_Receive", "name": "Tiếp nhận"}
    ]
    nowhere = {"to": "Task_Sign", **REASON}
    refused(desk.nam.post(f"{path}/send-back", nowhere), 422, "step.cannot_send_back")
    back = desk.nam.post(f"{path}/send-back", {"to": "Task_Receive", **REASON})
    assert back.status_code == 200, back.text
    assert back.json()["opened"][0]["element_id"] == "Task_Receive"
    assert desk.nam.get(f"{path}/earlier").json() == []
    (step,) = desk.file(appraised["code"])["open_steps"]
    assert (step["attempt"], step["sent_back_from"]) == (2, "Task_Appraise")


def test_where_a_step_can_go_back_to_is_not_told_to_strangers(desk):
    appraised = desk.appraised()
    refused(desk.stranger.get(f"/steps/{step_of(appraised)}/earlier"), 404, "step.not_found")


def test_a_supplement_is_asked_for_once_and_starts_the_limit_anew(any_desk):
    desk = any_desk
    appraised = desk.appraised()
    path = f"/steps/{step_of(appraised)}"
    refused(
        desk.nam.post(f"{path}/supplement", {"components": [], **REASON}), 422, "supplement.empty"
    )
    unknown = {"components": ["XE_MAY"], **REASON}
    refused(desk.nam.post(f"{path}/supplement", unknown), 422, "component.unknown")
    asked = desk.nam.post(f"{path}/supplement", {"components": ["BAN_VE"], **REASON}).json()
    assert (asked["state"], asked["national_status"], asked["due_at"]) == ("paused", "5", None)
    data = {"data": {"ket_qua": "dat"}}
    refused(desk.nam.post(f"{path}/complete", data), 422, "dossier.paused")
    desk.at(2026, 3, 3, 8, 0)
    file = desk.file(appraised["code"])
    assert file["clock"]["paused"] is True
    assert file["clock"]["vi"] == "Tạm dừng 1 ngày chờ bổ sung"
    (pause,) = file["pauses"]
    assert pause["components"] == [["BAN_VE", "Bản vẽ"]]
    assert (pause["asked_by"]["name"], pause["until"]) == ("Trần Văn Nam", None)
    back = desk.lan.post(
        f"/dossiers/{appraised['code']}/supplement-received",
        {"components": [{"component": "BAN_VE", "form": "certified_copy", "number": 2}]},
    ).json()
    assert back["state"] == "open"
    assert back["due_at"].startswith("2026-03-10T08:00:00")  # five working days from Tuesday
    refused(
        desk.lan.post(f"/dossiers/{appraised['code']}/supplement-received", {}),
        409,
        "dossier.not_paused",
    )
    again = desk.nam.post(f"{path}/supplement", {"components": ["BAN_VE"], **REASON})
    refused(again, 422, "supplement.spent")
    assert desk.nam.post(f"{path}/complete", data).status_code == 200


def test_a_supplement_at_appraisal_may_be_asked_for_three_days_long(desk):
    appraised = desk.appraised()
    desk.at(2026, 3, 5, 8, 1)
    answer = desk.nam.post(
        f"/steps/{step_of(appraised)}/supplement", {"components": ["BAN_VE"], **REASON}
    )
    assert refused(answer, 422, "supplement.too_late")["until"] == "08:00 05/03/2026"


def test_a_dossier_is_suspended_on_a_legal_ground_and_goes_on_with_the_rest(desk):
    appraised = desk.appraised()
    path = f"/steps/{step_of(appraised)}/suspend"
    refused(desk.nam.post(path, {**REASON, "legal_basis": ""}), 422, "reason.needed")
    suspended = desk.nam.post(path, {**REASON, "legal_basis": "NĐ 61/2018/NĐ-CP"}).json()
    assert suspended["state"] == "paused"
    refused(desk.nam.post(path, {**REASON, "legal_basis": "NĐ 61/2018"}), 422, "dossier.paused")
    desk.clock.advance(timedelta(days=1))
    resume = f"/dossiers/{appraised['code']}/resume"
    refused(desk.hung.post(resume, REASON), 403, "step.not_yours")
    resumed = desk.nam.post(resume, REASON).json()
    assert resumed["due_at"].startswith("2026-03-10T08:00:00")  # one working day later
    refused(desk.nam.post(resume, REASON), 409, "dossier.not_paused")


def test_a_dossier_is_refused_with_a_reason(desk):
    received = desk.receive()
    path = f"/steps/{step_of(received)}/refuse"
    refused(desk.lan.post(path, {"reason": ""}), 422, "reason.needed")
    end = desk.lan.post(path, REASON).json()
    assert (end["state"], end["outcome"], end["national_status"]) == ("closed", "refused", "3")


def test_a_draft_is_kept_for_the_officer_alone(desk):
    appraisal = step_of(desk.appraised())
    path = f"/steps/{appraisal}/draft"
    assert desk.nam.get(path).json() == {"data": {}}
    put = desk.nam.send("PUT", path, json={"data": {"ket_qua": "dat", "x": 1, "y": True}})
    assert (put.status_code, put.content) == (204, b"")
    assert desk.nam.get(path).json() == {"data": {"ket_qua": "dat", "x": 1, "y": True}}
    assert desk.yen.get(path).json() == {"data": {}}
    assert desk.stranger.get(path).json() == {"data": {}}
    assert desk.stranger.send("PUT", path, json={"data": {}}).status_code == 404
    assert desk.nam.send("PUT", path, json={"data": {"x": "y" * 20_001}}).status_code == 422
    desk.nam.send("PUT", path, json={"data": {}})
    assert desk.nam.get(path).json() == {"data": {}}


def test_a_draft_of_an_ended_step_is_not_kept(desk):
    received = desk.receive()
    desk.lan.post(f"/steps/{step_of(received)}/complete", {})
    answer = desk.lan.send("PUT", f"/steps/{step_of(received)}/draft", json={"data": {"x": "1"}})
    refused(answer, 404, "step.not_found")
