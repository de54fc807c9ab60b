"""A day of the staff: receive, take up, complete, and everything that comes between."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.engine.offices import BPMN
from tests.web.conftest import PRINTS
from tests.web.server import PASSWORD, in_english, log_in

pytestmark = pytest.mark.browser

EXAMINE = "Thẩm tra, tra cứu cơ sở dữ liệu"


def fill_birth(page, applicant="Lê Thị Mai"):
    page.get_by_label("Họ tên hoặc tên tổ chức").fill(applicant)
    page.get_by_label("Họ, chữ đệm, tên dự kiến của trẻ").fill("Lê Minh Khôi")
    page.get_by_label("Ngày sinh").fill("20/03/2026")
    page.get_by_role("checkbox", name="Giấy chứng sinh").check()


def receive(page):
    page.get_by_role("button", name="Tiếp nhận và in giấy tiếp nhận").click()


def dialog_of(page, link, title):
    page.get_by_role("link", name=link, exact=True).click()
    return page.get_by_role("dialog", name=title)


# The one-stop desk


def test_a_procedure_is_found_at_the_desk_and_a_dossier_received(page, server):
    log_in(page, server, "motcua1", "/desk")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("khai sinh")
    page.get_by_role("link", name="Đăng ký khai sinh").click()
    fill_birth(page)
    receive(page)
    said = page.locator("#received")
    expect(said).to_contain_text("Đã tiếp nhận hồ sơ 000.00.17.H29-260323-")
    expect(said).to_contain_text("Thứ Hai 23/03/2026, 17:00")
    path = said.get_by_role("link", name="000.00.17.H29").get_attribute("href")
    page.goto(f"{server.url}{path}/receipt")
    expect(page.get_by_role("article").get_by_role("row")).to_have_count(4)


def test_what_is_wrong_at_reception_is_told_and_nothing_is_lost(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page, applicant="   ")
    page.get_by_label("Điện thoại").fill("12")
    page.get_by_role("checkbox", name="Trẻ bị bỏ rơi", exact=True).check()
    page.get_by_role("checkbox", name="Giấy tờ tùy thân").uncheck()
    receive(page)
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("Nhập họ tên người nộp")
    expect(alert).to_contain_text("Số điện thoại “12” không hợp lệ")
    alert.get_by_role("link").first.click()
    expect(page.get_by_label("Họ tên hoặc tên tổ chức")).to_be_focused()
    page.keyboard.type("Lê Thị Mai")
    page.get_by_label("Điện thoại").fill("0901 234 567")
    page.get_by_label("Số căn cước").fill("12345")
    receive(page)
    expect(alert).to_contain_text("Số giấy tờ “12345” không hợp lệ")
    expect(page.get_by_label("Họ, chữ đệm, tên dự kiến của trẻ")).to_have_value("Lê Minh Khôi")
    expect(page.get_by_role("checkbox", name="Trẻ bị bỏ rơi", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Giấy tờ tùy thân")).not_to_be_checked()
    page.get_by_label("Số căn cước").fill("001085012345")
    page.get_by_label("Ngày sinh").fill("31/02/2026")
    receive(page)
    expect(alert).to_contain_text("“Ngày sinh”: giá trị “31/02/2026” không hợp lệ")
    alert.get_by_role("link").click()
    expect(page.get_by_label("Ngày sinh")).to_be_focused()


def test_whoever_puts_an_entry_right_is_not_thrown_back_to_the_message(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page, applicant="   ")
    receive(page)
    expect(page.get_by_role("alert")).to_be_focused()
    field = page.get_by_label("Ngày sinh")
    field.click()
    field.press("Control+a")
    page.keyboard.type("21/03/2026")
    with page.expect_response("**/checklist"):
        page.keyboard.press("Tab")
    page.get_by_label("Nộp trực tuyến").check()  # the checklist that follows shows it was swapped
    expect(page.get_by_role("checkbox", name="Biểu mẫu điện tử tương tác")).to_be_visible()
    expect(page.get_by_label("Nộp trực tuyến")).to_be_focused()


def test_the_checklist_follows_what_is_entered(page, server):
    log_in(page, server, "motcua1", "/desk/1.001193")
    paper = page.get_by_role("checkbox", name="Tờ khai đăng ký khai sinh")
    form = page.get_by_role("checkbox", name="Biểu mẫu điện tử tương tác")
    expect(paper).to_be_checked()
    expect(form).to_be_hidden()
    page.get_by_label("Nộp trực tuyến").check()
    expect(form).to_be_visible()
    expect(page.locator("#checklist")).to_contain_text("thành phần không cần trong trường hợp này")
    page.get_by_label("Nộp trực tuyến").uncheck()
    expect(form).to_be_hidden()
    expect(paper).to_be_checked()


def test_the_receipt_prints_without_the_frame(page, server):
    log_in(
        page, server, "motcua1", server.dossier("1.001193").removeprefix(server.url) + "/receipt"
    )
    page.evaluate("window.print = () => { document.title = 'in'; }")
    page.get_by_role("button", name="In phiếu").click()
    assert page.title() == "in"
    page.emulate_media(media="print")
    for part in (".site-band", ".actions", ".language"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.get_by_role("article")).to_be_visible()
    sheets = re.findall(
        rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True)
    )
    assert [(round(float(w)), round(float(h))) for w, h in sheets] == [(420, 595)], "one of A5"


# The inbox


def test_what_presses_comes_first_and_keys_walk_the_list(page, server, picture):
    log_in(page, server, "motcua1", "/inbox")
    rows = page.locator("table.rows tbody tr")
    words = rows.locator(".due:not(.duty)").all_inner_texts()
    late = sum(text.strip().startswith("Quá hạn") for text in words)
    presses = [text.strip().startswith(("Quá hạn", "Nguy cơ trễ cao")) for text in words]
    assert late >= 8
    assert presses == sorted(presses, reverse=True)
    expect(page.locator(".lead")).to_contain_text(f"{late} bước đã trễ, ")
    expect(page.get_by_role("link", name=f"Trễ {late}", exact=True)).to_be_visible()
    picture(page, "staff")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    second = rows.nth(1).get_by_role("link")
    expect(second).to_be_focused()
    code = rows.nth(1).locator(".quiet").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/*")
    expect(page.locator("main")).to_contain_text(code)


def test_a_search_without_accents_stays_within_the_filter(page, server):
    log_in(page, server, "motcua1", "/inbox")
    everything = page.locator("table.rows tbody tr").count()
    page.get_by_role("link", name=re.compile(r"^Trễ \d+$")).click()
    page.locator("body").press("/")
    page.keyboard.type("ket hon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox?*q=ket+hon*")
    expect(page.locator("table.rows tbody tr")).to_have_count(3)
    expect(page.locator(".counters [aria-current]")).to_contain_text("Trễ")
    page.get_by_role("searchbox").fill("không có ai tên này")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Không có việc ở mục này")).to_be_visible()
    page.get_by_role("link", name="Xem tất cả").click()
    expect(page.locator("table.rows tbody tr")).to_have_count(everything)


# A step


@pytest.fixture
def examine(page, server):
    """A registrar before a birth that waits for examination."""
    path = server.dossier("1.001193", until="Task_Examine").removeprefix(server.url)
    return log_in(page, server, "hotich1", path)


def test_a_step_is_taken_up_drafted_and_completed(examine):
    expect(examine.locator(".lead")).to_contain_text("chưa có người nhận việc (Công chức hộ tịch)")
    examine.get_by_role("button", name="Nhận việc").click()
    expect(examine.locator(".lead")).to_contain_text("bạn đang xử lý")
    note = examine.get_by_label("Nội dung thẩm tra")
    note.fill("Đã tra cứu, khớp")
    expect(examine.get_by_text("Đã lưu nháp 09:30")).to_be_visible()
    examine.reload()
    expect(note).to_have_value("Đã tra cứu, khớp")
    examine.get_by_label("Kết quả thẩm tra").select_option("du_dieu_kien")
    examine.get_by_role("button", name="Hoàn thành bước").click()
    said = examine.locator("#notes")
    expect(said).to_contain_text("Đã hoàn thành bước. Tiếp theo: Ghi Sổ, lấy Số định danh")
    expect(said).to_contain_text("hạn 10:30 23/03/2026")


def test_an_answer_that_is_missing_is_asked_for_and_the_rest_kept(examine):
    examine.get_by_label("Nội dung thẩm tra").fill("Đã tra cứu")
    examine.get_by_label("Kết quả thẩm tra").evaluate("field => field.required = false")
    examine.get_by_role("button", name="Hoàn thành bước").click()
    alert = examine.get_by_role("alert")
    expect(alert).to_contain_text("Chưa nhập “Kết quả thẩm tra”.")
    alert.get_by_role("link").click()
    expect(examine.get_by_label("Kết quả thẩm tra")).to_be_focused()
    expect(examine.get_by_label("Nội dung thẩm tra")).to_have_value("Đã tra cứu")


def test_a_step_is_given_back_and_handed_over(examine):
    examine.get_by_role("button", name="Nhận việc").click()
    examine.get_by_role("button", name="Trả việc về hộp chung").click()
    expect(examine.get_by_role("button", name="Nhận việc")).to_be_visible()
    dialog = dialog_of(examine, "Bàn giao", "Bàn giao cho đồng nghiệp?")
    dialog.get_by_label("Người nhận").select_option(label="Võ Thành Đạt")
    dialog.get_by_label("Lý do").fill("Đi họp")
    dialog.get_by_role("button", name="Bàn giao").click()
    expect(examine.locator("main")).to_contain_text("Võ Thành Đạt đang xử lý bước này.")


def test_pressing_complete_twice_completes_once(examine):
    examine.get_by_label("Kết quả thẩm tra").select_option("du_dieu_kien")
    examine.get_by_role("button", name="Hoàn thành bước").dblclick()
    expect(examine.locator("#notes")).to_contain_text("Đã hoàn thành bước.")
    examine.get_by_role("link", name="Diễn biến").click()
    expect(examine.get_by_text(f"Hoàn thành bước: {EXAMINE}")).to_have_count(1)


def test_the_same_form_sent_twice_is_one_act(examine):
    examine.get_by_label("Kết quả thẩm tra").select_option("du_dieu_kien")
    form = examine.locator("form[action$='/complete']")
    fields = form.evaluate("form => Object.fromEntries(new FormData(form))")
    action = form.evaluate("form => form.action")
    headers = {"Origin": action.partition("/steps")[0]}
    answers = [examine.request.post(action, form=fields, headers=headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].url == answers[1].url
    assert "Đã hoàn thành bước" in answers[1].text()


def test_a_missing_component_is_named_and_blocks_until_it_is_there(page, server):
    log_in(page, server, "motcua1", "/inbox")
    page.goto(server.dossier("1.001193", without="GIAY_CHUNG_SINH"))
    complete = page.get_by_role("button", name="Hoàn thành bước")
    expect(complete).to_be_disabled()
    either = "một trong các giấy tờ sau: (1) Giấy chứng sinh"
    expect(page.locator(".note--warning")).to_contain_text(either)
    complete.evaluate("button => button.disabled = false")
    complete.click()
    expect(page.get_by_role("alert")).to_contain_text(either)
    page.get_by_role("link", name="Ghi thành phần đã có").click()
    expect(page.locator("h3.cluster").filter(has_text="sự kiện sinh")).to_contain_text("Còn thiếu")
    page.get_by_role("spinbutton", name="Giấy cam đoan về việc sinh").fill("1")
    page.get_by_role("button", name="Lưu thành phần").click()
    expect(page.locator("h3.cluster").filter(has_text="sự kiện sinh")).to_contain_text("Đủ")
    page.get_by_role("link", name="Xử lý", exact=True).click()
    complete.click()
    expect(page.locator("#notes")).to_contain_text("Tiếp theo: Thẩm tra")


def test_a_late_step_wants_its_cause(page, server):
    log_in(page, server, "hotich1", "/inbox")
    page.goto(server.dossier("1.001193", until="Task_Examine", at=3))
    expect(page.locator(".step__time")).to_contain_text("Trễ")
    page.get_by_label("Kết quả thẩm tra").select_option("du_dieu_kien")
    page.get_by_label("Nguyên nhân").select_option(label="Người xử lý vắng mặt")
    page.get_by_label("Lý do cụ thể").evaluate(
        "field => { field.required = false; field.minLength = 0; field.value = 'ốm'; }"
    )
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.get_by_role("alert")).to_contain_text("Ghi rõ lý do (ít nhất 5 ký tự).")
    expect(page.get_by_label("Nguyên nhân")).to_have_value("absence")
    page.get_by_label("Lý do cụ thể").fill("Nghỉ ốm hai ngày")
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.locator("#notes")).to_contain_text("Đã hoàn thành bước.")
    page.get_by_role("link", name="Diễn biến").click()
    expect(page.locator(".history")).to_contain_text("Trễ: Người xử lý vắng mặt; Nghỉ ốm hai ngày")


def test_a_step_that_becomes_late_while_the_form_is_open_wants_its_cause(examine, server):
    server.clock.advance(timedelta(days=2))
    examine.get_by_label("Kết quả thẩm tra").select_option("du_dieu_kien")
    # The session of twelve hours is over as well: log in, send again, then say why it is late.
    examine.get_by_role("button", name="Hoàn thành bước").click()
    examine.get_by_label("Tên đăng nhập").fill("hotich1")
    examine.get_by_label("Mật khẩu").fill(PASSWORD)
    examine.get_by_role("button", name="Đăng nhập").click()
    examine.get_by_role("button", name="Gửi").click()
    expect(examine.get_by_role("alert")).to_contain_text("đã quá hạn")
    expect(examine.get_by_label("Kết quả thẩm tra")).to_have_value("du_dieu_kien")
    expect(examine.get_by_label("Nguyên nhân")).to_be_visible()


def test_a_dossier_is_sent_back_with_a_reason(examine):
    dialog = dialog_of(examine, "Trả lại bước trước", "Trả lại bước trước?")
    expect(dialog).to_contain_text("Các bước sau bước được chọn phải làm lại.")
    dialog.get_by_label("Lý do").fill("sai")
    dialog.get_by_role("button", name="Trả lại bước trước").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ghi rõ lý do (ít nhất 5 ký tự).")
    expect(dialog.get_by_label("Lý do")).to_have_value("sai")
    dialog.get_by_label("Lý do").fill("Tờ khai sai họ của mẹ")
    dialog.get_by_role("button", name="Trả lại bước trước").click()
    expect(examine.locator("#notes")).to_contain_text("Tiếp theo: Tiếp nhận hồ sơ")
    expect(examine.locator("main")).to_contain_text("Đang chờ người khác")


def test_a_supplement_stops_the_clock_until_it_comes(examine):
    dialog = dialog_of(examine, "Yêu cầu bổ sung", "Yêu cầu người nộp bổ sung hồ sơ?")
    expect(dialog).to_contain_text("tối đa 1 lần; đã dùng 0")
    dialog.get_by_label("Lý do").fill("Giấy chứng sinh mờ, không đọc được")
    dialog.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Chọn ít nhất một thành phần")
    dialog.get_by_label("Giấy chứng sinh").check()
    dialog.get_by_role("button", name="Yêu cầu bổ sung").click()
    expect(examine.locator(".lead")).to_have_text("Tạm dừng: Giấy chứng sinh mờ, không đọc được")
    expect(examine.locator(".dossier-clock > .clock-line").first).to_contain_text("Tạm dừng")
    expect(examine.get_by_role("button", name="Hoàn thành bước")).to_have_count(0)
    examine.get_by_label("Giấy chứng sinh").fill("1")
    examine.get_by_role("button", name="Ghi nhận bổ sung").click()
    expect(examine.locator("#notes")).to_contain_text("đồng hồ chạy lại")
    expect(examine.get_by_role("link", name="Yêu cầu bổ sung")).to_have_count(0)


def test_a_suspended_dossier_is_resumed(examine):
    dialog = dialog_of(examine, "Tạm đình chỉ", "Tạm đình chỉ giải quyết?")
    dialog.get_by_label("Lý do").fill("Chờ kết luận của tòa án")
    dialog.get_by_label("Căn cứ pháp lý").fill("Điều 139 Bộ luật Tố tụng")
    dialog.get_by_role("button", name="Tạm đình chỉ").click()
    expect(examine.locator("main")).to_contain_text("căn cứ: Điều 139 Bộ luật Tố tụng")
    examine.get_by_label("Lý do tiếp tục").fill("Đã có kết luận")
    examine.get_by_role("button", name="Tiếp tục giải quyết").click()
    expect(examine.get_by_role("button", name="Hoàn thành bước")).to_be_visible()


def test_a_dossier_changes_its_case(page, server):
    path = server.dossier("1.013831", until="Task_Appraise").removeprefix(server.url)
    log_in(page, server, "datdai1", path)
    dialog = dialog_of(page, "Đổi trường hợp", "Đổi trường hợp giải quyết?")
    expect(dialog).to_contain_text("tính từ lúc tiếp nhận")
    dialog.get_by_label("Lý do").fill("Thửa đất ở xã vùng sâu")
    dialog.get_by_role("button", name="Đổi trường hợp").click()
    expect(page.locator("aside")).to_contain_text("vùng sâu, vùng xa (18 ngày làm việc)")
    page.get_by_role("link", name="Diễn biến").click()
    expect(page.locator(".history")).to_contain_text("Thông thường → Xã miền núi")


def test_a_refusal_ends_the_dossier(examine):
    dialog = dialog_of(examine, "Từ chối hồ sơ", "Từ chối hồ sơ này?")
    expect(dialog).to_contain_text("Hồ sơ kết thúc và không mở lại được.")
    dialog.get_by_label("Lý do").fill("Không thuộc thẩm quyền của phường")
    dialog.get_by_role("button", name="Từ chối hồ sơ").click()
    expect(examine.locator(".lead")).to_have_text("Đã kết thúc: không được tiếp nhận (từ chối).")
    expect(examine.get_by_role("link", name="Từ chối hồ sơ")).to_have_count(0)


def test_a_withdrawal_can_be_cancelled_and_recorded(examine):
    dialog = dialog_of(examine, "Người nộp rút hồ sơ", "Ghi nhận rút hồ sơ?")
    dialog.get_by_text("Thôi").click()
    expect(dialog).to_be_hidden()
    dialog_of(examine, "Người nộp rút hồ sơ", "Ghi nhận rút hồ sơ?")
    dialog.get_by_label("Lý do").fill("Gia đình xin rút để làm lại")
    dialog.get_by_role("button", name="Người nộp rút hồ sơ").click()
    expect(examine.locator(".lead")).to_contain_text("đã rút")


def test_a_finished_dossier_waits_for_its_result_to_be_returned(page, server):
    drawn = (BPMN / "procedures" / "2.000908-cap-ban-sao-tu-so-goc.bpmn").read_text("utf-8")
    server.publish(drawn.replace('status="10"', 'status="9"'))
    path = server.dossier("2.000908", until="Task_Issue").removeprefix(server.url)
    log_in(page, server, "vanthu1", path)
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.locator(".lead")).to_contain_text("Đã xử lý xong, chờ trả kết quả")
    expect(page.get_by_role("button", name="Đã trả kết quả")).to_have_count(0)
    log_in(page, server, "motcua1", "/dossiers?state=finished&q=ban+sao")
    page.locator(".row-link").first.click()
    page.get_by_role("button", name="Đã trả kết quả cho người nộp").click()
    expect(page.locator(".lead")).to_contain_text("Đã kết thúc: đã trả kết quả")


# When something goes wrong around the person


def test_a_draft_says_so_when_the_session_is_over(examine, server):
    server.clock.advance(timedelta(hours=13))
    examine.get_by_label("Nội dung thẩm tra").fill("Đã tra cứu")
    link = examine.get_by_role("link", name="Đăng nhập lại")
    expect(link).to_be_visible()
    assert "/login?next=%2Fdossiers%2F" in link.get_attribute("href")


def test_a_form_waits_for_a_server_that_restarts(browser, server):
    page = browser.new_page(locale="vi-VN")  # not the watched one: Chromium reports the outage
    page.add_init_script(PRINTS)
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page)
    server.stop()
    receive(page)
    expect(page.get_by_role("alert")).to_contain_text("Chưa kết nối được máy chủ.")
    expect(page.get_by_label("Họ tên hoặc tên tổ chức")).to_have_value("Lê Thị Mai")
    server.start()
    receive(page)
    expect(page.locator("#received")).to_contain_text("Lê Thị Mai")
    page.close()


def test_a_procedure_of_another_desk_is_not_received(page, server):
    log_in(page, server, "vanthu1", "/desk/1.001193")
    expect(page.locator("main")).to_contain_text("Chỉ Cán bộ một cửa được tiếp nhận hồ sơ")


def test_changing_the_language_keeps_the_place(page, server):
    log_in(page, server, "motcua1", "/dossiers?state=open&q=khai+sinh")
    page.get_by_role("button", name="en").click()
    expect(page.get_by_role("heading", name="Dossiers")).to_be_visible()
    assert page.url.endswith("/dossiers?state=open&q=khai+sinh")


def test_a_refused_act_can_be_read_in_the_other_language(examine, server):
    dialog = dialog_of(examine, "Từ chối hồ sơ", "Từ chối hồ sơ này?")
    dialog.get_by_label("Lý do").fill("sai")
    dialog.get_by_role("button", name="Từ chối hồ sơ").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Ghi rõ lý do")
    examine.keyboard.press("Escape")
    examine.get_by_role("button", name="en").click()
    expect(examine.locator(".lead")).to_contain_text("At the step")


def test_errors_speak_english_too(page, server):
    in_english(page, server)
    log_in(page, server, "motcua1", "/desk/1.001193")
    page.get_by_label("Name of person or organisation").fill("  ")
    page.get_by_label("Họ, chữ đệm").fill("A")
    page.get_by_label("Ngày sinh").fill("20/03/2026")
    page.get_by_role("button", name="Receive and print the receipt").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the applicant")


def test_an_address_that_leads_nowhere_shows_the_way_back(page, server):
    log_in(page, server, "motcua1", "/dossiers/khong-phai-ma")
    expect(page.locator("main")).to_contain_text("Địa chỉ không đúng. Mở lại từ danh sách.")
    expect(page.get_by_role("link", name="Hộp việc")).to_be_visible()
    page.get_by_role("link", name="Về trang đầu").click()
    page.wait_for_url("**/inbox")


def test_without_scripts_a_dossier_is_received_completed_and_refused(browser, server):
    page = browser.new_page(java_script_enabled=False, locale="vi-VN")
    log_in(page, server, "motcua1", "/desk/1.001193")
    fill_birth(page)
    receive(page)
    page.locator("#received").get_by_role("link", name="000.00.17.H29").click()
    page.get_by_role("button", name="Hoàn thành bước").click()
    expect(page.locator("#notes")).to_contain_text("Tiếp theo: Thẩm tra")
    path = page.url.removeprefix(server.url)
    log_in(page, server, "hotich1", path)
    page.get_by_role("link", name="Từ chối hồ sơ").click()
    dialog = page.locator("dialog:target")
    expect(dialog).to_contain_text("Hồ sơ kết thúc và không mở lại được.")
    dialog.get_by_label("Lý do").fill("Không thuộc thẩm quyền")
    dialog.get_by_role("button", name="Từ chối hồ sơ").click()
    expect(page.locator(".lead")).to_contain_text("từ chối")
    page.close()
