"""The strip of what was read, in a real browser: blurred words, their key, corrected labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import PATIENCE, Screens, Visitor, drafted, serious, ticket

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE)

INSULT = "Bande d’abrutis, mon colis est encore en retard !"
TOLD = "Les vestiaires de la boutique ne ferment pas à clé"
COMMENT = "#pv-comment textarea"


@pytest.fixture(scope="module")
def shared(browser: Browser, screens: Screens) -> Iterator[Page]:
    visitor = Visitor(browser, screens)
    yield visitor()
    assert visitor.faults == []
    visitor.close()


def ask(page: Page, text: str) -> None:
    before = ticket(page)
    page.fill(COMMENT, text)
    page.click("#pv-go")
    drafted(page, before)


def blur(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("node => getComputedStyle(node).filter"))


def test_an_insult_is_blurred_until_a_key_shows_it(shared: Page) -> None:
    ask(shared, INSULT)
    word = ".pv-guard .pv-comment .pv-blurred"
    expect(shared.locator(word).first).to_contain_text("abrutis")
    assert "blur" in blur(shared, word)
    assert "blur" in blur(shared, ".pv-why.pv-blurred")
    assert shared.locator(word).first.get_attribute("aria-hidden") == "true"
    shared.locator("#pv-go").focus()
    assert "blur" in blur(shared, COMMENT)
    shared.focus("[data-reveal]")
    shared.keyboard.press("Enter")
    assert blur(shared, word) == "none"
    assert blur(shared, COMMENT) == "none"
    assert shared.locator(word).first.get_attribute("aria-hidden") == "false"
    expect(shared.locator("[data-reveal]")).to_have_text("Flouter à nouveau")
    shared.keyboard.press("Alt+v")
    assert "blur" in blur(shared, word)
    assert serious(shared) == []


def test_the_level_is_chosen_and_remembered(shared: Page) -> None:
    ask(shared, INSULT)
    shared.get_by_label("flouter le message").check()
    assert "blur" in blur(shared, ".pv-guard .pv-comment")
    shared.reload()
    shared.wait_for_selector(".pv-guard[data-ready]")
    assert "blur" in blur(shared, ".pv-guard .pv-comment")
    shared.get_by_label("montrer", exact=True).check()
    assert blur(shared, ".pv-guard .pv-comment .pv-blurred") == "none"
    expect(shared.locator("[data-reveal]")).to_be_hidden()
    shared.get_by_label("flouter les mots").check()
    assert "blur" in blur(shared, ".pv-guard .pv-comment .pv-blurred")


def test_an_ordinary_message_has_no_shield(shared: Page) -> None:
    ask(shared, "Bonjour, combien coûte la livraison d’un vélo ?")
    assert shared.locator(".pv-guard").count() == 0
    assert blur(shared, COMMENT) == "none"


def test_a_label_is_corrected_and_the_correction_taken_back(shared: Page, screens: Screens) -> None:
    ask(shared, TOLD)
    expect(shared.locator("#pv-triage .pv-unsure")).to_be_visible()
    shared.click(".pv-correct summary")
    shared.locator(".pv-correct").get_by_label("réclamation").uncheck()
    shared.locator(".pv-correct").get_by_label("idée").check()
    shared.select_option(".pv-correct select", "ignore")
    shared.click(".pv-correct button[type=submit]")
    expect(shared.locator(".pv-corrected")).to_be_visible()
    expect(shared.locator(".pv-chips")).to_contain_text("idée")
    expect(shared.locator(".pv-chips")).to_contain_text("Pas de réponse attendue")
    kept = screens.copilot.workspace.knowledge / "triage" / "corrections.yml"
    assert TOLD in kept.read_text(encoding="utf-8")
    assert screens.copilot.triage(TOLD).route == "ignore"
    shared.click("[data-uncorrect]")
    expect(shared.locator(".pv-corrected")).to_have_count(0)
    expect(shared.locator(".pv-chips")).to_contain_text("réclamation")
    assert TOLD not in kept.read_text(encoding="utf-8")
