"""A real Chromium in front of the screens: fixtures for the tests of all pages, taken up by conftest."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import uvicorn
    from playwright.sync_api import Browser, Page, Request

    from copilot import Copilot

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 60_000
"""Milliseconds: what is waited for comes soon, but a busy machine may let everything wait."""
LEFT = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
"""What Gradio says of an answer still on its way when its page is left; while a page stays, it is a fault."""
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@dataclass
class Screens:
    """Screens that are being served: their address and the workspace behind them."""

    copilot: Copilot
    address: str
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """Stop serving and wait until the port is free."""
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(20)


def start(copilot: Copilot, port: int = 0) -> Screens:
    """Serve a workspace on a port of this machine, in a thread."""
    import uvicorn

    from ui.listening import listen
    from ui.server import build
    from ui.words import Words

    copilot.warm_up()
    taken = listen("127.0.0.1", port, Words("en"))
    server = uvicorn.Server(uvicorn.Config(build(copilot), log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    waited = threading.Event()
    while not server.started and thread.is_alive():
        waited.wait(0.02)
    return Screens(copilot, f"http://127.0.0.1:{taken.getsockname()[1]}", server, thread)


@pytest.fixture(scope="session")
def screens(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """The screens of a copy of the sample workspace, on 20 November 2026."""
    from copilot import Copilot
    from tests.conftest import NOW

    folder = tmp_path_factory.mktemp("screens") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    served = start(Copilot(folder, clock=lambda: NOW))
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests: the machine's, else Playwright's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next((path for path in CHROMIUM if Path(path).exists()), None)
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield opened
        opened.close()


@pytest.fixture
def visitor(browser: Browser, screens: Screens) -> Iterator[Any]:
    """Open pages: ``visitor(path="/fr/", locale="fr-FR", **context)``.

    At the end the test fails if a page logged an error, raised one, got an answer of 400 or more, or asked
    any other machine for anything. ``visitor.forgive()`` drops what was noted so far.
    """
    opened = Visitor(browser, screens)
    yield opened
    opened.close()
    assert opened.faults == [], opened.faults


@pytest.fixture
def page(visitor: Visitor) -> Page:
    """The first page, in French."""
    return visitor()


class Visitor:
    """Somebody with a browser."""

    def __init__(self, browser: Browser, screens: Screens) -> None:
        self._browser = browser
        self.screens = screens
        self._noted: list[str] = []
        self._leaving: dict[Page, list[str]] = {}
        self._contexts: list[Any] = []

    def __call__(
        self, path: str = "/fr/", *, locale: str = "fr-FR", address: str = "", **options: Any
    ) -> Page:
        """Open a page in a context of its own and wait until it is ready."""
        context = self._browser.new_context(locale=locale, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        self.watch(page)
        page.goto((address or self.screens.address) + path)
        page.wait_for_selector("html.pv-ready", state="attached")
        return page

    @property
    def faults(self) -> list[str]:
        """What was noted so far."""
        return [*self._noted, *(fault for left in self._leaving.values() for fault in left)]

    def watch(self, page: Page) -> None:
        """Note every fault of a page."""
        self._leaving[page] = []
        page.on("console", lambda m: self._told(m.text, page) if m.type == "error" else None)
        page.on("pageerror", lambda e: self._told(str(e), page))
        page.on("request", lambda r: self._asked(r, page))
        page.on("response", lambda r: self._noted.append(f"{r.status} {r.url}") if r.status >= 400 else None)

    def forgive(self) -> None:
        """Drop the faults noted so far (a test that stops the server causes some)."""
        self._noted.clear()
        for left in self._leaving.values():
            left.clear()

    def close(self) -> None:
        """Close all pages."""
        for context in self._contexts:
            context.close()

    def _told(self, fault: str, page: Page) -> None:
        (self._leaving[page] if fault.startswith(LEFT) else self._noted).append(fault)

    def _asked(self, request: Request, page: Page) -> None:
        if request.is_navigation_request() and request.frame == page.main_frame:
            self._leaving[page].clear()  # the page was left indeed
        url = request.url
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:")):
            self._noted.append(f"asked another machine: {url}")


def serious(page: Page) -> list[str]:
    """Return the serious and critical violations of WCAG 2.2 AA that axe-core finds on a page."""
    import axe_playwright_python

    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(script.read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        tags,
    )
    return [
        f"{item['id']}: {node['html'][:160]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
        for node in item["nodes"]
    ]


def too_wide(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def ticket(page: Page) -> str:
    """Return what the browser keeps of the reply in hand: another one for every draft."""
    return str(page.evaluate("window.pvKept('pv-ticket')"))


def drafted(page: Page, before: str) -> str:
    """Wait until a draft after the one of a ticket is complete, checked and painted; return its text."""
    page.wait_for_function(
        """(before) => {
          const checked = window.pvChecked, answer = document.querySelector('#pv-answer textarea');
          return window.pvKept('pv-ticket') !== before && !document.querySelector('#pv-go').disabled
            && !document.querySelector('#pv-status .pv-waiting')
            && (!checked || answer.value === checked);
        }""",
        arg=before,
    )
    return str(page.evaluate("window.pvChecked"))
