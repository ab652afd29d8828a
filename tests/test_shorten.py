"""Shortening by meaning and splitting into threads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot import channels
from copilot import text as texts
from copilot.records import Evidence, Sentence, Span
from copilot.shorten import notice, shorten, split_thread

REPLY = (
    "Bonjour Nadia,\n\n"
    "Merci pour votre message. Nous comprenons votre déception.\n\n"
    "La livraison est offerte dès 50 € d’achat. Hors meubles et outre-mer. "
    "Le colis part sous 48 h. Nos ateliers ont ouvert en 2017.\n\n"
    "N’hésitez pas à nous écrire.\n\nL’équipe Lavande"
)


def within(limit: int):
    return lambda text: len(text) <= limit


def sentences(text: str, *proved: str) -> list[Sentence]:
    found = []
    for span in texts.sentences(text):
        words = text[span.start : span.end]
        evidence = (Evidence("p1", Span(0, 5), "quote"),) if words in proved else ()
        found.append(Sentence(span, evidence))
    return found


def test_a_text_that_fits_is_left_alone() -> None:
    result = shorten(REPLY, sentences(REPLY), within(1000))
    assert (result.text, result.dropped, result.fits) == (REPLY, (), True)
    assert notice(result) is None


def test_courtesy_goes_before_information() -> None:
    result = shorten(REPLY, sentences(REPLY), within(len(REPLY) - 40))
    dropped = [REPLY[s.span.start : s.span.end] for s in result.dropped]
    assert dropped == ["Merci pour votre message.", "N’hésitez pas à nous écrire."]
    assert result.text.startswith("Bonjour Nadia,\n\nNous comprenons votre déception.\n\nLa livraison")
    told = notice(result)
    assert told is not None
    assert told.message.fr.startswith("2 phrases")


def test_proved_sentences_stay_longest_and_their_spans_follow() -> None:
    delay, price = "Le colis part sous 48 h.", "La livraison est offerte dès 50 € d’achat."
    result = shorten(REPLY, sentences(REPLY, delay), within(40))
    assert result.text == f"Bonjour Nadia,\n\n{delay}"
    (kept,) = [s for s in result.sentences if s.evidence]
    assert result.text[kept.span.start : kept.span.end] == delay
    assert price in REPLY


@pytest.mark.parametrize("limit", range(20, len(REPLY), 7))
def test_a_condition_never_leaves_the_statement_that_it_restricts(limit: int) -> None:
    result = shorten(REPLY, sentences(REPLY), within(limit))
    assert ("offerte dès 50" in result.text) == ("Hors meubles" in result.text)
    if result.fits:
        assert len(result.text) <= limit


@pytest.mark.parametrize(
    ("statement", "condition"),
    [
        ("Les retours sont gratuits.", "Cette offre n’est pas cumulable."),
        ("La remise est de 20 %.", "Elle ne s’applique pas aux soldes."),
        ("Returns are free.", "However, opened boxes are not accepted."),
        ("The discount is 20 %.", "It is only valid until Sunday."),
        ("La garantie dure deux ans.", "Sous réserve d’un entretien annuel."),
    ],
)
def test_restrictions_are_known_in_both_languages(statement: str, condition: str) -> None:
    text = f"{statement} {condition} Nos boutiques ouvrent à 9 h chaque matin de la semaine."
    for limit in range(10, len(text)):
        short = shorten(text, (), within(limit)).text
        assert (statement in short) == (condition in short)


def test_an_independent_condition_does_not_hold_its_neighbour() -> None:
    text = "Nous livrons partout en Europe. Les retours sont gratuits sauf pour les articles soldés."
    assert shorten(text, (), within(60)).text == "Nous livrons partout en Europe."


def test_a_sentence_that_leans_on_another_does_not_stay_without_it() -> None:
    text = "Notre atelier est à Lyon. Il ouvre à 9 h. Le devis est gratuit."
    for limit in range(10, len(text)):
        short = shorten(text, (), within(limit), importance=lambda s: 0.1 if "Lyon" in s else 0.9).text
        assert "Il ouvre" not in short or "Lyon" in short


@pytest.mark.parametrize(
    "useful",
    [
        "Merci de nous envoyer votre numéro de commande.",
        "L’équipe livre chaque matin dans tout le quartier.",
        "Best sellers come back in stock next week.",
        "Have a look at the guide before you order.",
    ],
)
def test_information_is_not_taken_for_courtesy(useful: str) -> None:
    text = f"Bonjour, {useful} Belle journée à vous."
    assert useful in shorten(text, (), within(len(useful) + 12)).text


def test_the_caller_may_weigh_sentences_herself() -> None:
    text = "Premier point. Deuxième point. Troisième point."
    result = shorten(text, (), within(20), importance=lambda s: 1.0 if "Deux" in s else 0.1)
    assert result.text == "Deuxième point."


def test_a_main_sentence_that_is_too_long_is_told_not_cut() -> None:
    result = shorten("Une seule phrase bien trop longue pour tenir.", (), within(10))
    assert result.text == "Une seule phrase bien trop longue pour tenir."
    told = notice(result)
    assert not result.fits
    assert told is not None
    assert told.code == "shorten.still_long"


def test_paragraphs_survive() -> None:
    text = "Un.\n\nDeux est ici. Trois est là.\n\nQuatre."
    result = shorten(text, (), within(30), importance=lambda s: 0.0 if "Deux" in s else 1.0)
    assert result.text == "Un.\n\nTrois est là.\n\nQuatre."


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Bonjour,",
            "Merci de votre visite.",
            "Le vélo coûte 890 €.",
            "Hors accessoires.",
            "Il est garanti 2 ans\u00a0!",
            "Écrivez-nous sur https://exemple.fr/aide.",
            "- un point",
            "Voici la suite\u00a0:",
            "#vélo #Lyon",
            "👩🏽‍🎤 À bientôt.",
        ]
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(SENTENCES, st.sampled_from([" ", "\n", "\n\n"]), st.integers(0, 200))
def test_shortening_any_text_keeps_whole_sentences_in_order(parts: list[str], blank: str, limit: int) -> None:
    text = blank.join(parts)
    result = shorten(text, (), within(limit))
    assert len(result.text) <= max(limit, max(map(len, parts), default=0)) or not result.fits
    position = 0
    for sentence in result.sentences:
        words = result.text[sentence.span.start : sentence.span.end]
        assert words.strip() == words
        found = text.find(words, position)
        assert found >= 0
        position = found + len(words)
    assert len(result.sentences) + len(result.dropped) == len(texts.sentences(text))


def test_a_text_that_fits_is_no_thread() -> None:
    assert split_thread("Bonjour.", "x_post") == ["Bonjour."]
    assert split_thread("a " * 5000, "web") == ["a " * 5000]


def test_a_thread_is_numbered_and_cut_between_sentences() -> None:
    text = " ".join(f"Voici la phrase numéro {n}, qui dit une chose utile à savoir." for n in range(12))
    pieces = split_thread(text, "x_post")
    assert len(pieces) == 3
    assert [piece[-6:] for piece in pieces] == [" (1/3)", " (2/3)", " (3/3)"]
    assert " ".join(piece[:-6] for piece in pieces) == text
    assert all(piece[:-6].endswith(".") for piece in pieces)


def test_a_restriction_stays_in_the_message_of_its_statement() -> None:
    text = "Une phrase de remplissage qui prend de la place ici. " * 4
    text += "La livraison est offerte dès 50 € d’achat. Hors meubles et colis volumineux, outre-mer exclu."
    pieces = split_thread(text, "x_post")
    assert len(pieces) == 2
    assert "offerte" in pieces[1]
    assert "Hors meubles" in pieces[1]


def test_words_are_not_cut_and_links_stay_whole() -> None:
    text = "mot " * 200 + "https://exemple.fr/" + "a" * 200 + " fin " + "suite " * 60
    pieces = split_thread(text, "mastodon_post")
    assert any("https://exemple.fr/" + "a" * 200 in piece for piece in pieces)
    words = [word for piece in pieces for word in re.sub(r" \(\d+/\d+\)$", "", piece).split()]
    assert words == text.split()


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from(" .é,\n👩🏽‍🎤\u0301a")), min_size=1, max_size=1500),
    st.sampled_from(["x_post", "bluesky_post", "threads_post", "tiktok_comment", "mastodon_post"]),
)
def test_every_piece_of_any_thread_fits(text: str, channel: str) -> None:
    limit = channels.channel(channel).limit
    assert limit is not None
    pieces = split_thread(text, channel)
    for piece in pieces:
        assert channels.count(piece, channel).used <= limit
    joined = "".join(re.sub(r" \(\d+/\d+\)$", "", piece) if len(pieces) > 1 else piece for piece in pieces)
    assert "".join(joined.split()) == "".join(text.split())
