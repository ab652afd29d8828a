"""Reading metadata that people write: front matter, entry comments, columns, in French or English."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from copilot.errors import FileFormatError
from copilot.ingest.parts import Metadata
from copilot.messages import localized
from copilot.records import Localized, Notice
from copilot.yamlfile import nearest

_PAIR = re.compile(r"\s*([\w \-'’]{1,40}?)\s*[:=]\s*(.*?)\s*\Z", re.DOTALL)
_SHOWN_KEYS = ("id", "kind", "lang", "status", "tags", "title", "valid_from", "valid_until", "visibility")
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u1dc0-\u1dff\u20d0-\u20ff]+")
_WORD = re.compile(r"[^\W_]+")
_FRENCH_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")


@dataclass(frozen=True, slots=True)
class Fields:
    """The alias map of ``fields.yml``, folded: role → names in order, key → role, value → canonical."""

    columns: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]


@cache
def fields() -> Fields:
    """Return the alias map."""
    import yaml

    raw = yaml.safe_load((resources.files(__package__) / "fields.yml").read_text(encoding="utf-8"))
    columns = {role: tuple(fold(n) for n in names) for role, names in raw["columns"].items()}
    keys = {fold(n): role for role in raw["keys"] for n in (role, *columns.get(role, ()))}
    values = {
        role: {fold(n): value for value, names in table.items() for n in names}
        for role, table in raw["values"].items()
    }
    return Fields(columns, keys, values)


def fold(name: str) -> str:
    """Fold a column or key name: no accents, no case, words apart by one space."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name.lower()))
    return " ".join(_WORD.findall(plain))


def match_columns(header: Iterable[str]) -> dict[str, int]:
    """Return which column serves which role (``question``, ``answer``, ``status``…).

    A column serves one role; questions choose first, then answers, then the rest.
    """
    names = [fold(str(cell)) for cell in header]
    taken: dict[str, int] = {}
    for role, aliases in fields().columns.items():
        ranked = [
            (aliases.index(name), position)
            for position, name in enumerate(names)
            if name in aliases and position not in taken.values()
        ]
        if ranked:
            taken[role] = min(ranked)[1]
    return taken


def from_keys(data: Mapping[str, Any], where: str, line_of: Mapping[str, str] | None = None) -> Metadata:
    """Turn keys and values into Metadata.

    Args:
        data: keys as written; a key that looks like a mistyped known one is an error (a lost
            ``visibility: internal`` would publish), any other unknown key is somebody else's.
        where: ``path`` or ``path:line`` for errors.
        line_of: key → a nearer ``path:line``.

    Raises:
        FileFormatError: a mistyped key or an impossible value.
    """
    known = fields().keys
    values: dict[str, Any] = {}
    for key, value in data.items():
        place = (line_of or {}).get(key, where)
        role = known.get(fold(key))
        if role:
            values[role] = _value(role, value, place)
        elif near := _mistyped(key):
            allowed = ", ".join(_SHOWN_KEYS)
            raise FileFormatError(
                "yamlfile.unknown_key_near", where=place, name=key, near=near, allowed=allowed
            )
    return Metadata(**{role: value for role, value in values.items() if value is not None})


def from_comment(comment: str, where: str) -> Metadata | None:
    """Read ``id: x; status: approved`` (the inside of an entry's comment).

    Returns None when the comment is not metadata: its first pair has no known key.

    Raises:
        FileFormatError: it is metadata and has a mistake.
    """
    matches = [_PAIR.match(part) for part in re.split(r"[;\n]", comment) if part.strip()]
    if not matches or matches[0] is None:
        return None
    if fold(matches[0][1]) not in fields().keys and not _mistyped(matches[0][1]):
        return None
    pairs: dict[str, Any] = {}
    for match in matches:
        if match is None:
            raise FileFormatError("ingest.comment_form", where=where)
        pairs[match[1]] = match[2]
    return from_keys(pairs, where)


def from_cells(data: Mapping[str, Any], where: str) -> tuple[Metadata, Notice | None]:
    """Like ``from_keys`` for one entry among many: a mistake holds the entry back, not the file.

    What can't be understood might have said "internal" or "retired", so the entry becomes pending
    and internal, and the notice says why.
    """
    try:
        return from_keys(data, where), None
    except FileFormatError as error:
        problem = Localized(error.in_language("fr"), error.in_language("en"))
        held = Metadata(id=_plain(data.get("id")), status="pending", visibility="internal")
        notice = Notice("ingest.held_back", localized("ingest.held_back", problem=problem), "warning")
        return held, notice


def parse_date(value: Any, where: str) -> date | None:
    """Read a date: ISO, ``31/12/2026`` (day first), or one that a spreadsheet holds.

    Raises:
        FileFormatError: it is none of these.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    if not text:
        return None
    try:
        if match := _FRENCH_DATE.match(text):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise FileFormatError("ingest.wrong_date", where=where, value=text) from error


def _mistyped(key: str) -> str:
    """Return the known key that ``key`` is a likely misspelling of, or an empty string."""
    return next(iter(difflib.get_close_matches(fold(key), fields().keys, n=1, cutoff=0.78)), "")


def _value(role: str, value: Any, where: str) -> Any:
    if role in ("valid_from", "valid_until"):
        return parse_date(value, where)
    if role == "tags":
        parts = value if isinstance(value, list | tuple) else re.split(r"[,;|]", str(value or ""))
        return tuple(dict.fromkeys(str(p).strip() for p in parts if str(p).strip()))
    text = _plain(value)
    if role in ("status", "visibility"):
        return _choice(role, text, where)
    return text.split("-")[0].split("_")[0].lower()[:3] if role == "language" else text


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())


def _choice(role: str, text: str, where: str) -> str | None:
    if not text:
        return None
    table = fields().values[role]
    if fold(text) in table:
        return table[fold(text)]
    near = nearest(fold(text), table)
    raise FileFormatError(
        "ingest.wrong_choice_near" if near else "ingest.wrong_choice",
        where=where,
        key=role,
        value=text,
        near=table.get(near, ""),
        allowed=", ".join(dict.fromkeys(table.values())),
    )
