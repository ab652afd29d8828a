"""Hatred against protected groups: what a text says of a group, weighed.

A group must be named. What counts is what is said of it in the same sentence (or of *them* in the
next): contempt, loathing, violence wished, exclusion, or worth denied, each turned round by negation;
condemning somebody's hatred, quoting it, or telling of victims is not hatred.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from copilot import language, yamlfile
from copilot.moderation.spelling import Lexicon
from copilot.moderation.words import SENTENCE_END, cut
from copilot.records import Span

THRESHOLD = 0.75
_FUZZY = ("group", "group_weak", "slur", "slur_of_women", "vile", "hate_verb", "harm", "swear")
_NEGATION_REACH = {"worth": 6, "vile": 4}


@dataclass(frozen=True, slots=True)
class Hate:
    """``score`` ≥ 0.75 is hatred; ``violent`` when it wishes harm; ``spans`` are the words that show it."""

    score: float
    violent: bool
    spans: tuple[Span, ...]

    @property
    def found(self) -> bool:
        """Whether the evidence is enough."""
        return self.score >= THRESHOLD


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
    words = cut(text)
    # Disguised words are looked for only beside plain ones: guessing alone proves nothing and is slow.
    plain = {entry.kind for entry in _lexicon().find(words, disguised=False)}
    if not plain & _TELLING:
        return _NONE
    clues = [_Clue(*entry) for entry in _lexicon().find(words)]
    if not any(clue.kind in _NAMED for clue in clues):
        return _NONE
    _negate(clues, words.words)
    best = _NONE
    for first, last in _passages(words.words):
        inside = [clue for clue in clues if first <= clue.first < last]
        score, violent = _weigh(inside, words.words[first:last], first, '"' in words.words)
        if score > best.score:
            shown = tuple(words.span(c.first, c.last) for c in inside if c.kind in _SHOWN)
            best = Hate(score, violent, shown)
    return best


_NAMED = ("group", "group_weak", "slur", "slur_maybe", "slur_of_women")
_SHOWN = frozenset((*_NAMED, "vile", "hate_verb", "vile_thing", "harm", "exclude", "swear", "scorn"))
_TELLING = frozenset((*_NAMED, "vile", "hate_verb", "harm", "scorn"))


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
    """Mark the clues that a negation turns round: one just before them, for worth also just after."""
    negations = [c for c in clues if c.kind == "negation"]
    for clue in clues:
        reach = _NEGATION_REACH.get(clue.kind, 3)
        before = any(
            0 < clue.first - n.last <= reach and not _ONLY & set(words[n.last + 1 : clue.first])
            for n in negations
        )
        after = clue.kind == "worth" and any(0 < n.first - clue.last <= 5 for n in negations)
        clue.negated = before or after or bool(_AFTER & set(words[clue.last + 1 : clue.last + 3]))


def _weigh(clues: list[_Clue], words: tuple[str, ...], offset: int, quoted: bool) -> tuple[float, bool]:
    kinds: dict[str, list[_Clue]] = {}
    for clue in clues:
        kinds.setdefault(clue.kind, []).append(clue)
    if not any(kind in kinds for kind in _NAMED) or not _sure(kinds) or _refused(kinds, set(words), quoted):
        return 0.0, False
    groups = _groups(kinds, words, offset)
    violent = _violence(kinds, groups, words)
    bad = _against(kinds, groups, words, offset) + 1.2 * violent + _slurs(kinds, words, offset)
    good = 0.3 * _count(kinds, "good", negated=False) + 0.1 * _count(kinds, "worth", negated=False)
    good += 1.0 * sum(_count(kinds, kind, negated=True) for kind in ("vile", "hate_verb", "harm", "swear"))
    good += 1.5 * ("victim" in kinds) + 0.2 * ("refused" in kinds) + 1.5 * ("own" in kinds and not violent)
    score = max(0.0, bad - good)
    return score, violent and score > 0


def _groups(kinds: Mapping[str, list[_Clue]], words: tuple[str, ...], offset: int) -> list[_Clue]:
    """The groups spoken of; somebody's own wife, a colour or the origin of a product is none."""
    weak = [
        clue
        for clue in kinds.get("group_weak", ())
        if clue.first == offset or words[clue.first - offset - 1] in _DETERMINERS
    ]
    return [*kinds.get("group", ()), *kinds.get("slur", ()), *weak]


def _slurs(kinds: Mapping[str, list[_Clue]], words: tuple[str, ...], offset: int) -> float:
    weight = 1.0 * ("slur" in kinds) + 0.5 * ("slur_maybe" in kinds)
    for clue in kinds.get("slur_of_women", ()):
        before = set(words[max(0, clue.first - offset - 2) : clue.first - offset])
        after = set(words[clue.last - offset + 1 : clue.last - offset + 3])
        if not before & {"fils", "son", "sons"}:
            many = words[clue.first - offset].endswith("s") or "comme" in after or "like" in after
            weight += 1.0 if many or before & {"these", "those", "ces", "typique", "typical"} else 0.5
    return weight


def _sure(kinds: Mapping[str, list[_Clue]]) -> bool:
    """Whether enough is spelt plainly: guessed words prove nothing on their own."""
    plain = [clue for kind in _SHOWN for clue in kinds.get(kind, ()) if clue.exact]
    guessed = sum(not clue.exact for kind in _SHOWN for clue in kinds.get(kind, ()))
    return bool(plain) or guessed >= 3


def _count(kinds: Mapping[str, list[_Clue]], kind: str, *, negated: bool) -> int:
    return sum(clue.negated == negated for clue in kinds.get(kind, ()))


def _against(
    kinds: Mapping[str, list[_Clue]], groups: Sequence[_Clue], words: tuple[str, ...], offset: int
) -> float:
    """Sum what is said against the groups; for a weak group only what stands near it counts."""
    strong = any(group.kind != "group_weak" for group in groups)
    bad = 0.0
    for kind in ("vile", "hate_verb", "exclude", "swear", "scorn", "vile_thing"):
        for clue in kinds.get(kind, ()):
            if kind == "vile_thing":
                aimed = any(_says_of(clue, group, words, offset) for group in groups)
            else:
                aimed = strong or any(_points(clue, group) for group in groups)
            bad += aimed and not clue.negated
    if groups:
        for kind in ("worth", "good"):
            bad += sum(
                clue.negated and (strong or any(_points(clue, group) for group in groups))
                for clue in kinds.get(kind, ())
            )
    return bad


def _says_of(clue: _Clue, group: _Clue, words: tuple[str, ...], offset: int) -> bool:
    """Whether a word that may blame things is said of the group: beside it, or behind « sont »."""
    if abs(clue.first - group.last) <= 2 and clue.first > group.first and group.kind != "group_weak":
        return True
    if 0 < group.first - clue.last <= 1:
        return True
    between = words[group.last - offset + 1 : clue.first - offset]
    return 0 < len(between) <= 9 and bool(_COPULA & set(between))


def _points(clue: _Clue, group: _Clue) -> bool:
    """Whether a clue is near enough a group to be said of it: soon after it, or just before."""
    return -1 <= clue.first - group.last <= 8 or 0 < group.first - clue.last <= 3


def _refused(kinds: Mapping[str, list[_Clue]], words: set[str], quoted: bool) -> bool:
    """Whether the text speaks against somebody's words rather than against the group."""
    if "says" not in kinds:
        return quoted and "refused" in kinds
    if quoted or "refused" in kinds:
        return True
    return "negation" in kinds and bool(words & _SPOKEN_TO) and not words & {"pourquoi", "why"}


def _violence(kinds: Mapping[str, list[_Clue]], groups: Sequence[_Clue], words: tuple[str, ...]) -> bool:
    harm = [c for c in kinds.get("harm", ()) if not c.negated]
    if not any(group.kind != "group_weak" for group in groups):
        harm = [c for c in harm if any(_points(c, group) for group in groups)]
    if not harm or not groups:
        return False
    speaker = bool({"je", "j", "on", "nous", "i", "we"} & set(words))
    aimed = any(0 < group.first - c.last <= 3 for c in harm for group in groups)
    return speaker or aimed or "must" in kinds


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AFTER = _set("aucun aucune personne")
_ONLY = _set("que qu than")
_DETERMINERS = _set(
    "les des ces aux un une cette ce cet toutes tous de d l la the these those all any every some a most "
    "many of sale sales dirty fucking putain stupid que qu , . for against you hate love sont are aucune "
    "aucun to and et"
)
_COPULA = _set("sont est are is etre be etaient were")
_SPOKEN_TO = _set("vous tu you personne nobody on il je nous i we")
_THEM = _set("ils elles eux leur leurs les they them their ces ceux celles those these tous toutes all")
