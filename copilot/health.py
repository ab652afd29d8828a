"""The health of the knowledge: what is said twice, what has expired, what is unused, what is missing.

Pure functions over chunks; the caller brings what the store and the fact checks know. Each item shows
its sources side by side, so that a person can decide without opening a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from copilot.messages import localized
from copilot.records import Chunk, Localized

Kind = Literal[
    "contradiction", "duplicate", "expired", "expiring", "not_yet_valid", "pending", "unused", "unanswered"
]
KINDS: tuple[Kind, ...] = (
    "contradiction",
    "expired",
    "expiring",
    "duplicate",
    "unanswered",
    "pending",
    "not_yet_valid",
    "unused",
)
_BLOCK = 1_000
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")


@dataclass(frozen=True, slots=True)
class Source:
    """A chunk as shown in the report: enough to recognise it and to find it."""

    chunk_id: str
    path: str
    question: str
    text: str
    page: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One thing to look at, with its sources side by side.

    ``score`` is a similarity (0..1) for duplicates and a count for unanswered questions.
    """

    kind: Kind
    message: Localized
    sources: tuple[Source, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class HealthReport:
    """All items, the most pressing kinds first, and how many chunks were looked at."""

    chunks: int
    items: tuple[HealthItem, ...]

    def of(self, kind: Kind) -> tuple[HealthItem, ...]:
        """Return the items of one kind."""
        return tuple(item for item in self.items if item.kind == kind)

    def counts(self) -> dict[Kind, int]:
        """Return the number of items by kind, in the report's order, none left out."""
        return {kind: len(self.of(kind)) for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two chunks that the fact checks found at odds, and over what."""

    one: str
    other: str
    message: Localized


def health(
    chunks: Iterable[Chunk],
    *,
    today: date,
    soon: timedelta = timedelta(days=30),
    uses: Mapping[str, int] | None = None,
    gaps: Sequence[tuple[str, int]] = (),
    contradictions: Sequence[Contradiction] = (),
    similarity: float = 0.85,
) -> HealthReport:
    """Report on the knowledge.

    Args:
        chunks: all that is indexed.
        today: in the brand's time zone.
        soon: how long ahead an expiry is worth telling.
        uses: chunk id → times it supported a reply; None where nothing was counted yet, and then
            nothing is called unused.
        gaps: questions that found no answer, with how often they came.
        contradictions: what the fact checks found; pairs whose chunks are gone are left out.
        similarity: from which cosine of word weights two chunks are near-duplicates.
    """
    every = [chunk for chunk in chunks if chunk.status != "retired"]
    by_id = {chunk.id: chunk for chunk in every}
    items = [
        *_contradictory(by_id, contradictions),
        *_dated(every, today, soon),
        *_duplicates(every, similarity),
        *_pending(every),
        *(_unused(every, uses, today) if uses is not None else ()),
        *_unanswered(gaps),
    ]
    items.sort(key=lambda item: (KINDS.index(item.kind), -item.score))
    return HealthReport(len(every), tuple(items))


def _contradictory(
    chunks: Mapping[str, Chunk], contradictions: Iterable[Contradiction]
) -> Iterator[HealthItem]:
    for pair in contradictions:
        if pair.one in chunks and pair.other in chunks:
            yield _item("contradiction", pair.message, chunks[pair.one], chunks[pair.other])


def _dated(chunks: Iterable[Chunk], today: date, soon: timedelta) -> Iterator[HealthItem]:
    for chunk in sorted(chunks, key=lambda c: (c.valid_until or date.max, c.id)):
        if chunk.valid_until and chunk.valid_until < today:
            yield _item("expired", localized("health.expired", date=_day(chunk.valid_until)), chunk)
        elif chunk.valid_until and chunk.valid_until <= today + soon:
            days = (chunk.valid_until - today).days
            key = "health.expiring" if days else "health.expiring_today"
            message = localized(key, date=_day(chunk.valid_until), days=days)
            yield _item("expiring", message, chunk)
        if chunk.valid_from and chunk.valid_from > today:
            yield _item(
                "not_yet_valid", localized("health.not_yet_valid", date=_day(chunk.valid_from)), chunk
            )


def _pending(chunks: Iterable[Chunk]) -> Iterator[HealthItem]:
    for chunk in chunks:
        if chunk.status == "pending":
            yield _item("pending", localized("health.pending"), chunk)


def _unused(chunks: Iterable[Chunk], uses: Mapping[str, int], today: date) -> Iterator[HealthItem]:
    for chunk in chunks:
        usable = chunk.status == "approved" and chunk.visibility == "public"
        current = not (chunk.valid_until and chunk.valid_until < today)
        if usable and current and chunk.kind == "faq" and not uses.get(chunk.id):
            yield _item("unused", localized("health.unused"), chunk)


def _unanswered(gaps: Iterable[tuple[str, int]]) -> Iterator[HealthItem]:
    for question, count in gaps:
        message = localized("health.unanswered", question=question[:200], count=count)
        yield HealthItem("unanswered", message, (), float(count))


def _duplicates(chunks: Sequence[Chunk], least: float) -> Iterator[HealthItem]:
    """Pairs that ask the same or say the same, and where their figures part.

    Passages of different languages are never alike: a translation is no duplicate.
    """
    for language in sorted({chunk.language for chunk in chunks}):
        own = [chunk for chunk in chunks if chunk.language == language]
        answers = _alike([f"{c.question} {c.text}" for c in own], least)
        questions = _alike([c.question for c in own], max(least, 0.9))
        pairs = {**questions, **{p: max(s, questions.get(p, 0.0)) for p, s in answers.items()}}
        for (one, other), score in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
            yield _duplicate(own[one], own[other], score)


def _duplicate(one: Chunk, other: Chunk, score: float) -> HealthItem:
    mine, theirs = set(_NUMBER.findall(one.text)), set(_NUMBER.findall(other.text))
    if one.text == other.text:
        message = localized("health.same_text")
    elif mine != theirs and mine and theirs:
        figures = ", ".join(sorted(mine ^ theirs))
        message = localized("health.alike_but_figures", figures=figures)
    else:
        message = localized("health.alike", percent=round(100 * min(score, 1.0)))
    return _item("duplicate", message, one, other, score=round(min(score, 1.0), 3))


def _alike(texts: Sequence[str], least: float) -> dict[tuple[int, int], float]:
    """Return the pairs (i < j) of texts whose tf-idf cosine is at least ``least``.

    Common words weigh little, so what two chunks share must be what they are about. Memory is bounded:
    the similarities are computed by blocks of rows and kept sparse.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    filled = [n for n, text in enumerate(texts) if text.strip()]
    if len(filled) < 2:
        return {}
    vectorizer = TfidfVectorizer(strip_accents="unicode", token_pattern=r"(?u)\w+", sublinear_tf=True)
    try:
        weights: Any = vectorizer.fit_transform(texts[n] for n in filled)
    except ValueError:
        return {}  # no text has a word
    pairs: dict[tuple[int, int], float] = {}
    for start in range(0, len(filled), _BLOCK):
        block = (weights[start : start + _BLOCK] @ weights.T).tocoo()
        near = (block.data >= least) & (block.row + start < block.col)
        found = zip(block.row[near] + start, block.col[near], block.data[near], strict=True)
        pairs.update({(filled[int(i)], filled[int(j)]): float(score) for i, j, score in found})
    return pairs


def _item(kind: Kind, message: Localized, *chunks: Chunk, score: float = 0.0) -> HealthItem:
    sources = tuple(Source(c.id, c.path, c.question, c.text, c.page, c.row) for c in chunks)
    return HealthItem(kind, message, sources, score)


def _day(day: date) -> Localized:
    return Localized(day.strftime("%d/%m/%Y"), f"{day.day} {day:%b %Y}")
