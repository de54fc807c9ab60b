"""A designer sees how a procedure runs before anybody works by it, and keeps scenarios with it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.engine.offices import BPMN
from tests.web.conftest import PHONE_SCREEN
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser

FILE = BPMN / "procedures" / "1.013831-bien-dong-dat-dai.bpmn"
SCENARIOS = json.loads((BPMN / "scenarios" / "1.013831.json").read_text(encoding="utf-8"))
WRONG = [{**SCENARIOS["scenarios"][0], "outcome": "khong_co"}]


@pytest.fixture
def draft(page, server):
    """The rehearsal of a draft, as its designer sees it."""
    server.upload_draft(FILE)
    log_in(page, server, "vanphong1", server.version_path("1.013831"))
    page.get_by_role("link", name="Diễn thử", exact=True).click()
    return page


def rehearse(page, how):
    page.get_by_role("radio", name=how).check()
    page.get_by_role("button", name="Diễn thử").click()
    expect(page.locator("[data-drawn]")).to_be_visible()


def keep(page, scenarios):
    text = json.dumps({"scenarios": scenarios}, ensure_ascii=False).encode()
    file = {"name": "kich-ban.yaml", "mimeType": "application/yaml", "buffer": text}
    page.get_by_label("Tệp kịch bản").set_input_files(file)
    page.get_by_role("button", name="Lưu kịch bản").click()
    expect(page.get_by_text("Đã lưu kịch bản cùng bản dự thảo.")).to_be_visible()


def rows(page):
    return page.locator("table.runs tbody tr")


def test_before_the_first_run_the_page_says_what_to_do(draft):
    expect(draft.get_by_role("heading", name="Chưa diễn thử lượt nào")).to_be_visible()
    expect(draft.get_by_text("Không hồ sơ nào được tạo")).to_be_visible()
    expect(draft.locator("[data-diagram]")).to_have_count(0)


def test_every_way_is_run_and_the_drawing_shows_that_nothing_was_left_out(draft):
    rehearse(draft, "Mọi nhánh")
    expect(draft.get_by_text("Đã đi qua 24/24 phần tử, 24/24 luồng.")).to_be_visible()
    expect(draft.locator(".djs-shape.is-done")).not_to_have_count(0)
    expect(draft.locator(".djs-shape.is-missed")).to_have_count(0)
    expect(rows(draft).first).to_contain_text("Hoàn thành")
    expect(rows(draft).first).to_contain_text(re.compile(r"\w+ → \w+"))


def test_one_random_run_leaves_something_out_and_the_page_leads_there(draft):
    draft.get_by_label("Số lượt ngẫu nhiên").fill("1")
    rehearse(draft, "Ngẫu nhiên")
    expect(rows(draft)).to_have_count(1)
    expect(draft.locator(".djs-shape.is-missed")).not_to_have_count(0)
    expect(draft.locator(".diagram__legend")).to_contain_text("Chưa lượt nào đi qua")
    link = draft.locator("main a[data-element]").first
    name = link.inner_text()
    link.click()
    expect(draft.locator(":focus")).to_have_attribute("aria-label", f"{name}. Chưa đi qua")


def test_the_same_seed_gives_the_same_page(draft):
    draft.get_by_label("Số lượt ngẫu nhiên").fill("5")
    rehearse(draft, "Ngẫu nhiên")
    first = rows(draft).all_inner_texts()
    draft.reload()
    expect(rows(draft)).to_have_count(5)
    assert rows(draft).all_inner_texts() == first


def test_a_run_is_played_on_the_drawing_until_it_is_over(draft):
    rehearse(draft, "Mọi nhánh")
    draft.get_by_role("button", name="Diễn lại lượt 1 trên sơ đồ").click()
    bar = draft.locator(".diagram__walk")
    bar.get_by_role("button", name="Dừng").click()
    forward = bar.get_by_role("button", name="Bước sau")
    forward.click()
    expect(draft.locator(".token")).not_to_have_count(0)
    for _ in range(60):
        if "Hoàn thành." in bar.inner_text():
            break
        forward.click()
    expect(bar).to_contain_text("Hoàn thành.")
    expect(draft.locator(".token")).to_have_count(0)
    draft.keyboard.press("Escape")
    expect(bar).to_have_count(0)


def test_stored_scenarios_are_run_by_name(draft):
    keep(draft, SCENARIOS["scenarios"])
    number = len(SCENARIOS["scenarios"])
    rehearse(draft, f"{number} kịch bản đã lưu")
    expect(rows(draft)).to_have_count(number)
    expect(draft.get_by_role("heading", name=f"{number}/{number} lượt đạt")).to_be_visible()
    expect(rows(draft).first).to_contain_text(SCENARIOS["scenarios"][0]["name"])
    expect(rows(draft).first).to_contain_text("Đúng kịch bản")


def test_a_failing_scenario_stands_against_publishing_until_it_is_taken_out(draft):
    keep(draft, WRONG)
    publish = draft.get_by_role("link", name="Ban hành")
    publish.click()
    draft.get_by_role("dialog").get_by_role("button", name="Ban hành").click()
    alert = draft.get_by_role("alert").first
    expect(alert).to_contain_text(f"kịch bản “{WRONG[0]['name']}” không đạt")
    expect(alert).to_contain_text("khong_co")
    draft.keyboard.press("Escape")
    draft.get_by_role("link", name="Diễn thử", exact=True).click()
    rehearse(draft, "1 kịch bản đã lưu")
    expect(rows(draft)).to_contain_text("Khác kịch bản")
    draft.get_by_role("button", name="Bỏ kịch bản").click()
    expect(draft.get_by_text("Chưa có kịch bản nào.")).to_be_visible()
    publish.click()
    draft.get_by_role("dialog").get_by_role("button", name="Ban hành").click()
    expect(draft.locator(".lead")).to_contain_text("Đang có hiệu lực từ")


def test_a_file_that_is_no_scenario_is_refused_with_a_sentence(draft):
    file = {"name": "x.yaml", "mimeType": "application/yaml", "buffer": b"scenarios: 3"}
    draft.get_by_label("Tệp kịch bản").set_input_files(file)
    draft.get_by_role("button", name="Lưu kịch bản").click()
    expect(draft.get_by_role("alert")).to_contain_text("cần danh sách “scenarios”")


@pytest.mark.parametrize("screen", ["office", "phone"])
def test_anyone_can_use_it(draft, server, axe, screen):
    if screen == "phone":
        draft.set_viewport_size(PHONE_SCREEN)
    wrong = axe(draft)
    for language in ("vi", "en"):
        if language == "en":
            in_english(draft, server)
        draft.goto(f"{draft.url.partition('?')[0]}?tab=rehearsal&how=random&runs=2")
        expect(draft.locator("[data-drawn]")).to_be_visible()
        wrong += axe(draft)
        assert not draft.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    assert wrong == []


def test_staff_may_look_but_find_nothing_to_upload(page, server):
    log_in(page, server, "motcua1", f"{server.version_path('1.013831')}?tab=rehearsal")
    rehearse(page, "Mọi nhánh")
    expect(page.get_by_role("button", name="Lưu kịch bản")).to_have_count(0)
