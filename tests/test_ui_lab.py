"""Atelier in a real browser: a manager without code edits, tries, compares, promotes and goes back."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import Screens, Visitor, serious, start, too_wide
from tests.conftest import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
LONG = 120_000
"""Milliseconds that a trial may take on a busy machine."""


@pytest.fixture(scope="module")
def bench(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """Screens of a sample whose golden cases are those on deliveries: enough to see, quick to run."""
    from copilot import Copilot

    folder = tmp_path_factory.mktemp("bench") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    for path in (folder / "prompts" / "cases").glob("*.yml"):
        if path.name != "livraison-et-retours.yml":
            path.unlink()
    served = start(Copilot(folder, clock=lambda: NOW))
    yield served
    served.stop()


@pytest.fixture
def lab(visitor: Visitor, bench: Screens) -> Callable[..., Page]:
    def opened(language: str = "fr", **options: object) -> Page:
        locale = "fr-FR" if language == "fr" else "en-GB"
        page = visitor(f"/{language}/lab", locale=locale, address=bench.address, **options)
        page.wait_for_selector("#pv-lab-state .pv-lab-state")
        page.wait_for_function("document.querySelector('#pv-lab-text textarea').value")
        return page

    return opened


def text_of(page: Page) -> str:
    return page.input_value("#pv-lab-text textarea")


def test_a_manager_finds_the_planted_regression(lab: Callable[..., Page]) -> None:
    started = time.monotonic()
    page = lab()
    page.get_by_label("Réponse · concis").check()
    page.wait_for_selector(".pv-lab-edited")
    page.click("#pv-lab-go")
    page.wait_for_selector(".pv-hold", timeout=LONG)
    assert page.inner_text(".pv-hold") == "Ne pas promouvoir"
    assert "Faits prouvés" in page.inner_text(".pv-reasons")
    assert page.locator("tr.pv-row-broke[data-promise=facts]").count() == 1
    case = page.locator(".pv-case", has_text="Condition perdue").first
    case.evaluate("node => { node.open = true }")
    assert "Condition perdue" in case.inner_text()
    assert case.locator("section").first.locator("del").count() > 0
    assert time.monotonic() - started < 300


def test_a_version_is_promoted_with_a_note_and_taken_back(lab: Callable[..., Page], bench: Screens) -> None:
    page = lab()
    before = text_of(page)
    page.fill("#pv-lab-text textarea", before.replace("Tu rédiges", "Tu écris", 1))
    page.wait_for_selector(".pv-lab-edited")
    assert "2 lignes" in page.inner_text(".pv-lab-diff summary")
    page.click("#pv-lab-promote")
    page.wait_for_selector(".toast-body:has-text('Ajoutez une note')")
    page.fill("#pv-lab-note textarea", "Un verbe plus simple.")
    page.click("#pv-lab-promote")
    page.wait_for_selector("#pv-lab-promoted:has-text('en production')")
    kept = bench.copilot.workspace.prompts / "reply.md"
    assert "Tu écris" in kept.read_text(encoding="utf-8")
    assert page.locator(".pv-lab-history li").count() == 2
    assert "Un verbe plus simple." in page.inner_text(".pv-lab-history")
    page.click(".pv-lab-history [data-version]")
    page.wait_for_selector("#pv-lab-promoted:has-text('Retour fait')")
    assert text_of(page) == before
    assert "Tu écris" not in kept.read_text(encoding="utf-8")


def test_a_mistake_is_told_with_its_line_as_one_types(lab: Callable[..., Page]) -> None:
    page = lab()
    page.fill("#pv-lab-text textarea", text_of(page) + "\n{{coment}}")
    page.wait_for_selector(".pv-lab-problem")
    told = page.inner_text(".pv-lab-problem")
    assert re.search(r"prompts/reply\.md:\d+", told)
    assert "comment" in told


def test_the_preview_follows_the_text_and_the_example(lab: Callable[..., Page]) -> None:
    page = lab("en")
    page.wait_for_selector(".pv-tokens li")
    page.fill("#pv-lab-example textarea", "Do you deliver to Belgium?")
    page.locator("#pv-lab-example textarea").blur()
    page.locator(".pv-message", has_text="User message").wait_for()
    page.wait_for_function(
        "document.querySelector('#pv-lab-preview').textContent.includes('deliver to Belgium')"
    )
    assert page.locator(".pv-message mark[title='customer’s message']").count() == 1


def test_an_edit_survives_a_reload(lab: Callable[..., Page]) -> None:
    page = lab()
    page.get_by_label("Réécriture").check()
    page.wait_for_function(
        "document.querySelector('#pv-lab-text textarea').value.includes('{{instruction}}')"
    )
    page.locator("#pv-lab-text textarea").press("Control+End")
    page.keyboard.type("\n5. Reste bref.")
    page.wait_for_selector(".pv-lab-edited")
    page.reload()
    page.wait_for_selector(".pv-lab-edited")
    assert text_of(page).endswith("5. Reste bref.")
    assert page.get_by_label("Réécriture").is_checked()


def test_a_prompt_that_no_case_judges_is_refused_in_a_sentence(lab: Callable[..., Page]) -> None:
    page = lab()
    page.get_by_label("Publication").check()
    page.wait_for_function("document.querySelector('#pv-lab-text textarea').value.includes('{{objective}}')")
    page.click("#pv-lab-go")
    page.wait_for_selector("#pv-lab-status [role=alert]:has-text('ne jugent que')")
    page.wait_for_selector("#pv-lab-go:enabled")


@pytest.mark.parametrize(("language", "scheme"), [("fr", "light"), ("en", "dark")])
def test_the_page_serves_everybody(lab: Callable[..., Page], language: str, scheme: str) -> None:
    page = lab(language, viewport={"width": 380, "height": 800}, color_scheme=scheme)
    page.wait_for_selector(".pv-tokens li")
    assert too_wide(page) <= 0
    assert serious(page) == []
