"""Real pages in headless Chromium: the browser, pages of the office's sizes, and the axe checker.

The Content-Security-Policy stays as it is in production: axe runs in an isolated world.
The fixtures `server` and `shared_server` (the product under uvicorn on a free port) stand in
`tests/web/server.py`. QUYTRINH_SCREENSHOTS=1 has the walks keep their pictures in docs/screenshots.

In CI a browser test that failed is run once more: a browser on a loaded machine may be late where
the page is right. The run says RERUN and lists it, so what is unsteady is seen; a page that is wrong
fails twice. Elsewhere nothing is run again: who changes a page sees each failure.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.web.server import played_office, server, shared_server

__all__ = ["played_office", "server", "shared_server"]

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "api" / "web" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
]
SCREENSHOTS = ROOT / "docs" / "screenshots"
OFFICE_SCREEN = {"width": 1366, "height": 768}
PHONE_SCREEN = {"width": 390, "height": 844}

PRINTS = "window.print = () => { top.document.documentElement.dataset.printed = 'yes'; };"
"""A browser without a screen dies of printing a PDF; the page says that it would have."""

expect.set_options(timeout=15_000)  # a loaded machine is slow; a wrong page stays wrong

AxeCheck = Callable[[Page], list[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and {"page", "phone", "browser"} & set(item.fixturenames):
            item.add_marker(pytest.mark.browser)
            if os.environ.get("CI"):
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of this machine. Module-wide: Playwright's loop must not outlive the pages' tests."""
    named = os.environ.get("QUYTRINH_CHROMIUM")
    path = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("NOT TESTED IN A BROWSER: install `chromium` or set QUYTRINH_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on the office's screen. The test fails if a script fails or the CSP is broken."""
    _outlived_by_the_server(request)
    yield from _watched_page(browser.new_context(viewport=OFFICE_SCREEN, locale="vi-VN"))


@pytest.fixture
def phone(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone, 390 px wide."""
    _outlived_by_the_server(request)
    yield from _watched_page(
        browser.new_context(viewport=PHONE_SCREEN, locale="vi-VN", has_touch=True)
    )


def _outlived_by_the_server(request: pytest.FixtureRequest) -> None:
    """Start the test's server first, so that it stops last: a page that still asks is no fault."""
    for name in {"server", "shared_server"} & set(request.fixturenames):
        request.getfixturevalue(name)


def _watched_page(context: BrowserContext) -> Iterator[Page]:
    wrong: list[str] = []
    context.on("weberror", lambda error: wrong.append(f"script failed: {error.error}"))
    context.on("console", lambda said: wrong.append(said.text) if _is_wrong(said) else None)
    context.add_init_script(PRINTS)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert wrong == [], "the page broke its own rules"


def _is_wrong(said: ConsoleMessage) -> bool:
    """A refusal (4xx) is an answer, and Chromium reports it; every other error is a fault."""
    refusal = "Failed to load resource: the server responded with a status of 4"
    return said.type == "error" and not said.text.startswith(refusal)


@pytest.fixture
def axe() -> AxeCheck:
    """axe(page): what breaks WCAG 2.2 AA or axe's best practice, one line a finding; [] is good."""
    if not AXE.is_file():
        pytest.skip("NOT TESTED WITH AXE: the web files are not built")
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> list[str]:
        session = page.context.new_cdp_session(page)
        frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = session.send("Page.createIsolatedWorld", {"frameId": frame})["executionContextId"]
        run = {"contextId": world, "awaitPromise": True, "returnByValue": True}
        session.send("Runtime.evaluate", {**run, "expression": source + ";0"})
        answer = session.send("Runtime.evaluate", {**run, "expression": "axe.run(document)"})
        session.detach()
        if "exceptionDetails" in answer:
            raise RuntimeError(f"axe failed: {answer['exceptionDetails']}")
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
            for violation in answer["result"]["value"]["violations"]
            for node in violation["nodes"]
        ]

    return check


@pytest.fixture
def picture() -> Callable[[Page, str], None]:
    """picture(page, name): keep what is on the office's screen, if pictures are asked for."""

    def keep(page: Page, name: str) -> None:
        if os.environ.get("QUYTRINH_SCREENSHOTS") != "1":
            return
        page.set_viewport_size(OFFICE_SCREEN)
        page.evaluate("document.fonts.ready")
        page.mouse.move(0, 0)
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")

    return keep
