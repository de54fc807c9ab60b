"""What is missing becomes a request with its form, and stands in the register of returns."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.web.server import log_in
from tests.web.test_forms_page import pdf_at
from tests.web.test_staff import dialog_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_a_request_is_written_out_of_the_gap_and_a_head_sees_it(request, server, axe, screen):
    seen = request.getfixturevalue(screen)
    path = server.dossier("1.001193", without="GIAY_CHUNG_SINH").removeprefix(server.url)
    log_in(seen, server, "motcua1", path)
    dialog = dialog_of(seen, "Yêu cầu bổ sung", "Yêu cầu người nộp bổ sung hồ sơ?")
    expect(dialog.get_by_label("Giấy chứng sinh")).to_be_checked()
    gap = "^Hồ sơ còn thiếu: một trong các giấy tờ sau: .1. Giấy chứng sinh"
    expect(dialog.get_by_label("Lý do")).to_have_value(re.compile(gap))
    dialog.get_by_role("button", name="Yêu cầu bổ sung").click()
    form = seen.get_by_role("link", name="Phiếu yêu cầu bổ sung số")
    expect(form).to_be_visible()
    assert axe(seen) == []
    pdf = PdfReader(io.BytesIO(pdf_at(seen, server.url + form.get_attribute("href"))))
    assert "Giấy chứng sinh" in " ".join(pdf.pages[0].extract_text().split())
    seen.context.clear_cookies()
    log_in(seen, server, "chanhvanphong", "/registers/returns?days=365")
    expect(seen.get_by_role("heading", name="Theo thành phần")).to_be_visible()
    expect(seen.get_by_role("row").filter(has_text="Giấy chứng sinh").first).to_be_visible()
    assert axe(seen) == []
    assert seen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with seen.expect_download() as saved:
        seen.get_by_role("link", name="Tải bảng CSV").click()
    assert "Giấy chứng sinh" in saved.value.path().read_text(encoding="utf-8-sig")
