"""What surrounds every page: addresses, languages, keys, headers, and where the screens listen."""

from __future__ import annotations

import re
import socket
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.browser import Screens, Visitor, start
from ui.pages import pages
from ui.words import FOLDER, LANGUAGES, Words, catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOCUSED = """() => {
  const node = document.activeElement, label = node.closest("label") || node;
  const drawn = (n) => getComputedStyle(n).outlineStyle !== "none";
  const name = node.type === "radio" ? "radio" : (node.innerText || "").replace("◗", "").trim();
  return {name, outlined: drawn(node) || drawn(label)};
}"""
NAMES = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.yml")})


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same(name: str) -> None:
    french, english = (catalogue(name, language) for language in LANGUAGES)
    assert set(french) == set(english)
    for key, text in french.items():
        # Doubled braces stand for themselves.
        assert re.findall(r"(?<!{){(\w+)", text) == re.findall(r"(?<!{){(\w+)", english[key]), key


@pytest.mark.parametrize("name", NAMES)
def test_french_words_are_set_as_french_is(name: str) -> None:
    texts = catalogue(name, "fr").values()
    assert [t for t in texts if re.search(r"\w[ ]?[:;?!»](\s|$)|« ", t)] == []
    assert [t for t in texts if "'" in t or "!" in t] == []


def test_a_busy_port_gives_the_next_free_one(capsys: pytest.CaptureFixture[str]) -> None:
    from ui.listening import listen

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with listen("127.0.0.1", port, Words("en")) as taken:
            assert taken.getsockname()[1] > port
            assert f"Port {port} is taken" in capsys.readouterr().err


def test_the_browser_is_told_to_stay_at_home(screens: Screens) -> None:
    with urllib.request.urlopen(f"{screens.address}/fr/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_opens_at_its_own_address(visitor: Visitor, language: str) -> None:
    for item in pages():
        opened = visitor(f"/{language}/{item.slug}")
        assert opened.locator(".nav-holder a:visible").count() == 0
        assert opened.locator(".pv-header nav [aria-current=page]").inner_text() == Words(
            language, item.name
        )("page")
        assert opened.evaluate("document.documentElement.lang") == language
        assert opened.title().startswith(Words(language, item.name)("page"))


@pytest.mark.browser
def test_the_language_switch_keeps_the_page_and_is_remembered(visitor: Visitor) -> None:
    opened = visitor("/", locale="fr-FR")
    assert opened.url.endswith("/fr/")
    opened.click(".pv-lang")
    opened.wait_for_url("**/en/")
    opened.goto(f"{visitor.screens.address}/")
    assert opened.url.endswith("/en/")


@pytest.mark.browser
def test_a_question_mark_shows_the_keys(page: Page) -> None:
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("?")
    assert page.locator(".pv-sheet").is_visible()
    assert page.locator(".pv-sheet dt").count() >= 5
    page.keyboard.press("Escape")
    assert page.locator(".pv-sheet").is_hidden()


@pytest.mark.browser
def test_the_keyboard_reaches_everything_in_order_and_sees_where_it_is(visitor: Visitor) -> None:
    page = visitor("/fr/knowledge")
    page.focus(".pv-skip")
    stops = []
    for _ in range(14):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUSED))
    assert all(stop["outlined"] for stop in stops), stops
    assert [stop["name"] for stop in stops[:7]] == [
        "Porte-voix", "Répondre", "Rédiger", "Relire", "Savoir", "Atelier", "?",
    ]  # fmt: skip
    assert [stop["name"] for stop in stops].count("radio") == 1  # a choice is one stop: arrows lead on
    page.focus("#pv-knowledge-rooms input:checked")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#pv-knowledge-gaps-room", state="visible")


@pytest.mark.browser
def test_a_lost_connection_is_told_and_so_is_its_return(visitor: Visitor) -> None:
    other = start(visitor.screens.copilot)
    port = int(other.address.rsplit(":", 1)[1])
    opened = visitor("/en/", locale="en-GB", address=other.address)
    other.stop()
    opened.wait_for_selector(".pv-lost .pv-connection:has-text('lost')")
    again = start(visitor.screens.copilot, port)
    opened.wait_for_selector("html:not(.pv-lost) .pv-header")
    again.stop()
    visitor.forgive()
