"""Words a workspace accepts or rejects, in the place where Vale keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.rules.definition import Definition, rule_from_text

if TYPE_CHECKING:
    from copilot.brand import Brand

_TERMS = (
    "extends: substitution\nmessage: Use '%s' instead of '%s'.\nlevel: error\n"
    "ignorecase: true\nvocab: false\nswap: {a: b}\n"
)
_AVOID = "extends: existence\nmessage: Avoid using '%s'.\nlevel: error\ntokens: [a]\n"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Patterns that every rule with ``vocab`` lets pass, and patterns to avoid."""

    accepted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()

    def rules(self) -> tuple[Definition, ...]:
        """Return the rules that follow from the lists: ``Vale.Terms`` and ``Vale.Avoid``."""
        swap = {t.lower(): t for t in self.accepted if all(c.isalnum() or c in " -" for c in t)}
        made = []
        if swap:
            made.append(_with_fields(_TERMS, "Vale.Terms", "swap", swap))
        if self.rejected:
            made.append(_with_fields(_AVOID, "Vale.Avoid", "tokens", list(self.rejected)))
        return tuple(made)


def read_vocabulary(folders: Sequence[Path], names: Sequence[str] | None = None) -> Vocabulary:
    """Read ``config/vocabularies/<name>/accept.txt`` and ``reject.txt`` below each folder.

    Args:
        folders: folders of packs.
        names: only these vocabularies; None for all.
    """
    accepted: list[str] = []
    rejected: list[str] = []
    for folder in folders:
        for place in sorted((folder / "config" / "vocabularies").glob("*")):
            if names is None or place.name in names:
                accepted.extend(_lines(place / "accept.txt"))
                rejected.extend(_lines(place / "reject.txt"))
    return Vocabulary(tuple(dict.fromkeys(accepted)), tuple(dict.fromkeys(rejected)))


def brand_words(brand: Brand | None) -> tuple[str, ...]:
    """Return the words that only the brand writes: its names, cut into single words."""
    if brand is None:
        return ()
    names = [brand.name, *brand.products, *brand.competitors, *(p.name for p in brand.places)]
    names.extend(term.use for term in brand.terms)
    return tuple(dict.fromkeys(word for name in names for word in name.split()))


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("# ")]


def _with_fields(text: str, name: str, key: str, value: object) -> Definition:
    from dataclasses import replace

    definition = rule_from_text(text, name, shown="vocabulary")
    return replace(definition, fields={**definition.fields, key: value})
