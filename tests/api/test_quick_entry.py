"""Quick entry by programs: what the page does, with the same refusals, and nothing half done."""

import pytest

from engine.store.tables import dossier
from tests.api.desk import CODE
from tests.engine.drawing import CLERK, component, draw, end, field, needs, start, step

CASES = (
    '<qt:case code="same_day" name="Trong ngày"><qt:limit amount="1" unit="same_day"/></qt:case>'
    '<qt:case code="usual" name="Xác minh"><qt:limit amount="2" unit="working_day"/></qt:case>'
)
EXPERT = ("chuyen_vien", "chuyen_mon")
KEY = "5f0c8a52-60f9-4b5d-9f5d-0a4f9d2b1c11"


def certification(code="CT-01", second=CLERK):
    return draw(
        start(),
        step("Check", needs("VAN_BAN"), lane=CLERK),
        step("Certify", field("so", required="true"), lane=second),
        end(),
        flows=("S Check", "Check Certify", "Certify E"),
        head=component("VAN_BAN", "original 1"),
        cases=CASES,
        code=code,
    )


def entry(code="CT-01", **more):
    return {
        "procedure": code,
        "applicant": "Lê Văn Tám",
        "components": [{"component": "VAN_BAN"}],
        "steps": {"Certify": {"so": "12/CT"}},
        **more,
    }


@pytest.fixture
def counter(desk):
    """The desk with two certifications in force: all the clerk's own, and one an expert's in part."""
    for diagram in (certification(), certification("CT-02", EXPERT)):
        in_force(desk, diagram)
    return desk


def in_force(desk, diagram):
    headers = {"Content-Type": "application/xml"}
    draft = desk.designer.send("POST", "/procedures", content=diagram, headers=headers)
    version = draft.json()["version_id"]
    answer = desk.designer.post(f"/procedures/versions/{version}/publish", {})
    assert answer.status_code == 200, answer.text


def written(desk):
    with desk.office.database.read() as connection:
        return len(connection.execute(dossier.select()).all())


def test_one_request_receives_completes_and_returns(any_desk):
    in_force(any_desk, certification())
    answer = any_desk.lan.post("/dossiers/quick", entry(), key=KEY)
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert (done["state"], done["national_status"], done["opened"]) == ("returned", "10", [])
    assert any_desk.file(done["dossier_id"])["data"]["so"] == "12/CT"
    history = any_desk.lan.get(f"/dossiers/{done['code']}/history").json()
    assert [each["kind"] for each in history] == [
        "dossier.received",
        "step.completed",
        "step.completed",
    ]
    assert any_desk.lan.post("/dossiers/quick", entry(), key=KEY).content == answer.content
    assert written(any_desk) == 1


REFUSED = {
    "a number left out": (entry(steps={}), 422, "data.missing_field"),
    "a paper left out": (entry(components=[]), 422, "step.components_missing"),
    "an expert's step": (entry("CT-02"), 403, "step.not_yours"),
    "another case": (entry(case="usual"), 422, "quick_entry.not_same_day"),
    "a procedure of several days": (
        entry(CODE, components=[], data={"dien_tich": 1}),
        422,
        "quick_entry.not_same_day",
    ),
    "an unknown procedure": (entry("0"), 404, "not_found"),
    "an identity number that is none": (
        entry(contact={"identity_number": "12"}),
        422,
        "applicant.invalid_contact",
    ),
    "an unknown step": (
        entry(steps={"Certify": {"so": "1"}, "Stamp": {"so": "2"}}),
        422,
        "quick_entry.not_on_the_way",
    ),
    "a number for a name": (entry(applicant=7), 422, "request.invalid"),
    "a list for an entry": (entry(steps={"Certify": {"so": [1]}}), 422, "request.invalid"),
}


@pytest.mark.parametrize(("body", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_leaves_nothing_behind(counter, body, status, code):
    answer = counter.lan.post("/dossiers/quick", body, key=KEY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text
    assert written(counter) == 0


def test_who_holds_no_position_there_or_is_of_another_agency_enters_nothing(counter):
    for caller, status, code in (
        (counter.nam, 403, "dossier.cannot_receive"),
        (counter.designer, 403, "dossier.cannot_receive"),
        (counter.stranger, 404, "not_found"),
    ):
        answer = caller.post("/dossiers/quick", entry())
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert written(counter) == 0
