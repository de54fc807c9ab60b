"""Whatever changes something by cookie is refused unless a page of ours sent it: every address."""

import re
from uuid import UUID

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.desk import PASSWORD

ORIGIN = "http://quytrinh.test"
CHANGING = ("POST", "PUT", "PATCH", "DELETE")
LOOKUPS = {f"{door}{what}" for door in ("/tra-cuu", "/lookup") for what in ("", "/files")}
LOOKUPS |= {"/api/v1/public/lookups", "/api/v1/public/lookups/files"}
BEFORE_A_SESSION = {"/login", "/language", "/api/v1/login", *LOOKUPS}
"""They need none; what another site could do with them is tested with them."""
FORGED = {
    "nothing said": ({}, {}),
    "a wrong token": ({"X-CSRF-Token": "wrong"}, {"csrf_token": "wrong"}),
    "a wrong token from our page": (
        {"Origin": ORIGIN, "X-CSRF-Token": "wrong"},
        {"csrf_token": "wrong"},
    ),
    "another site": ({"Origin": "http://ke-xau.test"}, {}),
}


@pytest.fixture
def pages(desk):
    """The application with its pages, in a browser in which Hùng is logged in."""
    client = TestClient(create_app(desk.office, Settings(tick_seconds=0)), base_url=ORIGIN)
    login = {"login": "hung", "password": PASSWORD}
    client.post("/api/v1/login", json=login, headers={"Origin": ORIGIN}).raise_for_status()
    return client


def changing(app):
    """Every address that changes something, with ids that nothing has."""
    for route in iter_route_contexts(app.routes):
        for method in sorted({*CHANGING} & {*(route.methods or ())}):
            if route.path not in BEFORE_A_SESSION:
                yield method, re.sub(r"\{\w+\}", str(UUID(int=7)), route.path)


@pytest.mark.parametrize(("headers", "form"), FORGED.values(), ids=FORGED.keys())
def test_no_address_lets_a_forged_request_through(pages, headers, form):
    asked = list(changing(pages.app))
    assert ("POST", "/letters/retry") in asked
    assert ("POST", "/api/v1/procedures") in asked
    let_through = []
    for method, path in asked:
        sent = {"json": {}} if path.startswith("/api/") else {"data": form}
        answer = pages.request(method, path, headers=headers, follow_redirects=False, **sent)
        if answer.status_code != 403 or not _says_foreign(path, answer):
            let_through.append((method, path, answer.status_code))
    assert let_through == []


def _says_foreign(path, answer):
    if path.startswith("/api/"):
        return answer.json()["error"]["code"] == "session.foreign_page"
    return "session.foreign_page" in answer.text or "không đến từ trang" in answer.text
