"""What staff see of the citizen's door: slips, files that were sent, papers brought before."""

import io
import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from engine.documents.keeping import arrive_from
from engine.documents.taking_in import Offered, take_in
from engine.dossier_file import dossier_file
from engine.lookup.bringing import bring, look_before_bringing
from engine.lookup.issuing import is_issued
from engine.lookup.looking import look_up
from tests.engine.documents.files import pdf
from tests.web.server import SCENARIOS, log_in
from tests.web.test_lookup import slip

__all__ = ["slip"]

pytestmark = pytest.mark.browser

CARD = "Giấy tờ tùy thân của người đi đăng ký (xuất trình)"


def send(slip, name="to khai.pdf"):
    """The citizen sends a file."""
    office = slip.server.office
    token = look_up(office, slip.code, slip.secret, "10.0.0.7").token
    known = look_before_bringing(office, token, "TO_KHAI", None, None)
    with arrive_from(office, io.BytesIO(pdf(name))) as arrived:
        bring(office, known, "TO_KHAI", name, arrived, key=None)


def test_one_click_accepts_what_was_sent_and_the_clock_goes_on(slip, page, axe):
    slip.ask("TO_KHAI")
    send(slip)
    log_in(page, slip.server, "motcua1", "/inbox")
    section = page.get_by_role("region", name="Người nộp đã gửi giấy tờ còn thiếu")
    assert axe(page) == []
    section.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Người nộp đã gửi 1 tệp")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Nhận tệp, chạy lại đồng hồ").click()
    expect(page.get_by_text("Đã nhận tệp người nộp gửi.")).to_be_visible()
    file = slip.file()
    assert (file.row.state, file.present["TO_KHAI"]["electronic"]) == ("open", 1)
    page.goto(f"{slip.server.url}/inbox")
    expect(section).to_have_count(0)


def test_the_clerk_may_accept_and_wait_for_the_rest(slip, page):
    slip.ask("TO_KHAI")
    send(slip)
    log_in(page, slip.server, "motcua1", slip.address.removeprefix(slip.server.url))
    page.get_by_role("button", name="Nhận tệp, còn chờ giấy tờ khác").click()
    expect(page.get_by_text("Đã nhận tệp người nộp gửi.")).to_be_visible()
    assert slip.file().row.state == "paused"
    page.get_by_role("link", name="Diễn biến").click()
    expect(page.get_by_text("Người nộp gửi tài liệu")).to_be_visible()
    expect(page.get_by_text("Nhận tài liệu người nộp gửi")).to_be_visible()


def test_who_lost_the_slip_gets_another_for_the_identity_number(slip, page, axe):
    path = slip.address.removeprefix(slip.server.url)
    log_in(page, slip.server, "motcua1", path)
    page.get_by_role("link", name="Cấp mã tra cứu").click()
    assert axe(page) == []
    page.get_by_label("Số giấy tờ của người hỏi").fill("079089000999")
    page.get_by_role("button", name="Cấp mã và in giấy tiếp nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("không khớp với hồ sơ")
    token = page.locator("form[action$='/slip'] [name=csrf_token]").get_attribute("value")
    number = slip.file().row.applicant_contact["identity_number"]
    fields = {"csrf_token": token, "again": "true", "identity_number": number}
    answer = page.request.post(f"{slip.address}/slip", form=fields)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    printed = answer.url
    secret = next(c["value"] for c in page.context.cookies() if c["name"] == "slip").split(".")[1]
    opened = look_up(slip.server.office, slip.code, secret, "10.0.0.7")
    assert opened.view.code == slip.code
    page.context.clear_cookies(name="slip")
    assert page.request.get(printed).body() != answer.body()  # as it is kept: without the secret


def test_what_was_brought_before_is_taken_over_with_one_click(server, page, axe):
    earlier = UUID(server.dossier("1.001193").rpartition("/")[2])
    clerk = server._people()["motcua1"]
    offered = Offered(earlier, "GIAY_TO_TUY_THAN", "can cuoc.pdf")
    with arrive_from(server.office, io.BytesIO(pdf("can cuoc"))) as arrived:
        take_in(server.office, clerk, offered, arrived)
    later = server.dossier("1.001193", without="GIAY_TO_TUY_THAN")
    log_in(page, server, "motcua1", later.removeprefix(server.url) + "?tab=components")
    expect(page.get_by_text("Đã có trong hồ sơ").first).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name=f"Dùng lại {CARD}").click()
    expect(page.get_by_text("Đã dùng lại giấy tờ của hồ sơ trước.")).to_be_visible()
    expect(page.get_by_role("link", name="can cuoc.pdf")).to_be_visible()
    expect(page.get_by_role("button", name=f"Dùng lại {CARD}")).to_have_count(0)


def test_at_reception_what_was_brought_before_is_one_tick(server, page, axe):
    earlier = server.dossier("1.001193").rpartition("/")[2]
    log_in(page, server, "motcua1", "/desk/1.001193")
    number = page.get_by_label("Số căn cước hoặc mã số thuế")
    number.fill("000123456789")
    number.press("Tab")
    tick = page.get_by_label(f"Dùng lại: {CARD}")
    expect(tick).to_be_visible()
    assert axe(page) == []
    assert tick.get_attribute("value") == earlier
    planned = SCENARIOS["1.001193"][0]
    fields = {
        "csrf_token": page.locator("form[data-receives] [name=csrf_token]").get_attribute("value"),
        "key": "mot-lan",
        "case": planned["case"],
        "applicant": "Nguyễn Văn Thử",
        "identity_number": "000123456789",
        "confirmed": "true",
        **{f"data:{code}": str(value) for code, value in planned["reception"].items()},
        tick.get_attribute("name"): earlier,
    }
    answer = page.request.post(f"{server.url}/desk/1.001193", form=fields)
    assert answer.ok, answer.text()
    later = UUID(re.search(r"received=([0-9a-f-]{36})", answer.url)[1])
    clerk = server._people()["motcua1"]
    with server.office.database.read() as connection:
        file = dossier_file(server.office, connection, clerk, later)
        assert is_issued(connection, clerk.agency_id, later)
    assert file.present["GIAY_TO_TUY_THAN"] == {"original": 1}
