"""Promotion and scams in comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from copilot.moderation.grammar import shipped
from copilot.moderation.words import cut
from copilot.records import Span

_LINK = re.compile(
    r"(?:https?://|www\.)\S+|(?<![@\w.-])[\w-]+\.(?:com|net|org|ru|xyz|top|club|info|biz|ly|me|tk|io|gl|be)\b/?\S*",
    re.I,
)
_THRESHOLD = 1.0


@dataclass(frozen=True, slots=True)
class Spam:
    """``score`` ≥ 1 is spam; ``scam`` when it is after money or secrets."""

    score: float
    scam: bool
    reasons: tuple[Span, ...]

    @property
    def found(self) -> bool:
        """Whether the evidence is enough."""
        return self.score >= _THRESHOLD


def spam(text: str) -> Spam:
    """Weigh the evidence that a comment is there to promote or to defraud."""
    hits = shipped("copilot.moderation", "spam").match(cut(text))
    best = {hit.rule.id: float(hit.rule.data.get("weight", 1.0)) for hit in hits}
    reasons = [hit.span for hit in hits]
    links = [Span(*match.span()) for match in _LINK.finditer(text)]
    score = sum(best.values())
    if links:
        alone = len(re.findall(r"[^\W\d_]{2,}", _LINK.sub("", text))) <= 5
        score += 1.0 if alone else 0.5
        reasons += links
    scam = any(hit.rule.data.get("scam") for hit in hits)
    return Spam(score, scam, tuple(dict.fromkeys(reasons)))
