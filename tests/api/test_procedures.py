"""Procedures come in, are judged, mended, put in force and handed out again."""

import pytest

from tests.api.desk import CODE, DIAGRAM

XML = {"Content-Type": "application/xml"}
TWO_MEGABYTES = 2_000_000


def send(caller, data, **more):
    return caller.send("POST", "/procedures", content=data, headers=XML, **more)


def other(code):
    """The same procedure under another code."""
    return DIAGRAM.replace(b'code="9.000001"', f'code="{code}"'.encode())


def draft(desk, data=DIAGRAM):
    answer = send(desk.designer, data)
    assert answer.status_code == 201, answer.text
    return answer.json()


def step(version, element_id):
    return next(s for s in version["procedure"]["steps"] if s["element_id"] == element_id)


def in_force(desk):
    return desk.lan.get("/procedures").json()["items"][0]["version_id"]


def test_the_list_shows_what_is_in_force_with_its_limits(desk):
    listed = desk.lan.get("/procedures").json()
    assert listed["next"] is None
    (line,) = listed["items"]
    assert (line["code"], line["name"]) == (CODE, "Cấp phép thử nghiệm")
    assert line["summary"].pop("changed")["parts"] == ["file"]
    assert line["summary"] == {
        "steps": 4,
        "components": 3,
        "limits": [
            ["Thông thường", "5 ngày làm việc", "5 working days"],
            ["Vùng xa", "8 ngày làm việc", "8 working days"],
        ],
    }


def test_the_list_goes_by_pages_of_codes(desk):
    for number in range(2, 6):
        draft(desk, other(f"9.00000{number}"))
    seen, after = [], ""
    while after is not None:
        page = desk.lan.get("/procedures", params={"limit": 2, "after": after}).json()
        assert len(page["items"]) <= 2
        seen += [line["code"] for line in page["items"]]
        after = page["next"]
    assert seen == [f"9.00000{number}" for number in range(1, 6)]


def test_search_does_not_mind_accents_and_case(desk):
    def found(words):
        answer = desk.lan.get("/procedures", params={"search": words})
        return [line["code"] for line in answer.json()["items"]]

    assert found("CAP phep") == [CODE]
    assert found("thử nghiệm cấp") == [CODE]
    assert found("khai sinh") == []


def test_drafts_can_be_left_out(desk):
    draft(desk, other("9.000002"))
    listed = desk.lan.get("/procedures", params={"in_force": True}).json()["items"]
    assert [line["code"] for line in listed] == [CODE]


def test_an_upload_is_kept_as_a_draft_with_its_findings(desk):
    version = draft(desk)
    assert (version["number"], version["state"]) == (2, "draft")
    assert version["outcome"] == "publishable"
    assert "qt-status-order" in {finding["rule"] for finding in version["findings"]}
    assert version["published_at"] is None
    appraisal = step(version, "Task_Appraise")
    assert appraisal["assignment"] == {
        "position": "chuyen_vien",
        "unit": "chuyen_mon",
        "name": "Chuyên viên",
    }
    assert appraisal["limits"][""] == {
        "amount": "2",
        "unit": "working_day",
        "vi": "2 ngày làm việc",
        "en": "2 working days",
    }
    assert appraisal["requires"] == ["BAN_VE"]
    assert [option["value"] for option in appraisal["fields"][0]["options"]] == ["dat", "khong_dat"]
    assert desk.lan.get("/procedures").json()["items"][0]["draft_id"] == version["version_id"]


def test_a_form_may_carry_the_file(desk):
    files = {"file": ("C:\\sơ đồ\\cấp phép\u202e.bpmn", DIAGRAM, "application/xml")}
    answer = desk.designer.send("POST", "/procedures", files=files)
    assert answer.status_code == 201
    assert answer.json()["file_name"] == "cấp phép.bpmn"


def test_a_bare_file_may_tell_its_name(desk):
    answer = send(desk.designer, DIAGRAM, params={"file_name": "../../etc/cap-phep.bpmn"})
    assert answer.json()["file_name"] == "cap-phep.bpmn"


NO_BPMN = {
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x01", "document.not_xml"),
    "nothing": (b"", "document.empty"),
    "broken XML": (b"<bpmn:definitions>", "document.not_xml"),
    "other XML": (b"<html/>", "document.not_bpmn"),
    "a DOCTYPE": (
        b'<!DOCTYPE d [<!ENTITY a "b">]>' + DIAGRAM.partition(b"?>")[2].lstrip(),
        "document.doctype",
    ),
    "too many bytes": (DIAGRAM + b" " * (TWO_MEGABYTES - len(DIAGRAM) + 1), "document.too_large"),
}


@pytest.mark.parametrize(("data", "rule"), NO_BPMN.values(), ids=NO_BPMN.keys())
def test_what_is_no_procedure_is_refused_and_not_kept(desk, data, rule):
    answer = send(desk.designer, data)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "procedure.unreadable"
    assert desk.lan.get("/procedures").json()["items"][0]["draft_id"] is None
    checked = desk.lan.send("POST", "/check", content=data, headers=XML).json()
    assert checked["outcome"] == "refused"
    assert [finding["rule"] for finding in checked["findings"]] == [rule]


def test_a_body_beyond_the_cap_is_not_even_read(desk):
    def endless():
        for _ in range(100):
            yield b" " * 65_536

    stated = send(desk.designer, b" " * 3_000_000)
    unstated = send(desk.designer, endless())
    for answer in (stated, unstated):
        assert answer.status_code == 413
        assert answer.json()["error"]["code"] == "request.too_large"
        assert "Content-Security-Policy" in answer.headers


def test_other_kinds_of_bodies_are_not_taken(desk):
    answer = desk.designer.post("/procedures", {"file": "x"})
    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json()["error"]["vi"]


def test_a_form_without_a_file_is_told_so(desk):
    answer = desk.designer.send("POST", "/procedures", files={"other": ("x", b"x")})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "upload.file_missing"


def test_a_form_with_two_files_is_refused(desk):
    files = [("file", ("a.bpmn", DIAGRAM)), ("file", ("b.bpmn", DIAGRAM))]
    answer = desk.designer.send("POST", "/procedures", files=files)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "request.unreadable"


def test_only_designers_upload_edit_and_publish(desk):
    version_id = draft(desk)["version_id"]
    for answer in (
        send(desk.lan, DIAGRAM),
        desk.hung.send("PATCH", f"/procedures/versions/{version_id}", json={}),
        desk.lan.post(f"/procedures/versions/{version_id}/publish"),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "not_allowed"


def test_another_agency_sees_nothing_of_it(desk):
    version_id = draft(desk)["version_id"]
    theirs = desk.caller("thiet.ke.khac")
    path = f"/procedures/versions/{version_id}"
    procedure_id = desk.lan.get(path).json()["procedure_id"]
    for answer in (
        theirs.get(f"/procedures/{procedure_id}/versions"),
        theirs.get(path),
        theirs.get(f"{path}/diagram"),
        theirs.get(f"{path}/original"),
        theirs.send("PATCH", path, json={}),
        theirs.post(f"{path}/publish"),
    ):
        assert answer.status_code == 404, answer.request.url


def test_a_draft_with_errors_cannot_be_put_in_force(desk):
    broken = DIAGRAM.replace(b'ket_qua = "dat"', b"ket_qua = = dat")
    version = draft(desk, broken)
    assert version["outcome"] == "refused"
    answer = desk.designer.post(f"/procedures/versions/{version['version_id']}/publish")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "procedure.not_publishable"
    assert answer.json()["error"]["facts"]["number"] >= 1


def test_publishing_puts_the_draft_in_force_once(any_desk):
    desk = any_desk
    before = in_force(desk)
    version_id = draft(desk)["version_id"]
    path = f"/procedures/versions/{version_id}"
    published = desk.designer.post(f"{path}/publish", {"decision_no": "77/QĐ-UBND"})
    assert published.status_code == 200, published.text
    assert published.json()["state"] == "in_force"
    assert published.json()["decision_no"] == "77/QĐ-UBND"
    assert in_force(desk) == version_id
    again = desk.designer.post(f"{path}/publish")
    assert again.status_code == 409
    assert again.json()["error"]["code"] == "procedure.not_a_draft"
    procedure_id = published.json()["procedure_id"]
    lines = desk.lan.get(f"/procedures/{procedure_id}/versions").json()
    assert [(line["version_id"], line["state"]) for line in lines] == [
        (version_id, "in_force"),
        (before, "superseded"),
    ]


def patch(desk, version_id, body):
    return desk.designer.send("PATCH", f"/procedures/versions/{version_id}", json=body)


def test_limits_are_edited_as_decisions_write_them(desk):
    version_id = draft(desk)["version_id"]
    edits = {
        "steps": [
            {
                "element_id": "Task_Appraise",
                "limits": {"": "1,5 ngày làm việc", "remote": None},
                "requires": ["BAN_VE", "DON"],
            },
            {"element_id": "Task_Sign", "limits": {"": {"amount": 2, "unit": "working_hour"}}},
        ],
        "case_limits": {"remote": "10 ngày làm việc"},
    }
    answer = patch(desk, version_id, edits)
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    appraisal = step(edited, "Task_Appraise")
    assert {case: limit["vi"] for case, limit in appraisal["limits"].items()} == {
        "": "1,5 ngày làm việc"
    }
    assert appraisal["requires"] == ["BAN_VE", "DON"]
    assert step(edited, "Task_Sign")["limits"][""]["en"] == "2 working hours"
    assert [case["limit"]["amount"] for case in edited["procedure"]["cases"]] == ["5", "10"]
    path = f"/procedures/versions/{version_id}"
    assert desk.lan.get(f"{path}/original").content == DIAGRAM
    assert b'amount="1.5"' in desk.lan.get(f"{path}/diagram").content


def test_components_and_owners_are_edited(desk):
    version_id = draft(desk)["version_id"]
    edits = {
        "lanes": [{"lane_id": "Lane_Expert", "position": "truong_phong", "unit": None}],
        "components": {
            "ANH": {"name": "Ảnh 4x6", "copies": [{"form": "original", "number": 2}]},
            "UY_QUYEN": None,
        },
        "steps": [{"element_id": "Task_Receive", "requires": ["DON", "ANH"]}],
    }
    answer = patch(desk, version_id, edits)
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert step(edited, "Task_Appraise")["assignment"]["position"] == "truong_phong"
    assert step(edited, "Task_Appraise")["assignment"]["unit"] is None
    assert [c["code"] for c in edited["procedure"]["components"]] == ["DON", "BAN_VE", "ANH"]
    assert edited["procedure"]["components"][2]["copies"] == [{"form": "original", "number": 2}]


WRONG_EDITS = {
    "no limit": ({"steps": [{"element_id": "Task_Sign", "limits": {"": "5 tuần"}}]}, "time_limit"),
    "a negative one": (
        {"case_limits": {"normal": {"amount": -1, "unit": "day"}}},
        "request.invalid",
    ),
    "an unknown unit": (
        {"case_limits": {"normal": {"amount": 1, "unit": "week"}}},
        "request.invalid",
    ),
    "half a calendar day": ({"case_limits": {"normal": {"amount": "0.5", "unit": "day"}}}, "time"),
    "an unknown field": ({"stepps": []}, "request.invalid"),
    "the same step twice": (
        {"steps": [{"element_id": "Task_Sign"}, {"element_id": "Task_Sign"}]},
        "editing.twice",
    ),
}


@pytest.mark.parametrize(("edits", "code"), WRONG_EDITS.values(), ids=WRONG_EDITS.keys())
def test_an_edit_that_says_nothing_certain_is_refused(desk, edits, code):
    version = draft(desk)
    answer = patch(desk, version["version_id"], edits)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"].startswith(code)
    after = desk.lan.get(f"/procedures/versions/{version['version_id']}").json()
    assert after == version


def test_an_edit_of_a_step_that_is_not_drawn_is_told(desk):
    version_id = draft(desk)["version_id"]
    answer = patch(desk, version_id, {"steps": [{"element_id": "Task_Nowhere"}]})
    assert answer.status_code == 404
    assert answer.json()["error"]["facts"]["id"] == "Task_Nowhere"


def test_what_is_in_force_cannot_be_edited(desk):
    answer = patch(desk, in_force(desk), {"case_limits": {"normal": "9 ngày làm việc"}})
    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "procedure.not_a_draft"


def test_the_file_comes_back_byte_for_byte_as_an_attachment(desk):
    path = f"/procedures/versions/{in_force(desk)}/diagram"
    answer = desk.lan.get(path)
    assert answer.content == DIAGRAM
    assert answer.headers["content-type"] == "application/xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="cap-phep.bpmn"'
    again = desk.lan.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_check_keeps_nothing_and_says_what_the_command_says(desk):
    answer = desk.lan.send(
        "POST", "/check", content=DIAGRAM, headers=XML, params={"file_name": "a.bpmn"}
    )
    said = answer.json()
    assert answer.status_code == 200
    assert (said["file"], said["outcome"], said["repairs"]) == ("a.bpmn", "publishable", [])
    assert said["seconds"] >= 0
    stated = {key for key, value in said["findings"][0].items() if value is not None}
    assert {"rule", "severity", "vi", "en"} <= stated <= {"rule", "severity", "element", "vi", "en"}
    assert desk.lan.get("/procedures").json()["items"][0]["draft_id"] is None
