"""The rules of triage: those that ship, and a workspace's own ``rules.yml`` and ``routes.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from copilot import yamlfile
from copilot.errors import FileFormatError
from copilot.moderation.grammar import Grammar, shipped
from copilot.records import Route, Severity
from copilot.triage.corrections import INTENTS

LABELS = (*INTENTS, "danger", "legal", "press", "urgent", "mine", "status")
CASES = (
    "self_harm", "threat", "hate", "injection", "sexual", "scam", "danger", "legal", "press", "crisis",
    "insult_only", "spam", "insult_complaint", "personal_data", "private_matter", "off_topic", "nothing",
    "profanity", "any",
)  # fmt: skip
_RULE_KEYS = ("id", "label", "patterns", "unless", "flags", "allows")
_CASE_KEYS = ("when", "route", "level", "reply", "urgency")
_CASE_VALUES: Mapping[str, Sequence[str]] = {
    "when": CASES,
    "route": get_args(Route),
    "level": get_args(Severity),
    "urgency": ("low", "normal", "high", "immediate"),
}


def grammars(folder: Path | None) -> tuple[Grammar, ...]:
    """Return the shipped rules of intents and, if there are any, those of the workspace.

    Raises:
        FileFormatError: the workspace's file has a mistake, at ``file:line``.
    """
    own = _stamp(folder, "rules.yml")
    base = shipped("copilot.triage", "intents", "danger")
    return (base, _own_rules(*own)) if own else (base,)


def routes(folder: Path | None) -> Mapping[str, Any]:
    """Return ``cases`` and ``emergency``; a workspace's ``routes.yml`` replaces the parts that it holds."""
    own = _stamp(folder, "routes.yml")
    return _own_routes(*own) if own else _shipped_routes()


def _stamp(folder: Path | None, name: str) -> tuple[Path, int, int] | None:
    if folder is None:
        return None
    try:
        status = (folder / name).stat()
    except OSError:
        return None
    return folder / name, status.st_mtime_ns, status.st_size


@cache
def _shipped_routes() -> Mapping[str, Any]:
    file = resources.files("copilot.triage") / "data" / "routes.yml"
    data: Mapping[str, Any] = yamlfile.loads(file.read_text(encoding="utf-8"), "routes.yml").data
    return data


@lru_cache(maxsize=8)
def _own_rules(path: Path, _modified: int, _size: int) -> Grammar:
    file = yamlfile.load(path, shown=path.name)
    _mapping(file, ("classes", "guards", "rules"))
    for number, rule in enumerate(file.data.get("rules") or ()):
        place = ("rules", number)
        if not isinstance(rule, dict):
            raise FileFormatError("triage.wrong_rule", where=file.where(place))
        yamlfile.refuse_unknown(file, place, rule, _RULE_KEYS)
        if not all(rule.get(key) for key in ("id", "label", "patterns")):
            raise FileFormatError("triage.wrong_rule", where=file.where(place))
        _one_of(file, (*place, "label"), rule["label"], LABELS)
    try:
        return Grammar(file)
    except (KeyError, ValueError, TypeError, AttributeError, re.error) as error:
        raise FileFormatError(
            "triage.wrong_pattern", where=file.where(("rules",)), problem=str(error)
        ) from error


@lru_cache(maxsize=8)
def _own_routes(path: Path, _modified: int, _size: int) -> Mapping[str, Any]:
    file = yamlfile.load(path, shown=path.name)
    _mapping(file, ("cases", "emergency"))
    for number, case in enumerate(file.data.get("cases") or ()):
        place = ("cases", number)
        yamlfile.refuse_unknown(file, place, case, _CASE_KEYS)
        for key, allowed in _CASE_VALUES.items():
            _one_of(file, (*place, key), case.get(key), allowed)
    merged = {**_shipped_routes(), **{key: value for key, value in file.data.items() if value}}
    # Whatever a workspace writes, a person in danger goes first and every comment goes somewhere.
    shipped_cases = _shipped_routes()["cases"]
    merged["cases"] = [*shipped_cases[:2], *merged["cases"], shipped_cases[-1]]
    return merged


def _mapping(file: yamlfile.YamlFile, keys: Sequence[str]) -> None:
    if not isinstance(file.data, dict):
        raise FileFormatError("triage.wrong_rule", where=file.where())
    yamlfile.refuse_unknown(file, (), file.data, keys)


def _one_of(
    file: yamlfile.YamlFile, place: Sequence[str | int], value: object, allowed: Sequence[str]
) -> None:
    if value not in allowed:
        raise FileFormatError(
            "triage.wrong_field",
            where=file.where(place),
            name=str(place[-1]),
            value=value,
            allowed=", ".join(allowed),
        )
