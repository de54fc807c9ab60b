"""The working calendar in the browser: seen, changed by a proposal, previewed, approved."""

import pytest
from playwright.sync_api import expect

from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser


def fill_day(page, day="2026-03-26"):
    form = page.locator("form[action='/calendar/days']")
    form.get_by_label("Ngày đầu").fill(day)
    form.get_by_label("Tên").fill("Nghỉ tránh bão")
    form.get_by_label("Căn cứ (số văn bản)").fill("Công điện 01/CĐ-UBND")
    return form


def propose(page, server):
    log_in(page, server, "quantri", "/calendar")
    form = fill_day(page)
    form.get_by_label("Lý do của đề xuất").fill("Bão số 3 đổ bộ ngày 26/3")
    form.get_by_role("button", name="Ghi vào đề xuất").click()


def test_a_year_is_seen_with_its_days_their_grounds_and_what_is_not_decided(page, server, axe):
    log_in(page, server, "quantri", "/calendar")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lịch làm việc năm 2026")
    expect(page.get_by_text("Năm 2027: chưa có quyết định")).to_be_visible()
    expect(page.locator("table.month")).to_have_count(12)
    swapped = page.locator("table.cards tr").filter(
        has_text="Nghỉ hoán đổi, làm bù ngày 10/01/2026"
    )
    expect(swapped).to_contain_text("Văn bản 12729/VPCP-KGVX")
    assert axe(page) == []
    page.get_by_label("Năm", exact=True).fill("2027")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_text("dự kiến, chưa có quyết định").first).to_be_visible()


def test_a_closure_is_proposed_previewed_and_approved_by_a_second_person(page, server, axe):
    propose(page, server)
    expect(page.get_by_text("Thêm: Cơ quan")).to_be_visible()
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã xem trước")
    expect(page.get_by_text("Người lập không tự duyệt")).to_be_visible()
    assert axe(page) == []
    address = page.url
    page.context.clear_cookies()
    log_in(page, server, "chutich", address.removeprefix(server.url))
    page.get_by_label("Số quyết định").fill("QĐ 12/QĐ-UBND")
    assert axe(page) == []
    page.get_by_role("button", name="Duyệt và dời hạn").click()
    expect(page.get_by_text("bản lịch 2")).to_be_visible()
    page.get_by_role("link", name="Lịch làm việc", exact=True).first.click()
    expect(page.locator("table.cards tr").filter(has_text="Nghỉ tránh bão")).to_contain_text(
        "Quản trị hệ thống"
    )


def test_what_is_wrong_is_told_and_nothing_typed_is_lost(page, server):
    log_in(page, server, "quantri", "/calendar")
    form = fill_day(page, "2026-04-30")
    form.get_by_label("Các buổi làm việc").fill("07:30-11:30")
    form.get_by_label("Lý do của đề xuất").fill("Thử nhập sai")
    form.get_by_role("button", name="Ghi vào đề xuất").click()
    expect(page.get_by_role("alert")).to_contain_text("ngày nghỉ không có buổi làm việc")
    expect(form.get_by_label("Tên")).to_have_value("Nghỉ tránh bão")


def test_it_is_used_on_a_phone_and_in_english(phone, server, axe):
    log_in(phone, server, "quantri", "/calendar")
    in_english(phone, server)
    phone.goto(f"{server.url}/calendar")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Working calendar 2026")
    width = phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    assert axe(phone) == []


def test_staff_see_the_calendar_and_change_nothing(page, server):
    log_in(page, server, "motcua1", "/calendar")
    expect(page.locator("table.month")).to_have_count(12)
    expect(page.get_by_role("button", name="Ghi vào đề xuất")).to_have_count(0)
