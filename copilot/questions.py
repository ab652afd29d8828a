"""The separate questions of a comment, each with the words around it that say what it is about."""

from __future__ import annotations

import re

from copilot import text

_ASKING = (
    r"(?:quel(?:le)?s?|combien|comment|pourquoi|quand|où|qui|que|est-ce|qu['’]est-ce|puis-je|peut-on|dois-je|"
    r"faut-il|avez-vous|êtes-vous|faites-vous|livrez-vous|as-tu|[àa] quelle?s?|sous quel|"
    r"what|how|when|where|why|who|which|do|does|"
    r"can|could|is|are|will|would)"
)
_JOINT = re.compile(rf"(?<=\w),?\s+(?:et|ou|and|or)\s+(?={_ASKING}\b)", re.IGNORECASE)
_MARKER = re.compile(rf"(?:^|[,.;:!?]|\b(?:et|ou|and|or|aussi|also))\s*{_ASKING}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{5,}")
LEAST_WORDS = 2
"""Words of five letters or more that a part needs to be understood without the rest of its sentence."""


def questions(comment: str, most: int) -> list[str]:
    """Return at most ``most`` questions, or the whole comment when it asks fewer than two.

    What stands between two questions goes with the question that follows it.
    """
    found: list[str] = []
    pending = ""
    for span in text.sentences(comment):
        sentence = comment[span.start : span.end]
        if not sentence.rstrip('»"” \u202f\u00a0!').endswith("?"):
            pending = f"{pending} {sentence}".strip()
            continue
        first, *others = _parts(sentence)
        found += [f"{pending} {first}".strip(), *others]
        pending = ""
    if len(found) < 2:
        return [comment.strip()]
    if pending and len(found) < most:
        found[-1] = f"{found[-1]} {pending}"
    return found[:most]


def asks_twice(question: str) -> bool:
    """Whether one sentence asks two things at once ("how much is it and how long does it take?")."""
    return len(_MARKER.findall(question)) > 1


def _parts(sentence: str) -> list[str]:
    parts = _JOINT.split(sentence)
    if any(len(_WORD.findall(part)) < LEAST_WORDS for part in parts):
        return [sentence]
    return parts
