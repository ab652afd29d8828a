"""The pages of ``docs/`` that are made from the code: commands and settings."""

from __future__ import annotations

from typing import Any


def commands() -> str:
    """Return the help of every command as Markdown."""
    import click

    from copilot.cli import main

    context = click.Context(main, info_name="copilot", max_content_width=100, **main.context_settings)
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


def brand() -> str:
    """Return every key of ``brand.yml`` as Markdown tables."""
    from copilot.brand import Brand, Contact, Emoji, Hashtags, Phrases, Promise, Shop, Term

    rows = ["# The brand file", "", "Made from the code: `python -m copilot.reference`.", ""]
    rows += [
        "`brand.yml` says what makes a brand sound like itself and what it may never say. Only `name` is",
        "required. A mistake is told with its line; the page **Savoir** shows what a change does to three",
        "sample replies before it is saved.",
        "",
        *_keys(Brand),
    ]
    parts = {
        "phrases.fr, phrases.en": Phrases,
        "emoji": Emoji,
        "hashtags": Hashtags,
        "terms, each": Term,
        "places, each": Shop,
        "forbidden_promises, each": Promise,
        "contacts, each": Contact,
    }
    for title, model in parts.items():
        rows += ["", f"## {title}", "", *_keys(model)]
    return "\n".join(rows) + "\n"


def _keys(model: Any) -> list[str]:
    rows = ["| key | default | what it does |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        plain = isinstance(field.default, str | int | tuple) and field.default not in ("", ())
        shown = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
        default = "required" if field.is_required() else f"`{shown}`" if plain else ""
        rows.append(f"| `{field.alias or name}` | {default} | {field.description} |")
    return rows


PAGES = {"brand.md": brand, "commands.md": commands, "settings.md": settings}


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
