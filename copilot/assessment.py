"""A prompt against the promoted one: both over the golden cases, compared, with what the gate says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.errors import InputError
from copilot.lab import Case, Comparison, Decision, Progress, Run, System, compare, decide

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.prompts import Prompt

JUDGED = "reply"
"""The prompt that cases judge; ``reply.word`` is a variant of it."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """What came of it. ``comments`` are the customers' messages by case."""

    comparison: Comparison
    decision: Decision
    comments: dict[str, str]

    @property
    def after(self) -> Run:
        """The run of the prompt that was assessed."""
        return self.comparison.after


def base_of(name: str) -> str:
    """Return the prompt that a variant belongs to: ``reply`` of ``reply.short``."""
    return name.partition(".")[0]


def recorded(copilot: Copilot) -> Path | None:
    """Return the folder of recorded answers that ships with the workspace, if there is one."""
    folder = copilot.workspace.prompts / "runs" / "answers"
    return folder if any(folder.glob("*.jsonl")) else None


def assess(
    copilot: Copilot,
    prompt: Prompt,
    *,
    recording: Path | str = "",
    only: str = "",
    progress: Callable[[Progress], None] = lambda _: None,
    cancel: Callable[[], bool] = lambda: False,
) -> Assessment:
    """Run a prompt and the promoted one over all cases of comments and compare them.

    A run of the promoted prompt that is still good (same cases, knowledge, brand and answers) is used again.

    Args:
        copilot: the workspace.
        prompt: what to assess.
        recording: recorded answers, a file or a folder; without them the model of the settings is asked.
        only: a word of the ids or tags of the cases to take; default: all.
        progress: told of each case, both runs counted as one.
        cancel: asked before each case.

    Raises:
        InputError: cases do not judge this prompt, none is chosen, or there is neither recording nor model.
    """
    if base_of(prompt.name) != JUDGED:
        raise InputError("assessment.not_judged", name=prompt.name)
    lab = copilot.lab
    cases = [c for c in lab.cases() if c.request is not None and (only in c.id or only in c.tags)]
    if not cases:
        raise InputError("assessment.no_case", word=only)
    promoted = lab.system(JUDGED, recording=recording)
    tried = lab.system(prompt, recording=recording, name=prompt.name)
    after = lab.run(tried, cases, progress=_half(progress, 0), cancel=cancel)
    before = _same_as(after, promoted, cases, lab.runs())
    before = before or lab.run(promoted, cases, progress=_half(progress, len(cases)), cancel=cancel)
    comparison = compare(before, after)
    comments = {case.id: case.request.comment.text for case in cases if case.request is not None}
    return Assessment(comparison, decide(comparison), comments)


def _same_as(after: Run, promoted: System, cases: Sequence[Case], known: Sequence[Run]) -> Run | None:
    """Return a run of the promoted prompt under the conditions of ``after``, if one is kept."""
    assert promoted.prompt is not None
    wanted = (promoted.prompt.version, after.model, after.knowledge, after.brand, after.environment)
    digests = {case.id: case.digest for case in cases}
    for run in known:
        found = (run.prompt_version, run.model, run.knowledge, run.brand, run.environment)
        judged = {row.case_id: row.digest for row in run.judged}
        if found == wanted and judged == digests:
            return run
    return None


def _half(progress: Callable[[Progress], None], done: int) -> Callable[[Progress], None]:
    def told(step: Progress) -> None:
        total = 2 * step.total
        progress(Progress(step.done + done, total, step.case_id, step.cost, step.seconds))

    return told
