"""``Retriever``: from a customer's words to the passages that answer them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from copilot.index import Index, analysis
from copilot.index.snapshot import Scores, Snapshot
from copilot.records import Language, Passage, Status, Visibility
from copilot.retrieve.evidence import highlights

WEIGHTS = {"question_stems": 0.35, "question_grams": 0.35, "answer_stems": 0.15, "answer_grams": 0.15}


class Retriever:
    """Searches one index. ``exemplars`` are (message, chunk id, version) that a person validated."""

    def __init__(self, index: Index, exemplars: Sequence[tuple[str, str, str]] = ()) -> None:
        self.index = index
        self.exemplars = tuple(exemplars)

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

        Args:
            language: of the query, where known; it picks the stemmer.
            visibility: ``public`` keeps internal passages out; None lets all through.
            today: passages outside their validity dates are left out.
            statuses: of the passages that may be found.
        """
        snapshot = self.index.snapshot
        tokens = analysis.words(query)
        if not tokens or not snapshot.size:
            return []
        scores = self._scores(snapshot, tokens, language or analysis.guess_language(query, "fr"))
        scores *= _allowed(snapshot, visibility, today, statuses)
        best = np.argsort(-scores, kind="stable")[:k]
        return [
            self._passage(snapshot, query, int(row), float(scores[row])) for row in best if scores[row] > 0
        ]

    def answerable(self, query: str, passages: Sequence[Passage]) -> float:
        """Return the probability that one of the passages answers the query."""
        return min(1.0, passages[0].score) if passages and query else 0.0

    def _scores(self, snapshot: Snapshot, tokens: list[str], language: Language) -> Scores:
        terms = {
            "stems": Counter(analysis.stem_terms(tokens, language)),
            "grams": Counter(analysis.gram_terms(tokens)),
        }
        total = np.zeros(snapshot.size, dtype=np.float32)
        for field, weight in WEIGHTS.items():
            scores, ceiling = snapshot.scores(field, dict(terms[field.split("_")[1]]))
            if ceiling:
                total += weight * scores / ceiling
        return total

    def _passage(self, snapshot: Snapshot, query: str, row: int, score: float) -> Passage:
        chunk = snapshot.chunk(row)
        return Passage(chunk, score, highlights(query, chunk.text, chunk.language))


def _allowed(
    snapshot: Snapshot, visibility: Visibility | None, today: date, statuses: Sequence[Status]
) -> npt.NDArray[np.bool_]:
    day = today.toordinal()
    mask: npt.NDArray[np.bool_] = snapshot.alive & (snapshot.column("from") <= day)
    mask &= snapshot.column("until") >= day
    mask &= np.isin(snapshot.column("status"), [s.encode() for s in statuses])
    if visibility is not None:
        mask &= snapshot.column("public") == (visibility == "public")
    return mask
