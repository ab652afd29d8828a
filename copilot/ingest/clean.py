"""Cleaning that can be seen: every paragraph that isn't indexed has a line that says why.

Nothing is rewritten: a dropped passage is left out of the index and stays in the file. A person's
"keep anyway" lands in ``knowledge/cleaning.yml`` and wins over every rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from copilot import yamlfile
from copilot.errors import FileFormatError
from copilot.ingest.files import write_atomically
from copilot.ingest.metadata import fold
from copilot.ingest.parts import Block, Decision, Parsed
from copilot.ingest.patterns import boilerplate
from copilot.ingest.rendering import uneven
from copilot.messages import localized

KEEP_FILE = Path("knowledge/cleaning.yml")
_SHORT = 240  # boilerplate is short; a long paragraph that mentions cookies is knowledge
_REPEATABLE = 60  # a repeated short line ("Oui.") is not a duplicate paragraph


def clean(
    parsed: Parsed,
    path: str,
    *,
    imported: bool,
    kept: Collection[str] = (),
    shared: Collection[str] = (),
) -> tuple[Parsed, tuple[Decision, ...]]:
    """Mark the blocks to leave out and record each decision.

    Args:
        parsed: the file's blocks; headings, entries and hidden blocks are never touched, but an entry
            that repeats another word for word is.
        path: names the file in the decisions.
        imported: nobody here wrote it, so boilerplate is looked for too.
        kept: ids of decisions that a person overrode.
        shared: fingerprints of paragraphs that most pages of the same site carry.

    Returns:
        The file with only the blocks to index, and one decision a paragraph or entry.
    """
    seen: set[str] = set()
    blocks: list[Block] = []
    decisions: list[Decision] = []
    for block in parsed.blocks:
        if block.kind in ("heading", "hidden"):
            blocks.append(block)
            continue
        text = parsed.text[block.start : block.end]
        reason = block.drop or _reason(block, text, seen, imported, shared)
        seen.add(_identity(block, text))
        decision = _decide(path, block, text, reason, kept)
        decisions.append(decision)
        # A dropped block still parts its neighbours: a chunk may not run across it.
        blocks.append(block if decision.kept else replace(block, kind="hidden"))
    return replace(parsed, blocks=tuple(blocks)), tuple(decisions)


def fingerprint(text: str) -> str:
    """Return a short hash of a paragraph, the same for texts that differ in case and punctuation only."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def keep_anyway(workspace: Path, decision: Decision) -> None:
    """Record that a person wants a dropped passage indexed; the next ingestion follows.

    Raises:
        FileFormatError: ``knowledge/cleaning.yml`` has a mistake.
        WorkspaceError: it cannot be written.
    """
    choices = [c for c in _choices(workspace) if c["id"] != decision.id]
    choices.append({"id": decision.id, "file": decision.path, "text": _start(decision.text)})
    _save(workspace, choices)


def forget_keep(workspace: Path, decision_id: str) -> None:
    """Undo ``keep_anyway``."""
    _save(workspace, [c for c in _choices(workspace) if c["id"] != decision_id])


def kept_by_people(workspace: Path) -> dict[str, tuple[str, ...]]:
    """Return, by file, the ids of the decisions that people overrode.

    Raises:
        FileFormatError: the file has a mistake, at ``file:line``.
    """
    by_file: dict[str, tuple[str, ...]] = {}
    for choice in _choices(workspace):
        by_file[choice["file"]] = (*by_file.get(choice["file"], ()), choice["id"])
    return by_file


def _reason(block: Block, text: str, seen: set[str], imported: bool, shared: Collection[str]) -> str:
    if _identity(block, text) in seen and (block.kind == "entry" or len(text) >= _REPEATABLE):
        return "repeated"
    if block.kind == "entry" or not imported:
        return ""
    if shared and fingerprint(text) in shared:
        return "shared"
    return _boilerplate(text)


def _identity(block: Block, text: str) -> str:
    return f"{fold(block.title)}\n{fold(text)}" if block.kind == "entry" else fold(text)


def _boilerplate(text: str) -> str:
    if len(text) > _SHORT:
        return ""
    folded = fold(text)
    if not folded:
        return "empty"
    return next((reason for reason, pattern in boilerplate() if pattern.fullmatch(folded)), "")


def _decide(path: str, block: Block, text: str, reason: str, kept: Collection[str]) -> Decision:
    said = hashlib.sha256(f"{path}\n{fold(block.title)}\n{fold(text)}".encode()).hexdigest()[:12]
    by_person = bool(reason) and said in kept
    fine = "tidied" if block.tidied else "uneven" if uneven(text) else "kept"
    code = "person" if by_person else reason or fine
    why = localized(f"ingest.why_{code}")
    return Decision(said, path, block.start, block.end, text, not reason or by_person, code, why, by_person)


def _choices(workspace: Path) -> list[dict[str, str]]:
    path = workspace / KEEP_FILE
    if not path.exists():
        return []
    file = yamlfile.load(path, shown=KEEP_FILE.as_posix())
    return list(_read_choices(file))


def _read_choices(file: yamlfile.YamlFile) -> Iterator[dict[str, str]]:
    data = file.data or {}
    if not isinstance(data, dict):
        raise FileFormatError("ingest.keep_form", where=file.where())
    yamlfile.refuse_unknown(file, (), data, ["keep"])
    for number, choice in enumerate(data.get("keep") or []):
        if not isinstance(choice, dict) or not {"id", "file"} <= set(choice):
            raise FileFormatError("ingest.keep_form", where=file.where(("keep", number)))
        yield {"id": str(choice["id"]), "file": str(choice["file"]), "text": str(choice.get("text", ""))}


def _save(workspace: Path, choices: list[dict[str, str]]) -> None:
    import yaml

    choices.sort(key=lambda c: (c["file"], c["id"]))
    body = yaml.safe_dump({"keep": choices}, allow_unicode=True, sort_keys=False, width=1000)
    head = "# Passages that the cleaning would drop and that somebody chose to keep.\n"
    write_atomically(workspace / KEEP_FILE, (head + body).encode())


def _start(text: str) -> str:
    return " ".join(text.split())[:100]
