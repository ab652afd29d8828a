"""Spellings of text messages, and the small model that speaks where the rules are silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import fit_triage
from copilot.moderation.words import cut
from copilot.records import Comment
from copilot.triage import triage
from copilot.triage.learned import LABELS, leanings, settled, told_by

LOOKALIKES = Path(fit_triage.__file__).parent / "data" / "triage_learning"


def intents(text: str) -> set[str]:
    return {label.name for label in triage(Comment(text)).intents}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("c koi la garanti", " c est quoi la garanti "),
        ("jvai en parler", " je vais en parler "),
        ("sa marche pa", " ca marche pas "),
        ("g perdu ma carte", " j ai perdu ma carte "),
    ],
)
def test_spellings_of_text_messages_are_written_out(text: str, written: str) -> None:
    words = cut(text)
    assert words.line == written
    assert words.span(0, len(words.words) - 1).end == len(text)


@pytest.mark.parametrize(
    "text", ["I've got it", "c'est bon", "100 g de riz", "see ya", "un peu", "sa voiture"]
)
def test_what_only_looks_like_a_text_message_is_left(text: str) -> None:
    assert cut(text).line.split() == text.lower().replace("'", " ").split()


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("c koi la garanti sur ce modele", "reply"),
        ("koman on fé pr avoir le remboursement", "reply"),
        ("Je voudrais supprimer mon compte", "private"),
        ("Merci de clôturer mon compte", "private"),
        ("Comment résilier mon abonnement", "reply"),
    ],
)
def test_requests_are_questions_that_need_an_answer(text: str, route: str) -> None:
    found = triage(Comment(text))
    assert "question" in {label.name for label in found.intents}
    assert (found.needs_reply, found.route) == (True, route)


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("Je lègue mon chat à ma sœur, après je pars rejoindre papa là-haut", "escalate_care"),
        ("jai plus envi de vivre", "escalate_care"),
        ("My cousin says she's going to kill herself", "escalate_care"),
        ("Le couvercle de l'autocuiseur a sauté au visage de mon mari", "escalate_safety"),
        ("The pram folded with my baby in it", "escalate_safety"),
        ("Je vais lui péter les dents à votre livreur", "escalate_safety"),
    ],
)
def test_distress_danger_and_blows_told_plainly_reach_a_person(text: str, route: str) -> None:
    assert triage(Comment(text)).route == route


def test_manners_of_speaking_raise_no_alarm() -> None:
    texts = [
        line
        for path in LOOKALIKES.glob("lookalike.*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(texts) > 150
    assert [text for text in texts if triage(Comment(text)).severity >= "S2"] == []


def test_what_is_told_with_no_listed_word_is_heard() -> None:
    found = triage(Comment("Le carton ne contenait que du papier bulle"))
    assert {label.name for label in found.intents} == {"complaint"}
    assert found.sentiment == "negative"
    assert all(label.reasons for label in found.intents)


def test_the_model_never_makes_nor_hides_an_alarm() -> None:
    assert "self_harm" not in LABELS
    assert "threat" not in LABELS
    assert triage(Comment("Merci infiniment, adieu à tous, demain tout sera fini")).route == "escalate_care"


def test_strong_words_are_not_overruled() -> None:
    text = "Bravo, équipe formidable"
    assert settled(text, "praise", ruled=True, own=9.0)
    assert leanings(text)["praise"] > leanings(text)["complaint"]
    assert all(0 <= span.start < span.end <= len(text) for span in told_by(text, "praise"))


def test_the_lots_that_judge_are_never_learnt_from() -> None:
    assert "tenth" in fit_triage.KEPT
    learnt = {example.text for example in fit_triage.examples()}
    blind = fit_triage.DATA / "triage_blind" / "tenth.jsonl"
    assert not {row.text for row in fit_triage.read(blind)} & learnt
