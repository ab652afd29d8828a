"""A prompt that is being tried in a notebook: what it would send, and what differs from the promoted one."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from copilot import prompts
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


def trial_html(trial: Trial, language: str) -> str:
    """Return the heading, the tokens of each part, the messages and the difference."""
    head = escape(_head(trial, language))
    rows = "".join(
        f'<tr><td>{escape(name)}</td><td class="pv-number">{escape(count)}</td></tr>'
        for name, count in _parts(trial, language)
    )
    messages = "".join(
        f"<details><summary>{escape(composed.role)} · {composed.tokens}</summary><pre>"
        + "".join(
            f'<span class="pv-part">{escape(s.text)}</span>' if s.name else escape(s.text)
            for s in composed.stretches
        )
        + "</pre></details>"
        for composed in trial.preview.messages
    )
    changed = f"<pre>{escape(trial.difference)}</pre>" if trial.difference else ""
    return f"<p><strong>{head}</strong></p><table>{rows}</table>{messages}{changed}"


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
