"""What one question to a model sent and got back, attempt after attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from copilot import tokens
from copilot.errors import LLMContractError, LLMUnavailableError
from copilot.llms import structured
from copilot.llms.models import Connection
from copilot.records import ChatMessage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage, BaseMessage

MAX_CHARACTERS = 200_000
"""A longer answer is no reply but a model that lost its way."""

_FINISH = ("finish_reason", "stop_reason", "stopReason", "done_reason")
# Chat formats wrap each message in about this many tokens.
_TOKENS_PER_MESSAGE = 4


@dataclass(slots=True)
class Exchange:
    """The state of one ``complete``: ``text`` and ``finish`` of the current attempt.

    ``lost_in`` and ``lost_out`` are tokens that earlier attempts cost before they were cut.
    """

    messages: tuple[ChatMessage, ...]
    model_name: str
    schema: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    finish: str = ""
    model: str = ""
    sent: set[str] = field(default_factory=set)
    answered: bool = False
    lost_in: int = 0
    lost_out: int = 0
    _usage: tuple[int, int] | None = None

    async def run(
        self, connection: Connection, emit: Callable[[str], None] | None, refused: frozenset[str]
    ) -> None:
        """Make one attempt.

        Raises:
            Exception: whatever the chat model raises.
            LLMUnavailableError: the stream ended without its closing word.
        """
        arguments = connection.arguments(self.options, self.schema, refused, stream=emit is not None)
        self.sent = connection.parts(arguments)
        messages = self.messages
        if self.schema is not None and "response_format" not in self.sent:
            messages = structured.asked_in_words(messages, self.schema)
        vendor_messages = _vendor_messages(messages)
        if emit is None:
            answer: AIMessage = await connection.model.ainvoke(vendor_messages, **arguments)
            self._take(answer.text, answer)
        else:
            await self._stream(connection, vendor_messages, arguments, emit)
        if connection.finishes and not self.finish and self._usage is None:
            raise LLMUnavailableError("llms.cut", address=connection.address)
        if self.finish == "content_filter":
            raise LLMContractError("llms.filtered", model=self.model_name)

    async def _stream(
        self,
        connection: Connection,
        messages: Sequence[BaseMessage],
        arguments: Mapping[str, Any],
        emit: Callable[[str], None],
    ) -> None:
        whole: Any = None
        async for chunk in connection.model.astream(list(messages), **arguments):
            whole = chunk if whole is None else whole + chunk
            piece = chunk.text
            self._take(self.text + piece, whole)
            if piece:
                emit(self.text)

    def _take(self, text: str, answer: AIMessage) -> None:
        self.answered = True
        self.text = text
        if len(text) > MAX_CHARACTERS:
            raise LLMContractError("llms.endless", model=self.model_name)
        metadata = answer.response_metadata or {}
        self.finish = next((str(metadata[key]) for key in _FINISH if metadata.get(key)), "")
        self.model = str(metadata.get("model_name") or metadata.get("model") or self.model)
        if answer.usage_metadata:
            usage = answer.usage_metadata
            self._usage = (usage["input_tokens"], usage["output_tokens"])

    def restart(self) -> None:
        """Forget the attempt that failed, but not what it cost."""
        if self.answered:
            tokens_in, tokens_out, _ = self.counted()
            self.lost_in += tokens_in
            self.lost_out += tokens_out
        self.text = self.finish = ""
        self.answered = False
        self._usage = None

    def counted(self) -> tuple[int, int, bool]:
        """Return input tokens, output tokens, and whether they are estimates."""
        if self._usage is not None:
            return (*self._usage, False)
        counts = [tokens.count(message.content, self.model_name) for message in self.messages]
        output, output_estimated = tokens.count(self.text, self.model_name)
        total = sum(number for number, _ in counts) + _TOKENS_PER_MESSAGE * len(counts)
        return total, output, output_estimated or any(estimated for _, estimated in counts)


def _vendor_messages(messages: Sequence[ChatMessage]) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: dict[str, type[BaseMessage]] = {
        "system": SystemMessage,
        "user": HumanMessage,
        "assistant": AIMessage,
    }
    return [kinds[message.role](content=message.content) for message in messages]
