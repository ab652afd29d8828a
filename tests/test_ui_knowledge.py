"""Savoir in a real browser: entries, conflicts, gaps, health, sources, the brand and its rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import Screens, Visitor, serious, start, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

ROOMS = ("entries", "gaps", "health", "sources", "brand", "rules")
LIST, QUESTION, ANSWER = (
    "#pv-knowledge-entries",
    "#pv-knowledge-question textarea",
    "#pv-knowledge-answer textarea",
)
PRICE = "Combien coûte la livraison d’un vélo ?"


@pytest.fixture(scope="module")
def room(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """A workspace of our own: these tests change the knowledge."""
    from copilot import Copilot
    from tests.conftest import NOW

    folder = tmp_path_factory.mktemp("knowledge") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    copilot = Copilot(folder, clock=lambda: NOW)
    for question in (PRICE, "Vendez-vous des trottinettes volantes à hydrogène ?"):
        copilot.reply(question)
    served = start(copilot)
    yield served
    served.stop()


@pytest.fixture
def page(visitor: Visitor, room: Screens) -> Page:
    return visitor("/fr/knowledge", address=room.address)


def enter(page: Page, name: str) -> None:
    page.locator("#pv-knowledge-rooms label").nth(ROOMS.index(name)).click()
    page.wait_for_selector(f"#pv-knowledge-{name}-room", state="visible")


def find(page: Page, words: str, question: str) -> None:
    """Search an entry and open it."""
    page.fill("#pv-knowledge-find input, #pv-knowledge-find textarea", words)
    row = page.locator(f"{LIST} [data-do=open]", has_text=question).first
    row.click()
    page.wait_for_function(
        "(q) => document.querySelector('#pv-knowledge-question textarea').value === q", arg=question
    )


def entry_of(room: Screens, entry_id: str) -> str:
    return room.copilot.knowledge.entry(entry_id).answer


def test_an_entry_is_found_edited_and_saved(page: Page, room: Screens) -> None:
    find(page, "rétractation retour", "Combien de temps ai-je pour retourner un vélo acheté en ligne ?")
    text = page.input_value(ANSWER)
    page.fill(ANSWER, text + " Un mot de plus.")
    page.keyboard.press("Control+s")
    page.wait_for_selector("#pv-knowledge-told .pv-knowledge-done")
    assert entry_of(room, "retour-delai").endswith("Un mot de plus.")
    file = room.copilot.workspace.folder / room.copilot.knowledge.entry("retour-delai").path
    assert "Un mot de plus." in file.read_text(encoding="utf-8")


def test_a_conflict_shows_both_texts_and_loses_neither(page: Page, room: Screens) -> None:
    find(page, "livraison prix vélo", PRICE)
    page.fill(ANSWER, "Ma version du prix.")
    file = room.copilot.workspace.folder / room.copilot.knowledge.entry("livraison-prix").path
    theirs = file.read_text(encoding="utf-8").replace("en France continentale", "en France métropolitaine")
    file.write_text(theirs, encoding="utf-8")
    page.click("#pv-knowledge-save")
    dialog = page.locator("#pv-knowledge-conflict dialog[open]")
    dialog.wait_for()
    assert "métropolitaine" in dialog.inner_text()
    assert "Ma version du prix." in dialog.inner_text()
    assert file.read_text(encoding="utf-8") == theirs
    dialog.locator("[data-do=back]").click()
    assert page.input_value(ANSWER) == "Ma version du prix."
    page.click("#pv-knowledge-save")
    dialog.locator("[data-do=mine]").click()
    page.wait_for_selector("#pv-knowledge-told .pv-knowledge-done")
    assert entry_of(room, "livraison-prix") == "Ma version du prix."


def test_what_was_typed_in_an_entry_survives_a_reload(page: Page, room: Screens) -> None:
    question = "Livrez-vous en Suisse ?"
    find(page, "suisse romande", question)
    page.fill(ANSWER, "Écrit avant le rechargement.")
    page.reload()
    page.wait_for_selector("html.pv-ready", state="attached")
    page.wait_for_selector("#pv-knowledge-head code")
    assert page.input_value(QUESTION) == question
    assert page.input_value(ANSWER) == "Écrit avant le rechargement."
    page.click("#pv-knowledge-approve")
    page.wait_for_selector("#pv-knowledge-told .pv-knowledge-done")
    found = room.copilot.knowledge.entry("livraison-suisse")
    assert (found.answer, found.status) == ("Écrit avant le rechargement.", "approved")


def test_entries_in_ones_own_language_come_first_and_states_are_chosen(
    visitor: Visitor, room: Screens
) -> None:
    page = visitor("/en/knowledge", locale="en-GB", address=room.address)
    page.wait_for_selector(f"{LIST} [data-do=open]:has-text('battery')")
    assert "battery" in " ".join(page.locator(f"{LIST} [data-do=open]").all_inner_texts()[:3])
    page.select_option("#pv-knowledge-filter select", "retired")
    page.wait_for_selector(f"{LIST} .pv-badge-approved", state="detached")
    assert page.locator(f"{LIST} .pv-badge-retired").count() >= 1


def test_a_gap_becomes_an_entry(page: Page, room: Screens) -> None:
    enter(page, "gaps")
    page.locator("#pv-knowledge-gaps [data-do=write]").first.click()
    page.wait_for_selector(QUESTION, state="visible")
    page.wait_for_function(
        "document.querySelector('#pv-knowledge-question textarea').value.includes('trottinettes')"
    )
    page.fill(ANSWER, "Non, nous ne vendons que des vélos.")
    page.click("#pv-knowledge-save")
    page.wait_for_selector("#pv-knowledge-told .pv-knowledge-done")
    assert room.copilot.knowledge.gaps() == []
    enter(page, "gaps")
    page.wait_for_selector("#pv-knowledge-gaps .pv-empty")


def test_health_leads_to_the_entry(page: Page) -> None:
    enter(page, "health")
    page.wait_for_selector(".pv-health-counts")
    page.locator("#pv-health-expired [data-do=open]").first.click()
    page.wait_for_selector("#pv-knowledge-head .pv-badge-past")


def test_files_are_brought_in_and_failures_named(page: Page, room: Screens, tmp_path: Path) -> None:
    good, bad = tmp_path / "lune.csv", tmp_path / "casse.docx"
    good.write_text("question,answer\nLivrez-vous sur la Lune ?,Pas encore.\n", encoding="utf-8")
    bad.write_bytes(b"PK\x03\x04 nothing")
    enter(page, "sources")
    page.wait_for_selector(".pv-knowledge-table")
    page.set_input_files("#pv-knowledge-files input[type=file]", [str(good), str(bad)])
    page.wait_for_selector("#pv-knowledge-outcome .pv-knowledge-failed")
    assert "casse.docx" in page.inner_text("#pv-knowledge-outcome .pv-knowledge-failed")
    assert str(tmp_path) not in page.inner_text("#pv-knowledge-outcome")
    page.wait_for_selector("#pv-knowledge-progress .pv-knowledge-done")
    page.locator(".pv-knowledge-table [data-do=review]", has_text="lune.csv").click()
    page.wait_for_selector("#pv-knowledge-review .pv-knowledge-decisions")
    assert room.copilot.knowledge.entries("sur la lune")[0].status == "pending"


def test_the_brand_is_previewed_checked_and_saved(page: Page, room: Screens) -> None:
    before = room.copilot.workspace.brand_file.read_text(encoding="utf-8")
    enter(page, "brand")
    page.wait_for_selector("ol.pv-knowledge-samples")
    page.fill("#pv-knowledge-signoff-fr input, #pv-knowledge-signoff-fr textarea", "La bande à vélo")
    page.wait_for_selector("ol.pv-knowledge-samples ins:has-text('bande')")
    assert room.copilot.workspace.brand_file.read_text(encoding="utf-8") == before
    page.wait_for_function("window.pvKept('pv-knowledge-brand-kept').includes('bande')")
    page.reload()
    page.wait_for_selector("html.pv-ready", state="attached")
    enter(page, "brand")
    page.wait_for_selector("ol.pv-knowledge-samples ins:has-text('bande')")
    assert page.locator("#pv-knowledge-yaml-part").is_hidden()
    page.locator("#pv-knowledge-mode label").nth(1).click()
    page.wait_for_selector("#pv-knowledge-form-part", state="hidden")
    yaml = "#pv-knowledge-yaml textarea"
    page.wait_for_selector(yaml, state="visible")
    text = page.input_value(yaml)
    page.fill(yaml, text + "\nvoyce: [a]\n")
    page.wait_for_selector("#pv-knowledge-brand-problem .pv-knowledge-problem")
    assert "brand.yml:" in page.inner_text("#pv-knowledge-brand-problem")
    page.fill(yaml, text)
    page.wait_for_selector("#pv-knowledge-brand-problem .pv-knowledge-problem", state="detached")
    page.click("#pv-knowledge-brand-save")
    page.wait_for_selector("ol.pv-knowledge-samples .pv-badge-approved", state="detached")
    after = room.copilot.workspace.brand_file.read_text(encoding="utf-8")
    assert after == before.replace('signoff: "L’équipe Cyclamène"', 'signoff: "La bande à vélo"')
    page.wait_for_function("window.pvKept('pv-knowledge-brand-kept') === ''")


def test_a_rule_shows_its_reach(page: Page) -> None:
    enter(page, "rules")
    page.locator("#pv-knowledge-rules [data-do=rule]").first.click()
    page.wait_for_selector("#pv-knowledge-rule .pv-rule")
    trial = "#pv-knowledge-trial textarea"
    page.fill(trial, "extends: existence\nmessage: x\ntokens:\n  - livraison\nignorecase: true\n")
    page.click("#pv-knowledge-try")
    page.wait_for_selector("#pv-knowledge-reach mark")
    page.fill(trial, "extends: existance\nmessage: x\n")
    page.click("#pv-knowledge-try")
    page.wait_for_selector("#pv-knowledge-reach .pv-knowledge-problem")


@pytest.mark.parametrize(("scheme", "width", "language"), [("light", 1280, "fr"), ("dark", 380, "en")])
def test_every_room_is_accessible_and_fits(
    visitor: Visitor, room: Screens, scheme: str, width: int, language: str
) -> None:
    page = visitor(
        f"/{language}/knowledge",
        locale="fr-FR" if language == "fr" else "en-GB",
        address=room.address,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
    )
    page.locator(f"{LIST} [data-do=open]").first.click()
    page.wait_for_selector("#pv-knowledge-head code")
    ready = {
        "health": ".pv-health-counts",
        "sources": ".pv-knowledge-table",
        "brand": "ol.pv-knowledge-samples",
    }
    for name in ROOMS:
        enter(page, name)
        if name in ready:
            page.wait_for_selector(ready[name])
        assert (name, serious(page)) == (name, [])
        assert (name, too_wide(page) <= 0) == (name, True)
