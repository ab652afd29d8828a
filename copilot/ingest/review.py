"""The cleaning's review table, made without touching the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import InputError
from copilot.ingest import state as states
from copilot.ingest.changes import shared_paragraphs
from copilot.ingest.choices import load_choices
from copilot.ingest.files import discover
from copilot.ingest.parse import explain
from copilot.ingest.parts import Decision
from copilot.ingest.reading import read_chunks, read_source
from copilot.records import Chunk, Localized


@dataclass(frozen=True, slots=True)
class Review:
    """What an ingestion would make of some files: decisions, chunks, and the files that can't be read."""

    decisions: tuple[Decision, ...]
    chunks: tuple[Chunk, ...]
    failed: tuple[tuple[str, Localized], ...]

    @property
    def dropped(self) -> tuple[Decision, ...]:
        """Return the passages that would be left out."""
        return tuple(d for d in self.decisions if not d.kept)


def review(workspace: Path, paths: Sequence[str] = ()) -> Review:
    """Clean and split files as the next ingestion would, and change nothing.

    Args:
        paths: files relative to the workspace; all of them when empty.

    Raises:
        FileFormatError: ``cleaning.yml`` or ``entries.yml`` has a mistake.
    """
    choices, state = load_choices(workspace), states.load(workspace)
    decisions: list[Decision] = []
    chunks: list[Chunk] = []
    failed: list[tuple[str, Localized]] = []
    for path in paths or [file.path for file in discover(workspace)]:
        try:
            source = read_source(workspace, path)
            result = read_chunks(source, "", choices, shared=shared_paragraphs(state, path))
        except InputError as error:
            failed.append((path, explain(error, path)))
            continue
        decisions.extend(result.decisions)
        chunks.extend(result.chunks)
    return Review(tuple(decisions), tuple(chunks), tuple(failed))
