"""Named embedders: the embedded default, or any that ``copilot.llms`` knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from copilot.index import analysis

Vectors = npt.NDArray[np.float32]
DEFAULT = "embedded"


class Embedder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """The name it is configured by, kept in the index."""
        ...

    @property
    def dimension(self) -> int:
        """The length of its vectors; asking an endpoint may take a call."""
        ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one row a text, float32, shape ``(len(texts), dimension)``."""
        ...


class HashedEmbedder:
    """The embedded default: signed hashing of stems and character n-grams, no table, no download.

    Its cosine follows the overlap of two texts in spelling (Weinberger et al., 2009), not in meaning:
    a little help to the lexical score, and the vector path at work before an embedder that knows
    meaning is configured.
    """

    name = DEFAULT
    dimension = 384

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:  # noqa: ARG002
        """Return unit vectors of shape ``(len(texts), 384)``; an empty text is the zero vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            self._add(vectors[row], text)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-9)
        return vectors

    def _add(self, vector: Vectors, text: str) -> None:
        tokens = analysis.words(text)
        if not tokens:
            return
        language = analysis.guess_language(text, "fr")
        light = analysis.FUNCTION_WORDS[language if language in analysis.FUNCTION_WORDS else "fr"]
        weights = Counter[int]()
        for token, stem in zip(tokens, analysis.stems(tokens, language), strict=True):
            weight = 1 if token in light else 2
            weights[analysis.term_id("=" + stem)] += 2 * weight
            for gram in analysis.gram_terms([token]):
                weights[gram] += weight
        ids = np.fromiter(weights.keys(), dtype=np.uint64)
        mixed = (ids * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
        signs = np.where(mixed & np.uint64(1), 1.0, -1.0)
        gains = np.sqrt(np.fromiter(weights.values(), dtype=np.float64))
        np.add.at(vector, (mixed >> np.uint64(1)) % self.dimension, signs * gains)


def embedder(name: str = DEFAULT, **options: Any) -> Embedder:
    """Return the embedder of that name: ``embedded``, ``openai:MODEL`` or any LangChain name.

    Raises:
        SettingsError: nobody knows the name.
    """
    if name == DEFAULT:
        return HashedEmbedder()
    from copilot.llms import embeddings

    found: Embedder = embeddings(name, **options)
    return found
