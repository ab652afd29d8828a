"""``Retriever``: from a customer's words to the passages that answer them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from copilot.errors import LLMError
from copilot.index import Index, analysis
from copilot.index.embedders import DEFAULT, Vectors
from copilot.index.manifest import Manifest
from copilot.index.snapshot import Rows, Scores, Snapshot, best
from copilot.messages import localized
from copilot.records import Language, Notice, Passage, Status, Visibility
from copilot.retrieve.answerable import features, probability
from copilot.retrieve.evidence import highlights
from copilot.retrieve.learning import Exemplar, Learnt, train
from copilot.retrieve.query import query_terms, weighted_words

WEIGHTS = {
    "question_prefixes": 0.32,
    "question_grams": 0.32,
    "answer_prefixes": 0.135,
    "answer_grams": 0.135,
    "pairs": 0.09,
}
SPELLING_VECTORS = 0.08
LEARNT = 0.2
OTHER_LANGUAGE = 0.8
MEANING_VECTORS = 0.5
SILENCE = 60.0
"""Seconds for which an endpoint that failed is not asked again."""
_NOTHING: Vectors = np.zeros(0, dtype=np.float32)
_LEXICAL_POOL = 200
_VECTOR_POOL = 50


class Retriever:
    """Searches one index, and learns from (message, chunk id, version) triples that a person validated."""

    def __init__(self, index: Index, exemplars: Iterable[tuple[str, str, str]] = ()) -> None:
        self.index = index
        self._exemplars = tuple(Exemplar(*e) for e in exemplars)
        self._last: tuple[str, Vectors] = ("", _NOTHING)
        self._scored: tuple[tuple[Manifest, str, Language], Scores | None] | None = None
        self._silent_until = 0.0
        self._learnt: tuple[Manifest, tuple[Exemplar, ...], Learnt | None] | None = None

    @property
    def exemplars(self) -> tuple[Exemplar, ...]:
        """The validated pairs that search has learnt from, oldest first."""
        return self._exemplars

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the user must know about searches as they go now: the vectors may be out of reach."""
        if time.monotonic() < self._silent_until:
            return (Notice("index.no_vectors", localized("index.no_vectors"), "warning"),)
        return ()

    def learn(self, message: str, chunk_id: str, version: str = "") -> None:
        """Take a message that a person answered from a chunk; the next search knows it."""
        self._exemplars = (*self._exemplars, Exemplar(message, chunk_id, version))

    def unlearn(self, message: str, chunk_id: str) -> None:
        """Forget a pair; an unknown one is ignored."""
        gone = (message, chunk_id)
        self._exemplars = tuple(e for e in self._exemplars if (e.message, e.chunk_id) != gone)

    def learnt_from(self, chunk_id: str) -> int:
        """Return how many validated messages led to a chunk."""
        return sum(e.chunk_id == chunk_id for e in self._exemplars)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        language: Language | None = None,
        visibility: Visibility | None = "public",
        today: date,
        statuses: Sequence[Status] = ("approved",),
    ) -> list[Passage]:
        """Return the ``k`` best passages for a query, best first; an empty query finds nothing.

        Where an embeddings endpoint cannot serve, words alone decide, and ``notices`` says so.

        Args:
            language: of the query and its reader, where known: passages in another one come later, not
                never, since they may hold the only answer.
            visibility: ``public`` keeps internal passages out; None lets all through.
            today: passages outside their validity dates are left out.
            statuses: of the passages that may be found.
        """
        snapshot = self.index.snapshot
        reader, language = language, language or analysis.guess_language(query, "fr")
        lexical = self._lexical(snapshot, query, language)
        if lexical is None:
            return []
        allowed = snapshot.allowed(visibility, today.toordinal(), tuple(statuses))
        rows = best(lexical * allowed, _LEXICAL_POOL)
        vector = self._vector(query)
        if len(vector):
            rows = np.union1d(rows, self.index.nearest(snapshot, vector, _VECTOR_POOL, allowed))
        learnt = self._model(snapshot)
        if learnt is not None:
            rows = np.union1d(rows, learnt.likely(query, language, _VECTOR_POOL, allowed))
        scores = lexical[rows]
        if len(vector):
            scores = self._fused(scores, snapshot.cosines(vector, rows))
        if learnt is not None:
            bonus = learnt.scores(query, language, rows)
            scores = ((scores + LEARNT * bonus) / (1 + 2 * LEARNT)).astype(np.float32)
        if reader is not None:
            scores = scores * _reading(snapshot.column("language")[rows], reader)
        return self._passages(snapshot, query, rows, scores, k)

    def answerable(self, query: str, passages: Sequence[Passage], language: Language | None = None) -> float:
        """Return the probability that one of the passages, as ``search`` ranked them, answers the query."""
        values = self.signs(query, passages, language)
        return probability(values) if passages and any(values.values()) else 0.0

    def signs(
        self, query: str, passages: Sequence[Passage], language: Language | None = None
    ) -> dict[str, float]:
        """Return the features on which ``answerable`` decides, by name."""
        snapshot = self.index.snapshot
        language = language or analysis.guess_language(query, "fr")
        known = [p.chunk for p in passages[:5] if p.id in snapshot.rows]
        lexical = self._lexical(snapshot, query, language)
        if not known or lexical is None:
            return features(snapshot, query, language, (), ())
        rows = np.array([snapshot.rows[c.id] for c in known], dtype=np.int64)
        scores = lexical[rows]
        learnt = self._model(snapshot)
        if learnt is not None:
            scores = scores + LEARNT * learnt.scores(query, language, rows)
        return features(snapshot, query, language, known, scores.tolist())

    def _lexical(self, snapshot: Snapshot, query: str, language: Language) -> Scores | None:
        """Return the score by words of every row; None for a query without words or an empty index."""
        asked, known = (snapshot.manifest, query, language), self._scored
        if known is None or known[0] != asked:
            words = weighted_words(snapshot, query, language) if snapshot.size else []
            scores = snapshot.lexical(query_terms(words, language), WEIGHTS) if words else None
            known = self._scored = (asked, scores)
        return known[1]

    def _vector(self, query: str) -> Vectors:
        """Return the vector of a query, empty while an endpoint is out of reach: words still find much."""
        if time.monotonic() < self._silent_until:
            return _NOTHING
        query_of, vector = self._last
        if query_of != query:
            try:
                vector = self.index.embedder.embed([query], query=True)[0]
            except LLMError:
                self._silent_until = time.monotonic() + SILENCE
                return _NOTHING
            self.index.check_dimension(len(vector))
            self._last = (query, vector)
        return vector

    def _model(self, snapshot: Snapshot) -> Learnt | None:
        known = self._learnt
        if known is None or known[0] is not snapshot.manifest or known[1] is not self._exemplars:
            known = (snapshot.manifest, self._exemplars, train(snapshot, self._exemplars))
            self._learnt = known
        return known[2]

    def _fused(self, lexical: Scores, cosines: Scores) -> Scores:
        share = SPELLING_VECTORS if self.index.embedder.name == DEFAULT else MEANING_VECTORS
        fused: Scores = ((1 - share) * lexical + share * np.maximum(cosines, 0)).astype(np.float32)
        return fused

    def _passages(self, snapshot: Snapshot, query: str, rows: Rows, scores: Scores, k: int) -> list[Passage]:
        found = []
        for at in np.lexsort((rows, -scores))[:k]:
            chunk = snapshot.chunk(int(rows[at]))
            score = min(1.0, float(scores[at]))
            found.append(Passage(chunk, score, highlights(query, chunk.text, chunk.language)))
        return found


def _reading(languages: npt.NDArray[np.bytes_], reader: Language) -> Scores:
    same = np.isin(languages, [reader.encode(), b"und", b""])
    return np.where(same, 1.0, OTHER_LANGUAGE).astype(np.float32)
