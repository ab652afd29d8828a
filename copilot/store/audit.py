"""An audit trail that cannot be rewritten unseen: each entry holds the hash of the one before it.

``hash = HMAC-SHA256(key, previous, at, actor, action, subject, digest)``, HMAC after RFC 2104; the key lives
beside the store in a file that only its owner reads. Texts are not in the trail, only their keyed hashes.
A chain alone does not show that its end was cut off: the last entry is noted beside the key as well.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
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

    def __init__(self, key: bytes, end_file: Path) -> None:
        self._key = key
        self._end_file = end_file

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
    ) -> tuple[int, str]:
        """Add an entry after the last one and return its id and hash.

        Concurrent writers are kept in line by the database.
        """
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("LOCK TABLE audit IN EXCLUSIVE MODE"))
        last = connection.execute(sa.select(t.audit.c.hash).order_by(t.audit.c.id.desc()).limit(1)).scalar()
        moment = at.astimezone(UTC).isoformat()
        previous = last or FIRST
        digest = self.digest(text)
        link = self._link(previous, moment, actor, action, subject, digest)
        added = connection.execute(
            sa.insert(t.audit)
            .values(
                at=moment,
                actor=actor,
                action=action,
                subject=subject,
                digest=digest,
                previous=previous,
                hash=link,
            )
            .returning(t.audit.c.id)
        ).scalar_one()
        return int(added), link

    def broken(self, entries: Sequence[AuditEntry]) -> Iterator[int]:
        """Yield the id of every entry that was changed, does not follow the one before it, or is gone."""
        previous = FIRST
        end, end_hash = self._end()
        for entry in entries:
            expected = self._link(previous, entry.at, entry.actor, entry.action, entry.subject, entry.digest)
            if entry.previous != previous or not hmac.compare_digest(entry.hash, expected):
                yield entry.id
            previous = entry.hash
        if end and not any(entry.id == end and entry.hash == end_hash for entry in entries):
            yield end

    def note_end(self, entry_id: int, entry_hash: str) -> None:
        """Note the last entry beside the key, once its transaction is saved; an older one changes nothing."""
        if entry_id <= self._end()[0]:
            return
        written = self._end_file.with_name(f"{self._end_file.name}.{secrets.token_hex(4)}")
        written.write_text(f"{entry_id} {entry_hash}", encoding="ascii")
        os.replace(written, self._end_file)

    def _end(self) -> tuple[int, str]:
        try:
            number, _, found = self._end_file.read_text(encoding="ascii").partition(" ")
            return int(number), found
        except (FileNotFoundError, ValueError):
            return 0, ""

    def _link(self, *fields: str) -> str:
        return self._mac(json.dumps(fields, ensure_ascii=False).encode())

    def _mac(self, data: bytes) -> str:
        return hmac.new(self._key, data, hashlib.sha256).hexdigest()


def audit_key(path: Path) -> bytes:
    """Read the key of the trail, made on first use and readable by its owner alone."""
    if not path.exists():
        made = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            # A link appears whole or not at all, and only the first of several processes makes it.
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
