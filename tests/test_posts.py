"""From a brief to posts: each within its channel's limit, every fact proved."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from copilot import Brief, Copilot, InputError, PermissionDenied, StoreError, channels
from copilot.posts import FORMS, Post
from copilot.posts.addresses import slug, tracked
from copilot.posts.formats import ORDER, formats
from copilot.posts.hashtags import hashtag
from copilot.posts.threads import messages_of
from tests.conftest import NOW

CHANNELS = ("linkedin_post", "x_post", "instagram_caption", "bluesky_post", "google_post")
FRENCH = Brief(
    "Annoncer le diagnostic de batterie offert",
    audience="Clients qui roulent l’hiver",
    key_facts=(
        "Le diagnostic de batterie est offert jusqu'au 30 novembre 2026, au lieu de 29 €",
        "Il dure 20 minutes, sur rendez-vous",
    ),
    call_to_action="Prenez rendez-vous dans votre boutique",
    campaign="Batterie d’hiver",
    link="cyclamene.example/diagnostic",
    channels=CHANNELS,
)
ENGLISH = Brief(
    "Announce what the warranty covers",
    key_facts=(
        "Every refurbished bike comes with a 24-month warranty",
        "The battery is covered for 18 months or 500 charge cycles, whichever comes first",
    ),
    call_to_action="Read the conditions",
    campaign="Winter warranty",
    link="https://cyclamene.example/warranty",
    channels=CHANNELS,
    language="en",
)


@pytest.fixture(scope="module")
def shop(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    import shutil

    folder = tmp_path_factory.mktemp("posts") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    return Copilot(folder, clock=lambda: NOW)


def one(shop: Copilot, brief: Brief = FRENCH, **changes: object) -> Post:
    return shop.write(replace(brief, **{"channels": ("linkedin_post",), **changes}))[0]


@pytest.mark.parametrize("form", ORDER)
@pytest.mark.parametrize("brief", [FRENCH, ENGLISH], ids=["fr", "en"])
def test_every_format_fits_every_channel_and_proves_its_facts(shop: Copilot, form: str, brief: Brief) -> None:
    if form == "crisis":
        brief = replace(brief, objective="Rappel des batteries de 2023")
    for post in shop.write(replace(brief, format=form)):
        messages = post.parts or (post.draft.text,)
        assert all(channels.fits(words, post.channel) for words in messages), post.channel
        assert [f for f in post.report.findings if f.level == "error"] == []
        assert [c for c in post.report.claims if c.state != "supported"] == []
        assert post.draft.writer == "offline"
        assert post.draft.text or post.notices


def test_a_post_holds_what_the_brief_asks_for(shop: Copilot) -> None:
    post = one(shop)
    assert "30 novembre 2026, au lieu de 29\u00a0€" in post.draft.text
    assert "Prenez rendez-vous dans votre boutique." in post.draft.text
    assert "utm_source=linkedin&utm_medium=social&utm_campaign=batterie-d-hiver" in post.draft.text
    assert post.hashtags == ("#Cyclamène", "#BatterieDHiver")
    assert "réservée aux vélos achetés chez Cyclamène, hors garantie" in post.draft.text
    assert post.hook.startswith("Le diagnostic de batterie est offert")
    assert "Batterie d’hiver" in post.alt_text
    assert "Clients qui roulent l’hiver" in post.visual


def test_the_evidence_is_hers_or_a_passage(shop: Copilot) -> None:
    ids = {e.passage_id for s in one(shop).draft.sentences for e in s.evidence}
    assert "note" in ids
    assert len(ids) > 1


def test_a_wrong_price_is_caught_when_edited(shop: Copilot) -> None:
    post = one(shop)
    report = shop.posts.check(post, post.draft.text.replace("29", "39"))
    assert any(f.rule == "facts.contradicted" and "39" in f.match for f in report.findings)


def test_an_empty_brief_is_refused(shop: Copilot) -> None:
    with pytest.raises(InputError, match="brief is empty"):
        shop.write(Brief("  ", channels=("x_post",)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "poste"}, "nearest"),
        ({"channels": ()}, "at least one channel"),
        ({"channels": ("sms",)}, "replies"),
        ({"link": "not a link"}, "no web address"),
        ({"language": "de"}, "recipes"),
    ],
)
def test_a_brief_that_cannot_be_used_is_explained(
    shop: Copilot, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        shop.write(replace(FRENCH, **changes))


def test_nothing_is_made_up(shop: Copilot) -> None:
    post = one(shop, objective="Xylophone quantique", key_facts=(), call_to_action="", link="")
    assert "no_material" in {notice.code for notice in post.notices}
    assert post.report.claims == ()


def test_a_thread_is_numbered_and_each_message_is_checked(shop: Copilot) -> None:
    post = one(shop, format="thread", channels=("x_post",))
    assert len(post.parts) >= 3
    assert post.parts[0].endswith(f"(1/{len(post.parts)})")
    assert messages_of(post.draft.text) == post.parts
    longer = post.draft.text.replace("(1/", "et encore " * 40 + "(1/")
    assert "channels.TooLong" in {f.rule for f in shop.posts.check(post, longer).findings}


def test_an_event_has_three_texts_with_links_of_their_own(shop: Copilot) -> None:
    posts = shop.write(replace(FRENCH, format="event", channels=("linkedin_post",)))
    assert [post.piece for post in posts] == ["save_the_date", "reminder", "thanks"]
    assert "utm_content=reminder" in posts[1].draft.text


def test_a_newsletter_has_subject_and_preheader(shop: Copilot) -> None:
    [post] = shop.write(replace(FRENCH, format="newsletter"))
    assert post.channel == "email"
    assert 0 < len(post.title) <= 60
    assert 0 < len(post.preheader) <= 100
    assert post.draft.text.endswith("L’équipe Cyclamène")


def test_an_article_has_title_description_and_sections(shop: Copilot) -> None:
    [post] = shop.write(replace(FRENCH, format="blog"))
    assert 0 < len(post.title) <= 60
    assert 0 < len(post.description) <= 155
    assert post.draft.text.count("\n## ") >= 2


def test_thanks_quote_word_for_word(shop: Copilot) -> None:
    words = "J'ai monté le col à 12 km/h, merci l'atelier"
    post = one(shop, format="thanks", key_facts=(words,))
    assert f"«\u202f{words}\u202f»" in post.draft.text


def test_a_contest_shows_its_duties(shop: Copilot) -> None:
    post = one(shop, format="contest")
    states = {item.duty.name: item.state for item in shop.posts.duties(post, post.draft.text)}
    assert states["rules"] == states["purchase"] == states["platform"] == "said"
    assert states["deposit"] == "optional"
    bare = {item.duty.name: item.state for item in shop.posts.duties(post, "Tentez votre chance.")}
    assert bare["rules"] == bare["platform"] == bare["data"] == "missing"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Jouez du 20 au 30 novembre 2026.", "said"),
        ("Du 20/11 à 9 h au 30/11/2026 à minuit.", "said"),
        ("Du lundi 23 au dimanche 29 novembre.", "said"),
        ("Dès aujourd’hui et jusqu’au 30 novembre 2026.", "said"),
        ("From 1 November to 1 December 2026.", "said"),
        ("Jusqu’au 30 novembre 2026.", "partly"),
        ("Jusqu’au 30 novembre 2026. Clôture le 30 novembre à minuit.", "partly"),
        ("Jusqu’au dimanche 29 novembre 2026.", "partly"),
        ("Jouez avec nous.", "missing"),
    ],
)
def test_a_contest_names_the_day_it_starts_and_the_day_it_ends(shop: Copilot, text: str, state: str) -> None:
    post = one(shop, format="contest")
    states = {item.duty.name: item.state for item in shop.posts.duties(post, text)}
    assert states["dates"] == state


def test_a_crisis_statement_holds_approved_wording_only(shop: Copilot) -> None:
    post = one(shop, format="crisis", objective="Rappel des batteries de 2023")
    assert post.draft.text.startswith("Votre sécurité passe avant tout")
    assert "29" not in post.draft.text
    assert "facts_left_out" in {notice.code for notice in post.notices}
    english = one(shop, ENGLISH, format="crisis")
    assert english.draft.text == ""
    assert "no_crisis" in {notice.code for notice in english.notices}


def test_the_reader_is_addressed_as_the_brand_does(shop: Copilot) -> None:
    post = one(shop, call_to_action="Prends rendez-vous dans ta boutique")
    assert "Prenez rendez-vous dans votre boutique" in post.draft.text


def test_posts_are_kept_with_their_edits(shop: Copilot) -> None:
    post = one(shop)
    assert shop.posts.saved(post.id).text == post.draft.text
    shop.posts.edit(post.id, "Un autre texte.", actor="lea")
    saved = shop.posts.saved(post.id)
    assert (saved.text, saved.edits) == ("Un autre texte.", 1)
    assert saved.post == post
    assert post.id in {item.post.id for item in shop.posts.history(limit=1000)}
    with pytest.raises(StoreError):
        shop.posts.edit("nothing", "x")


def test_strangers_neither_write_nor_change_nor_take_posts_away(sample: Copilot) -> None:
    post = one(sample)
    now = sample.now()
    sample.accounts.save("ada", "admin", "correct horse battery", actor="", at=now)
    sample.accounts.save("lea", "agent", "correct horse battery", actor="ada", at=now)
    for act in (
        lambda: sample.write(FRENCH),
        lambda: sample.posts.edit(post.id, "x"),
        lambda: sample.posts.export([(post, "x")], "csv", language="fr"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    sample.posts.edit(post.id, "Le texte de Léa.", actor="lea")
    assert sample.posts.export([(post, "Le texte de Léa.")], "csv", language="fr", actor="lea")


@pytest.mark.parametrize("form", FORMS)
def test_exports_open(shop: Copilot, form: str) -> None:
    posts = shop.write(replace(FRENCH, channels=("linkedin_post", "x_post")))
    at = datetime(2026, 12, 1, 9, 0)
    files = shop.posts.export([(p, p.draft.text) for p in posts], form, language="fr", at=at)
    whole = "".join(file.content.decode("utf-8-sig") for file in files)
    assert "Prenez rendez-vous" in whole
    if form != "markdown":
        rows = [r for f in files for r in list(csv.reader(io.StringIO(f.content.decode("utf-8-sig"))))[1:]]
        assert len(rows) == 2


def test_a_scheduler_that_needs_a_date_says_so(shop: Copilot) -> None:
    post = one(shop)
    with pytest.raises(InputError):
        shop.posts.export([(post, post.draft.text)], "sprout", language="fr")


def test_a_wording_shows_what_it_takes_out(shop: Copilot) -> None:
    post = one(shop)
    variant = next(v for v in shop.posts.variants(post, post.draft.text) if v.wish == "shorter")
    assert len(variant.text) < len(post.draft.text)
    assert "".join(c.text for c in variant.changes if c.kind != "removed") == variant.text


def test_recipes_speak_both_languages() -> None:
    for form in formats().values():
        words = [form.title, form.info, *(part.words for t in form.texts for part in t.parts if part.words)]
        words += [text for duty in form.duties for text in (duty.title, duty.why)]
        assert all(item.fr and item.en for item in words), form.name


def test_links_are_tracked() -> None:
    link = tracked(
        "shop.example/a?x=1&utm_source=mine#top", source="x", medium="social", campaign="Été à vélo"
    )
    assert link == "https://shop.example/a?x=1&utm_source=mine&utm_medium=social&utm_campaign=ete-a-velo#top"
    assert slug("Œuvre d’été 2026") == "oeuvre-d-ete-2026"


def test_hashtags_are_camel_case() -> None:
    assert hashtag("batterie d’hiver") == "#BatterieDHiver"
    assert hashtag("2026") == ""
    assert hashtag("un nom de campagne vraiment beaucoup trop long") == ""


def test_one_fact_and_one_channel_may_be_plain_strings() -> None:
    brief = Brief("Annoncer", key_facts="La Corse est livrée pour 119 €.", channels="x_post")  # type: ignore[arg-type]
    assert brief.key_facts == ("La Corse est livrée pour 119 €.",)
    assert brief.channels == ("x_post",)
