"""Which words of a text stand in a question: what is asked about is neither praised nor blamed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from copilot.moderation.words import SENTENCE_END, Words

_HYPOTHESIS = frozenset(("si", "if", "quand", "when", "apres", "after", "pour", "for", "en"))


def asked(words: Words, found: Sequence[tuple[str, int, int]]) -> frozenset[int]:
    """Return the numbers of the words that stand in a plain question.

    A question that protests (« pourquoi personne ne répond ? », « encore ? ») is none, and what is told
    before the comma (« reçu cassé, que faire ? ») was lived.

    Args:
        words: the text.
        found: entries of the lexicon (class, first, last); read are ``asks``, ``asks_first``,
            ``greeting`` and ``protest``.
    """
    places = {kind: [first for k, first, _ in found if k == kind] for kind in ("asks", "protest")}
    openers = {first for kind, first, _ in found if kind == "asks_first"}
    greetings = {i for kind, first, last in found if kind == "greeting" for i in range(first, last + 1)}
    inside: set[int] = set()
    for start, end in _sentences(words.words):
        if any(start <= place < end for place in places["protest"]) or _shouted(words.words, end):
            continue
        clauses = list(_clauses(words.words, start, end))
        opening = [_opens(first, last, openers, greetings, words.words) for first, last in clauses]
        marked = end < len(words.words) and words.words[end] == "?"
        for number, (first, last) in enumerate(clauses):
            asks = (
                opening[number]
                or any(first <= place < last for place in places["asks"])
                or (marked and number == len(clauses) - 1)
                or (marked and words.words[first] in _HYPOTHESIS)
            )
            if asks and (marked or any(start <= place < end for place in places["asks"]) or opening[number]):
                inside.update(range(first, last))
    return frozenset(inside)


def _opens(first: int, last: int, openers: set[int], greetings: set[int], words: Sequence[str]) -> bool:
    while first < last and (first in greetings or words[first] == ","):
        first += 1
    return first in openers and words[first] not in _HYPOTHESIS


def _shouted(words: Sequence[str], end: int) -> bool:
    """Whether the sentence ends in « ?? » or « ?! »: nobody asks like that for information."""
    stops = words[end : end + 3]
    return len(stops) > 1 and stops[0] in "?!" and "!" in stops[:2]


def _sentences(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for i, word in enumerate(words):
        if word in SENTENCE_END:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(words):
        yield start, len(words)


def _clauses(words: Sequence[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    for i in range(start, end):
        if words[i] in (",", ";", ":", "("):
            if i > start:
                yield start, i
            start = i + 1
    if start < end:
        yield start, end
