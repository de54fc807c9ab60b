"""Risk as people see it: words with icons in the lists, the forecast, the head's morning list."""

import os
import re

import pytest
from playwright.sync_api import expect

from engine.risk.anew import rate_open_steps
from engine.risk.gathering import EVERY, gather
from tests.web.conftest import SCREENSHOTS
from tests.web.server import log_in

pytestmark = pytest.mark.browser


@pytest.fixture
def known(server, monkeypatch):
    """The office has read its past, and takes five runs for enough."""
    monkeypatch.setattr("engine.risk.outlook.ENOUGH", 5)
    while gather(server.office):
        server.clock.set(server.clock.now() + EVERY)
    while rate_open_steps(server.office):
        pass
    server.at(2026, 3, 23, 9, 30)
    return server


def keep(page, name):
    if os.environ.get("QUYTRINH_SCREENSHOTS"):
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def test_each_step_of_the_inbox_says_in_words_how_it_stands(page, known, axe):
    log_in(page, known, "motcua1", "/inbox")
    rows = page.locator("table.rows tbody tr")
    words = re.compile(
        "Quá hạn|Nguy cơ trễ cao|Sắp đến hạn|Còn thời gian|Tạm dừng|Không có thời hạn"
    )
    expect(rows.first).to_contain_text(words)
    for row in rows.all():
        expect(row.locator(".due svg").first).to_be_visible()
        expect(row.locator(".due").first).to_contain_text(words)
    expect(page.get_by_role("table")).to_contain_text("hồ sơ giống thế này đã trễ (n = ")
    keep(page, "risk-inbox")
    assert axe(page) == []
    page.get_by_role("link", name=re.compile("Nguy cơ trễ cao")).click()
    expect(page).to_have_url(re.compile("only=risk"))


def test_the_dossier_says_its_risk_and_the_forecast(page, known, axe):
    log_in(page, known, "motcua1", "/inbox")
    page.locator("a.row-link").first.click()
    risk = page.get_by_role("region", name="Nguy cơ trễ")
    expect(risk).to_contain_text(re.compile("đã trễ|Chưa đủ dữ liệu|trễ"))
    keep(page, "risk-dossier")
    assert axe(page) == []


def test_a_head_sees_what_presses_this_morning_by_holder_and_hands_it_over(page, known, axe):
    log_in(page, known, "motcua.tp", "/inbox")
    page.get_by_role("navigation", name="Các phần").get_by_role("link", name="Sáng nay").click()
    expect(page.get_by_role("heading", name="Sáng nay")).to_be_visible()
    expect(page.locator("table.rows tbody tr")).not_to_have_count(0)
    keep(page, "morning")
    assert axe(page) == []
    page.get_by_role("link", name=re.compile("Chưa ai nhận")).click()
    expect(page).to_have_url(re.compile("holder=nobody"))
    page.get_by_role("link", name="Bàn giao").first.click()
    dialog = page.get_by_role("dialog", name="Bàn giao cho ai?")
    dialog.get_by_label("Lý do").fill("Chia bớt việc đầu tuần")
    dialog.get_by_role("button", name="Bàn giao").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bàn giao cho")


def test_the_morning_list_is_for_heads(page, known):
    log_in(page, known, "motcua2", "/inbox")
    expect(page.get_by_role("link", name="Sáng nay")).to_have_count(0)
    page.goto(f"{known.url}/morning")
    expect(page.get_by_role("main")).to_contain_text("lãnh đạo đơn vị")


def test_on_a_phone_nothing_runs_out_of_the_page(phone, known, axe):
    phone.set_viewport_size({"width": 360, "height": 780})
    for login, path in (("motcua1", "/inbox"), ("motcua1", "/dossiers"), ("motcua.tp", "/morning")):
        log_in(phone, known, login, path)
        width = phone.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, path
        assert axe(phone) == []
        keep(phone, f"risk-phone-{path[1:]}")
        phone.context.clear_cookies()
