"""What a reply may say of the customer's own case, and what stays an objection whatever its weight."""

from __future__ import annotations

from datetime import date

import pytest

from copilot.facts import prove
from copilot.facts.weighing import probability, threshold
from copilot.records import Chunk, Passage

NOW = date(2026, 11, 20)


def objections(reply: str, text: str, language: str = "fr") -> list[str]:
    passages = [Passage(Chunk("p", "p", "", text, language=language), 1.0)]
    claims = prove(reply, passages, language=language, now=NOW)
    return [c.fact.text for c in claims if c.state != "supported"]


@pytest.mark.parametrize(
    ("reply", "text", "language"),
    [
        (
            "Bonjour Madame, votre carte cadeau est utilisable en ligne. Nous vous prions d’agréer, Madame, "
            "l’expression de nos salutations distinguées.",
            "La carte cadeau est utilisable en ligne.",
            "fr",
        ),
        ("Le dépôt est à 0 €.", "Le dépôt est gratuit.", "fr"),
        (
            "Delivery is free over £40 and £4.95 below that.",
            "Delivery is free for orders over £40; below that it costs £4.95.",
            "en",
        ),
        (
            "Lead Ready is two three-hour sessions.",
            "Lead Ready takes place over 2 sessions of 3 hours each.",
            "en",
        ),
        ("Comptez une quinzaine de jours.", "Le délai est de deux semaines.", "fr"),
        (
            "Le port vous est offert si votre panier dépasse 65 €.",
            "Le port est offert à partir de 65 € d’achat.",
            "fr",
        ),
    ],
)
def test_the_same_in_other_writings_is_supported(reply: str, text: str, language: str) -> None:
    assert objections(reply, text, language) == []


@pytest.mark.parametrize(
    ("reply", "found", "text"),
    [
        ("Le dépôt est à 0 €.", "0 €", "Le dépôt coûte 5 €."),
        ("La livraison est offerte jusqu’à 60 €.", "60 €", "La livraison est offerte dès 60 €."),
        ("Écrivez à sav@exemple.fr.", "sav@exemple.fr", "Écrivez à aide@exemple.fr."),
        ("Vous avez 45 jours pour un retour.", "45 jours", "Vous avez 30 jours pour un retour."),
        ("La garantie couvre aussi les piles.", "La garantie couvre aussi les piles.",
         "La garantie est de 2 ans, hors piles."),
    ],
)  # fmt: skip
def test_what_the_source_says_otherwise_is_objected_to(reply: str, found: str, text: str) -> None:
    assert found in objections(reply, text)


def test_a_value_that_no_source_gives_is_never_proved() -> None:
    text = "La livraison est offerte dès 60 € d’achat."
    passages = [Passage(Chunk("p", "p", "", text, language="fr"), 1.0)]
    reply = "Avec votre panier de 86 €, la livraison est offerte."
    claims = prove(reply, passages, language="fr", now=NOW)
    assert not [
        c for c in claims if "86" in c.fact.text and c.fact.kind == "price" and c.state == "supported"
    ]


def test_a_weight_moves_the_probability_of_an_objection() -> None:
    plain = {"new": 2.0, "new_at_all": 1.0, "we": 1.0}
    assert 0 < probability("statement", plain) < probability("statement", plain | {"soon": 1.0}) < 1
    assert probability("statement", {}) < threshold("statement")
    with pytest.raises(KeyError):
        probability("rumour", plain)


def test_a_sentence_without_end_takes_no_more_time_than_its_length() -> None:
    passages = [Passage(Chunk("p", "p", "", "La livraison coûte 5 € et prend 6 jours.", language="fr"), 1.0)]
    claims = prove("5 €, 8 jours, " * 600, passages, language="fr", now=NOW)
    assert len({c.fact.span for c in claims}) > 600


def test_nothing_is_proved_by_nothing() -> None:
    claims = prove("La livraison coûte 4 €. Le retour est gratuit.", [], language="fr", now=NOW)
    assert {c.state for c in claims} == {"not_found"}


def test_a_number_too_long_to_mean_anything_is_read_without_harm() -> None:
    text = "Livraison en 99999999999999999999 jours."
    assert objections(text, "Livraison en 2 jours.") != []
    assert objections("Livraison en 2 jours.", f"Livraison en 2 jours. {text}") == []


def test_a_country_follows_from_its_region_only_where_the_source_serves_it() -> None:
    assert "Japan" in objections("We deliver to Japan.", "We do not deliver overseas.", "en")
    served = objections(
        "La livraison en Espagne coûte 8 €.", "La livraison dans l’Union européenne coûte 8 €."
    )
    assert "Espagne" not in served
