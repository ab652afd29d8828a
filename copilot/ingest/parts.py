"""What passes between the steps of ingestion: metadata, blocks of a parsed file, cleaning decisions."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from copilot.records import Language, Localized, Notice, Status, Visibility

BlockKind = Literal["heading", "paragraph", "entry", "hidden"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about a file, a section or an entry. None or empty means: not said here."""

    id: str = ""
    title: str = ""
    language: Language = ""
    status: Status | None = None
    visibility: Visibility | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    tags: tuple[str, ...] = ()
    kind: str = ""
    source: str = ""

    def over(self, below: Metadata) -> Metadata:
        """Return these values where they are said, those of ``below`` elsewhere (never its id)."""
        said = {f.name: value for f in fields(self) if (value := getattr(self, f.name))}
        return replace(below, **{"id": "", **said})


NOTHING_SAID = Metadata()


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a parsed file; ``start`` and ``end`` are offsets in ``Parsed.text``.

    ``title`` is a heading's text or an entry's question. ``hidden`` blocks (comments) are never
    shown nor indexed. ``drop`` is the reason code for which a parser proposes to drop the block;
    ``tidied`` says that odd spaces or apostrophes were mended on the way.
    """

    kind: BlockKind
    start: int
    end: int
    title: str = ""
    level: int = 0
    page: int | None = None
    row: int | None = None
    headings: tuple[str, ...] = ()
    meta: Metadata = NOTHING_SAID
    drop: str = ""
    tidied: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as a person opens it (``text``) and its blocks in reading order."""

    text: str
    blocks: tuple[Block, ...]
    format: str
    metadata: Metadata = NOTHING_SAID
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the cleaning's review table: a passage, whether it is kept, and why.

    ``reason`` is a code (``repeated``, ``navigation``…), ``why`` its sentence. ``by_person`` is True
    when somebody chose to keep what the cleaning would have dropped.
    """

    id: str
    path: str
    start: int
    end: int
    text: str
    kept: bool
    reason: str
    why: Localized
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file to parse: its bytes, and the path that names it in messages and ids.

    ``faq`` says that its headings are questions; ``imported`` that nobody here wrote it.
    """

    path: str
    data: bytes
    faq: bool = False
    imported: bool = False
