"""Title case and sentence case, as style guides for headings want them (kind ``capitalization``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

from copilot.rules.pattern import compiled
from copilot.rules.rule import Hit, PatternRule, State

_ARTICLES = "a an and as at but by en for if in nor of on or per the to vs vs. via v v."
_PREPOSITIONS = (
    "with from into during including until against among throughout despite towards upon concerning about "
    "over through before between after since without under within along following across beyond around down "
    "near above"
)
_SMALL = frozenset(_ARTICLES.split())
_CHICAGO = frozenset(_PREPOSITIONS.split())
_WORD = r"[\p{N}\p{L}*]+[^\s]*"
_PART = r"[\p{N}\p{L}]+[^\s\-/]*"
_NUMBERED = r"\d+\."


class Capitalization(PatternRule):
    """A text is not in the case the rule asks for."""

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        return tuple(sorted((f"(?-i:{term})" for term in self.terms), key=len, reverse=True))

    @cached_property
    def _style(self) -> str:
        return str(self.definition.fields.get("match", ""))

    @cached_property
    def _threshold(self) -> float:
        return self.definition.number("threshold") or 0.8

    def sources(self) -> tuple[str, ...]:
        return () if self._style.startswith("$") else (self._style,)

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        expected, right = self._judge(text)
        if right:
            return
        d = self.definition
        offered = d.action == "replace" and not d.params and self._style in ("$title", "$sentence")
        yield Hit(0, len(text), (text, expected), (expected,) if offered else ())

    def _judge(self, text: str) -> tuple[str, bool]:
        if self._style in ("$title", "$sentence"):
            return self._compare(text)
        if self._style in ("$lower", "$upper"):
            expected = text.lower() if self._style == "$lower" else text.upper()
            return expected, text == expected or self.spared(text)
        found = compiled(self._style).search(text) is not None
        return self._style, found or self.spared(text)

    def _compare(self, text: str) -> tuple[str, bool]:
        title = self._style == "$title"
        expected = self.title(text) if title else self.sentence(text)
        pattern = f"{self._exceptions}|{_WORD}" if self._exceptions else _WORD
        wanted = [m.group() for m in compiled(pattern).finditer(expected)]
        right = total = 0
        for index, match in enumerate(compiled(pattern).finditer(text)):
            word = match.group()
            total += 1
            if (
                index >= len(wanted)
                or word == wanted[index]
                or self.spared(word)
                or (title and word == word.upper())
            ):
                right += 1
            elif not title and index == 0 and word != _capitalised(word.lower()):
                return expected, False
        return expected, total > 0 and right / total >= self._threshold

    def sentence(self, text: str) -> str:
        """Return the text in sentence case."""
        prefix, text = self._without_prefix(text)
        vocabulary = self._vocabulary
        pattern = rf"\b(?:{'|'.join(vocabulary)})\b|{_WORD}" if vocabulary else _WORD
        tokens = [m.group() for m in compiled(f"(?i){pattern}").finditer(text)]
        made: list[str] = []
        for index, token in enumerate(tokens):
            kept = _known(vocabulary, token)
            if kept:
                made.append(kept)
            elif index == 0 or self._indicates(tokens[index - 1], index - 1):
                made.append(_capitalised(token.lower()))
            else:
                made.append(token.lower())
        return prefix + " ".join(made)

    def title(self, text: str) -> str:
        """Return the text in title case, by AP or Chicago."""
        prefix, text = self._without_prefix(text)
        small = _SMALL | _CHICAGO if self.definition.fields.get("style") == "Chicago" else _SMALL
        plain = text.replace("’", "'").replace("–", "-").replace("—", "-")

        def cased(match: Any) -> str:
            word = str(match.group())
            kept = _known(self._vocabulary, word)
            if kept:
                return kept
            if word.lower() in small and _inside(plain, match.start(), match.end()):
                return word.lower()
            return word[:1].upper() + word[1:]

        return prefix + str(compiled(_PART).sub(cased, text))

    def _without_prefix(self, text: str) -> tuple[str, str]:
        source = str(self.definition.fields.get("prefix") or "")
        match = compiled(source).search(text) if source else None
        if match is None:
            return "", text
        return match.group(), text.removeprefix(match.group())

    def _indicates(self, word: str, index: int) -> bool:
        if any(len(word) > len(s) and word.endswith(s) for s in self.definition.texts("indicators")):
            return True
        return index == 0 and compiled(_NUMBERED).search(word) is not None


def _inside(text: str, start: int, end: int) -> bool:
    """Tell whether a small word stands where it keeps its small letter."""
    if start == 0 or end == len(text) or text[start - 1] not in " -/":
        return False
    before = text[start - 2] if start > 1 else ""
    after = text[end] if end < len(text) else ""
    return before not in (":", "-") and (after != "-" or text[start - 1] == "-")


@lru_cache(maxsize=8192)
def _known(vocabulary: Sequence[str], word: str) -> str:
    return word if any(compiled(term).search(word) for term in vocabulary) else ""


def _capitalised(word: str) -> str:
    return word[:1].upper() + word[1:]
