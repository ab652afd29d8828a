"""No personal data leaves: every text is masked on the way out and restored on the way back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from copilot.llms.border import LLM
from copilot.records import ChatMessage, Completion

_LONGEST_STAND_IN = 40

Restore = Callable[[str], str]
Mask = Callable[[Sequence[str]], tuple[list[str], Restore]]
"""Masks several texts alike (one person, one stand-in) and returns them with the way back."""


def masked(llm: LLM, mask: Mask) -> _MaskedLLM:
    """Return ``llm`` behind a mask: it never sees personal data, its answers hold the real ones.

    Its ``prepare()`` is that of ``llm``, if it has one.
    """
    return _MaskedLLM(llm, mask)


class _MaskedLLM:
    def __init__(self, llm: LLM, mask: Mask) -> None:
        self._llm = llm
        self._mask = mask

    @property
    def name(self) -> str:
        return self._llm.name

    def prepare(self) -> None:
        prepare = getattr(self._llm, "prepare", None)
        if prepare is not None:
            prepare()

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        hidden, restore = self._mask([message.content for message in messages])
        outgoing = [replace(m, content=text) for m, text in zip(messages, hidden, strict=True)]

        def show(text: str) -> None:
            assert on_text is not None
            on_text(restore(_whole_words(text)))

        completion = self._llm.complete(
            outgoing,
            schema=schema,
            on_text=None if on_text is None else show,
            deadline=deadline,
            options=options,
        )
        text = restore(completion.text) if schema is None else _restored_json(completion.text, restore)
        if on_text is not None and schema is None:
            on_text(text)
        return replace(completion, text=text)


def _whole_words(text: str) -> str:
    """Drop what is still being written: half a stand-in can't be restored and must not be shown.

    A stand-in is one word, or stands in brackets (a model may put a blank into ``[EMAIL 1]``).
    """
    end = len(text)
    while end and not text[end - 1].isspace():
        end -= 1
    opened = text.rfind("[", max(0, end - _LONGEST_STAND_IN), end)
    return text[: opened if opened >= 0 and "]" not in text[opened:end] else end]


def _restored_json(text: str, restore: Restore) -> str:
    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return restore(value)
        if isinstance(value, list):
            return [walk(item) for item in value]
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        return value

    return json.dumps(walk(json.loads(text)), ensure_ascii=False)
