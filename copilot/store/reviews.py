"""Users, reviews and the audit trail in the store: every act and its trace are one transaction."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from copilot.errors import ConflictError, StoreError
from copilot.records import ReviewState
from copilot.store import review_tables as t
from copilot.store.audit import AuditEntry, AuditTrail, audit_key
from copilot.store.posts import post_edits
from copilot.store.posts import posts as all_posts
from copilot.store.tables import edits, exemplars, gaps, replies

Role = Literal["agent", "manager", "admin"]


@dataclass(frozen=True, slots=True)
class User:
    """A local account. ``password_hash`` is argon2's own string, with its salt and parameters."""

    name: str
    role: Role
    password_hash: str
    created_at: datetime
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said about a text under review."""

    at: datetime
    actor: str
    text: str


@dataclass(frozen=True, slots=True)
class Review:
    """A text under review. ``version`` grows with every change: whoever changes it names the one she saw.

    ``submitted_by`` is whoever submitted or last changed the text.
    """

    reply_id: str
    state: ReviewState
    version: int
    text: str
    submitted_by: str
    updated_at: datetime
    decided_by: str = ""
    overrides: Mapping[str, str] | None = None
    remarks: tuple[Remark, ...] = ()


class ReviewBook:
    """Reads and writes of reviews, users and the trail."""

    def __init__(self, engine: Engine, key_file: Path) -> None:
        self._engine = engine
        self._key_file = key_file
        self._trail: AuditTrail | None = None

    @property
    def trail(self) -> AuditTrail:
        """The audit trail with its key."""
        if self._trail is None:
            end_file = self._key_file.with_name(f"{self._key_file.stem}.end")
            self._trail = AuditTrail(audit_key(self._key_file), end_file)
        return self._trail

    # -- reviews --------------------------------------------------------------------------------

    def get(self, reply_id: str) -> Review | None:
        """Return the review of a reply, or None when it was never submitted."""
        with self._engine.connect() as connection:
            row = connection.execute(_one(reply_id)).mappings().one_or_none()
            return None if row is None else self._review(connection, row)

    def waiting(self, *, state: ReviewState | None = None, limit: int = 200) -> list[Review]:
        """Return reviews, those of one state if asked, the one waiting longest first."""
        query = sa.select(t.reviews).order_by(t.reviews.c.updated_at).limit(limit)
        if state is not None:
            query = query.where(t.reviews.c.state == state)
        with self._engine.connect() as connection:
            return [self._review(connection, row) for row in connection.execute(query).mappings()]

    def put(
        self,
        reply_id: str,
        *,
        state: ReviewState,
        text: str,
        actor: str,
        at: datetime,
        seen: int,
        overrides: Mapping[str, str] | None = None,
        remark: str = "",
        author: str = "",
    ) -> Review:
        """Change a review to a new state or text.

        Args:
            author: who wrote the text as it now stands, where that changes.
            seen: the version the actor had before her eyes, 0 for a first submission.
            overrides: rule to written reason, for findings that were set aside.
            remark: what the actor says with it.

        Raises:
            ConflictError: somebody changed the review meanwhile.
            StoreError: the reply does not exist.
        """
        values = {
            "state": state,
            "text": text,
            "updated_at": at,
            "version": seen + 1,
            "overrides": json.dumps(dict(overrides or {}), ensure_ascii=False),
        }
        if state in ("approved", "rejected", "changes_requested"):
            values["decided_by"] = actor
        if author:
            values["submitted_by"] = author
        with self._begin() as connection:
            if seen:
                same = sa.and_(t.reviews.c.reply_id == reply_id, t.reviews.c.version == seen)
                changed = connection.execute(sa.update(t.reviews).where(same).values(**values)).rowcount
            else:
                changed = self._insert(connection, reply_id, actor, values)
            if not changed:
                raise ConflictError("review.conflict", id=reply_id)
            if remark:
                self._remark(connection, reply_id, actor, remark, at)
            self._append(connection, at=at, actor=actor, action=state, subject=reply_id, text=text)
        review = self.get(reply_id)
        assert review is not None
        return review

    def remark(self, reply_id: str, text: str, *, actor: str, at: datetime) -> None:
        """Add what somebody says about a text under review."""
        with self._begin() as connection:
            self._remark(connection, reply_id, actor, text, at)
            self._append(connection, at=at, actor=actor, action="remark", subject=reply_id, text=text)

    def note(self, action: str, subject: str, *, actor: str, at: datetime, text: str = "") -> None:
        """Write an act that changes nothing else into the trail (an override, an export, an erasure)."""
        with self._begin() as connection:
            self._append(connection, at=at, actor=actor, action=action, subject=subject, text=text)

    def entries(self) -> list[AuditEntry]:
        """Return the whole trail, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(t.audit).order_by(t.audit.c.id)).all()
        return [AuditEntry(*row) for row in rows]

    def broken(self) -> list[int]:
        """Return the ids of trail entries that were changed or removed around."""
        return list(self.trail.broken(self.entries()))

    # -- users ----------------------------------------------------------------------------------

    def users(self) -> list[User]:
        """Return all accounts by name."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(t.users).order_by(t.users.c.name)).all()
        return [User(r[0], cast(Role, r[1]), r[2], r[3], bool(r[4])) for r in rows]

    def user(self, name: str) -> User | None:
        """Return one account."""
        return next((u for u in self.users() if u.name == name), None)

    def save_user(self, user: User, *, actor: str, at: datetime) -> None:
        """Add an account or replace its role, password and state."""
        state = "disabled" if user.disabled else user.role
        values = {"role": user.role, "password_hash": user.password_hash, "disabled": user.disabled}
        with self._begin() as connection:
            same = t.users.c.name == user.name
            if not connection.execute(sa.update(t.users).where(same).values(**values)).rowcount:
                connection.execute(
                    sa.insert(t.users).values(name=user.name, created_at=user.created_at, **values)
                )
            self._append(connection, at=at, actor=actor, action=f"account:{state}", subject=user.name)

    # -- a person's data ------------------------------------------------------------------------

    def mentioning(self, needle: str) -> list[str]:
        """Return the ids of the replies to an author, or in whose texts somebody wrote these words.

        Whole words, whatever their case and accents; the passages of the knowledge do not count.
        """
        says = saying(needle)
        c, found = replies.c, dict[str, None]()
        with self._engine.connect() as connection:
            wanted = sa.select(c.id, c.author, c.comment, c.final_text, c.document)
            for identifier, *texts, document in connection.execute(wanted.execution_options(yield_per=500)):
                # A draft names nobody whom comment, author or note do not name; its sign-off names the brand.
                told = [*texts, json.loads(document).get("note", "")]
                if any(text and says(text) for text in told):
                    found[identifier] = None
            for table in (edits, t.reviews, t.remarks):
                for identifier, text in connection.execute(sa.select(table.c.reply_id, table.c.text)):
                    if says(text):
                        found[identifier] = None
        return list(found)

    def erase(self, ids: list[str], *, posts: list[str] | None = None, actor: str, at: datetime) -> None:
        """Delete replies and posts with all that hangs on them; the trail keeps only that it was done."""
        gone = posts or []
        with self._begin() as connection:
            connection.execute(sa.delete(post_edits).where(post_edits.c.post_id.in_(gone)))
            connection.execute(sa.delete(all_posts).where(all_posts.c.id.in_(gone)))
            for table in (t.remarks, t.reviews, edits, exemplars, gaps):
                connection.execute(sa.delete(table).where(table.c.reply_id.in_(ids)))
            connection.execute(sa.delete(replies).where(replies.c.id.in_(ids)))
            for identifier in (*ids, *gone):
                self._append(connection, at=at, actor=actor, action="erased", subject=identifier)

    def older_than(self, before: datetime) -> list[str]:
        """Return the ids of replies made before a moment that are not anonymous yet."""
        c = replies.c
        query = sa.select(c.id).where((c.created_at < before) & c.anonymised.is_(False))
        with self._engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def mark_anonymous(
        self, reply_id: str, comment: str, masked: Callable[[str], str], *, actor: str, at: datetime
    ) -> None:
        """Note that a reply holds no personal data any more: what hangs on it is masked or goes.

        Args:
            comment: the comment without personal data.
            masked: takes personal data out of a text.
        """
        with self._begin() as connection:
            for gone in (edits, t.remarks):
                connection.execute(sa.delete(gone).where(gone.c.reply_id == reply_id))
            for table, column in ((exemplars, exemplars.c.message), (gaps, gaps.c.question)):
                connection.execute(
                    sa.update(table).where(table.c.reply_id == reply_id).values({column: comment})
                )
            for table, key, column in (
                (t.reviews, t.reviews.c.reply_id, t.reviews.c.text),
                (replies, replies.c.id, replies.c.final_text),
            ):
                text = connection.execute(sa.select(column).where(key == reply_id)).scalar()
                if text:
                    connection.execute(sa.update(table).where(key == reply_id).values({column: masked(text)}))
            connection.execute(sa.update(replies).where(replies.c.id == reply_id).values(anonymised=True))
            self._append(connection, at=at, actor=actor, action="anonymised", subject=reply_id)

    # -- inside ---------------------------------------------------------------------------------

    def _insert(self, connection: Connection, reply_id: str, actor: str, values: dict[str, Any]) -> int:
        if connection.execute(sa.select(replies.c.id).where(replies.c.id == reply_id)).scalar() is None:
            raise StoreError("store.no_reply", id=reply_id)
        if connection.execute(_one(reply_id)).first() is not None:
            return 0
        row = {"submitted_by": actor, "decided_by": "", **values}
        connection.execute(sa.insert(t.reviews).values(reply_id=reply_id, **row))
        return 1

    def _remark(self, connection: Connection, reply_id: str, actor: str, text: str, at: datetime) -> None:
        connection.execute(sa.insert(t.remarks).values(reply_id=reply_id, actor=actor, text=text, at=at))

    def _review(self, connection: Connection, row: Any) -> Review:
        said = connection.execute(
            sa.select(t.remarks.c.at, t.remarks.c.actor, t.remarks.c.text)
            .where(t.remarks.c.reply_id == row["reply_id"])
            .order_by(t.remarks.c.id)
        ).all()
        return Review(
            reply_id=row["reply_id"],
            state=row["state"],
            version=row["version"],
            text=row["text"],
            submitted_by=row["submitted_by"],
            updated_at=_utc(row["updated_at"]),
            decided_by=row["decided_by"],
            overrides=json.loads(row["overrides"]),
            remarks=tuple(Remark(_utc(r[0]), r[1], r[2]) for r in said),
        )

    def _append(self, connection: Connection, **entry: Any) -> None:
        connection.info["trail_end"] = self.trail.append(connection, **entry)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                if connection.dialect.name == "sqlite":
                    # Take the write lock before reading the end of the trail, or two writers would share it.
                    connection.exec_driver_sql("UPDATE audit SET id = id WHERE 0")
                yield connection
                end = connection.info.pop("trail_end", None)
            if end is not None:
                self.trail.note_end(*end)
        except sa.exc.DBAPIError as error:
            raise StoreError("store.write", reason=str(error.orig)) from error


def _one(reply_id: str) -> sa.Select[Any]:
    return sa.select(t.reviews).where(t.reviews.c.reply_id == reply_id)


def saying(needle: str) -> Callable[[str], bool]:
    """Return the test whether a text holds these words, whole, whatever their case and accents."""
    sought = re.compile(rf"(?<!\w){re.escape(_folded(needle))}(?!\w)")
    return lambda text: sought.search(_folded(text)) is not None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
