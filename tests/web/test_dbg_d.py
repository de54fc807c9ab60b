import pytest
from datetime import datetime
from tests.web.server import log_in
from tests.web.test_staff import dialog_of
from engine.store.tables import dossier
from sqlalchemy import update, select
pytestmark = pytest.mark.browser

def test_dbg(page, server, axe):
    url="/reports/06a?first=2026-02-01&last=2026-02-28"
    log_in(page, server, "chanhvanphong", url)
    dialog_of(page, "Chốt kỳ", "Chốt kỳ báo cáo này?").get_by_role("button", name="Chốt kỳ").click()
    page.wait_for_timeout(500)
    def cmd(t):
        ids=t.execute(select(dossier.c.dossier_id).where(dossier.c.result=="early").order_by(dossier.c.received_at).limit(2)).all()
        for (i,) in ids: t.execute(update(dossier).where(dossier.c.dossier_id==i).values(result="late"))
    server.office.database.write(cmd)
    page.goto(server.url+url)
    page.locator("details summary").last.click()
    page.screenshot(path="/tmp/d_closed.png", full_page=True)
    print(axe(page))
    page.set_viewport_size({"width":360,"height":740})
    page.goto(server.url+url)
    page.screenshot(path="/tmp/d_closed360.png")
    print(axe(page), page.evaluate("document.documentElement.scrollWidth"))
    page.goto(server.url + "/reports/06a/dossiers?first=2026-02-01&last=2026-02-28&by=unit&cell=resolved")
    page.screenshot(path="/tmp/d_list360.png")
    print(axe(page), page.evaluate("document.documentElement.scrollWidth"))
