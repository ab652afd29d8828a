"""The store: every verb is one transaction, so that a crash at any point keeps what was saved."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from copilot.errors import StoreError
from copilot.records import CheckReport, Reply
from copilot.store import tables as t
from copilot.store.posts import PostBook
from copilot.store.reviews import ReviewBook
from copilot.store.sessions import SessionBook

SCHEMA_FOLDER = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A reply as the history shows it. ``final_text`` is what a person chose to send, if anybody did."""

    reply: Reply
    final_text: str = ""
    accepted_at: datetime | None = None
    accepted_by: str = ""
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A validated pair: this message was answered from this chunk, at this version of the chunk."""

    id: int
    message: str
    chunk_id: str
    chunk_version: str
    reply_id: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the knowledge could not answer."""

    id: int
    question: str
    language: str
    answerable: float
    at: datetime
    reply_id: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a draft was of use to the person who answered, and her reason."""

    reply_id: str
    good: bool
    reason: str
    actor: str
    at: datetime


class Store:
    """All reads and writes of saved work. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save_reply(self, reply: Reply) -> None:
        """Insert or replace a reply with all that led to it."""
        row = {
            "created_at": reply.created_at,
            "actor": reply.actor,
            "channel": reply.channel,
            "author": reply.comment.author,
            "comment": reply.comment.text,
            "document": _adapter(Reply).dump_json(reply).decode(),
        }
        with self._write() as connection:
            if not connection.execute(
                sa.update(t.replies).where(t.replies.c.id == reply.id).values(**row)
            ).rowcount:
                connection.execute(sa.insert(t.replies).values(id=reply.id, anonymised=False, **row))

    def save_edit(self, reply_id: str, text: str, report: CheckReport, *, actor: str, at: datetime) -> None:
        """Add one edited version of a reply's text, with the findings it had.

        Raises:
            StoreError: there is no such reply.
        """
        self._reply_row(reply_id)
        with self._write() as connection:
            connection.execute(
                sa.insert(t.edits).values(
                    reply_id=reply_id,
                    at=at,
                    actor=actor,
                    text=text,
                    report=_adapter(CheckReport).dump_json(report).decode(),
                )
            )

    def accept(self, reply_id: str, text: str, *, actor: str, at: datetime) -> None:
        """Record the text that a person chose to send."""
        self._reply_row(reply_id)
        with self._write() as connection:
            connection.execute(
                sa.update(t.replies)
                .where(t.replies.c.id == reply_id)
                .values(final_text=text, accepted_at=at, accepted_by=actor)
            )

    def unaccept(self, reply_id: str) -> None:
        """Take an acceptance back, with what was learnt from it."""
        with self._write() as connection:
            connection.execute(
                sa.update(t.replies)
                .where(t.replies.c.id == reply_id)
                .values(final_text=None, accepted_at=None, accepted_by=None)
            )
            connection.execute(sa.delete(t.exemplars).where(t.exemplars.c.reply_id == reply_id))

    def reply(self, reply_id: str) -> HistoryEntry:
        """Return one saved reply.

        Raises:
            StoreError: there is no such reply.
        """
        return self._entry(self._reply_row(reply_id))

    def history(
        self, *, limit: int = 50, offset: int = 0, author: str = "", contains: str = ""
    ) -> list[HistoryEntry]:
        """Return saved replies, newest first, of one author or holding a text if asked."""
        query = sa.select(t.replies).order_by(t.replies.c.created_at.desc(), t.replies.c.id)
        if author:
            query = query.where(t.replies.c.author == author)
        if contains:
            needle = f"%{contains}%"
            query = query.where(t.replies.c.comment.ilike(needle) | t.replies.c.final_text.ilike(needle))
        with self._read() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
        return [self._entry(row) for row in rows]

    def learn(
        self, message: str, chunks: Sequence[tuple[str, str]], *, reply_id: str, actor: str, at: datetime
    ) -> None:
        """Keep a validated message for each ``(chunk id, version)`` that answered it."""
        with self._write() as connection:
            connection.execute(sa.delete(t.exemplars).where(t.exemplars.c.reply_id == reply_id))
            for chunk_id, version in chunks:
                connection.execute(
                    sa.insert(t.exemplars).values(
                        reply_id=reply_id,
                        message=message,
                        chunk_id=chunk_id,
                        chunk_version=version,
                        actor=actor,
                        at=at,
                    )
                )

    def exemplars(self) -> list[Exemplar]:
        """Return every validated pair, oldest first."""
        c = t.exemplars.c
        with self._read() as connection:
            rows = connection.execute(
                sa.select(c.id, c.message, c.chunk_id, c.chunk_version, c.reply_id).order_by(c.id)
            ).all()
        return [Exemplar(*row[:4], row[4] or "") for row in rows]

    def record_gap(
        self, question: str, *, language: str, answerable: float, reply_id: str, at: datetime
    ) -> None:
        """Note a question that the knowledge could not answer."""
        with self._write() as connection:
            connection.execute(
                sa.insert(t.gaps).values(
                    at=at,
                    question=question,
                    language=language,
                    answerable=answerable,
                    reply_id=reply_id,
                    closed=False,
                )
            )

    def gaps(self, *, limit: int = 200) -> list[Gap]:
        """Return open gaps, newest first."""
        c = t.gaps.c
        query = (
            sa.select(c.id, c.question, c.language, c.answerable, c.at, c.reply_id)
            .where(c.closed.is_(False))
            .order_by(c.id.desc())
            .limit(limit)
        )
        with self._read() as connection:
            return [Gap(*row[:5], row[5] or "") for row in connection.execute(query)]

    def close_gap(self, gap_id: int) -> None:
        """Mark a gap as answered."""
        with self._write() as connection:
            connection.execute(sa.update(t.gaps).where(t.gaps.c.id == gap_id).values(closed=True))

    def judge(self, reply_id: str, *, good: bool, reason: str, actor: str, at: datetime) -> None:
        """Keep what a person thinks of a draft, in place of what she said of it before.

        Raises:
            StoreError: there is no such reply.
        """
        self._reply_row(reply_id)
        c = t.judgements.c
        with self._write() as connection:
            connection.execute(sa.delete(t.judgements).where((c.reply_id == reply_id) & (c.actor == actor)))
            connection.execute(
                sa.insert(t.judgements).values(
                    reply_id=reply_id, good=good, reason=reason, actor=actor, at=at
                )
            )

    def judgements(self, *, limit: int = 1000) -> list[Judgement]:
        """Return what people thought of drafts, newest first."""
        c = t.judgements.c
        query = sa.select(c.reply_id, c.good, c.reason, c.actor, c.at).order_by(c.id.desc()).limit(limit)
        with self._read() as connection:
            return [Judgement(*row) for row in connection.execute(query)]

    def spend(
        self, day: date, *, model: str, cost: float, input_tokens: int = 0, output_tokens: int = 0
    ) -> None:
        """Add the cost of one model call to a day."""
        with self._write() as connection:
            connection.execute(
                sa.insert(t.spending).values(
                    day=day, model=model, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost
                )
            )

    def spent(self, day: date) -> float:
        """Return what the day has cost so far."""
        with self._read() as connection:
            total = connection.execute(
                sa.select(sa.func.coalesce(sa.func.sum(t.spending.c.cost), 0.0)).where(
                    t.spending.c.day == day
                )
            ).scalar_one()
        return float(total)

    def book(self, key_file: Path) -> ReviewBook:
        """Return reviews, accounts and the audit trail of this store, whose key is in ``key_file``."""
        return ReviewBook(self._engine, key_file)

    def sessions(self) -> SessionBook:
        """Return the sessions of this store."""
        return SessionBook(self._engine)

    def posts(self) -> PostBook:
        """Return the posts of this store."""
        return PostBook(self._engine)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _reply_row(self, reply_id: str) -> Any:
        with self._read() as connection:
            row = (
                connection.execute(sa.select(t.replies).where(t.replies.c.id == reply_id))
                .mappings()
                .one_or_none()
            )
        if row is None:
            raise StoreError("store.no_reply", id=reply_id)
        return row

    def _entry(self, row: Any) -> HistoryEntry:
        with self._read() as connection:
            edits = connection.execute(
                sa.select(sa.func.count()).select_from(t.edits).where(t.edits.c.reply_id == row["id"])
            ).scalar_one()
        return HistoryEntry(
            reply=_adapter(Reply).validate_json(row["document"]),
            final_text=row["final_text"] or "",
            accepted_at=_aware(row["accepted_at"]),
            accepted_by=row["accepted_by"] or "",
            edits=int(edits),
        )

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise StoreError("store.write", reason=str(error.orig)) from error

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise StoreError("store.read", reason=str(error.orig)) from error


def open_store(address: str) -> Store:
    """Open a store and bring it to the present schema.

    Args:
        address: a SQLAlchemy URL, ``sqlite:///…`` or ``postgresql+psycopg://…``.

    Raises:
        StoreError: it cannot be opened, migrated or written.
    """
    try:
        engine = sa.create_engine(address, pool_pre_ping=not address.startswith("sqlite"))
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise StoreError("store.address", reason=str(error)) from error
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    try:
        _migrate(engine)
    except sa.exc.DBAPIError as error:
        engine.dispose()
        raise StoreError("store.open", reason=str(error.orig)) from error
    return Store(engine)


_migration_lock = threading.Lock()  # Alembic keeps its context in module globals


def _migrate(engine: Engine) -> None:
    if _current_revision(engine) == head_revision():
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCHEMA_FOLDER))
    with _migration_lock, engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _current_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def head_revision() -> str:
    """Return the newest revision: the last of the files, whose names are in order."""
    return max(path.stem for path in (SCHEMA_FOLDER / "versions").glob("[0-9]*.py"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # WAL lets a CLI read beside a running UI; FULL makes an acknowledged write survive a power cut.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _aware(at: datetime | None) -> datetime | None:
    from datetime import UTC

    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


@cache
def _adapter(record: type) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(record)
