"""The commands that read prompts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from copilot.verbs import ROOMS

if TYPE_CHECKING:
    from copilot.cli import Session

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("prompts", help=ROOMS["prompts"], short_help=ROOMS["prompts"])
def prompts() -> None:
    """Hold the commands that read prompts."""


@prompts.command("list")
@as_json
@click.pass_obj
def list_prompts(session: Session, as_json: bool) -> None:
    """List the prompts with their versions."""
    room = session.open().lab
    found = [room.prompt(name) for name in room.prompts()]
    if as_json:
        _print_json([{"name": p.name, "version": p.version, "description": p.description} for p in found])
        return
    for prompt in found:
        click.echo(f"{prompt.name:<20} {prompt.version}  {prompt.description}")


@prompts.command("show")
@click.argument("name")
@as_json
@click.pass_obj
def show(session: Session, name: str, as_json: bool) -> None:
    """Print a prompt: its file, then its partials."""
    prompt = session.open().lab.prompt(name)
    if as_json:
        _print_json({"name": prompt.name, "version": prompt.version, "sources": dict(prompt.sources)})
        return
    for place, text in prompt.sources.items():
        click.echo(f"--- {place} ({prompt.version})\n{text}")


@prompts.command("diff")
@click.argument("a")
@click.argument("b")
@as_json
@click.pass_obj
def diff(session: Session, a: str, b: str, as_json: bool) -> None:
    """Say what differs between two prompts (names, files, or name@version)."""
    from copilot.prompts import diff as changes

    room = session.open().lab
    text = changes(room.prompt(a), room.prompt(b))
    if as_json:
        _print_json({"a": a, "b": b, "diff": text})
    elif text:
        click.echo(text, nl=False)
    else:
        session.say("Aucune différence.", "No difference.")


def _print_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
