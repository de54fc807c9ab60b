"""What a dossier waits for is on its page, with one click to say that it has come."""

import pytest
from playwright.sync_api import expect

from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from tests.conformance.event_drawing import border, catch, declared
from tests.engine.drawing import CHIEF, draw, end, field, gateway, start, step
from tests.web.conftest import OFFICE_SCREEN, PHONE_SCREEN
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser

SCREENS = {"office": OFFICE_SCREEN, "phone": PHONE_SCREEN}
ANSWER = "Văn bản trả lời"
OPINION = (
    *(start(), step("A"), catch("Chờ_sở_trả_lời", f"message {ANSWER}")),
    *(gateway("exclusive", "X", default="C"), step("B", field("dat", "boolean"), lane=CHIEF)),
    *(step("C", lane=CHIEF), end(), end("E2")),
)
OPINION_FLOWS = (
    *("S A", "A Chờ_sở_trả_lời", "Chờ_sở_trả_lời X"),
    *("X B: dat = true", "X C", "B E", "C E2"),
)
INSPECTION = (
    *(start(), step("A"), border("Mất_hồ_sơ", "A", "error E1")),
    *(step("R", lane=CHIEF), end(), end("E2")),
)


def worker(server, login):
    return server._people()[login]


def holder(server, position="chuyen_vien", unit="van_phong"):
    people = sorted(server._people().items())
    return next(login for login, actor in people if actor.holds(position, unit))


def received(server, nodes, flows, *, complete=()):
    """The path of a new dossier; complete: the first step too."""
    server.publish(draw(*nodes, flows=flows, beside=declared(nodes)).decode())
    who = worker(server, holder(server))
    outcome = receive(server.office, who, Reception("T-01", "Lê Thị Hoa"))
    if complete:
        complete_step(server.office, who, outcome.opened[0].step_run_id)
    return f"/dossiers/{outcome.dossier_id}"


@pytest.fixture
def asking(server):
    return received(server, OPINION, OPINION_FLOWS, complete=True)


@pytest.fixture
def inspecting(server):
    return received(server, INSPECTION, ("S A", "A E", "Mất_hồ_sơ R", "R E2"))


@pytest.fixture
def colleague(browser):
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


def dialog_of(page, link="Đã xảy ra"):
    page.get_by_role("link", name=link).click()
    return page.get_by_role("dialog")


def test_the_page_says_what_it_waits_for_and_one_click_records_it(page, server, asking):
    log_in(page, server, holder(server), asking)
    expect(page.locator(".lead")).to_contain_text("Đang chờ: Chờ_sở_trả_lời.")
    waits = page.get_by_role("region", name="Đang chờ sự kiện")
    expect(waits).to_contain_text(f"Đang chờ: Chờ_sở_trả_lời · thông điệp: {ANSWER}")
    expect(waits).to_contain_text("từ 09:30 23/03/2026")
    dialog = dialog_of(page)
    expect(dialog).to_contain_text("Hồ sơ đi tiếp ngay theo sơ đồ.")
    expect(dialog).to_contain_text("không rút lại được")
    dialog.get_by_role("button", name="Đã xảy ra").click()
    expect(page.locator("#notes")).to_contain_text("Đã ghi nhận sự kiện. Tiếp theo: Bước C")
    expect(page.locator(".lead")).to_contain_text("Bước C")
    page.get_by_role("link", name="Diễn biến").click()
    expect(page.locator(".history li").first).to_contain_text("Sự kiện đã xảy ra")
    expect(page.locator(".history li").first).to_contain_text(f"thông điệp: {ANSWER}")


def test_what_the_message_says_decides_the_way_and_the_keyboard_is_enough(page, server, asking):
    log_in(page, server, holder(server), asking)
    page.get_by_role("link", name="Đã xảy ra").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Nội dung nhận được").focus()
    page.keyboard.press("Enter")
    dialog.get_by_label("dat").press("Space")
    dialog.get_by_role("button", name="Đã xảy ra").press("Enter")
    expect(page.locator("#notes")).to_contain_text("Tiếp theo: Bước B")


def test_pressing_twice_records_once(page, server, asking):
    log_in(page, server, holder(server), asking)
    dialog_of(page).get_by_role("button", name="Đã xảy ra").dblclick()
    expect(page.locator("#notes")).to_contain_text("Đã ghi nhận sự kiện.")
    page.get_by_role("link", name="Diễn biến").click()
    expect(page.get_by_text("Sự kiện đã xảy ra")).to_have_count(1)


def test_the_second_person_is_told_that_nothing_waits(page, colleague, server, asking):
    log_in(page, server, holder(server), asking)
    log_in(colleague, server, holder(server), asking)
    dialog_of(page).get_by_role("button", name="Đã xảy ra").click()
    expect(page.locator("#notes")).to_contain_text("Đã ghi nhận sự kiện.")
    dialog_of(colleague).get_by_role("button", name="Đã xảy ra").click()
    expect(colleague.get_by_role("alert")).to_contain_text(ANSWER)
    expect(colleague.locator(".lead")).to_contain_text("Bước C")
    expect(colleague.get_by_role("link", name="Đã xảy ra")).to_have_count(0)


def test_somebody_without_a_position_sees_it_and_cannot_record_it(page, server, asking):
    log_in(page, server, "motcua1", asking)
    expect(page.get_by_role("region", name="Đang chờ sự kiện")).to_contain_text("Chờ_sở_trả_lời")
    expect(page.get_by_role("link", name="Đã xảy ra")).to_have_count(0)
    token = page.locator("input[name=csrf_token]").first.get_attribute("value")
    answer = page.request.post(
        f"{server.url}{asking}/messages",
        form={"csrf_token": token, "kind": "message", "name": ANSWER},
        headers={"Origin": server.url},
    )
    assert answer.status == 403
    assert f"mới được ghi nhận “{ANSWER}”" in answer.text()


def test_an_error_is_reported_at_its_step(page, server, inspecting):
    log_in(page, server, holder(server), inspecting)
    expect(page.get_by_role("region", name="Đang chờ sự kiện")).to_have_count(0)
    dialog = dialog_of(page, "Báo: Mất_hồ_sơ")
    expect(dialog).to_contain_text("Bước “Bước A” kết thúc tại đây, không làm tiếp nữa.")
    dialog.get_by_role("button", name="Báo: Mất_hồ_sơ").click()
    expect(page.locator("#notes")).to_contain_text("Đã báo. Tiếp theo: Bước R")


def test_in_english(page, server, asking):
    log_in(page, server, holder(server), asking)
    in_english(page, server).reload()
    waits = page.get_by_role("region", name="Waiting for events")
    expect(waits).to_contain_text(f"message: {ANSWER}")
    dialog_of(page, "It has happened").get_by_role("button", name="It has happened").click()
    expect(page.locator("#notes")).to_contain_text("The event is recorded. Next: Bước C")


@pytest.mark.parametrize("screen", SCREENS)
def test_anyone_can_use_it(page, axe, server, asking, screen):
    page.set_viewport_size(SCREENS[screen])
    log_in(page, server, holder(server), asking)
    wrong = axe(page)
    dialog = dialog_of(page)
    dialog.get_by_text("Nội dung nhận được").click()
    wrong += axe(page)
    box = dialog.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SCREENS[screen]["width"]
    assert wrong == []
