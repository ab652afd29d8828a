"""Hatred against protected groups: what a text says of a group, weighed.

A group must be named. What counts is what is said of it in the same sentence (or of *them* in the
next): contempt, loathing, violence wished, exclusion, or worth denied, each turned round by negation;
condemning somebody's hatred, quoting it, or telling of victims is not hatred.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from copilot import language, yamlfile
from copilot.moderation.spelling import Lexicon
from copilot.moderation.words import SENTENCE_END, cut
from copilot.records import Span

_THRESHOLD = 1.0
_FUZZY = ("group", "slur", "slur_of_women", "vile", "hate_verb", "harm", "swear")
_NEGATION_REACH = {"worth": 6, "vile": 4}
_AFTER = frozenset(("aucun", "aucune", "personne"))


@dataclass(frozen=True, slots=True)
class Hate:
    """``score`` ≥ 1 is hatred; ``violent`` when it wishes harm; ``spans`` are the words that show it."""

    score: float
    violent: bool
    spans: tuple[Span, ...]

    @property
    def found(self) -> bool:
        """Whether the evidence is enough."""
        return self.score >= _THRESHOLD


_NONE = Hate(0.0, False, ())


@dataclass(slots=True)
class _Clue:
    kind: str
    first: int
    last: int
    exact: bool = True
    negated: bool = False


@cache
def _lexicon() -> Lexicon:
    file = resources.files("copilot.moderation") / "data" / "hate.yml"
    data: Mapping[str, Any] = yamlfile.loads(file.read_text(encoding="utf-8"), "hate.yml").data
    return Lexicon(
        data["classes"], fuzzy=_FUZZY, ordinary=language.common_words() | set(cut(data["ordinary"]).words)
    )


@lru_cache(maxsize=1024)
def hate(text: str) -> Hate:
    """Weigh what a text says of protected groups."""
    lexicon = _lexicon()
    words = cut(text)
    clues = [_Clue(*found) for found in lexicon.find(words)]
    if not any(clue.kind in _NAMED for clue in clues):
        return _NONE
    _negate(clues, words.words)
    best = _NONE
    for first, last in _passages(words.words):
        inside = [clue for clue in clues if first <= clue.first < last]
        found = _weigh(inside, words.words[first:last], '"' in words.words)
        if found[0] > best.score:
            shown = [c for c in inside if c.kind in _SHOWN]
            best = Hate(found[0], found[1], tuple(words.span(c.first, c.last) for c in shown))
    return best


_NAMED = ("group", "slur", "slur_maybe", "slur_of_women")
_SHOWN = frozenset((*_NAMED, "vile", "hate_verb", "harm", "exclude", "swear", "scorn"))
_THEM = frozenset(
    [
        "ils",
        "elles",
        "eux",
        "leur",
        "leurs",
        "they",
        "them",
        "their",
        "ces",
        "ceux",
        "celles",
        "those",
        "these",
        "tous",
        "toutes",
        "all",
        "ils_sont",
    ]
)


def _passages(words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield ranges of words: each sentence, joined with the next when that speaks of *them*."""
    bounds = [0]
    for i, word in enumerate(words):
        if word in SENTENCE_END and i + 1 < len(words) and words[i + 1] not in SENTENCE_END:
            bounds.append(i + 1)
    bounds.append(len(words))
    for i in range(len(bounds) - 1):
        end = bounds[i + 1]
        if i + 2 < len(bounds) and _THEM & set(words[end : bounds[i + 2]]):
            end = bounds[i + 2]
        yield bounds[i], end


def _negate(clues: list[_Clue], words: tuple[str, ...]) -> None:
    """Mark the clues that a negation just before them (« aucun » also just after) turns round."""
    negations = [c for c in clues if c.kind == "negation"]
    for clue in clues:
        if clue.kind in ("vile", "hate_verb", "harm", "worth", "good", "exclude", "swear"):
            reach = _NEGATION_REACH.get(clue.kind, 3)
            clue.negated = any(0 < clue.first - n.last <= reach for n in negations) or bool(
                _AFTER & set(words[clue.last + 1 : clue.last + 3])
            )


def _weigh(clues: list[_Clue], words: tuple[str, ...], quoted: bool) -> tuple[float, bool]:
    kinds: dict[str, list[_Clue]] = {}
    for clue in clues:
        kinds.setdefault(clue.kind, []).append(clue)
    named = any(kind in kinds for kind in ("group", "slur", "slur_of_women", "slur_maybe"))
    if not named or not _sure(kinds) or _refused(kinds, set(words), quoted):
        return 0.0, False
    violent = _violence(kinds, words)
    bad = _against(kinds, "group" in kinds or "slur" in kinds) + 1.2 * violent
    bad += 0.5 * ("slur_maybe" in kinds) + 1.0 * ("slur" in kinds or "slur_of_women" in kinds)
    good = 0.4 * _count(kinds, "good", negated=False) + 0.2 * _count(kinds, "worth", negated=False)
    good += 1.0 * sum(_count(kinds, kind, negated=True) for kind in ("vile", "hate_verb", "harm", "swear"))
    good += 1.5 * ("victim" in kinds) + 0.8 * ("refused" in kinds) + 1.5 * ("own" in kinds and not violent)
    score = max(0.0, bad - good)
    return score, violent and score > 0


def _sure(kinds: Mapping[str, list[_Clue]]) -> bool:
    """Whether enough is spelt plainly: guessed words prove nothing on their own."""
    plain = [clue for kind in _SHOWN for clue in kinds.get(kind, ()) if clue.exact]
    guessed = sum(not clue.exact for kind in _SHOWN for clue in kinds.get(kind, ()))
    return bool(plain) or guessed >= 3


def _count(kinds: Mapping[str, list[_Clue]], kind: str, *, negated: bool) -> int:
    return sum(clue.negated == negated for clue in kinds.get(kind, ()))


def _against(kinds: Mapping[str, list[_Clue]], named: bool) -> float:
    bad = sum(_count(kinds, kind, negated=False) for kind in ("vile", "hate_verb", "exclude", "swear"))
    bad += len(kinds.get("scorn", ()))
    return bad + (_count(kinds, "worth", negated=True) + _count(kinds, "good", negated=True) if named else 0)


_SPOKEN_TO = frozenset(["vous", "tu", "you", "personne", "nobody", "on", "il"])


def _refused(kinds: Mapping[str, list[_Clue]], words: set[str], quoted: bool) -> bool:
    """Whether the text speaks against somebody's words rather than against the group."""
    if "says" not in kinds:
        return quoted and "refused" in kinds
    if quoted or "refused" in kinds:
        return True
    return "negation" in kinds and bool(words & _SPOKEN_TO) and "must" in kinds


def _violence(kinds: Mapping[str, list[_Clue]], words: tuple[str, ...]) -> bool:
    harm = [c for c in kinds.get("harm", ()) if not c.negated]
    if not harm:
        return False
    speaker = bool({"je", "j", "on", "nous", "i", "we"} & set(words))
    return speaker or "must" in kinds or harm[0].first <= 1
