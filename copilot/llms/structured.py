"""Answers in JSON: asked for in words where an endpoint has no way of its own, and always checked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from copilot.errors import LLMContractError
from copilot.records import ChatMessage

_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


def asked_in_words(messages: Sequence[ChatMessage], schema: dict[str, Any]) -> tuple[ChatMessage, ...]:
    """Add the schema to the first message, for models that know no structured output."""
    request = (
        "\n\nAnswer with one JSON object and nothing else, no Markdown. It must satisfy this JSON Schema:\n"
        + json.dumps(schema, ensure_ascii=False)
    )
    first, *rest = messages
    return (replace(first, content=first.content + request), *rest)


def checked(text: str, schema: dict[str, Any]) -> str:
    """Return the JSON of an answer, rid of what stands around it.

    Raises:
        LLMContractError: it is no JSON object or does not satisfy ``schema``.
    """
    from jsonschema import Draft202012Validator

    data = _parsed(text)
    error = next(iter(Draft202012Validator(schema).iter_errors(data)), None)
    if error is not None:
        place = "/".join(map(str, error.absolute_path)) or "."
        raise LLMContractError("llms.wrong_form", place=place, problem=error.message[:200])
    return json.dumps(data, ensure_ascii=False)


def _parsed(text: str) -> Any:
    fenced = _FENCED.search(text)
    candidates = [text, fenced.group(1) if fenced else "", text[text.find("{") : text.rfind("}") + 1]]
    for candidate in candidates:
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    raise LLMContractError("llms.no_json")
