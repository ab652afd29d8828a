"""From a prompt and its values to the messages that are sent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from copilot.errors import InputError
from copilot.prompts.fence import fenced
from copilot.prompts.files import FENCE, MARK, Input, Prompt, Role
from copilot.records import ChatMessage
from copilot.yamlfile import nearest

_LABELLED_MARK = re.compile(rf"(?P<label>(?<=\S)[ \t]*|)(?:{MARK.pattern})")
# No digits: a masker of personal data must not take a fence for a number. No vowels: it is no word.
_FENCE_LETTERS = "bcdfghjkmnpqrstvwxz"
_BLANK_LINES = re.compile(r"\n{3,}")


class Piece(NamedTuple):
    """A stretch of a message: ``name`` is the input it came from, empty for the prompt's own words."""

    name: str
    text: str


def render(
    prompt: Prompt, values: Mapping[str, Any], *, language: str = "", fence: str = ""
) -> list[ChatMessage]:
    """Put values into a prompt; arguments and errors as in ``pieces``."""
    found = pieces(prompt, values, language=language, fence=fence)
    return [ChatMessage(role, "".join(piece.text for piece in parts)) for role, parts in found]


def pieces(
    prompt: Prompt, values: Mapping[str, Any], *, language: str = "", fence: str = ""
) -> list[tuple[Role, list[Piece]]]:
    """Put values into a prompt and tell for each stretch of its messages where it comes from.

    A line whose placeholders are all optional and empty is left out; a list or fenced data that follows
    a label begins on a line of its own.

    Args:
        prompt: a loaded prompt.
        values: one value an input: text, a number, or a sequence of texts for a ``list``.
        language: which variant of the sections to take.
        fence: name of the fence around ``data`` inputs; default: a new random one, so that no customer
            can know it. Give one only to make a recorded run repeatable.

    Raises:
        InputError: a required value is missing or empty, a value belongs to no input.
    """
    fence = fence or "".join(secrets.choice(_FENCE_LETTERS) for _ in range(10))
    _check(prompt, values)
    texts = {name: _text(given, values.get(name), fence) for name, given in prompt.inputs.items()}
    blocks = {name for name, given in prompt.inputs.items() if given.type in ("list", "data")}
    texts[FENCE] = fence
    optional = {name for name, given in prompt.inputs.items() if not given.required and not texts[name]}
    messages: list[tuple[Role, list[Piece]]] = []
    for section in prompt.for_language(language):
        lines = [line for line in section.text.split("\n") if not _is_idle(line, optional)]
        template = _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
        messages.append((section.role, list(_substituted(template, texts, blocks))))
    return messages


def _substituted(template: str, texts: Mapping[str, str], blocks: set[str]) -> Iterator[Piece]:
    # One pass: what a value holds is never looked at again.
    own = ""
    position = 0
    for mark in _LABELLED_MARK.finditer(template):
        own += template[position : mark.start()]
        position = mark.end()
        if mark["escaped"]:
            own += mark["label"] + "{{"
            continue
        own += "\n" if mark["label"] and mark["name"] in blocks else mark["label"]
        if mark["name"] == FENCE:
            own += texts[FENCE]
            continue
        yield Piece("", own)
        yield Piece(mark["name"], texts[mark["name"]])
        own = ""
    yield Piece("", own + template[position:])


def _is_idle(line: str, empty: set[str]) -> bool:
    found = [mark["name"] for mark in MARK.finditer(line) if mark["name"]]
    return bool(found) and all(name in empty for name in found)


def _check(prompt: Prompt, values: Mapping[str, Any]) -> None:
    for name in values:
        if name not in prompt.inputs:
            near = nearest(name, prompt.inputs)
            key = "prompts.unknown_value_near" if near else "prompts.unknown_value"
            raise InputError(key, prompt=prompt.name, name=name, near=near)
    for name, given in prompt.inputs.items():
        if given.required and values.get(name) in (None, "", (), []):
            raise InputError("prompts.missing_value", prompt=prompt.name, name=name)


def _text(given: Input, value: Any, fence: str) -> str:
    value = given.default if value is None else value
    if value == "":
        return ""
    if given.type == "list":
        items = [value] if isinstance(value, str) else value
        return "\n".join(f"- {item}" for item in items)
    return fenced(str(value), fence) if given.type == "data" else str(value)
