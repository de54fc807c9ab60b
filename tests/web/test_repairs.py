"""A designer's foreign drawing: what can be repaired is listed, accepted, seen, and taken back."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.server import log_in

pytestmark = pytest.mark.browser

FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x" id="d">
  <process id="Process_nghi_phep" name="Giải quyết đơn nghỉ phép">
    <startEvent id="S"/>
    <task id="A" name="Tiếp nhận đơn"/>
    <scriptTask id="B" name="Ghi sổ"><script>x = 1</script></scriptTask>
    <endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="A"/>
    <sequenceFlow id="f2" sourceRef="A" targetRef="B"/>
    <sequenceFlow id="f3" sourceRef="B" targetRef="E"/>
  </process>
</definitions>
"""


@pytest.fixture
def designer(page, server):
    return log_in(page, server, "vanphong1", "/procedures")


@pytest.fixture
def draft(designer):
    file = {"name": "phep.bpmn", "mimeType": "application/xml", "buffer": FOREIGN.encode()}
    designer.get_by_label("Sơ đồ BPMN mới").set_input_files(file)
    designer.get_by_role("button", name="Tải lên và kiểm tra").click()
    designer.wait_for_url("**/procedures/versions/*")
    return designer


def proposals(page):
    return page.get_by_role("heading", name=re.compile(r"\d+ đề xuất sửa"))


def test_all_repairs_are_made_with_one_click_and_taken_back_with_two(draft):
    expect(proposals(draft)).to_be_visible()
    draft.get_by_role("button", name="Sửa tất cả").click()
    expect(draft.get_by_text("Đã sửa. Tệp gốc vẫn được giữ")).to_be_visible()
    expect(proposals(draft)).to_have_count(0)
    expect(draft.get_by_text(re.compile(r"Đã sửa \d+ chỗ theo đề xuất"))).to_be_visible()
    draft.get_by_role("link", name="Trở về tệp gốc").click()
    dialog = draft.get_by_role("dialog")
    expect(dialog).to_contain_text("Các đề xuất sửa sẽ hiện lại để chọn.")
    dialog.get_by_role("button", name="Trở về tệp gốc").click()
    expect(draft.get_by_text("Bản dự thảo lại là tệp đã tải lên.")).to_be_visible()
    expect(proposals(draft)).to_be_visible()


def test_only_the_ticked_repairs_are_made(draft):
    boxes = draft.get_by_role("checkbox")
    number = boxes.count()
    assert number > 1
    for index in range(1, number):
        boxes.nth(index).uncheck()
    draft.get_by_role("button", name="Chỉ sửa mục đã đánh dấu").click()
    expect(draft.get_by_text("Đã sửa 1 chỗ theo đề xuất")).to_be_visible()
    expect(proposals(draft)).to_be_visible()


def test_nothing_ticked_is_said_and_nothing_is_changed(draft):
    boxes = draft.get_by_role("checkbox")
    for index in range(boxes.count()):
        boxes.nth(index).uncheck()
    draft.get_by_role("button", name="Chỉ sửa mục đã đánh dấu").click()
    expect(draft.get_by_role("alert").first).to_contain_text("Đánh dấu ít nhất một đề xuất")
    expect(draft.get_by_text("chỗ theo đề xuất")).to_have_count(0)


def test_two_clicks_repair_once(draft):
    draft.get_by_role("button", name="Sửa tất cả").dblclick()
    expect(draft.get_by_text(re.compile(r"Đã sửa \d+ chỗ theo đề xuất"))).to_be_visible()
    expect(draft.get_by_role("alert")).to_have_count(0)


def test_a_foreign_drawing_is_made_a_procedure_in_force_without_leaving_the_page(draft):
    """Repaired with one click; what only the designer knows is filled into the step table."""
    draft.get_by_role("button", name="Sửa tất cả").click()
    draft.get_by_role("link", name="Bảng bước", exact=True).click()
    draft.get_by_label("Thời hạn chung: Thông thường").fill("3 ngày làm việc")
    draft.get_by_label("Người thực hiện của Tiếp nhận đơn").select_option("can_bo_mot_cua|mot_cua")
    draft.get_by_label("Người thực hiện của Ghi sổ").select_option("chuyen_vien|")
    draft.get_by_label("Thời hạn của Tiếp nhận đơn").fill("1 ngày làm việc")
    draft.get_by_label("Thời hạn của Ghi sổ").fill("2 ngày làm việc")
    draft.get_by_role("button", name="Lưu bảng bước").click()
    expect(draft.get_by_text("Dự thảo: có thể ban hành.")).to_be_visible()
    owner = draft.get_by_label("Người thực hiện của Ghi sổ")
    expect(owner).to_have_value("chuyen_vien|")
    expect(owner.locator("option:checked")).to_have_text("Chuyên viên, đơn vị bất kỳ")
    draft.get_by_role("link", name="Kiểm tra", exact=True).click()
    draft.get_by_role("link", name="Ban hành").click()
    draft.get_by_role("dialog").get_by_role("button", name="Ban hành").click()
    expect(draft.locator(".lead")).to_contain_text("Đang có hiệu lực từ")
