"""Posts in the store: what was written, and the text a person made of it, every version kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from copilot.errors import StoreError
from copilot.store.tables import metadata

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)

post_edits = sa.Table(
    "post_edits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("post_id", sa.String(32), sa.ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("actor", sa.String(200), nullable=False, default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_post_edits_post_id", "post_id"),
)


@dataclass(frozen=True, slots=True)
class SavedPost:
    """A post as it was written (``post``, of the type that was asked for) and its newest text."""

    post: Any
    text: str
    edited_at: datetime | None = None
    edits: int = 0


class PostBook:
    """Reads and writes of posts. The records themselves belong to a floor above: they come as they are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, post_id: str, post: Any, *, at: datetime) -> None:
        """Add a post.

        Raises:
            StoreError: it cannot be written.
        """
        record: type = type(post)
        document = _adapter(record).dump_json(post).decode()
        self._execute(sa.insert(posts).values(id=post_id, created_at=at, document=document))

    def edit(self, post_id: str, text: str, *, actor: str, at: datetime) -> None:
        """Add a version of a post's text.

        Raises:
            StoreError: there is no such post, or it cannot be written.
        """
        self._row(post_id)
        self._execute(sa.insert(post_edits).values(post_id=post_id, at=at, actor=actor, text=text))

    def get(self, post_id: str, record: type) -> SavedPost:
        """Return one post, read as ``record``.

        Raises:
            StoreError: there is no such post.
        """
        return self._saved(self._row(post_id), record)

    def all(self, record: type, *, limit: int) -> list[SavedPost]:
        """Return posts, newest first."""
        query = sa.select(posts).order_by(posts.c.created_at.desc(), posts.c.id).limit(limit)
        return [self._saved(row, record) for row in self._rows(query)]

    def mentioning(self, found: Callable[[str], bool]) -> list[str]:
        """Return the ids of the posts in whose brief, text or versions something is found.

        The passages of the knowledge do not count.
        """
        ids = dict[str, None]()
        for row in self._rows(sa.select(posts.c.id, posts.c.document)):
            document = json.loads(row["document"])
            told = [document.get("brief"), document.get("draft", {}).get("text"), document.get("note")]
            if found(" ".join(_words(told))):
                ids[row["id"]] = None
        for row in self._rows(sa.select(post_edits.c.post_id, post_edits.c.text)):
            if found(row["text"]):
                ids[row["post_id"]] = None
        return list(ids)

    def texts(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Return posts and every version of their texts as plain data, to be handed over."""
        rows = self._rows(sa.select(posts).where(posts.c.id.in_(ids)).order_by(posts.c.created_at))
        c = post_edits.c
        return [
            {
                "id": row["id"],
                "created_at": row["created_at"],
                "document": json.loads(row["document"]),
                "edits": [
                    dict(edit)
                    for edit in self._rows(
                        sa.select(c.at, c.text).where(c.post_id == row["id"]).order_by(c.id)
                    )
                ],
            }
            for row in rows
        ]

    def _saved(self, row: Any, record: type) -> SavedPost:
        post = _adapter(record).validate_json(row["document"])
        c = post_edits.c
        edits = self._rows(sa.select(c.text, c.at).where(c.post_id == row["id"]).order_by(c.id))
        if not edits:
            return SavedPost(post, post.draft.text)
        at = edits[-1]["at"]
        return SavedPost(
            post, edits[-1]["text"], at if at.tzinfo else at.replace(tzinfo=UTC), edits=len(edits)
        )

    def _row(self, post_id: str) -> Any:
        rows = self._rows(sa.select(posts).where(posts.c.id == post_id))
        if not rows:
            raise StoreError("posts.no_post", id=post_id)
        return rows[0]

    def _rows(self, query: sa.Select[Any]) -> list[Any]:
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(query).mappings())
        except sa.exc.DBAPIError as error:
            raise StoreError("store.read", reason=str(error.orig)) from error

    def _execute(self, statement: sa.Insert) -> None:
        try:
            with self._engine.begin() as connection:
                connection.execute(statement)
        except sa.exc.DBAPIError as error:
            raise StoreError("store.write", reason=str(error.orig)) from error


def _words(value: Any) -> Iterator[str]:
    """Yield every text inside plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


@cache
def _adapter(record: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(record)
