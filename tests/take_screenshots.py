"""Take the pictures of ``docs/screenshots``: ``python -m tests.take_screenshots [NAME…]``.

The pages are those of the sample workspace of 20 November 2026, offline. Take them again when a page has
changed, and look at each before it is committed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot import Comment, Copilot, ReplyRequest
from tests.briefs import BRIEFS
from tests.browser import ARGUMENTS, CHROMIUM, drafted, start, ticket
from tests.conftest import NOW, ROOT, copy_sample
from tests.record_lab_runs import record

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FOLDER = ROOT / "docs" / "screenshots"
HIGHEST = 2400
"""Pixels of a picture of a whole page: what comes below adds nothing."""
TRIAL = 600_000
"""Milliseconds that a trial may take on a busy machine."""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
ASKED = {
    "fr": "Bonjour, combien coûte la livraison d’un vélo ? Merci 🙂",
    "en": "How much is the delivery of a bike?",
}


@dataclass(frozen=True)
class Shot:
    """One picture: the page, what is done on it, and for whom it is shown."""

    path: str
    act: Callable[[Page, str], None]
    language: str
    scheme: str
    width: int = 1280
    whole: bool = False


def reply(page: Page, language: str) -> None:
    """A draft whose price somebody changed in light pictures; dark ones show it as it came."""
    before = ticket(page)
    page.fill("#pv-comment textarea", ASKED[language])
    page.click("#pv-go")
    text = drafted(page, before)
    if not dark(page):
        page.fill("#pv-answer textarea", text.replace("49", "12"))
        page.wait_for_selector("#pv-findings .pv-error")


def write(page: Page, language: str) -> None:
    """Posts of a brief."""
    for name, words in BRIEFS[language].items():
        page.fill(f"#pv-write-{name} textarea, #pv-write-{name} input", words)
    page.click("#pv-go")
    page.wait_for_selector("#pv-answer textarea")
    page.wait_for_function("window.pvChecked === document.querySelector('#pv-answer textarea').value")
    page.wait_for_selector("#pv-go:enabled")


def review(page: Page, _language: str) -> None:
    """A text in which a price was changed."""
    page.wait_for_selector("#pv-review-queue .pv-waiting", state="detached")
    page.locator("#pv-review-queue [data-open]", has_text="Corse").click()
    page.wait_for_selector("#pv-review-changes ins")


def room(name: str) -> Callable[[Page, str], None]:
    """A room of Savoir."""
    shown = {"entries": "-entry-words", "health": "-health .pv-health", "brand": "-samples li"}

    def act(page: Page, _language: str) -> None:
        page.locator(f"#pv-knowledge-rooms input[value={name}]").check()
        page.wait_for_selector(f"#pv-knowledge-{name}-room", state="visible")
        if name == "entries":
            page.locator("#pv-knowledge-entries [data-do=open]").nth(6).click()
            page.wait_for_function("document.querySelector('#pv-knowledge-answer textarea').value")
        elif name in shown:
            page.wait_for_selector(f"#pv-knowledge{shown[name]}")

    return act


def lab(page: Page, language: str) -> None:
    """Light: a prompt compared with the one in use, on the recorded answers; dark: the one in use."""
    page.wait_for_selector("#pv-lab-state .pv-lab-state")
    page.wait_for_selector(".pv-tokens li")
    if dark(page):
        return
    page.get_by_label("Réponse · concis" if language == "fr" else "Reply · concis").check()
    page.wait_for_selector(".pv-lab-edited")
    page.click("#pv-lab-go")
    page.wait_for_selector(".pv-hold", timeout=TRIAL)


def dark(page: Page) -> bool:
    """Say whether a page is shown in the dark theme."""
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


SHOTS = {
    **{
        f"reply-{scheme}-{language}{'-380' if width == 380 else ''}": Shot(
            "", reply, language, scheme, width, whole=width == 380
        )
        for language, scheme, width in (
            ("fr", "light", 1280), ("en", "light", 1280), ("fr", "dark", 1280), ("en", "dark", 1280),
            ("fr", "light", 380), ("fr", "dark", 380), ("en", "light", 380),
        )
    },
    "write-fr-1280-light": Shot("write", write, "fr", "light", whole=True),
    "write-en-380-dark": Shot("write", write, "en", "dark", 380, whole=True),
    "review-fr-1280-light": Shot("review", review, "fr", "light", whole=True),
    "review-en-380-dark": Shot("review", review, "en", "dark", 380, whole=True),
    "knowledge-brand-fr": Shot("knowledge", room("brand"), "fr", "light"),
    "knowledge-health-fr": Shot("knowledge", room("health"), "fr", "light"),
    "knowledge-sources-fr": Shot("knowledge", room("sources"), "fr", "light"),
    "knowledge-entries-dark-en": Shot("knowledge", room("entries"), "en", "dark"),
    "knowledge-entries-380-dark-en": Shot("knowledge", room("entries"), "en", "dark", 380),
    "lab-fr-light-1280": Shot("lab", lab, "fr", "light", whole=True),
    "lab-fr-dark-1280": Shot("lab", lab, "fr", "dark", whole=True),
    "lab-en-dark-380": Shot("lab", lab, "en", "dark", 380, whole=True),
}  # fmt: skip


def prepared(folder: Path) -> Copilot:
    """Return a sample workspace in which somebody has worked: texts handed in, answers recorded."""
    copilot = Copilot(copy_sample(folder), clock=lambda: NOW)
    copilot.ingest()
    for asked in ("Comment rendre mon vélo ?", "Vendez-vous des trottinettes à hydrogène ?"):
        made = copilot.reply(ReplyRequest(Comment(asked, "Zoé Lambert")))
        if made.draft.answered:
            copilot.accept(made.id, made.draft.text)
    for asked in ("What does the warranty cover?", "Livrez-vous en Corse, et à quel prix ?"):
        made = copilot.reply(ReplyRequest(Comment(asked, "Zoé Lambert")))
        copilot.reviews.submit(made.id, made.draft.text.replace("119", "89"))
    record(copilot, folder / "prompts" / "runs")  # with what was learnt from the replies above
    return copilot


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open the browser that the tests use too."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        found = next((path for path in CHROMIUM if Path(path).exists()), None)
        opened = driver.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield opened
        opened.close()


def take(browser: Browser, address: str, name: str, shot: Shot) -> None:
    """Open a page, act on it, and save its picture."""
    options: dict[str, Any] = {"color_scheme": shot.scheme, "reduced_motion": "reduce"}
    size = {"width": shot.width, "height": 900 if shot.width > 900 else 800}
    context = browser.new_context(locale=LOCALES[shot.language], viewport=size, **options)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{address}/{shot.language}/{shot.path}")
    page.wait_for_selector("html.pv-ready", state="attached")
    shot.act(page, shot.language)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.mouse.move(2, 2)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)  # the last painting
    height = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
    part = {"x": 0, "y": 0, "width": shot.width, "height": height if shot.whole else size["height"]}
    page.screenshot(path=FOLDER / f"{name}.png", full_page=shot.whole, clip=part)  # type: ignore[arg-type]
    context.close()


def main(names: Iterable[str]) -> None:
    """Take the pictures named, or all."""
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        served = start(prepared(Path(scratch) / "cyclamene"))
        for name in names:
            take(browser, served.address, name, SHOTS[name])
        served.stop()


if __name__ == "__main__":
    main(sys.argv[1:] or SHOTS)
