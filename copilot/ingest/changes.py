"""What changed since the index was last written, at a cost proportional to what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from copilot.errors import InputError
from copilot.ingest.choices import Choices
from copilot.ingest.clean import fingerprint
from copilot.ingest.files import Found
from copilot.ingest.parse import explain
from copilot.ingest.reading import Result, content_hash, read_source, version_of
from copilot.ingest.state import Seen, State, now_ns
from copilot.records import Chunk, Localized

_SITE_PAGES = 3
_SITE_SHARE = 0.5


class Index(Protocol):
    """What ingestion needs of an index that is open for writing."""

    def upsert(self, chunks: Iterable[Chunk], /) -> None:
        """Add chunks or replace those of the same id, at the next commit."""

    def delete(self, ids: Iterable[str], /) -> None:
        """Remove chunks by id, at the next commit; unknown ids are ignored."""

    def chunks(self) -> Mapping[str, Chunk]:
        """Return the committed chunks by id."""

    def versions(self) -> dict[str, str]:
        """Return the version of each file that has chunks."""

    def commit(self) -> None:
        """Make all changes since the last commit durable, all or nothing."""


@dataclass(slots=True)
class Changes:
    """Files to ingest, those as they were, and those that can't be read."""

    files: list[Found] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: list[tuple[str, Localized]] = field(default_factory=list)


class Ledger:
    """Knows which files the index holds, in which version and with which chunks."""

    def __init__(self, workspace: Path, index: Index, state: State, choices: Choices) -> None:
        self.workspace = workspace
        self.index = index
        self.state = state
        self.choices = choices
        self.indexed = index.versions()
        self._owners: dict[str, list[str]] | None = None

    def compare(self, found: Sequence[Found], cancel: Callable[[], bool]) -> Changes:
        """Tell changed files from unchanged ones; only those whose stamp moved are read."""
        changes = Changes()
        for file in found:
            if cancel():
                break
            try:
                if self._is_done(file):
                    changes.unchanged.append(file.path)
                else:
                    changes.files.append(file)
            except InputError as error:
                changes.failed.append((file.path, explain(error, file.path)))
        return changes

    def missing(self, found: Sequence[Found]) -> list[str]:
        """Return the files that are indexed or remembered and no longer there."""
        return sorted({*self.indexed, *self.state.files} - {f.path for f in found})

    def version(self, path: str, content: str) -> str:
        """Return the version that a file with this content has under today's choices."""
        return version_of(content, *self.choices.of(path), self.shared(path))

    def ids(self, path: str) -> list[str]:
        """Return the ids of the chunks that the index holds of a file."""
        seen = self.state.files.get(path)
        if path not in self.indexed and path not in self.state.partial:
            return []
        if seen and seen.version == self.indexed.get(path) and path not in self.state.partial:
            return seen.ids
        if self._owners is None:
            # Our memory doesn't match the index: ask it for all, once.
            self._owners = {}
            for chunk in self.index.chunks().values():
                self._owners.setdefault(chunk.path, []).append(chunk.id)
        return self._owners.get(path, [])

    def shared(self, path: str) -> tuple[str, ...]:
        """Return those paragraphs of an imported page that most pages of its site carry."""
        return shared_paragraphs(self.state, path)

    def recount_sites(self) -> bool:
        """Find anew what most pages of each site share; tell whether that changed anything."""
        pages: dict[str, list[list[str]]] = {}
        for path, seen in self.state.files.items():
            if seen.paragraphs:
                pages.setdefault(site(path), []).append(seen.paragraphs)
        before, self.state.shared = self.state.shared, {}
        for name, lists in pages.items():
            counts = Counter(p for paragraphs in lists for p in set(paragraphs))
            least = max(_SITE_PAGES, _SITE_SHARE * len(lists))
            if common := sorted(p for p, count in counts.items() if count >= least):
                self.state.shared[name] = common
        self.state.moved |= before != self.state.shared
        return before != self.state.shared

    def _is_done(self, file: Found) -> bool:
        seen = self.state.unchanged(file)
        looked = seen.looked if seen else now_ns()
        content = seen.content if seen else content_hash(read_source(self.workspace, file.path).data)
        version = self.version(file.path, content)
        before = self.state.files.get(file.path)
        indexed = self.indexed.get(file.path)
        # A file without chunks isn't in the index; only our own memory tells that it was done.
        empty = indexed is None and before and before.version == version and not before.ids
        if not (indexed == version or empty) or file.path in self.state.partial:
            return False
        paragraphs = before.paragraphs if before else []
        ids = list(self.ids(file.path))
        seen = Seen(file.size, file.changed, looked, content, version, ids, paragraphs)
        self.state.remember(file.path, seen)
        return True


def shared_paragraphs(state: State, path: str) -> tuple[str, ...]:
    """Return the fingerprints of an imported page that most pages of its site carry too."""
    seen = state.files.get(path)
    common = state.shared.get(site(path), [])
    return tuple(sorted(set(common) & set(seen.paragraphs))) if seen and common else ()


def site(path: str) -> str:
    """Return the folder of the site that an imported page belongs to, or an empty string."""
    parts = path.split("/")
    page = parts[-1].endswith((".html", ".htm", ".xhtml"))
    return "/".join(parts[:3]) if page and parts[:2] == ["knowledge", "imported"] and len(parts) > 3 else ""


def paragraphs_of(result: Result) -> list[str]:
    """Return the fingerprints of a page's paragraphs, for pages of an imported site."""
    if not site(result.document.path):
        return []
    return sorted({fingerprint(d.text) for d in result.decisions if not d.by_person})
