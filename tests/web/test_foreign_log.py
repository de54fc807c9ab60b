"""A log of another system in the browser: brought, measured, compared, laid against a diagram."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PHONE_SCREEN
from tests.web.server import log_in

pytestmark = pytest.mark.browser

HEAD = "case_id,activity,start_timestamp,timestamp\n"
ROWS = "".join(
    f"HS{n},{step},2025-07-{n % 20 + 1:02d}T0{at}:00:00+07:00,2025-07-{n % 20 + 1:02d}T0{at + 1}:{n % 60:02d}:00+07:00\n"
    for n in range(1, 41)
    for at, step in ((1, "Tiếp nhận"), (4, "Thẩm định"), (7, "Trả kết quả"))
)
LOG = {"name": "nhật ký.csv", "mimeType": "text/csv", "buffer": (HEAD + ROWS).encode()}
DIAGRAM = Path(__file__).parents[1] / "analysis" / "conformance" / "receipt_usual_ways.bpmn"


@pytest.fixture
def foreign(page, shared_server):
    log_in(page, shared_server, "chanhvanphong", "/analysis")
    page.get_by_role("link", name="Nhật ký của hệ thống khác").click()
    return page


def analyse(page):
    page.get_by_role("button", name="Phân tích").click()


def test_a_log_is_brought_and_the_page_opens_with_the_answer(foreign, axe):
    assert axe(foreign) == []
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(LOG)
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text("40 hồ sơ, 120 sự kiện. Một nửa xong trong")
    expect(foreign.get_by_role("region", name="Từng bước").get_by_role("row")).to_have_count(4)
    assert axe(foreign) == []
    foreign.set_viewport_size({**PHONE_SCREEN, "width": 360})
    assert foreign.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(foreign) == []


def test_it_is_laid_against_a_diagram_and_unknown_steps_wait_to_be_named(foreign, axe):
    foreign.get_by_text("So với kỳ trước, đối chiếu với sơ đồ").click()
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(LOG)
    foreign.get_by_label("Nhật ký trước đó").set_input_files(LOG)
    foreign.get_by_label("Hoặc sơ đồ BPMN khác").set_input_files(DIAGRAM)
    analyse(foreign)
    expect(foreign.get_by_role("heading", name="Đối chiếu với sơ đồ")).to_be_visible()
    expect(foreign.get_by_role("heading", name="So với nhật ký trước")).to_be_visible()
    expect(foreign.get_by_text("0/40")).to_be_visible()
    foreign.get_by_text("Phân tích lại hoặc nhật ký khác").click()
    expect(foreign.get_by_label("Bước nào là phần tử nào")).to_have_value(
        '"Thẩm định",\n"Tiếp nhận",\n"Trả kết quả",'
    )
    assert axe(foreign) == []


def test_a_workbook_is_refused_with_what_to_do(foreign, axe):
    book = {"name": "so.xlsx", "mimeType": "application/zip", "buffer": b"PK\x03\x04" + b"0" * 99}
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(book)
    analyse(foreign)
    expect(foreign.get_by_role("alert")).to_contain_text("lưu dạng “CSV UTF-8”")
    assert axe(foreign) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["receipt.xes.gz", "helpdesk.xes.gz", "receipt.csv"])
def test_published_logs_are_shown(foreign, corpora, axe, name):
    foreign.get_by_label("Nhật ký", exact=True).set_input_files(corpora / "logs" / name)
    if name.startswith("receipt"):
        foreign.get_by_text("So với kỳ trước, đối chiếu với sơ đồ").click()
        foreign.get_by_label("Hoặc sơ đồ BPMN khác").set_input_files(DIAGRAM)
        foreign.get_by_label("Nhật ký trước đó").set_input_files(
            corpora / "logs" / "receipt.xes.gz"
        )
    analyse(foreign)
    expect(foreign.locator(".lead")).to_contain_text("Một nửa xong trong", timeout=60_000)
    if folder := os.environ.get("QUYTRINH_LOOK"):
        foreign.screenshot(path=f"{folder}/{name}-desktop.png", full_page=True)
    assert axe(foreign) == []
    foreign.set_viewport_size({**PHONE_SCREEN, "width": 360})
    if folder := os.environ.get("QUYTRINH_LOOK"):
        foreign.screenshot(path=f"{folder}/{name}-phone.png", full_page=True)
    assert foreign.evaluate("document.documentElement.scrollWidth") <= 360
