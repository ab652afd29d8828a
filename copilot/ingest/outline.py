"""The sections of a parsed file: which headings are questions, and what stands under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from copilot.ingest.parts import NOTHING_SAID, Block, Metadata, Parsed

_ASKING = ("?", "？", "؟")


@dataclass(slots=True)
class Section:
    """A heading with the blocks under it; ``question`` is set where it is a FAQ entry."""

    title: str = ""
    level: int = 0
    meta: Metadata = NOTHING_SAID
    parents: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    blocks: list[Block] = field(default_factory=list)
    question: str = ""

    @property
    def has_text(self) -> bool:
        """Tell whether something other than comments stands under the heading."""
        return any(block.kind != "hidden" for block in self.blocks)


def outline(parsed: Parsed, *, faq: bool, imported: bool) -> list[Section]:
    """Return the sections in order.

    In a FAQ every heading with text under it is a question, but a title above others is not; elsewhere
    only imported headings that end with a question mark are. Headings below a question belong to its
    answer unless they ask themselves or carry an entry comment.
    """
    sections = _sections(parsed)
    if faq or imported:
        deep = any(s.level >= 2 and (s.has_text or _asks(s)) for s in sections)
        for section in sections:
            if _is_entry(section, faq, deep):
                section.question = section.title
    return _absorbed(sections)


def _sections(parsed: Parsed) -> list[Section]:
    sections = [Section()]
    above: list[Section] = []
    for block in parsed.blocks:
        if block.kind == "heading":
            while above and above[-1].level >= block.level:
                above.pop()
            inherited = above[-1].meta if above else NOTHING_SAID
            parents = tuple(s.title for s in above)
            meta = block.meta.over(replace(inherited, id="", title=""))
            meta = replace(meta, id=block.meta.id)
            section = Section(block.title, block.level, meta, parents, block.start, block.end)
            sections.append(section)
            above.append(section)
        elif block.kind == "hidden" or block.kind == "paragraph":
            sections[-1].blocks.append(block)
    return sections


def _asks(section: Section) -> bool:
    return section.title.rstrip().endswith(_ASKING) or bool(section.meta.id)


def _is_entry(section: Section, faq: bool, deep: bool) -> bool:
    if not section.level:
        return False
    if _asks(section):
        return True
    return faq and section.has_text and (section.level >= 2 or not deep)


def _absorbed(sections: Sequence[Section]) -> list[Section]:
    """Fold the headings under a question that are no questions themselves into its answer."""
    kept: list[Section] = []
    for section in sections:
        host = kept[-1] if kept else None
        inside = host is not None and host.question and section.level > host.level
        if host is not None and inside and not _asks(section):
            # The heading's own line becomes part of the answer's slice.
            host.blocks.append(Block("paragraph", section.start, section.end))
            host.blocks.extend(section.blocks)
        else:
            kept.append(section)
    return kept


def unanswered(sections: Sequence[Section]) -> list[Section]:
    """Return the questions under which nothing stands."""
    return [s for s in sections if s.question and not s.has_text]
