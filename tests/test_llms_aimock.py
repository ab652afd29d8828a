"""The border against a server of somebody else's making: ``@copilotkit/aimock``, installed by npm."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from copilot import errors
from copilot.llms import ChatMessage, LLMOptions, embeddings, open_llm, open_moderation

PACKAGE = "@copilotkit/aimock"
TEXT = "La livraison prend trois jours ouvrés, hors Corse [[1]]. Bonne journée."
FIXTURES: list[dict[str, Any]] = [
    {"match": {"userMessage": "délai"}, "response": {"content": TEXT}},
    {"match": {"userMessage": "clé"}, "response": {"error": {"message": "bad key"}, "status": 401}},
    {
        "match": {"userMessage": "quota", "sequenceIndex": 0},
        "response": {"error": {"message": "slow down"}, "status": 429, "retryAfter": 1},
    },
    {"match": {"userMessage": "quota"}, "response": {"content": TEXT}},
    {"match": {"userMessage": "panne"}, "response": {"error": {"message": "broken"}, "status": 500}},
    {"match": {"userMessage": "coupure"}, "response": {"content": TEXT}, "truncateAfterChunks": 2},
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    command = _installed()
    fixtures = tmp_path_factory.mktemp("aimock") / "fixtures.json"
    fixtures.write_text(json.dumps({"fixtures": FIXTURES}), encoding="utf-8")
    process = subprocess.Popen(
        [*command, "-p", "0", "-f", str(fixtures), "-c", "8"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://[\w.]+:\d+", line):
                yield f"{found.group()}/v1"
                return
        pytest.fail("aimock ended before it listened")
    finally:
        process.terminate()
        process.wait(10)


def _installed() -> list[str]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        pytest.skip("npm is not installed: the tests against @copilotkit/aimock need it")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "porte-voix-tests" / "aimock"
    program = cache / "node_modules" / PACKAGE / "dist" / "cli.js"
    if not program.is_file():
        try:
            cache.mkdir(parents=True, exist_ok=True)
            install = [npm, "install", "--prefix", str(cache), "--no-audit", "--no-fund", f"{PACKAGE}@^1.43"]
            subprocess.run(install, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            pytest.skip(f"@copilotkit/aimock cannot be installed: {error}")
    return [node, str(program)]


def ask(url: str, word: str, **changes: Any) -> tuple[str, list[str]]:
    options = {"model": "gpt-4o-mini", "base_url": url, "api_key": "k", "backoff": 0.01, **changes}
    shown: list[str] = []
    completion = open_llm(LLMOptions(**options)).complete([ChatMessage("user", word)], on_text=shown.append)
    return completion.text, shown


def test_streams(url: str) -> None:
    text, shown = ask(url, "Quel délai ?")
    assert text == shown[-1] == TEXT
    assert len(shown) > 5


def test_refused_key(url: str) -> None:
    with pytest.raises(errors.LLMAuthError):
        ask(url, "La clé ?")


def test_waits_as_asked(url: str) -> None:
    start = time.monotonic()
    assert ask(url, "Le quota ?")[0] == TEXT
    assert 1.0 <= time.monotonic() - start < 8


def test_server_failure(url: str) -> None:
    with pytest.raises(errors.LLMUnavailableError):
        ask(url, "Une panne ?", max_retries=1)


def test_connection_cut_in_the_middle(url: str) -> None:
    with pytest.raises(errors.LLMUnavailableError):
        ask(url, "Une coupure ?", max_retries=1)


def test_embeddings_and_moderation(url: str) -> None:
    vectors = embeddings("openai:text-embedding-3-small", base_url=url, api_key="k").embed(["un", "deux"])
    assert vectors.shape[0] == 2
    verdicts = open_moderation("omni-moderation-latest", base_url=url, api_key="k")(["Bonjour"])
    assert [verdict.flagged for verdict in verdicts] == [False]
