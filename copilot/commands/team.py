"""The commands of a team: ``review``, ``account``, ``audit`` and ``person``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from copilot.errors import ConflictError
from copilot.verbs import ROOMS

if TYPE_CHECKING:
    from copilot.cli import Session
    from copilot.records import ReviewState
    from copilot.store import Review, Role, User

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
acting = click.option(
    "--as", "actor", default="", help="Your account (default: COPILOT_ACTOR, else your name here)."
)
_STATES = click.Choice(["submitted", "changes_requested", "approved", "rejected", "all"])
_ROLES = click.Choice(["agent", "manager", "admin"])


# -- review -------------------------------------------------------------------------------------


@click.group("review", help=ROOMS["review"], short_help=ROOMS["review"])
def review() -> None:
    """Group of the review."""


@review.command("list")
@click.option("--state", type=_STATES, default="submitted", show_default=True)
@as_json
@click.pass_obj
def list_reviews(session: Session, state: str, as_json: bool) -> None:
    """Show the texts under review, the longest wait first."""
    found = session.open().reviews.waiting(None if state == "all" else cast("ReviewState", state))
    if as_json:
        _print_json(found)
        return
    if not found:
        session.say("Aucun texte.", "No text.")
    for item in found:
        click.echo(f"{item.reply_id}  v{item.version}  {item.state}  {item.submitted_by}  {item.text[:60]!r}")


@review.command("submit")
@click.argument("reply_id")
@click.argument("text")
@click.option("--remark", default="", help="A word with it.")
@click.option("--seen", default=0, help="The version you saw, when it was submitted before.")
@acting
@as_json
@click.pass_obj
def submit(
    session: Session, reply_id: str, text: str, remark: str, seen: int, actor: str, as_json: bool
) -> None:
    """Hand a text (“-”: standard input) of a saved reply to the manager."""
    given = sys.stdin.read() if text == "-" else text
    reviews = session.open().reviews
    _show(reviews.submit(reply_id, given, actor=actor or _me(), seen=seen, remark=remark), as_json)


@review.command("approve")
@click.argument("reply_id")
@click.option("--seen", default=0, help="The version you saw (default: the present one).")
@click.option(
    "--override", "overrides", multiple=True, metavar="RULE=WHY", help="Set an error aside, saying why."
)
@acting
@as_json
@click.pass_obj
def approve(
    session: Session, reply_id: str, seen: int, overrides: tuple[str, ...], actor: str, as_json: bool
) -> None:
    """Approve the text as it stands."""
    reviews = session.open().reviews
    seen = seen or _current(reviews.get(reply_id), reply_id).version
    reasons = {rule: why for rule, _, why in (item.partition("=") for item in overrides)}
    _show(reviews.approve(reply_id, actor=actor or _me(), seen=seen, overrides=reasons), as_json)


@review.command("send-back")
@click.argument("reply_id")
@click.argument("remark")
@acting
@as_json
@click.pass_obj
def send_back(session: Session, reply_id: str, remark: str, actor: str, as_json: bool) -> None:
    """Ask for changes, saying which."""
    reviews = session.open().reviews
    seen = _current(reviews.get(reply_id), reply_id).version
    _show(reviews.send_back(reply_id, remark, actor=actor or _me(), seen=seen), as_json)


@review.command("reject")
@click.argument("reply_id")
@click.argument("remark")
@acting
@as_json
@click.pass_obj
def reject(session: Session, reply_id: str, remark: str, actor: str, as_json: bool) -> None:
    """Refuse for good, saying why."""
    reviews = session.open().reviews
    seen = _current(reviews.get(reply_id), reply_id).version
    _show(reviews.reject(reply_id, remark, actor=actor or _me(), seen=seen), as_json)


# -- account ------------------------------------------------------------------------------------


@click.group("account", help=ROOMS["account"], short_help=ROOMS["account"])
def account() -> None:
    """Group of the accounts."""


@account.command("list")
@as_json
@click.pass_obj
def list_accounts(session: Session, as_json: bool) -> None:
    """Show who has an account."""
    found = [_told(user) for user in session.open().accounts.all()]
    if as_json:
        _print_json(found)
        return
    if not found:
        session.say(
            "Aucun compte : une seule personne, sans connexion.", "No account: one person, no sign-in."
        )
    for user in found:
        click.echo(f"{user['name']}  {user['role']}{'  –' if user['disabled'] else ''}")


@account.command("add")
@click.argument("name")
@click.option("--role", type=_ROLES, default="agent", show_default=True)
@acting
@as_json
@click.pass_obj
def add(session: Session, name: str, role: str, actor: str, as_json: bool) -> None:
    """Add an account, or give it a new role and password (asked for, or read from standard input)."""
    copilot = session.open()
    password = _password(session, "Mot de passe", "Password", twice=True)
    user = copilot.accounts.save(name, cast("Role", role), password, actor=actor or _me(), at=copilot.now())
    copilot.sessions.close_all(name, actor=actor or name)
    _show_account(session, user, as_json)


@account.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@acting
@as_json
@click.pass_obj
def role(session: Session, name: str, role: str, actor: str, as_json: bool) -> None:
    """Give an account another role."""
    copilot = session.open()
    user = copilot.accounts.set_role(name, cast("Role", role), actor=actor or _me(), at=copilot.now())
    _show_account(session, user, as_json)


@account.command("password")
@click.argument("name")
@click.pass_obj
def password(session: Session, name: str) -> None:
    """Change your own password; every session of yours ends."""
    copilot = session.open()
    old = _password(session, "Mot de passe actuel", "Present password")
    new = _password(session, "Nouveau mot de passe", "New password", twice=True)
    copilot.accounts.change_password(name, old, new, at=copilot.now())
    copilot.sessions.close_all(name, actor=name)
    session.say("Mot de passe changé.", "Password changed.")


@account.command("close")
@click.argument("name")
@acting
@as_json
@click.pass_obj
def close(session: Session, name: str, actor: str, as_json: bool) -> None:
    """Close an account; its sessions and tokens end at once."""
    copilot = session.open()
    copilot.accounts.disable(name, actor=actor or _me(), at=copilot.now())
    copilot.sessions.close_all(name, actor=actor or _me())
    _show_account(session, next(user for user in copilot.accounts.all() if user.name == name), as_json)


@account.command("token")
@click.argument("name")
@click.option(
    "--days", default=90, show_default=True, type=click.IntRange(1, 365), help="How long it serves."
)
@acting
@as_json
@click.pass_obj
def token(session: Session, name: str, days: int, actor: str, as_json: bool) -> None:
    """Make a token with which a program uses the API or MCP as this person; it is shown once."""
    made = session.open().sessions.issue(name, days=days, actor=actor or _me())
    if as_json:
        _print_json({"name": name, "token": made, "days": days})
    else:
        click.echo(made)


# -- audit --------------------------------------------------------------------------------------


@click.group("audit", help=ROOMS["audit"], short_help=ROOMS["audit"])
def audit() -> None:
    """Group of the audit trail."""


@audit.command("verify")
@as_json
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Verify that nobody rewrote the trail; exit 1 when somebody did."""
    session: Session = ctx.obj
    broken = list(session.open().reviews.broken())
    if as_json:
        _print_json({"whole": not broken, "broken": broken})
    elif broken:
        ids = ", ".join(map(str, broken))
        session.say(f"Le journal a été modifié : entrées {ids}.", f"The trail was changed: entries {ids}.")
    else:
        session.say("Le journal est intact.", "The trail is whole.")
    ctx.exit(1 if broken else 0)


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@acting
@click.pass_obj
def export(session: Session, file: Path, form: str, actor: str) -> None:
    """Write the whole trail into a file (“-”: standard output)."""
    from copilot.reports import trail_file

    data = trail_file(session.open().reviews.export(actor=actor or _me()), form)
    if str(file) == "-":
        click.echo(data, nl=False)
    else:
        file.write_bytes(data)


# -- person -------------------------------------------------------------------------------------


@click.group("person", help=ROOMS["person"], short_help=ROOMS["person"])
def person() -> None:
    """Group of a person's data."""


@person.command("show")
@click.argument("words")
@acting
@as_json
@click.pass_obj
def show(session: Session, words: str, actor: str, as_json: bool) -> None:
    """Show all that is held on a person, found by name, e-mail or words of theirs."""
    people, who = session.open().people, actor or _me()
    found, posts = people.held(words, actor=who), people.posts(words, actor=who)
    if as_json:
        _print_json({"replies": found, "posts": posts})
        return
    session.say(
        f"{len(found)} réponses, {len(posts)} publications.", f"{len(found)} replies, {len(posts)} posts."
    )
    for entry in found:
        click.echo(f"{entry.reply.id}  {entry.reply.comment.author}  {entry.reply.comment.text[:80]!r}")
    for post in posts:
        click.echo(f"{post['id']}  {str(post['created_at'])[:10]}")


@person.command("erase")
@click.argument("words")
@click.option("--yes", is_flag=True, help="Do not ask.")
@acting
@as_json
@click.pass_obj
def erase(session: Session, words: str, yes: bool, actor: str, as_json: bool) -> None:
    """Delete all that is held on a person."""
    people, who = session.open().people, actor or _me()
    count = len(people.held(words, actor=who)) + len(people.posts(words, actor=who))
    french = session.language == "fr"
    asked = f"Effacer {count} réponses et publications ?" if french else f"Delete {count} replies and posts?"
    if count and not yes:
        click.confirm(asked, abort=True)
    gone = people.erase(words, actor=who)
    if as_json:
        _print_json({"erased": gone})
    else:
        session.say(f"{gone} réponses et publications effacées.", f"{gone} replies and posts deleted.")


@person.command("anonymise")
@click.option(
    "--days", type=click.IntRange(1), default=None, help="Older than this (default: retention_days)."
)
@acting
@as_json
@click.pass_obj
def anonymise(session: Session, days: int | None, actor: str, as_json: bool) -> None:
    """Take names and personal data out of old comments."""
    copilot = session.open()
    count = copilot.people.anonymise(days or copilot.settings.retention_days, actor=actor or _me())
    if as_json:
        _print_json({"anonymised": count})
    else:
        session.say(f"{count} réponses rendues anonymes.", f"{count} replies made anonymous.")


GROUPS = (review, account, audit, person)


def _show(item: Review, as_json: bool) -> None:
    if as_json:
        _print_json(item)
    else:
        click.echo(f"{item.reply_id}  v{item.version}  {item.state}")


def _show_account(session: Session, user: User, as_json: bool) -> None:
    if as_json:
        _print_json(_told(user))
    else:
        state = ("fermé", "closed") if user.disabled else (user.role, user.role)
        session.say(f"{user.name} : {state[0]}.", f"{user.name}: {state[1]}.")


def _told(user: User) -> dict[str, Any]:
    return {"name": user.name, "role": user.role, "created_at": user.created_at, "disabled": user.disabled}


def _current(item: Review | None, reply_id: str) -> Review:
    if item is None:
        raise ConflictError("review.not_submitted", id=reply_id)
    return item


def _password(session: Session, fr: str, en: str, *, twice: bool = False) -> str:
    """Ask without showing it; a program gives one line of standard input instead."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    asked: str = click.prompt(
        fr if session.language == "fr" else en, hide_input=True, confirmation_prompt=twice
    )
    return asked


def _me() -> str:
    import getpass

    try:
        return os.environ.get("COPILOT_ACTOR") or getpass.getuser()
    except (OSError, KeyError):
        return ""


def _print_json(value: Any) -> None:
    from pydantic_core import to_jsonable_python

    click.echo(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1))
