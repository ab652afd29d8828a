"""The command line: every verb of ``Copilot`` as a command, ``--json`` on each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from copilot.commands import knowledge, lab, posts, prompts, team
from copilot.errors import CopilotError, InputError
from copilot.verbs import CLI_ONLY, VERBS

if TYPE_CHECKING:
    from copilot.app import Copilot

HELP = VERBS | CLI_ONLY


class Session:
    """What all commands share: the folder, the language of messages, and whether to speak JSON."""

    def __init__(self, workspace: str, language: str) -> None:
        self.workspace = workspace
        self.language = language or _system_language()

    def open(self) -> Copilot:
        """Open the workspace."""
        from copilot.app import Copilot

        copilot = Copilot(self.workspace)
        if copilot.settings.language:
            self.language = copilot.settings.language
        return copilot

    def say(self, fr: str, en: str) -> None:
        """Print one line in the user's language."""
        print(fr if self.language == "fr" else en)


class Commands(click.Group):
    """A group that turns our errors into one sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except CopilotError as error:
            language = ctx.obj.language if isinstance(ctx.obj, Session) else _system_language()
            click.echo(error.in_language(language), err=True)
            ctx.exit(2)
        except BrokenPipeError:
            # The reader of a pipe went away: point stdout at nothing so that closing it is silent.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace", "-w", default=".", metavar="DIR", help="Folder of the brand (default: this one)."
)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="Language of messages.")
@click.version_option(package_name="porte-voix", prog_name="porte-voix")
@click.pass_context
def main(ctx: click.Context, workspace: str, lang: str | None) -> None:
    """Porte-voix: replies and posts in the brand's voice, every fact proved."""
    ctx.obj = Session(workspace, lang or "")


def command(name: str) -> Callable[[Callable[..., None]], click.Command]:
    """Declare the command of a verb: its help comes from the table of verbs."""
    return main.command(name, help=HELP[name], short_help=HELP[name])


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="Name of the brand (default: that of the folder).")
@click.pass_obj
def init(session: Session, folder: Path, name: str) -> None:
    from copilot.workspace import create_workspace

    create_workspace(folder, name=name)
    session.say(
        f"Espace de travail créé dans {folder}. Ajoutez vos FAQ dans {folder / 'knowledge' / 'faq'}, "
        f"puis lancez « copilot -w {folder} ingest ».",
        f"Workspace made in {folder}. Put your FAQs into {folder / 'knowledge' / 'faq'}, "
        f"then run “copilot -w {folder} ingest”.",
    )


@command("ingest")
@click.option("--rebuild", is_flag=True, help="Make the index anew and swap it in.")
@as_json
@click.pass_obj
def ingest(session: Session, rebuild: bool, as_json: bool) -> None:
    copilot = session.open()
    from copilot.progress import shown

    with shown(session.language, quiet=as_json or not sys.stderr.isatty()) as progress:
        report = copilot.ingest(rebuild=rebuild, progress=progress, actor=_user())
    if as_json:
        _print_json(report)
        return
    session.say(
        f"{report.added} ajoutés, {report.updated} mis à jour, {report.removed} retirés, "
        f"{report.unchanged} inchangés ({report.chunks} passages, {report.seconds:.1f} s).",
        f"{report.added} added, {report.updated} updated, {report.removed} removed, "
        f"{report.unchanged} unchanged ({report.chunks} passages, {report.seconds:.1f} s).",
    )
    for notice in report.notices:
        click.echo(notice.message.get(session.language), err=True)
    for path, reason in report.failed:
        click.echo(f"{path} : {reason.get(session.language)}", err=True)


@command("search")
@click.argument("query")
@click.option("-k", default=5, show_default=True, type=click.IntRange(1, 50), help="How many passages.")
@click.option("--language", default="", help="Only passages in this language.")
@click.option("--internal", is_flag=True, help="Internal passages too.")
@as_json
@click.pass_obj
def search(session: Session, query: str, k: int, language: str, internal: bool, as_json: bool) -> None:
    passages = session.open().search(_text(query), k=k, language=language, internal=internal)
    if as_json:
        _print_json(passages)
        return
    if not passages:
        session.say("Aucun passage.", "No passage.")
    for passage in passages:
        chunk = passage.chunk
        mark = (
            ""
            if chunk.visibility == "public"
            else " [interne]"
            if session.language == "fr"
            else " [internal]"
        )
        print(f"{passage.score:.2f}  {chunk.question or ' › '.join(chunk.headings)}{mark}  ({chunk.path})")
        print(f"      {chunk.text[:300]}")


@command("triage")
@click.argument("text")
@as_json
@click.pass_obj
def triage(session: Session, text: str, as_json: bool) -> None:
    found = session.open().triage(_text(text))
    if as_json:
        _print_json(found)
        return
    print(f"{found.route} · {found.severity} · {found.sentiment} · {found.language}")
    print(", ".join(label.name for label in found.intents))
    print(found.explanation.get(session.language))


@command("reply")
@click.argument("text")
@click.option("--author", default="", help="Name of the customer, for the greeting.")
@click.option("--channel", default="web", show_default=True, help="Channel of the comment.")
@click.option("--language", default="", help="Language of the reply (default: the comment's).")
@click.option("--register", type=click.Choice(["tu", "vous"]), default=None, help="Default: the brand's.")
@click.option("--note", default="", help="Your own facts for this message.")
@click.option("--offline", is_flag=True, help="Without a model, even when one is configured.")
@as_json
@click.pass_obj
def reply(
    session: Session,
    text: str,
    author: str,
    channel: str,
    language: str,
    register: str | None,
    note: str,
    offline: bool,
    as_json: bool,
) -> None:
    from copilot.records import Comment, ReplyRequest

    request = ReplyRequest(Comment(_text(text), author, channel), language=language, note=note)
    if register is not None:
        request = replace(request, register="tu" if register == "tu" else "vous")
    if offline:
        request = replace(request, writer="offline")
    made = session.open().reply(request, actor=_user())
    if as_json:
        _print_json(made)
        return
    print(made.draft.text)
    print()
    for notice in made.notices:
        click.echo(f"· {notice.message.get(session.language)}", err=True)
    by_id = {p.id: p for p in made.passages}
    for identifier in dict.fromkeys(e.passage_id for s in made.draft.sentences for e in s.evidence):
        if identifier in by_id:
            chunk = by_id[identifier].chunk
            print(f"[{chunk.path}] {chunk.question or ' › '.join(chunk.headings)}")
    for finding in made.report.findings:
        print(f"{finding.level}: {finding.rule}: {finding.message.get(session.language)}")
    print(f"id: {made.id}")


@command("check")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--channel", default="web", show_default=True)
@click.option("--language", default="", help="Language the texts should have.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "vale", "sarif", "github"]),
    default="text",
    show_default=True,
)
@as_json
@click.pass_context
def check(
    ctx: click.Context, files: tuple[Path, ...], channel: str, language: str, form: str, as_json: bool
) -> None:
    from copilot import reports

    session: Session = ctx.obj
    copilot = session.open()
    checked = []
    for path in files:
        text = _read(path)
        checked.append((str(path), text, copilot.check(text, channel=channel, language=language)))
    print(reports.render(checked, "json" if as_json else form, session.language))
    failed = any(f.level == "error" and not f.suppressed for _, _, r in checked for f in r.findings)
    ctx.exit(1 if failed else 0)


@command("fix")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--channel", default="web", show_default=True)
@click.option("--write", is_flag=True, help="Change the file instead of printing the text.")
@as_json
@click.pass_obj
def fix(session: Session, file: Path, channel: str, write: bool, as_json: bool) -> None:
    copilot = session.open()
    text = _read(file)
    result = copilot.fix(text, copilot.check(text, channel=channel).findings, safe_only=True)
    if write and str(file) != "-" and result.text != text:
        file.write_text(result.text, encoding="utf-8")
    if as_json:
        _print_json(result)
    elif write and str(file) != "-":
        session.say(f"{len(result.applied)} corrections.", f"{len(result.applied)} fixes.")
    else:
        print(result.text, end="" if result.text.endswith("\n") else "\n")


@command("accept")
@click.argument("reply_id")
@click.argument("text")
@click.option("--no-learn", is_flag=True, help="Do not learn from this reply.")
@as_json
@click.pass_obj
def accept(session: Session, reply_id: str, text: str, no_learn: bool, as_json: bool) -> None:
    copilot = session.open()
    copilot.accept(reply_id, _text(text), actor=_user(), learn=not no_learn)
    if as_json:
        _print_json(copilot.store.reply(reply_id))
    else:
        session.say("Texte enregistré.", "Text recorded.")


@command("unaccept")
@click.argument("reply_id")
@as_json
@click.pass_obj
def unaccept(session: Session, reply_id: str, as_json: bool) -> None:
    copilot = session.open()
    copilot.unaccept(reply_id, actor=_user())
    if as_json:
        _print_json(copilot.store.reply(reply_id))
    else:
        session.say("Acceptation annulée.", "Acceptance taken back.")


@command("history")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--author", default="", help="Only the replies to this person.")
@click.option("--contains", default="", help="Only those whose comment or text holds this.")
@as_json
@click.pass_obj
def history(session: Session, limit: int, author: str, contains: str, as_json: bool) -> None:
    entries = session.open().history(limit=limit, author=author, contains=contains)
    if as_json:
        _print_json(entries)
        return
    if not entries:
        session.say("Aucune réponse enregistrée.", "No saved reply.")
    for entry in entries:
        at = entry.reply.created_at
        done = "✓" if entry.final_text else " "
        when = at.strftime("%Y-%m-%d %H:%M") if at else ""
        print(f"{done} {entry.reply.id}  {when}  {entry.reply.comment.text[:80]!r}")


@command("ui")
@click.option("--host", default=None, help="Address (default: 127.0.0.1).")
@click.option("--port", default=None, type=int, help="Port (default: 7860).")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.pass_obj
def ui(session: Session, host: str | None, port: int | None, no_browser: bool) -> None:
    from importlib.metadata import entry_points

    screens = {point.name: point for point in entry_points(group="copilot.screens")}
    if "ui" not in screens:
        raise InputError("cli.no_screens")
    copilot = session.open()
    screens["ui"].load()(
        copilot,
        host=host or copilot.settings.host,
        port=copilot.settings.port if port is None else port,
        browser=not no_browser,
        language=session.language,
    )


@command("doctor")
@as_json
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    from copilot.doctor import examine

    session: Session = ctx.obj
    marks = {"ok": "✓", "notice": "·", "problem": "✗"}
    found = []
    for diagnosis in examine(session.workspace):
        found.append(diagnosis)
        if not as_json:
            print(f"{marks[diagnosis.state]} {diagnosis.message.get(session.language)}")
    if as_json:
        _print_json(found)
    ctx.exit(1 if any(d.state == "problem" for d in found) else 0)


@command("backup")
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(session: Session, archive: Path) -> None:
    from copilot.backup import backup as write_backup
    from copilot.workspace import open_workspace

    count = write_backup(open_workspace(session.workspace), archive)
    session.say(f"{count} fichiers dans {archive}.", f"{count} files in {archive}.")


@command("restore")
@click.argument("archive", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def restore(session: Session, archive: Path, folder: Path) -> None:
    from copilot.backup import restore as unpack

    unpack(archive, folder)
    session.say(
        f"Restauré dans {folder}. Lancez « copilot -w {folder} ingest » pour refaire l’index.",
        f"Restored into {folder}. Run “copilot -w {folder} ingest” to make the index again.",
    )


main.add_command(posts.write)
for added in (knowledge.health, knowledge.bring_in, knowledge.entry, lab.lab, prompts.prompts, *team.GROUPS):
    main.add_command(added)


def _print_json(value: Any) -> None:
    from pydantic_core import to_jsonable_python

    print(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1))


def _text(given: str) -> str:
    return sys.stdin.read() if given == "-" else given


def _read(path: Path) -> str:
    from copilot.errors import UnreadableFileError

    if str(path) == "-":
        return sys.stdin.read()
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError("yamlfile.unreadable", where=str(path), reason=str(error)) from error


def _user() -> str:
    import getpass

    try:
        return os.environ.get("COPILOT_ACTOR") or getpass.getuser()
    except (OSError, KeyError):
        return ""


def _system_language() -> str:
    for name in ("COPILOT_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


if __name__ == "__main__":
    main()
