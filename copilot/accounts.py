"""Local accounts and what each role may do. Without any account the one local user is admin."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
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
    "token": "agent",
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
MAX_PASSWORD = 1000
"""Characters; a longer one is refused unread."""
FOREIGN = "oidc"
"""Stands in place of the hash for people whom an identity provider vouches for: no password opens it."""

_NAME = re.compile(r"\w[\w.@+-]{0,99}")
_hashing = threading.Semaphore(
    4
)  # each hash takes 64 MiB by design: a crowd at the door must not fill the RAM


class Accounts:
    """The accounts of a workspace.

    Args:
        book: where they are kept.
        required: people must sign in even while nobody has an account (an identity provider is set up).
    """

    def __init__(self, book: ReviewBook, *, required: bool = False) -> None:
        self._book = book
        self._required = required

    def all(self) -> Sequence[User]:
        """Return every account by name."""
        return self._book.users()

    @property
    def in_use(self) -> bool:
        """Whether people must sign in: as soon as one account exists."""
        return self._required or bool(self._book.users())

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
            InputError: the name or the password cannot serve, or no admin would be left.
            PermissionDenied: the actor is not an admin.
        """
        users = self._book.users()
        if users:
            self.allow(actor, "account")
        if not _NAME.fullmatch(name):
            raise InputError("accounts.name", name=name)
        if not users and role != "admin":
            raise InputError("accounts.first")
        if role != "admin":
            self._keep_an_admin(users, name)
        user = User(name, role, _hashed(password), at)
        self._book.save_user(user, actor=actor if users else name, at=at)
        return user

    def set_role(self, name: str, role: Role, *, actor: str, at: datetime) -> User:
        """Give an account another role; its password stays.

        Raises:
            InputError: there is no such account, or no admin would be left.
            PermissionDenied: the actor is not an admin.
        """
        self.allow(actor, "account")
        if role != "admin":
            self._keep_an_admin(self._book.users(), name)
        user = replace(self._known(name), role=role)
        self._book.save_user(user, actor=actor, at=at)
        return user

    def change_password(self, name: str, old: str, new: str, *, at: datetime) -> None:
        """Let a person change her own password.

        Raises:
            InputError: the old one is wrong, or the new one cannot serve.
        """
        user = self.authenticate(name, old)
        if user is None:
            raise InputError("accounts.wrong_password")
        self._book.save_user(replace(user, password_hash=_hashed(new)), actor=name, at=at)

    def admit(self, name: str, role: Role, *, at: datetime) -> User | None:
        """Return the account of a person whom an identity provider vouches for, made or brought up to date.

        None when the account was closed here, when the name cannot serve, or when somebody with a password
        already has it: a provider must not take over a local account.
        """
        user = self._book.user(name)
        if not _NAME.fullmatch(name) or (user and (user.disabled or user.password_hash != FOREIGN)):
            return None
        if user is None or user.role != role:
            user = User(name, role, FOREIGN, user.created_at if user else at)
            self._book.save_user(user, actor=name, at=at)
        return user

    def disable(self, name: str, *, actor: str, at: datetime) -> None:
        """Close an account; the last admin stays.

        Raises:
            InputError: there is no such account, or it is the last admin's.
            PermissionDenied: the actor is not an admin.
        """
        self.allow(actor, "account")
        user = self._known(name)
        self._keep_an_admin(self._book.users(), name)
        self._book.save_user(replace(user, disabled=True), actor=actor, at=at)

    def authenticate(self, name: str, password: str) -> User | None:
        """Return the account that the name and password open; a stranger costs as much time as a member."""
        from argon2.exceptions import InvalidHashError, VerificationError

        if len(password) > MAX_PASSWORD:
            return None
        user = self._book.user(name)
        known = user is not None and not user.disabled and user.password_hash != FOREIGN
        expected = user.password_hash if user is not None and known else _decoy()
        try:
            with _hashing:
                _hasher().verify(expected, _composed(password))
        except (VerificationError, InvalidHashError):
            return None
        return user if known else None

    def _known(self, name: str) -> User:
        user = self._book.user(name)
        if user is None:
            raise InputError("accounts.unknown", name=name)
        return user

    def _keep_an_admin(self, users: Sequence[User], name: str) -> None:
        admins = [u.name for u in users if u.role == "admin" and not u.disabled]
        if admins == [name]:
            raise InputError("accounts.last_admin")


def _hashed(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InputError("accounts.password", minimum=MIN_PASSWORD)
    with _hashing:
        return _hasher().hash(_composed(password))


def _composed(password: str) -> str:
    """Return the same characters however a keyboard composes its accents (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password")
