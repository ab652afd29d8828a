"""One call to a chat model that ends on time, is counted, and fails in words a person can act on."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from copilot.errors import (
    LLMBudgetError,
    LLMError,
    LLMUnavailableError,
    SettingsError,
)
from copilot.llms import failures, structured
from copilot.llms.exchange import Exchange
from copilot.llms.ledger import Ledger, MemoryLedger
from copilot.llms.loop import call
from copilot.llms.models import Connection, connect, shown_address
from copilot.records import ChatMessage, Completion, Usage

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel


class LLM(Protocol):
    """Anything that answers chat messages."""

    @property
    def name(self) -> str:
        """The model's name, as shown on drafts and kept with runs."""
        ...

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Answer ``messages``.

        Args:
            messages: the conversation, a system message first if any.
            schema: JSON Schema (an object) that the answer must satisfy; the completion's text is then
                JSON that was checked against it, and nothing is streamed.
            on_text: called in the caller's thread with **the whole text so far**, again and again. It
                starts anew from an empty text when a cut stream is tried again.
            deadline: a ``time.monotonic()`` moment, if earlier than the endpoint's own total limit.
            options: ``temperature``, ``max_tokens``, ``top_p``, ``seed``, ``stop`` of a prompt file.

        Raises:
            LLMError: one of its six kinds, see ``copilot.errors``.
        """
        ...


@dataclass(frozen=True, slots=True)
class LLMOptions:
    """How to reach a model and what it may cost.

    Attributes:
        model: a name at an OpenAI-compatible endpoint, or ``provider:model`` as LangChain names them.
        base_url: address of an OpenAI-compatible endpoint; empty for the provider's own.
        provider: ``openai`` for any OpenAI-compatible endpoint, or a LangChain provider; empty: told from
            ``model`` and ``base_url``.
        timeout_total: seconds in which a whole answer must have come, retries and waits included.
        max_retries: attempts after the first.
        price_input, price_output: per million tokens, in ``currency``; None when unknown.
        daily_limit: spending limit a day, in ``currency``; it needs both prices.
        backoff: seconds before the first retry, doubled each time, with jitter.
    """

    model: str
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    provider: str = ""
    timeout_total: float = 30.0
    max_retries: int = 2
    price_input: float | None = None
    price_output: float | None = None
    currency: str = "EUR"
    daily_limit: float | None = None
    backoff: float = 0.5


def open_llm(
    options: LLMOptions, *, ledger: Ledger | None = None, chat_model: BaseChatModel | None = None
) -> Endpoint:
    """Prepare a model; nothing is imported or sent before the first call.

    Args:
        options: how to reach it.
        ledger: where spending is written down; default: in memory.
        chat_model: a LangChain chat model that is already built, used as it is.

    Raises:
        SettingsError: a spending limit without prices, or no model named.
    """
    if not options.model and chat_model is None:
        raise SettingsError("llms.no_model")
    if options.daily_limit is not None and None in (options.price_input, options.price_output):
        raise SettingsError("llms.limit_without_prices")
    return Endpoint(options, ledger or MemoryLedger(), chat_model)


class Endpoint:
    """A chat model behind the border."""

    def __init__(self, options: LLMOptions, ledger: Ledger, chat_model: BaseChatModel | None = None) -> None:
        self.options = options
        self._ledger = ledger
        self._chat_model = chat_model
        self._connection: Connection | None = None
        self._lock = threading.Lock()
        # What this server was seen to refuse, so that it is asked only once.
        self._refused: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The model's name."""
        return self.options.model or type(self._chat_model).__name__

    def prepare(self) -> None:
        """Import the vendor's libraries now (seconds of CPU), so that the first reply need not wait.

        Raises:
            SettingsError: the provider is unknown or its package is missing.
            LLMAuthError: the provider needs a key and has none.
        """
        with self._lock:
            if self._connection is None:
                self._connection = connect(self.options, self._chat_model)

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Answer ``messages``; see ``LLM.complete``."""
        start = time.monotonic()
        end = start + self.options.timeout_total
        end = end if deadline is None else min(end, deadline)
        self._ready(end - start)
        self._hold_budget(messages)
        exchange = Exchange(tuple(messages), self.name, schema, dict(options or {}))
        streamed = on_text if schema is None else None

        def work(emit: Callable[[str], None]) -> Coroutine[Any, Any, None]:
            return self._attempts(exchange, emit if streamed else None, end)

        try:
            call(work, limit=end - time.monotonic(), on_text=streamed)
            text = structured.checked(exchange.text, schema) if schema is not None else exchange.text
        finally:
            usage = self._count(exchange, time.monotonic() - start)
        return Completion(text, usage, exchange.model or self.name, exchange.finish)

    def _ready(self, limit: float) -> None:
        """Connect within the time limit: the vendor's libraries take seconds to import."""
        if self._connection is not None:
            return

        async def work(_: Callable[[str], None]) -> None:
            await asyncio.to_thread(self.prepare)

        try:
            call(work, limit=limit)
        except SettingsError as error:
            # Whoever asks for an answer handles one family of errors.
            raise LLMUnavailableError(error.key, **error.params) from error

    async def _attempts(self, exchange: Exchange, emit: Callable[[str], None] | None, end: float) -> None:
        assert self._connection is not None
        retries = 0
        while True:
            try:
                return await exchange.run(self._connection, emit, self._refused)
            except Exception as raw:
                error = failures.explain(raw, model=self.name, address=shown_address(self.options))
                if isinstance(error, failures.RefusedRequest) and self._give_way(error, exchange):
                    continue
                if retries >= self.options.max_retries or not failures.can_retry(error):
                    raise error from raw
            await asyncio.sleep(self._pause(error, retries, end))
            retries += 1
            if emit is not None and exchange.text:
                emit("")
            exchange.restart()

    def _give_way(self, error: failures.RefusedRequest, exchange: Exchange) -> bool:
        """Leave out of later requests what the server named (or may have meant); False if nothing is left."""
        sent = exchange.sent & set(failures.OPTIONAL)
        named = {part for part in sent if part in error.detail}
        dropped = named or sent & {"response_format", "stream_options"}
        self._refused |= dropped
        return bool(dropped)

    def _pause(self, error: LLMError, retries: int, end: float) -> float:
        asked = getattr(error, "retry_after", None)
        pause = self.options.backoff * 2**retries * random.uniform(0.5, 1.0)
        pause = max(asked, pause) if asked is not None else pause
        if time.monotonic() + pause >= end:
            raise error
        return float(pause)

    def _hold_budget(self, messages: Sequence[ChatMessage]) -> None:
        limit = self.options.daily_limit
        if limit is None:
            return
        expected = self._cost(Exchange(tuple(messages), self.name).counted()[0], 0) or 0.0
        if self._ledger.spent_today() + expected > limit:
            raise LLMBudgetError("llms.budget", limit=limit, currency=self.options.currency)

    def _count(self, exchange: Exchange, seconds: float) -> Usage:
        tokens_in, tokens_out, estimated = exchange.counted()
        cost = self._cost(tokens_in + exchange.lost_in, tokens_out + exchange.lost_out)
        if cost:
            self._ledger.add(cost)
        return Usage(tokens_in, tokens_out, cost, self.options.currency, seconds, estimated)

    def _cost(self, tokens_in: int, tokens_out: int) -> float | None:
        if self.options.price_input is None or self.options.price_output is None:
            return None
        return (tokens_in * self.options.price_input + tokens_out * self.options.price_output) / 1e6
