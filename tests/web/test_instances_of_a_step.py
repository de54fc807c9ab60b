"""Of a step that several people do, each sees which one is theirs, or for what."""

import pytest
from playwright.sync_api import expect

from engine.dossiers.complete_step import complete_step
from engine.dossiers.receive import Reception, receive
from tests.conformance.cases.repetitions import many
from tests.engine.drawing import CHIEF, draw, end, field, start, step
from tests.web.server import in_english, log_in

pytestmark = pytest.mark.browser

DRAWN = draw(
    *(start(), step("Q", field("ten"))),
    step("A", marker=many(of="split(ten, &quot;;&quot;)", item="nguoi")),
    *(step("C", marker=many(number="3"), lane=CHIEF), end()),
    flows=("S Q", "Q A", "A C", "C E"),
)


@pytest.fixture
def asked(server):
    """A dossier whose step A is done once for An and once for Bình; an officer who does it."""
    server.publish(DRAWN.decode())
    people = sorted(server._people().items())
    login, who = next(each for each in people if each[1].holds("chuyen_vien", "van_phong"))
    outcome = receive(server.office, who, Reception("T-01", "Lê Thị Hoa"))
    run = outcome.opened[0].step_run_id
    outcome = complete_step(server.office, who, run, {"ten": "An;Bình"})
    return login, f"/dossiers/{outcome.dossier_id}"


def test_the_pages_say_which_run_it_is(page, axe, server, asked):
    login, path = asked
    log_in(page, server, login, path)
    expect(page.get_by_role("heading", name="Bước A An")).to_be_visible()
    expect(page.get_by_role("heading", name="Bước A Bình")).to_be_visible()
    page.goto(f"{server.url}/inbox?q=le+thi+hoa")
    rows = page.locator("table.rows tbody tr")
    expect(rows.filter(has_text="Bước A").filter(has_text="Bình")).to_have_count(1)
    page.goto(server.url + path)
    for _ in range(2):
        page.get_by_role("button", name="Hoàn thành bước").first.click()
        expect(page.locator("#notes")).to_contain_text("Đã hoàn thành bước.")
    expect(page.locator("main")).to_contain_text("Bước C lần 2/3")
    page.get_by_role("link", name="Các bước").click()
    expect(page.get_by_role("row").filter(has_text="Bước C lần 3/3")).to_have_count(1)
    expect(page.get_by_role("row").filter(has_text="Bước A Bình")).to_have_count(1)
    assert axe(page) == []
    in_english(page, server).reload()
    expect(page.get_by_role("row").filter(has_text="Bước C 3 of 3")).to_have_count(1)
