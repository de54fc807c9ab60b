"""Two people, two browsers, one step; and people who have no business with it."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from engine.accounts import found_office
from engine.working_calendar.kept import keep_calendar
from engine.working_calendar.viet_nam import vietnam
from tests.engine.offices import BPMN
from tests.web.server import PASSWORD, log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def colleague(browser):
    """A second browser."""
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


@pytest.fixture
def examine(server):
    """The path of a birth that waits for examination."""
    return server.dossier("1.001193", until="Task_Examine").removeprefix(server.url)


def complete(page, result="du_dieu_kien"):
    page.get_by_label("Kết quả thẩm tra").select_option(result)
    page.get_by_role("button", name="Hoàn thành bước").click()


def test_the_second_to_complete_is_told_who_was_faster(page, colleague, server, examine):
    log_in(page, server, "hotich1", examine)
    log_in(colleague, server, "hotich2", examine)
    complete(page)
    expect(page.locator("#notes")).to_contain_text("Đã hoàn thành bước.")
    complete(colleague, "khong_du_dieu_kien")
    alert = colleague.get_by_role("alert")
    expect(alert).to_contain_text("đã kết thúc (Lê Thị Hồng Nhung, 09:30 23/03/2026)")
    expect(colleague.locator(".lead")).to_contain_text("Ghi Sổ, lấy Số định danh")
    colleague.get_by_label("Số định danh cá nhân").fill("079326001234")
    colleague.get_by_role("button", name="Hoàn thành bước").click()
    expect(colleague.locator("#notes")).to_contain_text("Tiếp theo: Ký Giấy khai sinh")


def test_what_a_colleague_has_taken_up_is_not_offered(page, colleague, server, examine):
    log_in(colleague, server, "hotich2", examine)
    log_in(page, server, "hotich1", examine)
    page.get_by_role("button", name="Nhận việc").click()
    expect(page.locator(".lead")).to_contain_text("bạn đang xử lý")
    complete(colleague)
    expect(colleague.get_by_role("alert")).to_contain_text("đang do Lê Thị Hồng Nhung xử lý")
    expect(colleague.locator("main")).to_contain_text("Lê Thị Hồng Nhung đang xử lý bước này.")
    expect(colleague.get_by_role("button", name="Hoàn thành bước")).to_have_count(0)


def test_two_edit_one_draft_and_the_second_learns_that_it_is_published(page, colleague, server):
    log_in(page, server, "vanphong1", "/procedures")
    file = BPMN / "procedures" / "1.001193-dang-ky-khai-sinh.bpmn"
    page.get_by_label("Sơ đồ BPMN mới").set_input_files(file)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    page.wait_for_url("**/versions/*")
    path = page.url.removeprefix(server.url)
    log_in(colleague, server, "vanphong1", f"{path}?tab=steps")
    page.get_by_role("link", name="Ban hành").click()
    page.get_by_role("dialog").get_by_role("button", name="Ban hành").click()
    expect(page.locator(".lead")).to_contain_text("Đang có hiệu lực")
    colleague.get_by_label("Thời hạn của Tiếp nhận hồ sơ").fill("2 giờ làm việc")
    colleague.get_by_role("button", name="Lưu bảng bước").click()
    expect(colleague.get_by_role("alert")).to_contain_text("đã ban hành nên không sửa được")


def test_a_step_of_another_position_is_shown_and_not_offered(page, server, examine):
    log_in(page, server, "vanthu1", examine)
    expect(page.locator("main")).to_contain_text("Đang chờ người khác")
    expect(page.locator("main").get_by_role("button")).to_have_count(0)


def test_an_act_on_a_step_of_another_position_is_refused(page, colleague, server, examine):
    log_in(page, server, "hotich1", examine)
    action = page.locator("form[action$='/complete']").get_attribute("action")
    log_in(colleague, server, "vanthu1", examine)
    token = colleague.locator("input[name=csrf_token]").first.get_attribute("value")
    answer = colleague.request.post(
        server.url + action,
        form={"csrf_token": token, "data:ket_qua_tham_tra": "du_dieu_kien"},
        headers={"Origin": server.url},
    )
    assert answer.status == 403
    assert "do Công chức hộ tịch thực hiện" in answer.text()


def test_another_agency_sees_nothing_of_ours(page, server, examine):
    """The name of a dossier that is there says no more than one that is not."""
    stated = json.loads((BPMN / "office.json").read_text(encoding="utf-8"))
    stated["agency"] = {"code": "000.00.99.H29", "name": "UBND phường khác"}
    stated["officers"] = [{**stated["officers"][0], "login": "nguoi.khac", "roles": ["head"]}]
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)

    def found(transaction):
        passwords = {"nguoi.khac": PASSWORD}
        found_office(transaction, stated, passwords, long_ago, server.office.ids)
        keep_calendar(transaction, "000.00.99.H29", vietnam(2024, 2028), long_ago, "test")

    server.office.database.write(found)
    log_in(page, server, "nguoi.khac", examine)
    expect(page.locator("main")).to_contain_text("Không tìm thấy hồ sơ")
    page.get_by_role("link", name="Hồ sơ", exact=True).click()
    expect(page.get_by_role("heading", name="Không có hồ sơ nào")).to_be_visible()
    page.get_by_role("link", name="Quy trình", exact=True).click()
    expect(page.get_by_role("heading", name="Không tìm thấy quy trình nào")).to_be_visible()
    page.get_by_role("link", name="Phân tích").click()
    expect(page.locator(".lead")).to_contain_text("Chưa có hồ sơ nào")


def test_a_forged_form_is_refused(page, server, examine):
    log_in(page, server, "hotich1", examine)
    action = page.locator("form[action$='/complete']").get_attribute("action")
    for headers in ({"Origin": "https://xau.example"}, {}):
        answer = page.request.post(
            server.url + action, form={"data:ket_qua_tham_tra": "du_dieu_kien"}, headers=headers
        )
        assert answer.status == 403
        assert "không đến từ trang của hệ thống" in answer.text()
