"""Tables of the review: users and their sessions, reviewed texts, remarks, and the audit trail.

Texts stand in ``reviews`` and ``remarks``, whose rows can be erased; the trail holds only ids and keyed
hashes, so that erasing a person's words never breaks it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, Integer, String, Table, Text

from copilot.store.tables import metadata

users = Table(
    "users",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(300), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("disabled", Boolean, nullable=False, default=False),
)

reviews = Table(
    "reviews",
    metadata,
    Column("reply_id", String(32), ForeignKey("replies.id", ondelete="CASCADE"), primary_key=True),
    Column("state", String(30), nullable=False),
    Column("version", Integer, nullable=False, default=1),
    Column("text", Text, nullable=False),
    Column("submitted_by", String(200), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", String(200), nullable=False, default=""),
    Column("overrides", Text, nullable=False, default="{}", comment="rule to written reason, as JSON"),
    Index("ix_reviews_state", "state"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reply_id", String(32), ForeignKey("replies.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_remarks_reply_id", "reply_id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", String(40), nullable=False, comment="ISO 8601 in UTC, as it entered the hash"),
    Column("actor", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", String(100), nullable=False),
    Column("digest", String(64), nullable=False, comment="keyed hash of the text concerned"),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True, comment="SHA-256 of the secret that the browser holds"),
    Column("name", String(100), nullable=False),
    Column("kind", String(20), nullable=False, comment="browser, or token for a program"),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Index("ix_sessions_name", "name"),
)
