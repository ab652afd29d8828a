"""French words: what a form can be, and how a verb or an adjective is inflected.

The data is ``lexicon.json`` (see ``harvest.py``). Forms are looked up without their accents when the
accented form is unknown, because social texts drop them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from copilot.register.vocabulary import vocabulary

_PRESENT_ORDER = ("ipre", "impe", "spre", "ifut", "cond", "iimp", "ppas", "ipsi")
_RARE = vocabulary("lexicon.rare")
_REGULAR = {
    ("ipre", "2sg"): "es",
    ("impe", "2sg"): "e",
    ("iimp", "2sg"): "ais",
    ("ifut", "2sg"): "eras",
    ("cond", "2sg"): "erais",
    ("spre", "2sg"): "es",
    ("ipre", "2pl"): "ez",
    ("impe", "2pl"): "ez",
    ("iimp", "2pl"): "iez",
    ("ifut", "2pl"): "erez",
    ("cond", "2pl"): "eriez",
    ("spre", "2pl"): "iez",
}
_VOWELS = frozenset("aeiouy")
_ASPIRATED = re.compile(
    r"h(?:a(?!b|ll?uc|lein|lt[eè]r|meçon|rmon|bit|giogr|ndis)|aut|ero(?:s|n)\b|eris|ernie|eurt|eler|etre|"
    r"ibou|ideu|ierarch|iss(?:e|er|ez)\b|it\b|ip|obb|och|ock|old|oll|omard|onte|onteu|oquet|ors|ot\b|otline|"
    r"oule|ousse|oup|ubl?\b|ublot|uch|uer|uee|uit(?!r)|url|utte|ype\b|igh|ome\b|and)"
    r"|onz|oui\b|y[aeou]|ouistiti|uhlan|week|w"
)


@dataclass(frozen=True, slots=True)
class Inflection:
    """One way to read a form. ``pos`` is ``v`` for verbs, else the dictionary's class of the word.

    ``paradigm`` tells apart verbs that share an infinitive (*je repars*, *je repartis*).
    """

    lemma: str
    form: str
    pos: str
    tags: frozenset[str]
    paradigm: str = ""

    def is_person(self, person: str) -> bool:
        """Tell whether this is a finite form of ``1sg`` … ``3pl``."""
        return person in self.tags


@dataclass(frozen=True, slots=True)
class _Rule:
    flag: str
    strip: str
    add: str
    condition: re.Pattern[str]
    tags: frozenset[str]


class Lexicon:
    """The words and their inflection rules, indexed by form without accents."""

    def __init__(self, data: dict[str, dict[str, object]]) -> None:
        self._rules: dict[str, list[_Rule]] = {}
        self._endings: dict[str, dict[str, list[_Rule]]] = {}
        self._entries: dict[str, list[tuple[str, frozenset[str], frozenset[str]]]] = {}
        for flag, rows in data["rules"].items():
            self._add_rules(flag, rows)  # type: ignore[arg-type]
        for kind, words in data["words"].items():
            flags, _, tags = kind.partition("|")
            entry = (frozenset(flags.split()), frozenset(tags.split()))
            plain = str(words)
            for key, word in zip(fold(plain).split(), plain.split(), strict=True):
                self._entries.setdefault(key, []).append((word, *entry))
        for word in vocabulary("lexicon.borrowed"):
            self._entries.setdefault(word, []).append((word, frozenset({"a0", "p+"}), frozenset({"v"})))
        self._longest = max(map(len, self._endings))

    def _add_rules(self, flag: str, rows: list[list[str]]) -> None:
        for strip, add, condition, tags in rows:
            rule = _Rule(flag, strip, add, re.compile(condition + r"\Z"), frozenset(tags.split()))
            self._rules.setdefault(flag, []).append(rule)
            self._endings.setdefault(fold(add), {}).setdefault(fold(strip), []).append(rule)

    def read(self, form: str) -> tuple[Inflection, ...]:
        """Return the ways to read a lower-case form: those with its accents, else all without."""
        found = list(dict.fromkeys(self._candidates(fold(form))))
        exact = tuple(item for item in found if item.form == form)
        return exact or tuple(found) or _guesses(form)

    def _candidates(self, key: str) -> Iterator[Inflection]:
        for word, flags, tags in self._entries.get(key, ()):
            if not flags:
                yield Inflection(word, word, _pos(tags), tags)
        for size in range(min(self._longest, len(key)) + 1):
            stem = key[: len(key) - size]
            for strip, rules in self._endings.get(key[len(stem) :], {}).items():
                entries = self._entries.get(stem + strip)
                if entries:
                    yield from _apply(entries, rules)

    def conjugate(self, lemma: str, tense: str, person: str, paradigm: str) -> str:
        """Return the form of a verb, an empty string when it has none (``pouvoir`` has no imperative)."""
        entries = [(word, flags) for word, flags, _ in self._entries.get(fold(lemma), ()) if word == lemma]
        same = [(word, frozenset({paradigm})) for word, flags in entries if paradigm in flags]
        forms = [
            _inflected(word, rule)
            for word, flags in same or entries
            for flag in sorted(flags)
            for rule in self._rules.get(flag, ())
            if tense in rule.tags and person in rule.tags and rule.condition.search(word)
        ]
        if not entries and lemma.endswith("er"):
            return lemma[:-2] + _REGULAR.get((tense, person), "")
        return min(forms, key=_spelling_rank, default="")


def _guesses(form: str) -> tuple[Inflection, ...]:
    """Read an unknown word in -ez as a verb in -er: *swipez*, *scrollez*."""
    if not form.endswith("ez") or len(form) < 5:
        return ()
    ending = next(end for end in ("eriez", "erez", "iez", "ez") if form.endswith(end))
    stem = form[: -len(ending)]
    tenses = [tense for (tense, person), end in _REGULAR.items() if person == "2pl" and end == ending]
    return tuple(Inflection(f"{stem}er", form, "v", frozenset({"2pl", tense})) for tense in tenses)


def _apply(
    entries: list[tuple[str, frozenset[str], frozenset[str]]], rules: list[_Rule]
) -> Iterator[Inflection]:
    for word, flags, tags in entries:
        for rule in rules:
            if rule.flag in flags and rule.condition.search(word):
                both_genders = "nom" in tags and not tags & {"mas", "fem"}
                extra = (tags - {"v"}) | ({"human"} if both_genders else set())
                yield Inflection(word, _inflected(word, rule), _pos(tags), rule.tags | extra, rule.flag)


def _inflected(word: str, rule: _Rule) -> str:
    return word[: len(word) - len(rule.strip)] + rule.add


def _pos(tags: frozenset[str]) -> str:
    return next((pos for pos in ("v", "nom", "adj", "adv") if pos in tags), "mot")


def _spelling_rank(form: str) -> int:
    """Prefer *paie* to *paye* and *assieds* to *assois*, as most people write."""
    return ("aye" in form and "ayez" not in form) + ("oi" in form)


_BARE = {
    code: "".join(c for c in unicodedata.normalize("NFD", chr(code)) if not unicodedata.combining(c))
    for code in range(0xC0, 0x180)
} | {ord("œ"): "oe", ord("æ"): "ae", ord("Œ"): "OE", ord("Æ"): "AE"}


def fold(text: str) -> str:
    """Drop the accents of NFC text and write ligatures out."""
    return text if text.isascii() else text.translate(_BARE)


@cache
def _lexicon() -> Lexicon:
    file = resources.files(__package__) / "lexicon.json"
    return Lexicon(json.loads(file.read_text(encoding="utf-8")))


@lru_cache(maxsize=16384)
def readings(form: str) -> tuple[Inflection, ...]:
    """Return the ways to read a form, written in any case, with or without accents."""
    return _lexicon().read(form.lower().replace("œ", "oe").replace("æ", "ae"))


@lru_cache(maxsize=4096)
def verbs(form: str, person: str) -> tuple[Inflection, ...]:
    """Return the finite readings of a form in one person, the likeliest first."""
    found = [item for item in readings(form) if item.pos == "v" and person in item.tags]
    return tuple(sorted(found, key=_likelihood))


def conjugate(lemma: str, tense: str, person: str, paradigm: str = "") -> str:
    """Return the form of a verb in a tense (``ipre iimp ifut cond spre impe ipsi``) and person."""
    return _lexicon().conjugate(lemma, tense, person, paradigm)


def has(form: str, *tags: str) -> bool:
    """Tell whether one reading of the form is a verb form that holds all ``tags``."""
    return any(item.pos == "v" and item.tags.issuperset(tags) for item in readings(form))


def is_class(form: str, *classes: str) -> bool:
    """Tell whether one reading of the form is of one of the classes (``nom adj adv prep …``)."""
    return any(item.tags & set(classes) for item in readings(form))


def elides(word: str) -> bool:
    """Tell whether *le* becomes *l'* before the word: it starts with a vowel or a mute h."""
    key = fold(word.lower())
    if not key or _ASPIRATED.match(key):
        return False
    return key[0] in _VOWELS or key[0] == "h"


def _likelihood(item: Inflection) -> tuple[int, int]:
    tense = min((_PRESENT_ORDER.index(tag) for tag in item.tags if tag in _PRESENT_ORDER), default=9)
    return (item.lemma in _RARE, tense)
