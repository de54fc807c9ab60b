"""The working calendar in the browser: seen, changed by a proposal, previewed, approved."""

import pytest
from playwright.sync_api import expect

from engine.calendar_change.reprojection import follow_calendars
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


def test_an_expected_day_is_confirmed_with_its_document(page, server, axe):
    log_in(page, server, "quantri", "/calendar?year=2027")
    row = page.locator("table.cards tr").filter(has_text="Mùng hai Tết")
    row.get_by_role("link", name="Xác nhận").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Căn cứ (số văn bản)").fill("Văn bản 999/VPCP")
    assert axe(page) == []
    dialog.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_text("Văn bản 999/VPCP")).to_be_visible()
    added = page.locator("li").filter(has_text="Thêm:")
    expect(added).to_contain_text("Mùng hai Tết Nguyên Đán")
    expect(added).not_to_contain_text("dự kiến")


def test_the_choice_of_the_year_stands_on_one_line(page, server):
    log_in(page, server, "quantri", "/calendar")
    button = page.get_by_role("button", name="Xem", exact=True).bounding_box()
    field = page.get_by_label("Năm", exact=True).bounding_box()
    assert abs((button["y"] + button["height"]) - (field["y"] + field["height"])) <= 2


def test_how_far_a_change_is_applied_is_shown_while_it_runs(page, server, axe):
    propose(page, server)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã xem trước")
    address = page.url.removeprefix(server.url)
    page.context.clear_cookies()
    log_in(page, server, "chutich", address)
    page.get_by_label("Số quyết định").fill("QĐ 12/QĐ-UBND")
    page.get_by_role("button", name="Duyệt và dời hạn").click()
    progress = page.locator("#calendar-progress")
    expect(progress).to_contain_text("Đang dời hạn")
    assert axe(page) == []
    page.reload()
    expect(progress).to_contain_text("Đang dời hạn")
    follow_calendars(server.office)
    expect(progress).to_contain_text("Đã xem hết")  # by itself, without a reload
    expect(progress.get_by_role("progressbar")).to_be_visible()


def test_that_the_citizen_was_told_of_a_moved_date_is_put_on_record(page, server, axe):
    propose(page, server)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã xem trước")
    change = page.url.removeprefix(server.url)
    moved = page.locator("table.rows tbody tr").filter(has_text="lùi hạn").get_by_role("link")
    dossier = moved.first.get_attribute("href")
    page.context.clear_cookies()
    log_in(page, server, "chutich", change)
    page.get_by_label("Số quyết định").fill("QĐ 12/QĐ-UBND")
    page.get_by_role("button", name="Duyệt và dời hạn").click()
    expect(page.locator("#calendar-progress")).to_be_visible()
    follow_calendars(server.office)
    page.goto(server.url + dossier)
    expect(page.get_by_text("hãy báo cho công dân")).to_be_visible()
    page.get_by_role("link", name="Đã báo công dân").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Báo bằng cách nào").select_option("in_person")
    dialog.get_by_label("Ghi chú").fill("Tại một cửa")
    assert axe(page) == []
    dialog.get_by_role("button", name="Ghi lại").click()
    expect(page.get_by_text("Đã báo công dân (trực tiếp)")).to_be_visible()
    expect(page.get_by_text("hãy báo cho công dân")).to_have_count(0)
    assert axe(page) == []
