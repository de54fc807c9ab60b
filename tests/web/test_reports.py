"""Heads and the reform team make a report: choose it, look behind a number, take it along, close it."""

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.web.conftest import OFFICE_SCREEN
from tests.web.server import log_in
from tests.web.test_staff import dialog_of

pytestmark = pytest.mark.browser

FEBRUARY = "first=2026-02-01&last=2026-02-28"
NARROW = {"width": 360, "height": 740}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_form_is_chosen_looked_behind_and_taken_along(page, server, axe, picture):
    log_in(page, server, "chanhvanphong", "/analysis")
    page.get_by_role("link", name="Báo cáo", exact=True).click()
    expect(page).to_have_title("Tình hình, kết quả giải quyết thủ tục hành chính")
    expect(page.get_by_text("Các tổng đều khớp.")).to_be_visible()
    expect(page.get_by_role("link", name="Tháng trước")).to_have_attribute("aria-current", "page")
    page.get_by_label("theo").select_option("Lĩnh vực")
    page.get_by_role("button", name="Xem").click()
    expect(page).to_have_url(re.compile(r"/reports/06a\?first=2026-02-01&last=2026-02-28&by=field"))
    assert axe(page) == []
    picture(page, "report-06a")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Tải Excel").click()
    assert saved.value.suggested_filename == "bao-cao-06a-field-2026-02-01-2026-02-28.xlsx"
    sheet = load_workbook(io.BytesIO(saved.value.path().read_bytes())).active
    resolved = next(row[6].value for row in sheet.iter_rows() if row[1].value == "Tổng cộng")
    link = page.locator("tfoot td").nth(5).get_by_role("link")
    assert link.text_content() == str(resolved)
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã giải quyết")
    expect(page.locator("tbody tr")).to_have_count(resolved)
    assert axe(page) == []
    page.locator("tbody tr .row-link").first.click()
    expect(page).to_have_url(re.compile("/dossiers/[0-9a-f-]{36}$"))


def test_another_report_is_chosen_by_its_name(page, server, axe):
    log_in(page, server, "chanhvanphong", f"/reports/06a?{FEBRUARY}")
    page.get_by_label("Báo cáo", exact=True).select_option("Công việc theo bốn ô")
    page.get_by_role("button", name="Xem").click()
    expect(page).to_have_url(re.compile(r"/reports/tasks\?first=2026-02-01&last=2026-02-28$"))
    expect(page.get_by_text(re.compile(r"^Đã làm \d+/\d+ việc; "))).to_be_visible()
    assert axe(page) == []


def test_a_late_dossier_is_one_click_away(page, server):
    log_in(page, server, "chanhvanphong", "/reports/late?first=2026-03-01&last=2026-03-31")
    expect(page.get_by_text(re.compile(r"^\d+ hồ sơ trễ hạn"))).to_be_visible()
    page.locator("tbody th a").first.click()
    expect(page).to_have_url(re.compile("/dossiers/[0-9a-f-]{36}$"))


def test_a_period_is_closed_and_opened_again_by_two(page, server, axe):
    log_in(page, server, "chanhvanphong", f"/reports/06a?{FEBRUARY}")
    dialog_of(page, "Chốt kỳ", "Chốt kỳ báo cáo này?").get_by_role("button", name="Chốt kỳ").click()
    expect(page.get_by_text("Đã chốt kỳ báo cáo.")).to_be_visible()
    expect(page.get_by_text("Tính lại hôm nay vẫn ra đúng số đã chốt.")).to_be_visible()
    assert page.get_by_role("link", name="Chốt kỳ", exact=True).count() == 0
    assert axe(page) == []
    page.set_viewport_size(NARROW)
    assert fits(page)
    page.set_viewport_size(OFFICE_SCREEN)
    dialog = dialog_of(page, "Đề nghị mở lại", "Đề nghị mở lại kỳ này?")
    dialog.get_by_label("Lý do").fill("Sót hồ sơ trực tuyến")
    dialog.get_by_role("button", name="Đề nghị mở lại").click()
    expect(page.get_by_text("cần một người khác đồng ý")).to_be_visible()
    page.context.clear_cookies()
    log_in(page, server, "vanphong2", f"/reports/06a?{FEBRUARY}")
    dialog = dialog_of(page, "Đồng ý mở lại", "Đồng ý mở lại kỳ này?")
    dialog.get_by_role("button", name="Đồng ý mở lại").click()
    expect(page.get_by_text("Đã mở lại kỳ.")).to_be_visible()
    expect(page.get_by_role("link", name="Chốt kỳ", exact=True)).to_be_visible()


@pytest.mark.parametrize("report", ["06a", "late", "766"])
def test_on_a_narrow_phone_each_row_is_a_card(phone, server, axe, report):
    phone.set_viewport_size(NARROW)
    log_in(phone, server, "chanhvanphong", f"/reports/{report}?first=2026-03-01&last=2026-03-31")
    assert fits(phone)
    assert axe(phone) == []


def test_staff_are_told_who_may_read_reports(page, server):
    log_in(page, server, "motcua1", "/reports/06a")
    expect(page.get_by_text("Bạn không có quyền")).to_be_visible()
    assert page.get_by_role("link", name="Báo cáo", exact=True).count() == 0


REPORTS_WITH_LISTS = (
    *("06a", "07a", "tasks", "years", "766", "766-2.2", "ranking"),
    *("coverage", "numbers"),
)


@pytest.mark.parametrize("report", REPORTS_WITH_LISTS)
def test_every_number_of_dossiers_leads_to_its_list(page, shared_server, report):
    log_in(page, shared_server, "chanhvanphong", f"/reports/{report}?{FEBRUARY}")
    links = page.locator('table.report a[href^="/dossiers/counted"]').evaluate_all(
        "found => found.map(each => [each.getAttribute('href'), each.textContent.trim()])"
    )
    assert links
    for href, number in links:
        page.goto(f"{shared_server.url}{href}")
        listed = int(page.locator(".lead").text_content().split()[0])
        tasks = "cell=tasks" in href  # a dossier has several
        assert listed == int(number) or (tasks and 0 < listed <= int(number)), href
