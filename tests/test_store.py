"""The store keeps what was saved, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from copilot.errors import StoreError
from copilot.records import (
    CheckReport,
    Chunk,
    Comment,
    Draft,
    Evidence,
    Passage,
    Reply,
    Sentence,
    Span,
    Triage,
)
from copilot.store import open_store
from copilot.store.store import SCHEMA_FOLDER, head_revision
from copilot.store.tables import metadata

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def reply(identifier: str = "r1", text: str = "Comptez 48\u202fh 🚲.") -> Reply:
    passage = Passage(
        Chunk("c1", "d1", "faq/livraison.md", "La livraison prend 48 h.", version="v1"), 0.8, (Span(0, 5),)
    )
    evidence = Evidence("c1", Span(0, 24), "La livraison prend 48 h.", 0.9, "v1")
    draft = Draft(text, "offline", "fr", "vous", (Sentence(Span(0, 14), (evidence,)),))
    report = CheckReport(text, "fr")
    return Reply(
        identifier, Comment("Quel délai ?", "Léa"), Triage("fr"), (passage,), draft, report, created_at=NOW
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return str(request.getfixturevalue("postgresql_address"))


def test_a_reply_comes_back_as_it_was(address: str) -> None:
    store = open_store(address)
    store.save_reply(reply())
    store.close()
    again = open_store(address)
    assert again.reply("r1").reply == reply()


def test_accepting_records_who_sent_what_and_can_be_undone(address: str) -> None:
    store = open_store(address)
    store.save_reply(reply())
    store.save_edit("r1", "Comptez 2 jours.", CheckReport("Comptez 2 jours.", "fr"), actor="ana", at=NOW)
    store.accept("r1", "Comptez 2 jours.", actor="ana", at=NOW)
    store.learn("Quel délai ?", [("c1", "v1")], reply_id="r1", actor="ana", at=NOW)
    entry = store.history()[0]
    assert (entry.final_text, entry.accepted_by, entry.accepted_at, entry.edits) == (
        "Comptez 2 jours.",
        "ana",
        NOW,
        1,
    )
    assert [(e.message, e.chunk_id, e.chunk_version) for e in store.exemplars()] == [
        ("Quel délai ?", "c1", "v1")
    ]
    store.unaccept("r1")
    assert store.reply("r1").final_text == ""
    assert store.exemplars() == []


def test_gaps_and_spending_add_up(address: str) -> None:
    store = open_store(address)
    store.record_gap("Louez-vous des tandems ?", language="fr", answerable=0.1, reply_id="r1", at=NOW)
    gap = store.gaps()[0]
    assert gap.question == "Louez-vous des tandems ?"
    store.close_gap(gap.id)
    assert store.gaps() == []
    for cost in (0.02, 0.03):
        store.spend(date(2026, 11, 20), model="m", input_tokens=10, output_tokens=5, cost=cost)
    assert store.spent(date(2026, 11, 20)) == pytest.approx(0.05)
    assert store.spent(date(2026, 11, 19)) == 0


def test_an_unknown_reply_is_an_explained_error(address: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(address).accept("nobody", "x", actor="", at=NOW)
    assert "nobody" in caught.value.in_language("fr")


def test_migrations_end_in_the_declared_tables(address: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    open_store(address).close()
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert [d for d in differences if not _comment_only(d)] == []
    assert head_revision() in {p.stem for p in (SCHEMA_FOLDER / "versions").glob("*.py")}


def _comment_only(difference: object) -> bool:
    items = difference if isinstance(difference, list) else [difference]
    return all(item[0] in {"modify_comment", "modify_default"} for item in items)


def test_what_was_saved_survives_a_killed_process(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(address).close()
    program = (
        "import sys; sys.path.insert(0, sys.argv[2]); from tests.test_store import reply\n"
        "from copilot.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "for i in range(10_000):\n"
        "    store.save_reply(reply(f'r{i}')); print(i, flush=True)\n"
    )
    root = str(Path(__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, "-c", program, address, root], stdout=subprocess.PIPE, text=True, cwd=root
    )
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(25)]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    saved = {entry.reply.id for entry in open_store(address).history(limit=1000)}
    assert {f"r{i}" for i in acknowledged} <= saved


def test_an_impossible_address_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "absent" / "store.db"
    with pytest.raises(StoreError) as caught:
        open_store(f"sqlite:///{folder}")
    assert ".copilot" in caught.value.in_language("fr")
