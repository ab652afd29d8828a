"""A comment that asks several things is answered on each."""

from __future__ import annotations

import pytest

from copilot.questions import asks_twice, questions


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("Merci pour tout !", ["Merci pour tout !"]),
        ("Livrez-vous en Corse ?", ["Livrez-vous en Corse ?"]),
        (
            "Quels sont vos horaires à Lyon ? Et puis-je essayer un vélo ?",
            ["Quels sont vos horaires à Lyon ?", "Et puis-je essayer un vélo ?"],
        ),
        (
            "Est-ce que je peux payer en trois fois, et quels sont les horaires de la boutique de Rennes ?",
            ["Est-ce que je peux payer en trois fois", "quels sont les horaires de la boutique de Rennes ?"],
        ),
        (
            "Quel délai pour Lyon ? Mon vélo est rouge. Combien coûte une révision complète ?",
            ["Quel délai pour Lyon ?", "Mon vélo est rouge. Combien coûte une révision complète ?"],
        ),
        (
            "How much is delivery and how long does it take?",
            ["How much is delivery and how long does it take?"],
        ),
    ],
)
def test_questions_are_told_apart(comment: str, expected: list[str]) -> None:
    assert questions(comment, 4) == expected


def test_no_more_questions_than_asked_for() -> None:
    assert len(questions("Un ? Deux ? Trois ? Quatre ? Cinq ?", 3)) == 3


@pytest.mark.parametrize(
    ("question", "twice"),
    [
        ("How much is delivery and how long does it take?", True),
        ("Combien coûte la livraison en Corse et sous quel délai ?", True),
        ("Livrez-vous en Corse et en Belgique ?", False),
    ],
)
def test_a_sentence_that_asks_twice_is_known(question: str, twice: bool) -> None:
    assert asks_twice(question) is twice
