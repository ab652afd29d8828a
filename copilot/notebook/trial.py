"""A prompt that is being tried in a notebook: what it would send, and what differs from the promoted one."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from copilot import prompts, views
from copilot.lab import Comparison
from copilot.messages import message
from copilot.preview import Preview
from copilot.prompts import Prompt


@dataclass(frozen=True, slots=True)
class Trial:
    """An edited prompt. ``promoted`` is the version that production uses."""

    name: str
    text: str
    preview: Preview
    promoted: Prompt

    @property
    def version(self) -> str:
        """The version that the edited text would have."""
        return self.preview.prompt.version

    @property
    def difference(self) -> str:
        """What differs from the promoted version, as a unified diff; empty if nothing does."""
        return prompts.diff(self.promoted, self.preview.prompt)


@dataclass(frozen=True, slots=True)
class ChangedCases:
    """The cases of a comparison; ``comments`` are the customers' messages by case."""

    comparison: Comparison
    comments: dict[str, str]


def cases_text(found: ChangedCases, language: str) -> str:
    """Return each case that changed: what broke, why, and the new text."""
    blocks = []
    for pair in found.comparison.cases:
        if pair.broke or pair.mended or not pair.same_text:
            why = "".join(f"\n  ✗ {reason}" for reason in views.reasons(pair.after, language))
            blocks.append(
                f"{pair.case_id} : {found.comments.get(pair.case_id, '')}{why}\n{pair.after.outcome.text}"
            )
    return "\n\n".join(blocks) or message("labview.no_case_changed", language)


def trial_html(trial: Trial, language: str) -> str:
    """Return the heading, the tokens of each part, the messages and the difference."""
    head = escape(_head(trial, language))
    changed = ""
    if trial.difference:
        label = escape(message("notebook.difference", language))
        changed = f"<details><summary>{label}</summary><pre>{escape(trial.difference)}</pre></details>"
    return f"<p><strong>{head}</strong></p>{views.preview(trial.preview, language)}{changed}"


def trial_text(trial: Trial, language: str) -> str:
    """Return the same as plain text."""
    lines = [_head(trial, language), *(f"  {count:>6}  {name}" for name, count in _parts(trial, language))]
    return "\n".join([*lines, trial.difference]).rstrip()


def _head(trial: Trial, language: str) -> str:
    same = "" if trial.difference else "_same"
    about = "≈ " if trial.preview.estimated else ""
    return message(
        f"notebook.trial{same}",
        language,
        name=trial.name,
        version=trial.version,
        promoted=trial.promoted.version,
        tokens=f"{about}{trial.preview.tokens}",
    )


def _parts(trial: Trial, language: str) -> list[tuple[str, str]]:
    about = "≈ " if trial.preview.estimated else ""
    own = message("notebook.own_words", language)
    return [(name or own, f"{about}{count}") for name, count in trial.preview.by_name()]
