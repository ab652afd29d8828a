"""Embedders by name: an OpenAI-compatible endpoint, or any name LangChain's ``init_embeddings`` knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from copilot.errors import LLMContractError, SettingsError
from copilot.llms import failures
from copilot.llms.loop import call
from copilot.llms.masking import Mask
from copilot.llms.models import OPENAI_ADDRESS, http_client, openai_key

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

BATCH = 64


class Embedder(Protocol):
    """Turns texts into vectors. ``name`` is written into the index: another name asks for a rebuild."""

    @property
    def name(self) -> str:
        """The name it was opened by; never holds a key."""
        ...

    @property
    def dimension(self) -> int:
        """Length of its vectors; an endpoint is asked once."""
        ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Return one row a text, shape ``(len(texts), dimension)``.

        Raises:
            LLMError: the endpoint could not serve.
        """
        ...


def embeddings(name: str, *, base_url: str = "", api_key: str = "", timeout_total: float = 30.0) -> Embedder:
    """Prepare an embedder; nothing is imported or sent before the first call.

    Args:
        name: ``openai:MODEL``, ``openai:MODEL@BASE_URL`` or ``provider:model`` as LangChain names them.
        base_url: address of the OpenAI-compatible endpoint, if not part of ``name``.
        api_key: its key.
        timeout_total: seconds for one batch of texts.

    Raises:
        SettingsError: ``name`` has no ``provider:`` part.
    """
    provider, colon, rest = name.partition(":")
    if not colon or not rest:
        raise SettingsError("llms.embedder_name", name=name)
    model, _, address = rest.partition("@") if provider == "openai" else (rest, "", "")
    return _EndpointEmbedder(name, provider, model, address or base_url, api_key, timeout_total)


def masked_embedder(embedder: Embedder, mask: Mask) -> Embedder:
    """Return ``embedder`` behind a mask: it never sees personal data."""
    return _MaskedEmbedder(embedder, mask)


class _EndpointEmbedder:
    def __init__(
        self, name: str, provider: str, model: str, base_url: str, api_key: str, timeout_total: float
    ) -> None:
        self.name = name
        self._provider, self._model, self._base_url = provider, model, base_url
        self._api_key, self._timeout = api_key, timeout_total
        self._embeddings: Embeddings | None = None
        self._dimension = 0

    @property
    def dimension(self) -> int:
        if not self._dimension:
            self.embed(["dimension"])
        return self._dimension

    def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        import numpy as np

        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        if self._embeddings is None:
            self._embeddings = self._built()
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows += self._batch(list(texts[start : start + BATCH]), query)
        return self._checked(rows, len(texts))

    def _batch(self, texts: list[str], query: bool) -> list[list[float]]:
        vendor = self._embeddings
        assert vendor is not None

        async def work(_: Callable[[str], None]) -> list[list[float]]:
            if query:
                return [await vendor.aembed_query(text) for text in texts]
            return await vendor.aembed_documents(texts)

        try:
            return call(work, limit=self._timeout)
        except Exception as raw:
            address = self._base_url.rpartition("@")[2] or self._provider
            raise failures.explain(raw, model=self._model, address=address) from raw

    def _checked(self, rows: list[list[float]], expected: int) -> NDArray[np.float32]:
        import numpy as np

        lengths = {len(row) for row in rows}
        if len(rows) != expected or len(lengths) != 1 or (self._dimension and lengths != {self._dimension}):
            raise LLMContractError("llms.wrong_vectors", model=self._model)
        vectors = np.asarray(rows, dtype=np.float32)
        if not vectors.shape[1] or not np.isfinite(vectors).all():
            raise LLMContractError("llms.wrong_vectors", model=self._model)
        self._dimension = vectors.shape[1]
        return vectors

    def _built(self) -> Embeddings:
        if self._provider == "openai":
            return _openai_embeddings(self._model, self._base_url, self._api_key, self._timeout)
        from langchain.embeddings import init_embeddings

        given: dict[str, Any] = {"api_key": self._api_key} if self._api_key else {}
        try:
            return init_embeddings(self._model, provider=self._provider, **given)
        except ImportError as error:
            raise SettingsError("llms.no_package", provider=self._provider, problem=str(error)) from error
        except ValueError as error:
            raise SettingsError(
                "llms.unknown_provider", provider=self._provider, problem=str(error)
            ) from error


def _openai_embeddings(model: str, base_url: str, api_key: str, timeout: float) -> Embeddings:
    from langchain_openai import OpenAIEmbeddings

    key = openai_key(api_key, base_url)
    return OpenAIEmbeddings(
        model=model,
        base_url=base_url or OPENAI_ADDRESS,
        api_key=lambda: key,
        timeout=timeout,
        max_retries=2,
        # Else the client counts tokens with tables it would fetch from the network.
        check_embedding_ctx_length=False,
        http_async_client=http_client(base_url, timeout),
    )


class _MaskedEmbedder:
    def __init__(self, embedder: Embedder, mask: Mask) -> None:
        self._embedder = embedder
        self._mask = mask

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        return self._embedder.embed(self._mask(list(texts))[0], query=query)
