"""An address that was typed wrong: the page says what of it, and opens without it."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193"


@pytest.fixture
def reform(page, shared_server):
    return log_in(page, shared_server, "chanhvanphong", "/analysis")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/analysis?days=abc", "Số ngày ghi là “abc”: Cần số nguyên."),
        (f"{BIRTH}/waits?days=0", "Số ngày ghi là “0”: Không nhỏ hơn 1."),
        ("/registers/returns?days=99999", "Số ngày ghi là “99999”: Không lớn hơn 3660."),
        (f"{BIRTH}?metric=mau", "Số đo trên sơ đồ ghi là “mau”: Chọn một trong"),
        (f"{BIRTH}/spread?share=100", "Phần trăm phải kịp ghi là “100”: Không lớn hơn 99."),
        (f"{BIRTH}/compare?by=thang", "Cách so sánh ghi là “thang”: Chọn một trong"),
        ("/dossiers/counted?counted=gi-do", "ghi là “gi-do”: Không có lựa chọn này."),
    ],
)
def test_a_wrong_choice_in_an_address_is_named_with_what_it_may_be(
    reform, shared_server, path, said
):
    answer = reform.goto(f"{shared_server.url}{path}")
    assert answer.status == 422
    expect(reform.get_by_role("main").get_by_role("listitem")).to_contain_text(said)
    expect(reform.get_by_role("navigation", name="Các phần")).to_be_visible()


def test_the_page_opens_without_what_was_wrong_and_with_all_else(reform, shared_server):
    reform.goto(f"{shared_server.url}{BIRTH}/spread?days=365&share=abc")
    reform.get_by_role("link", name="Mở trang với lựa chọn thường dùng").click()
    expect(reform.get_by_role("heading", name="Thời hạn nào giữ được")).to_be_visible()
    assert parse_qs(urlsplit(reform.url).query) == {"days": ["365"]}


def test_the_page_of_a_wrong_address_keeps_the_rules_for_everybody(phone, shared_server, axe):
    log_in(phone, shared_server, "chanhvanphong", "/analysis")
    phone.goto(f"{shared_server.url}/analysis?days={'9' * 300}")
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_programs_are_told_the_same_as_json(reform, shared_server):
    told = reform.request.get(
        f"{shared_server.url}/api/v1/analysis/measures/steps?first=x&last=2026-03-31"
    )
    assert told.status == 422
    assert told.json()["error"]["fields"][0]["field"] == "first"
