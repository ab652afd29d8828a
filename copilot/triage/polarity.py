"""How much a text praises and how much it blames, word by word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from copilot import language, yamlfile
from copilot.moderation.spelling import Lexicon
from copilot.moderation.words import SENTENCE_END, Words, cut
from copilot.records import Span
from copilot.triage.asked import asked
from copilot.triage.told import told, turned
from copilot.triage.valence import known, valence

_WEIGHTS = {
    "pos3": 2.0,
    "pos2": 1.2,
    "pos1": 0.6,
    "neg1": -0.8,
    "neg2": -1.6,
    "failing": -1.0,
    "polite": 0.5,
    "need": -0.4,
    "hint": -0.35,
    "neutral": 0.0,
}
_GLAD = dict.fromkeys("😀😃😄😁😆😊🙂😍🥰😘🤩😎🤗👍👏🙌💪❤🧡💛💚💙💜♥💕💖💯🎉🥳🙏👌😉😋⭐🌟🤟", 1.2)
_SAD = dict.fromkeys("😡😠🤬😤👎😢😭😞😔😟😕🙁☹😣😖😩😫😒🙄🤮🤢💔😑🤦🤨😓💩", -1.4)
_EMOJI = {**_GLAD, **_SAD}
_REACH = 3
_ASKED = 0.25


@dataclass(frozen=True, slots=True)
class Polarity:
    """``praise`` and ``blame`` are sums of weights ≥ 0; the spans are the words that carry them;
    ``contrast`` says that the text sets one thing against another (« mais »)."""

    praise: float
    blame: float
    praise_spans: tuple[Span, ...]
    blame_spans: tuple[Span, ...]
    contrast: bool = False


@cache
def _lexicon() -> Lexicon:
    file = resources.files("copilot.triage") / "data" / "polarity.yml"
    data: Mapping[str, Any] = yamlfile.loads(file.read_text(encoding="utf-8"), "polarity.yml").data
    return Lexicon(data["classes"], joined=False)


@lru_cache(maxsize=1024)
def polarity(text: str, skip: tuple[Span, ...] = ()) -> Polarity:
    """Weigh the words of a text, with negation, intensity and contrast; those in ``skip`` do not count.

    What is asked about (« le retard est-il remboursé ? ») weighs little: it is not yet lived.
    """
    words = cut(text)
    found = _longest([(e.kind, e.first, e.last) for e in _lexicon().find(words, disguised=False)])
    places: dict[str, list[int]] = {}
    for kind, _, last in found:
        places.setdefault(kind, []).append(last)
    weighed = [
        (_in_context(kind, first, last, words, places), first, last)
        for kind, first, last in found
        if kind in _WEIGHTS
    ]
    weighed += _unlisted(text, words, found, places)
    weighed = turned([*weighed, *told(words)], words)
    in_question = asked(words, found)
    spans: dict[bool, list[Span]] = {True: [], False: []}
    totals = {True: 0.0, False: 0.0}
    for weight, first, last in weighed:
        if not _inside(words.span(first, last), skip):
            weight *= _ASKED if first in in_question else 1.0
            totals[weight > 0] += abs(weight)
            if abs(weight) >= 0.3:
                spans[weight > 0].append(words.span(first, last))
    for i, word in enumerate(words.words):
        if word in _EMOJI:
            totals[_EMOJI[word] > 0] += abs(_EMOJI[word])
            spans[_EMOJI[word] > 0].append(words.span(i, i))
    return Polarity(
        totals[True], totals[False], tuple(spans[True]), tuple(spans[False]), bool(places.get("contrast"))
    )


def _unlisted(
    text: str, words: Words, found: Sequence[tuple[str, int, int]], places: Mapping[str, list[int]]
) -> list[tuple[float, int, int]]:
    """Weigh the words that only the public lexicons know, in the language of the text."""
    unknown = [(i, word) for i, word in enumerate(words.words) if known(word)]
    if not unknown:
        return []
    taken = {i for _, first, last in found for i in range(first, last + 1)}
    tongue = language.detect(text)[0]
    weighed = []
    for i, word in unknown:
        weight = valence(word, tongue)
        if weight and i not in taken:
            if _near(places.get("negation", ()), i, _REACH, words):
                weight *= -0.5
            weighed.append((weight, i, i))
    return weighed


def _inside(span: Span, skip: tuple[Span, ...]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in skip)


def _longest(found: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Of overlapping weighted entries keep the longest, then the strongest."""
    ranked = sorted(found, key=lambda f: (-(f[2] - f[1]), -abs(_WEIGHTS.get(f[0], 0))))
    taken: set[int] = set()
    kept = []
    for kind, first, last in ranked:
        if kind in _WEIGHTS:
            if taken & set(range(first, last + 1)):
                continue
            taken |= set(range(first, last + 1))
        kept.append((kind, first, last))
    return kept


def _in_context(kind: str, first: int, last: int, words: Words, places: Mapping[str, list[int]]) -> float:
    weight = _WEIGHTS[kind]
    if _near(places.get("intensify", ()), first, 2):
        weight *= 1.3
    if _near(places.get("weaken", ()), first, 1):
        weight *= 0.7
    if kind == "failing" or (weight < 0 and last > first):
        # « personne ne répond » holds its own negation.
        return weight
    if weight > 0 and _near(places.get("past", ()), first, _REACH):
        return -0.3 * weight
    if _near(places.get("negation", ()), first, _REACH, words):
        weight = -0.8 * weight if weight > 0 else -0.4 * weight
    if weight > 0 and _near(places.get("wish", ()), first, 4):
        weight *= 0.2
    for contrast in places.get("contrast", ()):
        weight *= 0.8 if last < contrast else 1.2 if contrast < first <= contrast + 15 else 1.0
    return weight


def _near(places: Sequence[int], first: int, reach: int, words: Words | None = None) -> bool:
    for place in places:
        if 0 < first - place <= reach and (
            words is None or not any(w in SENTENCE_END or w == "," for w in words.words[place:first])
        ):
            return True
    return False
