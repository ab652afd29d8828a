"""Répondre in a real browser: from a pasted message to a recorded reply, by mouse and by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import Visitor, serious, start, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

QUESTION = "Bonjour, combien coûte la livraison d’un vélo ? Merci 🙂"
DANGER = "La batterie de mon vélo fume et j’ai été brûlé à la main !"
COMMENT, ANSWER = "#pv-comment textarea", "#pv-answer textarea"


def ask(page: Page, text: str = QUESTION) -> str:
    """Have a reply drafted; return its text, empty where a person takes over."""
    page.fill(COMMENT, text)
    page.evaluate("window.pvChecked = null")
    page.click("#pv-go")
    page.wait_for_function("window.pvChecked !== null && !document.querySelector('#pv-go').disabled")
    page.wait_for_function("document.querySelector('#pv-status .pv-waiting') === null")
    if not page.evaluate("window.pvChecked"):
        return ""
    page.wait_for_function("document.querySelector('#pv-answer textarea').value === window.pvChecked")
    return page.input_value(ANSWER)


def write(page: Page, text: str) -> None:
    """Type into the answer and wait for the check of exactly this text."""
    page.focus(ANSWER)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.wait_for_function(
        "(t) => document.querySelector('.pv-layer').textContent === t + '\\n' && window.pvChecked === t",
        arg=text,
    )


def layer(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => {
          const area = document.querySelector('#pv-answer textarea');
          const back = document.querySelector('.pv-layer');
          return {text: back.textContent, value: area.value,
            marks: [...back.querySelectorAll('mark')].map((m) => m.textContent),
            heights: [area.scrollHeight, back.scrollHeight], widths: [area.clientWidth, back.clientWidth],
            scrolls: [area.scrollTop, back.scrollTop]};
        }"""
    )
    return found


def test_a_pasted_question_gets_a_reply_with_its_evidence(page: Page) -> None:
    page.locator("body").click(position={"x": 4, "y": 400})
    page.evaluate("text => navigator.clipboard.writeText(text)", QUESTION)
    page.keyboard.press("Control+v")
    assert page.input_value(COMMENT) == QUESTION
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#pv-evidence .pv-passage mark")
    assert "49" in page.input_value(ANSWER)
    assert "À répondre" in page.inner_text("#pv-triage")
    page.keyboard.press("Control+Shift+c")
    page.wait_for_function("document.querySelector('#pv-copy').textContent.includes('Copié')")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value(ANSWER).strip()


def test_sentence_and_passage_lead_to_each_other(page: Page) -> None:
    ask(page)
    page.focus(ANSWER)
    page.evaluate("document.querySelector('#pv-answer textarea').setSelectionRange(0, 0)")
    page.keyboard.press("Alt+ArrowDown")
    chosen = page.evaluate("(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.activeElement)")
    card = page.locator("#pv-evidence .pv-passage.pv-now")
    assert chosen
    assert card.count() == 1
    assert card.locator("mark.pv-now").first.inner_text()
    page.keyboard.press("Alt+ArrowRight")
    assert page.evaluate("document.activeElement.classList.contains('pv-passage')")
    page.keyboard.press("Alt+ArrowLeft")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    card.hover()
    assert chosen.strip() in page.evaluate(
        "[...document.querySelectorAll('.pv-layer .pv-tied')].map((n) => n.textContent).join('')"
    )


def test_the_source_opens_at_its_place(page: Page) -> None:
    ask(page)
    page.locator("[data-open]").first.click()
    page.wait_for_selector("dialog.pv-document[open]")
    mark = page.locator("dialog.pv-document .pv-here mark").first
    assert mark.is_visible()
    place = mark.bounding_box()
    assert place is not None
    assert 0 <= place["y"] < 720
    page.keyboard.press("Escape")
    assert page.locator("dialog.pv-document").is_hidden()


@pytest.mark.parametrize("width", [1280, 380])
def test_marks_lie_exactly_under_their_words(visitor: Visitor, width: int) -> None:
    page = visitor(viewport={"width": width, "height": 800})
    ask(page)
    wide = "👩🏽‍🚀🇫🇷 Élan ! 𝒳 n'hésitez pas à nous écrire  , " + "anticonstitutionnellement" * 4 + "\n\n"
    write(page, wide * 12)
    found = layer(page)
    assert found["value"] + "\n" == found["text"]
    assert found["heights"][0] == found["heights"][1]
    assert found["widths"][0] == found["widths"][1]
    assert sum("hésitez pas" in mark for mark in found["marks"]) == 12
    page.evaluate("document.querySelector('#pv-answer textarea').scrollTop = 120")
    page.wait_for_timeout(100)
    scrolls = layer(page)["scrolls"]
    assert scrolls[0] == scrolls[1]


def test_a_fix_by_key_and_back(page: Page) -> None:
    ask(page)
    text = "Bonjour,\n\nN'hésitez pas à nous écrire !\n\nL’équipe Cyclamène"
    write(page, text)
    page.focus("#pv-findings .pv-finding:has([data-fix])")
    page.keyboard.press("Enter")
    page.wait_for_function("(t) => document.querySelector('#pv-answer textarea').value !== t", arg=text)
    page.wait_for_selector("#pv-undo")
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function("(t) => document.querySelector('#pv-answer textarea').value === t", arg=text)


def test_a_wrong_price_is_found_while_typing_and_can_be_vouched_for(page: Page) -> None:
    text = ask(page)
    write(page, text.replace("49", "12"))
    finding = page.locator("#pv-findings .pv-error").first
    assert "12" in finding.inner_text()
    finding.locator("[data-ignore]").click()
    page.fill("#pv-reason-text textarea", "Tarif négocié avec la boutique de Lyon.")
    page.click("#pv-reason button.primary")
    page.wait_for_selector(".pv-state-vouched")


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    text = ask(page)
    page.select_option("#pv-channel select", "sms")
    write(page, text + " À bientôt.")
    page.reload()
    page.wait_for_selector("#pv-evidence .pv-passage")
    assert page.input_value(COMMENT) == QUESTION
    assert page.input_value(ANSWER) == text + " À bientôt."
    assert page.input_value("#pv-channel select") == "sms"


def test_nothing_is_lost_when_the_server_dies_midway(visitor: Visitor) -> None:
    served = start(visitor.screens.copilot)
    page = visitor(address=served.address)
    text = ask(page)
    port = int(served.address.rsplit(":", 1)[1])
    served.stop()
    page.focus(ANSWER)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text + " Écrit sans connexion.")
    page.wait_for_selector(".pv-lost .pv-connection:has-text('coupée')")
    again = start(visitor.screens.copilot, port)
    page.wait_for_selector("html:not(.pv-lost)", state="attached")
    page.reload()
    page.wait_for_selector("#pv-evidence .pv-passage")
    assert page.input_value(ANSWER) == text + " Écrit sans connexion."
    visitor.forgive()
    page.click("#pv-save")
    page.wait_for_selector("#pv-next")
    again.stop()
    visitor.forgive()
    assert visitor.screens.copilot.history(limit=1)[0].final_text == text + " Écrit sans connexion."


def test_a_danger_is_handed_over_without_a_draft(page: Page) -> None:
    ask(page, DANGER)
    card = page.locator(".pv-escalation")
    assert "Cellule sécurité" in card.inner_text()
    assert card.locator("a[href^='tel:']").count() == 1
    assert page.locator(ANSWER).is_hidden()
    card.locator("[data-copy]").click()
    page.wait_for_selector(".pv-escalation .pv-done")
    assert DANGER in page.evaluate("navigator.clipboard.readText()")
    ask(page)
    assert page.locator(".pv-escalation").count() == 0
    assert page.locator(ANSWER).is_visible()


def test_an_error_is_a_sentence_and_the_page_goes_on(page: Page) -> None:
    page.fill(COMMENT, "   ")
    page.click("#pv-go")
    page.wait_for_selector(".toast-body")
    assert "Traceback" not in page.inner_text(".toast-body")
    page.wait_for_selector("#pv-go:not([disabled])")
    assert page.locator("#pv-stop").is_hidden()
    assert "49" in ask(page)


def test_tu_and_vous_channel_and_length(page: Page) -> None:
    text = ask(page, "Comment rendre mon vélo ?")
    page.click("#pv-register label:has-text('tu')")
    page.wait_for_function("(t) => document.querySelector('#pv-answer textarea').value !== t", arg=text)
    assert "vous" not in page.input_value(ANSWER).lower().split()
    page.select_option("#pv-channel select", "x_post")
    page.wait_for_selector(".pv-count:has-text('280')")
    before = page.input_value(ANSWER)
    page.click("[data-wish=shorter]")
    page.wait_for_function(
        "(n) => document.querySelector('#pv-answer textarea').value.length < n", arg=len(before)
    )


def test_canned_replies_stack_at_the_cursor(page: Page) -> None:
    ask(page)
    write(page, "Bonjour,")
    page.evaluate("document.querySelector('#pv-answer textarea').setSelectionRange(8, 8)")
    page.click("#pv-canned summary")
    for _ in range(2):
        page.locator("[data-insert]").first.click()
    assert page.input_value(ANSWER).count("numéro de commande") == 2


def test_a_verdict_is_kept_with_its_reason(page: Page, visitor: Visitor) -> None:
    ask(page)
    page.click("#pv-verdict [data-good='']")
    page.fill("#pv-why", "Il manque le délai.")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pv-thanks")
    assert visitor.screens.copilot.store.judgements()[0].reason == "Il manque le délai."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_assistive_tools(visitor: Visitor, scheme: str) -> None:
    page = visitor(color_scheme=scheme, reduced_motion="reduce")
    assert serious(page) == []
    text = ask(page)
    write(page, text.replace("49", "12") + " N'hésitez pas !")
    assert serious(page) == []
    page.locator("[data-open]").first.click()
    page.wait_for_selector("dialog.pv-document[open]")
    assert serious(page) == []
    page.keyboard.press("Escape")
    ask(page, DANGER)
    assert serious(page) == []


@pytest.mark.parametrize("width", [380, 640])  # a telephone; 1280 pixels at 200 %
def test_nothing_is_cut_on_a_narrow_screen(visitor: Visitor, width: int) -> None:
    page = visitor("/en/", locale="en-GB", viewport={"width": width, "height": 800})
    assert too_wide(page) <= 0
    ask(page, "How much is the delivery of a bike?")
    assert too_wide(page) <= 0
