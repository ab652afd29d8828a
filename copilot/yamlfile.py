"""YAML files that people write: read with the line of every key, so that a mistake can be shown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from copilot.errors import FileFormatError, UnreadableFileError


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The plain data of a file and the 1-based line of each path into it."""

    path: str
    data: Any
    lines: dict[tuple[str | int, ...], int]

    def where(self, location: Sequence[str | int] = ()) -> str:
        """Return ``path:line`` of the nearest known place on the way to ``location``."""
        key = tuple(location)
        while key and key not in self.lines:
            key = key[:-1]
        return f"{self.path}:{self.lines.get(key, 1)}"


def load(path: Path, *, shown: str | None = None) -> YamlFile:
    """Read one YAML document (safe types only).

    Args:
        path: the file.
        shown: how to name it in errors (a path relative to the workspace); default: as given.

    Raises:
        UnreadableFileError: the file is missing or not UTF-8.
        FileFormatError: the YAML is broken, at ``file:line``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            "yamlfile.unreadable", where=shown or str(path), reason=str(error)
        ) from error
    return loads(text, shown or str(path))


def loads(text: str, shown: str, *, first_line: int = 1) -> YamlFile:
    """Read YAML from a string; ``first_line`` is the line of the file at which it begins."""
    import yaml

    loader_class: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = loader_class(text)
    lines: dict[tuple[str | int, ...], int] = {}
    try:
        node = loader.get_single_node()
        if node is not None:
            _walk(node, (), lines, first_line)
        data = None if node is None else loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + first_line
        raise FileFormatError(
            "yamlfile.broken", where=f"{shown}:{line}", problem=error.problem or str(error)
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise FileFormatError("yamlfile.broken", where=shown, problem=str(error)) from error
    finally:
        loader.dispose()
    return YamlFile(shown, data, lines)


def shipped(package: str, name: str) -> Any:
    """Return the data of a YAML file that stands in one of our packages."""
    import yaml

    text = (resources.files(package) / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def nearest(key: str, known: Iterable[str]) -> str:
    """Return the known key most like ``key``, or an empty string when none is near."""
    return next(iter(difflib.get_close_matches(key, list(known), n=1, cutoff=0.6)), "")


def refuse_unknown(
    file: YamlFile, location: Sequence[str | int], keys: Iterable[str], known: Iterable[str]
) -> None:
    """Raise FileFormatError for the first key that is not known, naming the nearest known one."""
    allowed = sorted(known)
    for key in keys:
        if key in allowed:
            continue
        near = nearest(str(key), allowed)
        raise FileFormatError(
            "yamlfile.unknown_key_near" if near else "yamlfile.unknown_key",
            where=file.where((*location, key)),
            name=key,
            near=near,
            allowed=", ".join(allowed),
        )


def _walk(
    node: Any, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], first: int
) -> None:
    import yaml

    lines.setdefault(path, node.start_mark.line + first)
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            key = (*path, str(key_node.value))
            lines[key] = key_node.start_mark.line + first
            _walk(value_node, key, lines, first)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines, first)
