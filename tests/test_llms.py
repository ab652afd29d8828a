"""The border to chat models, over real HTTP against a scripted server."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from copilot import errors
from copilot.errors import CopilotError
from copilot.llms import ChatMessage, Endpoint, LLMOptions, MemoryLedger, masked, open_llm
from tests.llm_server import Answer, ScriptedServer

QUESTION = [ChatMessage("system", "Tu aides."), ChatMessage("user", "Quel délai ?")]
LONG = "La livraison prend trois jours ouvrés [[1]]. Bonne journée à vous."
SCHEMA = {
    "type": "object",
    "properties": {"answered": {"type": "boolean"}},
    "required": ["answered"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def running() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def server(running: ScriptedServer) -> ScriptedServer:
    running.script(Answer(LONG))
    return running


def llm_at(server: ScriptedServer, **changes: object) -> Endpoint:
    options = {"model": "small", "base_url": server.url, "backoff": 0.01, "timeout_total": 10.0, **changes}
    return open_llm(LLMOptions(**options))  # type: ignore[arg-type]


def test_answer_with_the_server_s_own_count(server: ScriptedServer) -> None:
    completion = llm_at(server, price_input=1.0, price_output=2.0).complete(QUESTION)
    assert completion.text == LONG
    assert (completion.usage.input_tokens, completion.usage.output_tokens) == (11, 7)
    assert completion.usage.cost == pytest.approx((11 + 14) / 1e6)
    assert not completion.usage.estimated
    assert completion.finish == "stop"
    sent = server.journal[0].json
    assert [m["role"] for m in sent["messages"]] == ["system", "user"]
    assert sent["model"] == "small"


def test_stream_shows_the_text_so_far(server: ScriptedServer) -> None:
    shown: list[str] = []
    completion = llm_at(server).complete(QUESTION, on_text=shown.append)
    assert shown[-1] == completion.text == LONG
    assert len(shown) > 10
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(shown))
    assert completion.usage.output_tokens == 7


def test_tokens_are_estimated_when_the_server_does_not_count(server: ScriptedServer) -> None:
    server.script(Answer(LONG, usage=None))
    usage = llm_at(server).complete(QUESTION).usage
    assert usage.estimated
    assert 10 < usage.output_tokens < 30
    assert usage.cost is None


def test_cut_stream_is_tried_again_from_the_start(server: ScriptedServer) -> None:
    for silent in (False, True):
        server.script(Answer("Une réponse coupée", cut_after=2, silent_cut=silent), Answer(LONG))
        shown: list[str] = []
        completion = llm_at(server).complete(QUESTION, on_text=shown.append)
        assert completion.text == shown[-1] == LONG
        assert "" in shown, "the screen must be cleared between the attempts"


@pytest.mark.parametrize("silent", [False, True])
def test_stream_that_is_always_cut_is_reported(server: ScriptedServer, silent: bool) -> None:
    server.script(Answer(LONG, cut_after=3, silent_cut=silent))
    with pytest.raises(errors.LLMUnavailableError):
        llm_at(server, max_retries=1).complete(QUESTION, on_text=lambda _: None)
    assert len(server.journal) == 2


@pytest.mark.parametrize(
    ("answer", "stream"),
    [(Answer(hang=True), False), (Answer(hang=True), True), (Answer(LONG, drip=True), True)],
)
def test_hang_is_cut_at_the_total_limit(server: ScriptedServer, answer: Answer, stream: bool) -> None:
    llm = llm_at(server, timeout_total=0.4)
    llm.prepare()
    server.script(answer)
    start = time.monotonic()
    with pytest.raises(errors.LLMTimeoutError):
        llm.complete(QUESTION, on_text=(lambda _: None) if stream else None)
    assert time.monotonic() - start < 1.4


def test_earlier_deadline_holds(server: ScriptedServer) -> None:
    llm = llm_at(server, timeout_total=30.0)
    llm.prepare()
    server.script(Answer(hang=True))
    start = time.monotonic()
    with pytest.raises(errors.LLMTimeoutError):
        llm.complete(QUESTION, deadline=start + 0.3)
    assert time.monotonic() - start < 1.3


@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [
        (Answer(status=401), errors.LLMAuthError, 1),
        (Answer(status=403), errors.LLMAuthError, 1),
        (Answer(status=404), errors.LLMUnavailableError, 1),
        (Answer(status=422), errors.LLMContractError, 1),
        (Answer("context_length_exceeded", status=400), errors.LLMContractError, 1),
        (Answer(status=402), errors.LLMRateLimitError, 1),
        (Answer(status=429, code="insufficient_quota"), errors.LLMRateLimitError, 1),
        (Answer(status=429), errors.LLMRateLimitError, 3),
        (Answer(status=500), errors.LLMUnavailableError, 3),
        (Answer(status=503), errors.LLMUnavailableError, 3),
        (Answer(raw=b"<html>login</html>"), errors.LLMContractError, 3),
        (Answer(raw=b"{}"), errors.LLMContractError, 3),
        (Answer(raw=b""), errors.LLMContractError, 3),
        (Answer("", cut_after=0), errors.LLMUnavailableError, 3),
        (Answer("non", finish="content_filter"), errors.LLMContractError, 1),
    ],
)
def test_vendor_errors_are_ours(
    server: ScriptedServer, answer: Answer, kind: type[CopilotError], requests: int
) -> None:
    server.script(answer)
    with pytest.raises(kind) as caught:
        llm_at(server).complete(QUESTION)
    assert len(server.journal) == requests
    for language in ("fr", "en"):
        assert caught.value.in_language(language).endswith(".")


def test_retry_after_is_waited_for(server: ScriptedServer) -> None:
    server.script(Answer(status=429, retry_after="0.3"), Answer(LONG))
    start = time.monotonic()
    assert llm_at(server).complete(QUESTION).text == LONG
    assert time.monotonic() - start >= 0.3


def test_retry_after_beyond_the_limit_is_told_at_once(server: ScriptedServer) -> None:
    server.script(Answer(status=429, retry_after="120"))
    start = time.monotonic()
    with pytest.raises(errors.LLMRateLimitError) as caught:
        llm_at(server).complete(QUESTION)
    assert caught.value.retry_after == 120
    assert "120" in caught.value.in_language("fr")
    assert time.monotonic() - start < 5
    assert len(server.journal) == 1


def test_refused_connection() -> None:
    llm = open_llm(LLMOptions("small", "http://127.0.0.1:9/v1", backoff=0.01, max_retries=1))
    with pytest.raises(errors.LLMUnavailableError):
        llm.complete(QUESTION)


def test_structured_answer(server: ScriptedServer) -> None:
    server.script(Answer('```json\n{"answered": true}\n```'))
    assert llm_at(server).complete(QUESTION, schema=SCHEMA).text == '{"answered": true}'
    assert server.journal[0].json["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize(
    "text", ['{"answered": tr', "Bien sûr !", '{"answered": "oui"}', "[1]", "", "{" * 3000]
)
def test_malformed_structured_answer(server: ScriptedServer, text: str) -> None:
    server.script(Answer(text))
    with pytest.raises(errors.LLMContractError):
        llm_at(server).complete(QUESTION, schema=SCHEMA)


def test_schema_is_asked_in_words_where_the_server_knows_no_other_way(server: ScriptedServer) -> None:
    server.script(Answer('{"answered": false}', refuses=("response_format",)))
    llm = llm_at(server)
    assert llm.complete(QUESTION, schema=SCHEMA).text == '{"answered": false}'
    llm.complete(QUESTION, schema=SCHEMA)
    first, second, third = server.journal
    assert "response_format" in first.json
    assert "response_format" not in second.json
    assert '"answered"' in second.json["messages"][0]["content"]
    assert "response_format" not in third.json, "what was refused once is not asked again"


def test_options_of_a_prompt_are_sent_in_words_all_servers_know(server: ScriptedServer) -> None:
    llm_at(server).complete(QUESTION, options={"temperature": 0.2, "max_tokens": 300})
    sent = server.journal[0].json
    assert (sent["temperature"], sent["max_tokens"]) == (0.2, 300)
    assert "max_completion_tokens" not in sent


def test_temperature_is_left_out_for_models_that_refuse_it(server: ScriptedServer) -> None:
    server.script(Answer(LONG, refuses=("temperature",)))
    assert llm_at(server).complete(QUESTION, options={"temperature": 0.2}).text == LONG


def test_daily_limit_is_held_before_the_call(server: ScriptedServer) -> None:
    ledger = MemoryLedger()
    options = LLMOptions("small", server.url, price_input=1e6, price_output=1e6, daily_limit=100.0)
    llm = open_llm(options, ledger=ledger)
    llm.complete(QUESTION)
    assert ledger.spent_today() == 18
    ledger.add(90)
    with pytest.raises(errors.LLMBudgetError):
        llm.complete(QUESTION)
    assert len(server.journal) == 1


def test_limit_without_prices_is_refused() -> None:
    with pytest.raises(errors.SettingsError):
        open_llm(LLMOptions("small", daily_limit=1.0))


def test_caller_who_leaves_ends_the_request(server: ScriptedServer) -> None:
    class Left(Exception):
        pass

    def leave(_: str) -> None:
        raise Left

    with pytest.raises(Left):
        llm_at(server).complete(QUESTION, on_text=leave)


def test_key_shows_in_no_message_and_no_repr(server: ScriptedServer) -> None:
    llm = llm_at(server, api_key="sk-very-secret", base_url=server.url.replace("//", "//user:pass@"))
    server.script(Answer(status=401))
    with pytest.raises(errors.LLMAuthError) as caught:
        llm.complete(QUESTION)
    for shown in (str(caught.value), repr(llm.options.__class__("m", api_key="sk-very-secret"))):
        assert "secret" not in shown
        assert "pass@" not in shown


def test_langchain_model_already_built() -> None:
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    llm = open_llm(LLMOptions("fake"), chat_model=FakeListChatModel(responses=["Bonjour à vous"]))
    shown: list[str] = []
    assert llm.complete(QUESTION, on_text=shown.append).text == "Bonjour à vous"
    assert shown[0] == "B"
    assert shown[-1] == "Bonjour à vous"


def test_langchain_name_without_its_package_is_explained() -> None:
    llm = open_llm(LLMOptions("nobody:model"))
    with pytest.raises(errors.SettingsError):
        llm.prepare()
    with pytest.raises(errors.LLMUnavailableError) as caught:
        llm.complete(QUESTION)
    assert "nobody" in caught.value.in_language("fr")


def test_personal_data_never_leaves_and_comes_back(server: ScriptedServer) -> None:
    address = "camille.d@exemple.fr"

    def mask(texts: object) -> tuple[list[str], object]:
        hidden = [str(text).replace(address, "[EMAIL_1]") for text in texts]  # type: ignore[attr-defined]
        return hidden, lambda text: text.replace("[EMAIL_1]", address)

    for size in (1, 2, 3, 5, 100):
        server.script(Answer("Écrivez à [EMAIL_1], merci [[1]].", chunks=size))
        llm = masked(llm_at(server), mask)  # type: ignore[arg-type]
        shown: list[str] = []
        completion = llm.complete([ChatMessage("user", f"Je suis {address}")], on_text=shown.append)
        assert completion.text == shown[-1] == f"Écrivez à {address}, merci [[1]]."
        assert not any("[E" in text for text in shown), "half a stand-in must not be seen"
        assert address.encode() not in server.received
        assert b"[EMAIL_1]" in server.received


def test_personal_data_comes_back_into_json(server: ScriptedServer) -> None:
    server.script(Answer('{"answered": true, "who": "[NAME_1]"}'))

    def mask(texts: object) -> tuple[list[str], object]:
        return list(texts), lambda text: text.replace("[NAME_1]", 'Jo "la\nbise"')  # type: ignore[call-overload]

    llm = masked(llm_at(server), mask)  # type: ignore[arg-type]
    text = llm.complete(QUESTION, schema={"type": "object"}).text
    import json

    assert json.loads(text)["who"] == 'Jo "la\nbise"'


def test_slow_import_counts_too(server: ScriptedServer) -> None:
    code = (
        "import time, copilot.llms as l, copilot.errors as e\n"
        f"llm = l.open_llm(l.LLMOptions('m', {server.url!r}, timeout_total=0.2)); start = time.monotonic()\n"
        "try: llm.complete([l.ChatMessage('user', 'x')])\n"
        "except e.LLMTimeoutError: print(time.monotonic() - start < 1.2)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
