"""Sessions in the store: only the hash of each id is kept, so that a copy of the store opens nothing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from copilot.store import review_tables as t


class SessionRow(NamedTuple):
    """Whose session it is, since when, last used when, and until when at the latest."""

    name: str
    kind: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


class SessionBook:
    """Reads and writes of sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, secret: str, row: SessionRow) -> None:
        """Keep a new session; those that ended long ago go."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(t.sessions).where(t.sessions.c.ends_at < row.opened_at))
            connection.execute(sa.insert(t.sessions).values(id=_hash(secret), **row._asdict()))

    def get(self, secret: str) -> SessionRow | None:
        """Return the session of a secret."""
        c = t.sessions.c
        wanted = sa.select(c.name, c.kind, c.opened_at, c.seen_at, c.ends_at).where(c.id == _hash(secret))
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else SessionRow(row[0], row[1], *(_utc(at) for at in row[2:]))

    def touch(self, secret: str, at: datetime) -> None:
        """Note that a session was used."""
        with self._engine.begin() as connection:
            same = t.sessions.c.id == _hash(secret)
            connection.execute(sa.update(t.sessions).where(same).values(seen_at=at))

    def end(self, secret: str) -> None:
        """End one session."""
        with self._engine.begin() as connection:
            connection.execute(sa.delete(t.sessions).where(t.sessions.c.id == _hash(secret)))

    def end_all(self, name: str) -> int:
        """End every session of a person; return how many there were."""
        with self._engine.begin() as connection:
            return connection.execute(sa.delete(t.sessions).where(t.sessions.c.name == name)).rowcount


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
