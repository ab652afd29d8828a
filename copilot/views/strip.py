"""The strip of what was read in a message, with its shield and the correction of its labels."""

from __future__ import annotations

from html import escape
from typing import get_args

from copilot.messages import message
from copilot.records import Route, Triage
from copilot.views.exposure import EXPOSURES, hurtful, shielded

OFFERED = (
    "question", "complaint", "praise", "suggestion", "purchase", "crisis",
    "insult", "hate", "threat", "sexual", "self_harm", "spam", "injection", "off_topic",
)  # fmt: skip


def guarded(shown: str, found: Triage, comment: str, language: str) -> str:
    """Return a strip behind its shield: blurred words, a key that shows them, and the level to choose.

    Args:
        shown: the strip, as ``views.triage`` gives it.
        found: what was read.
        comment: the customer's words.
        language: of the labels.
    """
    if not hurtful(comment, found):
        return shown
    options = "".join(
        f'<label><input type="radio" name="pv-exposure" value="{level}">'
        f"{escape(message(f'views.exposure_{level}', language))}</label>"
        for level in EXPOSURES
    )
    again = escape(message("views.hide_again", language))
    return (
        f'<div class="pv-guard" data-again="{again}">{shown}{shielded(comment, found, "mild", language)}'
        f'<fieldset class="pv-exposure"><legend>{escape(message("views.exposure", language))}</legend>'
        f"{options}</fieldset></div>"
    )


def correction(found: Triage, language: str, *, corrected: bool) -> str:
    """Return the control that corrects what was read; a correction that is there can be taken back."""

    def say(key: str) -> str:
        return escape(message(f"views.{key}", language))

    undo = ""
    if corrected:
        undo = (
            f'<p class="pv-corrected" role="status">{say("corrected")} '
            f'<button type="button" data-uncorrect>{say("uncorrect")}</button></p>'
        )
    names = {label.name for label in found.intents}
    boxes = "".join(
        f'<label><input type="checkbox" name="intents" value="{name}"{_if(name in names, "checked")}>'
        f"<span>{say(f'intent_{name}')}</span></label>"
        for name in OFFERED
    )
    routes = "".join(
        f'<option value="{route}"{_if(route == found.route, "selected")}>{say(f"route_{route}")}</option>'
        for route in get_args(Route)
    )
    return (
        f'{undo}<details class="pv-correct"><summary>{say("correct")}</summary><form>'
        f'<fieldset><legend>{say("correct_intents")}</legend><div class="pv-picks">{boxes}</div></fieldset>'
        f'<label class="pv-choice">{say("correct_route")} <select name="route">{routes}</select></label>'
        f'<button type="submit">{say("correct_keep")}</button></form></details>'
    )


def _if(holds: bool, attribute: str) -> str:
    return f" {attribute}" if holds else ""
