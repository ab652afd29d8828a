"""Canned replies: texts that a team wrote once, in ``knowledge/canned/*.yml``, with variables in braces.

One file holds a list of ``title``, ``text`` and, unless it is French, ``language``::

    - title: Demande du numéro de commande
      text: "Pouvez-vous nous indiquer votre numéro de commande, {name} ?"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from copilot import yamlfile
from copilot.errors import FileFormatError

_KEYS = {"title", "text", "language"}
_VARIABLE = re.compile(r" ?\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Canned:
    """A canned reply."""

    title: str
    text: str
    language: str = "fr"

    def filled(self, values: Mapping[str, str]) -> Canned:
        """Return it with the variables that are known; an unknown name stays to be filled, as ``{name}``.

        A variable known to be empty leaves with the space before it.
        """

        def fill(match: re.Match[str]) -> str:
            name = match[1]
            if name not in values:
                return match[0]
            lead = match[0][: match[0].index("{")]
            return f"{lead}{values[name]}" if values[name] else ""

        return replace(self, text=_VARIABLE.sub(fill, self.text))


def load_canned(folder: Path) -> list[Canned]:
    """Read all canned replies of a folder, in the order of files and lines; a missing folder holds none.

    Raises:
        FileFormatError: a file is not a list of titles and texts, at ``file:line``.
    """
    found: list[Canned] = []
    for path in sorted(folder.glob("*.yml")) if folder.is_dir() else ():
        file = yamlfile.load(path, shown=f"{folder.name}/{path.name}")
        entries = file.data if isinstance(file.data, list) else [file.data]
        found.extend(_read(entry, file.where((position,))) for position, entry in enumerate(entries))
    return found


def _read(entry: object, where: str) -> Canned:
    texts = entry if isinstance(entry, dict) else {}
    known = set(texts) <= _KEYS and all(isinstance(value, str) for value in texts.values())
    if not known or not texts.get("title") or not texts.get("text"):
        raise FileFormatError("canned.wrong_form", where=where)
    return Canned(texts["title"], texts["text"].strip(), texts.get("language", "fr"))
