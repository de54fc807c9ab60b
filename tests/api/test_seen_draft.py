"""Two designers on one draft: the second is told who changed what and when, nothing is lost."""

import pytest

from tests.api.test_idempotent_procedures import FEWER_DAYS, SCENARIOS, changes, page_post, send
from tests.api.test_procedures import draft, other

STEP = {
    "steps": [
        {"element_id": "Task_Receive", "limits": {"": {"amount": "3", "unit": "working_hour"}}}
    ]
}


@pytest.fixture
def desk(any_desk):
    """What was seen is compared in the database: on both."""
    return any_desk


@pytest.fixture
def version(desk):
    return draft(desk, other("9.000007"))


def path_of(version):
    return f"/procedures/versions/{version['version_id']}"


def edit(desk, version, body, **headers):
    return desk.designer.send("PATCH", path_of(version), json=body, headers=headers)


def test_a_version_comes_with_its_tag_and_a_change_with_another(desk, version):
    answer = desk.lan.get(path_of(version))
    assert answer.headers["etag"] == f'"{version["tag"]}"'
    changed = edit(desk, version, FEWER_DAYS, **{"If-Match": answer.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("name", ["edit", "repair", "take back", "scenarios", "publish"])
def test_who_saw_an_older_draft_changes_nothing(desk, version, name):
    desk.at(2026, 3, 2, 10, 5)
    after = edit(desk, version, FEWER_DAYS).json()
    answer = send(desk, changes(version)[name], **{"If-Match": f'"{version["tag"]}"'})
    assert answer.status_code == 409
    error = answer.json()["error"]
    assert error["code"] == "procedure.draft_changed"
    for fact in ("Đặng Thu Trang", "10:05 02/03/2026", "thời hạn các trường hợp"):
        assert fact in error["vi"]
    assert "limits of cases" in error["en"]
    assert desk.lan.get(path_of(version)).json()["tag"] == after["tag"]


def test_new_scenarios_are_a_change_too(desk, version):
    put = ("PUT", f"{path_of(version)}/scenarios", {"content": SCENARIOS})
    put[2]["headers"] = {"Content-Type": "application/yaml"}
    assert send(desk, put).status_code == 200
    refused = edit(desk, version, STEP, **{"If-Match": f'"{version["tag"]}"'})
    assert "kịch bản" in refused.json()["error"]["vi"]


def test_a_change_without_a_tag_or_with_any_goes_on_what_is_there(desk, version):
    assert edit(desk, version, FEWER_DAYS).status_code == 200
    assert edit(desk, version, STEP, **{"If-Match": "*"}).status_code == 200


def test_an_old_table_on_a_page_overwrites_nothing_however_often_it_is_sent(desk, version):
    form = {
        "seen": version["tag"],
        "part": "steps",
        "limit:Task_Receive|": "3 giờ làm việc",
        "case:normal": "5 ngày làm việc",  # as the page showed it
    }
    after = edit(desk, version, FEWER_DAYS).json()
    for _ in range(2):
        page = page_post(desk, f"{path_of(version)}/steps", form)
        assert page.status_code == 409
        assert "Đặng Thu Trang" in page.text
        assert f'name="seen" value="{version["tag"]}"' in page.text
        assert "3 giờ làm việc" in page.text
    assert desk.lan.get(path_of(version)).json()["tag"] == after["tag"]
