"""All segments of one generation as one table, and the lexical and vector scores of its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from copilot.index.embedders import Vectors
from copilot.index.manifest import Manifest
from copilot.index.segment import STATUSES, Array, Segment
from copilot.records import Chunk

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_BUDGET = 400_000
_POOL = 2_000


class Term(NamedTuple):
    """A term of a query: its field, what a full impact adds to the total, how many rows hold it, and
    per segment that holds it the segment's place, rows and impacts."""

    field: str
    gain: float
    found: int
    postings: tuple[tuple[int, Array, Array], ...]


@dataclass(frozen=True)
class Plan:
    """The terms of a query, rarest first. ``fields`` are those that the query has terms for.

    ``ceilings`` is the sum of gains that a row could reach in each field, before its weight.
    """

    terms: tuple[Term, ...]
    weights: Mapping[str, float]
    ceilings: Mapping[str, float]


@dataclass(frozen=True)
class Snapshot:
    """A generation as loaded. Rows are numbered through all segments, dead ones included."""

    manifest: Manifest
    segments: tuple[Segment, ...]
    _masks: dict[object, Mask] = field(default_factory=dict, repr=False, compare=False)
    _corrections: dict[tuple[str, int], str | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """The first row of each segment, and after the last one the number of rows."""
        return tuple(int(n) for n in np.cumsum([0, *map(len, self.segments)]))

    @property
    def size(self) -> int:
        """Rows, dead ones included."""
        return self.bases[-1]

    @cached_property
    def alive(self) -> Mask:
        """Which rows still count, shape ``(size,)``."""
        mask = np.ones(self.size, dtype=bool)
        for base, part in zip(self.bases, self.manifest.parts, strict=False):
            mask[base + np.array(part.dead, dtype=np.int64)] = False
        return mask

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The chunk id of each row."""
        return tuple(i for segment in self.segments for i in segment.ids)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The folded question of each row; rows that share one are wordings of the same entry."""
        return tuple(q for segment in self.segments for q in segment.questions)

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Row of each living chunk id."""
        alive = self.alive
        return {i: row for row, i in enumerate(self.ids) if alive[row]}

    @cached_property
    def versions(self) -> dict[str, str]:
        """Version of each source path that has living chunks."""
        alive = self.alive
        pairs = (p for s in self.segments for p in zip(s.paths, s.versions, strict=True))
        return {path: version for row, (path, version) in enumerate(pairs) if alive[row]}

    def locate(self, row: int) -> tuple[Segment, int]:
        """Return the segment that holds a row, and the row's place in it."""
        at = int(np.searchsorted(self.bases, row, side="right")) - 1
        return self.segments[at], row - self.bases[at]

    def chunk(self, row: int) -> Chunk:
        """Read the chunk of a row."""
        segment, place = self.locate(row)
        return segment.chunk(place)

    def column(self, name: str) -> Array:
        """Return one array over all rows."""
        parts = [segment.arrays[name] for segment in self.segments]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.zeros(0)

    def allowed(self, visibility: str | None, day: int, statuses: tuple[str, ...]) -> Mask:
        """Return which rows may be found on a day (its ordinal), shape ``(size,)``."""
        key = (visibility, day, statuses)
        if key not in self._masks:
            mask: Mask = self.alive & (self.column("from") <= day) & (self.column("until") >= day)
            mask &= np.isin(self.column("status"), [STATUSES.index(s) for s in statuses])
            if visibility is not None:
                mask &= self.column("public") == (visibility == "public")
            self._masks[key] = mask
        return self._masks[key]

    # -- words -------------------------------------------------------------------------------

    def plan(self, terms: Mapping[str, Mapping[int, float]], weights: Mapping[str, float]) -> Plan:
        """Prepare a query.

        Args:
            terms: for each field, the weight of each term of the query.
            weights: of the fields.
        """
        planned: list[Term] = []
        ceilings: dict[str, float] = {}
        for name, wanted in terms.items():
            held = [self._postings(name, term) for term in wanted]
            counts = [sum(len(rows) for _, rows, _ in postings) for postings in held]
            gains = [w * self._idf(n) for w, n in zip(wanted.values(), counts, strict=True)]
            ceilings[name] = sum(gains)
            unit = weights[name] / (ceilings[name] or 1.0) / 255
            planned += [Term(name, g * unit, n, p) for g, n, p in zip(gains, counts, held, strict=True) if n]
        planned.sort(key=lambda term: term.found)
        return Plan(tuple(planned), weights, ceilings)

    def _postings(self, name: str, term: int) -> tuple[tuple[int, Array, Array], ...]:
        held = ((at, *segment.postings(name, term)) for at, segment in enumerate(self.segments))
        return tuple(found for found in held if len(found[1]))

    def _idf(self, found: int) -> float:
        return log(1 + (self.size - found + 0.5) / (found + 0.5))

    def idf(self, name: str, term: int) -> float:
        """Return the inverse document frequency of a term in a field, highest where no row holds it."""
        return self._idf(sum(len(rows) for _, rows, _ in self._postings(name, term)))

    def lexical(self, plan: Plan, limit: int, allowed: Mask) -> Rows:
        """Return the allowed rows with the best total, best first, at most ``limit``.

        Exact while the posting lists of the query hold fewer than ``_BUDGET`` entries; beyond, the
        most frequent terms count only for the rows that the rarer ones brought up.
        """
        total = np.zeros(self.size, dtype=np.float32)
        spent = 0
        for at, term in enumerate(plan.terms):
            spent += term.found
            if spent > _BUDGET and at:
                pool = _best(total * allowed, _POOL)
                pooled = total[pool] + self.parts(Plan(plan.terms[at:], plan.weights, {}), pool).sum(axis=1)
                order = np.argsort(-pooled, kind="stable")[:limit]
                return pool[order]
            for place, rows, impacts in term.postings:
                total[self.bases[place] : self.bases[place + 1]][rows] += impacts * np.float32(term.gain)
        return _best(total * allowed, limit)

    def parts(self, plan: Plan, rows: Rows) -> Scores:
        """Return the weighted, normalised score of rows in each field, shape ``(len(rows), fields)``.

        The columns follow ``plan.weights``; their sum is the lexical score, at most the sum of weights.
        """
        names = {name: column for column, name in enumerate(plan.weights)}
        scores = np.zeros((len(rows), len(names)), dtype=np.float32)
        order = np.argsort(rows, kind="stable")
        cuts = np.searchsorted(rows[order], self.bases)
        wanted = [
            (order[a:b], (rows[order[a:b]] - base).astype(np.int32))
            for base, a, b in zip(self.bases, cuts, cuts[1:], strict=False)
        ]
        for term in plan.terms:
            for place, held, impacts in term.postings:
                here, inside = wanted[place]
                at = held.searchsorted(inside)
                at[at == len(held)] = 0
                hit = np.flatnonzero(held[at] == inside)
                scores[here[hit], names[term.field]] += impacts[at[hit]] * np.float32(term.gain)
        return scores

    def knows(self, word: str) -> bool:
        """Tell whether any chunk holds this folded word."""
        return any(word in segment.vocabulary for segment in self.segments)

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        for word in {word for segment in self.segments for word in segment.vocabulary}:
            found[len(word)].append(word)
        return found

    def nearest_word(self, word: str, distance: int) -> str | None:
        """Return the known word within an edit distance, the nearest, then the most frequent."""
        key = (word, distance)
        if key not in self._corrections:
            self._corrections[key] = _nearest(self, word, distance)
        return self._corrections[key]

    # -- vectors -----------------------------------------------------------------------------

    def vectors(self, rows: Sequence[int] | Array) -> Vectors:
        """Return the vectors of some rows, shape ``(len(rows), dimension)``."""
        wanted = np.asarray(rows, dtype=np.int64)
        found = np.zeros((len(wanted), self.manifest.dimension), dtype=np.float32)
        places = np.searchsorted(self.bases, wanted, side="right") - 1
        for place in np.unique(places):
            here = places == place
            found[here] = self.segments[place].vectors[wanted[here] - self.bases[place]]
        return found

    def batches(self) -> Iterator[tuple[list[str], Vectors]]:
        """Give ids and vectors of all living rows, segment by segment."""
        for base, segment in zip(self.bases, self.segments, strict=False):
            rows = np.flatnonzero(self.alive[base : base + len(segment)])
            yield [segment.ids[int(row)] for row in rows], segment.vectors[rows]

    def cosines(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of some rows with a query vector of shape ``(dimension,)``."""
        found = self.vectors(rows)
        norms = np.linalg.norm(found, axis=1) * (float(np.linalg.norm(vector)) or 1.0)
        cosines: Scores = (found @ vector / np.maximum(norms, 1e-9)).astype(np.float32)
        return cosines

    def scan(self, vector: Vectors, limit: int, allowed: Mask) -> Rows:
        """Return the allowed rows of the highest cosine by looking at every vector, best first."""
        total = np.zeros(self.size, dtype=np.float32)
        for base, segment in zip(self.bases, self.segments, strict=False):
            total[base : base + len(segment)] = segment.vectors @ vector / segment.norms
        return _best(total * allowed, limit)


def _best(scores: Scores, limit: int) -> Rows:
    if len(scores) > 4 * limit:
        among = np.sort(np.argpartition(-scores, limit)[:limit])
    else:
        among = np.arange(len(scores))
    among = among[scores[among] > 0]
    return among[np.argsort(-scores[among], kind="stable")][:limit].astype(np.int64)


def _nearest(snapshot: Snapshot, word: str, distance: int) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    sizes = range(len(word) - distance, len(word) + distance + 1)
    words = [w for size in sizes for w in snapshot._by_length.get(size, ())]
    near = process.extract(word, words, scorer=OSA.distance, score_cutoff=distance, limit=5)
    if not near:
        return None

    def rank(found: tuple[str, float, int]) -> tuple[float, bool, int, str]:
        frequency = sum(segment.vocabulary.get(found[0], 0) for segment in snapshot.segments)
        return found[1], found[0][0] != word[0], -frequency, found[0]

    return min(near, key=rank)[0]


class ChunkTable(Mapping[str, Chunk]):
    """The living chunks by id, read from the disk when asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def __getitem__(self, chunk_id: str) -> Chunk:
        return self._snapshot.chunk(self._snapshot.rows[chunk_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._snapshot.rows)

    def __len__(self) -> int:
        return len(self._snapshot.rows)
