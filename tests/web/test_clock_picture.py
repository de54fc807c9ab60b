"""The clock of a dossier in the browser: one sentence, a bar, a table; on a phone, by keyboard."""

from uuid import UUID

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from engine.store.tables import dossier
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser
NARROW = {"width": 360, "height": 800}


def one_of(server, *where):
    """The newest dossier of the office of that kind."""
    newest = select(dossier.c.dossier_id).where(*where).order_by(dossier.c.received_at.desc())
    with server.office.database.read() as connection:
        return UUID(str(connection.execute(newest.limit(1)).scalar_one()))


KINDS = {
    "open": [dossier.c.state == "open"],
    "stood": [dossier.c.state == "open", dossier.c.paused_ws > 0],
    "late": [dossier.c.result == "late"],
    "early": [dossier.c.result == "early"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_clock_is_one_sentence_and_a_bar_that_fits_every_screen(page, shared_server, axe, kind):
    server = shared_server
    address = f"/dossiers/{one_of(server, *KINDS[kind])}"
    log_in(page, server, "chutich", address)
    figure = page.locator("figure.clock-picture").first
    expect(figure.locator("figcaption")).to_contain_text("làm việc")
    expect(figure.locator("svg.clock-bar rect").first).to_be_visible()
    assert axe(page) == []
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    bar = figure.locator("svg.clock-bar").bounding_box()
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= 360
    assert axe(page) == []


def test_the_same_facts_are_a_table_that_the_keyboard_opens(page, shared_server, axe):
    server = shared_server
    log_in(page, server, "chutich", f"/dossiers/{one_of(server, *KINDS['stood'])}")
    summary = page.get_by_text("Bảng số liệu của đồng hồ")
    summary.focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("table", name="Thời gian làm việc đã đi vào đâu")
    expect(table.get_by_role("row").filter(has_text="Tạm dừng").first).to_contain_text("tính cho")
    expect(table.get_by_role("row").filter(has_text="Còn lại")).to_be_visible()
    assert axe(page) == []


def test_it_is_read_in_english_and_in_the_dark(page, shared_server, axe):
    server = shared_server
    address = f"/dossiers/{one_of(server, *KINDS['stood'])}"
    log_in(page, server, "chutich", address)
    in_english(page, server)
    page.emulate_media(color_scheme="dark")
    page.goto(server.url + address)
    expect(page.locator("figure.clock-picture figcaption").first).to_contain_text("left; paused")
    assert axe(page) == []
