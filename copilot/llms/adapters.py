"""Our search and our replies as the parts that LangChain users plug together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda

from copilot.records import Passage


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over ``search``; each document keeps its passage's id, place and score."""

    search: Callable[[str], list[Passage]]

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's signature
    ) -> list[Document]:
        return [_document(passage) for passage in self.search(query)]


def _document(passage: Passage) -> Document:
    chunk = passage.chunk
    metadata = {
        "source": chunk.path,
        "question": chunk.question,
        "headings": list(chunk.headings),
        "start": chunk.start,
        "end": chunk.end,
        "page": chunk.page,
        "row": chunk.row,
        "language": chunk.language,
        "status": chunk.status,
        "visibility": chunk.visibility,
        "version": chunk.version,
        "score": passage.score,
    }
    return Document(
        id=passage.id,
        page_content=chunk.text,
        metadata={name: value for name, value in metadata.items() if value not in (None, "")},
    )


def runnable(reply: Callable[[Any], Any]) -> RunnableLambda[Any, Any]:
    """Return ``reply`` as a Runnable named ``porte-voix``."""
    return RunnableLambda(reply, name="porte-voix")
