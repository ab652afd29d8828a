"""Evidence for a language: function words, endings, accents; a statistical model as the last resort."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources
from typing import Any

from copilot import yamlfile

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@[\w.]+|#\w+|&\w+;|\bhttps?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PIECE = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "CYRILLIC": "ru", "GREEK": "el", "ARABIC": "ar", "HEBREW": "he", "CJK": "zh", "HIRAGANA": "ja",
    "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "DEVANAGARI": "hi", "ARMENIAN": "hy", "GEORGIAN": "ka",
    "KHMER": "km", "BENGALI": "bn", "TAMIL": "ta",
}  # fmt: skip
_WORD_WEIGHT = 2.0
_ENDING_WEIGHT = 0.5
_MARK_WEIGHT = 1.2
_DOUBT = 0.5
_SHORT = 20
_HABIT = 3.0
_MEMORY = 50_000


def letters(text: str) -> str:
    """Return the text without links, addresses, mentions and hashtags; empty when no letter is left."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFC", text))
    if _PIECE.search(plain) is None:
        # A text of hashtags only still has a language.
        plain = re.sub(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@[\w.]+|&\w+;", " ", text).replace("#", " ")
    return plain if _PIECE.search(plain) else ""


def script(text: str) -> str:
    """Return the language of a text mostly written in a script other than Latin, else an empty string."""
    if text.isascii() or max(text) < "\u0370":
        return ""
    found = [c for c in text if c.isalpha()]
    counts = Counter(unicodedata.name(c, "?").split(" ")[0].split("-")[0] for c in found[:400])
    name, count = counts.most_common(1)[0]
    if counts["HIRAGANA"] + counts["KATAKANA"] > 0 and name == "CJK":
        return "ja"
    return _SCRIPTS.get(name, "") if count > len(found[:400]) / 2 else ""


def fold(text: str) -> str:
    """Lower-case and drop accents."""
    text = text.lower().replace("’", "'").replace("œ", "oe")
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


class Identifier:
    """The word lists, turned into additive evidence."""

    def __init__(self, data: dict[str, Any]) -> None:
        names = [name for name in data if name not in ("endings", "marks")]
        self.words: dict[str, dict[str, float]] = {}
        for name in names:
            for word in str(data[name]).split():
                self.words.setdefault(word, {})[name] = _WORD_WEIGHT
        self._known: dict[str, dict[str, float]] = {}
        self.common = frozenset(fold(word) for word in self.words)
        self.endings: dict[str, dict[str, float]] = {}
        for name, endings in data["endings"].items():
            for ending in endings:
                self.endings.setdefault(ending, {})[name] = _ENDING_WEIGHT
        self.marks: dict[str, dict[str, float]] = {}
        for name, marks in data["marks"].items():
            for mark in marks:
                self.marks.setdefault(mark, {})[name] = _MARK_WEIGHT

    @staticmethod
    @cache
    def shared() -> Identifier:
        """Return the identifier over the lists that ship with the product."""
        file = resources.files(__package__) / "words.yml"
        return Identifier(yamlfile.loads(file.read_text(encoding="utf-8"), "words.yml").data)

    def scores(self, text: str) -> dict[str, float]:
        """Return the evidence in favour of each language."""
        totals: dict[str, float] = {}
        lowered = text.lower()
        for word in _PIECE.findall(lowered):
            evidence = self._known.get(word)
            if evidence is None:
                evidence = self._evidence(word)
                if len(self._known) < _MEMORY:
                    self._known[word] = evidence
            for name, weight in evidence.items():
                totals[name] = totals.get(name, 0.0) + weight
        if not lowered.isascii():
            for character in set(lowered) & self.marks.keys():
                for name, weight in self.marks[character].items():
                    totals[name] = totals.get(name, 0.0) + weight
        return totals

    def _evidence(self, word: str) -> dict[str, float]:
        known = self.words.get(word) or self.words.get(fold(word))
        if known is not None:
            # A word of three languages says less about each than a word of one.
            return {name: weight / len(known) ** 0.5 for name, weight in known.items()}
        for size in (5, 4, 3, 2, 1):
            if len(word) > size + 1 and word[-size:] in self.endings:
                return self.endings[word[-size:]]
        return {}

    def identify(self, text: str, expected: tuple[str, ...]) -> tuple[str, float]:
        """Decide; ``text`` holds at least one Latin letter."""
        totals = self.scores(text)
        ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0] not in expected))
        ours = sorted(((totals.get(name, 0.0), -i, name) for i, name in enumerate(expected)), reverse=True)
        best_score, _, best = ours[0]
        second = ours[1][0] if len(ours) > 1 else 0.0
        rival = next((item for item in ranked if item[0] not in expected), ("", 0.0))
        if rival[1] > max(3.0, 1.35 * best_score) or (best_score == 0 and rival[1] >= _WORD_WEIGHT):
            return rival[0], _confidence(rival[1] - best_score)
        if best_score - second >= _DOUBT:
            return best, _confidence(best_score - second)
        return _statistical(text, expected, totals)


def _confidence(margin: float) -> float:
    return round(1.0 / (1.0 + math.exp(-margin)), 4)


def _statistical(text: str, expected: tuple[str, ...], totals: dict[str, float]) -> tuple[str, float]:
    if len(text.strip()) < 3 and not totals:
        return "und", 0.0
    if totals and len(text.strip()) <= _SHORT:
        # Of a word or two the model knows little: a weak clue, else the brand's first language.
        clues = {name: totals.get(name, 0.0) for name in expected}
        clues[expected[0]] += _DOUBT
        return max(expected, key=lambda name: clues[name]), _confidence(_DOUBT)
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = _model(LanguageIdentifier, MODEL_FILE, expected)
    ranked = dict(model.rank(text.lower()))
    joined = {name: float(ranked.get(name, 0.0)) + totals.get(name, 0.0) for name in expected}
    if len(text.strip()) <= _SHORT:
        # Of a word or two the model knows little: the brand's first language is the better guess.
        joined[expected[0]] += _HABIT
    best = max(expected, key=lambda name: joined[name])
    others = max((joined[name] for name in expected if name != best), default=0.0)
    return best, _confidence((joined[best] - others) / 4)


@cache
def _model(kind: Any, file: str, expected: tuple[str, ...]) -> Any:
    model = kind.from_model_file(file)
    model.set_languages(list(expected))
    return model
