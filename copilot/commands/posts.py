"""The command that writes posts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from copilot.verbs import VERBS

if TYPE_CHECKING:
    from copilot.cli import Session
    from copilot.posts import Post


@click.command("write", help=VERBS["write"], short_help=VERBS["write"])
@click.argument("objective")
@click.option("--fact", "facts", multiple=True, help="A key fact; may be given several times.")
@click.option("--channel", "channels", multiple=True, default=("linkedin_post",), show_default=True)
@click.option(
    "--format", "form", default="post", show_default=True, help="post, thread, contest, newsletter…"
)
@click.option("--audience", default="", help="Whom it speaks to.")
@click.option("--call", default="", help="What readers are invited to do.")
@click.option("--campaign", default="", help="Name of the campaign, for hashtag and UTM link.")
@click.option("--link", default="", help="Address to include.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option(
    "--export",
    "export",
    type=click.Choice(["markdown", "csv", "buffer"]),
    default=None,
    help="Write files into --to instead of printing the texts.",
)
@click.option(
    "--to", default=".", type=click.Path(file_okay=False, path_type=Path), help="Folder of the files."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def write(
    session: Session,
    objective: str,
    facts: tuple[str, ...],
    channels: tuple[str, ...],
    form: str,
    audience: str,
    call: str,
    campaign: str,
    link: str,
    language: str,
    export: str | None,
    to: Path,
    as_json: bool,
) -> None:
    """Write the posts of a brief."""
    from copilot.records import Brief

    copilot = session.open()
    brief = Brief(objective, audience, facts, call, campaign, link, form, channels, language)
    written = copilot.write(brief)
    if as_json:
        _print_json(written)
    elif export is not None:
        to.mkdir(parents=True, exist_ok=True)
        items = [(post, post.draft.text) for post in written]
        for file in copilot.posts.export(items, export, language=session.language):  # type: ignore[arg-type]
            (to / file.name).write_bytes(file.content)
            click.echo(str(to / file.name))
    else:
        for post in written:
            _print(post, session.language)


def _print(post: Post, language: str) -> None:
    piece = "" if post.piece == "main" else f" · {post.piece}"
    click.echo(f"# {post.channel}{piece}\n")
    for title, text in (("title", post.title), ("preheader", post.preheader), ("meta", post.description)):
        if text:
            click.echo(f"{title}: {text}")
    click.echo(post.draft.text + "\n")
    for notice in post.notices:
        click.echo(f"· {notice.message.get(language)}", err=True)
    for finding in post.report.findings:
        click.echo(f"{finding.level}: {finding.rule}: {finding.message.get(language)}", err=True)


def _print_json(value: object) -> None:
    from pydantic_core import to_jsonable_python

    click.echo(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1))
