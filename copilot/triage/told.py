"""What a text tells without a word of praise or blame: « le colis a été laissé sous la pluie »."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.moderation.grammar import shipped
from copilot.moderation.words import SENTENCE_END, Words

Weighed = tuple[float, int, int]
_IRONIC = frozenset(
    ("bravo", "super", "genial", "top", "felicitations", "chapeau", "parfait", "magnifique", "great", "nice",
     "brilliant", "fantastic", "lovely", "congrats", "classe", "formidable")
)  # fmt: skip


def told(words: Words) -> list[Weighed]:
    """Return the weights (blame below 0) of what is told, with the first and last word of each.

    Rules of one family count once: three ways of telling the same wait are one wait.
    """
    best: dict[str, Weighed] = {}
    for hit in shipped("copilot.triage", "told").match(words):
        sign = -1.0 if hit.rule.label == "blame" else 1.0
        best.setdefault(hit.rule.id, (sign * float(hit.rule.data["weight"]), hit.first, hit.last))
    return list(best.values())


def turned(weighed: Sequence[Weighed], words: Words) -> list[Weighed]:
    """Turn the lone word of praise that closes a grievance: « plus cher pour avoir moins, bravo »."""
    blamed = [first for weight, first, _ in weighed if weight <= -0.3]
    return [
        (-0.5 * weight, first, last)
        if weight > 0 and _lone(words.words, first, last) and _follows(words, first, blamed)
        else (weight, first, last)
        for weight, first, last in weighed
    ]


def _lone(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the word stands alone between a comma and the end of the sentence."""
    if words[first] not in _IRONIC or first == 0 or words[first - 1] not in (",", ".", "…", "-"):
        return False
    after = words[last + 1 : last + 2]
    return not after or after[0] in SENTENCE_END


def _follows(words: Words, first: int, blamed: Sequence[int]) -> bool:
    begin, _ = words.sentence(max(0, first - 2))
    return any(begin <= place < first for place in blamed)
