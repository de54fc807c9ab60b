"""The register of returns at the door: for heads and the reform team, as JSON, CSV and a page."""

import csv
import io

import pytest

from tests.api.desk import step_of
from tests.api.test_dossiers import refused

PERIOD = "?first=2026-03-01&last=2026-03-31"


@pytest.fixture
def returned(desk):
    received = desk.receive()
    body = {"components": ["DON"], "reason": "=1+1 thiếu chữ ký", "legal_basis": "Điều 19"}
    assert desk.lan.post(f"/steps/{step_of(received)}/supplement", body).status_code == 200
    return received


def test_the_register_says_who_what_and_why(desk, returned):
    found = desk.hung.get(f"/registers/returns{PERIOD}").json()
    assert found["total"] == 1
    assert found["by_component"] == [{"name": "Đơn đề nghị", "returns": 1, "dossiers": 1}]
    (line,) = found["lines"]
    assert (line["code"], line["kind"], line["stage"]) == (
        returned["code"],
        "supplement",
        "counter",
    )
    assert (line["officer"], line["unit"], line["legal_basis"]) == (
        "Nguyễn Thị Lan",
        "mot_cua",
        "Điều 19",
    )


def test_as_a_table_people_s_words_never_become_formulas(desk, returned):
    answer = desk.hung.get(f"/registers/returns.csv{PERIOD}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["reason"] == "'=1+1 thiếu chữ ký"
    assert (row["code"], row["components"]) == (returned["code"], "Đơn đề nghị")


@pytest.mark.parametrize("ending", ["", ".csv"])
def test_only_heads_and_the_reform_team_read_it(desk, returned, ending):
    refused(desk.lan.get(f"/registers/returns{ending}{PERIOD}"), 403, "not_allowed")


@pytest.mark.parametrize("ending", ["", ".csv"])
def test_a_period_that_cannot_be_is_refused(desk, ending):
    wrong = "?first=2026-03-02&last=2026-03-01"
    refused(desk.hung.get(f"/registers/returns{ending}{wrong}"), 422, "period.invalid")
    far = "?first=2026-03-02&last=9999-12-31"
    assert desk.hung.get(f"/registers/returns{ending}{far}").status_code == 422


def test_another_agency_sees_none_of_it(desk, returned):
    other = desk.caller("hung.khac").get(f"/registers/returns{PERIOD}").json()
    assert (other["total"], other["lines"]) == (0, [])


def test_the_gap_is_proposed_as_a_request_and_can_be_sent_as_it_is(desk):
    received = desk.receive(data={"dien_tich": 120, "co_uy_quyen": True}, components=[])
    step = step_of(received)
    proposed = desk.lan.get(f"/steps/{step}/supplement").json()
    assert proposed["components"] == ["DON", "BAN_VE", "UY_QUYEN"]
    assert proposed["reason"] == (
        "Hồ sơ còn thiếu: 1 bản chính Đơn đề nghị; 2 bản sao chứng thực Bản vẽ; "
        "1 bản Văn bản ủy quyền."
    )
    assert (proposed["legal_basis"], proposed["asked"], proposed["at_most"]) == ("", 0, 1)
    body = {name: proposed[name] for name in ("components", "reason", "legal_basis")}
    assert desk.lan.post(f"/steps/{step}/supplement", body).status_code == 200
    assert desk.lan.get(f"/steps/{step}/supplement").json()["asked"] == 1
