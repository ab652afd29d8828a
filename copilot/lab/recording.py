"""A model's answers kept by what was asked: replayed exactly, without a network.

One line of JSON an answer. What was asked is a hash of the messages, in which the fence around strangers'
words, new in every call, counts as the same; so a recording knows a prompt or it does not.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from copilot.errors import FileFormatError, LLMError, LLMUnavailableError, UnreadableFileError
from copilot.llms import LLM
from copilot.records import ChatMessage, Completion, Usage

_FENCE = re.compile(r"<data ([a-z]{6,20})>\n.*?\n</data \1>", re.DOTALL)


class Recording:
    """A model that answers from a file, and asks ``llm``, if there is one, what the file doesn't know.

    Args:
        path: a file of answers; with ``llm`` it is made and grows, without one it must exist, and a folder of
            such files will do.
        llm: who answers what is new.

    Raises:
        UnreadableFileError: there is neither a file nor a model.
        FileFormatError: a line is no answer, at ``file:line``.
    """

    def __init__(self, path: Path, llm: LLM | None = None) -> None:
        if llm is None and not path.exists():
            raise UnreadableFileError("lab.no_recording", where=str(path))
        self._path = path
        self._llm = llm
        self._lock = threading.Lock()
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        self._known = {key: answer for file in files if file.is_file() for key, answer in _read(file)}
        models = {answer.model for answer in self._known.values()}
        self._name = llm.name if llm else next(iter(sorted(models)), path.stem)

    @property
    def name(self) -> str:
        """The name of the model that answered."""
        return self._name

    def __len__(self) -> int:
        return len(self._known)

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Answer as before, or ask; see ``llms.LLM.complete``.

        Raises:
            LLMUnavailableError: nobody knows this prompt.
        """
        key = asked(messages, schema=schema, options=options)
        known = self._known.get(key)
        if known is not None:
            if on_text is not None:
                on_text(known.text)
            return known
        if self._llm is None:
            raise LLMUnavailableError("lab.unknown_prompt", file=self._path.name)
        fresh = self._llm.complete(
            messages, schema=schema, on_text=on_text, deadline=deadline, options=options
        )
        self._keep(key, fresh)
        return fresh

    def _keep(self, key: str, answer: Completion) -> None:
        usage = answer.usage
        line = {
            "asked": key,
            "model": answer.model,
            "text": answer.text,
            "finish": answer.finish,
            "tokens": [usage.input_tokens, usage.output_tokens],
            "cost": usage.cost,
            "currency": usage.currency,
            "seconds": round(usage.seconds, 3),
            "estimated": usage.estimated,
        }
        with self._lock:
            self._known[key] = replace(answer)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def asked(
    messages: Sequence[ChatMessage],
    *,
    schema: dict[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> str:
    """Return the hash of what is asked; the name of a fence is no part of it."""
    names = {name for message in messages for name in _FENCE.findall(message.content)}
    texts = []
    for message in messages:
        text = message.content
        for name in names:
            text = text.replace(name, "fence")
        texts.append([message.role, text])
    whole = json.dumps([texts, schema, dict(options or {})], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def _read(path: Path) -> Iterator[tuple[str, Completion]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError("yamlfile.unreadable", where=str(path), reason=str(error)) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answer(line, f"{path.name}:{number}", last=number == len(lines))


def _answer(line: str, where: str, *, last: bool) -> tuple[str, Completion]:
    try:
        data = json.loads(line)
        tokens_in, tokens_out = data["tokens"]
        usage = Usage(
            tokens_in,
            tokens_out,
            data.get("cost"),
            data.get("currency", "EUR"),
            data.get("seconds", 0.0),
            data.get("estimated", False),
        )
        return data["asked"], Completion(data["text"], usage, data["model"], data.get("finish", ""))
    except (ValueError, KeyError, TypeError) as error:
        if last:
            # The process was killed while it wrote: what it did not finish was not kept.
            return "", Completion("", Usage(), "")
        raise FileFormatError("lab.not_an_answer", where=where) from error


class Watched:
    """A model that remembers why it last failed: the pipeline falls back in silence, the lab must not."""

    def __init__(self, llm: LLM) -> None:
        self._llm = llm
        self.failure: LLMError | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._llm.name

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Answer; a failure is kept and raised again."""
        try:
            return self._llm.complete(
                messages, schema=schema, on_text=on_text, deadline=deadline, options=options
            )
        except LLMError as error:
            self.failure = error
            raise
