"""Répondre in a real browser: from a pasted message to a recorded reply, by mouse and by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import PATIENCE, Screens, Visitor, drafted, serious, start, ticket, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
expect.set_options(timeout=PATIENCE)

QUESTION = "Bonjour, combien coûte la livraison d’un vélo ? Merci 🙂"
ENGLISH = "How much is the delivery of a bike?"
DANGER = "La batterie de mon vélo fume et j’ai été brûlé à la main !"
COMMENT, ANSWER = "#pv-comment textarea", "#pv-answer textarea"
WIDE = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def desks(browser: Browser, screens: Screens) -> Iterator[Visitor]:
    """The pages that the tests of this file share: opening one takes longer than most of what they do."""
    opened = Visitor(browser, screens)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def french(desks: Visitor) -> Page:
    return desks()


@pytest.fixture(scope="module")
def english(desks: Visitor) -> Page:
    return desks("/en/", locale="en-GB", reduced_motion="reduce")


@pytest.fixture(autouse=True)
def faultless(desks: Visitor) -> Iterator[None]:
    """Every test answers for the faults that the shared pages noted while it ran."""
    desks.forgive()
    yield
    assert desks.faults == []


@pytest.fixture
def page(french: Page) -> Page:
    """The shared French page, whatever the test before left open."""
    french.keyboard.press("Escape")
    french.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return french


def ask(page: Page, text: str = QUESTION) -> str:
    """Have a reply drafted; return its text, empty where a person takes over."""
    before = ticket(page)
    page.fill(COMMENT, text)
    page.click("#pv-go")
    return drafted(page, before)


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
            heights: [area.scrollHeight, back.scrollHeight], widths: [area.clientWidth, back.clientWidth]};
        }"""
    )
    return found


def test_a_pasted_question_gets_a_reply_with_its_evidence(page: Page) -> None:
    page.fill(COMMENT, "")
    page.locator("body").click(position={"x": 4, "y": 400})
    page.evaluate("text => navigator.clipboard.writeText(text)", QUESTION)
    page.keyboard.press("Control+v")
    page.wait_for_function("(t) => document.querySelector('#pv-comment textarea').value === t", arg=QUESTION)
    before = ticket(page)
    page.keyboard.press("Control+Enter")
    drafted(page, before)
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
def test_marks_lie_exactly_under_their_words(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    ask(page)
    wide = "👩🏽‍🚀🇫🇷 Élan ! 𝒳 n'hésitez pas à nous écrire  , " + "anticonstitutionnellement" * 4 + "\n\n"
    write(page, wide * 12)
    found = layer(page)
    assert found["value"] + "\n" == found["text"]
    assert found["heights"][0] == found["heights"][1]
    assert found["widths"][0] == found["widths"][1]
    assert sum("hésitez pas" in mark for mark in found["marks"]) == 12
    page.evaluate("document.querySelector('#pv-answer textarea').scrollTop = 120")
    page.wait_for_function(
        """() => document.querySelector('.pv-layer').scrollTop
            === document.querySelector('#pv-answer textarea').scrollTop"""
    )


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
    expect(page.locator(COMMENT)).to_have_value(QUESTION)
    expect(page.locator(ANSWER)).to_have_value(text + " À bientôt.")
    expect(page.locator("#pv-channel select")).to_have_value("sms")
    expect(page.locator(ANSWER)).to_be_focused()
    page.keyboard.type(" Zoé")
    expect(page.locator(ANSWER)).to_have_value(text + " À bientôt. Zoé")


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
    expect(page.locator(COMMENT)).to_have_value(QUESTION)
    expect(page.locator(ANSWER)).to_have_value(text + " Écrit sans connexion.")
    visitor.forgive()
    reply_id = json.loads(ticket(page))["reply"]
    page.click("#pv-save")
    page.wait_for_selector("#pv-next")
    again.stop()
    visitor.forgive()
    saved = visitor.screens.copilot.desk.saved(reply_id)
    assert saved.final_text == text + " Écrit sans connexion."


def test_a_reply_is_handed_in_once_and_never_over_a_colleague(page: Page, visitor: Visitor) -> None:
    text = ask(page)
    reviews = visitor.screens.copilot.reviews
    reply_id = json.loads(ticket(page))["reply"]
    page.click("#pv-submit")
    page.wait_for_selector("#pv-next")
    first = reviews.get(reply_id)
    assert first is not None
    assert (first.state, first.text) == ("submitted", text)
    write(page, text + " À bientôt.")
    page.keyboard.press("Control+Shift+s")
    page.wait_for_function("JSON.parse(window.pvKept('pv-ticket')).handed === 2")
    reviews.edit(reply_id, "Le texte de la responsable.", seen=2)
    page.click("#pv-submit")
    page.wait_for_selector(".toast-body.error:has-text('Relire')")
    last = reviews.get(reply_id)
    assert last is not None
    assert last.text == "Le texte de la responsable."


def test_facts_of_ones_own_are_used_marked_and_kept(page: Page) -> None:
    page.fill("#pv-note textarea", "La boutique de Brest rouvre le 3 décembre 2026.")
    text = ask(page, "La boutique de Brest est-elle ouverte ?")
    assert "3 décembre" in text
    assert "3 décembre" in page.inner_text("#pv-evidence")
    page.reload()
    page.wait_for_selector("#pv-evidence .pv-passage")
    expect(page.locator("#pv-note textarea")).to_have_value("La boutique de Brest rouvre le 3 décembre 2026.")
    page.fill("#pv-note textarea", "")


def test_a_page_without_encryption_keeps_and_copies_as_well(visitor: Visitor) -> None:
    """Browsers give such pages neither locks, nor a clipboard, nor random names."""
    context = visitor().context
    context.add_init_script(
        """for (const name of ["locks", "clipboard"])
             Object.defineProperty(Navigator.prototype, name, {get: () => undefined});
           Object.defineProperty(Crypto.prototype, "randomUUID", {get: () => undefined});"""
    )
    page = context.new_page()
    visitor.watch(page)
    page.goto(f"{visitor.screens.address}/fr/")
    page.wait_for_selector("html.pv-ready", state="attached")
    text = ask(page)
    page.click("#pv-copy")
    page.wait_for_selector("#pv-copy:has-text('Copié')")
    page.reload()
    expect(page.locator(COMMENT)).to_have_value(QUESTION)
    expect(page.locator(ANSWER)).to_have_value(text)


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


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_stands_in_the_way_of_assistive_tools(desks: Visitor, english: Page, language: str) -> None:
    page = desks(reduced_motion="reduce") if language == "fr" else english
    question = QUESTION if language == "fr" else ENGLISH
    assert in_both_themes(page) == []
    text = ask(page, question)
    write(page, text.replace("49", "12") + " N'hésitez pas !  Please do not hesitate.")
    assert in_both_themes(page) == []
    page.locator("[data-open]").first.click()
    page.wait_for_selector("dialog.pv-document[open]")
    assert in_both_themes(page) == []
    page.keyboard.press("Escape")
    ask(page, DANGER if language == "fr" else "My battery is smoking and it burnt my hand!")
    assert page.locator(".pv-escalation").is_visible()
    assert in_both_themes(page) == []


def in_both_themes(page: Page) -> list[str]:
    found = serious(page)
    page.evaluate("document.body.classList.toggle('dark')")
    found += serious(page)
    page.evaluate("document.body.classList.toggle('dark')")
    return found


@pytest.mark.parametrize("width", [380, 640])  # a telephone; 1280 pixels at 200 %
def test_nothing_is_cut_on_a_narrow_screen(english: Page, width: int) -> None:
    english.set_viewport_size({"width": width, "height": 800})
    ask(english, ENGLISH)
    write(english, english.input_value(ANSWER).replace("49", "12"))
    assert too_wide(english) <= 0
    assert cut_off(english) == []


def cut_off(page: Page) -> list[str]:
    """Return the texts of buttons and links that stick out of the window."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('button, a, label, h2, select')]
          .filter((n) => n.offsetParent && !n.matches('.pv-skip'))
          .filter((n) => n.getBoundingClientRect().right > window.innerWidth + 1)
          .map((n) => n.textContent)"""
    )
    return found
