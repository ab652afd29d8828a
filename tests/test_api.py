"""What programs may ask, through Gradio's client and through MCP."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from copilot import Copilot
from tests.browser import Screens, start
from tests.conftest import NOW

ASKED = "Livrez-vous en Corse, et à quel prix ?"
NAMES = [
    "triage",
    "search_knowledge",
    "draft_reply",
    "draft_post",
    "check_text",
    "fix_text",
    "channel_limits",
]
PASSWORD = "un vélo vert au matin"


@pytest.fixture(scope="module")
def client(screens: Screens) -> Any:
    from gradio_client import Client

    return Client(f"{screens.address}/api/", verbose=False)


def test_only_the_named_set_is_offered(client: Any, screens: Screens) -> None:
    assert [name.strip("/") for name in client.view_api(return_format="dict")["named_endpoints"]] == NAMES
    for language in ("fr", "en"):
        found = httpx.get(f"{screens.address}/{language}/gradio_api/info").json()
        assert found == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_each_endpoint_answers_plain_json(client: Any) -> None:
    found = client.predict(ASKED, api_name="/triage")
    assert (found["language"], found["route"]) == ("fr", "reply")
    passages = client.predict(ASKED, 2, api_name="/search_knowledge")
    assert len(passages) == 2
    assert passages[0]["chunk"]["file"].startswith("knowledge/")
    report = client.predict("Nous livrons la Corse pour 89 €.", api_name="/check_text")
    assert "facts.contradicted" in [finding["rule"] for finding in report["findings"]]
    assert client.predict("Bonjour , merci.", api_name="/fix_text")["text"] != "Bonjour , merci."
    (row,) = client.predict("x_post", api_name="/channel_limits")
    assert (row["limit"], row["unit"]) == (280, "x_weighted")
    assert len(client.predict(api_name="/channel_limits")) > 20


def test_a_draft_is_proved_and_nothing_is_kept(client: Any, screens: Screens) -> None:
    before = len(screens.copilot.history(limit=1000))
    found = client.predict(ASKED, api_name="/draft_reply")
    assert "119" in found["draft"]["text"]
    assert {claim["state"] for claim in found["report"]["claims"]} == {"supported"}
    assert len(screens.copilot.history(limit=1000)) == before


def test_a_post_is_proved_and_nothing_is_kept(client: Any, screens: Screens) -> None:
    before = len(screens.copilot.posts.history(limit=1000))
    brief = {"objective": "Rappeler la livraison en Corse", "key_facts": "La Corse est livrée pour 119 €"}
    (post,) = client.predict(**brief, channel="x_post", api_name="/draft_post")
    assert "119" in post["draft"]["text"]
    assert post["report"]["count"]["used"] <= 280
    assert "contradicted" not in {claim["state"] for claim in post["report"]["claims"]}
    assert len(client.predict(**brief, format="event", api_name="/draft_post")) == 3
    assert len(screens.copilot.posts.history(limit=1000)) == before


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("channel_limits", {"channel": "x_pots"}, "x_pots"),
        ("check_text", {"text": "a" * 20_001}, "20000"),
        ("draft_reply", {"comment": " "}, ""),
        ("draft_post", {"objective": " "}, ""),
        ("draft_post", {"objective": "a", "channel": "x_pots"}, "x_pots"),
    ],
)
def test_a_refusal_is_a_sentence(client: Any, name: str, given: dict[str, str], told: str) -> None:
    with pytest.raises(Exception, match=told) as caught:
        client.predict(**given, api_name=f"/{name}")
    assert "Traceback" not in str(caught.value)
    assert "None" not in str(caught.value)


def by_mcp(address: str, name: str = "", headers: dict[str, str] | None = None, **given: Any) -> Any:
    """Call a tool, or list the tools."""
    pytest.importorskip("mcp.client.streamable_http")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def ask() -> Any:
        url = f"{address}/api/gradio_api/mcp/"
        async with (
            streamablehttp_client(url, headers=headers) as (reads, writes, _),
            ClientSession(reads, writes) as session,
        ):
            await session.initialize()
            return await (session.call_tool(name, given) if name else session.list_tools())

    # In a thread of its own: a browser of another test may hold this one's event loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture(scope="module")
def mcp_server(screens: Screens) -> Screens:
    """The screens, where Gradio's MCP extra is installed."""
    pytest.importorskip("gradio.mcp", exc_type=ImportError)
    if httpx.get(f"{screens.address}/api/gradio_api/mcp/schema").status_code != 200:
        pytest.skip("gradio[mcp] is not installed")
    return screens


def test_mcp_lists_the_same_tools_with_what_each_wants(mcp_server: Screens) -> None:
    tools = by_mcp(mcp_server.address).tools
    assert [tool.name for tool in tools] == NAMES
    draft = tools[NAMES.index("draft_reply")]
    assert "Nothing is kept or sent" in draft.description
    assert draft.inputSchema["required"] == ["comment"]
    assert draft.inputSchema["properties"]["comment"]["description"]


def test_mcp_answers_json_and_explains_refusals(mcp_server: Screens) -> None:
    answer = by_mcp(mcp_server.address, "draft_reply", comment=ASKED)
    assert "119" in json.loads(answer.content[0].text)["draft"]["text"]
    refused = by_mcp(mcp_server.address, "channel_limits", channel="x_pots")
    assert refused.isError
    assert "x_pots" in refused.content[0].text


@pytest.fixture(scope="module")
def guarded(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screens]:
    """Screens of a workspace with accounts."""
    folder = tmp_path_factory.mktemp("api") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    copilot = Copilot(folder, clock=lambda: NOW)
    copilot.accounts.save("ada", "admin", PASSWORD, actor="", at=NOW)
    copilot.accounts.save("robot", "agent", PASSWORD, actor="ada", at=NOW)
    served = start(copilot)
    yield served
    served.stop()


def test_a_program_needs_a_token_and_acts_as_its_person(guarded: Screens) -> None:
    from gradio_client import Client

    address = f"{guarded.address}/api/"
    assert httpx.get(f"{address}config").status_code == 401
    assert httpx.post(f"{address}gradio_api/mcp/", json={}).status_code == 401
    token = guarded.copilot.sessions.issue("robot", days=1, actor="ada")
    client = Client(address, verbose=False, headers={"Authorization": f"Bearer {token}"})
    assert client.predict(ASKED, api_name="/draft_reply")["actor"] == "robot"
    guarded.copilot.accounts.disable("robot", actor="ada", at=NOW)
    with pytest.raises(Exception, match=r"credentials|401"):
        Client(address, verbose=False, headers={"Authorization": f"Bearer {token}"})


def test_mcp_acts_as_the_person_of_the_token(guarded: Screens, mcp_server: Screens) -> None:
    assert mcp_server
    token = guarded.copilot.sessions.issue("ada", days=1, actor="ada")
    headers = {"Authorization": f"Bearer {token}"}
    answer = by_mcp(guarded.address, "draft_reply", headers, comment=ASKED)
    assert json.loads(answer.content[0].text)["actor"] == "ada"
