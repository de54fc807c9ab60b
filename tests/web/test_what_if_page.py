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


@pytest.mark.parametrize(
    ("entry", "said", "field"),
    [
        ("people=mot", "Thêm hay bớt mấy người, đã ghi “mot”: ghi số nguyên", "people"),
        ("people=1e999999", "Thêm hay bớt mấy người, đã ghi “1e999999”", "people"),
        ("post=tu_phap|cong_chuc_ho_tich&people=-90", "Vị trí này có 3 người trong kỳ", "people"),
        ("limit=-3", "Thời hạn của hồ sơ, đã ghi “-3”: ghi số ngày làm việc lớn hơn 0", "limit"),
        ("supplements=120", "đã ghi “120”: ghi phần trăm từ 0 đến 100", "supplements"),
        ("arrivals=9999", "Lượng hồ sơ đến, đã ghi “9999”: ghi phần trăm từ 0 đến 300", "arrivals"),
        ("step=khong-co&step_limit=1", "trong kỳ không có lượt nào qua bước này", "step"),
    ],
)
def test_what_was_typed_wrong_is_told_at_its_field_and_kept(
    page, shared_server, entry, said, field
):
    reform = log_in(page, shared_server, "chanhvanphong", "/analysis/1.001193/what-if")
    reform.goto(f"{shared_server.url}{BIRTH}&{entry}")
    told = reform.get_by_role("alert").get_by_role("link")
    expect(told).to_contain_text(said)
    told.click()
    expect(reform.locator(f"#field-{field}")).to_be_focused()
    expect(reform.get_by_role("heading", name="có sát thực tế không")).to_have_count(0)


def test_two_faults_are_told_at_once(page, shared_server):
    reform = log_in(page, shared_server, "chanhvanphong", f"{BIRTH}&people=x&limit=y")
    reform.goto(f"{shared_server.url}{BIRTH}&people=x&limit=y")
    expect(reform.get_by_role("alert").get_by_role("listitem")).to_have_count(2)
    expect(reform.locator("#field-people")).to_have_value("x")


def test_another_period_is_looked_at_with_what_was_typed(page, shared_server):
    log_in(page, shared_server, "chanhvanphong", "/analysis")
    page.goto(f"{shared_server.url}/analysis/1.001193/what-if?people=1")
    page.get_by_role("link", name="1 năm").click()
    page.wait_for_url("**days=365**")
    expect(page.get_by_label("Thêm hay bớt mấy người")).to_have_value("1")
    page.goto(f"{shared_server.url}/analysis/1.001193/compare?by=unit")
    page.get_by_role("button", name="Xem kỳ này").click()
    page.wait_for_url("**by=unit**first=**")
    page.goto(f"{shared_server.url}/analysis/1.001193/spread?share=80")
    page.get_by_role("link", name="30 ngày").click()
    expect(page.get_by_role("link", name="80% phải kịp")).to_have_attribute("aria-current", "page")


def test_who_waits_for_the_replay_is_told_so_where_the_button_is(phone, shared_server):
    log_in(phone, shared_server, "chanhvanphong", BIRTH)
    phone.get_by_label("Thêm hay bớt mấy người").fill("-1")
    button = phone.get_by_role("button", name="Dựng lại")
    button.evaluate("each => each.form.addEventListener('submit', e => e.preventDefault())")
    button.dblclick()
    said = phone.get_by_role("status").filter(has_text="Đang dựng lại")
    expect(said).to_have_count(1)
    expect(said).to_be_in_viewport()


def test_nobody_is_led_to_a_page_that_would_refuse_them(page, shared_server):
    log_in(page, shared_server, "chutich", "/analysis/1.001193/spread?days=365")
    expect(page.get_by_role("link", name="Danh sách sáng nay của lãnh đạo")).to_be_visible()
    page.context.clear_cookies()
    log_in(page, shared_server, "vanphong1", "/analysis/1.001193/spread?days=365")
    expect(page.get_by_role("heading", name="Đang mở và dễ trễ")).to_be_visible()
    expect(page.get_by_role("link", name="Danh sách sáng nay của lãnh đạo")).to_have_count(0)


def test_on_a_phone_the_section_one_is_in_is_in_sight(phone, shared_server):
    log_in(phone, shared_server, "chanhvanphong", "/analysis")
    section = phone.get_by_role("navigation", name="Các phần").get_by_text("Phân tích")
    expect(section).to_be_in_viewport(ratio=0.9)
