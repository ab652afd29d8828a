"""Relire, in a real browser: the list, the comparison, decisions, a conflict, the trail."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from copilot import Comment, Copilot, ReplyRequest
from tests.browser import Screens, Visitor, start
from tests.conftest import NOW

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
ASKED = "Livrez-vous en Corse, et à quel prix ?"
GOOD = "Nous livrons partout en Corse pour 119 €, sauf le Portefaix."
WRONG = GOOD.replace("119", "89")


@pytest.fixture(scope="module")
def room(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """Screens of a workspace of its own, whose queue the tests fill."""
    folder = tmp_path_factory.mktemp("review") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    served = start(Copilot(folder, clock=lambda: NOW))
    yield served
    served.stop()


@pytest.fixture
def submit(room: Screens) -> Callable[[str], str]:
    """Submit a text and return the id of its reply."""

    def make(text: str) -> str:
        reply = room.copilot.reply(ReplyRequest(Comment(ASKED, "Zoé Lambert")))
        room.copilot.reviews.submit(reply.id, text)
        return reply.id

    return make


@pytest.fixture
def opened(room: Screens, visitor: Visitor) -> Callable[..., Page]:
    """Open the page and one text on it."""

    def open_page(reply_id: str, path: str = "/fr/review", wanted: str = "submitted", **options: Any) -> Page:
        page = visitor(path, address=room.address, **options)
        page.wait_for_selector("#pv-review-queue .pv-waiting", state="detached")
        page.locator(f"#pv-review-filter input[value={wanted}]").check()
        page.locator(f"[data-open='{reply_id}']").click()
        page.wait_for_selector("#pv-review-changes .pv-review-diff")
        return page

    return open_page


def state(room: Screens, reply_id: str) -> str:
    review = room.copilot.reviews.get(reply_id)
    assert review is not None
    return review.state


def test_what_changed_is_shown_word_by_word_and_said_in_words(
    submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    page = opened(submit(WRONG))
    assert any("89" in text for text in page.locator("#pv-review-changes ins").all_inner_texts())
    assert "ajouté" in page.locator("#pv-review-changes ins .pv-unseen").first.inner_text()
    assert ASKED in page.locator("#pv-review-head").inner_text()


def test_an_error_asks_for_a_reason_and_the_reason_is_kept(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(WRONG)
    page = opened(reply_id)
    page.locator("#pv-review-approve").click()
    page.locator("#pv-review-reason textarea").fill("Tarif consenti par la direction.")
    assert state(room, reply_id) == "submitted"
    page.locator("#pv-review-approve").click()
    page.wait_for_selector("#pv-review-head .pv-review-approved")
    assert state(room, reply_id) == "approved"
    assert "override:facts.contradicted" in [e.action for e in room.copilot.reviews.trail()]


def test_approving_keeps_a_model_and_proposes_an_entry(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    for name in ("learn", "faq"):
        page.locator(f"#pv-review-after input[name={name}]").check()
    page.locator("#pv-review-approve").click()
    page.wait_for_selector("#pv-review-head .pv-review-approved")
    assert reply_id in [e.reply_id for e in room.copilot.store.exemplars()]
    assert room.copilot.store.reply(reply_id).final_text == GOOD
    pending = [c for c in room.copilot.knowledge.chunks() if c.status == "pending" and c.question == ASKED]
    assert [GOOD in c.text for c in pending] == [True]


def test_approving_makes_a_golden_case_without_personal_data(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    page.locator("#pv-review-after input[name=case]").check()
    page.wait_for_selector("#pv-review-stand-ins li:has-text('Zoé')")
    written = page.locator("#pv-review-case-text textarea")
    text = written.input_value()
    assert "Zoé" not in text
    written.fill("- id: 12")
    page.locator("#pv-review-approve").click()
    page.wait_for_selector(".toast-body.error")
    assert state(room, reply_id) == "submitted"
    written.fill(text.replace("id: ", "id: relu-", 1))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#pv-review-head .pv-review-approved")
    grown = next(case for case in room.copilot.lab.cases() if case.id.startswith("relu-"))
    assert ASKED in str(grown)


def test_a_text_that_came_back_is_submitted_again(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    room.copilot.reviews.send_back(reply_id, "Ajoutez le délai.", seen=1)
    page = opened(reply_id, wanted="changes_requested")
    page.locator("#pv-review-text textarea").fill(f"{GOOD} Comptez 10 à 15 jours ouvrés.")
    page.locator("#pv-review-again").click()
    page.wait_for_selector("#pv-review-head .pv-review-submitted")
    review = room.copilot.reviews.get(reply_id)
    assert review is not None
    assert (review.state, review.text.endswith("ouvrés.")) == ("submitted", True)


def test_an_edit_from_before_a_reload_never_covers_a_later_one(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    page.locator("#pv-review-text textarea").fill("Ma version.")
    page.wait_for_selector("#pv-review-changes ins:has-text('version')")
    room.copilot.reviews.edit(reply_id, "Sa version.", seen=1)
    page.reload()
    page.wait_for_function("document.querySelector('#pv-review-text textarea')?.value === 'Ma version.'")
    page.locator("#pv-review-save").click()
    page.wait_for_selector("dialog.pv-review-conflict[open]:has-text('Sa version.')")
    review = room.copilot.reviews.get(reply_id)
    assert review is not None
    assert review.text == "Sa version."


def test_a_text_is_sent_back_only_with_a_word(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    assert state(room, reply_id) == "submitted"
    page.locator("#pv-review-back").click()
    page.wait_for_selector("text=/crivez d’abord pourquoi/")
    page.locator("#pv-review-remark textarea").fill("Ajoutez le délai.")
    page.locator("#pv-review-back").click()
    page.wait_for_selector("#pv-review-head .pv-review-changes_requested")
    assert "Ajoutez le délai." in page.locator("#pv-review-remarks").inner_text()
    assert page.locator("#pv-review-approve").is_hidden()


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_two_people_on_one_text_choose_and_lose_nothing(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page], choice: str
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    page.locator("#pv-review-text textarea").fill("Ma version.")
    room.copilot.reviews.edit(reply_id, "Sa version.", seen=1)
    page.locator("#pv-review-save").click()
    dialog = page.locator("dialog.pv-review-conflict[open]")
    dialog.wait_for()
    assert "Ma version." in dialog.inner_text()
    assert "Sa version." in dialog.inner_text()
    dialog.locator(f"[data-choice={choice}]").click()
    expected = "Ma version." if choice == "mine" else "Sa version."
    page.wait_for_function(
        "wanted => document.querySelector('#pv-review-text textarea').value === wanted", arg=expected
    )
    version = 3 if choice == "mine" else 2
    page.wait_for_selector(f".pv-review-title[data-version='{version}']")
    assert page.locator("dialog.pv-review-conflict[open]").count() == 0
    review = room.copilot.reviews.get(reply_id)
    assert review is not None
    assert review.text == expected


def test_an_unsaved_edit_is_there_after_a_reload(
    submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    page = opened(submit(GOOD))
    page.locator("#pv-review-text textarea").fill("Une version pas encore enregistrée.")
    page.wait_for_selector("#pv-review-changes ins")
    page.reload()
    page.wait_for_function(
        "document.querySelector('#pv-review-text textarea')?.value === 'Une version pas encore enregistrée.'"
    )


def test_the_trail_is_shown_verified_and_exported(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    page = opened(submit(GOOD))
    page.get_by_role("button", name="Journal des décisions").click()
    page.wait_for_selector(".pv-review-chain")
    assert "intact" in page.locator(".pv-review-chain").inner_text()
    found = httpx.get(f"{room.address}/trail.csv")
    rows = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert rows[-1]["action"] == "submitted"
    assert httpx.get(f"{room.address}/trail.json").json()[-1]["action"] == "trail_exported"
    assert httpx.get(f"{room.address}/trail.txt").status_code == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_stands_in_the_way_of_a_screen_reader(
    submit: Callable[[str], str], opened: Callable[..., Page], scheme: str
) -> None:
    from tests.browser import serious

    page = opened(submit(WRONG), "/en/review", locale="en-GB", color_scheme=scheme)
    assert serious(page) == []
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_only_the_texts_in_the_chosen_state_are_listed(
    room: Screens, submit: Callable[[str], str], opened: Callable[..., Page]
) -> None:
    reply_id = submit(GOOD)
    page = opened(reply_id)
    page.get_by_label("Refusés").check()
    page.wait_for_function("id => !document.querySelector(`[data-open='${id}']`)", arg=reply_id)
    room.copilot.reviews.reject(reply_id, "Hors sujet.", seen=1)
    page.get_by_label("À relire").check()
    page.get_by_label("Refusés").check()
    page.wait_for_selector(f"[data-open='{reply_id}']")
