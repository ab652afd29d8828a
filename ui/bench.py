"""What one visitor of the Atelier has in hand, and how it looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from difflib import unified_diff
from html import escape

from copilot import Assessment, PromptVersion, views
from ui.words import Words


@dataclass(frozen=True)
class Bench:
    """The prompt that is open, the version its edit began from, and what came of trying it.

    ``tried`` is the version that was tried: an edit after that is another one.
    """

    name: str = "reply"
    base: str = ""
    assessment: Assessment | None = None
    tried: str = ""


PROMPTS = ("reply", "post", "rewrite", "judge", "triage")
_HEAD = re.compile(r"\A(---[ \t]*\n.*?^---[ \t]*\n)\n*(.*)\Z", re.DOTALL | re.MULTILINE)


def order(name: str) -> tuple[int, str]:
    """Return the place of a prompt in the choice: the usual ones first, variants after their own."""
    base = name.partition(".")[0]
    return (PROMPTS.index(base) if base in PROMPTS else len(PROMPTS), name)


def split(text: str) -> tuple[str, str]:
    """Return the settings of a prompt file and its text: two fields, as few people change the settings."""
    match = _HEAD.match(text)
    return (match[1].rstrip("\n"), match[2].rstrip("\n")) if match else ("", text.rstrip("\n"))


def joined(head: str, body: str) -> str:
    """Return the file that both fields make."""
    start = f"{head.strip()}\n" if (head or "").strip() else ""
    return f"{start}{(body or '').strip()}\n"


def title(name: str, say: Words) -> str:
    """Return the name of a prompt as people read it; a variant by its own word."""
    base, _, variant = name.partition(".")
    known = say(f"prompt_{base}") if base in PROMPTS else base
    return f"{known} · {variant}" if variant else known


def state(version: str, base: str, say: Words) -> str:
    """Return which version the text is: the one in production, or another."""
    key = "same" if version == base else "edited"
    shown = say(key, version=version) if version == base else say(key, version=version, base=base)
    return f'<p class="pv-lab-state pv-lab-{key}">{escape(shown)}</p>'


def problem(sentence: str, say: Words) -> str:
    """Return a mistake in the text, with its place."""
    return f'<p class="pv-lab-state pv-lab-problem" role="alert">{say("problem")} {escape(sentence)}</p>'


def difference(before: str, after: str, say: Words) -> str:
    """Return the lines that differ from the version in production."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]
    if not lines:
        return ""
    kinds = {"+": "ins", "-": "del"}
    rows = "".join(
        f"<{kinds[line[0]]}>{escape(line[1:]) or ' '}</{kinds[line[0]]}>"
        if line[:1] in kinds
        else f"<span>{'⋯' if line.startswith('@@') else escape(line[1:])}</span>"
        for line in lines
    )
    count = sum(line[:1] in kinds for line in lines)
    label = say("difference" if count == 1 else "differences", count=count)
    return f'<details class="pv-lab-diff"><summary>{label}</summary><pre>{rows}</pre></details>'


def waiting(done: int, total: int, cost: float | None, say: Words) -> str:
    """Return how far a trial has come, with what it cost so far."""
    spent = "" if cost is None else " · " + say("cost", cost=f"{cost:.3f}")
    label = say("running", done=done, total=total) + spent
    return (
        f'<div class="pv-lab-progress"><progress max="{total}" value="{done}" aria-label="{escape(label)}">'
        f'</progress><span role="status">{escape(label)}</span></div>'
    )


def verdict(bench: Bench, say: Words) -> str:
    """Return the gate's verdict beside the promises."""
    found = bench.assessment
    if found is None:
        return f'<div class="pv-lab-empty"><p>{say("not_tried")}</p></div>'
    rows = [*found.comparison.before.rows, *found.comparison.after.rows]
    costs = [row.usage.cost for row in rows if row.usage and row.usage.cost is not None]
    about = say("tried_with", model=escape(found.after.model), count=len(found.after.rows))
    spent = f" · {say('cost', cost=f'{sum(costs):.3f}')}" if costs else ""
    return (
        f'<div class="pv-lab-result"><div>{views.decision(found.decision, say.language)}'
        f'<p class="pv-path">{about}{spent}</p></div>'
        f"<div>{views.comparison(found.comparison, say.language)}</div></div>"
    )


def cases(bench: Bench, say: Words) -> str:
    """Return the cases that changed, side by side."""
    found = bench.assessment
    if found is None:
        return ""
    shown = views.cases(found.comparison, found.comments, say.language)
    return f"<h2>{say('cases')}</h2>{shown}"


def history(
    versions: Sequence[PromptVersion], current: str, say: Words, *, zone: tzinfo | None = None
) -> str:
    """Return the versions that were promoted, newest first; ``data-version`` names the one to go back to."""
    if not versions:
        return f'<p class="pv-empty">{say("no_history")}</p>'
    rows = []
    for position, item in enumerate(versions):
        when = views.moment(item.at, say.language, zone) if item.at else ""
        who = " · ".join(filter(None, [when, item.actor]))
        here = position == 0 or item.version == current
        button = (
            f'<span class="pv-lab-now">{say("in_use")}</span>'
            if item.version == current and position == 0
            else ""
            if here
            else f'<button type="button" data-version="{escape(item.version)}">{say("roll_back")}</button>'
        )
        rows.append(
            f"<li><p><code>{escape(item.version)}</code> {escape(item.note)}</p>"
            f'<p class="pv-path">{escape(who)}</p>{button}</li>'
        )
    return f'<ol class="pv-lab-history">{"".join(rows)}</ol>'
