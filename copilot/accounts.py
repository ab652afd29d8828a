"""Local accounts and what each role may do. Without any account the one local user is admin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from copilot.errors import InputError, PermissionDenied
from copilot.store import ReviewBook, Role, User

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES: tuple[Role, ...] = ("agent", "manager", "admin")
"""From the least to the most: each may do what those before it may."""

NEEDS: dict[str, Role] = {
    "reply": "agent",
    "submit": "agent",
    "remark": "agent",
    "accept": "agent",
    "ingest": "manager",
    "approve": "manager",
    "send_back": "manager",
    "reject": "manager",
    "override": "manager",
    "edit_knowledge": "manager",
    "promote_prompt": "manager",
    "person": "manager",
    "account": "admin",
    "audit": "manager",
}
"""The least role each act needs."""

MIN_PASSWORD = 12
"""Characters; NIST SP 800-63B (2024) asks for 8 at least and recommends 15 where it stands alone."""

_NAME = re.compile(r"^[\w][\w.@+-]{0,99}$")


class Accounts:
    """The accounts of a workspace."""

    def __init__(self, book: ReviewBook) -> None:
        self._book = book

    def all(self) -> Sequence[User]:
        """Return every account by name."""
        return self._book.users()

    @property
    def in_use(self) -> bool:
        """Whether people must sign in: as soon as one account exists."""
        return bool(self._book.users())

    def role(self, actor: str) -> Role | None:
        """Return the role of an actor, None for a stranger or a disabled account."""
        if not self.in_use:
            return "admin"
        user = self._book.user(actor)
        return None if user is None or user.disabled else user.role

    def allow(self, actor: str, act: str) -> None:
        """Let an act pass.

        Raises:
            PermissionDenied: the actor's role is not enough.
        """
        role = self.role(actor)
        needed = NEEDS[act]
        if role is None or ROLES.index(role) < ROLES.index(needed):
            raise PermissionDenied("accounts.denied", actor=actor or "?", needed=needed)

    def save(self, name: str, role: Role, password: str, *, actor: str, at: datetime) -> User:
        """Add an account or give it a new role and password; the first must be an admin.

        Raises:
            InputError: the name or the password cannot serve, or the first account is not an admin.
            PermissionDenied: the actor is not an admin.
        """
        self.allow(actor, "account")
        if not _NAME.match(name):
            raise InputError("accounts.name", name=name)
        if len(password) < MIN_PASSWORD:
            raise InputError("accounts.password", minimum=MIN_PASSWORD)
        if not self.in_use and role != "admin":
            raise InputError("accounts.first")
        user = User(name, role, _hasher().hash(password), at)
        self._book.save_user(user, actor=actor or name, at=at)
        return user

    def disable(self, name: str, *, actor: str, at: datetime) -> None:
        """Close an account; the last admin stays.

        Raises:
            InputError: there is no such account, or it is the last admin's.
            PermissionDenied: the actor is not an admin.
        """
        self.allow(actor, "account")
        users = self._book.users()
        user = next((u for u in users if u.name == name), None)
        if user is None:
            raise InputError("accounts.unknown", name=name)
        if not [u for u in users if u.role == "admin" and not u.disabled and u.name != name]:
            raise InputError("accounts.last_admin")
        closed = User(user.name, user.role, user.password_hash, user.created_at, disabled=True)
        self._book.save_user(closed, actor=actor, at=at)

    def authenticate(self, name: str, password: str) -> User | None:
        """Return the account that the name and password open; a stranger costs as much time as a member."""
        from argon2.exceptions import InvalidHashError, VerificationError

        user = self._book.user(name)
        known = user is not None and not user.disabled
        expected = user.password_hash if user is not None and known else _decoy()
        try:
            _hasher().verify(expected, password)
        except (VerificationError, InvalidHashError):
            return None
        return user if known else None


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password")
