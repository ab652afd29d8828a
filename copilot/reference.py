"""The pages of ``docs/`` that are made from the code: commands and settings."""

from __future__ import annotations

from typing import Any


def commands() -> str:
    """Return the help of every command as Markdown."""
    import click

    from copilot.cli import main

    context = click.Context(main, info_name="copilot", max_content_width=100)
    pages = [
        "# Commands",
        "",
        "Made from the code: `python -m copilot.reference`.",
        "",
        _block(main.get_help(context)),
    ]
    for name in sorted(main.commands):
        pages += [f"## copilot {name}", "", *_command(main.commands[name], context, name)]
    return "\n".join(pages).rstrip() + "\n"


def settings() -> str:
    """Return every setting as a Markdown table."""
    from pydantic import SecretStr

    from copilot.settings import Settings

    rows = ["# Settings", "", "Made from the code: `python -m copilot.reference`.", ""]
    rows += [
        "Each is an environment variable or, secrets apart, a key of `copilot.toml` in the workspace.",
        "",
    ]
    rows += ["| variable | key | default | what it does |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        secret = field.annotation is SecretStr
        default = "" if secret or field.default in ("", None) else f"`{field.default}`"
        key = "environment only" if secret else f"`{name}`"
        rows.append(f"| `COPILOT_{name.upper()}` | {key} | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


PAGES = {"commands.md": commands, "settings.md": settings}


def _command(command: Any, parent: Any, name: str) -> list[str]:
    import click

    context = click.Context(command, info_name=name, parent=parent, max_content_width=100)
    lines = [_block(command.get_help(context)), ""]
    for sub in sorted(getattr(command, "commands", {})):
        lines += [f"### copilot {name} {sub}", "", *_command(command.commands[sub], context, sub)]
    return lines


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


def write() -> None:
    """Write the pages into ``docs/`` of the present folder."""
    from pathlib import Path

    for name, page in PAGES.items():
        (Path("docs") / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
