"""The whole city in the browser: from the agency's analysis to every agency, and into a procedure."""

import re

import pytest
from playwright.sync_api import expect

from analysis.lake.refresh import refresh
from analysis.lake.rolling import roll_up
from engine.store.condition import agencies
from tests.web.conftest import PHONE_SCREEN
from tests.web.server import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def city_server(server, tmp_path):
    """The ward is its city's agency; its lake was refreshed."""
    lake, now = tmp_path / "lake", server.clock.now()
    (agency,) = agencies(server.office.database)
    refresh(server.office.database, agency, lake, now)
    roll_up(lake, now)
    told = {"lake_folder": lake, "city_agency": agency}
    server.stop()
    server.settings = server.settings.model_copy(update=told)
    server.start()
    return server


def test_a_reform_team_goes_from_its_agency_to_the_city_and_into_a_procedure(
    page, city_server, axe
):
    log_in(page, city_server, "chanhvanphong", "/analysis")
    page.get_by_role("link", name="Toàn thành phố").click()
    expect(page.locator(".lead")).to_contain_text(re.compile(r"Đúng hạn \d+,\d\d% \(\d+/\d+ hồ sơ"))
    expect(page.get_by_text("1 cơ quan, ")).to_be_visible()
    for words in ("quá hạn", "đang xử lý"):
        tile = page.locator(".stats div").filter(has=page.get_by_text(words, exact=True))
        expect(tile.locator("dd").first).to_have_text(re.compile(r"^\d+$"))
    expect(page.get_by_role("columnheader", name="Khoảng tin cậy 95%")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("link", name="Đăng ký khai sinh", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Toàn thành phố: Đăng ký khai sinh")
    expect(
        page.get_by_role("region", name="Số liệu từng bước").get_by_role("row")
    ).not_to_have_count(1)
    assert axe(page) == []
    page.set_viewport_size(PHONE_SCREEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_SCREEN["width"]
    assert axe(page) == []


def test_months_without_work_and_wrong_months_are_said(page, city_server):
    log_in(page, city_server, "chutich", "/city?first=2020-01&last=2020-03")
    expect(page.get_by_role("heading", name="Chưa có hồ sơ nào xử lý xong")).to_be_visible()
    page.get_by_role("link", name="Xem 12 tháng gần nhất").click()
    expect(page.locator(".lead")).to_contain_text("Đúng hạn")
    page.goto(f"{city_server.url}/city?first=2026-03&last=2026-02")
    expect(page.get_by_role("alert")).to_contain_text("Tháng cuối 02/2026 trước tháng đầu 03/2026")
    page.goto(f"{city_server.url}/city?first=thang-ba")
    expect(page.get_by_role("alert")).to_contain_text("Chưa đọc được tháng “thang-ba”")


def test_without_a_lake_the_way_is_not_shown_and_the_page_says_what_is_missing(page, server):
    log_in(page, server, "chanhvanphong", "/analysis")
    expect(page.get_by_role("link", name="Toàn thành phố")).to_have_count(0)
    page.goto(f"{server.url}/city")
    expect(page.locator("main")).to_contain_text("chưa mở số liệu toàn thành phố")


def test_agencies_are_called_by_name_and_code_or_said_to_be_nameless(page, city_server):
    lake = city_server.settings.lake_folder
    log_in(page, city_server, "chutich", "/city")
    (own,) = agencies(city_server.office.database)
    row = page.get_by_role("row").filter(has_text=own)
    expect(row).to_contain_text("UBND phường mẫu")
    (told,) = (lake / "manifest").glob("names=*.json")
    told.unlink()  # this server knows its own agency without being told
    page.reload()
    expect(row).to_contain_text("UBND phường mẫu")


def test_each_table_of_the_city_can_be_taken_along_as_it_is_filtered(page, city_server):
    log_in(page, city_server, "chutich", "/city?first=2026-03&last=2026-03")
    links = page.locator('main a[href^="/city/"]').evaluate_all(
        "found => found.map(each => each.getAttribute('href'))"
    )
    assert len(links) == 10
    for href in links:
        answer = page.request.get(f"{city_server.url}{href}")
        assert answer.ok, href
        assert "first=2026-03&last=2026-03" in href
        assert answer.body().startswith(b"PK" if ".xlsx" in href else b"\xef\xbb\xbf")
    agencies_csv = page.request.get(f"{city_server.url}/city/agencies.csv?first=2026-03").text()
    tile = page.locator(".stats div").filter(has=page.get_by_text("quá hạn", exact=True))
    late = tile.locator("dd").first.inner_text()
    header, row = (line.split(",") for line in agencies_csv.removeprefix("\ufeff").splitlines())
    assert dict(zip(header, row, strict=True))["late"] == late
    assert page.request.get(f"{city_server.url}/city/officers.csv").status == 422
