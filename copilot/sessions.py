"""Who is signed in: sessions that end by themselves, by signing out, and with the account."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from copilot.accounts import Accounts
from copilot.errors import InputError
from copilot.store import SessionBook, SessionRow

Kind = Literal["browser", "token"]
IDLE = timedelta(hours=8)
"""A browser unused for a working day is signed out."""
LONGEST = timedelta(days=7)
"""Nobody stays signed in longer without giving the password again."""
TOKEN_DAYS = 365
_NOTED_EVERY = timedelta(minutes=5)


class Sessions:
    """The sessions of a workspace.

    Args:
        book: where they are kept.
        accounts: whose they are; a closed account has none.
        now: the present moment.
    """

    def __init__(self, book: SessionBook, accounts: Accounts, now: Callable[[], datetime]) -> None:
        self._book = book
        self._accounts = accounts
        self._now = now

    def open(self, name: str) -> str:
        """Sign a person in and return the secret that her browser keeps."""
        return self._open(name, "browser", LONGEST)

    def issue(self, name: str, *, days: int, actor: str = "") -> str:
        """Return a token with which a program acts as a person until it ends; it is shown only once.

        Raises:
            InputError: there is no such account, or the time cannot serve.
            PermissionDenied: the actor is neither that person nor an admin.
        """
        self._accounts.allow(actor, "token" if actor == name else "account")
        if self._accounts.role(name) is None or not self._accounts.in_use:
            raise InputError("accounts.unknown", name=name)
        if not 1 <= days <= TOKEN_DAYS:
            raise InputError("accounts.token_days", maximum=TOKEN_DAYS)
        return self._open(name, "token", timedelta(days=days))

    def whose(self, secret: str) -> str:
        """Return the name of the person signed in, or an empty string."""
        row = self._book.get(secret) if secret else None
        now = self._now()
        if row is None or now >= row.ends_at or (row.kind == "browser" and now - row.seen_at >= IDLE):
            return ""
        if self._accounts.role(row.name) is None:
            return ""
        if now - row.seen_at >= _NOTED_EVERY:
            self._book.touch(secret, now)
        return row.name

    def close(self, secret: str) -> None:
        """Sign out."""
        self._book.end(secret)

    def close_all(self, name: str, *, actor: str = "") -> int:
        """End every session and token of a person; return how many there were."""
        self._accounts.allow(actor, "token" if actor == name else "account")
        return self._book.end_all(name)

    def _open(self, name: str, kind: Kind, longest: timedelta) -> str:
        secret = secrets.token_urlsafe(32)
        now = self._now()
        self._book.add(secret, SessionRow(name, kind, now, now, now + longest))
        return secret
