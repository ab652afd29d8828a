"""Which rows hold a term, and how much it tells of each: one field of one segment, as arrays.

A term that few rows hold keeps a list of them; one that many hold keeps a byte for every row, which
is smaller from a fifth of the rows on, and added up ten times faster.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
K1, B = 1.2, 0.75
MEAN_LENGTHS = {
    "question_prefixes": 10.0,
    "question_grams": 45.0,
    "answer_prefixes": 80.0,
    "answer_grams": 350.0,
    "pairs": 80.0,
}
LAYOUT = 2
"""Raised when the arrays of a field change."""
_FULL_SHARE = 8
_FULL_FROM = 1_024
_LOW = np.uint64(0xFFFFFFFF)


class Found(NamedTuple):
    """Where the terms of a query stand in a field, one entry a term.

    ``starts``, ``stops`` bound the list of a term, empty where it has none; ``full`` is its line among
    the terms that keep a byte a row, else -1; ``counts`` says how many rows hold it.
    """

    starts: Array
    stops: Array
    full: Array
    counts: Array


def inverted(field: str, terms: Sequence[Sequence[int]]) -> dict[str, Array]:
    """Return the arrays of a field from the terms of each row."""
    sizes = np.array([len(t) for t in terms], dtype=np.int64)
    flat = np.fromiter((t for row in terms for t in row), dtype=np.uint64, count=int(sizes.sum()))
    rows = np.repeat(np.arange(len(terms), dtype=np.uint64), sizes)
    pairs, counts = np.unique((flat << np.uint64(32)) | rows, return_counts=True)
    impacts = _impacts(counts, sizes[pairs & _LOW], MEAN_LENGTHS[field])
    return _arrays(
        field,
        (pairs >> np.uint64(32)).astype(np.uint32),
        (pairs & _LOW).astype(np.int32),
        impacts,
        len(terms),
    )


def joined(field: str, parts: Sequence[tuple[Mapping[str, Array], Array]]) -> dict[str, Array]:
    """Return the arrays of a field of several segments put together.

    Args:
        parts: the arrays of each segment, and per row of it whether it goes over, shape ``(rows,)``.
    """
    flat = [_flat(field, arrays) for arrays, _ in parts]
    base = 0
    for at, ((terms, rows, impacts), (_, kept)) in enumerate(zip(flat, parts, strict=True)):
        numbers = (np.cumsum(kept) - 1 + base).astype(np.int32)
        over = kept[rows]
        flat[at] = terms[over], numbers[rows[over]], impacts[over]
        base += int(kept.sum())
    terms = np.concatenate([part[0] for part in flat])
    order = np.argsort(terms, kind="stable")  # each part is sorted: a merge
    rows, impacts = (np.concatenate([part[column] for part in flat])[order] for column in (1, 2))
    return _arrays(field, terms[order], rows, impacts, base)


def find(field: str, arrays: Mapping[str, Array], terms: Array) -> Found:
    """Look terms up in a field."""
    names, bounds, full = (arrays[f"{field}.{name}"] for name in ("terms", "bounds", "full_terms"))
    at, known = _place(names, terms)
    starts = np.where(known, bounds[at], 0)
    stops = np.where(known, bounds[np.minimum(at + 1, len(names))], 0)
    line, many = _place(full, terms)
    counts = stops - starts
    if many.any():
        counts[many] = arrays[f"{field}.full_counts"][line[many]]
    return Found(starts, stops, np.where(many, line, -1), counts)


def add(total: Array, field: str, arrays: Mapping[str, Array], found: Found, gains: Array) -> None:
    """Add to ``total``, shape ``(rows,)``, what each term tells of each row; a gain of 0 is left out."""
    held = np.flatnonzero((found.stops > found.starts) & (gains != 0))
    if len(held):
        rows, impacts = arrays[f"{field}.rows"], arrays[f"{field}.impacts"]
        bounds = zip(found.starts[held].tolist(), found.stops[held].tolist(), strict=True)
        slices = [slice(start, stop) for start, stop in bounds]
        told = np.repeat(gains[held], (found.stops - found.starts)[held])
        told *= np.concatenate([impacts[s] for s in slices])
        np.add.at(total, np.concatenate([rows[s] for s in slices]), told)
    lines, told = arrays[f"{field}.full"], np.empty(len(total), dtype=np.float32)
    for at in np.flatnonzero((found.full >= 0) & (gains != 0)):
        total += np.multiply(lines[found.full[at]], gains[at], out=told)


def _place(names: Array, terms: Array) -> tuple[Array, Array]:
    at = names.searchsorted(terms)
    known = at < len(names)
    known[known] = names[at[known]] == terms[known]
    return at, known


def _impacts(counts: Array, lengths: Array, mean: float) -> npt.NDArray[np.uint8]:
    """Return BM25's share of a term that occurs ``counts`` times in a field, 255 standing for ``K1 + 1``.

    Mean lengths are constants, not the corpus's own, so that a segment depends on its chunks alone
    and an index grown bit by bit scores like a rebuilt one.
    """
    saturated = counts / (counts + K1 * (1 - B + B * lengths / mean))
    return np.maximum(np.rint(saturated * 255), 1).astype(np.uint8)


def _arrays(field: str, terms: Array, rows: Array, impacts: Array, size: int) -> dict[str, Array]:
    """Return the arrays of a field from its postings, sorted by term and row."""
    names, starts, counts = np.unique(terms, return_index=True, return_counts=True)
    many = counts * _FULL_SHARE > size if size >= _FULL_FROM else np.zeros(len(names), dtype=bool)
    full = np.zeros((int(many.sum()), size), dtype=np.uint8)
    for line, at in enumerate(np.flatnonzero(many)):
        part = slice(starts[at], starts[at] + counts[at])
        full[line, rows[part]] = impacts[part]
    listed = np.repeat(~many, counts)
    return {
        f"{field}.terms": names[~many],
        f"{field}.bounds": np.cumsum([0, *counts[~many]], dtype=np.int64),
        f"{field}.rows": rows[listed],
        f"{field}.impacts": impacts[listed],
        f"{field}.full_terms": names[many],
        f"{field}.full_counts": counts[many],
        f"{field}.full": full,
    }


def _flat(field: str, arrays: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    """Return term, row and impact of each posting, sorted by term and row."""
    listed = np.repeat(arrays[f"{field}.terms"], np.diff(arrays[f"{field}.bounds"]))
    line, rows = np.nonzero(arrays[f"{field}.full"])
    terms = np.concatenate([listed, arrays[f"{field}.full_terms"][line]])
    order = np.argsort(terms, kind="stable")
    impacts = np.concatenate([arrays[f"{field}.impacts"], arrays[f"{field}.full"][line, rows]])
    return (
        terms[order],
        np.concatenate([arrays[f"{field}.rows"], rows.astype(np.int32)])[order],
        impacts[order],
    )
