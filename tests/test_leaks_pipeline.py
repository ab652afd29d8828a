"""What leaves: every byte sent over 300 comments is searched, and no internal passage reaches a draft."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot import Comment, Copilot, ReplyRequest
from copilot.moderation import outgoing
from copilot.records import Chunk, Passage
from copilot.settings import Settings
from tests.conftest import NOW
from tests.llm_server import Answer, ScriptedServer
from tests.test_llms_leaks import ENGLISH, FRENCH, invented

COMMENTS = 300
BARE = ["Toujours rien reçu, c’est long. {name}", "Livrez-vous en Corse ?\n{name}", "{phone} rappelez-moi"]


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


def desk(folder: Path, ingested: Path, server: ScriptedServer, **more: str) -> Copilot:
    shutil.copytree(ingested, folder)
    settings = Settings(
        llm="test-model", llm_base_url=server.url, llm_api_key="sk-test", llm_timeout=8, llm_retries=0, **more
    )
    return Copilot(folder, settings=settings, clock=lambda: NOW)


def test_no_byte_sent_by_the_whole_pipeline_holds_personal_data(
    server: ScriptedServer, ingested_sample: Path, tmp_path: Path
) -> None:
    copilot = desk(tmp_path / "w", ingested_sample, server, moderation="m")
    server.script(Answer("Bonjour, [[0]]\n\nMerci de votre message. [[0]]\n\nL’équipe Cyclamène [[0]]"))
    draw = random.Random(11)
    secrets: set[tuple[str, str]] = set()
    for number in range(COMMENTS):
        person = invented(draw)
        template = draw.choice(ENGLISH if number % 4 == 0 else [*FRENCH, *BARE])
        text = template.format(**person)
        comment = Comment(text, author=person["name"])
        # A whole reply takes a tenth of a second: one in ten goes all the way, all are judged.
        if number % 10 == 0:
            copilot.reply(ReplyRequest(comment), keep=False)
        else:
            copilot.parts.triage(comment)
        secrets |= {(kind, value) for kind, value in person.items() if value in text or kind == "name"}
    sent = "\n".join(json.dumps(r.json, ensure_ascii=False) for r in server.journal)
    raw = server.received
    paths = {r.path.rsplit("/", 1)[-1] for r in server.journal}
    assert {"completions", "moderations"} <= paths
    assert len(server.journal) >= COMMENTS + COMMENTS // 10
    assert not {(kind, value) for kind, value in secrets if value in sent or value.encode() in raw}
    digits = re.sub(r"[\s.-]", "", sent)
    numeric = ("phone", "card", "iban", "nir")
    assert not {v for k, v in secrets if k in numeric and re.sub(r"[\s.-]", "", v) in digits}


SECRETS = (
    (
        "Le magasin de {town} fermera le {day} mars et {count} salariés seront reclassés ailleurs.",
        "Nos {count} salariés seront reclassés, car le magasin de {town} fermera le {day} mars.",
    ),
    (
        "Geste commercial réservé au service client : jusqu’à {count} euros si le client de {town} insiste.",
        "Si le client de {town} insiste, le service client fait un geste commercial jusqu’à {count} euros.",
    ),
    (
        "Le fournisseur de {town} a livré {count} batteries défectueuses, ne rien dire avant le {day} juin.",
        "Avant le {day} juin il ne faut rien dire : {count} batteries défectueuses livrées par {town}.",
    ),
    (
        "Le budget publicitaire de {town} passe à {count} mille euros dès la rentrée, décision secrète.",
        "Décision secrète : dès la rentrée le budget publicitaire de {town} passe à {count} mille euros.",
    ),
)
TOWNS = "Toulouse Lille Nancy Dijon Metz".split()  # noqa: SIM905


def internal_passages() -> list[tuple[Passage, str]]:
    """A hundred internal passages, each with a close rewording."""
    made = []
    for number in range(100):
        told, reworded = SECRETS[number % len(SECRETS)]
        values = {"town": TOWNS[number // 4 % 5], "day": 2 + number // 4, "count": 13 + 7 * number}
        chunk = Chunk(f"i{number}", "d", "interne.md", told.format(**values), visibility="internal")
        made.append((Passage(chunk, 0.9), reworded.format(**values)))
    return made


@pytest.mark.parametrize("reworded", [False, True])
def test_a_model_that_tells_internal_passages_is_stopped(reworded: bool) -> None:
    told = 0
    for passage, other in internal_passages():
        secret = other if reworded else passage.chunk.text
        draft = f"Bonjour, merci de votre message. {secret} L’équipe Cyclamène"
        found = outgoing(draft, internal_passages=[passage])
        told += not any(f.rule == "moderation.InternalContent" and f.level == "error" for f in found)
    assert told == 0


def test_the_offline_drafter_tells_nothing_internal(sample: Copilot) -> None:
    internal = [
        p.chunk
        for p in sample.parts.retriever.search(
            "geste commercial confidentiel", k=200, visibility=None, today=NOW.date()
        )
        if p.chunk.visibility == "internal"
    ]
    assert internal
    for chunk in internal[:20]:
        asked = chunk.question or chunk.text.split(".")[0]
        reply = sample.reply(ReplyRequest(Comment(f"{asked[:300]} ?")), keep=False)
        leaks = outgoing(reply.draft.text, internal_passages=[Passage(chunk, 1.0)], passages=reply.passages)
        assert not [f for f in leaks if f.rule == "moderation.InternalContent"], chunk.id


def test_the_moderation_endpoint_is_asked_and_the_stricter_wins(
    server: ScriptedServer, ingested_sample: Path, tmp_path: Path
) -> None:
    copilot = desk(tmp_path / "w", ingested_sample, server, moderation="m")
    server.script(Answer())
    # The scripted endpoint flags the word; the rules see that it is denied.
    found = copilot.triage("Je ne dis pas que c’est idiot, je dis que c’est cher.")
    assert found.unsure
    assert found.route == "hide"
    assert "insult" in {label.name for label in found.intents}
    assert "plus sévère" in found.explanation.fr


def test_without_an_answer_the_offline_verdict_stands_and_says_so(
    server: ScriptedServer, ingested_sample: Path, tmp_path: Path
) -> None:
    copilot = desk(tmp_path / "w", ingested_sample, server, moderation="m")
    server.script(Answer("down", status=500))
    found = copilot.triage("Vous livrez en Corse ?")
    assert found.route == "reply"
    assert "n’a pas répondu" in found.explanation.fr
