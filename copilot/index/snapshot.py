"""All segments of one generation as one table, and the scores of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from copilot.index.embedders import Vectors
from copilot.index.manifest import Manifest
from copilot.index.segment import Array, Segment
from copilot.records import Chunk

Scores = npt.NDArray[np.float32]
K1 = 1.2
B = {"question_stems": 0.3, "question_grams": 0.3, "answer_stems": 0.6, "answer_grams": 0.6}


@dataclass(frozen=True)
class Snapshot:
    """A generation as loaded. Rows are numbered through all segments, dead ones included."""

    manifest: Manifest
    segments: tuple[Segment, ...]

    @cached_property
    def bases(self) -> tuple[int, ...]:
        """The first row of each segment, and after the last one the number of rows."""
        return tuple(int(n) for n in np.cumsum([0, *map(len, self.segments)]))

    @property
    def size(self) -> int:
        """Rows, dead ones included."""
        return self.bases[-1]

    @cached_property
    def alive(self) -> npt.NDArray[np.bool_]:
        """Which rows still count, shape ``(size,)``."""
        mask = np.ones(self.size, dtype=bool)
        for base, part in zip(self.bases, self.manifest.parts, strict=False):
            mask[base + np.array(part.dead, dtype=np.int64)] = False
        return mask

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Row of each living chunk id."""
        ids = (i for segment in self.segments for i in segment.ids)
        return {i: row for row, i in enumerate(ids) if self.alive[row]}

    @cached_property
    def versions(self) -> dict[str, str]:
        """Version of each source path that has living chunks."""
        pairs = (p for s in self.segments for p in zip(s.paths, s.versions, strict=True))
        return {path: version for row, (path, version) in enumerate(pairs) if self.alive[row]}

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

    @cached_property
    def _means(self) -> dict[str, float]:
        return (
            {field: max(float(self.column(f"{field}.lengths").mean()), 1.0) for field in B}
            if self.size
            else {}
        )

    def frequency(self, field: str, term: int) -> int:
        """Return the number of rows that hold a term in a field."""
        return sum(len(segment.postings(field, term)[0]) for segment in self.segments)

    def idf(self, field: str, term: int) -> float:
        """Return the inverse document frequency of a term, highest for one that no row holds."""
        found = self.frequency(field, term)
        return float(np.log(1 + (self.size - found + 0.5) / (found + 0.5)))

    def scores(self, field: str, terms: Mapping[int, float]) -> tuple[Scores, float]:
        """Return the BM25 score of every row in one field, and the most that any row could reach.

        Args:
            terms: weight of each term of the query.
        """
        total = np.zeros(self.size, dtype=np.float32)
        ceiling = 0.0
        for term, weight in terms.items():
            gain = weight * self.idf(field, term)
            ceiling += gain * (K1 + 1)
            for base, segment in zip(self.bases, self.segments, strict=False):
                rows, counts = segment.postings(field, term)
                if len(rows):
                    total[base + rows] += gain * self._saturated(field, segment, rows, counts)
        return total, ceiling

    def _saturated(self, field: str, segment: Segment, rows: Array, counts: Array) -> Scores:
        lengths = segment.arrays[f"{field}.lengths"][rows]
        tf = counts.astype(np.float32)
        saturated: Scores = (
            tf * (K1 + 1) / (tf + K1 * (1 - B[field] + B[field] * lengths / self._means[field]))
        )
        return saturated

    def vectors(self, rows: Sequence[int] | Array) -> Vectors:
        """Return the vectors of some rows, shape ``(len(rows), dimension)``."""
        found = np.zeros((len(rows), self.manifest.dimension), dtype=np.float32)
        for place, row in enumerate(rows):
            segment, inside = self.locate(int(row))
            found[place] = segment.vectors[inside]
        return found

    def cosines(self, vector: Vectors) -> Scores:
        """Return the cosine of every row with a query vector of shape ``(dimension,)``."""
        norm = float(np.linalg.norm(vector)) or 1.0
        cosines: Scores = np.zeros(self.size, dtype=np.float32)
        for base, segment in zip(self.bases, self.segments, strict=False):
            cosines[base : base + len(segment)] = segment.vectors @ vector / norm
        return cosines

    def __iter__(self) -> Iterator[Chunk]:
        return (self.chunk(row) for row in self.rows.values())


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
