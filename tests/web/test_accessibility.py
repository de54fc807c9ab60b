"""Every page, in both languages, on the office's screen and on a phone: anyone can use it."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from engine.store.tables import outbox
from tests.engine.offices import BPMN
from tests.web.conftest import OFFICE_SCREEN, PHONE_SCREEN
from tests.web.server import Server, log_in

pytestmark = pytest.mark.browser

SCREENS = {"office": OFFICE_SCREEN, "phone": PHONE_SCREEN}
DRAWN = ("version", "path", "heat")


@pytest.fixture(scope="module")
def addresses(shared_server: Server) -> dict[str, dict[str, str]]:
    """login -> name of the page -> path: each page in each state that looks different."""
    server = shared_server
    path = lambda url: url.removeprefix(server.url)  # noqa: E731
    examine = path(server.dossier("1.001193", until="Task_Examine", at=3))
    lacking = path(server.dossier("1.001193", without="GIAY_CHUNG_SINH"))
    land = path(server.dossier("1.013831", until="Task_Payment"))
    server.upload_draft(BPMN / "procedures" / "VB-DEN-xu-ly-van-ban-den.bpmn")
    put_a_letter_aside(server)
    draft = server.version_path("VB-DEN")
    in_force = server.version_path("1.013225")
    return {
        "": {"login": "/login"},
        "motcua1": {
            "inbox": "/inbox",
            "empty inbox": "/inbox?q=khong+co+ai",
            "desk": "/desk",
            "reception": "/desk/1.013225",
            "dossiers": "/dossiers",
            "no dossiers": "/dossiers?q=khong+co+ai",
            "lacking": lacking,
            "components": f"{lacking}?tab=components",
            "receipt": f"{lacking}/receipt",
            "forms": f"{lacking}/forms",
            "a form": f"{lacking}/forms/receipt",
            "registers": "/registers",
            "refused": "/analysis",
            "nowhere": "/khong-co",
        },
        "hotich1": {
            "late step": examine,
            "steps": f"{examine}?tab=steps",
            "path": f"{land}?tab=path",
            "history": f"{land}?tab=history",
        },
        "vanphong1": {
            "procedures": "/procedures",
            "version": draft,
            "step table": f"{draft}?tab=steps",
            "draft components": f"{draft}?tab=components",
            "versions": f"{draft}?tab=versions",
            "many cases": f"{in_force}?tab=steps&cases=all",
        },
        "chanhvanphong": {
            "analysis": "/analysis",
            "heat": "/analysis/1.013831",
            "returns": "/registers/returns",
            "a foreign log": "/analysis/log",
            "no analysis": "/analysis?first=2020-01-01&last=2020-02-01",
            "wrong period": "/analysis?first=2027-01-01&last=2020-02-01",
        },
        "quantri": {"dead letters": "/letters"},
    }


def put_a_letter_aside(server: Server) -> None:
    now = server.office.clock.now()
    row = {
        "agency_id": server._people()["quantri"].agency_id,
        "outbox_id": UUID(int=7),
        "kind": "webhook",
        "event": "vn.quytrinh.dossier.message",
        "destination": "https://nhan.vd.gov.vn/mot/duong/dan/rat/dai/su-kien?khoa=0123456789",
        "body": "{}",
        "created_at": now,
        "attempts": 11,
        "dead_at": now,
        "error": "ConnectionRefusedError: [Errno 111] Connection refused",
    }
    server.office.database.write(lambda transaction: transaction.execute(insert(outbox), row))


def sideways(page: Page) -> bool:
    """Whether something sticks out to the side."""
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    "login", ["", "motcua1", "hotich1", "vanphong1", "chanhvanphong", "quantri"]
)
def test_anyone_can_use_every_page(page, axe, shared_server, addresses, login, lang, screen):
    page.set_viewport_size(SCREENS[screen])
    if login:
        log_in(page, shared_server, login)
    language = {"name": "language", "value": lang, "url": shared_server.url}
    page.context.add_cookies([language])
    wrong = []
    for name, path in addresses[login].items():
        page.goto(shared_server.url + path)
        if name in DRAWN:
            expect(page.locator("[data-drawn]")).to_be_visible()
        wrong += [f"{name}: {finding}" for finding in axe(page)]
        wrong += [f"{name}: sticks out to the side"] if sideways(page) else []
    assert wrong == []


@pytest.mark.parametrize("screen", SCREENS)
def test_anyone_can_use_the_decisions(page, axe, shared_server, addresses, screen):
    page.set_viewport_size(SCREENS[screen])
    log_in(page, shared_server, "hotich1", addresses["hotich1"]["late step"])
    wrong = []
    for link in page.locator("[data-opens]").all():
        link.click()
        dialog = page.locator("dialog[open]")
        wrong += axe(page)
        box = dialog.bounding_box()
        wrong += [] if box["x"] >= 0 and box["width"] <= SCREENS[screen]["width"] else ["too wide"]
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    assert wrong == []


def test_anyone_can_mend_what_was_refused(page, axe, shared_server, addresses):
    log_in(page, shared_server, "hotich1", addresses["hotich1"]["late step"])
    page.get_by_role("link", name="Từ chối hồ sơ").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Lý do").fill("sai")
    dialog.get_by_role("button", name="Từ chối hồ sơ").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert axe(page) == []


def test_every_page_has_a_title_of_its_own(page, shared_server, addresses):
    log_in(page, shared_server, "motcua1")
    titles = {}
    for name in ("inbox", "desk", "reception", "dossiers", "lacking", "receipt"):
        page.goto(shared_server.url + addresses["motcua1"][name])
        titles[name] = page.title()
    assert len(set(titles.values())) == len(titles), titles


def test_keys_alone_reach_and_complete_a_step(page, server):
    path = server.dossier("2.000908", until="Task_Sign").removeprefix(server.url)
    log_in(page, server, "phochutich1", path)
    button = page.get_by_role("button", name="Hoàn thành bước")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#notes")).to_contain_text("Đã hoàn thành bước.")
