"""A designer's walk: find a procedure, drop a diagram, mend what is wrong, publish."""

import re

import pytest
from playwright.sync_api import expect

from tests.engine.offices import BPMN
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser

BIRTH = (BPMN / "procedures" / "1.001193-dang-ky-khai-sinh.bpmn").read_text(encoding="utf-8")
WITHOUT_TWO_LIMITS = re.sub(r"<qt:step([^>]*)>\s*<qt:limit [^>]*/>", r"<qt:step\1>", BIRTH, count=2)


@pytest.fixture
def designer(page, server):
    return log_in(page, server, "vanphong1", "/procedures")


def choose_file(page, content, name="moi.bpmn"):
    file = {"name": name, "mimeType": "application/xml", "buffer": content.encode()}
    page.get_by_label("Sơ đồ BPMN mới").set_input_files(file)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()


def drop(page, content, name="moi.bpmn"):
    page.evaluate(
        """([content, name]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name));
          for (const kind of ["dragenter", "dragover", "drop"])
            document.body.dispatchEvent(
              new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: data}));
        }""",
        [content, name],
    )
    page.wait_for_url("**/procedures/versions/*")


def new_draft(page, content=BIRTH, tab=""):
    drop(page, content)
    if tab:
        page.get_by_role("link", name=tab, exact=True).click()
    return page


def test_a_procedure_is_found_without_accents(designer):
    search = designer.get_by_role("searchbox")
    search.fill("dat dai")
    search.press("Enter")
    rows = designer.locator("table.rows tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Đăng ký biến động đất đai")
    rows.get_by_role("link").click()
    expect(designer.locator("[data-drawn]")).to_be_visible()
    expect(designer.locator(".lead")).to_contain_text("Đang có hiệu lực từ 02/02/2026")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BIRTH[:4000], "không phải là XML đúng chuẩn"),
        (BIRTH.replace("?>", "?><!DOCTYPE a>", 1), "có khai báo DOCTYPE"),
        ("<x/>", "Không đọc được tệp “moi.bpmn”"),
    ],
    ids=["broken", "doctype", "no procedure"],
)
def test_a_file_that_is_no_procedure_is_refused_with_a_sentence(designer, content, said):
    choose_file(designer, content)
    expect(designer.get_by_role("alert")).to_contain_text(said)
    expect(designer.get_by_role("alert")).to_be_focused()
    expect(designer.get_by_text("Dự thảo")).to_have_count(0)


def test_the_refusal_speaks_the_visitors_language(designer, server):
    in_english(designer, server).reload()
    designer.get_by_label("New BPMN diagram").set_input_files(
        {"name": "a.bpmn", "mimeType": "application/xml", "buffer": b"<!DOCTYPE a><a/>"}
    )
    designer.get_by_role("button", name="Upload and check").click()
    expect(designer.get_by_role("alert")).to_contain_text("Cannot read the file")


def test_a_dropped_diagram_shows_what_is_wrong_on_the_drawing_and_beside_it(designer):
    new_draft(designer, WITHOUT_TWO_LIMITS)
    expect(designer.locator(".lead")).to_have_text(
        "Dự thảo: còn 2 lỗi phải sửa trước khi ban hành."
    )
    expect(designer.locator("button.pin--error")).to_have_count(2)
    expect(designer.get_by_role("button", name="Ban hành")).to_be_disabled()
    found = designer.locator(".finding--error").filter(has_text="“Tiếp nhận hồ sơ”")
    found.get_by_role("link", name="Tiếp nhận hồ sơ").click()
    expect(designer.locator("[data-element-id=Task_Receive]").first).to_be_focused()
    designer.locator("button.pin--error[title*='Thẩm tra']").click()
    expect(designer.locator(".finding[data-selected]")).to_contain_text("Thẩm tra")


def test_a_finding_leads_to_the_table_where_it_is_mended(designer):
    new_draft(designer, WITHOUT_TWO_LIMITS)
    designer.get_by_role("link", name="Sửa trong bảng bước").first.click()
    designer.get_by_label("Thời hạn của Tiếp nhận hồ sơ").fill("1 giờ làm việc")
    designer.get_by_label("Thời hạn của Thẩm tra, tra cứu cơ sở dữ liệu").fill("3 giờ làm việc")
    designer.get_by_role("button", name="Lưu bảng bước").click()
    expect(designer.locator(".lead")).to_have_text("Dự thảo: có thể ban hành.")


def test_a_cell_that_is_no_time_limit_is_named_and_nothing_typed_is_lost(designer):
    new_draft(designer, tab="Bảng bước")
    good = designer.get_by_label("Thời hạn của Tiếp nhận hồ sơ")
    bad = designer.get_by_label("Thời hạn của Soạn văn bản từ chối")
    good.fill("0,25 ngày làm việc")
    bad.fill("hai tuần")
    designer.get_by_role("button", name="Lưu bảng bước").click()
    alert = designer.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("“hai tuần” không phải là thời hạn hợp lệ")
    expect(good).to_have_value("0,25 ngày làm việc")
    alert.get_by_role("link").click()
    expect(bad).to_be_focused()
    expect(bad).to_have_value("hai tuần")
    bad.fill("1,5 giờ làm việc")
    designer.get_by_role("button", name="Lưu bảng bước").click()
    expect(designer.get_by_role("status")).to_contain_text("Đã lưu bảng bước.")
    expect(good).to_have_value("0,25 ngày làm việc")
    expect(bad).to_have_value("1,5 giờ làm việc")


def test_the_sum_of_the_steps_follows_what_is_typed(designer):
    new_draft(designer, tab="Bảng bước")
    sums = designer.locator("#totals")
    expect(sums).to_contain_text("1 ngày làm việc")
    designer.get_by_label("Thời hạn của Tiếp nhận hồ sơ").fill("1,5 ngày làm việc")
    designer.keyboard.press("Tab")
    expect(sums).to_contain_text("vượt")
    designer.get_by_label("Thời hạn chung: Trong ngày").fill("hai tuần")
    designer.keyboard.press("Tab")
    expect(sums).to_contain_text("“hai tuần” không phải là thời hạn hợp lệ")


def test_a_component_is_added_changed_and_taken_out(designer):
    new_draft(designer, tab="Thành phần")
    designer.get_by_role("link", name="Thêm thành phần").click()
    dialog = designer.get_by_role("dialog", name="Thêm thành phần")
    dialog.get_by_label("Mã", exact=True).fill("TO_KHAI")
    dialog.get_by_label("Tên thành phần").fill("Ảnh của trẻ")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Mã “TO_KHAI” đã có.")
    expect(dialog.get_by_label("Tên thành phần")).to_have_value("Ảnh của trẻ")
    dialog.get_by_label("Mã", exact=True).fill("ANH")
    dialog.get_by_role("button", name="Lưu").click()
    row = designer.get_by_role("row").filter(has=designer.get_by_role("cell", name="ANH"))
    expect(row).to_contain_text("Ảnh của trẻ")

    row.get_by_role("link", name="Sửa").click()
    dialog = designer.get_by_role("dialog", name="Ảnh của trẻ")
    dialog.get_by_label("Số bản chính").fill("2")
    dialog.get_by_role("button", name="Lưu").click()
    expect(row).to_contain_text("2 bản chính")

    row.get_by_role("link", name="Bỏ").click()
    dialog = designer.get_by_role("dialog", name="Bỏ thành phần này?")
    expect(dialog).to_contain_text("Các bước yêu cầu thành phần này sẽ báo lỗi.")
    dialog.get_by_role("button", name="Bỏ").click()
    expect(row).to_have_count(0)


def test_changing_a_component_keeps_what_the_form_does_not_show(designer):
    source = BIRTH.replace('code="TO_KHAI" ', 'code="TO_KHAI" reusable="csdl-dan-cu" ', 1)
    new_draft(designer, source, tab="Thành phần")
    row = designer.get_by_role("row").filter(has=designer.get_by_role("cell", name="TO_KHAI"))
    row.get_by_role("link", name="Sửa").click()
    dialog = designer.get_by_role("dialog")
    dialog.get_by_label("Tên thành phần").fill("Tờ khai")
    dialog.get_by_role("button", name="Lưu").click()
    expect(designer.get_by_role("status")).to_contain_text("Đã lưu thành phần hồ sơ.")
    designer.get_by_role("link", name="Kiểm tra", exact=True).click()
    version = designer.url.partition("?")[0]
    diagram = designer.request.get(f"{version}/diagram.bpmn").text()
    assert 'reusable="csdl-dan-cu"' in diagram


def test_a_draft_says_what_it_changes(designer):
    changed = BIRTH.replace('amount="1" unit="working_hour"', 'amount="30" unit="minute"', 1)
    new_draft(designer, changed, tab="Phiên bản")
    change = "Tiếp nhận hồ sơ: 1 giờ làm việc → 30 phút"
    expect(designer.get_by_text(change, exact=True)).to_be_visible()
    designer.get_by_role("link", name="Ban hành").click()
    expect(designer.get_by_role("dialog")).to_contain_text(f"So với phiên bản 1: {change}.")


def test_publishing_says_its_consequences_and_then_happens(designer):
    new_draft(designer)
    expect(designer.locator("[data-drawn]")).to_be_visible()
    designer.get_by_role("link", name="Ban hành").click()
    dialog = designer.get_by_role("dialog", name="Ban hành phiên bản 2?")
    expect(dialog).to_contain_text("hồ sơ đang xử lý giữ phiên bản cũ")
    expect(dialog).to_contain_text("Sau khi ban hành không sửa được nữa")
    dialog.get_by_label("Số quyết định").fill("12/QĐ-UBND")
    dialog.get_by_role("button", name="Ban hành").click()
    expect(designer.locator(".lead")).to_have_text(
        "Đang có hiệu lực từ 23/03/2026, quyết định 12/QĐ-UBND."
    )
    designer.get_by_role("link", name="Phiên bản", exact=True).click()
    rows = designer.locator("table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Đang có hiệu lực")
    expect(rows.nth(1)).to_contain_text("Đã thay thế")
    designer.get_by_role("link", name="Bảng bước").click()
    expect(designer.get_by_role("textbox")).to_have_count(0)


def test_the_designers_page_as_a_picture(designer, picture):
    new_draft(designer, WITHOUT_TWO_LIMITS)
    expect(designer.locator("button.pin--error")).to_have_count(2)
    designer.get_by_role("button", name="Ẩn thông báo").click()
    picture(designer, "designer")


def test_who_is_no_designer_reads_and_changes_nothing(page, server):
    log_in(page, server, "motcua1", "/procedures")
    expect(page.get_by_role("button", name="Tải lên và kiểm tra")).to_have_count(0)
    page.locator(".row-link").first.click()
    page.get_by_role("link", name="Bảng bước").click()
    expect(page.locator("main table")).not_to_have_count(0)
    expect(page.locator("main").get_by_role("textbox")).to_have_count(0)


def test_without_scripts_a_diagram_is_checked_mended_and_published(browser, server):
    page = browser.new_page(java_script_enabled=False, locale="vi-VN")
    log_in(page, server, "vanphong1", "/procedures")
    choose_file(page, BIRTH)
    expect(page.locator(".finding")).not_to_have_count(0)
    page.get_by_role("link", name="Bảng bước").click()
    page.get_by_label("Thời hạn của Tiếp nhận hồ sơ").fill("30 phút")
    page.get_by_role("button", name="Lưu bảng bước").click()
    expect(page.get_by_label("Thời hạn của Tiếp nhận hồ sơ")).to_have_value("30 phút")
    page.get_by_role("link", name="Ban hành").click()
    page.get_by_role("button", name="Ban hành").click()
    expect(page.locator(".lead")).to_contain_text("Đang có hiệu lực")
    page.close()
