"""Abuse in a comment: insults, hatred, threats, sexual talk, self-harm — with class, strength and target.

Lists and word grammar only (``data/*.yml``): implicit hatred needs a model or a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from copilot.moderation.grammar import Grammar, Hit, shipped
from copilot.moderation.hate import Hate, hate
from copilot.moderation.words import Words, cut
from copilot.records import Span, Toxicity

Target = Literal["brand", "employee", "member", "group", "none"]
_KINDS = ("hate", "threat", "sexual", "insult", "profanity")
_STRENGTHS = ("mild", "strong", "severe")


@dataclass(frozen=True, slots=True)
class Abuse:
    """What was found. ``threat`` is also set when the hatred calls for violence."""

    toxicity: Toxicity | None
    self_harm: tuple[Span, ...]
    hits: tuple[Hit, ...]
    hate: Hate

    def spans(self, label: str) -> tuple[Span, ...]:
        """Return the words that led to a label."""
        found = tuple(hit.span for hit in self.hits if hit.rule.label == label)
        return (*found, *self.hate.spans) if label == "hate" and self.hate.found else found


def grammar() -> Grammar:
    """Return the lists of words and the rules by which abuse is found."""
    return shipped("copilot.moderation", "abuse", "self_harm", "violence")


@lru_cache(maxsize=1024)
def abuse(text: str) -> Abuse:
    """Return the abuse in a text."""
    words = cut(text)
    hits = grammar().match(words)
    self_harm = tuple(hit.span for hit in hits if hit.rule.label == "self_harm")
    hatred = hate(text)
    return Abuse(_gravest(words, hits, hatred), self_harm, tuple(hits), hatred)


def _gravest(words: Words, hits: list[Hit], hatred: Hate) -> Toxicity | None:
    if hatred.found:
        return Toxicity("hate", "severe" if hatred.violent else "strong", "group", hatred.spans)
    for kind in _KINDS:
        of_kind = [hit for hit in hits if hit.rule.label == kind]
        if of_kind:
            strength = max(
                (str(hit.rule.data.get("strength", "mild")) for hit in of_kind), key=_STRENGTHS.index
            )
            return Toxicity(
                cast(Literal["insult", "hate", "threat", "sexual", "harassment", "profanity"], kind),
                cast(Literal["mild", "strong", "severe"], strength),
                _target(words, of_kind),
                tuple(dict.fromkeys(hit.span for hit in of_kind)),
            )
    return None


def _target(words: Words, hits: list[Hit]) -> Target:
    fixed = [str(hit.rule.data.get("target", "none")) for hit in hits]
    for target in fixed:
        if target not in ("auto", "none"):
            return cast(Target, target)
    if "auto" not in fixed:
        return "none"
    first, last = words.sentence(hits[0].first)
    near = set(words.words[first:last])
    if near & {"tu", "te", "toi", "ta", "tes", "ton"} and not near & {"vous", "vos", "votre"}:
        return "member"
    return "brand" if near & set(grammar().classes["to_brand"]) else "member"
