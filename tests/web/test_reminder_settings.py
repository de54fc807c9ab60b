"""The ladder's settings in the browser: seen, tried, saved, undone; on a phone and by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser
SETTINGS = "/reminders/settings"


def test_settings_are_saved_only_after_what_follows_was_seen_and_undone(page, server, axe):
    log_in(page, server, "quantri", SETTINGS)
    assert axe(page) == []
    expect(page.get_by_role("button", name="Lưu thiết lập này")).to_have_count(0)
    percent = page.get_by_label("Nhắc khi đã dùng (% thời hạn)")
    percent.fill("60")
    page.get_by_label("Quá hạn một ngày làm việc, Lãnh đạo khác: Tin nhắn").check()
    percent.press("Enter")
    expect(page.get_by_role("heading", name="30 ngày qua, thiết lập này sẽ gửi")).to_be_visible()
    expect(percent).to_have_value("60")
    assert axe(page) == []
    page.get_by_label("Lý do đổi").fill("Nhắc sớm hơn")
    page.get_by_role("button", name="Lưu thiết lập này").click()
    expect(page.get_by_text("Đã lưu thiết lập nhắc việc.")).to_be_visible()
    expect(page.get_by_text("Nhắc sớm hơn")).to_be_visible()
    expect(percent).to_have_value("60")
    page.get_by_role("link", name="Dùng lại").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Lý do").fill("Thử xong")
    dialog.get_by_role("button", name="Dùng lại").click()
    expect(page.get_by_text("Đã dùng lại thiết lập cũ.")).to_be_visible()
    expect(percent).to_have_value("70")


def test_nonsense_is_told_and_the_address_of_an_officer_is_kept_on_a_phone(phone, server, axe):
    log_in(phone, server, "quantri", SETTINGS)
    phone.set_viewport_size({"width": 360, "height": 800})
    phone.get_by_label("Nhắc khi đã dùng (% thời hạn)").fill("400")
    phone.get_by_role("button", name="Xem hậu quả").click()
    expect(phone.get_by_role("alert")).to_contain_text("400 % không nằm giữa 1 % và 99 %")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(phone) == []
    row = phone.get_by_role("row").filter(has_text="Cao Thị Yến")
    row.get_by_role("link", name="Sửa").click()
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Điện thoại").fill("0901234567")
    dialog.get_by_role("button", name="Ghi").click()
    expect(row).to_contain_text("0901234567")


def test_what_is_owed_is_listed_for_the_head_and_leads_to_the_dossier(page, server, axe):
    log_in(page, server, "chutich", "/dossiers")
    page.get_by_role("link", name="Phải trả kết quả hoặc xin lỗi").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Phải trả kết quả hoặc xin lỗi, hẹn lại"
    )
    expect(page.locator("table.rows tbody tr").first).to_contain_text("Phải trả kết quả")
    assert axe(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator("a.row-link").first.click()
    expect(page.locator("figure.clock-picture").first).to_be_visible()
