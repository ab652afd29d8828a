"""Rédiger in a real browser: from a brief to posts, edited, compared, exported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.briefs import BRIEFS
from tests.browser import Visitor, serious, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TEXT = "#pv-answer textarea"
FRENCH, ENGLISH = BRIEFS["fr"], BRIEFS["en"]


def brief(page: Page, fields: dict[str, str], form: str = "post") -> None:
    """Fill the brief in and have the posts written."""
    page.select_option("#pv-write-format select", form)
    for name, words in fields.items():
        page.fill(f"#pv-write-{name} textarea, #pv-write-{name} input", words)
    page.click("#pv-go")
    page.wait_for_selector(TEXT)
    page.wait_for_function(
        "window.pvChecked && document.querySelector('#pv-answer textarea').value === window.pvChecked"
    )
    page.wait_for_selector("#pv-go:enabled")


def edit(page: Page, text: str) -> None:
    """Change the text and wait for the check of exactly this text."""
    page.fill(TEXT, text)
    page.wait_for_function("(t) => window.pvChecked === t", arg=text)


def test_a_brief_becomes_a_post_for_each_channel(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    brief(page, FRENCH)
    tabs = page.locator("#pv-write-tabs label")
    assert tabs.count() == 2
    first = page.input_value(TEXT)
    assert "au lieu de 29\u00a0€" in first
    assert re.search(r"\d+ / 280", page.inner_text("#pv-meter"))
    assert page.locator("#pv-evidence .pv-passage").count() >= 1
    tabs.nth(1).click()
    page.wait_for_function(f"(t) => document.querySelector('{TEXT}').value !== t", arg=first)
    assert "utm_source=linkedin" in page.input_value(TEXT)
    assert "#BatterieDHiver" in page.input_value(TEXT)


def test_a_wrong_price_is_told_and_repaired(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    brief(page, FRENCH)
    text = page.input_value(TEXT)
    edit(page, text.replace("29", "39"))
    assert "39" in page.inner_text("#pv-findings .pv-error")
    page.click("#pv-findings .pv-error [data-fix]")
    page.wait_for_function(f"() => !document.querySelector('{TEXT}').value.includes('39')")
    page.wait_for_selector("#pv-findings .pv-error", state="detached")


def test_each_post_keeps_its_own_edits_even_after_a_reload(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    brief(page, FRENCH)
    edit(page, "Le diagnostic de batterie est offert, sur rendez-vous.")
    tabs = page.locator("#pv-write-tabs label")
    tabs.nth(1).click()
    page.wait_for_function(f"() => document.querySelector('{TEXT}').value.includes('utm_source')")
    page.focus("#pv-write-tabs input:checked")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"() => document.querySelector('{TEXT}').value.endsWith('rendez-vous.')")
    page.reload()
    page.wait_for_selector(TEXT)
    page.wait_for_function(f"() => document.querySelector('{TEXT}').value.endsWith('rendez-vous.')")
    assert page.locator("#pv-write-tabs label").count() == 2
    assert page.input_value("#pv-write-objective textarea") == FRENCH["objective"]


def test_a_contest_shows_what_the_law_asks_for(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    brief(page, FRENCH, "contest")
    duties = page.locator(".pv-write-duty")
    assert duties.count() == 7
    assert page.locator(".pv-write-said").count() >= 3
    assert "Dates de début et de fin" in page.inner_text(".pv-write-partly")  # FRENCH only says when it ends
    edit(page, "Jouez avec nous.")
    page.wait_for_function("() => document.querySelectorAll('.pv-write-said').length === 0")


def test_another_wording_is_compared_and_taken(visitor: Visitor) -> None:
    page = visitor("/en/write", locale="en-GB")
    brief(
        page,
        {
            **ENGLISH,
            "facts": ENGLISH["facts"] + "\nThe battery is covered for 18 months or 500 charge cycles",
        },
    )
    before = page.input_value(TEXT)
    page.click("#pv-write-compare")
    page.wait_for_selector("#pv-variants del")
    page.click("#pv-variants [data-replace]")
    page.wait_for_function(f"(t) => document.querySelector('{TEXT}').value.length < t.length", arg=before)


@pytest.mark.parametrize("tool", ["markdown", "csv", "buffer", "metricool", "sprout"])
def test_posts_are_downloaded(visitor: Visitor, tool: str) -> None:
    page = visitor("/en/write", locale="en-GB")
    brief(page, ENGLISH)
    page.select_option("#pv-write-tool select", tool)
    page.fill("#pv-write-at input", "2026-12-01T09:00")
    page.dispatch_event("#pv-write-at input", "change")
    with page.expect_download() as got:
        page.click("#pv-write-download")
    name = got.value.suggested_filename
    assert name.endswith(".md" if tool == "markdown" else ".csv")
    assert "24-month warranty" in got.value.path().read_text(encoding="utf-8-sig")


def test_the_channels_one_works_with_are_remembered(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    page.wait_for_selector(".pv-picking[data-ready]")
    assert page.locator(".pv-picks input[value=tiktok_video_caption]").is_hidden()
    page.locator(".pv-picks input[value=linkedin_post]").uncheck()
    page.click(".pv-picking summary")
    page.locator(".pv-picks input[value=instagram_caption]").check()
    other = page.context.new_page()
    visitor.watch(other)
    other.goto(f"{visitor.screens.address}/fr/write")
    other.wait_for_selector(".pv-picking[data-ready]")
    assert other.locator(".pv-picks input[value=instagram_caption]").is_visible()
    brief(other, FRENCH)
    assert other.locator("#pv-write-tabs label").all_inner_texts() == ["Publication X", "Légende Instagram"]


def test_an_empty_brief_is_explained(visitor: Visitor) -> None:
    page = visitor("/fr/write")
    page.click("#pv-go")
    page.wait_for_selector("text=Le brief est vide")
    page.wait_for_function("() => !document.querySelector('#pv-go').disabled")
    assert page.is_visible("#pv-write-welcome")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "locale", "fields"), [("/fr/write", "fr-FR", FRENCH), ("/en/write", "en-GB", ENGLISH)]
)
def test_a_narrow_screen_holds_everything(
    visitor: Visitor, path: str, locale: str, fields: dict[str, str], scheme: str
) -> None:
    narrow = {"viewport": {"width": 380, "height": 800}, "reduced_motion": "reduce"}
    page = visitor(path, locale=locale, color_scheme=scheme, **narrow)
    brief(page, fields, "contest")
    assert too_wide(page) <= 0
    assert serious(page) == []
