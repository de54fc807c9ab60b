"""The drawing library's licence: its mark stays fully visible, and nothing lies on top of it."""

import pytest
from playwright.sync_api import expect

from tests.web.conftest import OFFICE_SCREEN, PHONE_SCREEN
from tests.web.server import log_in

pytestmark = pytest.mark.browser

ON_TOP = """mark => {
  const box = mark.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.05, 0.05], [0.95, 0.05], [0.05, 0.95], [0.95, 0.95]];
  return box.width > 40 && box.height > 15 && points.every(([x, y]) =>
    mark.contains(document.elementFromPoint(box.x + box.width * x, box.y + box.height * y)));
}"""


@pytest.mark.parametrize("screen", [OFFICE_SCREEN, PHONE_SCREEN], ids=["office", "phone"])
def test_the_mark_is_in_full_view_on_every_drawing(page, shared_server, screen):
    page.set_viewport_size(screen)
    server = shared_server
    land = server.dossier("1.013831", until="Task_Payment").removeprefix(server.url)
    log_in(page, server, "chanhvanphong")
    for path in (server.version_path("1.013831"), f"{land}?tab=path", "/analysis/1.013831"):
        page.goto(server.url + path)
        expect(page.locator("[data-drawn]")).to_be_visible()
        mark = page.locator(".bjs-powered-by")
        mark.scroll_into_view_if_needed()
        assert mark.evaluate(ON_TOP), path
        assert mark.get_attribute("href") == "http://bpmn.io", path
