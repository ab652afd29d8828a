"""Named embedders: the embedded default, or any that ``copilot.llms`` knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from copilot.index import analysis

Vectors = npt.NDArray[np.float32]
DEFAULT = "embedded"


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    dimension: int

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one row a text, float32, shape ``(len(texts), dimension)``."""
        ...


class HashedEmbedder:
    """The embedded default: signed hashing of stems and character n-grams, no table, no download.

    Its cosine follows the lexical overlap of two texts (Weinberger et al., 2009), nothing more; it
    keeps the vector path alive until an embedder that knows meaning is configured.
    """

    name = DEFAULT
    dimension = 256

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:  # noqa: ARG002
        """Return unit vectors of shape ``(len(texts), 256)``; an empty text is the zero vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            self._add(vectors[row], text)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-9)
        return vectors

    def _add(self, vector: npt.NDArray[np.float32], text: str) -> None:
        tokens = analysis.words(text)
        language = analysis.guess_language(text, "fr")
        terms = analysis.stem_terms(tokens, language) * 3 + analysis.gram_terms(tokens)
        if not terms:
            return
        ids, counts = np.unique(np.array(terms, dtype=np.uint32), return_counts=True)
        mixed = (ids.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(20)
        signs = np.where(mixed & np.uint64(1), 1.0, -1.0)
        np.add.at(vector, (mixed >> np.uint64(1)) % self.dimension, signs * np.sqrt(counts))


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
