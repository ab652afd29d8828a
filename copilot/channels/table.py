"""The channel table: what each platform accepts, with the source and the date of every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from copilot.errors import FileFormatError, InputError
from copilot.records import Level, Localized
from copilot.yamlfile import YamlFile, load, nearest, refuse_unknown

UNITS = ("x_weighted", "graphemes", "mastodon", "threads", "utf16", "chars", "bytes", "sms_segments")
KINDS = ("post", "reply", "message", "field")
FORMATTINGS = ("none", "markdown", "slack", "whatsapp", "telegram")
_NO_WORDS = Localized("", "")
CONFIDENCES = ("primary", "announced", "secondary", "conflict", "unknown")


@dataclass(frozen=True, slots=True)
class Channel:
    """One place where a text may stand.

    ``kind`` tells what is written there: a post of the brand, a public reply, a private message, or a field
    of something else (a title, an alternative text). ``limit`` and ``soft`` (beyond which a text is advised
    against) are in ``unit``; ``fold`` is where the platform hides the rest (« voir plus »); ``parts`` are
    the limits of other fields of the message; ``linked_hashtags`` is how many hashtags become links, others
    staying plain words.
    """

    name: str
    title: Localized
    kind: Literal["post", "reply", "message", "field"] = "post"
    limit: int | None = None
    unit: str = "chars"
    soft: int | None = None
    url: int | None = None
    fold: int | None = None
    max_bytes: int | None = None
    max_hashtags: int | None = None
    max_hashtag_length: int | None = None
    linked_hashtags: int | None = None
    max_links: int | None = None
    max_mentions: int | None = None
    forbidden: tuple[str, ...] = ()
    formatting: str = "none"
    no_break_space: str = "\u202f"
    thread: bool = False
    parts: Mapping[str, int] = field(default_factory=dict)
    confidence: Literal["primary", "announced", "secondary", "conflict", "unknown"] = "unknown"
    source: str = ""
    date: date | None = None
    note: Localized = _NO_WORDS

    @property
    def level(self) -> Level:
        """How grave it is to break these figures: an error only if the platform itself gives them."""
        return "error" if self.confidence in ("primary", "announced") else "warning"


_NUMBERS = frozenset(f.name for f in fields(Channel) if f.type == "int | None")
_COLUMNS = frozenset(f.name for f in fields(Channel)) - {"name"}
_CHOICES = {"kind": KINDS, "unit": UNITS, "formatting": FORMATTINGS, "confidence": CONFIDENCES}


def channels(folders: Sequence[Path] = ()) -> dict[str, Channel]:
    """Return the table by name.

    Args:
        folders: workspaces' ``channels/`` folders; a row replaces the columns it gives or adds a channel.

    Raises:
        FileFormatError: a row has a mistake, at ``file:line``.
    """
    found = dict(_shipped())
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            found = _merged(found, path, path.stat().st_mtime_ns)
    return found


def channel_names(folders: Sequence[Path] = ()) -> list[str]:
    """Return the names of the channels of the table."""
    return list(channels(folders))


def channel(name: str, folders: Sequence[Path] = ()) -> Channel:
    """Return the row of a channel.

    Raises:
        InputError: there is no such channel; those whose name begins so are named, else the nearest one.
    """
    known = channels(folders)
    if name in known:
        return known[name]
    near = ", ".join(_begun(name, known)) or nearest(name, known)
    raise InputError(
        "channels.unknown_near" if near else "channels.unknown", name=name, near=near, known=", ".join(known)
    )


def _begun(name: str, known: Iterable[str]) -> list[str]:
    """Return the channels of the network that a name means: ``instagram``, ``Google review``, ``x``."""
    words = "_".join(name.lower().replace("-", " ").replace("_", " ").split())
    return [other for other in known if words and f"{other}_".startswith(f"{words}_")]


@cache
def _shipped() -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    folder = resources.files("copilot.channels") / "tables"
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        found.update(_rows(load(Path(str(file)), shown=file.name), found))
    return found


def _merged(table: Mapping[str, Channel], path: Path, changed: int) -> dict[str, Channel]:
    # Only the columns that differ are read from the file, so the file is parsed once per change.
    file = _loaded(path, changed)
    return {**table, **_rows(file, table)}


@lru_cache(maxsize=64)
def _loaded(path: Path, _changed: int) -> YamlFile:
    return load(path, shown=f"channels/{path.name}")


def _rows(file: YamlFile, table: Mapping[str, Channel]) -> dict[str, Channel]:
    if not isinstance(file.data, dict):
        raise FileFormatError("channels.not_a_table", where=file.path)
    return {str(name): _row(file, str(name), row, table.get(str(name))) for name, row in file.data.items()}


def _row(file: YamlFile, name: str, row: Any, before: Channel | None) -> Channel:
    if not isinstance(row, dict):
        raise FileFormatError("channels.not_a_row", where=file.where([name]), name=name)
    refuse_unknown(file, [name], row, _COLUMNS)
    start = before or Channel(name, Localized(name, name))
    return replace(start, **{column: _value(file, name, column, value) for column, value in row.items()})


def _value(file: YamlFile, name: str, column: str, value: Any) -> Any:
    place = file.where([name, column])
    if column in _NUMBERS:
        return _number(place, column, value)
    if column in _CHOICES:
        if value not in _CHOICES[column]:
            raise FileFormatError(
                "channels.not_a_choice",
                where=place,
                column=column,
                value=value,
                known=", ".join(_CHOICES[column]),
            )
        return value
    if column in ("title", "note"):
        return _bilingual(place, column, value)
    return _other(place, column, value)


def _number(place: str, column: str, value: Any) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise FileFormatError("channels.not_a_number", where=place, column=column, value=value)


def _bilingual(place: str, column: str, value: Any) -> Localized:
    if isinstance(value, str):
        return Localized(value, value)
    if isinstance(value, dict) and isinstance(value.get("fr"), str) and isinstance(value.get("en"), str):
        return Localized(value["fr"], value["en"])
    raise FileFormatError("channels.not_bilingual", where=place, column=column)


def _other(place: str, column: str, value: Any) -> Any:
    if column == "forbidden" and isinstance(value, list):
        return tuple(map(str, value))
    if column == "parts" and isinstance(value, dict):
        return {str(part): _number(place, str(part), limit) for part, limit in value.items()}
    expected = {"thread": bool, "date": date, "no_break_space": str, "source": str}.get(column, tuple)
    if not isinstance(value, expected):
        raise FileFormatError("channels.not_a_value", where=place, column=column, value=value)
    return value
