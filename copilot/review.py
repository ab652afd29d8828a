"""The path of a text through a team: submitted, talked about, approved or sent back, always by a person."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from copilot.accounts import Accounts
from copilot.errors import ConflictError, InputError, PermissionDenied
from copilot.records import CheckReport, Finding, ReviewState
from copilot.store import AuditEntry, Review, ReviewBook

Check = Callable[[str, str, Mapping[str, str]], CheckReport]
"""Check a text of a reply (its id) with some rules set aside."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of words that both versions share, or that only one has."""

    kind: Literal["same", "removed", "added"]
    text: str


class Reviews:
    """The review of a workspace.

    Args:
        book: where it is kept.
        accounts: who may do what.
        check: how a text is checked before it is approved.
        now: the present moment.
        four_eyes: whether nobody may approve a text that she submitted or last changed herself; off
            without accounts.
    """

    def __init__(
        self,
        book: ReviewBook,
        accounts: Accounts,
        check: Check,
        now: Callable[[], datetime],
        *,
        four_eyes: bool = False,
    ) -> None:
        self._book = book
        self._accounts = accounts
        self._check = check
        self._now = now
        self._four_eyes = four_eyes

    def submit(self, reply_id: str, text: str, *, actor: str = "", seen: int = 0, remark: str = "") -> Review:
        """Hand a text to the manager.

        Raises:
            InputError: the text is empty.
            ConflictError: somebody changed it since ``seen``.
        """
        self._accounts.allow(actor, "submit")
        if not text.strip():
            raise InputError("review.empty")
        return self._put(reply_id, "submitted", text, actor, seen, remark)

    def edit(self, reply_id: str, text: str, *, actor: str = "", seen: int) -> Review:
        """Change the text under review; its state stays, an approved one has to be approved anew.

        Raises:
            InputError: the text is empty.
            ConflictError: somebody changed it since ``seen``.
        """
        self._accounts.allow(actor, "submit")
        if not text.strip():
            raise InputError("review.empty")
        current = self._current(reply_id)
        state: ReviewState = "submitted" if current.state == "approved" else current.state
        return self._put(reply_id, state, text, actor, seen, author=True)

    def approve(
        self,
        reply_id: str,
        *,
        actor: str = "",
        seen: int,
        overrides: Mapping[str, str] | None = None,
        remark: str = "",
    ) -> Review:
        """Approve the text as it stands.

        Raises:
            PermissionDenied: the role is not enough, or four eyes are asked for and there are only two.
            InputError: an error finding stands without a written reason.
            ConflictError: somebody changed it since ``seen``, or it does not wait for a decision.
        """
        self._accounts.allow(actor, "approve")
        current = self._current(reply_id, seen)
        if current.state != "submitted":
            raise ConflictError("review.not_waiting", id=reply_id)
        if self._four_eyes and self._accounts.in_use and current.submitted_by == actor:
            raise PermissionDenied("review.four_eyes")
        reasons = {rule: why.strip() for rule, why in (overrides or {}).items() if why.strip()}
        blocking = self.blocking(reply_id, current.text, reasons)
        if blocking:
            raise InputError("review.blocked", rules=", ".join(dict.fromkeys(f.rule for f in blocking)))
        approved = self._put(reply_id, "approved", current.text, actor, seen, remark, reasons)
        for rule, why in reasons.items():
            self._book.note(f"override:{rule}", reply_id, actor=actor, at=self._now(), text=why)
        return approved

    def send_back(self, reply_id: str, remark: str, *, actor: str = "", seen: int) -> Review:
        """Ask for changes, saying which."""
        return self._refuse(reply_id, "changes_requested", "send_back", remark, actor, seen)

    def reject(self, reply_id: str, remark: str, *, actor: str = "", seen: int) -> Review:
        """Refuse for good, saying why."""
        return self._refuse(reply_id, "rejected", "reject", remark, actor, seen)

    def remark(self, reply_id: str, text: str, *, actor: str = "") -> None:
        """Say something about a text under review."""
        self._accounts.allow(actor, "remark")
        self._current(reply_id)
        self._book.remark(reply_id, _needed(text), actor=actor, at=self._now())

    def get(self, reply_id: str) -> Review | None:
        """Return the review of a reply, or None when it was never submitted."""
        return self._book.get(reply_id)

    def waiting(self, state: ReviewState | None = "submitted") -> Sequence[Review]:
        """Return the reviews in a state (None: all), the one waiting longest first."""
        return self._book.waiting(state=state)

    def blocking(self, reply_id: str, text: str, overrides: Mapping[str, str]) -> list[Finding]:
        """Return the error findings that stand in the way of approval."""
        report = self._check(reply_id, text, overrides)
        return [f for f in report.findings if f.level == "error" and not f.suppressed]

    def trail(self, *, actor: str = "") -> Sequence[AuditEntry]:
        """Return the audit trail, oldest first."""
        self._accounts.allow(actor, "audit")
        return self._book.entries()

    def export(self, *, actor: str = "") -> Sequence[AuditEntry]:
        """Return the trail as ``trail`` does, and note in it that it was handed out."""
        entries = self.trail(actor=actor)
        self._book.note("trail_exported", "", actor=actor, at=self._now())
        return entries

    def broken(self) -> Sequence[int]:
        """Return the ids of trail entries that were tampered with; empty is good."""
        return self._book.broken()

    def _refuse(
        self, reply_id: str, state: ReviewState, act: str, remark: str, actor: str, seen: int
    ) -> Review:
        self._accounts.allow(actor, act)
        current = self._current(reply_id, seen)
        return self._put(reply_id, state, current.text, actor, seen, _needed(remark))

    def _put(
        self,
        reply_id: str,
        state: ReviewState,
        text: str,
        actor: str,
        seen: int,
        remark: str = "",
        overrides: Mapping[str, str] | None = None,
        *,
        author: bool = False,
    ) -> Review:
        return self._book.put(
            reply_id,
            state=state,
            text=text,
            actor=actor,
            at=self._now(),
            seen=seen,
            overrides=overrides,
            remark=remark.strip(),
            author=actor if state == "submitted" or author else "",
        )

    def _current(self, reply_id: str, seen: int = 0) -> Review:
        review = self._book.get(reply_id)
        if review is None:
            raise ConflictError("review.not_submitted", id=reply_id)
        if seen and review.version != seen:
            raise ConflictError("review.conflict", id=reply_id)
        return review


def word_changes(before: str, after: str) -> list[Change]:
    """Compare two texts word by word; the pieces of ``same`` and ``added`` make up ``after``."""
    old, new = re.findall(r"\s+|\w+|[^\w\s]", before), re.findall(r"\s+|\w+|[^\w\s]", after)
    changes: list[Change] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            changes.append(Change("same", "".join(new[j1:j2])))
            continue
        if i2 > i1:
            changes.append(Change("removed", "".join(old[i1:i2])))
        if j2 > j1:
            changes.append(Change("added", "".join(new[j1:j2])))
    return changes


def _needed(text: str) -> str:
    if not text.strip():
        raise InputError("review.reason_missing")
    return text.strip()
