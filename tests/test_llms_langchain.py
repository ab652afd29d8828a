"""A provider that LangChain knows by name, with a client of its own, behaves like all others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from copilot import errors
from copilot.llms import ChatMessage, Endpoint, LLMOptions, open_llm
from tests.llm_server import Answer, ScriptedServer

pytest.importorskip("langchain_mistralai", reason="langchain-mistralai is not installed")

QUESTION = [ChatMessage("system", "Tu aides."), ChatMessage("user", "Quel délai ?")]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture(scope="module")
def llm(server: ScriptedServer) -> Endpoint:
    options = LLMOptions(
        "mistralai:small", server.url, "key", "mistralai", timeout_total=1.0, backoff=0.01, price_input=1.0,
        price_output=1.0,
    )  # fmt: skip
    endpoint = open_llm(options)
    endpoint.prepare()
    return endpoint


def test_answers_and_streams(server: ScriptedServer, llm: Endpoint) -> None:
    server.script(Answer("Trois jours [[1]]."))
    shown: list[str] = []
    assert llm.complete(QUESTION).text == "Trois jours [[1]]."
    streamed = llm.complete(QUESTION, on_text=shown.append, options={"temperature": 0.1})
    assert streamed.text == shown[-1] == "Trois jours [[1]]."
    assert streamed.usage.cost
    assert server.journal[-1].json["temperature"] == 0.1
    assert server.journal[-1].json["model"] == "small"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [
        (Answer(status=401), errors.LLMAuthError, 1),
        (Answer(status=404), errors.LLMUnavailableError, 1),
        (Answer(status=429, retry_after="9"), errors.LLMRateLimitError, 1),
        (Answer(status=500), errors.LLMUnavailableError, 3),
        (Answer(hang=True), errors.LLMTimeoutError, 1),
        (Answer("Trois jours", cut_after=1), errors.LLMUnavailableError, 3),
        (Answer("Trois jours", cut_after=1, silent_cut=True), errors.LLMUnavailableError, 3),
    ],
)
def test_failures_are_ours(
    server: ScriptedServer, llm: Endpoint, answer: Answer, kind: type[Exception], requests: int, stream: bool
) -> None:
    server.script(answer)
    with pytest.raises(kind):
        llm.complete(QUESTION, on_text=(lambda _: None) if stream else None)
    assert len(server.journal) == requests


def test_json_is_asked_for_in_words(server: ScriptedServer, llm: Endpoint) -> None:
    server.script(Answer('Voici : {"answered": true}'))
    schema = {"type": "object", "required": ["answered"]}
    assert llm.complete(QUESTION, schema=schema).text == '{"answered": true}'
    assert '"answered"' in server.journal[0].json["messages"][0]["content"]
