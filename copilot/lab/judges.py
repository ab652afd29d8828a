"""A model's opinion of two texts: asked twice with the places swapped, shown with how often people agree.

An opinion is never a reason to ship or not to; ``gate`` does not look at it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from copilot import prompts
from copilot.errors import LLMContractError, LLMError
from copilot.lab.comparing import CasePair
from copilot.llms import LLM
from copilot.prompts import Prompt
from copilot.records import ChatMessage
from copilot.store import HistoryEntry, Judgement

Preferred = Literal["before", "after", "tie"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Which of two texts a model prefers.

    ``steady`` is False when the two orders led to different answers: the verdict is a tie then.
    """

    case_id: str
    preferred: Preferred
    steady: bool
    reasons: tuple[str, str]
    model: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a judge sides with people: ``agreed`` of ``n`` pairs, ties counting as no."""

    n: int
    agreed: int

    @property
    def rate(self) -> float | None:
        """Share of pairs, None when people have said nothing yet."""
        return self.agreed / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts for one message; ``preferred`` is what people said, if they did."""

    id: str
    comment: str
    before: str
    after: str
    language: str = "fr"
    preferred: Preferred | None = None


class Judge:
    """A model that compares texts by one criterion.

    Args:
        llm: the model, already behind the mask.
        criterion: the question, in a sentence.
        prompt: default: the ``judge`` prompt that ships.
    """

    def __init__(self, llm: LLM, criterion: str, prompt: Prompt | None = None) -> None:
        self._llm = llm
        self._criterion = criterion
        self._prompt = prompt or prompts.load("judge")

    def opinion(self, pair: Pair) -> Opinion:
        """Ask twice, the second time with the texts swapped.

        Raises:
            LLMError: the model could not be asked, or broke the form.
        """
        first, why = self._ask(pair, pair.before, pair.after)
        second, why_swapped = self._ask(pair, pair.after, pair.before)
        a: Preferred = {"a": "before", "b": "after"}.get(first, "tie")  # type: ignore[assignment]
        b: Preferred = {"a": "after", "b": "before"}.get(second, "tie")  # type: ignore[assignment]
        steady = a == b
        return Opinion(pair.id, a if steady else "tie", steady, (why, why_swapped), self._llm.name)

    def opinions(self, pairs: Iterable[Pair]) -> list[Opinion]:
        """Ask about many pairs; those that could not be judged are left out."""
        found = []
        for pair in pairs:
            try:
                found.append(self.opinion(pair))
            except LLMError:
                continue
        return found

    def agreement(self, pairs: Sequence[Pair]) -> Agreement:
        """Compare with what people preferred."""
        known = {pair.id: pair.preferred for pair in pairs if pair.preferred}
        asked = self.opinions(pair for pair in pairs if pair.preferred)
        return Agreement(len(asked), sum(known[opinion.case_id] == opinion.preferred for opinion in asked))

    def _ask(self, pair: Pair, a: str, b: str) -> tuple[str, str]:
        values = {"criterion": self._criterion, "comment": pair.comment, "reply_a": a, "reply_b": b}
        messages: list[ChatMessage] = prompts.render(self._prompt, values, language=pair.language)
        schema = self._prompt.output
        answer = self._llm.complete(messages, schema=schema, options=self._prompt.llm)
        try:
            data = json.loads(answer.text)
            return str(data["verdict"]), str(data["reason"])
        except (ValueError, KeyError, TypeError) as error:
            raise LLMContractError("compose.broken_json") from error


def pairs_of(cases: Iterable[CasePair], comments: dict[str, str]) -> list[Pair]:
    """Return the pairs of a comparison whose texts differ."""
    return [
        Pair(
            each.case_id,
            comments.get(each.case_id, ""),
            each.before.outcome.text,
            each.after.outcome.text,
            each.before.outcome.language or "fr",
        )
        for each in cases
        if not each.same_text and each.before.outcome.text and each.after.outcome.text
    ]


def human_pairs(history: Iterable[HistoryEntry], judgements: Iterable[Judgement]) -> list[Pair]:
    """Return what people preferred: where one said that a draft was no use and sent another text instead."""
    refused = {judgement.reply_id for judgement in judgements if not judgement.good}
    return [
        Pair(
            entry.reply.id,
            entry.reply.comment.text,
            entry.reply.draft.text,
            entry.final_text,
            entry.reply.draft.language,
            "after",
        )
        for entry in history
        if entry.reply.id in refused
        and entry.final_text
        and entry.reply.draft.text
        and entry.final_text != entry.reply.draft.text
    ]
