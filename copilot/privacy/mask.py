"""Placeholders instead of personal data, and the way back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from copilot.language import common_words
from copilot.language.identify import fold
from copilot.privacy.search import find
from copilot.records import PersonalData

_PLACEHOLDER = re.compile(r"\[(?P<kind>[A-Z]+(?:_[A-Z]+)*)[ _-]?(?P<number>\d+)\]", re.IGNORECASE)


class Masked:
    """Texts whose personal data were replaced by placeholders such as ``[EMAIL_1]``.

    The same value has the same placeholder in all the texts. The mapping stays in this object: it is
    not shown by ``repr``, is not pickled, and must never be logged or sent.
    """

    __slots__ = ("_values", "texts")

    def __init__(self, texts: tuple[str, ...], values: Mapping[str, str]) -> None:
        self.texts = texts
        self._values = dict(values)

    @property
    def text(self) -> str:
        """The first (often the only) masked text."""
        return self.texts[0] if self.texts else ""

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The placeholders in use, without their values."""
        return tuple(self._values)

    def restore(self, text: str) -> str:
        """Put the values back; placeholders that we did not make stay as they are.

        A model may change the case or the separator of a placeholder: ``[email 1]`` is understood too.
        """

        def value(match: re.Match[str]) -> str:
            key = f"[{match['kind'].upper()}_{match['number']}]"
            return self._values.get(key, match.group())

        return _PLACEHOLDER.sub(value, text)

    def __repr__(self) -> str:
        return f"Masked({len(self.texts)} texts, {len(self._values)} placeholders)"

    def __reduce__(self) -> str:
        raise TypeError("the mapping of masked personal data never leaves the process")


def names_of(author: str) -> tuple[tuple[str, str], ...]:
    """Return what of a name to hide wherever it stands, for ``also``: the whole and its rarer parts."""
    whole = author.strip().lstrip("@").strip()
    parts = [part for part in re.split(r"[\s._]+", whole) if len(part) >= 3 and part[0].isupper()]
    rare = [part for part in parts if fold(part) not in common_words()]
    wanted = [name for name in (author.strip(), whole, *rare) if len(name) >= 3]
    return tuple(("name", name) for name in dict.fromkeys(wanted))


def mask(
    *texts: str,
    country: str = "FR",
    patterns: Mapping[str, str] | None = None,
    also: Sequence[tuple[str, str]] = (),
) -> Masked:
    """Replace the personal data of ``texts`` by placeholders that are the same across all of them.

    Args:
        texts: e.g. the comment, its author's name, and the passages that go into one prompt.
        country: ISO 3166 code for national writings.
        patterns: the brand's own references, name → regular expression.
        also: further (kind, value) pairs to hide wherever they stand, e.g. ``("name", author)``.
    """
    values: dict[str, str] = {}
    known: dict[tuple[str, str], str] = {}
    taken = {m.group().upper() for text in texts for m in _PLACEHOLDER.finditer(text)}
    found = [find(text, country=country, patterns=patterns or {}) for text in texts]
    everywhere = {(item.kind, item.text) for items in found for item in items} | set(also)
    masked = []
    for text, items in zip(texts, found, strict=True):
        masked.append(_replace(text, _with_repeats(text, items, everywhere), known, values, taken))
    return Masked(tuple(masked), values)


def _with_repeats(
    text: str, items: Sequence[PersonalData], everywhere: set[tuple[str, str]]
) -> list[tuple[int, int, str]]:
    """Add the other places of values that were recognised once (a name signed below, quoted above)."""
    spans = [(item.span.start, item.span.end, item.kind) for item in items]
    for kind, value in sorted(everywhere, key=lambda pair: -len(pair[1])):
        if len(value) < 3 or value.casefold() not in text.casefold():
            continue
        for match in re.finditer(rf"(?<!\w){re.escape(value)}(?!\w)", text, re.IGNORECASE):
            if all(match.end() <= start or match.start() >= end for start, end, _ in spans):
                spans.append((match.start(), match.end(), kind))
    return sorted(spans)


def _replace(
    text: str,
    spans: Sequence[tuple[int, int, str]],
    known: dict[tuple[str, str], str],
    values: dict[str, str],
    taken: set[str],
) -> str:
    pieces, position = [], 0
    for start, end, kind in spans:
        original = text[start:end]
        key = (kind, original.casefold())
        if key not in known:
            number = sum(1 for known_kind, _ in known if known_kind == kind) + 1
            while f"[{kind.upper()}_{number}]" in taken | values.keys():
                number += 1
            known[key] = f"[{kind.upper()}_{number}]"
            values[known[key]] = original
        pieces += [text[position:start], known[key]]
        position = end
    return "".join(pieces) + text[position:]
