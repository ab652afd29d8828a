"""A rule file in Vale's format, read and checked: what it says, and where it says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from copilot import yamlfile
from copilot.errors import FileFormatError, UnreadableFileError
from copilot.records import Level

LEVELS: tuple[Level, ...] = ("suggestion", "warning", "error")
SCOPES = (
    "text",
    "heading",
    "table",
    "figure",
    "list",
    "paragraph",
    "sentence",
    "alt",
    "attr",
    "title",
    "blockquote",
    "summary",
    "raw",
)
ACTIONS = ("suggest", "replace", "remove", "convert", "edit")
_COMMON = ("extends", "message", "description", "level", "limit", "link", "scope", "action", "name", "code")
KINDS: Mapping[str, tuple[str, ...]] = {
    "existence": ("tokens", "raw", "exceptions", "append", "ignorecase", "nonword", "vocab"),
    "substitution": ("swap", "exceptions", "ignorecase", "nonword", "vocab", "capitalize", "pos"),
    "occurrence": ("token", "max", "min", "ignorecase"),
    "repetition": ("tokens", "max", "ignorecase", "alpha", "vocab", "exceptions"),
    "conditional": ("first", "second", "exceptions", "ignorecase", "vocab"),
    "consistency": ("either", "nonword", "ignorecase"),
    "capitalization": ("match", "style", "exceptions", "indicators", "threshold", "vocab", "prefix"),
    "metric": ("formula", "condition"),
    "readability": ("metrics", "grade"),
    "spelling": (
        "filters",
        "ignore",
        "exceptions",
        "dictionaries",
        "aff",
        "dic",
        "dicpath",
        "threshold",
        "custom",
        "append",
    ),
    "sequence": ("tokens", "ignorecase"),
    "script": ("script",),
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "substitution": ("swap",),
    "occurrence": ("token",),
    "repetition": ("tokens",),
    "conditional": ("first", "second"),
    "consistency": ("either",),
    "capitalization": ("match",),
    "metric": ("formula", "condition"),
    "readability": ("metrics", "grade"),
    "sequence": ("tokens",),
}
_TRUE = frozenset({"true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class RuleFile:
    """The text of a rule file and the line of each of its keys."""

    yaml: yamlfile.YamlFile
    text: str

    def where(self, location: Sequence[str | int] = ()) -> str:
        """Return ``file:line:column`` of a key or list item."""
        place = self.yaml.where(location)
        lines = self.text.splitlines()
        number = int(place.rpartition(":")[2])
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        key = next((str(part) for part in reversed(location) if isinstance(part, str)), "")
        column = line.find(key) if key and key in line else len(line) - len(line.lstrip(" -"))
        return f"{place}:{max(column, 0) + 1}"


@dataclass(frozen=True, slots=True)
class Definition:
    """One rule file. ``name`` is ``pack.Name``; ``fields`` holds the keys of its kind, values as text."""

    name: str
    kind: str
    message: str
    level: Level
    scopes: tuple[str, ...]
    file: RuleFile
    link: str = ""
    description: str = ""
    limit: int = 0
    action: str = ""
    params: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list field (a single value counts as a list of one, blanks are dropped)."""
        value = self.fields.get(key)
        if value is None or value == "":
            return ()
        items = value if isinstance(value, list) else [value]
        return tuple(str(item) for item in items if item is not None and str(item).strip())

    def pairs(self, key: str) -> Mapping[str, str]:
        """Return a mapping field."""
        value = self.fields.get(key)
        if value in (None, ""):
            return {}
        if not isinstance(value, dict):
            raise self.error(key, "rules.not_a_mapping", name=key)
        return {str(k): str(v) for k, v in value.items()}

    def flag(self, key: str, default: bool = False) -> bool:
        """Return a yes/no field."""
        value = self.fields.get(key)
        return default if value in (None, "") else str(value).lower() in _TRUE

    def number(self, key: str, default: float = 0) -> float:
        """Return a numeric field."""
        value = self.fields.get(key)
        if value in (None, ""):
            return default
        try:
            return float(str(value))
        except ValueError as error:
            raise self.error(key, "rules.not_a_number", name=key, value=value) from error

    def where(self, *location: str | int) -> str:
        """Return ``file:line:column`` of a key of this file."""
        return self.file.where(location)

    def error(self, key: str, message: str, **params: Any) -> FileFormatError:
        """Return the error for a wrong value of ``key``."""
        return FileFormatError(message, where=self.where(key), **params)


def read_rule(path: Path, name: str, *, shown: str | None = None) -> Definition:
    """Read one rule file.

    Raises:
        UnreadableFileError: the file is not UTF-8 text.
        FileFormatError: broken YAML, an unknown ``extends``, key, level, scope or action, a missing
            key; at ``file:line:column``, with what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            "yamlfile.unreadable", where=shown or str(path), reason=str(error)
        ) from error
    return rule_from_text(text, name, shown=shown or str(path))


def rule_from_text(text: str, name: str, *, shown: str = "rule.yml") -> Definition:
    """Read a rule from a string, as the rule editor holds it. Raises as ``read_rule``."""
    file = RuleFile(yamlfile.loads(text, shown), text)
    return define(file, _strings(text), name)


def define(file: RuleFile, data: Any, name: str) -> Definition:
    """Check the data of a rule file, every scalar still text, and return its definition."""
    if not isinstance(data, dict):
        raise FileFormatError("rules.not_a_rule", where=file.where(()))
    kind = str(data.get("extends") or "")
    if kind not in KINDS:
        raise _unknown(file, ("extends",), "rules.unknown_kind", kind, tuple(KINDS))
    _refuse_unknown(file, data, kind)
    for key in ("message", *_REQUIRED.get(kind, ())):
        if data.get(key) in (None, ""):
            raise FileFormatError("rules.missing_key", where=file.where(()), name=key, kind=kind)
    level = str(data.get("level") or "warning")
    if level not in LEVELS:
        raise _unknown(file, ("level",), "rules.unknown_level", level, LEVELS)
    action, params = _action(file, data.get("action"))
    common = {k: v for k, v in data.items() if k not in _COMMON}
    return Definition(
        name=name,
        kind=kind,
        message=str(data["message"]),
        level=next(known for known in LEVELS if known == level),
        scopes=_scopes(file, data.get("scope")),
        file=file,
        link=str(data.get("link") or ""),
        description=str(data.get("description") or ""),
        limit=int(str(data.get("limit") or "0")) if str(data.get("limit") or "0").isdigit() else 0,
        action=action,
        params=params,
        fields=common,
    )


def _strings(text: str) -> Any:
    # YAML 1.1 reads no, off and 1.10 as values; a word list means the words.
    import yaml

    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _refuse_unknown(file: RuleFile, data: Mapping[str, Any], kind: str) -> None:
    known = (*_COMMON, *KINDS[kind])
    for key in data:
        if key.lower() in known:
            continue
        near = yamlfile.nearest(key, known)
        raise FileFormatError(
            "yamlfile.unknown_key_near" if near else "yamlfile.unknown_key",
            where=file.where((key,)),
            name=key,
            near=near,
            allowed=", ".join(sorted(known)),
        )


def _scopes(file: RuleFile, value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value or "text"]
    for item in items:
        for part in str(item).split("&"):
            head = part.strip().removeprefix("~").split(".")[0]
            if head not in SCOPES:
                raise _unknown(file, ("scope",), "rules.unknown_scope", head, SCOPES)
    return tuple(str(item) for item in items)


def _action(file: RuleFile, value: Any) -> tuple[str, tuple[str, ...]]:
    if not value:
        return "", ()
    if not isinstance(value, dict):
        raise FileFormatError("rules.not_a_mapping", where=file.where(("action",)), name="action")
    name = str(value.get("name") or "")
    if name not in ACTIONS:
        raise _unknown(file, ("action", "name"), "rules.unknown_action", name, ACTIONS)
    params = value.get("params") or []
    return name, tuple(str(p) for p in (params if isinstance(params, list) else [params]))


def _unknown(
    file: RuleFile, location: Sequence[str | int], key: str, value: str, allowed: Sequence[str]
) -> FileFormatError:
    near = yamlfile.nearest(value, allowed)
    return FileFormatError(
        f"{key}_near" if near else key,
        where=file.where(location),
        value=value,
        near=near,
        allowed=", ".join(allowed),
    )
