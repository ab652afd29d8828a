"""Searching a small FAQ."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from copilot.index import Index
from copilot.records import Chunk
from copilot.retrieve import Retriever, evidence_for

TODAY = date(2026, 11, 20)


def chunk(name: str, question: str, text: str, **more: object) -> Chunk:
    return Chunk(
        id=name,
        document_id="faq",
        path="faq.md",
        text=text,
        question=question,
        language="fr",
        version="1",
        **more,  # type: ignore[arg-type]
    )


FAQ = [
    chunk(
        "delai",
        "Quels sont les délais de livraison ?",
        "La livraison prend 5 jours ouvrés. Le suivi arrive par e-mail.",
    ),
    chunk("retour", "Comment renvoyer un article ?", "Vous avez 30 jours. L’étiquette est gratuite."),
    chunk("interne", "Quels délais de livraison pour les VIP ?", "Livraison en 24 h.", visibility="internal"),
    chunk(
        "noel", "Quels délais de livraison à Noël ?", "Livraison avant le 24.", valid_until=date(2025, 12, 24)
    ),
    chunk("attente", "Livrez-vous en Suisse ?", "Oui, la livraison coûte 20 €.", status="pending"),
]


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    with Index.open(tmp_path, write=True) as index:
        index.upsert(FAQ)
        index.commit()
    return Retriever(Index.open(tmp_path))


@pytest.mark.parametrize(
    "query",
    [
        "Quels sont les délais de livraison ?",
        "delai livraison",
        "DÉLAIS D’LIVRAISON",
        "c koi les delais de livrason",
    ],
)
def test_finds_despite_accents_case_and_typing(retriever: Retriever, query: str) -> None:
    assert retriever.search(query, today=TODAY)[0].id == "delai"


def test_filters(retriever: Retriever) -> None:
    def found(**options: object) -> set[str]:
        return {p.id for p in retriever.search("délais de livraison", **{"today": TODAY, **options})}  # type: ignore[arg-type]

    assert found() <= {"delai", "retour"}
    assert "interne" in found(visibility=None)
    assert "noel" in found(today=date(2025, 12, 1))
    assert "attente" in found(statuses=("approved", "pending"))


def test_nothing_for_nothing(retriever: Retriever) -> None:
    assert retriever.search("", today=TODAY) == []
    assert retriever.search("😀 !!!", today=TODAY) == []


def test_highlights_are_sentences_of_the_passage(retriever: Retriever) -> None:
    passage = retriever.search("La livraison prend combien de jours ?", today=TODAY)[0]
    first = passage.highlights[0]
    assert passage.chunk.text[first.start : first.end] == "La livraison prend 5 jours ouvrés."


def test_evidence_is_the_supporting_sentence(retriever: Retriever) -> None:
    passages = retriever.search("délais de livraison", today=TODAY)
    evidence = evidence_for("Vous recevrez le suivi par e-mail.", passages)
    assert evidence is not None
    assert evidence.quote == "Le suivi arrive par e-mail."
    assert evidence_for("Nos bureaux ferment le dimanche.", passages) is None


def test_learns_at_once_and_forgets(retriever: Retriever) -> None:
    query = "mon paquet il est où"

    def first() -> str:
        return retriever.search(query, today=TODAY)[0].id

    before = first()
    retriever.learn("il est où mon paquet", "delai", "1")
    retriever.learn("entrée disparue", "gone", "1")
    assert (before, first()) == ("retour", "delai")
    assert retriever.learnt_from("delai") == 1
    retriever.unlearn("il est où mon paquet", "delai")
    assert retriever.learnt_from("delai") == 0
    assert first() == before


def test_what_is_learnt_passes_no_filter(retriever: Retriever) -> None:
    retriever.learn("et pour les personnes importantes", "interne", "1")
    assert "interne" not in [p.id for p in retriever.search("et pour les personnes importantes", today=TODAY)]


def test_a_reader_gets_passages_in_her_language_first(tmp_path: Path) -> None:
    title = "Livraison delivery"
    english = Chunk("en", "faq", "en.md", "Delivery costs €49.", title, language="en", version="1")
    french = Chunk("fr", "faq", "fr.md", "La livraison coûte 49 €.", title, language="fr", version="1")
    with Index.open(tmp_path, write=True) as index:
        index.upsert([english, french])
        index.commit()
    retriever = Retriever(Index.open(tmp_path))
    for language in ("fr", "en"):
        found = retriever.search("livraison delivery", language=language, today=TODAY)
        assert found[0].id == language
        assert len(found) == 2


def test_answerable_tells_questions_from_small_talk_and_other_trades(retriever: Retriever) -> None:
    def chance(query: str) -> float:
        return retriever.answerable(query, retriever.search(query, today=TODAY))

    asked = [chance("quels sont vos délais de livraison ?"), chance("comment renvoyer un article")]
    other = [chance("merci"), chance("quel vaccin pour mon chiot"), chance("😀"), chance("")]
    assert min(asked) > 0.6
    assert max(other) < 0.3
