"""A citizen with a phone and a slip: looks the dossier up, sends what is missing, with one hand."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine.dossier_file import dossier_file
from engine.dossiers.pauses import SupplementRequest, request_supplement
from engine.lookup.issuing import issue_secret
from processes.lookup_secret import shown_secret
from tests.engine.documents.files import pdf, picture

pytestmark = pytest.mark.browser

FORM = "Tờ khai đăng ký khai sinh (bản giấy)"
WHY = "Tờ khai chưa có chữ ký của người yêu cầu"


@dataclass
class Slip:
    """A receipt in a citizen's hand."""

    server: object
    address: str
    dossier_id: UUID
    code: str
    secret: str

    def clerk(self):
        return self.server._people()["motcua1"]

    def file(self):
        with self.server.office.database.read() as connection:
            return dossier_file(self.server.office, connection, self.clerk(), self.dossier_id)

    def ask(self, *codes):
        """The clerk asks for a supplement."""
        run = self.file().open_steps[0].step_run_id
        asked = SupplementRequest(codes, WHY)
        request_supplement(self.server.office, self.clerk(), run, asked)

    def look(self, page, code="", secret=""):
        page.goto(f"{self.server.url}/tra-cuu")
        page.get_by_label("Mã hồ sơ").fill(code or self.code)
        page.get_by_label("Mã bí mật").fill(secret or self.secret)
        page.get_by_role("button", name="Xem hồ sơ").click()
        return page


@pytest.fixture
def slip(server):
    address = server.dossier("1.001193")
    dossier_id = UUID(address.rpartition("/")[2])
    people = server._people()
    made = issue_secret(server.office, people["motcua1"], dossier_id)
    secret = shown_secret(made.secret)
    return Slip(server, address, dossier_id, made.outcome.code, secret)


@pytest.fixture
def small(phone):
    """The narrowest phone."""
    phone.set_viewport_size({"width": 360, "height": 740})
    return phone


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth") <= 360


def sent(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def test_code_and_secret_show_where_the_dossier_stands(slip, small, axe):
    small.goto(f"{slip.server.url}/tra-cuu")
    assert axe(small) == []
    assert fits(small)
    slip.look(small, slip.code.lower().replace(".", " . "), slip.secret.lower())
    expect(small.get_by_role("heading", level=1)).to_contain_text("Đang giải quyết")
    expect(small.get_by_text("N. V. Thử")).to_be_visible()
    expect(small.get_by_text(slip.file().open_steps[0].name)).to_be_visible()
    assert "Nguyễn Văn Thử" not in small.content()
    assert slip.secret not in small.url
    assert fits(small)
    assert axe(small) == []


def test_a_wrong_secret_says_no_more_than_a_wrong_code(slip, small):
    slip.look(small, secret="2222-2222")
    first = small.get_by_role("alert").inner_text()
    slip.look(small, code="000.00.99.H29-260302-9999")
    assert small.get_by_role("alert").inner_text() == first
    slip.look(small, code="không nhớ")
    expect(small.get_by_role("alert")).to_contain_text("Chưa đọc được mã hồ sơ")


def test_the_qr_of_the_slip_fills_in_both_and_leaves_no_secret_in_the_address(slip, small):
    small.goto(f"{slip.server.url}/tra-cuu?ma={slip.code}#{slip.secret}")
    expect(small.get_by_label("Mã bí mật")).to_have_value(slip.secret)
    assert "#" not in small.url
    expect(small.get_by_role("button", name="Xem hồ sơ")).to_be_focused()
    small.keyboard.press("Enter")
    expect(small.get_by_text("N. V. Thử")).to_be_visible()


def test_what_is_missing_is_sent_with_one_hand(slip, small, axe):
    slip.ask("TO_KHAI")
    slip.look(small)
    expect(small.get_by_role("heading", level=1)).to_contain_text("Chờ bạn bổ sung giấy tờ")
    expect(small.get_by_text(WHY)).to_be_visible()
    assert axe(small) == []
    assert fits(small)
    field = small.get_by_label("Chọn tệp hoặc chụp ảnh")
    field.set_input_files([sent("to khai.pdf", pdf()), sent("mat sau.jpg", picture("JPEG"))])
    send = small.get_by_role("button", name=f"Gửi {FORM}")
    assert send.bounding_box()["height"] >= 48
    send.click()
    expect(small.get_by_role("status")).to_contain_text("Đã nhận 2 tệp")
    expect(small.get_by_text("Đang chờ cán bộ xem")).to_have_count(2)
    assert fits(small)
    assert axe(small) == []
    assert slip.file().row.state == "paused"


def test_a_wrong_file_is_explained_and_nothing_else_is_lost(slip, small):
    slip.ask("TO_KHAI")
    slip.look(small)
    small.get_by_label("Chọn tệp hoặc chụp ảnh").set_input_files([sent("a.pdf", b"MZ" + bytes(99))])
    small.get_by_role("button", name=f"Gửi {FORM}").click()
    expect(small.get_by_role("alert")).to_contain_text("chương trình Windows")
    small.get_by_label("Chọn tệp hoặc chụp ảnh").set_input_files([sent("b.pdf", pdf())])
    small.get_by_role("button", name=f"Gửi {FORM}").click()
    expect(small.get_by_role("status")).to_contain_text("Đã nhận 1 tệp")


def test_it_works_without_script(slip, browser):
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    plain = context.new_page()
    slip.ask("TO_KHAI")
    slip.look(plain)
    plain.get_by_label("Chọn tệp hoặc chụp ảnh").set_input_files([sent("b.pdf", pdf())])
    plain.get_by_role("button", name=f"Gửi {FORM}").click()
    expect(plain.get_by_role("status")).to_contain_text("Đã nhận 1 tệp")
    context.close()


def test_two_tabs_may_send_side_by_side(slip, browser):
    slip.ask("TO_KHAI")
    context = browser.new_context(locale="vi-VN")
    tabs = [slip.look(context.new_page()) for _ in range(2)]
    for number, tab in enumerate(tabs):
        data = pdf(f"trang {number}")
        tab.get_by_label("Chọn tệp hoặc chụp ảnh").set_input_files([sent(f"{number}.pdf", data)])
        tab.get_by_role("button", name=f"Gửi {FORM}").click()
        expect(tab.get_by_role("status")).to_contain_text("Đã nhận 1 tệp")
    expect(tabs[1].get_by_text("Đang chờ cán bộ xem")).to_have_count(2)
    context.close()


def test_a_page_left_open_for_too_long_asks_for_the_secret_again(slip, small):
    slip.ask("TO_KHAI")
    slip.look(small)
    slip.server.at(2026, 3, 23, 10, 5)
    small.get_by_label("Chọn tệp hoặc chụp ảnh").set_input_files([sent("b.pdf", pdf())])
    small.get_by_role("button", name=f"Gửi {FORM}").click()
    expect(small.get_by_role("alert")).to_contain_text("Phiên tra cứu đã hết")
    expect(small.get_by_label("Mã bí mật")).to_be_visible()


def test_the_login_page_shows_the_way(server, small):
    small.goto(f"{server.url}/")
    small.get_by_role("link", name="Tra cứu hồ sơ").first.click()
    expect(small.get_by_label("Mã bí mật")).to_be_visible()
