"""Règles: every rule that holds here, and what it flags in the texts written before."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Any

import gradio as gr

from copilot import BlastRadius, FileFormatError, InputError, RuleRecord
from ui.knowledge import looks
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.words import Words

TRIAL = """\
extends: existence
message: "Évitez « %s »."
level: warning
ignorecase: true
tokens:
  - dans les plus brefs délais
"""
AROUND = 60
"""Characters shown on each side of what a rule flags."""


class Rules(Tab):
    """The rules, and a place to try one."""

    def lay_out(self) -> None:
        """Lay out the list and, beside it, what a rule does."""
        say = self.say
        with gr.Row(elem_classes="pv-knowledge-two", equal_height=False):
            with gr.Column(scale=5, min_width=300, elem_classes="pv-knowledge-left"):
                self.list = gr.HTML(
                    elem_id="pv-knowledge-rules", js_on_load="window.pvKnowledge(element, trigger)"
                )
            with gr.Column(scale=7, min_width=320, elem_classes="pv-knowledge-right"):
                self.rule = gr.HTML(
                    f'<p class="pv-empty">{say("rule_none")}</p>', elem_id="pv-knowledge-rule"
                )
                self.text = gr.Textbox(
                    TRIAL,
                    label=say("rule_try"),
                    info=say("rule_try_info"),
                    lines=7,
                    max_lines=20,
                    elem_id="pv-knowledge-trial",
                    elem_classes="pv-knowledge-code",
                )
                with gr.Row(elem_classes="pv-buttons"):
                    self.go = gr.Button(say("rule_go"), elem_id="pv-knowledge-try")
                self.result = gr.HTML(elem_id="pv-knowledge-reach")

    def connect(self) -> None:
        """Connect list and trial."""
        self.list.click(self.told(self.show), None, [self.rule], **PRIVATE)
        self.go.click(self.told(self.attempt), [self.text], [self.result], **PRIVATE)

    def fills(self) -> list[Any]:
        """Return the list."""
        return [self.list]

    def enter(self, *_given: Any) -> Update:
        """Read the rules anew, pack by pack."""
        return {self.list: listed(self.copilot.knowledge.rules(), self.say)}

    def show(self, event: gr.EventData) -> Update:
        """Show one rule and its reach."""
        rule = next(rule for rule in self.copilot.knowledge.rules() if rule.id == event.id)
        radius, past = self.copilot.knowledge.reach(rule.id)
        return {self.rule: card(rule, self.say) + reach(radius, past, self.say)}

    def attempt(self, text: str) -> Update:
        """Try a rule that is being written."""
        try:
            radius, past = self.copilot.knowledge.try_rule(text or "")
        except (FileFormatError, InputError) as error:
            return {self.result: looks.problem(error.in_language(self.say.language))}
        return {self.result: reach(radius, past, self.say)}


def listed(rules: Sequence[RuleRecord], say: Words) -> str:
    """Return the rules by pack, each a button that shows it."""
    parts = []
    for number, (pack, members) in enumerate(groupby(rules, key=lambda rule: rule.pack)):
        rows = list(members)
        items = "".join(_row(rule, say) for rule in rows)
        count = say("rules_one") if len(rows) == 1 else say("rules", count=len(rows))
        opened = "" if number else " open"
        head = f"<summary><h2>{escape(pack)} <span>{count}</span></h2></summary>"
        parts.append(
            f'<details class="pv-health"{opened}>{head}<ol class="pv-knowledge-list">{items}</ol></details>'
        )
    return "".join(parts) or f'<p class="pv-empty">{say("no_rules")}</p>'


def _row(rule: RuleRecord, say: Words) -> str:
    return (
        f'<li><button type="button" data-do="rule" data-id="{escape(rule.id)}">'
        f"<strong>{escape(_name(rule))}</strong>{_level(rule, say)}"
        f'<span class="pv-hint">{escape(_message(rule, say))}</span></button></li>'
    )


def _level(rule: RuleRecord, say: Words) -> str:
    return f'<span class="pv-level pv-{rule.level}">{say(f"level_{rule.level}")}</span>'


def card(rule: RuleRecord, say: Words) -> str:
    """Return what a rule says, why, and its examples."""
    why = rule.why.get(say.language)
    flags = _examples(say("rule_flags"), rule.examples.flags)
    allows = _examples(say("rule_allows"), rule.examples.allows)
    reason = f'<p class="pv-hint">{escape(why)}</p>' if why else ""
    return (
        f'<article class="pv-rule"><h2>{escape(_name(rule))} {_level(rule, say)}</h2>'
        f"<p>{escape(_message(rule, say))}</p>{reason}{flags}{allows}"
        f'<p class="pv-path">{escape(rule.link)}</p></article>'
    )


def reach(radius: BlastRadius, past: Sequence[Any], say: Words) -> str:
    """Return how many past texts a rule flags, with some of them."""
    if not radius.total:
        return f'<p class="pv-empty" role="status">{say("reach_empty")}</p>'
    if not radius.texts:
        return looks.done(say("reach_none", total=radius.total))
    rows = "".join(f"<li>{_excerpt(past[i][0], finding)}</li>" for i, finding in radius.examples)
    key = "reach_one" if radius.texts == 1 else "reach"
    head = say(key, texts=radius.texts, total=radius.total)
    return f'<section class="pv-reach"><h3 role="status">{head}</h3><ol>{rows}</ol></section>'


def _excerpt(text: str, finding: Any) -> str:
    start, end = finding.span
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before = ("…" if first else "") + text[first:start]
    after = text[end:last] + ("…" if last < len(text) else "")
    return f"{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(after)}"


def _examples(title: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    rows = "".join(f"<li>{escape(text)}</li>" for text in texts[:4])
    return f"<h3>{title}</h3><ul>{rows}</ul>"


def _name(rule: RuleRecord) -> str:
    return rule.id.partition(".")[2]


def _message(rule: RuleRecord, say: Words) -> str:
    return rule.message.get(say.language).replace("%s", "…")
