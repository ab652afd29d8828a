"""From options to a LangChain chat model, and what its provider lets us ask."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from copilot.errors import LLMAuthError, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models.chat_models import BaseChatModel
    from openai import DefaultAsyncHttpxClient

OPENAI_ADDRESS = "https://api.openai.com/v1"
KNOWN_OPTIONS = ("temperature", "max_tokens", "top_p", "seed", "stop")


class Address(Protocol):
    """What of the options says where a model is."""

    @property
    def model(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def api_key(self) -> str: ...
    @property
    def provider(self) -> str: ...
    @property
    def timeout_total(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Connection:
    """A chat model ready to be called.

    Attributes:
        compatible: it speaks OpenAI's protocol, through our client.
        official: at OpenAI's own address.
        finishes: a whole answer always says why it ended; one that does not was cut.
    """

    model: BaseChatModel
    address: str
    compatible: bool
    official: bool = False
    finishes: bool = True

    def arguments(
        self,
        options: Mapping[str, Any],
        schema: dict[str, Any] | None,
        refused: frozenset[str],
        *,
        stream: bool,
    ) -> dict[str, Any]:
        """Return the keyword arguments of one request, without the parts that the server refused."""
        chosen = {k: v for k, v in options.items() if k in KNOWN_OPTIONS and k not in refused}
        if not self.compatible:
            return chosen
        if "max_tokens" in chosen and not self.official:
            # The vendor's client renames it to a newer word that most other servers do not know.
            chosen["extra_body"] = {"max_tokens": chosen.pop("max_tokens")}
        if stream and "stream_options" not in refused:
            chosen["stream_usage"] = True
        if schema is not None and "response_format" not in refused:
            body = {"name": "answer", "schema": schema, "strict": True}
            chosen["response_format"] = {"type": "json_schema", "json_schema": body}
        return chosen

    def parts(self, arguments: Mapping[str, Any]) -> set[str]:
        """Return which optional parts a request with these arguments holds."""
        parts = set(arguments) | set(arguments.get("extra_body", ()))
        return parts | ({"stream_options"} if "stream_usage" in arguments else set())


def connect(options: Address, chat_model: BaseChatModel | None = None) -> Connection:
    """Build the chat model.

    Raises:
        SettingsError: the provider is unknown or its package is not installed.
        LLMAuthError: the provider's own address needs a key.
    """
    if chat_model is not None:
        return Connection(chat_model, shown_address(options), compatible=False, finishes=False)
    provider, model = provider_and_model(options)
    if provider != "openai":
        return Connection(_other(provider, model, options), shown_address(options), compatible=False)
    from langchain_openai import ChatOpenAI

    key = openai_key(options.api_key, options.base_url)
    chat = ChatOpenAI(
        model=model,
        base_url=options.base_url or OPENAI_ADDRESS,
        api_key=lambda: key,
        timeout=options.timeout_total,
        max_retries=0,
        http_async_client=http_client(options.base_url, options.timeout_total),
        use_responses_api=False,
        stream_chunk_timeout=None,
        stream_usage=False,
    )
    return Connection(chat, shown_address(options), compatible=True, official=not options.base_url)


def provider_and_model(options: Address) -> tuple[str, str]:
    """Tell the provider from the name: with an address of its own a colon is part of the model's name."""
    head, colon, tail = options.model.partition(":")
    if options.provider:
        own_prefix = bool(colon) and head == options.provider
        return options.provider, tail if own_prefix else options.model
    if head == "openai" and colon:
        return "openai", tail
    if options.base_url or not colon:
        return "openai", options.model
    return head, tail


def openai_key(api_key: str, base_url: str) -> str:
    """Return the key to send: local servers want any word, the provider's own address a real one."""
    import os

    if api_key or base_url:
        return api_key or "none"
    key = os.environ.get("OPENAI_API_KEY", "")
    if not key:
        raise LLMAuthError("llms.no_key", address=OPENAI_ADDRESS)
    return key


def http_client(base_url: str, timeout: float) -> DefaultAsyncHttpxClient:
    """Return a client that goes straight to this machine's own servers, whatever proxy is configured."""
    from openai import DefaultAsyncHttpxClient, Timeout

    return DefaultAsyncHttpxClient(
        timeout=Timeout(timeout, connect=min(10.0, timeout)), trust_env=not _is_loopback(base_url)
    )


def shown_address(options: Address) -> str:
    """Return where the model is, without the credentials that an address may hold."""
    if not options.base_url:
        return provider_and_model(options)[0]
    parts = urlsplit(options.base_url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _is_loopback(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _other(provider: str, model: str, options: Address) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    given: dict[str, Any] = {"api_key": options.api_key, "base_url": options.base_url}
    given = {name: value for name, value in given.items() if value}
    # The vendor's own retries would wait beyond our limit, out of our sight.
    given["max_retries"] = 0
    try:
        return init_chat_model(model, model_provider=provider, configurable_fields=None, **given)
    except ImportError as error:
        raise SettingsError("llms.no_package", provider=provider, problem=str(error)) from error
    except ValueError as error:
        raise SettingsError("llms.unknown_provider", provider=provider, problem=str(error)) from error
