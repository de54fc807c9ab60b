"""A period that cannot be read: a page says so beside the usual one, a file of it is never made."""

import re

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.api.desk import CODE, PASSWORD

ORIGIN = "http://quytrinh.test"
WRONG = ["first=hom-qua&last=2026-03-31", "first=2026-03-31&last=2026-03-01", "first=1026-03-01"]
FILES = [
    "/reports/06a.pdf",
    "/reports/06a.csv",
    "/reports/late.xlsx",
    "/registers/returns.csv",
    "/dossiers/counted.csv?counted=received",
    f"/analysis/{CODE}/compare.csv",
]
PAGES = ["/reports/06a", "/registers/returns", "/dossiers/counted?counted=received", "/analysis"]


@pytest.fixture
def hung(desk):
    return in_a_browser(desk)


def in_a_browser(desk):
    """The head's browser."""
    client = TestClient(create_app(desk.office, Settings(tick_seconds=0)), base_url=ORIGIN)
    login = {"login": "hung", "password": PASSWORD}
    client.post("/api/v1/login", json=login, headers={"Origin": ORIGIN}).raise_for_status()
    client.headers["Accept-Language"] = "vi"
    return client


def asked(path, query):
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("query", WRONG)
def test_no_file_is_made_of_another_period_than_was_asked_for(hung, path, query):
    answer = hung.get(asked(path, query))
    assert answer.status_code == 422
    assert re.search("Chưa đọc được ngày|trước ngày đầu", answer.text)


@pytest.mark.parametrize("path", FILES)
def test_the_file_of_a_period_that_can_be_read_is_made(hung, path):
    answer = hung.get(asked(path, "first=2026-03-01&last=2026-03-31"))
    assert answer.status_code == 200
    assert "html" not in answer.headers["content-type"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("query", WRONG)
def test_a_page_says_that_the_period_shown_is_not_the_one_asked_for(hung, path, query):
    answer = hung.get(asked(path, query))
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


def test_no_period_is_closed_but_the_one_that_was_shown(desk):
    desk.at(2026, 4, 2, 9)
    hung = in_a_browser(desk)
    page = hung.get("/reports/06a?first=2026-03-01&last=2026-03-31").text
    token = re.search('name="csrf_token" value="([^"]+)"', page)[1]
    sent = {"csrf_token": token, "first": "hom-qua", "last": "2026-03-31", "by": ""}
    answer = hung.post("/reports/closings", data=sent, headers={"Origin": ORIGIN})
    assert "Chưa đọc được ngày" in answer.text
    assert desk.hung.get("/reports/closings").json() == []


def test_a_report_by_what_it_cannot_be_made_by_is_shown_by_the_usual(hung):
    page = hung.get("/reports/06a?by=mau-ao")
    assert page.status_code == 200
    assert "Không lập báo cáo theo “mau-ao”" in page.text
    assert hung.get("/reports/06a.csv?by=mau-ao").status_code == 422
