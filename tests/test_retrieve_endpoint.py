"""Search with the vectors of an endpoint, over HTTP: across languages, behind the mask, and without it."""

from __future__ import annotations

import base64
import json
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from copilot import Copilot, privacy
from copilot.errors import DamagedIndexError, LLMError
from copilot.index import Embedder, Index, embedder
from copilot.llms import masked_embedder
from copilot.records import Chunk
from copilot.retrieve import Retriever
from copilot.settings import Settings
from tests.conftest import NOW, copy_sample

TODAY = date(2026, 11, 20)
CONCEPTS = [
    ("livr", "colis", "deliver", "parcel", "shipping"),
    ("rembours", "argent", "refund", "money"),
    ("boutique", "magasin", "shop", "store"),
    ("vélo", "velo", "bike"),
]
"""A small multilingual model: one number a notion, whatever language it is said in."""


class Endpoint:
    """An OpenAI-compatible embeddings endpoint that knows four notions in two languages."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.broken = False
        self.length = len(CONCEPTS) + 1
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                body = json.dumps(owner.answer(request)).encode()
                self.send_response(503 if owner.broken else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
        self.asked += texts
        rows = []
        for index, text in enumerate(texts):
            numbers = [float(any(word in text.lower() for word in words)) for words in CONCEPTS]
            numbers = (numbers + [0.1] * self.length)[: self.length]
            vector: Any = numbers
            if request.get("encoding_format") == "base64":
                vector = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
            rows.append({"object": "embedding", "index": index, "embedding": vector})
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return {"object": "list", "data": rows, "model": request["model"], "usage": usage}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    running = Endpoint()
    thread = threading.Thread(target=running.server.serve_forever, daemon=True)
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()


def mask(texts: Sequence[str]) -> tuple[list[str], Callable[[str], str]]:
    hidden = privacy.mask(*texts, country="FR")
    return list(hidden.texts), hidden.restore


def of(endpoint: Endpoint) -> Embedder:
    return masked_embedder(embedder("openai:small", base_url=endpoint.url, api_key="k"), mask)


ENTRIES = [
    ("ship", "How long does shipping take?", "Allow five working days.", "en"),
    ("refund", "When do I get my money back?", "Within fourteen days of the return.", "en"),
    ("boutique", "Où se trouve la boutique ?", "Rue Nationale, à Lille.", "fr"),
    ("velo", "Combien pèse le vélo ?", "Dix-sept kilos avec la batterie.", "fr"),
]


@pytest.fixture
def folder(tmp_path: Path, endpoint: Endpoint) -> Path:
    with Index.open(tmp_path, of(endpoint), write=True) as index:
        index.upsert(
            Chunk(name, "faq", "faq.md", text, question, language=language, version="1")
            for name, question, text, language in ENTRIES
        )
        index.commit()
    endpoint.asked.clear()
    return tmp_path


@pytest.fixture
def retriever(folder: Path, endpoint: Endpoint) -> Retriever:
    return Retriever(Index.open(folder, of(endpoint)))


def first(retriever: Retriever, query: str, language: str = "fr") -> str:
    return retriever.search(query, language=language, today=TODAY)[0].id


def test_across_languages_both_ways(retriever: Retriever) -> None:
    assert first(retriever, "quand mon colis sera-t-il livré ?") == "ship"
    assert first(retriever, "je veux un remboursement") == "refund"
    assert first(retriever, "where is your nearest shop", "en") == "boutique"
    assert first(retriever, "is the bike heavy", "en") == "velo"


def test_words_still_count_beside_vectors(retriever: Retriever) -> None:
    # The endpoint knows nothing of batteries or kilos.
    assert first(retriever, "la batterie fait combien de kilos") == "velo"


def test_one_question_is_sent_once_and_no_personal_data_with_it(
    retriever: Retriever, endpoint: Endpoint
) -> None:
    query = "mon colis n’est pas livré, écrivez à zoe.martin@example.org ou au 06 12 34 56 78"
    passages = retriever.search(query, today=TODAY)
    retriever.search(query, today=TODAY)
    retriever.answerable(query, passages)
    assert len(endpoint.asked) == 1
    assert "example.org" not in endpoint.asked[0]
    assert "12 34" not in endpoint.asked[0]


def test_an_endpoint_that_fails_leaves_the_search_by_words(
    retriever: Retriever, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.broken = True
    assert first(retriever, "où se trouve votre boutique") == "boutique"
    assert [n.code for n in retriever.notices] == ["index.no_vectors"]
    asked = len(endpoint.asked)
    assert first(retriever, "combien pèse ce vélo") == "velo"
    assert len(endpoint.asked) == asked  # left alone for a while
    endpoint.broken = False
    monkeypatch.setattr(retriever, "_silent_until", 0.0)
    assert first(retriever, "je veux un remboursement") == "refund"
    assert retriever.notices == ()


def test_an_endpoint_that_fails_while_indexing_changes_nothing(folder: Path, endpoint: Endpoint) -> None:
    endpoint.broken = True
    with Index.open(folder, of(endpoint), write=True) as index:
        index.upsert([Chunk("new", "d", "d.md", "Nouveau texte", language="fr", version="1")])
        with pytest.raises(LLMError):
            index.commit()
        assert len(index.chunks()) == len(ENTRIES)
        endpoint.broken = False
        index.commit()
        assert len(index.chunks()) == len(ENTRIES) + 1


def test_a_model_replaced_behind_its_name_is_told_and_a_rebuild_mends_it(
    folder: Path, endpoint: Endpoint
) -> None:
    endpoint.length += 3
    with pytest.raises(DamagedIndexError, match="small"):
        Retriever(Index.open(folder, of(endpoint))).search("la boutique", today=TODAY)
    with Index.open(folder, of(endpoint)) as index:
        chunks = list(index.chunks().values())
    with Index.rebuild(folder, of(endpoint)) as index:
        index.upsert(chunks)
    assert first(Retriever(Index.open(folder, of(endpoint))), "je veux un remboursement") == "refund"


def test_a_reply_says_that_the_search_went_by_words(tmp_path: Path, endpoint: Endpoint) -> None:
    folder = copy_sample(tmp_path / "brand")
    settings = Settings(embeddings="openai:small", embeddings_base_url=endpoint.url)
    copilot = Copilot(folder, settings=settings, clock=lambda: NOW)
    copilot.ingest()
    endpoint.broken = True
    reply = copilot.reply("Quels sont les délais de livraison ?")
    assert reply.passages
    assert "index.no_vectors" in [notice.code for notice in reply.notices]
