"""Forms and registers on the pages: seen before they are issued, one click to the PDF, kept."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.web.server import log_in
from tests.web.test_staff import fill_birth, receive

pytestmark = pytest.mark.browser


def received(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page)
    receive(page)
    page.locator("#received").wait_for()
    return re.search(r"received=([0-9a-f-]+)", page.url)[1]


def pdf_at(page, address):
    """The bytes that the browser is given there."""
    answer = page.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


PDF = re.compile(r"\.pdf$")  # the browser is there: what is asked for next interrupts nothing


def issued(page, server, dossier):
    """Addresses of the issued PDFs, the newest first."""
    page.goto(f"{server.url}/dossiers/{dossier}/forms")
    links = page.get_by_role("link", name="In lại").all()
    return [server.url + link.get_attribute("href") for link in links]


def test_the_receipt_is_printed_with_the_reception_and_kept(page, server, axe):
    dossier = received(page, server)
    expect(page.locator("html[data-printed=yes]")).to_be_attached()
    (address,) = issued(page, server, dossier)
    said = PdfReader(io.BytesIO(pdf_at(page, address))).pages[0].extract_text()
    assert "Lê Thị Mai" in said
    assert "01/TTPVHCC" in said
    assert axe(page) == []


def test_a_form_is_seen_before_it_is_issued_and_replaced_only_knowingly(page, server, axe):
    dossier = received(page, server)
    page.goto(f"{server.url}/dossiers/{dossier}")
    page.get_by_role("link", name="In biểu mẫu").click()
    assert page.get_by_text("giải quyết khiếu nại").count() == 0  # nobody complains here
    page.get_by_role("link", name="Giấy tiếp nhận hồ sơ và hẹn trả kết quả").click()
    page.get_by_label("Phí, lệ phí").fill("8.000 đồng")
    page.get_by_role("button", name="Xem trước").click()
    picture = page.get_by_role("img", name="Trang đầu của Giấy tiếp nhận")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    expect(page.get_by_label("Phí, lệ phí")).to_have_value("8.000 đồng")
    assert axe(page) == []
    page.get_by_role("button", name="Phát hành và mở PDF").click()  # one was issued at reception
    expect(page.get_by_role("alert")).to_contain_text("đã phát hành với nội dung khác")
    page.get_by_role("checkbox", name="Thay phiếu đã phát hành").check()
    page.get_by_role("button", name="Phát hành và mở PDF").click()
    page.wait_for_url(PDF, wait_until="commit")
    second, first = issued(page, server, dossier)
    assert (
        "Thay thế phiếu số" in PdfReader(io.BytesIO(pdf_at(page, second))).pages[0].extract_text()
    )
    assert pdf_at(page, first) == pdf_at(page, first)


def test_what_is_missing_on_a_form_is_told_at_its_field(page, server):
    dossier = received(page, server)
    page.goto(f"{server.url}/dossiers/{dossier}/forms/transfer_slip")
    page.get_by_label("Cơ quan nhận").fill("Chi cục Thuế")
    page.get_by_label("Nội dung đề nghị giải quyết").fill("Xác định nghĩa vụ")
    page.get_by_label("Thời hạn giải quyết").fill(" ")
    page.get_by_role("button", name="Phát hành và mở PDF").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nhập “Thời hạn giải quyết”")
    alert.get_by_role("link").click()
    expect(page.get_by_label("Thời hạn giải quyết")).to_be_focused()
    expect(page.get_by_label("Cơ quan nhận")).to_have_value("Chi cục Thuế")


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_documents_are_registered_and_the_book_is_printed(request, server, axe, screen):
    seen = request.getfixturevalue(screen)
    received(seen, server)
    seen.goto(f"{server.url}/registers")
    seen.get_by_text("Vào sổ một văn bản").click()
    seen.get_by_label("Cơ quan gửi").fill("Sở Nội vụ")
    seen.get_by_label("Trích yếu").fill("Về việc rà soát quy trình nội bộ")
    assert axe(seen) == []
    seen.get_by_role("button", name="Cấp số và vào sổ").click()
    expect(seen.get_by_role("status")).to_contain_text("Đã vào sổ, số 0")
    seen.get_by_label("Từ ngày").fill("31/12/2026")
    seen.get_by_role("button", name="In sổ theo dõi (PDF)").click()
    expect(seen.get_by_role("alert")).to_contain_text("ngày cuối trước ngày đầu")
    seen.get_by_label("Từ ngày").fill("01/03/2026")
    seen.get_by_role("button", name="In sổ theo dõi (PDF)").click()
    seen.wait_for_url(PDF, wait_until="commit")
    seen.goto(f"{server.url}/registers")
    book = seen.get_by_role("link", name="Sổ số").first.get_attribute("href")
    assert (
        "SỔ THEO DÕI HỒ SƠ"
        in PdfReader(io.BytesIO(pdf_at(seen, server.url + book))).pages[0].extract_text()
    )
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
