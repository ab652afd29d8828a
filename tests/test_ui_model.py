"""Répondre with an endpoint behind it, in a browser: words as they come, stop, failure, other wordings."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from copilot import Copilot
from copilot.settings import Settings
from tests.browser import Screens, Visitor, drafted, start, ticket
from tests.conftest import NOW
from tests.llm_server import Answer, ScriptedServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "Livrez-vous en Corse, et à quel prix ?"
WRITTEN = (
    "Bonjour,\n\nNous livrons partout en Corse pour 119\u00a0€, sauf le Portefaix.\n\nL’équipe Cyclamène"
)
MARKED = (
    "Bonjour, [[0]]\n\nNous livrons partout en Corse pour 119\u00a0€, sauf le Portefaix. [[1]]\n\n"
    "L’équipe Cyclamène [[0]]"
)
WARMER = WRITTEN.replace("Nous livrons", "C’est avec plaisir que nous livrons")
COMMENT, ANSWER = "#pv-comment textarea", "#pv-answer textarea"
AT_REST = "!document.querySelector('#pv-go').disabled && !document.querySelector('#pv-status .pv-waiting')"


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def written(
    model: ScriptedServer, ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screens]:
    """The screens of a workspace that drafts with the scripted model."""
    folder = tmp_path_factory.mktemp("model") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    settings = Settings(
        llm="test-model", llm_base_url=model.url, llm_api_key="k", llm_timeout=200, llm_retries=0
    )
    served = start(Copilot(folder, settings=settings, clock=lambda: NOW))
    yield served
    served.stop()


@pytest.fixture(scope="module")
def desk(browser: Browser, written: Screens) -> Iterator[Page]:
    """One page for the tests of this file, which must end without a fault."""
    visitor = Visitor(browser, written)
    yield visitor()
    visitor.close()
    assert visitor.faults == []


def shows(page: Page, text: str) -> None:
    page.wait_for_function("(t) => document.querySelector('#pv-answer textarea').value === t", arg=text)


def press(page: Page) -> None:
    page.fill(COMMENT, QUESTION)
    page.click("#pv-go")


def ask(page: Page) -> str:
    before = ticket(page)
    press(page)
    return drafted(page, before)


def test_words_appear_while_the_model_writes_and_the_end_is_checked(
    desk: Page, model: ScriptedServer
) -> None:
    held = Answer(MARKED, hold_after=16)
    model.script(held)
    press(desk)
    desk.wait_for_function("document.querySelector('#pv-answer textarea').value.includes('Nous livrons')")
    half = desk.input_value(ANSWER)
    assert WRITTEN.startswith(half.strip())
    assert "[[" not in half
    assert desk.locator("#pv-stop").is_visible()
    assert desk.locator("#pv-evidence .pv-passage").count() == 0
    held.gate.set()
    shows(desk, WRITTEN)
    desk.wait_for_function(AT_REST)
    desk.wait_for_selector("#pv-evidence .pv-passage mark")
    assert desk.locator("#pv-meter .pv-state-supported").is_visible()
    assert "test-model" in desk.inner_text("#pv-meter")


def test_stop_keeps_what_was_written_and_gives_back_what_stood_there(
    desk: Page, model: ScriptedServer, written: Screens
) -> None:
    model.script(Answer(MARKED))
    assert ask(desk) == WRITTEN
    saved = len(written.copilot.history())
    held = Answer(MARKED.replace("Bonjour", "Bonsoir"), hold_after=16)
    model.script(held)
    press(desk)
    desk.wait_for_function("document.querySelector('#pv-answer textarea').value.includes('Bonsoir')")
    desk.click("#pv-stop")
    desk.wait_for_function(AT_REST)
    assert desk.locator("#pv-stop").is_hidden()
    half = desk.input_value(ANSWER)
    desk.wait_for_function("(t) => window.pvChecked === t", arg=half)
    held.gate.set()
    desk.click("#pv-undo")
    shows(desk, WRITTEN)
    assert half.startswith("Bonsoir")
    assert len(written.copilot.history()) == saved


def test_a_failing_endpoint_leaves_the_offline_draft_and_says_so(desk: Page, model: ScriptedServer) -> None:
    model.script(Answer("oops", status=500))
    assert "119" in ask(desk)
    assert "hors ligne" in desk.inner_text("#pv-notices .pv-warning")
    assert "Traceback" not in desk.inner_text("body")


def test_another_wording_is_taken_only_with_the_same_facts(desk: Page, model: ScriptedServer) -> None:
    model.script(Answer(MARKED))
    assert ask(desk) == WRITTEN
    model.script(Answer(WARMER))
    desk.click("[data-wish=warmer]")
    shows(desk, WARMER)
    model.script(Answer(WARMER.replace("119", "89")))
    desk.click("[data-wish=firmer]")
    desk.wait_for_selector("#pv-notices .pv-warning")
    assert desk.input_value(ANSWER) == WARMER
    model.script(Answer(WRITTEN))
    desk.click("[data-wish=variants]")
    desk.wait_for_selector(".pv-variants li")
    desk.locator(".pv-variants [data-replace]").first.click()
    shows(desk, WRITTEN)


def test_a_connection_that_breaks_while_the_model_writes_is_told_and_the_page_comes_back(
    visitor: Visitor, model: ScriptedServer, written: Screens
) -> None:
    copilot = written.copilot
    first = start(copilot)
    page = visitor(address=first.address)
    held = Answer(MARKED, hold_after=16)
    model.script(held)
    press(page)
    page.wait_for_function("document.querySelector('#pv-answer textarea').value.includes('Nous livrons')")
    first.stop()
    held.gate.set()
    page.wait_for_selector(".pv-lost .pv-connection:has-text('coupée')")
    assert page.locator(".toast-body:visible").count() == 0
    page.evaluate("window.before = true")
    again = start(copilot, int(first.address.rsplit(":", 1)[1]))
    page.wait_for_function("!window.before && document.documentElement.classList.contains('pv-ready')")
    page.wait_for_function(f"(t) => document.querySelector('{COMMENT}').value === t", arg=QUESTION)
    visitor.forgive()
    model.script(Answer(MARKED))
    assert ask(page) == WRITTEN
    again.stop()
    visitor.forgive()
