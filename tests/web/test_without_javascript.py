"""A browser with JavaScript switched off: the same numbers, no empty frames, and words on why."""

import pytest
from playwright.sync_api import Browser, expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193"


@pytest.fixture
def plain(browser: Browser, shared_server):
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    yield log_in(context.new_page(), shared_server, "chanhvanphong", "/analysis")
    context.close()


@pytest.mark.parametrize("path", ["/analysis", BIRTH, f"{BIRTH}/queue", f"{BIRTH}/spread"])
def test_where_nothing_can_be_drawn_the_table_is_named_instead(plain, shared_server, path):
    plain.goto(f"{shared_server.url}{path}?days=365")
    words = plain.locator("main noscript p").first
    expect(words).to_be_visible()
    assert "tắt JavaScript nên không vẽ được hình" in words.text_content()
    expect(plain.locator(".chart").first).to_be_hidden()
    expect(plain.locator("main table:visible").first).to_be_visible()


def test_the_diagram_is_there_as_a_picture(plain, shared_server):
    plain.goto(f"{shared_server.url}{BIRTH}?days=365")
    picture = plain.locator(".diagram img")
    expect(picture).to_be_visible()
    assert plain.request.get(f"{shared_server.url}{picture.get_attribute('src')}").ok


def test_a_what_if_is_played_all_the_same(plain, shared_server):
    plain.goto(f"{shared_server.url}{BIRTH}/what-if?days=365")
    plain.get_by_label("Thêm hay bớt mấy người").fill("1")
    plain.get_by_role("button", name="Dựng lại").click()
    expect(plain.locator(".lead")).to_contain_text("đúng hạn từ")
