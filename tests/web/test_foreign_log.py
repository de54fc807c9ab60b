"""A log of another system in the browser: brought, measured, compared, laid against a diagram."""

import os
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api import foreign_log_work
from engine.foreign_logs.kept import Progress
from tests.web.conftest import OFFICE_SCREEN, PHONE_SCREEN
from tests.web.server import log_in

pytestmark = pytest.mark.browser

HEAD = "case_id,activity,start_timestamp,timestamp\n"
ROWS = "".join(
    f"HS{n},{step},2025-07-{n % 20 + 1:02d}T0{at}:00:00+07:00,2025-07-{n % 20 + 1:02d}T0{at + 1}:{n % 60:02d}:00+07:00\n"
    for n in range(1, 41)
    for at, step in ((1, "Tiếp nhận"), (4, "Thẩm định"), (7, "Trả kết quả"))
)
LOG = {"name": "nhật ký.csv", "mimeType": "text/csv", "buffer": (HEAD + ROWS).encode()}
ANSWER = "40 hồ sơ, 120 sự kiện. Một nửa xong trong"
DIAGRAM = Path(__file__).parents[1] / "analysis" / "conformance" / "receipt_usual_ways.bpmn"


@pytest.fixture
def foreign(page, shared_server):
    log_in(page, shared_server, "chanhvanphong", "/analysis")
    page.get_by_role("link", name="Nhật ký của hệ thống khác").click()
    return page


def analyse(page):
    page.get_by_role("button", name="Phân tích", exact=True).click()


def lay_against(page, diagram):
    page.get_by_label("Hoặc sơ đồ BPMN khác").set_input_files(diagram)
    page.get_by_role("button", name="Phân tích lại", exact=True).click()
    expect(page.locator("[data-drawn]")).to_be_visible(timeout=60_000)


def fits_a_phone(page):
    page.set_viewport_size({**PHONE_SCREEN, "width": 360})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(OFFICE_SCREEN)
    return wide <= 360


def test_a_log_is_brought_and_the_page_opens_with_the_answer(foreign, axe):
    assert axe(foreign) == []
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(LOG)
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text(ANSWER, timeout=60_000)
    expect(foreign.get_by_role("region", name="Từng bước").get_by_role("row")).to_have_count(4)
    assert axe(foreign) == []
    assert fits_a_phone(foreign)


def test_pressed_twice_it_is_one_and_it_is_there_when_one_comes_back(foreign, shared_server):
    before = foreign.get_by_role("link", name="hai lần.csv").count()
    foreign.get_by_label("Nhật ký", exact=True).set_input_files({**LOG, "name": "hai lần.csv"})
    foreign.get_by_role("button", name="Phân tích", exact=True).dblclick()
    expect(foreign.locator("h1")).to_have_text("hai lần.csv")
    foreign.goto(f"{shared_server.url}/inbox")  # away, while it is analysed
    foreign.goto(f"{shared_server.url}/analysis/log")
    expect(foreign.get_by_role("link", name="hai lần.csv")).to_have_count(before + 1)
    foreign.get_by_role("link", name="hai lần.csv").click()
    expect(foreign.locator(".lead")).to_contain_text(ANSWER, timeout=60_000)


def test_how_far_it_is_moves_by_itself_and_it_can_be_stopped(foreign, axe, monkeypatch):
    said, stopped = iter([Progress("reading", 1024 * n, 1024 * 50) for n in range(51)]), []

    def slowly(_log, _options, heard, _seconds):
        for progress in said:
            if not heard(progress):
                stopped.append(progress)
                raise foreign_log_work.AnalysisStopped
            time.sleep(0.2)
        return b"{}"

    monkeypatch.setattr(foreign_log_work, "analysed", slowly)
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(LOG)
    analyse(foreign)
    expect(foreign.get_by_role("status")).to_contain_text("/ 50 KB")
    first = foreign.get_by_role("status").inner_text()
    expect(foreign.get_by_role("status")).not_to_have_text(first)
    assert axe(foreign) == []
    foreign.get_by_role("button", name="Dừng").click()
    expect(foreign.locator(".lead")).to_contain_text("đã được dừng")
    expect(foreign.get_by_role("button", name="Phân tích lại", exact=True).first).to_be_visible()
    assert axe(foreign) == []


def test_it_is_laid_on_a_diagram_mapped_by_keys_and_drawn_hot(foreign, axe):
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(LOG)
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text(ANSWER, timeout=60_000)
    lay_against(foreign, DIAGRAM)
    expect(foreign.get_by_text("0/40")).to_be_visible()
    expect(foreign.get_by_text("3 hoạt động chưa nối với bước nào")).to_be_visible()
    assert axe(foreign) == []
    assert fits_a_phone(foreign)
    for name, keys in (("Tiếp nhận", "Conf"), ("Thẩm định", "T04"), ("Trả kết quả", "T05")):
        foreign.get_by_label(name, exact=True).focus()
        foreign.keyboard.type(keys)
    foreign.get_by_role("button", name="Nối và phân tích lại").focus()
    foreign.keyboard.press("Enter")
    expect(foreign.get_by_text("Mọi hoạt động đã nối.")).to_be_visible(timeout=60_000)
    expect(foreign.locator(".pin--heat")).to_have_count(3)
    expect(
        foreign.get_by_role("img", name=re.compile("^Confirmation of receipt"))
    ).to_have_accessible_name(re.compile("40 lượt của “Tiếp nhận”"))
    foreign.get_by_role("link", name="Số lượt").click()
    expect(foreign.locator(".pin--heat").first).to_have_text("40")
    assert axe(foreign) == []


def test_two_periods_and_two_logs_stand_side_by_side(foreign, axe):
    for name in ("trước.csv", "nay.csv"):
        foreign.goto(foreign.url.partition("/analysis")[0] + "/analysis/log")
        foreign.get_by_label("Nhật ký", exact=True).set_input_files({**LOG, "name": name})
        analyse(foreign)
        expect(foreign.locator(".lead")).to_contain_text(ANSWER, timeout=60_000)
    foreign.get_by_text("So với nhật ký khác hoặc kỳ khác").click()
    foreign.get_by_label("So với", exact=True).select_option("trước.csv")
    foreign.get_by_role("button", name="Phân tích lại", exact=True).click()
    expect(foreign.get_by_role("heading", name="So với nhật ký trước")).to_be_visible(
        timeout=60_000
    )
    foreign.get_by_text("So với nhật ký khác hoặc kỳ khác").click()
    foreign.get_by_label("So với", exact=True).select_option("Chính nhật ký này")
    for name, day in (
        ("before_first", "2025-07-01"),
        ("before_last", "2025-07-10"),
        ("first", "2025-07-11"),
        ("last", "2025-07-31"),
    ):
        foreign.locator(f"#field-{name}").fill(day)
    foreign.get_by_role("button", name="Phân tích lại", exact=True).click()
    expect(foreign.get_by_text("hồ sơ bắt đầu từ 01/07/2025 đến 10/07/2025")).to_be_visible(
        timeout=60_000
    )
    assert axe(foreign) == []
    assert fits_a_phone(foreign)


def test_it_is_deleted_after_a_word_on_what_is_lost(foreign, axe):
    foreign.get_by_label("Nhật ký", exact=True).set_input_files({**LOG, "name": "bỏ.csv"})
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text(ANSWER, timeout=60_000)
    foreign.get_by_role("link", name="Xóa nhật ký này").click()
    expect(foreign.get_by_role("dialog")).to_contain_text("không lấy lại được")
    assert axe(foreign) == []
    foreign.get_by_role("button", name="Xóa hẳn").click()
    expect(foreign.get_by_text("Đã xóa nhật ký và kết quả.")).to_be_visible()
    expect(foreign.get_by_role("link", name="bỏ.csv")).to_have_count(0)


def test_a_workbook_is_refused_with_what_to_do(foreign, axe):
    book = {"name": "so.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04" + b"0" * 99}
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(book)
    analyse(foreign)
    expect(foreign.get_by_role("alert")).to_contain_text("lưu dạng “CSV UTF-8”", timeout=60_000)
    assert axe(foreign) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["receipt.xes.gz", "helpdesk.xes.gz", "bpic2013_closed.xes.gz"])
def test_published_logs_are_shown(foreign, corpora, axe, name):
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(corpora / "logs" / name)
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text(
        "một nửa xong trong", ignore_case=True, timeout=60_000
    )
    if name.startswith("receipt"):
        lay_against(foreign, DIAGRAM)
        expect(foreign.get_by_text("652/1.329")).to_be_visible()
    if folder := os.environ.get("QUYTRINH_LOOK"):
        foreign.screenshot(path=f"{folder}/{name}-desktop.png", full_page=True)
    assert axe(foreign) == []
    assert fits_a_phone(foreign)
