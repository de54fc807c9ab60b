"""A foreign drawing by the API: its repairs listed, accepted one by one, taken back."""

import pytest

from tests.api.test_procedures import draft, send

FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x" id="d">
  <process id="Process_nghi_phep" name="Don nghi phep">
    <startEvent id="S"/>
    <task id="A" name="Tiep nhan"/>
    <scriptTask id="B" name="Ghi so"><script>x = 1</script></scriptTask>
    <endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/>
    <sequenceFlow id="f2" sourceRef="A" targetRef="B"/>
    <sequenceFlow id="f3" sourceRef="B" targetRef="E"/>
  </process>
</definitions>
"""


@pytest.fixture
def version(desk):
    return draft(desk, FOREIGN)


def repair(desk, version, accepted, **more):
    path = f"/procedures/versions/{version['version_id']}/repairs"
    return desk.designer.send("POST", path, json={"accepted": accepted}, **more)


def take_back(desk, version):
    return desk.designer.send("POST", f"/procedures/versions/{version['version_id']}/take-back")


def test_an_upload_lists_its_repairs_with_the_place_before_and_after(version):
    assert version["outcome"] == "repairable"
    assert version["repaired"] == []
    script = next(r for r in version["repairs"] if r["element"] == "B")
    assert "scriptTask" in script["before"]
    assert "userTask" in script["after"]
    assert {f["rule"] for f in version["remaining"]} >= {"qt-limit-missing", "qt-owner-missing"}


def test_one_repair_is_accepted_and_the_others_stay_proposed(desk, version):
    script = next(r for r in version["repairs"] if r["element"] == "B")
    after = repair(desk, version, [script["id"]]).json()
    assert [r["id"] for r in after["repaired"]] == [script["id"]]
    left = {r["id"] for r in after["repairs"]}
    assert left == {r["id"] for r in version["repairs"]} - {script["id"]}


def test_all_repairs_are_accepted_and_the_uploaded_file_is_kept(desk, version):
    after = repair(desk, version, None).json()
    assert len(after["repaired"]) == len(version["repairs"])
    assert after["repairs"] == []
    assert {f["rule"] for f in after["findings"] if f["severity"] == "error"} == {
        f["rule"] for f in version["remaining"]
    }
    path = f"/procedures/versions/{version['version_id']}"
    assert desk.designer.get(f"{path}/original").content == FOREIGN
    assert b"<bpmndi:BPMNDiagram" in desk.designer.get(f"{path}/diagram").content


def test_what_was_repaired_can_be_taken_back(desk, version):
    repair(desk, version, None)
    after = take_back(desk, version).json()
    assert after["repaired"] == []
    assert after["repairs"] == version["repairs"]
    again = take_back(desk, version)
    assert again.status_code == 422
    assert again.json()["error"]["code"] == "procedure.nothing_to_take_back"


def test_an_unknown_repair_is_refused_and_nothing_is_made(desk, version):
    answer = repair(desk, version, ["step.person-0000000000"])
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "repair.unknown"
    path = f"/procedures/versions/{version['version_id']}"
    assert desk.designer.get(f"{path}/diagram").content == FOREIGN


def test_nobody_but_a_designer_repairs(desk, version):
    path = f"/procedures/versions/{version['version_id']}"
    for act in (f"{path}/repairs", f"{path}/take-back"):
        answer = desk.lan.send("POST", act, json={"accepted": None})
        assert answer.status_code == 403, act


def test_a_version_in_force_is_not_repaired(desk):
    listed = desk.lan.get("/procedures").json()["items"][0]
    answer = repair(desk, listed, None)
    assert answer.json()["error"]["code"] == "procedure.not_a_draft"


def test_a_check_answers_with_the_same_repairs(desk, version):
    answer = desk.designer.send(
        "POST", "/check", content=FOREIGN, headers={"Content-Type": "application/xml"}
    ).json()
    assert answer["outcome"] == "repairable"
    assert {r["kind"] for r in answer["repairs"]} == {r["kind"] for r in version["repairs"]}


def test_a_sound_procedure_has_nothing_to_repair(desk):
    version = draft(desk)
    assert version["repairs"] == []
    answer = repair(desk, version, None)
    assert answer.json()["error"]["code"] == "repair.nothing"
    assert send(desk.designer, FOREIGN).status_code == 201
