"""Instructions to a machine, hidden or open, in text that should hold none.

The detection is a warning light for the person in front of the screen. What protects is elsewhere:
comments are fenced, neutralised, and nothing they say can act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from copilot.moderation.grammar import shipped
from copilot.moderation.neutralise import hidden_spans
from copilot.moderation.words import cut
from copilot.records import Span

_THRESHOLD = 1.0
_MARKUP = re.compile(
    r"<\|?/?(?:im_start|im_end|system|assistant|user|inst|s)\b[^>]*>|\[/?INST\]|<<SYS>>|#{2,}\s*(?:instruction|system)|={4,}\s*(?:end|fin|ende)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Injection:
    """``score`` ≥ 1 lights the lamp; ``spans`` are the words that led to it."""

    score: float
    spans: tuple[Span, ...]

    @property
    def found(self) -> bool:
        """Whether the evidence is enough to warn."""
        return self.score >= _THRESHOLD


_TURN = re.compile(r"(?:^|[\s'\"])(?:Q|A|R|User|Assistant|Human|AI|Question|Answer|Réponse)\s?:\s", re.I)
_MANY = 25


def _stuttered(text: str) -> bool:
    """Whether one token fills the text: a way to push instructions out of a model's sight."""
    words, run = text.split(), 1
    for before, word in pairwise(words):
        run = run + 1 if word == before and len(word) > 1 else 1
        if run >= _MANY:
            return True
    return False


def injection(text: str) -> Injection:
    """Weigh the evidence that a text gives orders to a machine."""
    hits = shipped("copilot.moderation", "injection").match(cut(text))
    best = {hit.rule.id: float(hit.rule.data.get("weight", 1.0)) for hit in hits}
    markup = [Span(*match.span()) for match in _MARKUP.finditer(text)]
    hidden = hidden_spans(text)
    dialogue = len(_TURN.findall(text)) >= 3
    score = sum(best.values()) + 1.0 * (bool(markup) + bool(hidden) + dialogue + _stuttered(text))
    return Injection(score, tuple(dict.fromkeys([*(hit.span for hit in hits), *markup, *hidden])))
