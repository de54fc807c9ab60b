"""A session that is over in the middle of work: nothing typed is lost, and the way leads back."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.engine.offices import BPMN
from tests.web.server import PASSWORD, log_in
from tests.web.test_staff import fill_birth, receive

pytestmark = pytest.mark.browser


def test_a_session_that_is_over_leads_through_the_login_and_back(page, server):
    log_in(page, server, "motcua1", "/inbox")
    server.clock.advance(timedelta(hours=13))
    page.goto(f"{server.url}/dossiers?state=open&q=khai+sinh")
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    page.get_by_label("Tên đăng nhập").fill("motcua1")
    page.get_by_label("Mật khẩu").fill("sai rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/dossiers?state=open&q=khai+sinh")


def test_a_reception_outlives_its_session(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page)
    server.clock.advance(timedelta(hours=23))
    receive(page)
    expect(page.get_by_role("alert")).to_contain_text("Phiên làm việc đã hết")
    expect(page.locator("main")).to_contain_text("Nội dung vừa nhập vẫn còn.")
    page.get_by_label("Tên đăng nhập").fill("motcua1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator(".lead")).to_contain_text("chưa được gửi")
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("#received")).to_contain_text("Lê Thị Mai")


def test_a_checklist_that_is_refused_takes_no_entries_away(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page)
    server.clock.advance(timedelta(hours=23))
    with page.expect_response("**/checklist"):
        page.get_by_label("Nộp trực tuyến").check()
    expect(page.get_by_role("link", name="Đăng nhập lại")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Giấy chứng sinh")).to_be_checked()


def test_an_upload_that_outlives_its_session_leads_back_to_the_list(page, server):
    log_in(page, server, "vanphong1", "/procedures?q=khai")
    file = BPMN / "procedures" / "1.001193-dang-ky-khai-sinh.bpmn"
    page.get_by_label("Sơ đồ BPMN mới").set_input_files(file)
    server.clock.advance(timedelta(hours=13))
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    page.get_by_label("Tên đăng nhập").fill("vanphong1")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/procedures?q=khai")
