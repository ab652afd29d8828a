"""Front matter: the YAML between two ``---`` lines at the top of a text file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from copilot import yamlfile
from copilot.errors import FileFormatError

_BLOCK = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of the front matter and where the body begins in the whole text.

    ``file`` gives the line of every key (``file.where(("status",))``).
    """

    data: dict[str, Any]
    body_start: int
    file: yamlfile.YamlFile


def read(text: str, shown: str) -> FrontMatter:
    """Read the front matter of ``text``; without one, the keys are empty and the body is all.

    Args:
        text: the whole file.
        shown: how errors name the file.

    Raises:
        FileFormatError: the YAML is broken or isn't a list of keys, at ``file:line``.
    """
    match = _BLOCK.match(text)
    if not match:
        return FrontMatter({}, 0, yamlfile.YamlFile(shown, {}, {}))
    file = yamlfile.loads(match[1], shown, first_line=2)
    data = {} if file.data is None else file.data
    if not isinstance(data, dict):
        raise FileFormatError("frontmatter.not_keys", where=f"{shown}:2")
    return FrontMatter({str(key): value for key, value in data.items()}, match.end(), file)
