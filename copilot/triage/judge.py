"""A model's reading of a comment beside the rules: it can make the verdict graver, never milder."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from copilot import messages, prompts
from copilot.errors import LLMContractError
from copilot.llms import LLM
from copilot.records import Comment, Label, Localized, Sentiment, Triage
from copilot.triage.opinion import graver

SECONDS = 10.0
"""In which the model must have answered; then the verdict of the rules stands alone."""
_LONGEST = 4_000
_ASIDE = frozenset(("other", "complaint"))
_CASE_OF = {"insult": "insult_only"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model says of a comment: alarms (cases of ``routes.yml``), intents, feeling, and why."""

    alarms: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    sentiment: Sentiment = "neutral"
    reason: str = ""


def read(
    llm: LLM, comment: Comment, language: str, *, folders: Sequence[Path] = (), seconds: float = SECONDS
) -> Reading:
    """Ask a model what a comment is, by the ``triage`` prompt and its closed schema.

    Args:
        llm: the model, already behind the mask.
        comment: untrusted text; its first 4,000 characters are read.
        language: of the prompt.
        folders: where a workspace's own prompts are looked for first.
        seconds: in which the answer must have come.

    Raises:
        LLMError: the model could not be asked in time, or broke the form.
    """
    prompt = prompts.load("triage", folders)
    asked = prompts.render(prompt, {"comment": comment.text[:_LONGEST]}, language=language)
    end = time.monotonic() + seconds
    answer = llm.complete(asked, schema=prompt.output, options=prompt.llm, deadline=end)
    try:
        data: dict[str, Any] = json.loads(answer.text)
        return Reading(
            tuple(data["alarms"]), tuple(data["intents"]), cast(Sentiment, data["sentiment"]), data["reason"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise LLMContractError("compose.broken_json") from error


def joined(found: Triage, reading: Reading) -> Triage:
    """Join the verdict of the rules with a model's reading.

    An alarm makes the verdict graver, never milder. Where the rules were unsure and no alarm is raised, the
    model says what the message wants and how it feels.
    """
    cases = [_CASE_OF.get(alarm, alarm) for alarm in reading.alarms]
    said = messages.localized("triage.judge_stricter", reason=reading.reason)
    raised = graver(found, cases, said) if cases else found
    if raised is not found or not found.unsure or found.severity != "S0" or not reading.intents:
        return raised
    return _told(found, reading)


def _told(found: Triage, reading: Reading) -> Triage:
    """Let the model say what the rules could not tell."""
    sure = tuple(label for label in found.intents if label.name not in _ASIDE)
    known = {label.name for label in sure}
    added = tuple(Label(name, rule="model") for name in reading.intents if name not in known | {"other"})
    doubt = messages.localized("triage.judge_told", reason=reading.reason)
    return replace(
        found,
        intents=(*sure, *added) or (Label("other"),),
        sentiment=reading.sentiment,
        explanation=Localized(f"{found.explanation.fr} {doubt.fr}", f"{found.explanation.en} {doubt.en}"),
    )
