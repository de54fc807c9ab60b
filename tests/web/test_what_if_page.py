"""What a careful reform team asks the replay: what becomes of it where nobody is left."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser
BIRTH = "/analysis/1.001193/what-if?days=365"
NOBODY = "&post=tu_phap|cong_chuc_ho_tich&people=-3"


@pytest.mark.parametrize("width", [1366, 360])
def test_where_nobody_is_left_it_says_how_many_would_never_finish(page, shared_server, axe, width):
    page.set_viewport_size({"width": width, "height": 800})
    reform = log_in(page, shared_server, "chanhvanphong", BIRTH + NOBODY)
    never = reform.get_by_text("Hồ sơ không bao giờ xong")
    expect(never).to_contain_text(re.compile(r"0,0 → [1-9]\d*,\d"))
    alone = reform.get_by_role("row").filter(has_text="Công chức tư pháp")
    expect(alone).to_contain_text("không ai nhận")
    half = reform.get_by_role("row").filter(has_text="Một nửa xong trong").last
    expect(half).to_contain_text("–")
    assert axe(reform) == []
    assert not reform.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_what_was_played_is_there_at_once_when_one_comes_back(page, shared_server):
    reform = log_in(page, shared_server, "chanhvanphong", BIRTH)
    reform.get_by_label("Thêm hay bớt mấy người").fill("1")
    reform.get_by_role("button", name="Dựng lại").dblclick()
    reform.wait_for_url("**people=1**")
    expect(reform.get_by_role("heading", name="có sát thực tế không")).to_be_visible()
    expect(reform.get_by_role("alert")).to_have_count(0)
    told = reform.locator("main").inner_text()
    reform.reload()
    assert reform.locator("main").inner_text() == told
