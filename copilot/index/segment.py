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
from hashlib import blake2b
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from copilot.index import analysis, postings
from copilot.index.embedders import Vectors
from copilot.index.spellings import Spellings
from copilot.records import Chunk

Array = npt.NDArray[Any]
FILES = ("chunks.jsonl", "table.json", "arrays.bin")
_ALIGN = 64
_BLOCK = 1 << 20
STATUSES = ("approved", "pending", "retired")
_NEVER = date.max.toordinal()
_DATES = ("valid_from", "valid_until")
_NAMES = tuple(f.name for f in fields(Chunk))
_COLUMNS = ("vectors", "status", "public", "language", "from", "until")
_LISTS = ("ids", "paths", "versions", "hashes", "questions")


def layout() -> str:
    """Return what a segment is made of, shortened: another layout cannot be read by this one."""
    made_of = (FILES, _COLUMNS, _LISTS, _NAMES, sorted(postings.MEAN_LENGTHS.items()), postings.LAYOUT)
    return blake2b(repr((made_of, analysis.FIELDS, analysis.LAYOUT)).encode(), digest_size=6).hexdigest()


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
        return decode(self.line(row))

    def line(self, row: int) -> bytes:
        """Read one chunk as it was written."""
        offsets = self.arrays["offsets"]
        line: bytes = self.arrays["chunks"][int(offsets[row]) : int(offsets[row + 1])].tobytes()
        return line

    @property
    def vectors(self) -> Vectors:
        """The vectors, shape ``(rows, dimension)``."""
        return self.arrays["vectors"]

    @cached_property
    def norms(self) -> Vectors:
        """The length of each vector, never zero, shape ``(rows,)``."""
        norms: Vectors = np.maximum(np.linalg.norm(self.vectors, axis=1), 1e-9).astype(np.float32)
        return norms

    @cached_property
    def spellings(self) -> Spellings:
        """The words of the segment, ready to be searched for near misses."""
        return Spellings(list(self.vocabulary))


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
    analysed = [analysis.chunk_terms(chunk) for chunk in chunks]
    arrays: dict[str, Array] = {
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
        arrays.update(postings.inverted(field, [terms[field] for terms, _ in analysed]))
    table = {
        "ids": [c.id for c in chunks],
        "paths": [c.path for c in chunks],
        "versions": [c.version for c in chunks],
        "hashes": list(hashes),
        "questions": [" ".join(analysis.words(c.question)) for c in chunks],
        "vocabulary": Counter(word for _, words in analysed for word in words),
    }
    _write_all(folder, [encode(chunk) for chunk in chunks], table, arrays)


def join(folder: Path, parts: Sequence[tuple[Segment, npt.NDArray[np.bool_]]]) -> None:
    """Write a new segment of the rows of others that still count, without analysing them again.

    Args:
        parts: each segment, and per row of it whether it goes over, shape ``(rows,)``.
    """
    arrays = {name: np.concatenate([s.arrays[name][kept] for s, kept in parts]) for name in _COLUMNS}
    for field in analysis.FIELDS:
        arrays.update(postings.joined(field, [(segment.arrays, kept) for segment, kept in parts]))
    table: dict[str, Any] = {
        name: [item for s, kept in parts for item in compress(getattr(s, name), kept)] for name in _LISTS
    }
    vocabulary = Counter[str]()
    for segment, kept in parts:
        vocabulary.update(segment.vocabulary)
        for row in np.flatnonzero(~kept):
            vocabulary.subtract(analysis.chunk_terms(segment.chunk(int(row)))[1])
    table["vocabulary"] = {word: count for word, count in vocabulary.items() if count > 0}
    lines = [segment.line(int(row)) for segment, kept in parts for row in np.flatnonzero(kept)]
    _write_all(folder, lines, table, arrays)


def _write_all(
    folder: Path, lines: Sequence[bytes], table: Mapping[str, Any], arrays: dict[str, Array]
) -> None:
    arrays["offsets"] = np.cumsum([0, *map(len, lines)], dtype=np.int64)
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
        size = crc = 0
        with (folder / name).open("rb") as file:
            while block := file.read(_BLOCK):
                size, crc = size + len(block), zlib.crc32(block, crc)
        sums[name] = (size, crc)
    return sums


def load(folder: Path) -> Segment:
    """Map a segment whose checksums were found right.

    Raises:
        OSError, ValueError, KeyError: the files are not those of a segment.
    """
    table = json.loads((folder / FILES[1]).read_bytes())
    arrays = _read_arrays(folder / FILES[2])
    arrays["chunks"] = _map(folder / FILES[0])
    lists = {name: table[name] for name in _LISTS}
    return Segment(folder.name, folder, **lists, vocabulary=table["vocabulary"], arrays=arrays)


def vectors_by_hash(folder: Path) -> dict[str, Vectors]:
    """Return the vectors of a segment by the hash of the text of each, whatever its layout.

    Raises:
        OSError, ValueError, KeyError: it has none.
    """
    hashes = json.loads((folder / FILES[1]).read_bytes())["hashes"]
    return dict(zip(hashes, _read_arrays(folder / FILES[2])["vectors"], strict=True))


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
