"""The health report: what a knowledge owner should look at, and nothing that she shouldn't."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import date, timedelta

from copilot.health import Contradiction, HealthReport, health
from copilot.records import Chunk, Localized

TODAY = date(2026, 3, 1)


def chunk(name: str, question: str, text: str, **fields: object) -> Chunk:
    base = Chunk(name, "d", f"knowledge/faq/{name}.md", text, question, language="fr")
    return replace(base, **fields)  # type: ignore[arg-type]


DELIVERY = chunk("a", "Quels sont les délais de livraison ?", "Comptez 48 h en métropole, hors week-end.")
RETURNS = chunk(
    "b", "Comment renvoyer mon vélo ?", "Imprimez l’étiquette et déposez le carton en point relais."
)
WARRANTY = chunk("c", "Quelle est la garantie ?", "La batterie est garantie deux ans, pièces comprises.")


def report(*chunks: Chunk, **options: object) -> HealthReport:
    return health(chunks, today=TODAY, **options)  # type: ignore[arg-type]


def test_healthy_knowledge_has_nothing_to_report() -> None:
    assert report(DELIVERY, RETURNS, WARRANTY).items == ()


def test_dates_are_told_in_time() -> None:
    found = report(
        replace(DELIVERY, valid_until=TODAY - timedelta(days=1)),
        replace(RETURNS, valid_until=TODAY),
        replace(WARRANTY, valid_until=TODAY + timedelta(days=31), valid_from=TODAY + timedelta(days=2)),
    )
    assert [(i.kind, i.sources[0].chunk_id) for i in found.items] == [
        ("expired", "a"),
        ("expiring", "b"),
        ("not_yet_valid", "c"),
    ]
    assert "28/02/2026" in found.items[0].message.fr
    assert "28 Feb 2026" in found.items[0].message.en


def test_near_duplicates_stand_side_by_side_with_their_figures() -> None:
    twin = replace(
        DELIVERY, id="z", text="Comptez 72 h en métropole, hors week-end.", path="knowledge/x.csv", row=4
    )
    (item,) = report(DELIVERY, RETURNS, WARRANTY, twin).of("duplicate")
    assert {s.chunk_id for s in item.sources} == {"a", "z"}
    assert "48, 72" in item.message.fr
    assert {(s.path, s.row) for s in item.sources} == {("knowledge/faq/a.md", None), ("knowledge/x.csv", 4)}


def test_one_question_with_two_answers_is_a_duplicate_even_when_the_answers_differ() -> None:
    other = chunk(
        "z", "Quels sont les délais de livraison ?", "Écrivez-nous, nous regarderons votre commande."
    )
    assert len(report(DELIVERY, RETURNS, WARRANTY, other).of("duplicate")) == 1


def test_translations_and_retired_entries_are_no_duplicates() -> None:
    translated = replace(DELIVERY, id="en", language="en")
    retired = replace(DELIVERY, id="old", status="retired")
    assert report(DELIVERY, translated, retired).of("duplicate") == ()


def test_unused_entries_only_where_uses_were_counted() -> None:
    internal = replace(RETURNS, visibility="internal")
    assert report(DELIVERY, WARRANTY).of("unused") == ()
    found = report(DELIVERY, WARRANTY, internal, uses={"a": 3})
    assert [i.sources[0].chunk_id for i in found.of("unused")] == ["c"]


def test_gaps_contradictions_and_pending_entries_are_listed() -> None:
    at_odds = Contradiction("a", "b", Localized("48 h ou 72 h", "48 h or 72 h"))
    found = report(
        DELIVERY,
        RETURNS,
        replace(WARRANTY, status="pending"),
        gaps=[("Livrez-vous à la Réunion ?", 2), ("Louez-vous des vélos ?", 5)],
        contradictions=[at_odds, Contradiction("a", "gone", Localized("", ""))],
    )
    assert [i.message.fr for i in found.of("contradiction")] == ["48 h ou 72 h"]
    assert [i.score for i in found.of("unanswered")] == [5, 2]
    assert found.counts() == {
        "contradiction": 1,
        "expired": 0,
        "expiring": 0,
        "duplicate": 0,
        "unanswered": 2,
        "pending": 1,
        "not_yet_valid": 0,
        "unused": 0,
    }


def test_texts_without_words_and_an_empty_knowledge_are_no_matter() -> None:
    assert report().items == ()
    assert report(chunk("a", "?", "…"), chunk("b", "!", "🚚")).items == ()


def test_two_thousand_entries_take_seconds() -> None:
    chance = random.Random(3)
    words = [f"mot{n}" for n in range(4_000)]
    many = [
        chunk(f"q{n}", " ".join(chance.sample(words, 8)), " ".join(chance.sample(words, 60)))
        for n in range(2_000)
    ]
    begun = time.process_time()
    assert report(*many, replace(many[7], id="twin")).counts()["duplicate"] == 1
    assert time.process_time() - begun < 15
