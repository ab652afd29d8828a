"""The commands of the prompt lab."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from copilot.errors import InputError
from copilot.verbs import ROOMS

if TYPE_CHECKING:
    from copilot.cli import Session
    from copilot.lab import Case, Comparison, Decision, Lab, Progress, Row, Run

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FILE = click.Path(dir_okay=False, path_type=Path)


class _Step(NamedTuple):
    """A case that is done, as the progress bar wants it."""

    done: int
    total: int
    path: str


def _writers(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say who writes."""
    for option in (
        click.option("--prompt", default="reply", show_default=True, help="Name, file, or name@version."),
        click.option("--recording", type=_FILE, default=None, help="Replay these answers, ask nobody."),
        click.option("--offline", is_flag=True, help="The offline drafter, which reads no prompt."),
        click.option("--case", "only", multiple=True, help="Only this case; may be given several times."),
        click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64)),
        click.option("--per-minute", default=0.0, help="At most so many cases a minute (0: no limit)."),
    ):
        command = option(command)
    return command


@click.group("lab", help=ROOMS["lab"], short_help=ROOMS["lab"])
def lab() -> None:
    """Hold the commands of the lab."""


@lab.command("cases")
@as_json
@click.pass_obj
def cases(session: Session, as_json: bool) -> None:
    """List the golden cases, and those whose evidence has changed."""
    room = session.open().lab
    found = room.cases()
    stale = room.stale(found)
    if as_json:
        _print_json(
            {"cases": [_case(each) for each in found], "stale": [(case.id, name) for case, name in stale]}
        )
        return
    for case in found:
        channel = case.vars.get("channel", "web")
        click.echo(f"{case.id:<34} {channel:<20} {', '.join(case.tags)}")
    session.say(f"{len(found)} cas.", f"{len(found)} cases.")
    for case, name in stale:
        session.say(
            f"{case.where} : le passage attendu « {name} » a changé ou disparu.",
            f"{case.where}: the expected passage “{name}” has changed or is gone.",
        )


@lab.command("run")
@_writers
@click.option("--save", "target", type=_FILE, default=None, help="Keep the run here too, as a baseline.")
@as_json
@click.pass_obj
def run(session: Session, /, target: Path | None, as_json: bool, **asked: Any) -> None:
    """Run the golden cases through a prompt and a model."""
    from copilot.lab import save

    made = _run(session, session.open().lab, quiet=as_json, **asked)
    if target is not None:
        save(made, target)
    if as_json:
        _print_json(_summary(made) | {"rows": [_row(row) for row in made.rows]})
        return
    for row in made.rows:
        if not row.passed:
            _tell_row(row, session.language)
    _tell_run(made, session)


@lab.command("runs")
@as_json
@click.pass_obj
def runs(session: Session, as_json: bool) -> None:
    """List the runs that are kept, newest first."""
    found = session.open().lab.runs()
    if as_json:
        _print_json([_summary(each) for each in found])
        return
    if not found:
        session.say("Aucun essai.", "No run yet.")
    for each in found:
        click.echo(f"{each.id}  {each.passed}/{len(each.rows)}  {each.model}  {each.prompt_version}")


@lab.command("compare")
@click.argument("before")
@click.argument("after")
@click.option("--show", default=5, show_default=True, help="How many changed cases to print side by side.")
@as_json
@click.pass_obj
def compare(session: Session, before: str, after: str, show: int, as_json: bool) -> None:
    """Compare two runs (ids or files): which promises broke, which were mended."""
    room = session.open().lab
    found = room.compare(room.load(before), room.load(after))
    if as_json:
        _print_json(_comparison(found))
        return
    _tell_comparison(found, session.language)
    for pair in [each for each in found.cases if not each.same_text][:show]:
        marks = " ".join(f"−{name}" for name in pair.broke) + " " + " ".join(f"+{n}" for n in pair.mended)
        click.echo(f"\n{pair.case_id}  {marks.strip()}")
        click.echo("".join(_marked(change.kind, change.text) for change in pair.words))


@lab.command("gate")
@click.option("--baseline", required=True, help="The run to hold it against: a file or an id.")
@click.option("--run", "candidate", default="", help="A run that is there already; without it, one is made.")
@click.option("--tolerated", default=0, show_default=True, help="Newly broken cases a promise may have.")
@_writers
@as_json
@click.pass_context
def gate(
    ctx: click.Context, /, baseline: str, candidate: str, tolerated: int, as_json: bool, **asked: Any
) -> None:
    """Say whether to ship, and why; exit 1 for no."""
    session: Session = ctx.obj
    room = session.open().lab
    before = room.load(baseline)
    made = (
        room.load(candidate) if candidate else _run(session, room, quiet=as_json, at=before.read_at, **asked)
    )
    found = room.compare(before, made)
    decision = room.gate(found, tolerated=tolerated)
    if as_json:
        _print_json(_decision(decision) | _comparison(found))
    else:
        _tell_comparison(found, session.language)
        _tell_decision(decision, session)
    ctx.exit(0 if decision.ship else 1)


@lab.command("case")
@click.argument("reply_id")
@click.option("--write", is_flag=True, help="Add it to prompts/cases/production.yml.")
@as_json
@click.pass_obj
def case(session: Session, reply_id: str, write: bool, as_json: bool) -> None:
    """Make a case of a saved reply, personal data replaced by invented ones."""
    room = session.open().lab
    draft = room.case_from_reply(reply_id)
    if write:
        written = room.write_case(draft)
        if as_json:
            _print_json({"id": written.id})
        else:
            session.say(f"Cas « {written.id} » ajouté.", f"Case “{written.id}” added.")
        return
    if as_json:
        _print_json({"id": draft.id, "text": draft.text, "replaced": draft.replaced})
        return
    click.echo(draft.text)
    session.say("Pour l’ajouter aux cas : --write.", "To add it to the cases: --write.")


# -- what is told -----------------------------------------------------------------------------


def _run(
    session: Session,
    room: Lab,
    *,
    prompt: str,
    recording: Path | None,
    offline: bool,
    only: tuple[str, ...],
    threads: int,
    per_minute: float,
    quiet: bool,
    at: datetime | None = None,
) -> Run:
    from copilot.progress import shown

    system = room.system(prompt, recording=recording or "", offline=offline)
    chosen = [case for case in room.cases() if not only or case.id in only]
    if not chosen:
        raise InputError("lab.no_such_case", ids=", ".join(only))
    with shown(session.language, quiet=quiet or not sys.stderr.isatty(), title=system.name) as bar:

        def tell(at: Progress) -> None:
            if bar is not None:
                bar(_Step(at.done, at.total, _money(at.case_id, at.cost)))

        return room.run(system, chosen, threads=threads, per_minute=per_minute, at=at, progress=tell)


def _money(case_id: str, cost: float | None) -> str:
    return case_id if cost is None else f"{case_id} · {cost:.4f}"


def _tell_run(made: Run, session: Session) -> None:
    cost = "" if made.cost is None else f", {made.cost:.4f}"
    session.say(
        f"{made.system} ({made.model}) : {made.passed} cas réussis sur {len(made.rows)}, "
        f"{len(made.not_judged)} non jugés, {made.seconds:.1f} s{cost}. Essai {made.id}",
        f"{made.system} ({made.model}): {made.passed} of {len(made.rows)} cases pass, "
        f"{len(made.not_judged)} not judged, {made.seconds:.1f} s{cost}. Run {made.id}",
    )


def _tell_row(row: Row, language: str) -> None:
    from copilot.lab import name_of
    from copilot.lab.promises import against

    click.echo(f"✗ {row.case_id}")
    if row.reason.en:
        click.echo(f"    {row.reason.get(language)}")
    for verdict in row.verdicts:
        if not verdict.passed:
            click.echo(f"    {verdict.type}: {verdict.reason.get(language)}")
    for name, kept in row.promises.items():
        if not kept:
            click.echo(f"    {name_of(name).get(language)}: {against(name, row.outcome)}")


def _tell_comparison(found: Comparison, language: str) -> None:
    from copilot.lab import name_of

    click.echo(f"{found.before.id} → {found.after.id}")
    for change in found.promises:
        rates = f"{100 * change.before:5.1f} → {100 * change.after:5.1f} %"
        interval = f"[{100 * change.low:+.1f}; {100 * change.high:+.1f}]"
        moved = f"n={change.n}  −{len(change.broke)} +{len(change.mended)}"
        click.echo(f"  {name_of(change.name).get(language):<22} {rates}  {interval}  {moved}")
    for change in found.measures:
        click.echo(f"  {name_of(change.name).get(language):<22} {change.before:.4g} → {change.after:.4g}")
    for name, why in found.incomparable:
        click.echo(f"  {name}: {why.get(language)}")


def _tell_decision(decision: Decision, session: Session) -> None:
    for mark, lines in (("✗", decision.reasons), ("·", decision.cautions), ("✓", decision.gains)):
        for line in lines:
            click.echo(f"{mark} {line.get(session.language)}")
    if decision.ship:
        session.say("À déployer.", "Ship.")
    else:
        session.say("À ne pas déployer.", "Don't ship.")


def _marked(kind: str, text: str) -> str:
    return {"removed": f"[-{text}-]", "added": f"{{+{text}+}}"}.get(kind, text)


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "description": case.description,
        "tags": case.tags,
        "vars": dict(case.vars),
        "evidence": list(case.evidence),
        "where": case.where,
    }


def _summary(made: Run) -> dict[str, Any]:
    names = ("id", "system", "model", "prompt", "prompt_version", "knowledge", "brand", "seconds", "cost")
    counts = {"passed": made.passed, "cases": len(made.rows), "not_judged": len(made.not_judged)}
    return {name: getattr(made, name) for name in names} | counts


def _row(row: Row) -> dict[str, Any]:
    return {
        "case": row.case_id,
        "state": row.state,
        "passed": row.passed,
        "promises": dict(row.promises),
        "failed": [verdict.reason.en for verdict in row.verdicts if not verdict.passed],
        "text": row.outcome.text,
    }


def _comparison(found: Comparison) -> dict[str, Any]:
    return {
        "before": _summary(found.before),
        "after": _summary(found.after),
        "promises": found.promises,
        "measures": found.measures,
        "incomparable": found.incomparable,
    }


def _decision(decision: Decision) -> dict[str, Any]:
    told = {"reasons": decision.reasons, "cautions": decision.cautions, "gains": decision.gains}
    return {"ship": decision.ship, **{name: [line.en for line in lines] for name, lines in told.items()}}


def _print_json(value: object) -> None:
    from pydantic_core import to_jsonable_python

    click.echo(json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=1))
