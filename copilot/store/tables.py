"""The tables. Migrations under ``migrations/`` bring an older store to this shape."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

replies = Table(
    "replies",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False, default=""),
    Column("channel", String(60), nullable=False),
    Column("author", String(200), nullable=False, default=""),
    Column("comment", Text, nullable=False),
    Column("document", Text, nullable=False, comment="the whole Reply record as JSON"),
    Column("final_text", Text, nullable=True),
    Column("accepted_at", DateTime(timezone=True), nullable=True),
    Column("accepted_by", String(200), nullable=True),
    Column("anonymised", Boolean, nullable=False, default=False),
    Index("ix_replies_created_at", "created_at"),
    Index("ix_replies_author", "author"),
)

edits = Table(
    "edits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reply_id", String(32), ForeignKey("replies.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("report", Text, nullable=False, comment="the CheckReport of this text as JSON"),
    Index("ix_edits_reply_id", "reply_id"),
)

exemplars = Table(
    "exemplars",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reply_id", String(32), nullable=True),
    Column("message", Text, nullable=False),
    Column("chunk_id", String(200), nullable=False),
    Column("chunk_version", String(64), nullable=False, default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False, default=""),
    Index("ix_exemplars_chunk_id", "chunk_id"),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("question", Text, nullable=False),
    Column("language", String(8), nullable=False, default="und"),
    Column("answerable", Float, nullable=False),
    Column("reply_id", String(32), nullable=True),
    Column("closed", Boolean, nullable=False, default=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("reply_id", String(32), ForeignKey("replies.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", String(200), nullable=False, default=""),
    Column("good", Boolean, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Index("ix_judgements_reply_id", "reply_id"),
)

spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("day", Date, nullable=False),
    Column("model", String(200), nullable=False, default=""),
    Column("input_tokens", Integer, nullable=False, default=0),
    Column("output_tokens", Integer, nullable=False, default=0),
    Column("cost", Float, nullable=False, default=0.0),
    Index("ix_spending_day", "day"),
)
