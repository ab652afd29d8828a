"""Instructions to a machine, hidden or open, in text that should hold none.

The detection is a warning light for the person in front of the screen. What protects is elsewhere:
comments are fenced, neutralised, and nothing they say can act.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.moderation.grammar import shipped
from copilot.moderation.neutralise import hidden_spans
from copilot.moderation.words import cut
from copilot.records import Span

_THRESHOLD = 1.0
_MARKUP = re.compile(
    r"<\|?/?(?:im_start|im_end|system|assistant|user|inst|s)\b[^>]*>|\[/?INST\]|<<SYS>>|#{2,}\s*(?:instruction|system)",
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


def injection(text: str) -> Injection:
    """Weigh the evidence that a text gives orders to a machine."""
    hits = shipped("copilot.moderation", "injection").match(cut(text))
    best = {hit.rule.id: float(hit.rule.data.get("weight", 1.0)) for hit in hits}
    markup = [Span(*match.span()) for match in _MARKUP.finditer(text)]
    hidden = hidden_spans(text)
    score = sum(best.values()) + 1.0 * bool(markup) + 0.5 * bool(hidden)
    return Injection(score, tuple(dict.fromkeys([*(hit.span for hit in hits), *markup, *hidden])))
