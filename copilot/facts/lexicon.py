"""The word knowledge of ``lexicon.yml``, compiled once per language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot import yamlfile

_WE = re.compile(r"(?<=\w{3})(?:(?<![ia])er|(?<=i)r|(?<=[dt])r)?(?<![i])ons$")
_INFINITIVE = re.compile(r"\w{3}[dt]r$")
_NOUNS = frozenset(
    [
        "ballons",
        "batons",
        "bonbons",
        "boutons",
        "cartons",
        "chaussons",
        "citrons",
        "cotons",
        "coupons",
        "crayons",
        "echantillons",
        "flacons",
        "jambons",
        "lecons",
        "melons",
        "moutons",
        "pantalons",
        "patrons",
        "poissons",
        "prenoms",
        "rayons",
        "salons",
        "saumons",
        "savons",
        "talons",
        "tampons",
        "wagons",
    ]
)
_STEMMERS = {"fr": "french", "en": "english"}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words: ``words``, ``stems`` and ``phrases`` lead to (idea, sign)."""

    language: str
    words: dict[str, tuple[str, int]]
    stems: dict[str, tuple[str, int]]
    phrases: dict[str, tuple[str, int]]
    phrase: re.Pattern[str]
    light: frozenset[str]
    critical: frozenset[str]
    promised: frozenset[str]
    modal: frozenset[str]
    common: frozenset[str]
    favour: re.Pattern[str]
    wide: dict[str, re.Pattern[str]]
    restrict: re.Pattern[str]
    conditional: re.Pattern[str]
    negation: re.Pattern[str]
    negate_next: re.Pattern[str]
    courtesy: re.Pattern[str]
    empathy: re.Pattern[str]
    patterns: tuple[tuple[re.Pattern[str], str, int], ...]
    negating: frozenset[str]
    story: re.Pattern[str]
    story_goes_on: re.Pattern[str]
    granted: re.Pattern[str]
    own: re.Pattern[str]
    signing: frozenset[str]
    offices: frozenset[str]
    families: frozenset[str]
    abbreviations: frozenset[str]

    def idea(self, word: str) -> tuple[str, int] | None:
        """The idea of a folded word and its sign, None for a word that states nothing."""
        if word in self.light or (len(word) < 2 and not word.isdigit()):
            return None
        found = self.words.get(word)
        if found is None:
            key = stem(word, self.language)
            found = self.stems.get(key) if len(word) > 3 else None
            found = found or (key, 1)
        return found


def folded(text: str) -> str:
    """Lower case without accents, for lexicon entries (no offsets kept)."""
    text = text.lower().replace("œ", "oe").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_STEMMERS.get(language, "french"))


@cache
def stem(word: str, language: str) -> str:
    """The first six letters of the Snowball stem: verbs and their nouns meet there."""
    if language == "fr":
        # Snowball keeps the "we" forms, in which a brand speaks: livrons, rembourserons.
        word = word if word in _NOUNS else _WE.sub("", word)
    found = str(_stemmer(language).stemWord(word))
    # Vendre, mettre: the infinitive keeps an r that no other form has.
    return found[:-1][:6] if language == "fr" and _INFINITIVE.search(found) else found[:6]


@cache
def lexicon(language: str) -> Lexicon:
    """Return the lexicon of ``fr`` or ``en``."""
    data = _data()
    words: dict[str, tuple[str, int]] = {}
    stems: dict[str, tuple[str, int]] = {}
    phrases: dict[str, tuple[str, int]] = {}
    for name, row in data["ideas"].items():
        target = (row.get("opposite", name), -1 if "opposite" in row else 1)
        for entry in row.get(language, []):
            writing = folded(str(entry))
            if re.search(r"[^a-z0-9]", writing):
                phrases.setdefault(writing, target)
                continue
            words.setdefault(writing, target)
            root = stem(writing, language)
            # "Montant" must not lend its idea to "monter".
            if len(writing) > 3 and (len(root) > 4 or len(writing) - len(root) < 3):
                stems.setdefault(root, target)
    longest = sorted(phrases, key=len, reverse=True)
    return Lexicon(
        language=language,
        words=words,
        stems=stems,
        phrases=phrases,
        phrase=re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)"),
        light=frozenset(folded(w) for w in map(str, data["light"][language])),
        critical=frozenset(data["critical"]),
        promised=frozenset(data["promised"]),
        modal=frozenset(data["modal"]),
        common=frozenset(data["common"]),
        favour=_any(data["favour"][language]),
        wide={family: _any(rows[language]) for family, rows in data["wide"].items()},
        restrict=_any(data["restrict"][language]),
        conditional=_any(data["conditional"][language]),
        negation=_any(data["negation"][language], before=r"(?<!\w)(?<!n')"),
        negate_next=_any(data["negate_next"][language]),
        courtesy=re.compile("|".join(data["courtesy"][language])),
        empathy=re.compile("|".join(data["empathy"][language])),
        patterns=tuple(
            (re.compile(r"(?<!\w)(?:" + "|".join(row["match"][language]) + r")(?!\w)"), name, 1)
            for name, row in data["ideas"].items()
            if "match" in row
        ),
        negating=frozenset(row["opposite"] for row in data["ideas"].values() if row.get("negates")),
        story=re.compile(r"\W*(?:" + "|".join(data["story"][language]) + ")"),
        story_goes_on=re.compile(r"\W*(?:" + "|".join(data["story_goes_on"][language]) + ")"),
        own=re.compile(
            "|".join(re.sub("P<value>", f"P<value{n}>", row) for n, row in enumerate(data["own"]))
        ),
        granted=_any(data["granted"][language]),
        signing=frozenset(data["signing"]),
        offices=frozenset(folded(w) for w in data["offices"]),
        families=frozenset(data["ideas"]),
        abbreviations=frozenset(data["abbreviations"]),
    )


def _any(patterns: list[str], before: str = r"(?<![\w'])|(?<=[ldnm]')") -> re.Pattern[str]:
    return re.compile(f"(?:{before})(?:" + "|".join(patterns) + r")(?:(?!\w)|(?<='))")


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yamlfile.shipped("copilot.facts", "lexicon.yml")
    return data


@cache
def polar_ideas() -> frozenset[str]:
    """Ideas whose opposite has words of its own: free, open, included, possible…"""
    return frozenset(row["opposite"] for row in _data()["ideas"].values() if "opposite" in row)


def common_ideas() -> frozenset[str]:
    """Ideas that stand beside any value whatever it is about: price, delay…"""
    return lexicon("fr").common
