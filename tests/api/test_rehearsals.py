"""Rehearsals by the API: a file or a version run dry, and scenarios that publishing plays first."""

import json

import pytest

from tests.api.desk import DIAGRAM
from tests.api.test_procedures import draft
from tests.engine.offices import BPMN

LAND = (BPMN / "procedures" / "1.013831-bien-dong-dat-dai.bpmn").read_bytes()
LAND_SCENARIOS = (BPMN / "scenarios" / "1.013831.json").read_text(encoding="utf-8")
XML = {"Content-Type": "application/xml"}
YAML = {"Content-Type": "application/yaml"}
STUCK = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="P">
<startEvent id="s"/><userTask id="a" name="Nhan"/><userTask id="b"/><exclusiveGateway id="g"/>
<parallelGateway id="j"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="g"/>
<sequenceFlow id="f2" sourceRef="g" targetRef="a">
<conditionExpression>x = 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f3" sourceRef="g" targetRef="b">
<conditionExpression>x != 1</conditionExpression></sequenceFlow>
<sequenceFlow id="f4" sourceRef="a" targetRef="j"/><sequenceFlow id="f5" sourceRef="b" targetRef="j"/>
<sequenceFlow id="f6" sourceRef="j" targetRef="e"/></process></definitions>"""
GRANTED = """
scenarios:
  - name: Đạt thì cấp
    reception: {dien_tich: 120}
    steps:
      - {element: Task_Receive}
      - {element: Task_Appraise, data: {ket_qua: dat}}
    outcome: granted
"""


def rehearse(desk, diagram, **options):
    """A file rehearsed, its options as fields of the form."""
    files = {"file": ("thu.bpmn", diagram, "application/xml")}
    return desk.designer.send("POST", "/rehearse", files=files, data=options)


def test_a_file_is_rehearsed_by_its_scenarios_without_being_kept(desk):
    answer = rehearse(desk, LAND, scenario=LAND_SCENARIOS).json()
    assert answer["file"] == "thu.bpmn"
    assert {run["outcome"] for run in answer["runs"]} == {"completed"}
    assert all(run["as_expected"] for run in answer["runs"])
    names = [each["name"] for each in json.loads(LAND_SCENARIOS)["scenarios"]]
    assert [run["scenario"] for run in answer["runs"]] == names
    assert answer["runs"][0]["trace"][0].keys() == {"id", "name", "kind"}
    assert len(desk.lan.get("/procedures").json()["items"]) == 1


def test_every_path_passes_every_element_and_flow(desk):
    answer = rehearse(desk, LAND, every_path="true").json()
    coverage = answer["coverage"]
    assert (coverage["elements"], coverage["missed_elements"]) == (24, [])
    assert (coverage["flows"], coverage["missed_flows"]) == (24, [])
    assert answer["cut"] is False


def test_a_bare_file_takes_its_options_from_the_address(desk):
    runs = [
        desk.designer.send(
            "POST", f"/rehearse?random=3&seed={seed}", content=LAND, headers=XML
        ).json()["runs"]
        for seed in (5, 5, 6)
    ]
    assert [run["run"] for run in runs[0]] == [1, 2, 3]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_where_a_run_gets_stuck_is_told(desk):
    answer = rehearse(desk, STUCK, data='{"x": 1}').json()
    (run,) = answer["runs"]
    assert (run["outcome"], run["as_expected"]) == ("stuck", False)
    assert "Không đi tiếp được" in run["error"]
    assert [each["id"] for each in run["trace"]] == ["s", "a"]
    assert answer["coverage"]["missed_elements"] == ["b", "j", "e"]


def test_answers_are_entered_at_their_element(desk):
    given = {"data": '{"dien_tich": 120}', "answers": '{"Task_Appraise": {"ket_qua": "dat"}}'}
    done = rehearse(desk, DIAGRAM, **given)
    assert done.status_code == 200, done.text
    (run,) = done.json()["runs"]
    assert run["data"]["ket_qua"] == "dat"


def test_what_is_no_diagram_is_refused_once_with_its_reason(desk):
    (run,) = rehearse(desk, b"<html/>", random="50").json()["runs"]
    assert run["outcome"] == "refused"
    assert "BPMN" in run["error"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"random": "101"}, "rehearsal.unreadable_option"),
        ({"data": "[1]"}, "rehearsal.unreadable_option"),
        ({"answers": "{"}, "rehearsal.unreadable_option"),
        ({"scenario": "a: *b"}, "rehearsal.unreadable_scenarios"),
        ({"scenario": "scenarios: [{stepss: []}]"}, "rehearsal.invalid_scenario"),
    ],
    ids=["too many", "no object", "no json", "alias", "unknown word"],
)
def test_options_that_cannot_be_used_are_named(desk, options, code):
    answer = rehearse(desk, LAND, **options)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == code


def test_nobody_rehearses_without_logging_in(desk):
    assert desk.client.post("/api/v1/rehearse", content=LAND, headers=XML).status_code == 401


@pytest.fixture
def version(desk):
    return draft(desk)


def path_of(version, act):
    return f"/procedures/versions/{version['version_id']}/{act}"


def keep(desk, version, text):
    return desk.designer.send("PUT", path_of(version, "scenarios"), content=text, headers=YAML)


def test_a_stored_version_is_rehearsed(desk, version):
    answer = desk.lan.post(path_of(version, "rehearse"), {"every_path": True}).json()
    assert answer["coverage"]["missed_flows"] == []
    none = desk.lan.post(path_of(version, "rehearse"), {"stored_scenarios": True})
    assert none.json()["error"]["code"] == "rehearsal.no_scenarios"


def test_scenarios_are_kept_with_a_draft_and_come_back_byte_for_byte(desk, version):
    assert desk.lan.get(path_of(version, "scenarios")).status_code == 404
    assert keep(desk, version, GRANTED.encode()).status_code == 200
    assert desk.lan.get(path_of(version, "scenarios")).content == GRANTED.encode()
    answer = desk.lan.post(path_of(version, "rehearse"), {"stored_scenarios": True}).json()
    assert [run["scenario"] for run in answer["runs"]] == ["Đạt thì cấp"]
    assert answer["runs"][0]["as_expected"], answer["runs"][0]["error"]
    assert keep(desk, version, b"").status_code == 200
    assert desk.lan.get(path_of(version, "scenarios")).status_code == 404


def test_a_draft_whose_scenarios_succeed_is_published_with_them(desk, version):
    keep(desk, version, GRANTED.encode())
    assert desk.designer.post(path_of(version, "publish")).status_code == 200
    assert desk.lan.get(path_of(version, "scenarios")).content == GRANTED.encode()
    late = keep(desk, version, b"")
    assert late.json()["error"]["code"] == "procedure.not_a_draft"


def test_a_failing_scenario_refuses_publishing_and_says_what_differed(desk, version):
    keep(desk, version, GRANTED.replace("outcome: granted", "outcome: refused").encode())
    answer = desk.designer.post(path_of(version, "publish"))
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "procedure.scenario_fails"
    assert "“Đạt thì cấp”" in error["vi"]
    assert "“refused”" in error["vi"]
    assert "'granted'" in error["en"]
    state = desk.lan.get(f"/procedures/versions/{version['version_id']}").json()["state"]
    assert state == "draft"


def test_scenarios_that_cannot_be_played_are_not_kept(desk, version):
    answer = keep(desk, version, b"scenarios: 3")
    assert answer.json()["error"]["code"] == "rehearsal.invalid_scenario"
    assert desk.lan.get(path_of(version, "scenarios")).status_code == 404


def test_nobody_but_a_designer_keeps_scenarios(desk, version):
    answer = desk.lan.send("PUT", path_of(version, "scenarios"), content=GRANTED, headers=YAML)
    assert answer.status_code == 403


def test_a_foreign_file_is_imported_as_the_command_does(desk):
    foreign = STUCK.replace(b"userTask", b"scriptTask")
    files = {"file": ("la.bpmn", foreign, "application/xml")}
    answer = desk.designer.send("POST", "/import", files=files).json()
    assert answer["file"] == "la.bpmn"
    assert {"a", "b"} <= {repair["element"] for repair in answer["repairs"]}
    assert "<userTask" in answer["bpmn"]
    assert len(desk.lan.get("/procedures").json()["items"]) == 1


def test_what_cannot_be_imported_comes_with_its_reason_and_no_file(desk):
    answer = desk.designer.send("POST", "/import", content=b"<html/>", headers=XML).json()
    assert (answer["outcome"], answer["bpmn"]) == ("refused", None)
    assert answer["findings"]


@pytest.mark.corpus
def test_a_workflow_is_imported_with_its_form(desk, corpora):
    folder = corpora / "vn-onestop"
    file = min((folder / "workflows").glob("*_workflow.xml"))
    form = folder / "forms" / file.name.replace("_workflow", "_form_struct")
    files = {"file": (file.name, file.read_bytes(), "application/xml")}
    alone = desk.designer.send("POST", "/import", files=files).json()
    files["form"] = (form.name, form.read_bytes(), "application/xml")
    both = desk.designer.send("POST", "/import", files=files).json()
    assert alone["outcome"] == both["outcome"] == "publishable"
    assert "qt:component " in both["bpmn"]
    assert {"rule", "severity", "element", "vi", "en"} == set(both["repairs"][0])
