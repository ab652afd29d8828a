"""The prompts of a workspace: what would be sent, promotion, history, the way back, the trial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copilot import Comment, views
from copilot.errors import ConflictError, FileFormatError, InputError, PermissionDenied
from tests.conftest import NOW
from ui.bench import joined, split

if TYPE_CHECKING:
    from copilot import Copilot

EXAMPLE = Comment("Vous livrez en Corse ?", "Léa Martin", "instagram_comment")


def reworded(copilot: Copilot, mark: str = "Tu rédiges avec soin") -> str:
    return copilot.prompt_book.text("reply").replace("Tu rédiges", mark, 1)


def test_a_preview_says_where_each_stretch_comes_from(sample: Copilot) -> None:
    shown = sample.prompt_book.preview("reply", sample.prompt_book.text("reply"), EXAMPLE)
    assert [message.role for message in shown.messages] == ["system", "user"]
    by_name = dict(shown.by_name())
    assert by_name["passages"] > by_name["comment"] > 0
    named = {s.name: s.text for message in shown.messages for s in message.stretches if s.name}
    assert "Corse" in named["comment"]
    assert "Léa" not in "".join(message.text for message in shown.messages)
    assert shown.tokens == sum(message.tokens for message in shown.messages)


@pytest.mark.parametrize("name", ["post", "rewrite", "judge"])
def test_every_prompt_has_a_preview(sample: Copilot, name: str) -> None:
    shown = sample.prompt_book.preview(name, sample.prompt_book.text(name), EXAMPLE)
    assert shown.tokens > 100
    assert "Corse" in "".join(message.text for message in shown.messages)


def test_a_preview_is_escaped(sample: Copilot) -> None:
    comment = Comment("<script>alert(1)</script> vous livrez ?")
    shown = sample.prompt_book.preview("reply", sample.prompt_book.text("reply"), comment)
    assert "<script" not in views.preview(shown, "fr")


def test_a_mistake_is_told_with_its_line(sample: Copilot) -> None:
    broken = sample.prompt_book.text("reply").replace("{{comment}}", "{{coment}}", 1)
    with pytest.raises(FileFormatError) as told:
        sample.prompt_book.preview("reply", broken, EXAMPLE)
    line = broken.splitlines().index("{{coment}}") + 1
    assert told.value.where == f"prompts/reply.md:{line}"
    assert "comment" in told.value.in_language("fr")


def test_a_promotion_is_kept_and_can_be_taken_back(sample: Copilot) -> None:
    book = sample.prompt_book
    first = book.current("reply")
    text = reworded(sample)
    made = book.promote("reply", text, "Plus de soin dans la voix.")
    assert book.current("reply").version == made.version != first.version
    assert (sample.workspace.prompts / "reply.md").read_text(encoding="utf-8") == text
    newest, oldest = book.history("reply")
    assert (newest.version, newest.note, newest.at) == (made.version, "Plus de soin dans la voix.", NOW)
    assert oldest.version == first.version
    back = book.roll_back("reply", first.version)
    assert back.version == first.version
    assert book.current("reply").version == first.version
    assert [entry.version for entry in book.history("reply")] == [
        first.version,
        made.version,
        first.version,
    ]


def test_a_promotion_needs_a_note_and_a_change(sample: Copilot) -> None:
    with pytest.raises(InputError):
        sample.prompt_book.promote("reply", reworded(sample), "  ")
    with pytest.raises(InputError):
        sample.prompt_book.promote("reply", sample.prompt_book.text("reply"), "Rien de neuf.")
    with pytest.raises(InputError):
        sample.prompt_book.roll_back("reply", "000000000000")
    assert sample.prompt_book.history("reply") == []


def test_who_edits_an_old_version_is_told(sample: Copilot) -> None:
    book = sample.prompt_book
    base = book.current("reply").version
    text = reworded(sample)
    book.promote("reply", text, "La première.", base=base)
    with pytest.raises(ConflictError):
        book.promote("reply", text.replace("soin", "attention"), "La seconde.", base=base)
    assert book.text("reply") == text


def test_an_agent_may_not_promote(sample: Copilot) -> None:
    at = sample.now()
    sample.accounts.save("ada", "admin", "un mot de passe long", actor="", at=at)
    sample.accounts.save("mia", "manager", "un mot de passe long", actor="ada", at=at)
    sample.accounts.save("leo", "agent", "un mot de passe long", actor="ada", at=at)
    with pytest.raises(PermissionDenied):
        sample.prompt_book.promote("reply", reworded(sample), "Essai.", actor="leo")
    made = sample.prompt_book.promote("reply", reworded(sample), "Essai.", actor="mia")
    assert sample.prompt_book.history("reply")[0].actor == "mia"
    trail = sample.reviews.trail(actor="ada")
    assert [(e.action, e.subject, e.actor) for e in trail][-1] == ("promote_prompt", "reply", "mia")
    assert made.version


def test_cases_judge_the_reply_prompt_alone(sample: Copilot) -> None:
    with pytest.raises(InputError):
        sample.prompt_book.assess("post", sample.prompt_book.text("post"))


def test_the_planted_regression_is_held_back(sample: Copilot) -> None:
    book = sample.prompt_book
    steps: list[int] = []
    found = book.assess(
        "reply.concis",
        book.text("reply.concis"),
        recording=book.recorded or "",
        only="livraison",
        progress=lambda step: steps.append(step.done),
    )
    assert steps[-1] == 2 * len(found.after.rows)
    assert not found.decision.ship
    facts = found.comparison.promise("facts")
    assert facts is not None
    assert facts.broke
    shown = views.cases(found.comparison, found.comments, "fr")
    assert "Condition perdue" in shown
    assert "<del>" in shown
    again = book.assess(
        "reply.concis", book.text("reply.concis"), recording=book.recorded or "", only="livraison"
    )
    assert again.comparison.before.id == found.comparison.before.id, "the run of production is used again"


def test_a_text_nobody_answered_is_not_judged(sample: Copilot) -> None:
    book = sample.prompt_book
    found = book.assess("reply", reworded(sample), recording=book.recorded or "", only="livraison-corse")
    assert not found.decision.ship
    assert found.after.judged == ()


def test_settings_and_text_make_the_file_again(sample: Copilot) -> None:
    for name in sample.prompt_book.names():
        text = sample.prompt_book.text(name)
        assert joined(*split(text)) == text
    assert split("Bonjour\n") == ("", "Bonjour")
