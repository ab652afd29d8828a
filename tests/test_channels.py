"""Counting, checking and the channel table, as somebody who writes for a channel meets them."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot import channels
from copilot.channels import sms
from copilot.errors import FileFormatError, InputError
from copilot.records import Finding

NNBSP = "\u202f"
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("éêœ’«»…#@$.:/*[]()_`<>\u00a0\u202f\u200d\ufe0f👩🏽‍🎤🇫🇷1️⃣"),
    ),
    max_size=400,
)


def rules(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.rule.removeprefix("channels.") for finding in findings]


def fixed(text: str, finding: Finding) -> str:
    assert finding.fix is not None
    for edit in sorted(finding.fix.edits, reverse=True, key=lambda edit: edit.span):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    ("text", "channel", "used"),
    [
        (
            "Rendez-vous sur https://exemple.fr/une-adresse-bien-plus-longue-que-vingt-trois-signes",
            "x_post",
            39,
        ),
        ("10\u202f€ 🇫🇷", "x_post", 9),
        ("e\u0301te\u0301", "x_post", 3),
        ("👩🏽‍🎤", "bluesky_post", 1),
        ("👩🏽‍🎤", "instagram_caption", 7),
        ("👩🏽‍🎤", "threads_post", 15),
        ("été", "google_review_reply", 5),
        ("@alice@exemple.social bravo", "mastodon_post", 12),
        ("Prix : 12 €", "sms", 12),
        ("été", "web", 3),
        ("été", "a channel nobody knows", 3),
    ],
)
def test_each_channel_counts_in_its_own_unit(text: str, channel: str, used: int) -> None:
    assert channels.count(text, channel).used == used


def test_a_text_that_is_too_long_shows_what_is_in_excess() -> None:
    text = "a" * 270 + " " + "👩🏽‍🎤" * 8
    (finding,) = channels.check(text, "x_post")
    assert finding.level == "error"
    assert finding.message.fr == "7 signes de trop\u00a0: 287 sur 280 (Publication X)."
    kept = text[: finding.span.start]
    assert finding.span.end == len(text)
    assert channels.count(kept, "x_post").used <= 280
    assert kept.endswith("🎤")


def test_a_figure_of_a_third_party_only_warns() -> None:
    (finding,) = channels.check("a" * 1300, "linkedin_comment")
    assert finding.level == "warning"
    assert "Ayrshare" in finding.why.fr


def test_narrow_spaces_on_x_are_offered_as_ordinary_ones_when_the_text_is_too_long() -> None:
    text = "a" * 276 + f"12{NNBSP}€"
    found = {finding.rule: finding for finding in channels.check(text, "x_post")}
    mended = fixed(text, found["channels.CostlySpaces"])
    assert mended.endswith("12\u00a0€")
    assert channels.count(mended, "x_post").used == channels.count(text, "x_post").used - 1


def test_hashtags_links_and_mentions_beyond_the_limit_are_named() -> None:
    many = " ".join(f"#tag{letter}" for letter in "abcdef")
    assert rules(channels.check(many, "instagram_caption")) == ["TooManyHashtags"]
    links = " ".join(f"https://exemple.fr/{n}" for n in range(6))
    assert rules(channels.check(links, "threads_post")) == ["TooManyLinks"]
    assert channels.check("https://exemple.fr " * 6, "threads_post") == ()
    assert rules(channels.check("Voir https://exemple.fr", "app_store_reply")) == ["TooManyLinks"]
    assert rules(channels.check("#un #deux", "threads_post")) == ["UnlinkedHashtags"]


def test_markdown_is_plain_text_where_it_is_not_read() -> None:
    text = "**Bravo**, lisez [le guide](https://exemple.fr/guide_(2026)) !"
    findings = channels.check(text, "instagram_caption")
    assert rules(findings) == ["Formatting", "Formatting"]
    assert fixed(text, findings[0]).startswith("Bravo, lisez [")
    assert fixed(text, findings[1]).endswith("lisez le guide (https://exemple.fr/guide_(2026)) !")
    assert channels.check(text, "web") == ()
    assert fixed("**Bravo**", channels.check("**Bravo**", "whatsapp_text")[0]) == "*Bravo*"


@pytest.mark.parametrize(
    "text", ["2 * 3 ** 4", "snake__case__name", "#Merci à tous", "a < b", "#1 des ventes"]
)
def test_ordinary_signs_are_not_taken_for_formatting(text: str) -> None:
    assert channels.check(text, "facebook_post") == ()


def test_an_sms_says_which_signs_make_it_dearer_and_mends_them() -> None:
    text = "Bonjour, votre commande est prête. " + "Elle vous attend au comptoir. " * 2
    (finding,) = channels.check(text, "sms")
    assert finding.level == "suggestion"
    assert "ê" in finding.message.fr
    assert finding.fix is not None
    assert not finding.fix.safe
    assert channels.count(text, "sms").segments == 2
    assert channels.count(fixed(text, finding), "sms").segments == 1


def test_typographic_signs_of_an_sms_are_mended_safely() -> None:
    text = "L’équipe vous répond\u00a0: «\u00a0c’est prêt\u00a0» … ".replace("ê", "e") * 2
    (finding,) = channels.check(text, "sms")
    assert finding.fix is not None
    assert finding.fix.safe
    assert fixed(text, finding) == "L'équipe vous répond : \"c'est pret\" ... " * 2


def test_a_long_sms_is_counted_not_refused() -> None:
    assert channels.check("a" * 400, "sms") == ()
    counted = channels.count("a" * 400, "sms")
    assert (counted.segments, counted.limit) == (3, 459)


def test_key_information_after_the_fold_is_pointed_out() -> None:
    text = "Une belle nouvelle pour toute la ville. " * 6 + "Rendez-vous à 18 h."
    (finding,) = channels.check(text, "linkedin_post")
    assert (finding.rule, finding.level, finding.match) == ("channels.Folded", "suggestion", "18 h")
    assert channels.check("À 18 h. " + text, "linkedin_post") == ()


def test_every_row_of_the_table_has_a_name_in_both_languages_a_source_and_a_date() -> None:
    table = channels.channels()
    assert {"web", "email", "x_post", "sms"} <= set(table)
    for row in table.values():
        assert row.title.fr
        assert row.title.en
        assert row.source
        assert row.date is not None
        if row.name not in ("web", "email", "sms", "trustpilot_reply"):
            assert row.limit is not None


def test_an_unknown_channel_names_the_nearest_one() -> None:
    with pytest.raises(InputError, match="x_post"):
        channels.channel("x_pots")
    with pytest.raises(InputError) as named:
        channels.channel("Instagram")
    said = named.value.in_language("en")
    assert said.endswith("instagram_dm, instagram_caption, instagram_comment, instagram_alt?")
    with pytest.raises(InputError, match="google_review_reply"):
        channels.channel("google review")


def test_a_workspace_overrides_a_figure_and_adds_a_channel(tmp_path: Path) -> None:
    (tmp_path / "ours.yml").write_text(
        "mastodon_post: {limit: 1000}\nnewsletter: {title: {fr: Lettre, en: Newsletter}, limit: 90}\n"
    )
    row = channels.channel("mastodon_post", [tmp_path])
    assert (row.limit, row.url, row.confidence) == (1000, 23, "primary")
    assert channels.count("a" * 600, "mastodon_post", folders=[tmp_path]).limit == 1000
    assert rules(channels.check("a" * 91, "newsletter", folders=[tmp_path])) == ["TooLong"]
    assert channels.channel("mastodon_post").limit == 500


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("x_post: {limt: 3}", "limit"),
        ("x_post: {unit: miles}", "graphemes"),
        ("x_post: {limit: beaucoup}", "beaucoup"),
        ("x_post: 280", "x_post"),
        ("- x_post", "chann"),
        ("x_post: {title: {fr: X}}", "title"),
        ("x_post: {thread: 3}", "thread"),
    ],
)
def test_a_mistake_in_a_workspace_table_is_shown_with_its_line(tmp_path: Path, row: str, word: str) -> None:
    (tmp_path / "ours.yml").write_text(f"# ours\n{row}\n")
    with pytest.raises(FileFormatError, match=word) as caught:
        channels.channels([tmp_path])
    assert caught.value.where.startswith("channels/ours.yml")


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(channels.channel_names()))
def test_any_text_can_be_counted_and_checked(text: str, channel: str) -> None:
    counted = channels.count(text, channel)
    assert counted.used >= 0
    for finding in channels.check(text, channel):
        start, end = finding.span
        assert 0 <= start < end <= len(text)
        for edit in finding.fix.edits if finding.fix else ():
            assert 0 <= edit.span.start < edit.span.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(
    TEXTS,
    st.sampled_from(["x_post", "bluesky_post", "threads_post", "youtube_description"]),
    st.integers(0, 60),
)
def test_what_fits_fits_and_one_character_more_does_not(text: str, channel: str, limit: int) -> None:
    from copilot.channels.counting import length

    row = channels.channel(channel)
    cut = channels.fitting(text, row, limit)
    assert 0 <= cut <= len(text)
    if cut:
        assert length(text[:cut], row) <= limit


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_entities_are_where_they_say(text: str) -> None:
    for channel in ("x_post", "bluesky_post"):
        found = channels.extract(text, channel)
        for entity in (*found.urls, *found.hashtags, *found.mentions, *found.cashtags):
            piece = text[entity.span.start : entity.span.end]
            assert entity.value.lower() in piece.lower()


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.booleans())
def test_what_is_rewritten_for_sms_is_in_the_gsm_alphabet(text: str, accents: bool) -> None:
    edits = sms.edits(text, accents=accents)
    if edits is not None:
        assert all(before.span.end <= after.span.start for before, after in pairwise(edits))
        for edit in reversed(edits):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert all(map(sms.is_gsm, text))


@pytest.mark.parametrize("channel", ["x_post", "bluesky_post", "mastodon_post", "linkedin_post", "sms"])
@pytest.mark.parametrize(
    "pattern",
    [
        "__a ",
        "**a",
        "[",
        "](",
        "<a ",
        "a.",
        "@a-",
        "#1",
        "a@",
        "(a",
        "https://",
        "👩\u200d",
        "«\u00a0",
        "é",
        "✁\u200d",
    ],
)
def test_no_pattern_takes_for_ever_on_a_hostile_text(channel: str, pattern: str) -> None:
    started = time.perf_counter()
    channels.check(pattern * (4_000 // len(pattern)), channel)
    assert time.perf_counter() - started < 10


def test_half_a_surrogate_pair_is_counted_not_a_crash() -> None:
    for name in channels.channel_names():
        assert channels.count("a\ud83d", name).used >= 2
        channels.check("a\ud83d", name)


def test_a_hostile_run_without_spaces_is_counted_quickly() -> None:
    text = "é" * 30_000 + ".fr" + "(" * 5_000
    assert channels.count(text, "x_post").used > 30_000


def test_importing_the_channels_loads_no_table_and_no_heavy_library() -> None:
    code = (
        "import sys, copilot.channels; print(*[m for m in ('uniseg', 'smsutil', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
