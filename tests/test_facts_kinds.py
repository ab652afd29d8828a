"""Kinds of facts: how they are read, and what else a source may say of them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.facts import contradictions, extract, prove
from copilot.records import Chunk, Passage

NOW = date(2026, 11, 20)
SHOP = (
    "La boutique de Lyon est ouverte du mardi au samedi de 10 h à 19 h. La boutique de Nantes "
    "est ouverte du lundi au vendredi de 9 h à 18 h. Appelez le 04 65 71 40 10 ou écrivez à "
    "aide@velo.example. "
    "Le détail est sur velo.example/boutiques. La fête des Lumières a lieu le 8 décembre 2026."
)
BATTERY = (
    "La batterie pèse 2,5 kg et offre 80 km d’autonomie. Les chèques ne sont pas acceptés. "
    "Le retrait est gratuit. L’essai est gratuit pour les étudiants, uniquement en boutique."
)


def states(text: str, source: str = SHOP, language: str = "fr") -> dict[str, str]:
    passage = Passage(Chunk("a", "d", "faq.md", source, language="und"), 1.0)
    found = prove(text, [passage], language=language, now=NOW)
    return {c.fact.kind + ":" + c.fact.text: c.state for c in found if c.state != "supported"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Rendez-vous demain.", "date", "2026-11-21"),
        ("C’est d’ici vendredi.", "date", "2026-11-27"),
        ("Ouvert de 9 h 30 à 18 h.", "hours", "T09:30-T18:00"),
        ("Ouvert 7j/7.", "days", "mo,tu,we,th,fr,sa,su"),
        ("Sous 2 à 4 jours ouvrés.", "duration", "P2BD/P4BD"),
        ("Une autonomie de 80 km.", "unit", "80000 m"),
        ("Appelez le +33 4 65 71 40 10.", "phone", "465714010"),
        ("Voir https://www.velo.example/aide/.", "link", "velo.example/aide"),
        ("Le modèle VX-200 arrive.", "reference", "vx200"),
        ("À 44000 Nantes.", "postcode", "44000"),
    ],
)
def test_kind_and_canonical_value(text: str, kind: str, value: str) -> None:
    found = {(f.kind, f.value) for f in extract(text, language="fr", now=NOW)}
    assert (kind, value) in found, found


def test_a_moment_of_the_day_is_as_good_as_its_date() -> None:
    at = datetime(2026, 11, 20, 15, 30)
    assert extract("À demain.", language="fr", now=at) == extract("À demain.", language="fr", now=NOW)


@pytest.mark.parametrize(
    "text",
    [
        "La boutique de Lyon t’attend du mardi au samedi, 10h-19h.",
        "À Nantes, on ouvre en semaine de 9 h à 18 h.",
        "Vous pouvez appeler le 04.65.71.40.10.",
        "La fête des Lumières, c’est le 8 décembre.",
    ],
)
def test_other_words_same_facts(text: str) -> None:
    assert states(text) == {}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("La boutique de Lyon est ouverte du lundi au vendredi.", "days:du lundi au vendredi"),
        ("La boutique de Lyon est ouverte de 9 h à 18 h.", "hours:de 9 h à 18 h"),
        ("La boutique de Bordeaux est ouverte du mardi au samedi.", "name:Bordeaux"),
        ("Appelez le 04 65 71 40 11.", "phone:04 65 71 40 11"),
        ("Écrivez à contact@velo.example.", "email:contact@velo.example"),
        ("Tout est sur velo.example/magasins.", "link:velo.example/magasins"),
        ("La fête des Lumières a lieu le 18 décembre.", "date:18 décembre"),
    ],
)
def test_changed_value_is_named(text: str, wrong: str) -> None:
    assert wrong in states(text)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("La batterie offre 80 miles d’autonomie.", "contradicted"),
        ("Les chèques sont acceptés.", "contradicted"),
        ("Le retrait est payant.", "contradicted"),
        ("Nous vous offrons un bon d’achat pour compenser.", "not_found"),
        ("L’essai est gratuit pour les étudiants.", "condition_dropped"),
    ],
)
def test_statements_are_proved_too(text: str, state: str) -> None:
    assert state in states(text, BATTERY).values()


def test_same_statement_in_other_words_passes() -> None:
    assert states("On ne prend pas les chèques, désolés.", BATTERY) == {}
    assert states("Vous pouvez retirer votre commande sans frais.", BATTERY) == {}


def test_courtesy_and_questions_claim_nothing() -> None:
    text = "Bonjour Inès,\nMerci pour votre message. Quel est votre numéro ?\nBelle journée,\nL’équipe"
    assert prove(text, [], language="fr", now=NOW) == ()


def test_numbers_are_proved_across_languages() -> None:
    assert states("The battery weighs 2.5 kg and takes you 80 km.", BATTERY, "en") == {}
    assert "contradicted" in states("The battery weighs 3.5 kg.", BATTERY, "en").values()


def test_what_cannot_be_compared_across_languages_is_unproved() -> None:
    found = states("Our frames are welded by hand in a small Breton forge.", BATTERY, "en")
    assert "not_found" not in {s for k, s in found.items() if k.startswith("statement")}


def test_entries_that_disagree_are_paired() -> None:
    chunks = [
        Chunk("a", "d1", "a.md", "La livraison en Corse coûte 119 €.", language="fr"),
        Chunk("b", "d2", "b.md", "La livraison en Corse coûte 99 €.", language="fr"),
        Chunk("c", "d3", "c.md", "La livraison en Belgique coûte 79 €.", language="fr"),
    ]
    ((first, second),) = contradictions(chunks, now=NOW)
    assert {first.fact.text, second.fact.text} == {"119 €", "99 €"}
    assert first.evidence[0].quote == second.fact.text
    assert first.evidence[0].passage_id != second.evidence[0].passage_id


def test_the_same_words_on_another_matter_are_no_contradiction() -> None:
    pairs = [
        (
            Chunk("a", "a", "a.md", "La réponse arrive sous 10 jours.", "Comment saisir le médiateur ?"),
            Chunk("b", "b", "b.md", "La réponse arrive sous 2 jours.", "Pourquoi mon avis est-il masqué ?"),
        ),
        (
            Chunk("a", "a", "a.md", "Les 30 jours comprennent les 14 jours du délai légal."),
            Chunk("b", "b", "b.md", "Le délai légal de 14 jours est compris."),
        ),
    ]
    for pair in pairs:
        assert contradictions(pair, now=NOW) == ()


def test_agreeing_entries_are_left_alone() -> None:
    chunks = [
        Chunk("a", "d1", "a.md", "Le remboursement part sous 14 jours.", language="fr"),
        Chunk("b", "d2", "b.md", "Le remboursement part sous deux semaines.", language="fr"),
    ]
    assert contradictions(chunks, now=NOW) == ()


@given(st.text(max_size=400), st.sampled_from(["fr", "en", "und"]))
def test_any_text_keeps_its_spans(text: str, language: str) -> None:
    for fact in extract(text, language=language, now=NOW):
        assert text[fact.span.start : fact.span.end] == fact.text
    passage = Passage(Chunk("a", "d", "faq.md", SHOP, language="fr"), 1.0)
    for claim in prove(text, [passage], language=language, now=NOW):
        assert text[claim.fact.span.start : claim.fact.span.end] == claim.fact.text


# Patterns are compiled at the first call: only what follows is timed.
extract("1 €", language="fr", now=NOW)


@given(
    st.lists(
        st.sampled_from([*"0123456789 .,€hkm%-+'", "sous ", "jours ", "de ", "à ", "sauf ", "\u202f"]),
        max_size=300,
    )
)
def test_piles_of_digits_and_units_are_read_in_time(pieces: list[str]) -> None:
    extract("".join(pieces), language="fr", now=NOW)
