"""Embeddings, moderation, the spending file, token counts and the LangChain adapters."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from copilot import errors, tokens
from copilot.llms import (
    FileLedger,
    as_retriever,
    as_runnable,
    embeddings,
    masked_embedder,
    open_moderation,
)
from copilot.records import Chunk, Passage
from tests.llm_server import Answer, ScriptedServer


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def server(running: ScriptedServer) -> ScriptedServer:
    running.script(Answer())
    return running


def hide(texts: Sequence[str]) -> tuple[list[str], object]:
    return [text.replace("Zoé", "[NAME_1]") for text in texts], lambda text: text


# -- embeddings


def test_embeddings_of_any_openai_compatible_endpoint(server: ScriptedServer) -> None:
    embedder = embeddings(f"openai:bge-m3@{server.url}")
    vectors = embedder.embed(["Bonjour", "Délai ?"])
    assert vectors.shape == (2, 3)
    assert vectors.dtype == np.float32
    assert vectors[0, 0] == 7
    assert embedder.dimension == 3
    assert embedder.name == f"openai:bge-m3@{server.url}"
    sent = server.journal[0].json
    assert sent["model"] == "bge-m3"
    assert sent["input"] == ["Bonjour", "Délai ?"], "texts, not token numbers that other servers cannot read"


def test_dimension_is_asked_for_when_nothing_was_embedded(server: ScriptedServer) -> None:
    embedder = embeddings("openai:bge-m3", base_url=server.url)
    assert embedder.embed([]).shape[0] == 0
    assert embedder.dimension == 3


def test_many_texts_go_in_batches(server: ScriptedServer) -> None:
    vectors = embeddings("openai:m", base_url=server.url).embed([f"t{i}" for i in range(150)])
    assert vectors.shape == (150, 3)
    assert [len(r.json["input"]) for r in server.journal] == [64, 64, 22]


def test_personal_data_is_not_embedded(server: ScriptedServer) -> None:
    embedder = masked_embedder(embeddings("openai:m", base_url=server.url), hide)  # type: ignore[arg-type]
    embedder.embed(["Je suis Zoé"], query=True)
    assert "Zoé".encode() not in server.received
    assert b"[NAME_1]" in server.received


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(status=401), errors.LLMAuthError),
        (Answer(status=404), errors.LLMUnavailableError),
        (Answer(hang=True), errors.LLMTimeoutError),
        (Answer(raw=b"<html>"), errors.LLMContractError),
        (Answer(raw=b'{"data": [], "model": "m", "object": "list"}'), errors.LLMContractError),
    ],
)
def test_embeddings_that_fail(server: ScriptedServer, answer: Answer, kind: type[Exception]) -> None:
    embedder = embeddings("openai:m", base_url=server.url, timeout_total=0.5)
    server.script(answer)
    with pytest.raises(kind):
        embedder.embed(["Bonjour"])


@pytest.mark.parametrize("name", ["", "bge-m3", "openai:"])
def test_impossible_embedder_name(name: str) -> None:
    with pytest.raises(errors.SettingsError):
        embeddings(name)


def test_langchain_embedder_without_its_package() -> None:
    with pytest.raises(errors.SettingsError) as caught:
        embeddings("cohere:embed-multilingual").embed(["x"])
    assert "cohere" in caught.value.in_language("fr")


# -- moderation


def test_moderation_says_which_categories(server: ScriptedServer) -> None:
    moderate = open_moderation("omni", base_url=server.url, mask=hide)  # type: ignore[arg-type]
    good, bad = moderate(["Merci Zoé", "Quel idiot"])
    assert not good.flagged
    assert bad.flagged
    assert bad.categories == {"harassment"}
    assert bad.scores["harassment"] == pytest.approx(0.97)
    assert server.journal[0].json == {"model": "omni", "input": ["Merci [NAME_1]", "Quel idiot"]}
    assert moderate([]) == []


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(status=401), errors.LLMAuthError),
        (Answer(status=404), errors.LLMUnavailableError),
        (Answer(hang=True), errors.LLMTimeoutError),
        (Answer(raw=b'{"results": []}'), errors.LLMContractError),
        (Answer(raw=b"<html>"), errors.LLMContractError),
    ],
)
def test_moderation_that_fails(server: ScriptedServer, answer: Answer, kind: type[Exception]) -> None:
    moderate = open_moderation("omni", base_url=server.url, timeout_total=0.5)
    server.script(answer)
    with pytest.raises(kind):
        moderate(["Bonjour"])


# -- spending


def test_spending_is_shared_by_threads_and_processes_and_starts_anew_each_day(tmp_path: Path) -> None:
    path = tmp_path / "spending.json"
    ledger = FileLedger(path, today=lambda: date(2026, 5, 4))
    threads = [threading.Thread(target=ledger.add, args=(0.5,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert FileLedger(path, today=lambda: date(2026, 5, 4)).spent_today() == 4.0
    assert FileLedger(path, today=lambda: date(2026, 5, 5)).spent_today() == 0.0


def test_damaged_spending_file_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "spending.json"
    path.write_text("{broken", encoding="utf-8")
    ledger = FileLedger(path)
    assert ledger.spent_today() == 0.0
    ledger.add(1.0)
    assert ledger.spent_today() == 1.0


# -- tokens


def test_estimate_is_in_the_right_range_without_any_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    number, estimated = tokens.count("Bonjour, quel est le délai de livraison en Corse ?", "mistral-small")
    assert estimated
    assert 9 <= number <= 18
    assert tokens.count("", None) == (0, True)


def test_damaged_table_is_never_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    address = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    table = tmp_path / hashlib.sha1(address.encode()).hexdigest()
    table.write_bytes(b"damaged")
    assert tokens.count("Bonjour", "gpt-4o")[1]
    assert table.read_bytes() == b"damaged"


def test_table_in_the_cache_counts_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tiktoken_ext.openai_public as vendor

    table = b"\n".join(base64.b64encode(bytes([i])) + b" %d" % i for i in range(256))

    def one_token_a_byte() -> dict[str, object]:
        digest = hashlib.sha256(table).hexdigest()
        ranks = load_tiktoken_bpe("https://tables.example/t", expected_hash=digest)  # type: ignore[name-defined]  # noqa: F821
        return {"name": "t", "pat_str": ".+", "mergeable_ranks": ranks, "special_tokens": {}}

    monkeypatch.setitem(vendor.ENCODING_CONSTRUCTORS, tokens.DEFAULT_ENCODING, one_token_a_byte)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    (tmp_path / hashlib.sha1(b"https://tables.example/t").hexdigest()).write_bytes(table)
    assert tokens.count("été") == (5, False)
    assert tokens.count("été", "mistral-small") == (5, True)


# -- LangChain


PASSAGE = Passage(Chunk("c1", "d", "knowledge/faq/a.md", "Trois jours.", question="Délai ?"), 0.8)


def test_search_as_a_langchain_retriever_in_a_chain() -> None:
    from langchain_core.runnables import RunnableLambda

    retriever = as_retriever(lambda query: [PASSAGE] if "délai" in query else [])
    chain = retriever | RunnableLambda(lambda documents: [d.page_content for d in documents])
    assert chain.invoke("Quel délai ?") == ["Trois jours."]
    document = retriever.invoke("délai")[0]
    assert document.id == "c1"
    assert document.metadata["source"] == "knowledge/faq/a.md"
    assert document.metadata["score"] == 0.8


def test_reply_as_a_runnable() -> None:
    runnable = as_runnable(str.upper)
    assert runnable.invoke("bonjour") == "BONJOUR"
    assert runnable.batch(["a", "b"]) == ["A", "B"]


def test_the_border_loads_no_vendor_before_it_is_used() -> None:
    code = (
        "import sys, copilot.llms as l; l.open_llm(l.LLMOptions('m')); l.embeddings('openai:m')\n"
        "l.open_moderation('m'); import copilot.prompts, copilot.tokens\n"
        "print([m for m in sys.modules if m.split('.')[0] in"
        " {'langchain', 'langchain_core', 'langchain_openai', 'openai', 'numpy', 'tiktoken'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
