import pytest
from tests.web.server import log_in
pytestmark = pytest.mark.browser

def test_dbg(page, server, axe):
    log_in(page, server, "chanhvanphong", "/reports/06a?first=2026-02-01&last=2026-02-28")
    page.screenshot(path="/tmp/d_06a.png", full_page=True)
    print(axe(page))
    for name in ("late","766","ranking","tasks","coverage","07a"):
        page.goto(server.url + f"/reports/{name}?first=2026-03-01&last=2026-03-31")
        page.screenshot(path=f"/tmp/d_{name}.png", full_page=True)
        print(name, axe(page))
    page.set_viewport_size({"width":360,"height":740})
    page.goto(server.url + "/reports/06a?first=2026-02-01&last=2026-02-28")
    page.screenshot(path="/tmp/d_06a_360.png", full_page=True)
    print(axe(page), page.evaluate("document.documentElement.scrollWidth"))
