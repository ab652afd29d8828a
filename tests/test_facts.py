"""What a manager sees when facts are proved."""

from __future__ import annotations

from datetime import date

import pytest

from copilot.facts import extract, prove
from copilot.records import Chunk, Claim, Passage

NOW = date(2026, 11, 20)
DELIVERY = (
    "La livraison standard à domicile coûte 4,90 € et prend 3 à 5 jours ouvrés. "
    "Elle est gratuite dès 60 € d’achat, hors Corse. En point relais, comptez 2,90 €."
)
RETURNS = (
    "Vous disposez de 30 jours pour retourner un article, sauf les articles soldés, "
    "qui ne sont pas remboursables. "
    "Le remboursement est effectué sous 14 jours."
)


def passages() -> list[Passage]:
    return [
        Passage(
            Chunk("livraison", "d1", "faq.md", DELIVERY, "Combien coûte la livraison ?", language="fr"), 1.0
        ),
        Passage(
            Chunk("retours", "d2", "faq.md", RETURNS, "Comment retourner un article ?", language="fr"), 0.8
        ),
    ]


def proved(text: str, language: str = "fr", **options: object) -> tuple[Claim, ...]:
    return prove(text, passages(), language=language, now=NOW, **options)  # type: ignore[arg-type]


def objections(text: str, language: str = "fr") -> dict[str, str]:
    return {c.fact.text: c.state for c in proved(text, language) if c.state != "supported"}


@pytest.mark.parametrize(
    "group",
    [
        ["12,90 €", "12€90", "12,90 euros", "EUR 12.90", "12 euros 90", "€12.90"],
        ["48 h", "deux jours", "2 jours", "J+2", "48 heures"],
        ["24 mois", "deux ans", "2 ans"],
        ["deux semaines", "14 jours", "quatorze jours"],
        ["1 500 €", "1500 EUR", "1.500 euros"],
        ["15 %", "quinze pour cent"],
    ],
)
def test_equivalent_writings_share_a_value(group: list[str]) -> None:
    values = {extract(f"Voilà : {w}.", language="fr", now=NOW)[0].value for w in group}
    assert len(values) == 1, values


def test_faithful_reply_is_supported_with_evidence() -> None:
    text = "Bonjour Camille,\nLa livraison à domicile est à 4,90 € sous 3 à 5 jours ouvrés.\nBelle journée !"
    claims = proved(text)
    assert claims
    assert {c.state for c in claims} == {"supported"}
    for claim in claims:
        assert text[claim.fact.span.start : claim.fact.span.end] == claim.fact.text
        for evidence in claim.evidence:
            source = next(p.chunk.text for p in passages() if p.id == evidence.passage_id)
            assert source[evidence.span.start : evidence.span.end] == evidence.quote


def test_value_of_another_matter_is_no_support() -> None:
    (claim,) = [c for c in proved("La livraison à domicile coûte 2,90 €.") if c.state != "supported"]
    assert claim.state == "contradicted"
    assert "4,90 €" in claim.message.fr


def test_lost_exclusion_is_told() -> None:
    assert "condition_dropped" in objections("La livraison est gratuite dès 60 €.").values()
    assert objections("La livraison est gratuite dès 60 €, sauf en Corse.") == {}


def test_retrieval_for_the_sentence_comes_before_not_found() -> None:
    asked: list[str] = []

    def retrieve(sentence: str) -> list[Passage]:
        asked.append(sentence)
        return [
            Passage(
                Chunk("sav", "d3", "faq.md", "Le service client répond au 01 23 45 67 89.", language="fr"),
                1.0,
            )
        ]

    text = "La livraison coûte 4,90 €. Le service client est au 01 23 45 67 89."
    assert {c.state for c in proved(text, retrieve=retrieve)} == {"supported"}
    assert asked == ["Le service client est au 01 23 45 67 89."]


def test_a_person_can_vouch_with_a_reason() -> None:
    claims = proved("Contactez-nous au 01 99 00 12 34.", vouched={"01 99 00 12 34": "Ligne provisoire"})
    assert "Ligne provisoire" in {c.vouched for c in claims}


@pytest.mark.parametrize(
    "text",
    [
        "Oh, quelle belle idée ! On comprend votre impatience, dites-nous si le colis tarde.",
        "L’envoi ne vous coûtera rien dès 60 € d’achat (la Corse n’est pas concernée).",
        "On vous recrédite dans les deux semaines.",
        "Hélas, les articles en solde ne peuvent pas être remboursés.",
    ],
)
def test_reworded_and_friendly_sentences_raise_no_objection(text: str) -> None:
    assert objections(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Un livreur en costume vous apporte un bouquet de pivoines.",
        "Tous les articles peuvent être retournés pendant 30 jours.",
        "Elle n’est pas gratuite dès 60 € d’achat, hors Corse.",
        "Le remboursement est effectué sous 10 jours.",
        "Votre prochaine livraison vous sera remboursée et nous doublerons vos points.",
    ],
)
def test_what_the_knowledge_does_not_say_is_objected_to(text: str) -> None:
    assert objections(text)


def test_the_half_of_the_day_may_be_told_in_words() -> None:
    (hour,) = extract("We open at 9 in the evening.", language="en", now=NOW)
    assert hour.value == "T21:00"
