"""The clerk at the counter, with the keyboard alone: every key that is no text is counted.

Counted is from the empty search to the printed receipt: a key that moves, opens, ticks or sends is
one, whatever keys are held with it; letters and digits of what is said are not counted; presses of
the mouse are. The browser's own dialog for printing is not ours and not counted (one more Enter;
none where Chromium was started with --kiosk-printing). docs/benchmarks.md has the figures.
"""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from engine.dossier_file import dossier_file
from engine.dossier_list import dossiers
from engine.dossiers.receive import Contact, Reception, receive
from engine.reception.applicants import look_ups
from tests.engine.drawing import CLERK, OFFICER, component, draw, end, needs, start, step
from tests.web.conftest import PRINTS
from tests.web.server import PASSWORD, in_english, log_in

pytestmark = pytest.mark.browser

NUMBER = "001085012345"


def simple(code="DT-01"):
    """A matter of land with nothing to enter but the applicant."""
    return draw(
        start(),
        step("A", needs("DON"), lane=CLERK),
        step("B", lane=OFFICER),
        end(),
        flows=("S A", "A B", "B E"),
        head=component("DON", "original 1") + component("SO_DO", "certified_copy 2"),
        code=code,
    ).replace(f"Quy trình {code}".encode(), "Hồ sơ đất".encode())


@dataclass
class Clerk:
    """Plays the clerk: types text, presses keys and counts them; never touches the mouse."""

    page: Page
    keys: list[str] = field(default_factory=list)

    def types(self, text: str) -> None:
        self.page.keyboard.type(text)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys.append(key)

    def comes_to(self, path: str) -> None:
        """The page is there and shows the caret: who types before would type beside it."""
        self.page.wait_for_url(f"**{path}")
        expect(self.page.locator("[autofocus]")).to_be_focused()

    def printed(self) -> None:
        expect(self.page.locator("html[data-printed=yes]")).to_be_attached()


@pytest.fixture
def clerk(page, server):
    log_in(page, server, "motcua1", "/desk")
    expect(page.get_by_role("searchbox")).to_be_focused()
    return Clerk(page)


def knows(server, name="Nguyễn Văn An", **contact):
    """Somebody was here before."""
    people = server._people()
    reception = Reception(
        "2.000908",
        name,
        contact=Contact(NUMBER, **contact),
        data={"loai_giay_to": "Bằng", "so_ban": 1, "quan_he": "chinh_chu"},
    )
    outcome = receive(server.office, people["motcua2"], reception)
    server.at(2026, 3, 23, 9, 31)
    return outcome


def publish(server, diagram):
    server.publish(diagram.decode())


# What it costs


def test_a_known_applicant_is_received_with_three_keys(clerk, server):
    publish(server, simple())
    knows(server, phone="0912345678", address="12 Lê Lợi")
    clerk.types("ho so dat")
    clerk.presses("Enter")
    clerk.comes_to("/desk/DT-01")
    clerk.types(NUMBER)
    clerk.presses("Tab")
    expect(clerk.page.get_by_label("Họ tên hoặc tên tổ chức")).to_have_value("Nguyễn Văn An")
    clerk.presses("Control+Enter")
    clerk.printed()
    note = clerk.page.locator("#received")
    expect(note).to_contain_text(re.compile(r"000\.00\.17\.H29-260323-\d{4} · Nguyễn Văn An"))
    expect(note).to_contain_text("Hẹn trả Thứ Hai 30/03/2026, 09:31")
    expect(clerk.page.get_by_role("searchbox")).to_be_focused()
    assert clerk.keys == ["Enter", "Tab", "Control+Enter"]
    file = newest(server)
    assert file.present == {"DON": {"original": 1}, "SO_DO": {"certified_copy": 2}}
    assert file.row.applicant_contact == {
        "identity_number": NUMBER,
        "phone": "0912345678",
        "address": "12 Lê Lợi",
    }


def test_a_new_applicant_is_received_with_five_keys(clerk, server):
    publish(server, simple())
    clerk.types("dat ho")  # words in any order
    clerk.presses("Enter")
    clerk.comes_to("/desk/DT-01")
    clerk.types("079203000001")
    clerk.presses("Tab")
    expect(clerk.page.locator("#known-applicant")).to_contain_text("Chưa có hồ sơ nào của số này")
    clerk.types("Lê Thị Mai")
    clerk.presses("Tab")
    clerk.types("0987 654 321")
    clerk.presses("Tab")
    clerk.types("mai@gmail.com")
    clerk.presses("Control+Enter")
    clerk.printed()
    assert len(clerk.keys) <= 5
    assert newest(server).row.applicant_contact["phone"] == "0987654321"


def test_a_birth_with_its_entries_takes_a_dozen_keys(clerk, server):
    clerk.types("khai sinh")
    clerk.presses("Enter")
    clerk.comes_to("/desk/1.001193")
    clerk.types("079203000001")
    clerk.presses("Tab")
    clerk.types("Lê Thị Mai")
    clerk.presses("Tab", "Tab", "Tab", "Tab")
    clerk.types("Lê Minh Khôi")
    clerk.presses("Tab")
    clerk.types("20/03/2026")
    clerk.presses("F4", "Tab", "Tab", "Space", "Control+Enter")  # the paper of the hospital
    clerk.printed()
    assert len(clerk.keys) <= 12
    assert newest(server).present["GIAY_CHUNG_SINH"] == {"original": 1}


def test_quick_entry_of_a_signature_takes_fourteen_keys_for_each_of_many(clerk, server):
    """The procedure that comes with the product, by a login that comes with it."""
    clerk.types("chung thuc chu ky")
    clerk.presses("Enter")
    clerk.page.wait_for_url("**/desk/2.000884")
    clerk.presses("F8")
    clerk.page.wait_for_url("**/desk/2.000884/quick")
    assert len(clerk.keys) == 2
    for number in ("1", "2"):
        expect(clerk.page.get_by_label("Số căn cước")).to_be_focused()
        clerk.keys.clear()
        clerk.types("079203000001")
        clerk.presses("Tab")
        if number == "1":
            clerk.types("Lê Thị Mai")
        else:
            expect(clerk.page.get_by_label("Họ tên hoặc")).to_have_value("Lê Thị Mai")
        clerk.presses("Tab", "Tab", "Tab", "Tab")
        clerk.types("Giấy ủy quyền")
        with clerk.page.expect_response("**/checklist"):  # drawn again for what was entered
            clerk.presses("F4")
        expect(clerk.page.get_by_role("checkbox", name="Giấy tờ tùy thân")).to_be_focused()
        clerk.presses("Tab", "Tab", "Tab", "Tab", "Tab")
        expect(clerk.page.get_by_label("Kết quả kiểm tra")).to_be_focused()
        clerk.presses("ArrowDown", "Tab")  # Đủ điều kiện chứng thực
        clerk.types(f"{number}/CT")
        clerk.presses("Control+Enter")
        expect(clerk.page.locator("#received")).to_contain_text("Đã tiếp nhận và trả kết quả")
        expect(clerk.page.locator("#today")).to_have_text(number)
        assert len(clerk.keys) <= 14
        server.at(2026, 3, 23, 9, 31)
    file = newest(server)
    assert (file.row.state, file.row.outcome) == ("returned", "granted")
    assert dict(file.data)["so_chung_thuc"] == "2/CT"
    assert file.present["VAN_BAN"] == {"original": 1}


def test_quick_entry_asks_for_what_is_left_out_and_for_what_is_of_another_way(clerk, server):
    page = clerk.page
    page.goto(f"{server.url}/desk/2.000884/quick")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.get_by_label("Loại giấy tờ").fill("Giấy ủy quyền")
    page.get_by_label("Kết quả kiểm tra").select_option(label="Không được chứng thực")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Lý do từ chối")
    page.get_by_label("Kết quả kiểm tra").select_option(label="Đủ điều kiện chứng thực")
    page.get_by_label("Số chứng thực").fill("7")
    page.get_by_label("Lý do từ chối").fill("Không minh mẫn")
    page.keyboard.press("Control+Enter")
    expect(alert).to_contain_text("hồ sơ không đi qua bước này")
    page.get_by_label("Lý do từ chối").fill("")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#received")).to_contain_text("Đã tiếp nhận và trả kết quả")


# The search


def test_arrows_choose_a_line_and_typing_goes_on(clerk):
    clerk.types("dang ky")
    rows = clerk.page.locator("#found .row-link")
    expect(rows).to_have_count(3)
    clerk.presses("ArrowDown", "ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    clerk.presses("ArrowUp", "ArrowUp")
    expect(clerk.page.get_by_role("searchbox")).to_be_focused()
    clerk.presses("ArrowDown")
    clerk.types(" ")
    clerk.presses("F2")
    clerk.types(" ket")
    expect(rows).to_have_count(1)
    clerk.presses("ArrowDown", "Enter")
    clerk.page.wait_for_url("**/desk/1.000894")


def test_what_the_clerk_used_last_comes_first(clerk, server):
    shown = clerk.page.locator("#found .row-link")
    expect(clerk.page.get_by_text("Bạn dùng gần đây")).to_be_visible()
    last = shown.last.inner_text()
    shown.last.click()
    clerk.page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    for asked in clerk.page.locator("input[required]:not([name=applicant])").all():
        asked.fill("1")
    clerk.page.goto(f"{server.url}/desk?everything=true")
    everything = shown.all_inner_texts()
    assert last in everything
    expect(clerk.page.get_by_text("Bạn dùng gần đây")).to_be_hidden()


# The applicant


def test_what_differs_is_shown_and_nothing_is_overwritten(clerk, server):
    knows(server, phone="0912345678")
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    page.get_by_label("Điện thoại").fill("0987654321")
    page.get_by_label("Số căn cước").fill(NUMBER)
    page.keyboard.press("Tab")
    known = page.locator("#known-applicant")
    expect(known).to_contain_text("Đã nộp 1 hồ sơ ở đây")
    expect(page.get_by_label("Họ tên hoặc")).to_have_value("Nguyễn Văn An")
    expect(page.get_by_label("Điện thoại", exact=False).first).to_have_value("0987654321")
    expect(known).to_contain_text("khác với ô đã nhập")
    known.get_by_role("button", name="Dùng lần trước Điện thoại").click()
    expect(page.locator("#field-phone")).to_have_value("0912345678")
    with server.office.database.read() as connection:
        (look, *_) = look_ups(connection, server._people()["motcua1"])
    assert (look.officer, look.masked_number) == ("Nguyễn Thị Lan", "*********345")


def test_what_is_unlikely_is_asked_once_more_and_may_stand(clerk, server):
    publish(server, simple())
    page = clerk.page
    page.goto(f"{server.url}/desk/DT-01")
    page.get_by_label("Số căn cước").fill("123456789")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.get_by_label("Thư điện tử").fill("mai@gmai.com")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("CMND 9 số không còn giá trị từ 01/01/2025")
    expect(alert).to_contain_text("Có phải mai@gmail.com không?")
    expect(alert).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Đã đối chiếu với giấy tờ")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    clerk.printed()
    assert newest(server).row.applicant_contact["identity_number"] == "123456789"


def test_everything_impossible_is_told_at_once_with_what_would_be_right(clerk, server):
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    page.get_by_label("Số căn cước").fill("0010850123")
    page.keyboard.press("Tab")
    expect(page.locator("#known-applicant")).to_contain_text("Số kiểm tra")
    page.get_by_label("Số căn cước").fill("00108501234")
    page.keyboard.press("Tab")
    expect(page.locator("#known-applicant")).to_contain_text("Số đã nhập có 11 chữ số")
    page.get_by_label("Điện thoại").fill("01234567890")
    page.keyboard.press("Tab")
    expect(page.locator("#contact-hints")).to_contain_text("số mới là 0834567890")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.get_by_label("Họ, chữ đệm, tên dự kiến của trẻ").fill("Lê Minh Khôi")
    page.get_by_label("Ngày sinh").fill("24/03/2026")
    page.keyboard.press("Control+Enter")
    alert = page.get_by_role("alert")
    for said in ("có 11 chữ số", "số mới là 0834567890", "24/03/2026 chưa tới"):
        expect(alert).to_contain_text(said)
    alert.get_by_role("link").last.click()
    expect(page.get_by_label("Ngày sinh")).to_be_focused()


# The checklist


def test_a_tick_does_not_follow_a_paper_that_is_no_longer_needed(clerk, server):
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    paper = page.get_by_role("checkbox", name="Tờ khai đăng ký khai sinh")
    online = page.get_by_role("checkbox", name="Biểu mẫu điện tử tương tác")
    expect(paper).to_be_checked()
    page.get_by_label("Nộp trực tuyến").check()
    expect(online).to_be_visible()
    page.locator(".not-needed > summary").click()
    expect(paper).not_to_be_checked()
    page.get_by_label("Nộp trực tuyến").uncheck()
    expect(paper).to_be_checked()


def test_a_number_beside_a_tick_is_the_number_of_copies(clerk, server):
    publish(server, simple())
    page = clerk.page
    page.goto(f"{server.url}/desk/DT-01")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.get_by_role("checkbox", name="Giấy DON").uncheck()
    page.get_by_label("Số bản Giấy SO_DO").fill("3")
    page.keyboard.press("Control+Enter")
    clerk.printed()
    assert newest(server).present == {"SO_DO": {"certified_copy": 3}}


# Drafts


def test_what_was_typed_survives_a_closed_tab_and_another_machine(clerk, server, browser):
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.get_by_label("Ngày sinh").fill("20/03/2026")
    page.get_by_role("checkbox", name="Giấy chứng sinh").check()
    expect(page.locator("#draft-saved")).to_contain_text("Đã lưu nháp 09:30")
    page.close()
    other = browser.new_context(locale="vi-VN").new_page()
    other.add_init_script(PRINTS)
    log_in(other, server, "motcua1", "/desk")
    drafts = other.locator(".drafts")
    expect(drafts).to_contain_text("L. T. Mai")
    expect(drafts).not_to_contain_text("Lê Thị Mai")
    drafts.get_by_role("link", name="Đăng ký khai sinh").click()
    expect(other.get_by_label("Họ tên hoặc")).to_have_value("Lê Thị Mai")
    expect(other.get_by_label("Ngày sinh")).to_have_value("20/03/2026")
    expect(other.get_by_role("checkbox", name="Giấy chứng sinh")).to_be_checked()
    other.get_by_label("Họ, chữ đệm").fill("Lê Minh Khôi")
    other.get_by_role("button", name="Tiếp nhận và in").click()
    expect(other.locator("#received")).to_contain_text("Lê Thị Mai")
    expect(other.locator(".drafts")).to_have_count(0)
    other.context.close()


def test_the_last_letters_go_with_the_page(clerk, server):
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    expect(page.get_by_label("Số căn cước")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Lê Thị Mai")
    page.goto(f"{server.url}/desk")  # before the draft is saved by itself
    comes_as_draft(page, "L. T. Mai")
    page.get_by_role("button", name="Xóa bản nháp").click()
    expect(page.locator("#notes")).to_contain_text("Đã xóa bản nháp")
    expect(page.locator(".drafts")).to_have_count(0)


def comes_as_draft(page, said):
    """What a page sends as it goes may come after the next one was asked for."""
    for _ in range(50):
        if page.locator(".drafts", has_text=said).count():
            break
        page.reload()
    expect(page.locator(".drafts")).to_contain_text(said)


def test_a_draft_that_the_server_refused_goes_with_the_page_once_more(clerk, server):
    page = clerk.page
    page.route("**/desk/1.001193/draft", lambda route: route.fulfill(status=429), times=1)
    page.goto(f"{server.url}/desk/1.001193")
    with page.expect_response("**/desk/1.001193/draft"):
        page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.goto(f"{server.url}/desk")
    comes_as_draft(page, "L. T. Mai")


def test_what_is_typed_while_a_draft_is_on_its_way_goes_with_the_page(clerk, server):
    page = clerk.page

    def typing_goes_on(route):
        page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
        route.continue_()

    page.goto(f"{server.url}/desk/1.001193")
    page.route("**/desk/1.001193/draft", typing_goes_on, times=1)
    with page.expect_response("**/desk/1.001193/draft"):
        page.get_by_label("Họ tên hoặc").fill("Lê Thị")
    page.goto(f"{server.url}/desk")
    comes_as_draft(page, "L. T. Mai")


def test_an_ended_session_costs_nobody_the_draft(clerk, server):
    page = clerk.page
    page.goto(f"{server.url}/desk/1.001193")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    expect(page.locator("#draft-saved")).to_contain_text("Đã lưu nháp")
    page.context.clear_cookies()
    page.goto(f"{server.url}/desk")
    page.locator("#field-login").fill("motcua1")
    page.locator("#field-password").fill(PASSWORD)
    page.locator("main form button").click()
    page.get_by_role("link", name="Đăng ký khai sinh").last.click()
    expect(page.get_by_label("Họ tên hoặc")).to_have_value("Lê Thị Mai")


# After it


def test_a_reception_by_mistake_is_undone_with_a_reason(clerk, server):
    publish(server, simple())
    page = clerk.page
    page.goto(f"{server.url}/desk/DT-01")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.keyboard.press("Control+Enter")
    clerk.printed()
    page.get_by_role("link", name="Tiếp nhận nhầm").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Mã và số đã cấp không dùng lại")
    dialog.get_by_role("button", name="Tiếp nhận nhầm").click()
    expect(page.locator("main")).to_contain_text("Đã ghi nhận rút hồ sơ")
    assert newest(server).row.outcome == "withdrawn"


def test_the_receipt_is_printed_once_even_when_the_page_is_loaded_again(clerk, server):
    publish(server, simple())
    page = clerk.page
    page.goto(f"{server.url}/desk/DT-01")
    page.get_by_label("Họ tên hoặc").fill("Lê Thị Mai")
    page.keyboard.press("Control+Enter")
    clerk.printed()
    page.reload()
    expect(page.locator("#received")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)


def test_a_page_of_a_colleague_s_reception_says_nothing(clerk, server):
    outcome = knows(server)
    clerk.page.goto(f"{server.url}/desk?received={outcome.dossier_id}")
    expect(clerk.page.get_by_role("searchbox")).to_be_focused()
    expect(clerk.page.locator("#received")).to_have_count(0)


# Anyone can use it


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_state_of_the_desk_is_usable_on_a_phone(phone, server, axe, language):
    knows(server, phone="0912345678")
    log_in(phone, server, "motcua1", "/desk")
    phone.set_viewport_size({"width": 360, "height": 800})
    if language == "en":
        in_english(phone, server)
    for path in ("/desk", "/desk?everything=true", "/desk/1.001193", "/desk/2.000884/quick"):
        phone.goto(server.url + path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert axe(phone) == [], path
    phone.locator("#field-identity_number").fill(NUMBER)
    phone.locator("#field-phone").fill("12")
    phone.locator("#field-phone").blur()
    expect(phone.locator(".known")).to_be_visible()
    expect(phone.locator("#contact-hints p")).to_be_visible()
    assert axe(phone) == []
    phone.locator(".button--primary").click()
    phone.evaluate("document.querySelectorAll('[required]').forEach(f => f.required = false)")
    phone.locator(".button--primary").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def newest(server):
    """The dossier that was received last, as its file."""
    clerk = server._people()["motcua1"]
    with server.office.database.read() as connection:
        row = dossiers(connection, clerk, most=1)[0]
        return dossier_file(server.office, connection, clerk, row.dossier_id)
