"""How much of one text stands in another, word for word or closely reworded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from copilot import language
from copilot.moderation.words import SENTENCE_END, cut
from copilot.records import Span

_FEWEST_SHARED = 5
_SHARE = 0.6
_RARE_IN_RUN = 2


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text and the content words in it that the other text shares."""

    span: Span
    stems: frozenset[str]

    def covered_by(self, other: str) -> bool:
        """Whether another text says as much."""
        return len(self.stems & _stems(other)) >= 0.8 * len(self.stems)


def shared_runs(text: str, source: str, *, least: int) -> list[Run]:
    """Return the stretches of at least ``least`` words, two of them rare, that both texts hold."""
    if not source or not text:
        return []
    here = [(word, span) for word, span in _worded(text)]
    there = [word for word, _ in _worded(source)]
    grams = {tuple(there[i : i + least]) for i in range(len(there) - least + 1)}
    runs, i = [], 0
    while i + least <= len(here):
        if tuple(word for word, _ in here[i : i + least]) not in grams:
            i += 1
            continue
        end = i + least
        while end < len(here) and tuple(word for word, _ in here[end - least + 1 : end + 1]) in grams:
            end += 1
        stems = frozenset(_stem(word) for word, _ in here[i:end] if _rare(word) and not word.isdigit())
        if len(stems) >= _RARE_IN_RUN:
            runs.append(Run(Span(here[i][1].start, here[end - 1][1].end), stems))
        i = end
    return runs


def close_sentences(text: str, sources: Sequence[str]) -> list[Run]:
    """Return the sentences most of whose rare words stand together in one sentence of a source."""
    parts = [stems for source in sources for _, stems in _sentences(source)]
    runs = []
    for span, stems in _sentences(text):
        for other in parts:
            shared = stems & other
            if len(shared) >= _FEWEST_SHARED and len(shared) >= _SHARE * min(len(stems), len(other)):
                runs.append(Run(span, frozenset(shared)))
                break
    return runs


def _worded(text: str) -> Iterator[tuple[str, Span]]:
    words = cut(text)
    for word, span in zip(words.words, words.spans, strict=True):
        if word[0].isalnum():
            yield word, span


@lru_cache(maxsize=2048)
def _sentences(text: str) -> tuple[tuple[Span, frozenset[str]], ...]:
    words, found, first = cut(text), [], 0
    for i, word in enumerate((*words.words, ".")):
        if word in SENTENCE_END:
            stems = frozenset(_stem(w) for w in words.words[first:i] if _rare(w))
            if stems:
                found.append((words.span(first, i - 1), stems))
            first = i + 1
    return tuple(found)


@lru_cache(maxsize=2048)
def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word, _ in _worded(text) if _rare(word))


def _rare(word: str) -> bool:
    return word.isdigit() or (len(word) > 3 and word not in language.common_words())


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("french")


@lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))
