"""The rooms of a workspace, each opened when ``Copilot`` is first asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copilot.accounts import Accounts
    from copilot.app import Copilot
    from copilot.brand import Brand
    from copilot.desk import Desk
    from copilot.knowledge import Knowledge
    from copilot.lab import Lab
    from copilot.person import People
    from copilot.posts import Posts
    from copilot.promptbook import PromptBook
    from copilot.records import CheckReport
    from copilot.review import Reviews
    from copilot.sessions import Sessions
    from copilot.store import ReviewBook, Store


def brand(copilot: Copilot) -> Brand:
    """The brand file of the workspace."""
    from copilot.brand import load_brand

    return load_brand(copilot.workspace.brand_file, shown="brand.yml")


def store(copilot: Copilot) -> Store:
    """Saved work."""
    from copilot.store import open_store

    return open_store(copilot.settings.store or copilot.workspace.store_address)


def desk(copilot: Copilot) -> Desk:
    """What the person who answers needs beside the draft."""
    from copilot.desk import Desk

    return Desk(copilot)


def posts(copilot: Copilot) -> Posts:
    """The posts that were written from briefs."""
    from copilot.posts import Posts

    return Posts(copilot)


def knowledge(copilot: Copilot) -> Knowledge:
    """What the knowledge owner looks after."""
    from copilot.knowledge import Knowledge

    return Knowledge(copilot)


def prompt_book(copilot: Copilot) -> PromptBook:
    """The prompts: preview, promotion, the way back."""
    from copilot.promptbook import PromptBook

    return PromptBook(copilot, copilot.book)


def lab(copilot: Copilot) -> Lab:
    """Where changes of prompts are tried before they ship."""
    from copilot import assembly

    return assembly.lab(copilot)


def accounts(copilot: Copilot) -> Accounts:
    """The local accounts and what each role may do."""
    from copilot.accounts import Accounts

    return Accounts(copilot.book, required=bool(copilot.settings.oidc_issuer))


def sessions(copilot: Copilot) -> Sessions:
    """Who is signed in."""
    from copilot.sessions import Sessions

    return Sessions(copilot.store.sessions(), copilot.accounts, copilot.now)


def reviews(copilot: Copilot) -> Reviews:
    """The texts that wait for a second pair of eyes, and the audit trail."""
    from copilot.review import Reviews

    def check(reply_id: str, text: str, overrides: Mapping[str, str]) -> CheckReport:
        return copilot.check(text, reply=copilot.store.reply(reply_id).reply, overrides=overrides)

    four_eyes = copilot.settings.four_eyes
    return Reviews(copilot.book, copilot.accounts, check, copilot.now, four_eyes=four_eyes)


def people(copilot: Copilot) -> People:
    """What is held on one person."""
    from copilot import triage
    from copilot.person import People

    examples = copilot.workspace.knowledge / "triage"
    return People(
        copilot.store,
        copilot.book,
        copilot.accounts,
        copilot.brand,
        copilot.now,
        changed=copilot.refresh,
        forget=lambda says: triage.forget(examples, says),
    )


def book(copilot: Copilot) -> ReviewBook:
    """Reviews, accounts and the audit trail in the store."""
    return copilot.store.book(copilot.workspace.state / "audit.key")
