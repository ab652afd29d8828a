"""An audit trail that cannot be rewritten unseen: each entry holds the hash of the one before it.

``hash = HMAC-SHA256(key, previous, at, actor, action, subject, digest)``, HMAC after RFC 2104; the key lives
beside the store in a file that only its owner reads. Texts are not in the trail, only their keyed hashes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from copilot.store import review_tables as t

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what to which reply or user, when. ``digest`` is the keyed hash of the text concerned."""

    id: int
    at: str
    actor: str
    action: str
    subject: str
    digest: str
    previous: str
    hash: str


class AuditTrail:
    """Append and verify. Appending happens inside the caller's transaction, so that an act and its trace
    are saved together or not at all."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, text: str) -> str:
        """Return the keyed hash of a text, or an empty string for none."""
        return self._mac(text.encode()) if text else ""

    def append(
        self,
        connection: Connection,
        *,
        at: datetime,
        actor: str,
        action: str,
        subject: str,
        text: str = "",
    ) -> None:
        """Add an entry after the last one; concurrent writers are kept in line by the database."""
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))
        last = connection.execute(sa.select(t.audit.c.hash).order_by(t.audit.c.id.desc()).limit(1)).scalar()
        moment = at.astimezone(UTC).isoformat()
        previous = last or FIRST
        digest = self.digest(text)
        connection.execute(
            sa.insert(t.audit).values(
                at=moment,
                actor=actor,
                action=action,
                subject=subject,
                digest=digest,
                previous=previous,
                hash=self._link(previous, moment, actor, action, subject, digest),
            )
        )

    def broken(self, entries: Sequence[AuditEntry]) -> Iterator[int]:
        """Yield the id of every entry that was changed or does not follow the one before it."""
        previous = FIRST
        for entry in entries:
            expected = self._link(previous, entry.at, entry.actor, entry.action, entry.subject, entry.digest)
            if entry.previous != previous or not hmac.compare_digest(entry.hash, expected):
                yield entry.id
            previous = entry.hash

    def _link(self, *fields: str) -> str:
        return self._mac(json.dumps(fields, ensure_ascii=False).encode())

    def _mac(self, data: bytes) -> str:
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()


def audit_key(path: Path) -> bytes:
    """Read the key of the trail, made on first use and readable by its owner alone."""
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        key = secrets.token_bytes(32)
        path.touch(mode=0o600, exist_ok=False)
        path.write_text(key.hex(), encoding="ascii")
        return key
