"""What of an entry is said to the customer: the answer to her question, set as print would set it."""

from __future__ import annotations

import pytest

from copilot import Copilot, create_workspace
from copilot.quotes import is_open, said
from copilot.records import Span
from tests.conftest import NOW

ENTRIES = """question,answer
Démarchage postal : puis-je m'y opposer ?,"Oui. En savoir plus : Fiche pratique Prospection postale"
Comment ne plus recevoir de publicité par courrier postal ?,"Ecrivez à la société : c'est ""gratuit"" !"
Les associations sont-elles concernées par le règlement ?,"Oui, les associations doivent le respecter."
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Copilot:
    folder = tmp_path_factory.mktemp("quotes") / "w"
    create_workspace(folder, name="Essai")
    (folder / "knowledge" / "faq" / "faq.csv").write_text(ENTRIES, encoding="utf-8")
    copilot = Copilot(folder, clock=lambda: NOW)
    copilot.ingest()
    return copilot


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("Comment faire ?", True),
        ("À quel prix livrez-vous ?", True),
        ("Bonjour, combien ça coûte ?", True),
        ("Qu’est-ce que la garantie ?", True),
        ("How much is it?", True),
        ("Est-ce que je peux payer quand le vélo arrive ?", False),
        ("Livrez-vous en Corse ?", False),
        ("Qu’il neige ou non, vous livrez ?", False),
        ("Can I pay when it arrives?", False),
        ("", False),
    ],
)
def test_a_question_that_wants_more_than_yes_or_no(question: str, is_one: bool) -> None:
    assert is_open(question) is is_one


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("En savoir plus : Fiche pratique", ""),
        ("C’est gratuit. Pour en savoir plus : la fiche du service", "C’est gratuit."),
        ("En savoir plus : https://exemple.fr/aide", "En savoir plus : https://exemple.fr/aide"),
        ("Il faut en savoir plus sur vous.", "Il faut en savoir plus sur vous."),
    ],
)
def test_a_pointer_without_an_address_is_not_said(sentence: str, left: str) -> None:
    span = said(sentence, Span(0, len(sentence)))
    assert sentence[span.start : span.end] == left


def test_a_verdict_answers_only_who_asked_for_one(desk: Copilot) -> None:
    closed = desk.reply("Les associations sont-elles concernées par le règlement ?").draft.text
    wider = desk.reply("Que doivent respecter les associations concernées par le règlement ?").draft.text
    assert "Oui, les associations" in closed
    assert "Oui" not in wider
    assert "Les associations doivent le respecter." in wider


@pytest.mark.parametrize(
    ("sentence", "left"),
    [
        ("Oui, les associations aussi.", "les associations aussi."),
        ("Non. Rien n’est à déclarer.", "Rien n’est à déclarer."),
        ("Oui, sauf en Corse.", "Oui, sauf en Corse."),
        ("Yes, unless it is worn.", "Yes, unless it is worn."),
    ],
)
def test_a_verdict_that_carries_its_condition_stays(sentence: str, left: str) -> None:
    span = said(sentence, Span(0, len(sentence)), verdict=False)
    assert sentence[span.start : span.end] == left


def test_a_draft_is_typeset_and_stays_tied_to_its_source(desk: Copilot) -> None:
    reply = desk.reply("Comment ne plus recevoir de publicité par courrier postal ?")
    assert "Écrivez à la société\u00a0: c’est «\u00a0gratuit\u00a0»\u202f!" in reply.draft.text
    assert reply.report.findings == ()
    (tied,) = [s for s in reply.draft.sentences if s.evidence]
    assert reply.draft.text[slice(*tied.span)].startswith("Écrivez")
    assert reply.draft.text[slice(*tied.span)].endswith("!")
    assert tied.evidence[0].quote.startswith("Ecrivez")
