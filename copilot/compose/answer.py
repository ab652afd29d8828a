"""What a model wrote, read as a public text and the passages that each sentence cites."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from copilot.compose.marks import HALF_MARKER, MARKER, NAME_MARK
from copilot.errors import LLMContractError
from copilot.prompts import Prompt
from copilot.records import ChatMessage, Span
from copilot.text import sentences

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences", "answered"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "sources"],
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                },
            },
        },
        "answered": {"type": "boolean"},
    },
}
"""The form of a structured reply, for ``LLM.complete(…, schema=REPLY_SCHEMA)``; ``read_reply`` reads it."""

_LEAK = 8
_BLANKS = " \t\u00a0\u202f"


def read_reply(
    text: str, markers: Mapping[int, str], *, name: str = "", prompt: Prompt | None = None
) -> tuple[str, dict[Span, tuple[str, ...]]]:
    """Read a model's answer: text with markers, or JSON in the form of ``REPLY_SCHEMA``.

    Args:
        text: the whole completion.
        markers: passage id of each number that may be cited.
        name: the customer's first name, put where the greeting names them.
        prompt: what was asked; an answer that gives its instructions away is refused.

    Returns:
        The public text, and for each of its sentences the ids of the passages it cites (empty for
        greetings and the like). No id at all means that the model declined or had nothing to state.

    Raises:
        LLMContractError: the answer is empty, cites an unknown number or nothing at all, is broken
            JSON, or repeats the prompt.
    """
    stripped = text.strip()
    marked = _from_json(stripped) if stripped.startswith(("{", "```")) else stripped
    marked = _named(marked, name)
    clean, cited = _separated(marked)
    if not clean:
        raise LLMContractError("compose.empty")
    unknown = sorted({number for _, numbers in cited for number in numbers} - {0, *markers})
    if unknown:
        numbers = ", ".join(f"[[{number}]]" for number in unknown)
        raise LLMContractError("compose.unknown_marker", numbers=numbers, count=len(markers))
    if markers and not cited:
        raise LLMContractError("compose.no_marker")
    if prompt is not None and leaked(clean, prompt):
        raise LLMContractError("compose.leaked")
    return clean, _by_sentence(clean, cited, markers)


def ask_again(
    messages: Sequence[ChatMessage], answer: str, error: LLMContractError, *, language: str
) -> list[ChatMessage]:
    """Return the messages that ask once more, telling the model what was wrong with its answer."""
    return [
        *messages,
        ChatMessage("assistant", answer.strip() or "…"),
        ChatMessage("user", error.in_language(language)),
    ]


def leaked(text: str, prompt: Prompt) -> bool:
    """Whether a text repeats eight words in a row of the prompt's own instructions (not of its values)."""
    words = _words(text)
    runs = {tuple(words[i : i + _LEAK]) for i in range(len(words) - _LEAK + 1)}
    for section in prompt.sections:
        own = _words(section.text)
        if any(tuple(own[i : i + _LEAK]) in runs for i in range(len(own) - _LEAK + 1)):
            return True
    return False


def without_markers(text: str, *, name: str = "") -> str:
    """Return a text still being written as it may be shown: no marker, not even half of one."""
    return HALF_MARKER.sub("", _separated(_named(text, name))[0])


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _from_json(text: str) -> str:
    body = re.sub(r"\A```(?:json)?\s*|\s*```\Z", "", text)
    if not body.startswith("{"):
        return body
    try:
        parts = json.loads(body)["sentences"]
        return "".join(_marked_sentence(part) for part in parts).strip()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LLMContractError("compose.broken_json") from error


def _marked_sentence(part: Mapping[str, Any]) -> str:
    text = str(part["text"])
    body = text.rstrip()
    marks = "".join(f"[[{int(number)}]]" for number in part["sources"])
    return f"{body}{' ' if marks else ''}{marks}{text[len(body) :] or ' '}"


def _named(text: str, name: str) -> str:
    if name:
        return text.replace(NAME_MARK, name)
    return re.sub(r"\s*\[\[name\]\]", "", text)


def _separated(marked: str) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """Return the text without markers, and where in it which numbers stood."""
    pieces: list[str] = []
    cited: list[tuple[int, tuple[int, ...]]] = []
    length = position = 0
    for marker in MARKER.finditer(marked):
        piece = marked[position : marker.start()]
        leads = _leads_line(marked, marker)
        pieces.append(piece.rstrip(_BLANKS) if leads or _closes(marked, marker.end()) else piece)
        length += len(pieces[-1])
        numbers = re.findall(r"\d+", marker["numbers"] or marker["wide"])
        cited.append((length + leads, tuple(map(int, numbers))))
        position = marker.end()
        while leads and marked[position] in _BLANKS:
            position += 1
    text = "".join((*pieces, marked[position:]))
    lead = len(text) - len(text.lstrip())
    return text.strip(), [(max(0, at - lead), numbers) for at, numbers in cited]


def _leads_line(text: str, marker: re.Match[str]) -> bool:
    """Whether a marker stands before its sentence instead of after it."""
    before = text[: marker.start()].rstrip(_BLANKS)
    after = text[marker.end() :].lstrip(_BLANKS)
    return before[-1:] in ("", "\n") and after[:1] not in ("", "\n", "[", "【")


def _closes(text: str, end: int) -> bool:
    """Whether the blank before a marker must go: another one, or a sign, or nothing follows it."""
    return end >= len(text) or text[end] in _BLANKS + "\n.,;:!?…)»”[【"


def _by_sentence(
    text: str, cited: Sequence[tuple[int, tuple[int, ...]]], markers: Mapping[int, str]
) -> dict[Span, tuple[str, ...]]:
    spans = sentences(text)
    found: dict[Span, list[str]] = {span: [] for span in spans}
    for at, numbers in cited:
        span = next(_before(spans, at), None)
        if span is not None:
            found[span] += [markers[n] for n in numbers if n and markers[n] not in found[span]]
    return {span: tuple(ids) for span, ids in found.items()}


def _before(spans: Sequence[Span], at: int) -> Iterator[Span]:
    """Yield the sentence that a marker at ``at`` closes: the last one that began before it."""
    return (span for span in reversed(spans) if span.start < at)
