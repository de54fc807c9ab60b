"""Dossiers at the door: received, found, seen in full, and every no that the rules say."""

from datetime import timedelta

import pytest

from tests.api.desk import CODE, step_of

NOBODY = "01960000-0000-7000-8000-000000000000"


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    return error["facts"]


def reception(**more):
    return {"procedure": CODE, "applicant": "Lê Văn Tám", "data": {"dien_tich": "120,5"}, **more}


WRONG_RECEPTIONS = {
    "an unknown case": (reception(case="gap"), "procedure.no_such_case"),
    "an unknown component": (
        reception(components=[{"component": "XE_MAY"}]),
        "component.unknown",
    ),
    "a field that is not on the form": (
        reception(data={"dien_tich": 1, "mau_son": "xanh"}),
        "data.unknown_field",
    ),
    "a field left empty": (reception(data={}), "data.missing_field"),
    "words for a number": (reception(data={"dien_tich": "rộng"}), "data.wrong_type"),
    "nobody": (reception(applicant="   "), "applicant.needed"),
    "a telephone number that is none": (
        reception(contact={"phone": "113"}),
        "applicant.invalid_contact",
    ),
}


@pytest.mark.parametrize(("body", "code"), WRONG_RECEPTIONS.values(), ids=WRONG_RECEPTIONS.keys())
def test_a_reception_that_cannot_be_is_refused_and_draws_no_number(desk, body, code):
    refused(desk.lan.post("/dossiers", body), 422, code)
    assert desk.receive()["code"] == "H01-260302-0001"


WRONG_FIELDS = {
    "an unknown field": (reception(ten_nguoi_nop="Tám"), "ten_nguoi_nop"),
    "a number for a name": (reception(applicant=7), "applicant"),
    "a list for a value": (reception(data={"dien_tich": [1]}), "data.dien_tich"),
    "a number too long to be exact": (reception(data={"dien_tich": 10**20}), "data.dien_tich"),
    "an unknown channel": (reception(channel="fax"), "channel"),
    "an unknown form of copies": (
        reception(components=[{"component": "DON", "form": "photo"}]),
        "components.0.form",
    ),
    "half a copy": (
        reception(components=[{"component": "DON", "number": 0.5}]),
        "components.0.number",
    ),
    "no procedure": ({"applicant": "Tám"}, "procedure"),
    "a NUL in a name": (reception(applicant="Tám\x00"), "body"),
    "a NUL in a key": (reception(data={"dien\x00tich": 1}), "body"),
}


@pytest.mark.parametrize(("body", "field"), WRONG_FIELDS.values(), ids=WRONG_FIELDS.keys())
def test_a_body_of_the_wrong_shape_is_refused_field_by_field(desk, body, field):
    answer = desk.lan.post("/dossiers", body)
    refused(answer, 422, "request.invalid")
    fields = answer.json()["error"]["fields"]
    assert field in [each["field"] for each in fields]
    assert all(each["vi"] and each["en"] and each["vi"] != each["en"] for each in fields)


def test_half_a_unicode_pair_is_refused(desk):
    body = '{"procedure": "9.000001", "applicant": "T\\ud800m", "data": {"dien_tich": 1}}'
    answer = desk.lan.send(
        "POST", "/dossiers", content=body, headers={"Content-Type": "application/json"}
    )
    refused(answer, 422, "request.invalid")


def test_an_unknown_procedure_is_not_found(desk):
    refused(desk.lan.post("/dossiers", reception(procedure="0")), 404, "not_found")


def test_only_the_first_step_s_position_receives(desk):
    facts = refused(desk.nam.post("/dossiers", reception()), 403, "dossier.cannot_receive")
    assert facts["position"] == "Cán bộ một cửa"


def test_the_file_tells_the_checklist_the_clock_and_what_is_missing(desk):
    received = desk.receive(data={"dien_tich": 120, "co_uy_quyen": True}, components=[])
    file = desk.lan.get(f"/dossiers/{received['code']}").json()
    assert [(item["code"], item["required"], item["present"]) for item in file["checklist"]] == [
        ("DON", True, {}),
        ("BAN_VE", True, {}),
        ("UY_QUYEN", True, {}),
    ]
    assert [item["when_vi"] for item in file["checklist"]] == [
        "",
        "",
        "“Nộp qua người được ủy quyền”",
    ]
    assert [item["vi"] for item in file["missing"]] == [
        "1 bản chính Đơn đề nghị",
        "2 bản sao chứng thực Bản vẽ",
        "1 bản Văn bản ủy quyền",
    ]
    (step,) = file["open_steps"]
    assert (step["element_id"], step["mine"], step["holder"]) == ("Task_Receive", True, None)
    assert [item["codes"] for item in step["missing"]] == [["DON"], ["UY_QUYEN"]]
    assert step["limit_ws"] == 4 * 3600
    clock = file["clock"]
    assert clock["limit"]["vi"] == "5 ngày làm việc"
    assert clock["remaining_seconds"] == 5 * 8 * 3600
    assert (clock["vi"], clock["late"], clock["paused"]) == ("Còn 5 ngày làm việc", False, False)
    assert file["case"] == {"code": "normal", "name": "Thông thường"}
    assert file["received_by"]["name"] == "Nguyễn Thị Lan"


def test_a_case_has_its_own_limit(desk):
    file = desk.file(desk.receive(case="remote")["dossier_id"])
    assert file["clock"]["limit"]["en"] == "8 working days"


def test_colleagues_see_that_the_step_is_not_theirs(desk):
    received = desk.receive()
    (step,) = desk.nam.get(f"/dossiers/{received['code']}").json()["open_steps"]
    assert step["mine"] is False


@pytest.mark.parametrize("way", ["dossier_id", "code"])
def test_another_agency_finds_nothing(any_desk, way):
    desk = any_desk
    received = desk.receive()
    path = f"/dossiers/{received[way]}"
    reason = {"reason": "không thuộc thẩm quyền"}
    copies = {"components": [{"component": "DON"}]}
    due = {"new_due_at": "2026-03-20T10:00:00+07:00", **reason}
    for answer in (
        desk.stranger.get(path),
        desk.stranger.get(f"{path}/history"),
        desk.stranger.post(f"{path}/components", copies),
        desk.stranger.post(f"{path}/waive", {"component": "DON", **reason}),
        desk.stranger.post(f"{path}/supplement-received", {}),
        desk.stranger.post(f"{path}/resume", reason),
        desk.stranger.post(f"{path}/withdraw", reason),
        desk.stranger.post(f"{path}/discontinue", reason),
        desk.stranger.post(f"{path}/return"),
        desk.stranger.post(f"{path}/extend", due),
    ):
        refused(answer, 404, "dossier.not_found")
    assert desk.stranger.get("/dossiers").json()["items"] == []
    assert desk.stranger.get("/worklist").json()["items"] == []


@pytest.mark.parametrize("dossier", [NOBODY, "H01-260302-9999", "%2e%2e", "x" * 80])
def test_no_dossier_is_not_found(desk, dossier):
    refused(desk.lan.get(f"/dossiers/{dossier}"), 404, "dossier.not_found")


def codes(answer):
    return [row["code"] for row in answer.json()["items"]]


def test_the_list_is_paged_from_the_newest_and_misses_none(any_desk):
    desk = any_desk
    received = []
    for _ in range(3):
        desk.clock.advance(timedelta(minutes=1))
        received += [desk.receive()["code"], desk.receive()["code"]]  # two in one moment
    seen, after = [], ""
    while after is not None:
        page = desk.lan.get("/dossiers", params={"limit": 4, "after": after})
        seen += codes(page)
        after = page.json()["next"]
    assert sorted(seen) == sorted(received)
    assert len(seen) == 6
    times = [row["received_at"] for row in desk.lan.get("/dossiers").json()["items"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    "after", ["x", "1_2", f"x_{'0' * 32}", f"{2**64}_{'0' * 32}", f" 1_{'0' * 32}"]
)
def test_a_place_that_no_page_gave_is_refused(desk, after):
    refused(desk.lan.get("/dossiers", params={"after": after}), 422, "page.invalid_place")
    refused(desk.lan.get("/worklist", params={"after": after}), 422, "page.invalid_place")


@pytest.mark.parametrize("limit", [0, 201, "x"])
def test_a_page_has_1_to_200_rows(desk, limit):
    answer = desk.lan.get("/dossiers", params={"limit": limit})
    refused(answer, 422, "request.invalid")
    assert answer.json()["error"]["fields"][0]["field"] == "limit"


def test_the_list_is_searched_and_filtered(any_desk):
    desk = any_desk
    one = desk.receive(applicant="Công ty Hoa Đào")["code"]
    two = desk.receive(applicant="Lê Thị Hoa")["code"]
    withdrawn = desk.lan.post(f"/dossiers/{two}/withdraw", {"reason": "đổi ý, không làm nữa"})
    assert withdrawn.json()["state"] == "closed"

    def found(**params):
        return set(codes(desk.lan.get("/dossiers", params=params)))

    assert found(search="hoa dao") == {one}
    assert found(search="HOA") == {one, two}
    assert found(search="100%") == set()
    assert found(state="closed") == {two}
    assert found(state="open") == {one}
    assert found(procedure=CODE) == {one, two}
    assert found(late=True) == set()
    desk.at(2026, 3, 9, 8, 0)
    assert found(late=True) == set()  # due at this very moment: not late yet
    desk.at(2026, 3, 9, 8, 1)
    assert found(late=True) == {one}
    refused(desk.lan.get("/dossiers", params={"procedure": "0"}), 404, "not_found")
    refused(desk.lan.get("/dossiers", params={"state": "lost"}), 422, "request.invalid")


def test_components_are_recorded_and_taken_out(desk):
    received = desk.receive()
    path = f"/dossiers/{received['dossier_id']}"
    desk.lan.post(f"{path}/components", {"components": [{"component": "BAN_VE", "number": 3}]})
    assert desk.file(received["code"])["checklist"][1]["present"] == {"original": 3}
    answer = desk.lan.post(
        f"{path}/components", {"components": [{"component": "BAN_VE", "number": 0}]}
    )
    assert answer.json()["version"] == 3
    assert desk.file(received["code"])["checklist"][1]["present"] == {}


def test_components_are_recorded_by_those_who_handle_the_dossier(desk):
    received = desk.receive()
    body = {"components": [{"component": "DON"}]}
    path = f"/dossiers/{received['code']}/components"
    refused(desk.nam.post(path, body), 403, "step.not_yours")
    refused(desk.lan.post(path, {"components": []}), 422, "request.invalid")


def test_a_head_may_waive_a_component(desk):
    appraised = desk.appraised()
    path = f"/dossiers/{appraised['dossier_id']}/waive"
    body = {"component": "BAN_VE", "reason": "đã có trong hồ sơ lưu"}
    refused(desk.nam.post(path, body), 403, "not_allowed")
    refused(desk.hung.post(path, {**body, "reason": "ừ"}), 422, "reason.needed")
    assert desk.hung.post(path, body).status_code == 200
    step = step_of(appraised)
    done = desk.nam.post(f"/steps/{step}/complete", {"data": {"ket_qua": "dat"}})
    assert done.status_code == 200


def test_the_due_time_is_put_off_once_by_a_head(desk):
    received = desk.receive()
    path = f"/dossiers/{received['code']}/extend"
    body = {"new_due_at": "2026-03-13T10:00:00+07:00", "reason": "chờ kết quả đo đạc"}
    refused(desk.lan.post(path, body), 403, "not_allowed")
    without_zone = {**body, "new_due_at": "2026-03-13T10:00:00"}
    refused(desk.hung.post(path, without_zone), 422, "request.invalid")
    refused(desk.hung.post(path, {**body, "new_due_at": 1773370800}), 422, "request.invalid")
    at_noon = {**body, "new_due_at": "2026-03-13T12:00:00+07:00"}
    refused(desk.hung.post(path, at_noon), 422, "ledger_clock.due_outside_hours")
    sooner = {**body, "new_due_at": "2026-03-05T10:00:00+07:00"}
    refused(desk.hung.post(path, sooner), 422, "ledger_clock.extension_not_later")
    extended = desk.hung.post(path, body)
    assert extended.json()["due_at"].startswith("2026-03-13T10:00:00")
    refused(desk.hung.post(path, body), 422, "ledger_clock.second_extension")
    file = desk.file(received["code"])
    assert file["original_due_at"] == "2026-03-09T01:00:00Z"
    assert file["extensions"] == 1


def test_the_result_is_returned_only_after_handling_and_once(desk):
    received = desk.receive()
    path = f"/dossiers/{received['code']}/return"
    refused(desk.lan.post(path), 422, "dossier.not_finished")
    passed_on = desk.lan.post(f"/steps/{step_of(received)}/complete", {}).json()
    desk.bring_drawings(received["dossier_id"])
    appraised = desk.nam.post(
        f"/steps/{step_of(passed_on)}/complete", {"data": {"ket_qua": "dat"}}
    ).json()
    desk.hung.post(f"/steps/{step_of(appraised)}/complete", {})
    refused(desk.nam.post(path), 403, "step.not_yours")
    assert desk.lan.post(path).json()["national_status"] == "10"
    refused(desk.lan.post(path), 409, "dossier.closed")


@pytest.mark.parametrize("act", ["withdraw", "discontinue"])
def test_a_dossier_ends_early_once_and_with_a_reason(desk, act):
    received = desk.receive()
    path = f"/dossiers/{received['code']}/{act}"
    reason = {"reason": "người nộp đề nghị"}
    refused(desk.lan.post(path, {"reason": "  "}), 422, "reason.needed")
    refused(desk.yen.post(path, reason), 403, "step.not_yours")
    ended = desk.lan.post(path, reason).json()
    assert (ended["state"], ended["opened"]) == ("closed", [])
    refused(desk.lan.post(path, reason), 409, "dossier.closed")
    refused(desk.lan.post(f"/steps/{step_of(received)}/complete", {}), 409, "step.already_ended")
