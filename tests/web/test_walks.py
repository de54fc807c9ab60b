"""A dossier that would get stuck: the way there is read as a list and played on the drawing."""

import pytest
from playwright.sync_api import expect

from tests.processes.repair.test_synchronisation import TWICE
from tests.web.server import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(page, server):
    log_in(page, server, "vanphong1", "/procedures")
    file = {"name": "doi.bpmn", "mimeType": "application/xml", "buffer": TWICE}
    page.get_by_label("Sơ đồ BPMN mới").set_input_files(file)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    page.wait_for_url("**/procedures/versions/*")
    return page


def draw(page):
    """Everything repaired but the gateway, so that there is a drawing of the fault."""
    fix = page.get_by_role("checkbox", name="Đã thử trên bản sao")
    fix.uncheck()
    page.get_by_role("button", name="Chỉ sửa mục đã đánh dấu").click()
    expect(page.locator("[data-drawn]")).to_be_visible()


def test_the_walk_is_a_list_that_ends_at_the_fault(draft):
    draw(draft)
    draft.get_by_text("Đường đi dẫn tới lỗi").click()
    steps = draft.locator("details.walk li")
    expect(steps.first).to_have_text("S")
    expect(steps).not_to_have_count(1)


def test_the_walk_is_played_move_by_move_with_tokens_on_the_flows(draft):
    draw(draft)
    draft.emulate_media(reduced_motion="reduce")
    draft.get_by_text("Đường đi dẫn tới lỗi").click()
    draft.get_by_role("button", name="Diễn lại trên sơ đồ").click()
    bar = draft.locator(".diagram__walk")
    bar.get_by_role("button", name="Dừng").click()
    bar.get_by_role("button", name="Về đầu").click()
    tokens = draft.locator(".token")
    expect(tokens).to_have_count(0)
    forward = bar.get_by_role("button", name="Bước sau")
    forward.click()
    expect(tokens).to_have_count(1)
    forward.click()
    expect(tokens).to_have_count(2)  # the parallel gateway has let two go
    status = bar.get_by_role("status")
    while "Đến đây thì hỏng" not in status.inner_text():
        forward.click()
    bar.get_by_role("button", name="Bước trước").click()
    expect(status).not_to_contain_text("Đến đây thì hỏng")
    draft.keyboard.press("Escape")
    expect(bar).to_have_count(0)
    expect(tokens).to_have_count(0)
    expect(draft.get_by_role("button", name="Diễn lại trên sơ đồ")).to_be_focused()


def test_the_proposal_takes_the_fault_away(draft):
    draw(draft)
    expect(draft.get_by_text("Đường đi dẫn tới lỗi")).to_have_count(1)
    draft.get_by_role("button", name="Sửa tất cả").click()
    expect(draft.get_by_text("Đường đi dẫn tới lỗi")).to_have_count(0)
