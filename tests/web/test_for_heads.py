"""What a head does to a dossier in other hands: a new date with an apology, leave for a supplement."""

import pytest
from playwright.sync_api import expect

from tests.engine.drawing import CLERK, component, draw, end, start, step
from tests.web.server import log_in

pytestmark = pytest.mark.browser

_HEAD = (
    '<qt:supplement policy="pause" atMost="1"><qt:limit amount="3" unit="working_day"/>'
    "</qt:supplement>" + component("DON", "original 1")
)
_DIAGRAM = draw(
    *(start(), step("A", limit="4 working_day", lane=CLERK), end()),
    flows=("S A", "A E"),
    head=_HEAD,
).decode()
"""Five working days from Monday 23 March at 9:30: owed from Friday the 27th, at 9:30."""


@pytest.fixture
def in_other_hands(server):
    """The address of a dossier at the desk, on its last working day; the head holds nothing of it."""
    server.publish(_DIAGRAM)
    address = server.received("T-01", "motcua2")
    server.at(2026, 3, 27, 10, 0)
    return address.removeprefix(server.url)


def test_a_head_gives_a_new_date_once_to_a_dossier_that_others_handle(
    page, server, in_other_hands, axe
):
    log_in(page, server, "chutich", in_other_hands)
    expect(page.get_by_text("Phải trả kết quả hoặc xin lỗi, hẹn lại (Mẫu 04)")).to_be_visible()
    page.get_by_role("link", name="Xin lỗi, hẹn lại ngày trả").click()
    dialog = page.get_by_role("dialog")
    assert axe(page) == []
    dialog.get_by_label("Ngày giờ hẹn mới").fill("2026-04-04T10:00")  # a Saturday
    dialog.get_by_label("Lý do, lời xin lỗi").fill("Chờ kết quả đo đạc")
    dialog.get_by_role("button", name="Gia hạn").click()
    expect(page.get_by_role("alert").first).to_contain_text("ngoài giờ làm việc")
    dialog.get_by_label("Ngày giờ hẹn mới").fill("2026-04-03T10:00")
    dialog.get_by_role("button", name="Gia hạn").click()
    expect(page.get_by_text("Đã xin lỗi, hẹn lại (Mẫu 04)")).to_be_visible()
    expect(page.get_by_text("hẹn trả Thứ Sáu 03/04/2026, 10:00")).to_be_visible()
    expect(page.get_by_role("link", name="Xin lỗi, hẹn lại ngày trả")).to_have_count(0)
    page.get_by_role("link", name="Phiếu xin lỗi (Mẫu 04)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phiếu xin lỗi")


def test_after_the_time_for_it_a_head_allows_a_supplement_and_the_officer_may_ask(
    page, server, in_other_hands
):
    log_in(page, server, "motcua2", in_other_hands)
    expect(page.get_by_role("link", name="Yêu cầu bổ sung")).to_have_count(0)
    expect(page.get_by_text("Hết thời gian yêu cầu bổ sung (đến 09:30 26/03/2026)")).to_be_visible()
    page.context.clear_cookies()
    log_in(page, server, "chutich", in_other_hands)
    page.get_by_role("link", name="Cho phép bổ sung thêm").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Số văn bản cho phép").fill("CV 12/UBND")
    dialog.get_by_label("Lý do").fill("Giấy tờ mới được yêu cầu")
    dialog.get_by_role("button", name="Cho phép bổ sung thêm").click()
    expect(page.get_by_role("link", name="Cho phép bổ sung thêm")).to_have_count(0)
    page.context.clear_cookies()
    log_in(page, server, "motcua2", in_other_hands)
    expect(page.get_by_role("link", name="Yêu cầu bổ sung")).to_be_visible()


def test_who_is_no_head_is_offered_neither(page, server, in_other_hands):
    log_in(page, server, "motcua2", in_other_hands)
    expect(page.get_by_role("heading", name="Quyền của lãnh đạo")).to_have_count(0)


def test_on_a_phone_the_new_date_is_given_too(phone, server, in_other_hands):
    phone.set_viewport_size({"width": 360, "height": 780})
    log_in(phone, server, "chutich", in_other_hands)
    phone.get_by_role("link", name="Xin lỗi, hẹn lại ngày trả").click()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(wide) == 0
    dialog = phone.get_by_role("dialog")
    dialog.get_by_label("Ngày giờ hẹn mới").fill("2026-04-03T10:00")
    dialog.get_by_label("Lý do, lời xin lỗi").fill("Chờ kết quả đo đạc")
    dialog.get_by_role("button", name="Gia hạn").click()
    expect(phone.get_by_text("Đã xin lỗi, hẹn lại (Mẫu 04)")).to_be_visible()


def test_where_the_procedure_allows_no_new_date_the_inbox_demands_the_result_alone(page, server):
    server.publish(_DIAGRAM.replace("<qt:supplement", '<qt:extension atMost="0"/><qt:supplement'))
    server.received("T-01", "motcua2")
    server.at(2026, 3, 27, 10, 0)
    log_in(page, server, "motcua2", "/inbox?q=Nguyễn Văn Thử")
    row = page.locator("tr").filter(has_text="Nguyễn Văn Thử")
    expect(row.get_by_text("Phải trả kết quả, không được hẹn lại nữa")).to_be_visible()
    expect(row.get_by_text("xin lỗi")).to_have_count(0)
