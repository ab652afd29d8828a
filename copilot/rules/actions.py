"""Vale's actions: what a rule offers in the place of what it found."""

from __future__ import annotations

from collections.abc import Sequence

from copilot.rules.pattern import compiled

_REFERENCE = r"\$(?:(\$)|(\d+)|\{(\w+)\})"


def replacements(action: str, params: Sequence[str], match: str) -> tuple[str, ...]:
    """Return the texts that an action offers for a match, best first; empty when it offers none."""
    if action == "replace":
        return tuple(params)
    if action == "remove":
        return ("",)
    if action == "convert":
        return (simple(match),) if params and params[0] == "simple" else ()
    if action == "edit" and params:
        edited = _edit(params[0], params[1:], match)
        return () if edited is None else (edited.strip(),)
    return ()


def _edit(name: str, params: Sequence[str], match: str) -> str | None:
    if name == "regex" and len(params) == 2:
        return expand(params[0], match, params[1])
    if len(params) == 1:
        return _trim(name, params[0], match)
    if name == "split" and len(params) == 2 and params[1].isdigit():
        parts = match.split(params[0])
        return parts[int(params[1])] if int(params[1]) < len(parts) else None
    return None


def _trim(name: str, characters: str, match: str) -> str | None:
    if name == "trim":
        return match.strip(characters)
    if name == "trim_left":
        return match.lstrip(characters)
    if name == "trim_right":
        return match.rstrip(characters)
    return match.split(characters)[0] if name == "truncate" and characters else None


def expand(pattern: str, text: str, template: str) -> str:
    """Replace all matches in ``text`` by a template with ``$1``, ``${1}``, ``${name}`` and ``$$``."""
    return str(compiled(pattern).sub(lambda match: filled(match, template), text))


def filled(match: object, template: str) -> str:
    """Return a template with the groups of a match put in."""
    return str(compiled(_REFERENCE).sub(lambda reference: _group(match, reference), template))


def _group(match: object, reference: object) -> str:
    dollar, number, name = reference.groups()  # type: ignore[attr-defined]
    if dollar:
        return "$"
    key = number or name
    try:
        return match.group(int(key) if key.isdigit() else key) or ""  # type: ignore[attr-defined]
    except IndexError:
        return ""


def simple(text: str) -> str:
    """Drop hyphens between words: ``auto-save`` becomes ``autosave``."""
    return str(compiled(r"(?<=\w)-(?=\w)").sub("", text))


def listed(options: Sequence[str]) -> str:
    """Write options as Vale does in a message: ``'a', 'b', or 'c'``."""
    quoted = [f"'{option}'" for option in options]
    if len(quoted) <= 2:
        return " or ".join(quoted)
    return ", ".join([*quoted[:-1], f"or {quoted[-1]}"])


def fill(message: str, values: Sequence[str]) -> str:
    """Put values into a message with Go's verbs (``%s``, ``%[2]s``, ``%%``); spare values are ignored."""
    position = 0

    def verb(match: object) -> str:
        nonlocal position
        whole, index = match.group(0), match.group(1)  # type: ignore[attr-defined]
        if whole == "%%":
            return "%"
        if index:
            position = int(index) - 1
        value = values[position] if position < len(values) else ""
        position += 1
        return value

    return str(compiled(r"%%|%(?:\[(\d+)\])?[sdvq]").sub(verb, message))
