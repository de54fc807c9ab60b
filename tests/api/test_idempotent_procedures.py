"""What designers ask for twice under one key is done once and answered alike, like acts of staff."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.desk import CODE, DIAGRAM, step_of
from tests.api.test_double_click import at_once
from tests.api.test_procedures import XML, draft, other
from tests.api.test_rehearsals import GRANTED
from tests.api.test_repairs import FOREIGN

KEY = {"Idempotency-Key": "a8f1c1c0-6a2f-4f1e-9d53-0d6f3c1f8d11"}
FEWER_DAYS = {"case_limits": {"normal": {"amount": "4", "unit": "working_day"}}}
SCENARIOS = GRANTED.encode()
YAML = {"Content-Type": "application/yaml"}


def same(first, second):
    told = [(a.status_code, a.content, a.headers.get("etag")) for a in (first, second)]
    assert told[0] == told[1]
    return told[0][0]


def versions(desk):
    (listed,) = desk.designer.get("/procedures", params={"search": CODE}).json()["items"]
    return desk.designer.get(f"/procedures/{listed['procedure_id']}/versions").json()


def upload(desk, data=DIAGRAM, **headers):
    return desk.designer.send("POST", "/procedures", content=data, headers={**XML, **headers})


def changes(version):
    """Each way to change a draft, as method, path and body."""
    path = f"/procedures/versions/{version['version_id']}"
    return {
        "edit": ("PATCH", path, {"json": FEWER_DAYS}),
        "repair": ("POST", f"{path}/repairs", {"json": {"accepted": None}}),
        "take back": ("POST", f"{path}/take-back", {}),
        "scenarios": ("PUT", f"{path}/scenarios", {"content": SCENARIOS, "headers": YAML}),
        "publish": ("POST", f"{path}/publish", {"json": {"decision_no": "01/QĐ"}}),
    }


def send(desk, change, **headers):
    method, path, body = change
    more = {**body, "headers": {**body.get("headers", {}), **headers}}
    return desk.designer.send(method, path, **more)


def test_an_upload_sent_twice_makes_one_draft(any_desk):
    before = len(versions(any_desk))
    assert same(upload(any_desk, **KEY), upload(any_desk, **KEY)) == 201
    assert len(versions(any_desk)) == before + 1


@pytest.mark.parametrize("name", ["edit", "repair", "take back", "scenarios", "publish"])
def test_a_change_of_a_draft_sent_twice_is_done_once(any_desk, name):
    desk = any_desk
    version = draft(desk, FOREIGN if name in ("repair", "take back") else other("9.000007"))
    change = changes(version)
    if name == "take back":
        assert send(desk, change["repair"]).status_code == 200
    assert same(send(desk, change[name], **KEY), send(desk, change[name], **KEY)) == 200


def test_the_first_answer_is_given_again_whatever_has_happened_since(any_desk):
    desk = any_desk
    change = changes(draft(desk, other("9.000007")))
    first = send(desk, change["edit"], **KEY)
    assert send(desk, change["publish"]).status_code == 200
    assert first.json()["state"] == "draft"
    assert same(first, send(desk, change["edit"], **KEY)) == 200


def test_twins_at_the_same_moment_are_one(any_desk):
    desk = any_desk
    before = len(versions(desk))
    for number in range(3):
        key = {"Idempotency-Key": f"twins-{number}"}
        answers = at_once(*[lambda key=key: upload(desk, **key)] * 2)
        assert same(*answers) == 201
        change = changes(answers[0].json())["publish"]
        key = {"Idempotency-Key": f"publish-{number}"}
        at = at_once(*[lambda key=key, change=change: send(desk, change, **key)] * 2)
        assert same(*at) == 200
    assert len(versions(desk)) == before + 3


def test_a_key_stands_for_one_request_only(desk):
    change = changes(draft(desk, other("9.000007")))
    assert send(desk, change["edit"], **KEY).status_code == 200
    for answer in (
        upload(desk, **KEY),
        send(desk, change["publish"], **KEY),
        send(desk, ("PATCH", change["edit"][1], {"json": {}}), **KEY),
    ):
        assert answer.status_code == 409
        assert answer.json()["error"]["code"] == "idempotency.reused"


def test_a_refused_upload_may_be_mended_under_the_same_key(desk):
    assert upload(desk, b"<html/>", **KEY).status_code == 422
    assert upload(desk, **KEY).status_code == 201


def test_a_late_copy_of_a_draft_of_entries_overwrites_nothing(any_desk):
    desk = any_desk
    path = f"/steps/{step_of(desk.receive())}/draft"

    def keep(words, **headers):
        answer = desk.lan.send("PUT", path, json={"data": {"ghi_chu": words}}, headers=headers)
        assert answer.status_code == 204, answer.text

    keep("một", **KEY)
    keep("hai")
    keep("một", **KEY)
    assert desk.lan.get(path).json() == {"data": {"ghi_chu": "hai"}}
    other_request = desk.lan.send("PUT", path, json={"data": {"ghi_chu": "ba"}}, headers=KEY)
    assert other_request.json()["error"]["code"] == "idempotency.reused"


# Pages


def page_post(desk, path, form, **more):
    """A form of a page, sent by the designer."""
    app = create_app(desk.office, desk.app.state.settings)
    pages = TestClient(app, base_url="http://quytrinh.test", follow_redirects=False)
    bearer = {"Authorization": f"Bearer {desk.designer.token}"}
    return pages.post(path, data=form, headers=bearer, **more)


def test_a_double_click_on_publish_is_one_publication_and_no_error(any_desk):
    desk = any_desk
    version = draft(desk, other("9.000007"))
    path = f"/procedures/versions/{version['version_id']}/publish"
    form = {"key": "form-1", "seen": version["tag"], "part": "publish", "decision_no": "7/QĐ"}
    assert [page_post(desk, path, form).status_code for _ in range(2)] == [303, 303]


def test_a_double_click_on_upload_makes_one_draft(any_desk):
    desk = any_desk
    before = len(versions(desk))
    file = {"file": ("a.bpmn", DIAGRAM, "application/xml")}
    pages = [page_post(desk, "/procedures", {"key": "form-2"}, files=file) for _ in range(2)]
    assert pages[0].headers["location"] == pages[1].headers["location"]
    assert len(versions(desk)) == before + 1


def test_a_double_click_on_a_new_component_adds_it_once(desk):
    version = draft(desk, other("9.000007"))
    path = f"/procedures/versions/{version['version_id']}"
    form = {"key": "form-3", "seen": version["tag"], "part": "add", "code": "MOI", "name": "Mới"}
    assert [page_post(desk, f"{path}/components", form).status_code for _ in range(2)] == [303] * 2
    components = desk.designer.get(path).json()["procedure"]["components"]
    assert [c["code"] for c in components].count("MOI") == 1
