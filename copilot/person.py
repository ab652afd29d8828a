"""What is held on one person: shown, handed over, erased; and old comments made anonymous.

GDPR articles 15 (access), 17 (erasure) and 20 (portability).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from copilot import privacy
from copilot.accounts import Accounts
from copilot.brand import Brand
from copilot.errors import InputError
from copilot.records import Reply
from copilot.store import HistoryEntry, ReviewBook, Store, saying

MIN_NEEDLE = 3
"""Characters; fewer would sweep up other people's messages."""


class People:
    """Acts on the data of one person, found by name, e-mail or any words of theirs.

    ``changed`` is called once texts are gone, so that what was learnt from them is not used any more;
    ``forget`` deletes the labelled examples in which a test finds something, and returns how many.
    """

    def __init__(
        self,
        store: Store,
        book: ReviewBook,
        accounts: Accounts,
        brand: Brand,
        now: Callable[[], datetime],
        *,
        changed: Callable[[], None] = lambda: None,
        forget: Callable[[Callable[[str], bool]], int] = lambda _: 0,
    ) -> None:
        self._store, self._book, self._accounts = store, book, accounts
        self._brand, self._now, self._changed, self._forget = brand, now, changed, forget

    def held(self, person: str, *, actor: str = "") -> Sequence[HistoryEntry]:
        """Return every reply to a person or that names them, with all that led to it."""
        self._accounts.allow(actor, "person")
        return [self._store.reply(identifier) for identifier in self._ids(person)]

    def posts(self, person: str, *, actor: str = "") -> list[dict[str, Any]]:
        """Return every post that names a person, with all versions of its text, as plain data."""
        self._accounts.allow(actor, "person")
        book = self._store.posts()
        return book.texts(book.mentioning(saying(self._needle(person))))

    def erase(self, person: str, *, actor: str = "") -> int:
        """Delete replies, posts and examples of a person; return how many replies and posts went."""
        self._accounts.allow(actor, "person")
        ids, says = self._ids(person), saying(self._needle(person))
        named = self._store.posts().mentioning(says)
        self._book.erase(ids, posts=named, actor=actor, at=self._now())
        self._forget(says)
        self._changed()
        return len(ids) + len(named)

    def anonymise(self, days: int, *, actor: str = "") -> int:
        """Replace names and personal data in comments older than ``days``; return how many were changed."""
        self._accounts.allow(actor, "person")
        ids = self._book.older_than(self._now() - timedelta(days=days))
        for identifier in ids:
            reply = self._anonymous(self._store.reply(identifier).reply)
            self._store.save_reply(reply)
            self._book.mark_anonymous(
                identifier, reply.comment.text, self.masked, actor=actor, at=self._now()
            )
        self._changed()
        return len(ids)

    def masked(self, text: str) -> str:
        """Return a text without the personal data in it."""
        if not text:
            return ""
        return privacy.mask(text, country=self._brand.country, patterns=self._brand.patterns).text

    def _ids(self, person: str) -> list[str]:
        return self._book.mentioning(self._needle(person))

    @staticmethod
    def _needle(person: str) -> str:
        if len(person.strip()) < MIN_NEEDLE:
            raise InputError("person.too_short", minimum=MIN_NEEDLE)
        return person.strip()

    def _anonymous(self, reply: Reply) -> Reply:
        comment = replace(reply.comment, author="", url="", thread="", text=self.masked(reply.comment.text))
        text = self.masked(reply.draft.text)
        return replace(
            reply,
            comment=comment,
            note=self.masked(reply.note),
            draft=replace(reply.draft, text=text, sentences=()),
            report=replace(reply.report, text=text, findings=(), claims=(), sentences=()),
            triage=replace(reply.triage, intents=(), toxicity=None, personal_data=()),
            asked=(),
        )
