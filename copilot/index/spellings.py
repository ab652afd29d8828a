"""Which known words may lie within a few keystrokes of a word: a sieve before distances are measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_LONGEST = 32


class Spellings:
    """A vocabulary as letter sets: 32 bits for the letters a word holds, 32 for those it holds twice.

    A keystroke too many or too few changes one bit, a wrong letter two at most, two letters changed
    round none: whatever differs in more bits cannot be near, and most words do.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [word for word in words if len(word) <= _LONGEST]
        self._letters, self._lengths = _letters(self.words)

    def near(self, word: str, distance: int) -> list[str]:
        """Return the words that may be within an edit distance of ``word``; none that is gets lost."""
        if not self.words or len(word) > _LONGEST:
            return []
        letters, lengths = _letters([word])
        differing = np.bitwise_count(self._letters ^ letters[0])
        length = np.abs(self._lengths - lengths[0])
        return [self.words[i] for i in np.flatnonzero((differing <= 2 * distance) & (length <= distance))]


def _letters(words: Sequence[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    if not words:
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    table = np.array(words, dtype=np.str_)
    codes = table.view(np.uint32).reshape(len(words), -1)
    bits = np.sort(np.where(codes > 0, codes & 31, 32), axis=1).astype(np.uint64)
    held = np.where(bits < 32, np.uint64(1) << bits, np.uint64(0))
    twice = np.where(bits[:, 1:] == bits[:, :-1], held[:, 1:] << np.uint64(32), np.uint64(0))
    letters = np.bitwise_or.reduce(held, axis=1) | np.bitwise_or.reduce(twice, axis=1)
    return letters, (codes > 0).sum(axis=1)
