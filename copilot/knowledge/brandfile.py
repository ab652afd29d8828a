"""``brand.yml`` changed key by key: the comments, the order and the other lines of a person's file stay."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copilot import yamlfile
from copilot.brand import Brand, validate
from copilot.errors import ConflictError, UnreadableFileError
from copilot.ingest.files import write_atomically

SHOWN = "brand.yml"
_PLAIN = re.compile(r"[A-Za-zÀ-ÿ][\w-]*")


@dataclass(frozen=True, slots=True)
class BrandFile:
    """The text of ``brand.yml`` and the version to give back with a change."""

    text: str
    version: str


def read(path: Path) -> BrandFile:
    """Read the file as it stands.

    Raises:
        UnreadableFileError: it is missing or not UTF-8.
    """
    try:
        data = path.read_bytes()
        return BrandFile(data.decode("utf-8-sig"), hashlib.sha256(data).hexdigest())
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError("yamlfile.unreadable", where=SHOWN, reason=str(error)) from error


def parse(text: str) -> Brand:
    """Return the brand that a text describes.

    Raises:
        FileFormatError: a mistake at ``brand.yml:line``.
    """
    file = yamlfile.loads(text, SHOWN)
    return validate(file, file.data)


def write(path: Path, text: str, version: str) -> BrandFile:
    """Replace the file by a sound text.

    Raises:
        FileFormatError: a mistake at ``brand.yml:line``.
        ConflictError: the file is not of this version any more.
        WorkspaceError: it can't be written.
    """
    parse(text)
    if read(path).version != version:
        raise ConflictError("knowledge.brand_changed", where=SHOWN)
    write_atomically(path, text.replace("\r\n", "\n").encode())
    return read(path)


def changed(text: str, values: Mapping[tuple[str, ...], Any]) -> str:
    """Return the text with some keys given another value; what is equal already is not touched.

    Args:
        values: path of the key (``("phrases", "fr", "signoff")``) → string, list of strings, or list of
            mappings. A key that is missing is added at the end of its parent.
    """
    for path, value in values.items():
        data = yamlfile.loads(text, SHOWN).data or {}
        if _at(data, path) != value and not (value in ("", [], ()) and _at(data, path) is None):
            text = _with(text, path, value)
    return text


def _at(data: Any, path: Sequence[str]) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _with(text: str, path: Sequence[str], value: Any) -> str:
    import yaml

    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return f"{text}{_lines(list(path), value, 0)}"
    for depth, name in enumerate(path):
        found = next((pair for pair in node.value if pair[0].value == name), None)
        if found is None:
            return _added(text, node, path[depth:], value)
        key, node = found
        if not isinstance(node, yaml.MappingNode) or depth == len(path) - 1:
            return _replaced(text, key, node, value)
    return text


def _replaced(text: str, key: Any, node: Any, value: Any) -> str:
    shown = _value(value, key.start_mark.column)
    start = key.end_mark.index
    return f"{text[:start]}:{shown}{text[_end(node) :]}"


def _added(text: str, node: Any, path: Sequence[str], value: Any) -> str:
    end = _end(node)
    line = text.find("\n", end)
    at = len(text) if line < 0 else line + 1
    gap = "" if text[:at].endswith("\n") or not at else "\n"
    return f"{text[:at]}{gap}{_lines(path, value, node.start_mark.column)}{text[at:]}"


def _lines(path: Sequence[str], value: Any, indent: int) -> str:
    *parents, last = path
    lines = [f"{' ' * (indent + 2 * depth)}{name}:\n" for depth, name in enumerate(parents)]
    column = indent + 2 * len(parents)
    return "".join(lines) + f"{' ' * column}{last}:{_value(value, column)}\n"


def _end(node: Any) -> int:
    """Where a node ends; of a block collection libyaml only knows where the next thing begins."""
    block = not isinstance(node.value, str) and not node.flow_style and node.value
    if not block:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(last, tuple) else last)


def _value(value: Any, column: int) -> str:
    """Return a value as it stands after its key, with the space or the line break in front."""
    if isinstance(value, str):
        return f" {_scalar(value)}"
    if not value:
        return " []"
    pad = " " * (column + 2)
    if isinstance(value[0], str):
        flow = f" [{', '.join(map(_scalar, value))}]"
        if len(flow) + column <= 80:
            return flow
        return "".join(f"\n{pad}- {_scalar(item)}" for item in value)
    return "".join(f"\n{pad}- {_mapping(item, pad)}" for item in value)


def _mapping(item: Mapping[str, Any], pad: str) -> str:
    return f"\n{pad}  ".join(f"{key}: {_inline(value)}" for key, value in item.items())


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_scalar(text)}' for key, text in value.items())}}}"
    return _scalar(value) if isinstance(value, str) else f"[{', '.join(map(_scalar, value))}]"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in (
        "yes",
        "no",
        "on",
        "off",
        "true",
        "false",
        "null",
        "y",
        "n",
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
