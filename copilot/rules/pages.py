"""The documentation pages of our packs, written from the packs themselves.

``python -m copilot.rules.pages [FOLDER]`` writes one page a pack into ``docs/rules``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from copilot.rules.definition import Definition
from copilot.rules.pack import Pack, RuleNotes, builtin_folder, load_pack

_LEVELS = {"suggestion": "suggestion", "warning": "avertissement", "error": "erreur"}


def documented_packs() -> tuple[str, ...]:
    """Return the names of the packs that have a page: those with a ``pack.yml``."""
    return tuple(sorted(p.name for p in builtin_folder().iterdir() if (p / "pack.yml").is_file()))


def page(pack: Pack) -> str:
    """Return the page of a pack as Markdown, French first, English beside it."""
    lines = [f"# {pack.title.fr} · {pack.title.en}", ""]
    if pack.description.fr:
        lines += [pack.description.fr, "", f"*{pack.description.en}*", ""]
    state = "actif par défaut (*on by default*)" if pack.default else "à activer (*off by default*)"
    lines += [f"Jeu `{pack.name}`, {state}. {len(pack.definitions)} règles (*rules*).", ""]
    for definition in pack.definitions:
        notes = pack.notes.get(definition.name.partition(".")[2], RuleNotes())
        lines.extend(_rule(definition, notes))
    return "\n".join(lines).rstrip() + "\n"


def _rule(definition: Definition, notes: RuleNotes) -> Iterator[str]:
    yield f"## {definition.name.partition('.')[2]}"
    yield ""
    if notes.message is not None:
        yield f"{_filled(notes.message.fr)}  "
        yield f"*{_filled(notes.message.en)}*"
        yield ""
    if notes.why.fr:
        yield f"{notes.why.fr}  "
        yield f"*{notes.why.en}*"
        yield ""
    yield from _facts(definition, notes)
    yield ""
    yield from _examples("Relève", "flags", notes.examples.flags)
    yield from _examples("Laisse passer", "lets pass", notes.examples.allows)


def _facts(definition: Definition, notes: RuleNotes) -> Iterator[str]:
    yield f"- Niveau (*level*) : {_LEVELS[definition.level]} (`{definition.level}`) · `{definition.kind}`"
    if notes.languages:
        yield f"- Langues (*languages*) : {', '.join(notes.languages)}"
    if notes.countries:
        yield f"- Pays (*countries*) : {', '.join(notes.countries)}"
    if notes.channels:
        yield f"- Canaux (*channels*) : {', '.join(notes.channels)}"
    if notes.except_channels:
        yield f"- Sauf (*except*) : {', '.join(notes.except_channels)}"


def _examples(french: str, english: str, texts: Sequence[str]) -> Iterator[str]:
    if not texts:
        return
    yield f"{french} (*{english}*) :"
    yield ""
    for text in texts:
        yield f"- {_code(text)}"
    yield ""


def _filled(message: str) -> str:
    return message.replace("%s", "…")


def _code(text: str) -> str:
    shown = text.replace("\u00a0", "⍽").replace("\u202f", "⎵").replace("\n", " ⏎ ")
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown}{fence}"


def write(folder: Path) -> None:
    """Write the page of every pack into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in documented_packs():
        (folder / f"{name}.md").write_text(page(load_pack(name)), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/rules"))
