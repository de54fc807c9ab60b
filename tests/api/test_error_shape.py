"""Every no has one shape: a code for programs, a sentence in each language, the facts, the fields."""

import json
import re
from datetime import date
from decimal import Decimal
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse

from api.door import CONTENT_SECURITY_POLICY
from api.errors import STATUSES, error_answer, status_of
from engine.store.database import StaleState
from processes.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleError, Unmet

OPEN_TO_ALL = {
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/public/lookups"),
    ("POST", "/api/v1/public/lookups/files"),  # wants the token of a look-up
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
}
METHODS = ("get", "post", "put", "patch", "delete")


def assert_shape(answer, code=None):
    body = answer.json()
    assert set(body) == {"error"}
    error = body["error"]
    assert set(error) - {"fields"} == {"code", "vi", "en", "facts"}
    assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", error["code"])
    assert error["vi"]
    assert error["en"]
    assert error["vi"] != error["en"]
    assert "{" not in error["vi"] + error["en"]
    for field in error.get("fields", []):
        assert set(field) == {"field", "vi", "en"}
    if code is not None:
        assert error["code"] == code
    return error


def routes(desk):
    paths = desk.app.openapi()["paths"]
    return [
        (method.upper(), path)
        for path, operations in paths.items()
        for method in METHODS
        if method in operations
    ]


def test_every_route_wants_to_know_who_asks(desk):
    asked = [route for route in routes(desk) if route not in OPEN_TO_ALL]
    assert len(asked) > 30
    for method, path in asked:
        filled = re.sub(r"\{[a-z_]+\}", "01960000-0000-7000-8000-000000000000", path)
        for headers in ({}, {"Authorization": "Bearer sai"}):
            answer = desk.client.request(method, filled, headers=headers)
            assert answer.status_code == 401, (method, path, answer.text)
            assert_shape(answer, "login.required")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/khong-co", 404, "address.not_found"),
        ("GET", "/api/khong-co", 404, "address.not_found"),
        ("DELETE", "/api/v1/me", 405, "address.wrong_method"),
    ],
)
def test_what_is_not_there_is_told_in_the_shape(desk, method, path, status, code):
    answer = desk.client.request(method, path)
    assert answer.status_code == status
    assert_shape(answer, code)


def test_the_allowed_methods_are_told(desk):
    assert desk.client.delete("/api/v1/me").headers["allow"] == "GET"


UNREADABLE = {
    "no JSON": b"{",
    "nothing in it": b"{",
    "a comment": b"{} // x",
    "endlessly nested": b"[" * 100_000,
    "a number of 10,000 digits": b'{"procedure": ' + b"9" * 10_000 + b"}",
    "no UTF-8": b'{"procedure": "\xff"}',
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_is_no_json_is_a_bad_request(desk, body):
    headers = {"Content-Type": "application/json"}
    answer = desk.lan.send("POST", "/dossiers", content=body, headers=headers)
    assert answer.status_code == 400
    assert_shape(answer, "request.unreadable")


NO_OBJECTS = [None, [], "x", 1, True]


@pytest.mark.parametrize("body", NO_OBJECTS)
def test_a_body_that_is_no_object_is_told(desk, body):
    answer = desk.lan.send(
        "POST",
        "/dossiers",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    error = assert_shape(answer, "request.invalid")
    assert "application/json" in error["fields"][0]["vi"]


def test_text_instead_of_json_is_told(desk):
    answer = desk.lan.send("POST", "/dossiers", content="procedure=1")
    assert answer.status_code == 422
    assert assert_shape(answer)["fields"][0]["field"] == "body"


@pytest.mark.parametrize(
    "path", ["/dossiers/a%00b", "/dossiers?search=a%00b", "/dossiers?after=%00"]
)
def test_a_nul_in_an_address_is_a_bad_request(any_desk, path):
    answer = any_desk.lan.get(path)
    assert answer.status_code == 400
    assert_shape(answer, "request.unreadable")


@pytest.mark.parametrize("search", ["\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe"])
def test_an_address_that_is_no_utf8_finds_nothing(any_desk, search):
    answer = any_desk.lan.get(f"/dossiers?search={quote(search)}")
    assert answer.status_code == 200
    assert answer.json()["items"] == []


def test_names_of_unknown_fields_come_back_as_they_can_be_shown(desk):
    answer = desk.lan.send(
        "POST",
        "/dossiers",
        content='{"\\ud800": 1, "procedure": "1", "applicant": "x"}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert_shape(answer, "request.invalid")


def test_a_choice_is_told_in_each_language(desk):
    late = {"cause": "nope", "words": "Nhiều hồ sơ"}
    step = "019cac0f-2680-734a-8fb5-262cc7038069"
    answer = desk.nam.post(f"/steps/{step}/complete", {"data": {}, "late": late})
    (fault,) = answer.json()["error"]["fields"]
    assert fault["vi"].startswith("Chọn một trong: 'overload'")
    assert "'sent_back' hoặc 'other'" in fault["vi"]
    assert "'sent_back' or 'other'" in fault["en"]


def test_a_thousand_wrong_fields_are_not_all_told(desk):
    answer = desk.lan.post("/dossiers", {f"x{number}": 1 for number in range(1000)})
    error = assert_shape(answer, "request.invalid")
    assert len(error["fields"]) == 50
    assert error["facts"]["number"] == 1002


def test_people_are_told_by_a_page_and_programs_by_json(desk):
    said = []

    def error_page(request, error, status, _fields):
        said.append((request.url.path, error.code, int(status)))
        return PlainTextResponse(error.message("vi"), status)

    desk.app.state.error_page = error_page
    page = desk.client.get("/khong-co")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert said == [("/khong-co", "address.not_found", 404)]
    for path in ("/api/v1/me", "/api/khong-co", "/health/khong-co"):
        assert_shape(desk.client.get(path))
    assert len(said) == 1


def broken(desk, monkeypatch, failure):
    def fail(*_args, **_more):
        raise failure

    monkeypatch.setattr("api.rest.login._me", fail)
    return TestClient(desk.app, base_url="http://quytrinh.test").get(
        "/api/v1/me", headers={"Authorization": f"Bearer {desk.lan.token}"}
    )


def test_what_nobody_foresaw_is_logged_under_an_id_and_tells_nothing(desk, monkeypatch, caplog):
    answer = broken(desk, monkeypatch, ZeroDivisionError("mật khẩu của Lan"))
    assert answer.status_code == 500
    error = assert_shape(answer, "server.failure")
    assert set(error["facts"]) == {"id"}
    assert "mật khẩu" not in answer.text
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    (record,) = [each for each in caplog.records if each.name == "quytrinh.door"]
    assert error["facts"]["id"] in record.getMessage()
    assert record.exc_info[0] is ZeroDivisionError


def test_a_database_that_does_not_answer_is_told_as_such(desk, monkeypatch, caplog):
    answer = broken(desk, monkeypatch, OperationalError("SELECT 1", {}, Exception("disk full")))
    assert answer.status_code == 503
    assert_shape(answer, "database.unavailable")
    assert "SELECT" not in answer.text
    assert answer.headers["retry-after"] == "30"
    assert "quytrinh.door" in {record.name for record in caplog.records}


def test_losing_every_race_is_a_conflict(desk, monkeypatch):
    answer = broken(desk, monkeypatch, StaleState())
    assert answer.status_code == 409
    assert_shape(answer, "state.changed")


@pytest.mark.parametrize(
    ("family", "status"),
    [(InvalidInput, 422), (NotAllowed, 403), (NotFound, 404), (Conflict, 409), (Unmet, 422)],
)
def test_each_family_has_one_status(family, status):
    class Own(family):
        code = "own"

    assert status_of(Own()) == status


def test_a_refusal_of_no_family_is_a_bad_request():
    assert status_of(RuleError()) == 400
    assert STATUSES[RuleError] == 400


def test_facts_are_plain_json(desk):
    error = NotFound(
        what="hồ sơ",
        day=date(2026, 3, 2),
        amount=Decimal("1.5"),
        id=UUID(int=1),
        codes=(("A",), {"B"}),
        half="\ud800",
        deep={"x": None, "y": True},
    )
    assert error_answer(error)["error"]["facts"] == {
        "what": "hồ sơ",
        "day": "2026-03-02",
        "amount": "1.5",
        "id": "00000000-0000-0000-0000-000000000001",
        "codes": [["A"], ["B"]],
        "half": "?",
        "deep": {"x": None, "y": True},
    }
