"""The border to language models: one protocol in front of any LangChain chat model.

Nothing outside this package names langchain or openai, and nothing in it imports them before they are
needed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from copilot.llms.border import LLM, Endpoint, LLMOptions, open_llm
from copilot.llms.embedders import Embedder, embeddings, masked_embedder
from copilot.llms.ledger import FileLedger, Ledger, MemoryLedger
from copilot.llms.masking import Mask, masked
from copilot.llms.moderation import Moderation, open_moderation
from copilot.records import ChatMessage, Completion, Passage

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

__all__ = [
    "LLM",
    "ChatMessage",
    "Completion",
    "Embedder",
    "Endpoint",
    "FileLedger",
    "LLMOptions",
    "Ledger",
    "Mask",
    "MemoryLedger",
    "Moderation",
    "as_retriever",
    "as_runnable",
    "embeddings",
    "masked",
    "masked_embedder",
    "open_llm",
    "open_moderation",
]


def as_retriever(search: Callable[[str], list[Passage]]) -> BaseRetriever:
    """Return a LangChain retriever over ``search``."""
    from copilot.llms.adapters import PassageRetriever

    return PassageRetriever(search=search)


def as_runnable(reply: Callable[[Any], Any]) -> Runnable[Any, Any]:
    """Return ``reply`` as a LangChain Runnable (``invoke``, ``batch``, ``|``)."""
    from copilot.llms.adapters import runnable

    return runnable(reply)
