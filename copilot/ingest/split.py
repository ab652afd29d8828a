"""From blocks to chunks: one FAQ entry is one chunk, prose goes by heading and then by size."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from copilot import text as texts
from copilot.ingest.metadata import fold
from copilot.ingest.outline import Section, outline
from copilot.ingest.parts import Block, Metadata, Parsed
from copilot.records import Chunk, Span

SIZE = 900
"""Characters of a prose chunk, as a rule; a last short piece may lengthen it to 1.25 times that."""


@dataclass(slots=True)
class _Naming:
    """Gives each chunk an id that edits elsewhere in the file don't change."""

    path: str
    used: set[str] = field(default_factory=set)

    def named(self, given: str, parts: Iterable[str], text: str = "") -> str:
        """Return the given id, or one made of the file's path and the words that lead to the chunk."""
        place = self.path.removeprefix("knowledge/")
        slugs = [_slug(part) for part in parts if part]
        if text:
            slugs.append(hashlib.sha256(fold(text)[:80].encode()).hexdigest()[:8])
        if given and not any(c.isalpha() for c in given):
            slugs, given = [given], ""  # a bare number is a row of its table, not a name of its own
        base = given or f"{place}#{'/'.join(s for s in slugs if s) or 'text'}"
        name, number = base, 2
        while name in self.used:
            name, number = f"{base}~{number}", number + 1
        self.used.add(name)
        return name


def split(parsed: Parsed, chunk: Chunk, *, faq: bool, imported: bool) -> list[Chunk]:
    """Return the chunks of a file in reading order.

    Args:
        parsed: the cleaned file; its ``metadata`` holds for all of it.
        chunk: a model with the file's path, document id, version and defaults.
    """
    given = parsed.metadata.id
    naming = _Naming(given or chunk.path)
    chunks: list[Chunk] = []
    for section in _with_entries(parsed, faq, imported):
        if isinstance(section, Block):
            chunks.extend(_entry(parsed, section, chunk, naming))
        elif section.question:
            chunks.extend(_answer(parsed, section, chunk, naming))
        else:
            chunks.extend(_prose(parsed, section, chunk, naming))
    if given and len(chunks) == 1:
        chunks = [replace(chunks[0], id=given)]
    return chunks


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the sentences of a slice of ``text``, contiguous, trailing spaces included."""
    stop = len(text) if end is None else end
    later = [start + span.start for span in texts.sentences(text[start:stop])][1:]
    places = [start, *later, stop]
    return (Span(a, b) for a, b in pairwise(places) if a < b)


def _with_entries(parsed: Parsed, faq: bool, imported: bool) -> Iterator[Section | Block]:
    """Sections and ready entries in the order of the file."""
    entries = [b for b in parsed.blocks if b.kind == "entry"]
    rest = replace(parsed, blocks=tuple(b for b in parsed.blocks if b.kind != "entry"))
    items: list[tuple[int, Section | Block]] = [(b.start, b) for b in entries]
    for section in outline(rest, faq=faq, imported=imported):
        items.append((section.start, section))
    items.sort(key=lambda item: item[0])
    return (item for _, item in items)


def _entry(parsed: Parsed, block: Block, model: Chunk, naming: _Naming) -> Iterator[Chunk]:
    text = parsed.text[block.start : block.end]
    anchor = block.title or " ".join(text.split()[:8])
    yield filled(
        replace(
            model,
            id=naming.named(block.meta.id, (*_members(block), anchor)),
            text=text,
            question=block.title,
            headings=block.headings,
            start=block.start,
            end=block.end,
            page=block.page,
            row=block.row,
            kind="faq" if block.title else "prose",
        ),
        block.meta.over(parsed.metadata),
    )


def _answer(parsed: Parsed, section: Section, model: Chunk, naming: _Naming) -> Iterator[Chunk]:
    for run in _runs(section.blocks):
        start, end = run[0].start, run[-1].end
        yield filled(
            replace(
                model,
                id=naming.named(section.meta.id, (section.question,)),
                text=parsed.text[start:end],
                question=section.question,
                headings=section.parents,
                start=start,
                end=end,
                page=run[0].page,
                kind="faq",
            ),
            section.meta.over(parsed.metadata),
        )


def _prose(parsed: Parsed, section: Section, model: Chunk, naming: _Naming) -> Iterator[Chunk]:
    headings = (*section.parents, section.title) if section.title else section.parents
    pieces = [
        (span, run[0])
        for run in _runs(section.blocks)
        for span in _sized(parsed.text, [(b.start, b.end) for b in run])
    ]
    for span, block in pieces:
        text = parsed.text[span.start : span.end]
        alone = len(pieces) == 1 and section.title
        yield filled(
            replace(
                model,
                id=naming.named("", (*_members(block), *headings[-2:]), "" if alone else text),
                text=text,
                headings=(*block.headings, *headings),
                start=span.start,
                end=span.end,
                page=block.page,
                row=block.row,
                kind="prose",
            ),
            section.meta.over(block.meta).over(parsed.metadata),
        )


def _members(block: Block) -> tuple[str, ...]:
    """The name of the archive member or sheet a block comes from: it belongs to the id."""
    return block.headings[:1]


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Cut at hidden blocks, page turns and rows: a chunk is one slice that shows nothing hidden."""
    run: list[Block] = []
    for block in blocks:
        place = (block.page, block.row, block.headings)
        if run and (block.kind == "hidden" or place != (run[-1].page, run[-1].row, run[-1].headings)):
            yield run
            run = []
        if block.kind != "hidden":
            run.append(block)
    if run:
        yield run


def _sized(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Span]:
    """Join paragraphs up to the size; cut a longer one at its sentences."""
    atoms = [atom for start, end in spans for atom in _atoms(text, start, end)]
    groups: list[Span] = []
    for atom in atoms:
        if groups and atom.end - groups[-1].start <= SIZE:
            groups[-1] = Span(groups[-1].start, atom.end)
        else:
            groups.append(atom)
    if len(groups) > 1 and groups[-1].end - groups[-2].start <= SIZE * 5 // 4:
        last = groups.pop()
        groups[-1] = Span(groups[-1].start, last.end)
    return (_trimmed(text, group) for group in groups)


def _atoms(text: str, start: int, end: int) -> Iterator[Span]:
    if end - start <= SIZE:
        yield Span(start, end)
        return
    for sentence in sentences(text, start, end):
        at = sentence.start
        while sentence.end - at > SIZE:
            cut = text.rfind(" ", at + SIZE // 2, at + SIZE)
            cut = at + SIZE if cut < 0 else cut + 1
            yield Span(at, cut)
            at = cut
        yield Span(at, sentence.end)


def _trimmed(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.end - len(inside) + len(inside.rstrip())))


def filled(chunk: Chunk, said: Metadata) -> Chunk:
    """Return the chunk with what is said about it; what isn't stays."""
    return replace(
        chunk,
        headings=chunk.headings or ((said.title,) if said.title else ()),
        language=said.language or chunk.language,
        status=said.status or chunk.status,
        visibility=said.visibility or chunk.visibility,
        valid_from=said.valid_from or chunk.valid_from,
        valid_until=said.valid_until or chunk.valid_until,
        tags=said.tags or chunk.tags,
    )


def _slug(text: str) -> str:
    words = fold(text).replace(" ", "-")
    if len(words) <= 80:
        return words
    return f"{words[:70].rstrip('-')}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
