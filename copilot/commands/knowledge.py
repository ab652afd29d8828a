"""The commands of the knowledge owner: ``health``, ``import`` and ``entry``."""

from __future__ import annotations

import getpass
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from copilot.errors import InputError
from copilot.verbs import ROOMS

if TYPE_CHECKING:
    from copilot.cli import Session
    from copilot.ingest import Change, Entry, ImportReport

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_STATES = click.Choice(["approved", "pending", "retired"])
_READERS = click.Choice(["public", "internal"])
_DAY = click.DateTime(["%Y-%m-%d"])


class _Page(NamedTuple):
    """A page of a site that is being copied, as the progress bar wants it."""

    done: int
    total: int
    path: str


@click.command("health", help=ROOMS["health"], short_help=ROOMS["health"])
@click.option("--soon", default=30, show_default=True, type=click.IntRange(0, 3650), help="Days ahead.")
@as_json
@click.pass_obj
def health(session: Session, soon: int, as_json: bool) -> None:
    """Print the health report; finding something to mend is no failure."""
    report = session.open().knowledge.health(soon=soon)
    if as_json:
        _print_json({"chunks": report.chunks, "counts": report.counts(), "items": report.items})
        return
    for item in report.items:
        click.echo(f"{_kind(item.kind, session.language)}: {item.message.get(session.language)}")
        for source in item.sources:
            place = f", p. {source.page}" if source.page else f", {source.row}" if source.row else ""
            click.echo(f"    [{source.path}{place}] {source.question}")
            click.echo(f"        {' '.join(source.text.split())[:160]}")
    session.say(
        f"{report.chunks} passages, {len(report.items)} à regarder.",
        f"{report.chunks} passages, {len(report.items)} to look at.",
    )


@click.command("import", help=ROOMS["import"], short_help=ROOMS["import"])
@click.argument("source")
@click.option(
    "--kind",
    type=click.Choice(["file", "export", "replies"]),
    default=None,
    help="export: insist on questions with answers; replies: past replies, personal data masked.",
)
@click.option("--no-index", is_flag=True, help="Only copy; index later with `copilot ingest`.")
@as_json
@click.pass_obj
def bring_in(session: Session, source: str, kind: str | None, no_index: bool, as_json: bool) -> None:
    """Bring knowledge in from an address (page, sitemap) or a file (document, ZIP, export)."""
    address = source.lower().startswith(("http://", "https://"))
    if not address and not Path(source).is_file():
        raise InputError("knowledge.no_source", path=source)
    copilot = session.open()
    from copilot.progress import shown

    wanted: Any = kind or ""
    with shown(session.language, quiet=as_json or not sys.stderr.isatty()) as move:

        def step(done: int, total: int, path: str) -> None:
            if move:
                move(_Page(done, total, path))

        report = copilot.knowledge.bring_in(source, wanted, progress=step, actor=_user())
        if not no_index:
            copilot.ingest(progress=move, actor=_user())
    _tell_import(session, report, as_json)


def _tell_import(session: Session, report: ImportReport, as_json: bool) -> None:
    if as_json:
        _print_json(report)
        return
    for path in report.files:
        click.echo(path)
    for name, reason in report.skipped:
        click.echo(f"{name}: {reason.get(session.language)}", err=True)
    for notice in report.notices:
        click.echo(notice.message.get(session.language), err=True)
    from copilot.messages import message

    click.echo(message("ingest.import_summary", session.language, count=len(report.files)))


@click.group("entry", help=ROOMS["entry"], short_help=ROOMS["entry"])
def entry() -> None:
    """Show and change the entries of the knowledge."""


@entry.command("list", help="List entries that hold all the words given.")
@click.argument("words", default="")
@click.option("--status", type=_STATES, default=None)
@click.option("--visibility", type=_READERS, default=None)
@as_json
@click.pass_obj
def list_(session: Session, words: str, status: Any, visibility: Any, as_json: bool) -> None:
    """List entries."""
    knowledge = session.open().knowledge
    found = knowledge.entries(words, status=status or "", visibility=visibility or "")
    if as_json:
        _print_json(found)
        return
    for chunk in found:
        click.echo(f"{chunk.id}  [{chunk.status}, {chunk.visibility}]  {chunk.question}  ({chunk.path})")


@entry.command("show", help="Show one entry as its file holds it.")
@click.argument("entry_id")
@as_json
@click.pass_obj
def show(session: Session, entry_id: str, as_json: bool) -> None:
    """Show one entry."""
    _tell(session.open().knowledge.entry(entry_id), as_json)


def _fields(command: Any) -> Any:
    options = (
        click.option("--status", type=_STATES, default=None),
        click.option("--visibility", type=_READERS, default=None),
        click.option("--from", "valid_from", type=_DAY, default=None, help="First day, 2026-12-31."),
        click.option("--until", "valid_until", type=_DAY, default=None, help="Last day, 2026-12-31."),
        click.option("--tag", "tags", multiple=True, help="A tag; may be given several times."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@entry.command("new", help="Add an entry, pending unless said otherwise.")
@click.argument("question")
@click.argument("answer")
@click.option("--gap", type=int, default=None, help="The gap that it fills, closed then.")
@_fields
@as_json
@click.pass_obj
def new(
    session: Session, /, question: str, answer: str, gap: int | None, as_json: bool, **fields: Any
) -> None:
    """Add an entry."""
    knowledge = session.open().knowledge
    made = knowledge.create(question, answer, _change(fields), actor=_user())
    if gap is not None:
        knowledge.close_gap(gap, actor=_user())
    _tell(made, as_json)


@entry.command("edit", help="Change an entry in its file.")
@click.argument("entry_id")
@click.option("--question", default=None)
@click.option("--answer", default=None)
@_fields
@as_json
@click.pass_obj
def edit(
    session: Session, /, entry_id: str, question: str | None, answer: str | None, as_json: bool, **fields: Any
) -> None:
    """Change an entry."""
    knowledge = session.open().knowledge
    change = _change({**fields, "question": question, "answer": answer})
    _tell(knowledge.edit(knowledge.entry(entry_id), change, actor=_user()), as_json)


@entry.command("approve", help="Let an entry feed public drafts.")
@click.argument("entry_id")
@as_json
@click.pass_obj
def approve(session: Session, entry_id: str, as_json: bool) -> None:
    """Approve an entry."""
    knowledge = session.open().knowledge
    _tell(knowledge.approve(knowledge.entry(entry_id), actor=_user()), as_json)


@entry.command("retire", help="Take an entry out of use without deleting it.")
@click.argument("entry_id")
@as_json
@click.pass_obj
def retire(session: Session, entry_id: str, as_json: bool) -> None:
    """Retire an entry."""
    knowledge = session.open().knowledge
    _tell(knowledge.retire(knowledge.entry(entry_id), actor=_user()), as_json)


def _change(fields: dict[str, Any]) -> Change:
    from copilot.ingest import Change

    said: dict[str, Any] = {k: v for k, v in fields.items() if v not in (None, ())}
    said |= {k: v.date() for k, v in said.items() if isinstance(v, datetime)}
    return Change(**said)


def _tell(found: Entry, as_json: bool) -> None:
    if as_json:
        _print_json(found)
        return
    dates = f", {found.valid_from or '…'} → {found.valid_until or '…'}"
    shown = dates if found.valid_from or found.valid_until else ""
    click.echo(f"{found.id}  [{found.status}, {found.visibility}{shown}]  ({found.path})")
    click.echo(f"{found.question}\n\n{found.answer}")


def _kind(kind: str, language: str) -> str:
    from copilot.messages import message

    return message(f"knowledge.{kind}", language)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _print_json(value: object) -> None:
    from pydantic_core import to_jsonable_python

    click.echo(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1))
