"""One immutable part of the index on disk: chunks, their postings per field, their vectors.

A segment is written once, checked by size and CRC, memory-mapped for reading, and replaced whole when
segments are merged, so that a reader beside a writer never sees half a change.
"""

from __future__ import annotations

import json
import os
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.index import analysis
from copilot.index.embedders import Vectors
from copilot.records import Chunk

Array = npt.NDArray[Any]
FILES = ("chunks.jsonl", "table.json", "arrays.bin")
_ALIGN = 64
_LOW = np.uint64(0xFFFFFFFF)
K1, B = 1.2, 0.75
MEAN_LENGTHS = {
    "question_prefixes": 10.0,
    "question_grams": 45.0,
    "answer_prefixes": 80.0,
    "answer_grams": 350.0,
    "pairs": 80.0,
}
STATUSES = ("approved", "pending", "retired")
_NEVER = date.max.toordinal()
_DATES = ("valid_from", "valid_until")
_NAMES = tuple(f.name for f in fields(Chunk))


@dataclass(frozen=True)
class Segment:
    """A loaded segment of ``len(ids)`` rows; ``arrays`` are views of a memory map."""

    name: str
    folder: Path
    ids: Sequence[str]
    paths: Sequence[str]
    versions: Sequence[str]
    hashes: Sequence[str]
    questions: Sequence[str]
    vocabulary: Mapping[str, int]
    arrays: Mapping[str, Array]

    def __len__(self) -> int:
        return len(self.ids)

    def chunk(self, row: int) -> Chunk:
        """Read one chunk back from the disk."""
        offsets = self.arrays["offsets"]
        raw = self.arrays["chunks"][int(offsets[row]) : int(offsets[row + 1])]
        return decode(raw.tobytes())

    @property
    def vectors(self) -> Vectors:
        """The vectors, shape ``(rows, dimension)``."""
        return self.arrays["vectors"]

    @cached_property
    def norms(self) -> Vectors:
        """The length of each vector, never zero, shape ``(rows,)``."""
        norms: Vectors = np.maximum(np.linalg.norm(self.vectors, axis=1), 1e-9).astype(np.float32)
        return norms

    def postings(self, field: str, term: int) -> tuple[Array, Array]:
        """Return the sorted rows that hold a term in a field, and its impact on each in 0..255."""
        terms, bounds = self.arrays[f"{field}.terms"], self.arrays[f"{field}.bounds"]
        at = int(terms.searchsorted(np.uint32(term)))
        found = at < len(terms) and terms[at] == term
        part = slice(int(bounds[at]), int(bounds[at + 1])) if found else slice(0, 0)
        return self.arrays[f"{field}.rows"][part], self.arrays[f"{field}.impacts"][part]


def encode(chunk: Chunk) -> bytes:
    """Return a chunk as one JSON line."""
    record = {name: getattr(chunk, name) for name in _NAMES}
    for name in _DATES:
        record[name] = record[name] and record[name].isoformat()
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Chunk:
    """Return the chunk of a JSON line."""
    record = json.loads(line)
    for name in _DATES:
        record[name] = date.fromisoformat(record[name]) if record[name] else None
    record["headings"], record["tags"] = tuple(record["headings"]), tuple(record["tags"])
    return Chunk(**record)


def write(folder: Path, chunks: Sequence[Chunk], hashes: Sequence[str], vectors: Vectors) -> None:
    """Write a new segment of chunks, the hash of each, and its vectors of shape ``(len(chunks), d)``."""
    lines = [encode(chunk) for chunk in chunks]
    analysed = [analysis.chunk_terms(chunk) for chunk in chunks]
    vocabulary = Counter(word for _, words in analysed for word in words)
    arrays: dict[str, Array] = {
        "offsets": np.cumsum([0, *map(len, lines)], dtype=np.int64),
        "vectors": np.ascontiguousarray(vectors, dtype=np.float32),
        "status": np.array([STATUSES.index(c.status) for c in chunks], dtype=np.uint8),
        "public": np.array([c.visibility == "public" for c in chunks], dtype=bool),
        "language": np.array([c.language for c in chunks], dtype="S8"),
        "from": np.array([c.valid_from.toordinal() if c.valid_from else 0 for c in chunks], dtype=np.int32),
        "until": np.array(
            [c.valid_until.toordinal() if c.valid_until else _NEVER for c in chunks], dtype=np.int32
        ),
    }
    for field in analysis.FIELDS:
        arrays.update(_inverted(field, [terms[field] for terms, _ in analysed]))
    table = {
        "ids": [c.id for c in chunks],
        "paths": [c.path for c in chunks],
        "versions": [c.version for c in chunks],
        "hashes": list(hashes),
        "questions": [" ".join(analysis.words(c.question)) for c in chunks],
        "vocabulary": vocabulary,
    }
    folder.mkdir(parents=True)
    _write(folder / FILES[0], lines)
    _write(folder / FILES[1], [json.dumps(table, ensure_ascii=False).encode()])
    _write(folder / FILES[2], _packed(arrays))


def _write(path: Path, parts: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
        file.flush()
        os.fsync(file.fileno())


def _inverted(field: str, terms: Sequence[Sequence[int]]) -> dict[str, Array]:
    sizes = np.array([len(t) for t in terms], dtype=np.int64)
    flat = np.fromiter((t for row in terms for t in row), dtype=np.uint64, count=int(sizes.sum()))
    rows = np.repeat(np.arange(len(terms), dtype=np.uint64), sizes)
    pairs, counts = np.unique((flat << np.uint64(32)) | rows, return_counts=True)
    names, starts = np.unique((pairs >> np.uint64(32)).astype(np.uint32), return_index=True)
    return {
        f"{field}.terms": names,
        f"{field}.bounds": np.append(starts, len(pairs)).astype(np.int64),
        f"{field}.rows": (pairs & _LOW).astype(np.int32),
        f"{field}.impacts": _impacts(counts, sizes[pairs & _LOW], MEAN_LENGTHS[field]),
    }


def _impacts(counts: Array, lengths: Array, mean: float) -> npt.NDArray[np.uint8]:
    """Return BM25's share of a term that occurs ``counts`` times in a field, 255 standing for ``K1 + 1``.

    Mean lengths are constants, not the corpus's own, so that a segment depends on its chunks alone
    and an index grown bit by bit scores like a rebuilt one.
    """
    saturated = counts / (counts + K1 * (1 - B + B * lengths / mean))
    return np.maximum(np.rint(saturated * 255), 1).astype(np.uint8)


def _packed(arrays: Mapping[str, Array]) -> Iterator[bytes]:
    header: dict[str, Any] = {}
    position = 0
    for name, array in arrays.items():
        header[name] = (array.dtype.str, array.shape, position)
        position += -(-array.nbytes // _ALIGN) * _ALIGN
    head = json.dumps(header).encode()
    head += b" " * (-(len(head) + 8) % _ALIGN)
    yield len(head).to_bytes(8, "little") + head
    for array in arrays.values():
        yield array.tobytes()
        yield b"\0" * (-array.nbytes % _ALIGN)


def checksums(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and CRC-32 of each file of a segment.

    Raises:
        OSError: a file is missing or cannot be read.
    """
    sums = {}
    for name in FILES:
        content = (folder / name).read_bytes()
        sums[name] = (len(content), zlib.crc32(content))
    return sums


def load(folder: Path) -> Segment:
    """Map a segment whose checksums were found right.

    Raises:
        OSError, ValueError, KeyError: the files are not those of a segment.
    """
    table = json.loads((folder / FILES[1]).read_text(encoding="utf-8"))
    arrays = _read_arrays(folder / FILES[2])
    arrays["chunks"] = _map(folder / FILES[0])
    return Segment(
        folder.name,
        folder,
        table["ids"],
        table["paths"],
        table["versions"],
        table["hashes"],
        table["questions"],
        table["vocabulary"],
        arrays,
    )


def _read_arrays(path: Path) -> dict[str, Array]:
    raw = _map(path)
    size = int.from_bytes(raw[:8].tobytes(), "little")
    header = json.loads(raw[8 : 8 + size].tobytes())
    arrays = {}
    for name, (kind, shape, position) in header.items():
        dtype = np.dtype(kind)
        start = 8 + size + position
        stop = start + dtype.itemsize * int(np.prod(shape))
        arrays[name] = raw[start:stop].view(dtype).reshape(shape)
    return arrays


def _map(path: Path) -> Array:
    if path.stat().st_size == 0:
        return np.zeros(0, dtype=np.uint8)
    return np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))
