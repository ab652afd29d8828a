"""The passages as one pool of sentences, with how telling each idea is among them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from copilot.facts.mention import Mention
from copilot.facts.reading import Clause, Reading, ReadSentence, read
from copilot.records import Evidence, Passage, Span

_IMPLIED = {
    "phone": ("phone", "support"),
    "email": ("write", "support"),
    "link": ("site",),
    "price": ("price", "pay"),
    "hours": ("open", "morning", "evening"),
    "days": ("weekend",),
    "postcode": ("address",),
    "duration": ("delay", "last"),
}
"""What a value speaks of even where no word says so."""


@dataclass(frozen=True)
class Source:
    """One sentence of a passage."""

    passage: Passage
    reading: Reading
    sentence: ReadSentence

    @property
    def whole(self) -> frozenset[str]:
        """What the whole passage talks about, its values included."""
        return self.reading.whole

    def evidence(self, start: int | None = None, end: int | None = None, score: float = 1.0) -> Evidence:
        """Evidence over ``start:end`` of the folded text, the whole sentence by default."""
        first = self.sentence.start if start is None else start
        last = self.sentence.end if end is None else end
        span: Span = self.reading.normalized.span(first, last)
        chunk = self.passage.chunk
        return Evidence(chunk.id, span, chunk.text[span.start : span.end], round(score, 3), chunk.version)


@dataclass(frozen=True)
class Pool:
    """All that the passages say."""

    sources: tuple[Source, ...]

    @cached_property
    def rarity(self) -> dict[str, float]:
        """Inverse sentence frequency of each idea, between 0.3 and about 3."""
        counts = Counter(idea for s in self.sources for idea in s.sentence.ideas)
        size = len(self.sources)
        return {idea: max(0.3, math.log(1 + size / n)) for idea, n in counts.items()}

    @cached_property
    def unknown(self) -> float:
        """The weight of an idea that no source holds."""
        return math.log(2 + len(self.sources))

    @cached_property
    def ideas(self) -> frozenset[str]:
        """Every idea of every source, titles included."""
        told = frozenset().union(*(s.sentence.ideas | s.sentence.lead for s in self.sources))
        kinds = {m.kind for s in self.sources for m in s.sentence.mentions}
        return told.union(*(_IMPLIED.get(kind, ()) for kind in kinds))

    @cached_property
    def _begun(self) -> frozenset[str]:
        return frozenset(idea[:5] for idea in self.ideas) | frozenset(
            idea + "eirosdct"[i] for idea in self.ideas if len(idea) == 4 for i in range(8)
        )

    def knows(self, idea: str) -> bool:
        """Is the idea, or a word that begins like it, anywhere in the passages?"""
        return idea in self.ideas or idea[:5] in self._begun or (len(idea) == 4 and idea in self._short)

    @cached_property
    def _short(self) -> frozenset[str]:
        return frozenset(idea[:4] for idea in self.ideas)

    @cached_property
    def text(self) -> str:
        """All folded text and titles, for look-ups of names and bare numbers."""
        titles = (f"{s.passage.chunk.question} {' '.join(s.passage.chunk.headings)}" for s in self.sources)
        from copilot.facts.lexicon import folded

        unique = dict.fromkeys([s.reading.text for s in self.sources] + [folded(t) for t in titles])
        return "\n".join(unique)

    @cached_property
    def languages(self) -> frozenset[str]:
        """Languages of the passages."""
        return frozenset(s.reading.language for s in self.sources)

    def foreign(self, language: str) -> bool:
        """Is none of the passages in this language?"""
        return bool(self.sources) and language not in self.languages

    def weight(self, idea: str) -> float:
        """How telling an idea is."""
        return self.rarity.get(idea, self.unknown)

    def weigh(self, ideas: Iterable[str]) -> float:
        """Sum of the weights."""
        return sum(self.weight(i) for i in ideas)

    def of_kind(self, kinds: frozenset[str]) -> Iterable[tuple[Source, Clause, Mention]]:
        """Yield the mentions of some kinds with where they stand."""
        for source in self.sources:
            for clause in source.sentence.clauses:
                for mention in clause.mentions:
                    if mention.kind in kinds:
                        yield source, clause, mention


def gather(passages: Sequence[Passage], now: date, names: tuple[str, ...]) -> Pool:
    """Read all passages into one pool, retired and doubled ones left out."""
    sources: list[Source] = []
    seen: set[str] = set()
    for passage in passages:
        chunk = passage.chunk
        if chunk.id in seen or chunk.status == "retired":
            continue
        seen.add(chunk.id)
        title = " ".join((*chunk.headings, chunk.question))
        reading = read(chunk.text, chunk.language, now, title, names, source=True)
        sources.extend(Source(passage, reading, sentence) for sentence in reading.sentences)
    return Pool(tuple(sources))
