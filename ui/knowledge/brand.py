"""Marque: the brand file as a form or as text, with what a change does to three sample replies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import gradio as gr

from copilot import BrandFile, ConflictError, Copilot, CopilotError, Sample
from ui.access import actor
from ui.knowledge import looks
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.words import Words

AGAIN: dict[str, Any] = {**PRIVATE, "trigger_mode": "always_last"}


class BrandRoom(Tab):
    """The room. The text of the file is the one truth: the form reads from it and writes into it."""

    def __init__(self, copilot: Copilot, say: Words) -> None:
        super().__init__(copilot, say)
        self.version = gr.State("")

    # -- layout ---------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Lay out form and text, and beside them the sample replies."""
        say = self.say
        # What is written and not saved, with the version of the file it began from.
        self.kept = gr.Textbox(elem_id="pv-knowledge-brand-kept", elem_classes="pv-keep", visible="hidden")
        with gr.Row(elem_classes="pv-knowledge-two", equal_height=False):
            with gr.Column(scale=6, min_width=320, elem_classes="pv-knowledge-left"):
                self.mode = gr.Radio(
                    [(say("mode_form"), "form"), (say("mode_text"), "text")],
                    value="form",
                    label=say("mode"),
                    elem_id="pv-knowledge-mode",
                )
                with gr.Column(elem_id="pv-knowledge-form-part", elem_classes="pv-knowledge-form"):
                    self._lay_out_form()
                with gr.Column(elem_id="pv-knowledge-yaml-part"):
                    self.text = gr.Textbox(
                        label="brand.yml",
                        lines=24,
                        max_lines=48,
                        elem_id="pv-knowledge-yaml",
                        elem_classes=["pv-knowledge-code"],
                    )
                self.problem = gr.HTML(elem_id="pv-knowledge-brand-problem")
                with gr.Row(elem_classes="pv-buttons"):
                    self.save = gr.Button(say("save"), variant="primary", elem_id="pv-knowledge-brand-save")
                    self.undo = gr.Button(say("brand_reload"), elem_id="pv-knowledge-brand-reload")
                self.conflict = gr.HTML(
                    elem_id="pv-knowledge-brand-conflict",
                    js_on_load="window.pvKnowledge(element, trigger, watch)",
                )
            with gr.Column(scale=6, min_width=320, elem_classes="pv-knowledge-right"):
                self.samples = gr.HTML(self._waiting(), elem_id="pv-knowledge-samples")

    def _lay_out_form(self) -> None:
        say = self.say
        self.register = gr.Radio(
            [(say("register_vous"), "vous"), (say("register_tu"), "tu")],
            label=say("register"),
            elem_id="pv-knowledge-register",
        )
        self.voice = _lines(say, "voice", 4)
        self.avoid = _lines(say, "avoid", 4)
        self.signoffs = {
            code: gr.Textbox(
                label=say("signoff", language=say(f"language_{code}")),
                max_lines=1,
                max_length=300,
                elem_id=f"pv-knowledge-signoff-{code}",
            )
            for code in self.copilot.brand.languages
            if code in ("fr", "en")
        }
        self.terms = _lines(say, "terms", 6)
        self.promises = _lines(say, "promises", 6)

    def connect(self) -> None:
        """Connect form, text, preview and saving."""
        fields, seen = self._fields(), [self.samples, self.problem]
        # "change", for Gradio's "input" hears keys but neither a paste by mouse nor a dropped text.
        told = [field.change for field in fields]
        gr.on(told, self.told(self.write), [self.text, *fields], [self.text, self.problem], **AGAIN)
        self.text.change(self.told(self.look), [self.text], seen, **AGAIN)
        self.text.change(self.told(self.hold), [self.text, self.version], [self.kept], **AGAIN)
        keep = "(kept) => window.pvKeep('pv-knowledge-brand-kept', kept)"
        self.kept.change(None, [self.kept], None, js=keep, **PRIVATE)
        switched = [self.mode, *fields, self.problem]
        self.mode.input(self.told(self.switch), [self.mode, self.text], switched, **PRIVATE)
        self.mode.change(None, [self.mode], None, js="(mode) => window.pvKnowledgeMode(mode)", **PRIVATE)
        parts = self.fills()
        self.save.click(self.told(self.keep), [self.text, self.version], parts, **PRIVATE)
        self.undo.click(self.told(self.load), None, parts, **PRIVATE)
        self.conflict.click(self.told(self.settle), [self.text, self.version], parts, **PRIVATE)

    def reads(self) -> list[Any]:
        """Return the version of the file that is being changed, and what the browser kept of it."""
        return [self.version, self.kept]

    def fills(self) -> list[Any]:
        """Return all parts."""
        shown = [self.mode, self.text, *self._fields(), self.samples, self.problem]
        return [self.conflict, self.version, self.kept, *shown]

    # -- handlers -------------------------------------------------------------------------------

    def enter(self, *given: Any) -> Update:
        """Fill the room when it is first entered; later what is being written there stays."""
        version, kept = given
        if version:
            return {self.version: version}
        return self._taken_up(kept) if kept else self.load()

    def load(self) -> Update:
        """Fill form and text from the file as it stands."""
        return self._filled(self.copilot.knowledge.brand_file())

    def write(self, text: str, *given: Any) -> Update:
        """Write what changed in the form into the text."""
        shown = self._shown(text)
        touched = [now != shown[field] for field, now in zip(self._fields(), given, strict=True)]
        values = _values(given, list(self.signoffs), self._data(text))
        own = {key: value for (key, value), new in zip(values.items(), touched, strict=True) if new}
        return {self.text: self.copilot.knowledge.brand_with(text, own), self.problem: ""}

    def hold(self, text: str, version: str) -> Update:
        """Have the browser keep a text that is not saved."""
        saved = not version or self.copilot.knowledge.brand_file().text == text
        return {self.kept: "" if saved else json.dumps({"text": text, "version": version})}

    def look(self, text: str) -> Update:
        """Show what a text changes, or the mistake in it."""
        try:
            samples = self.copilot.knowledge.preview(text or "")
        except CopilotError as error:
            return {self.problem: looks.problem(error.in_language(self.say.language))}
        return {self.samples: previewed(samples, self.say), self.problem: ""}

    def switch(self, mode: str, text: str) -> Update:
        """Turn from the form to the text and back; a text with a mistake has no form."""
        if mode == "text":
            return {self.mode: mode}
        try:
            return self._shown(text)
        except CopilotError as error:
            return {self.mode: "text", self.problem: looks.problem(error.in_language(self.say.language))}

    def keep(self, text: str, version: str) -> Update:
        """Save the file."""
        try:
            saved = self.copilot.knowledge.save_brand(text, version=version, actor=actor())
        except ConflictError:
            theirs = self.copilot.knowledge.brand_file().text
            return {self.conflict: looks.conflict(theirs, text, self.say)}
        except CopilotError as error:
            return {self.problem: looks.problem(error.in_language(self.say.language))}
        gr.Info(self.say("brand_saved"), title="")
        # The text is as it was: only the comparison with what is in force starts anew.
        return {**self._filled(saved), **self.look(saved.text)}

    def settle(self, text: str, _version: str, event: gr.EventData) -> Update:
        """Settle a conflict: save one's own text over the file's, take the file's, or go back."""
        if event.do == "back":
            return {self.conflict: ""}
        if event.do == "theirs":
            return {**self.load(), self.conflict: ""}
        return {self.conflict: "", **self.keep(text, self.copilot.knowledge.brand_file().version)}

    # -- what handlers share --------------------------------------------------------------------

    def _filled(self, file: BrandFile) -> Update:
        shown = {self.text: file.text, self.version: file.version, self.conflict: "", self.kept: ""}
        return {**shown, **self._shown(file.text)}

    def _taken_up(self, kept: str) -> Update:
        """Take up what the browser kept, after a reload; a text with a mistake has no form."""
        held = json.loads(kept)
        file = BrandFile(str(held["text"]), str(held["version"]))
        try:
            return {**self._filled(file), self.kept: kept}
        except CopilotError:
            return {self.mode: "text", self.text: file.text, self.version: file.version, self.kept: kept}

    def _shown(self, text: str) -> Update:
        data = self._data(text)
        phrases = data.get("phrases", {})
        return {
            self.register: data.get("register", "vous"),
            self.voice: "\n".join(data.get("voice", ())),
            self.avoid: "\n".join(data.get("avoid", ())),
            **{box: phrases.get(code, {}).get("signoff", "") for code, box in self.signoffs.items()},
            self.terms: "\n".join(
                f"{t['use']} ← {_listed(t.get('instead_of', ()))}" for t in data.get("terms", ())
            ),
            self.promises: "\n".join(
                f"{p['id']} : {_listed(p.get('patterns', ()))}" for p in data.get("forbidden_promises", ())
            ),
        }

    def _data(self, text: str) -> Mapping[str, Any]:
        brand = self.copilot.knowledge.brand_of(text)
        return brand.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def _fields(self) -> list[Any]:
        boxes = [self.register, self.voice, self.avoid, *self.signoffs.values()]
        return [*boxes, self.terms, self.promises]

    def _waiting(self) -> str:
        return f'<p class="pv-waiting" role="status">{self.say("samples_loading")}</p>'


def previewed(samples: Sequence[Sample], say: Words) -> str:
    """Return the sample replies, what changed in each marked, and their findings before and after."""
    if not samples:
        return f'<p class="pv-empty">{say("no_samples")}</p>'
    cards = "".join(_sample(sample, say) for sample in samples)
    head = f'<h2>{say("samples")}</h2><p class="pv-hint">{say("samples_info")}</p>'
    # The column scrolls: without a place for the focus the keyboard could not.
    return f'{head}<ol class="pv-knowledge-samples" tabindex="0" aria-label="{say("samples")}">{cards}</ol>'


def _sample(sample: Sample, say: Words) -> str:
    before, after = sample.before.draft.text, sample.after.draft.text
    same = before == after
    text = escape(after) if same else looks.changed(before, after)
    mark = say("unchanged") if same else say("changed")
    kind = "retired" if same else "approved"
    old = {(f.rule, f.match) for f in sample.before.report.findings}
    new = [f for f in sample.after.report.findings if (f.rule, f.match) not in old]
    told = "".join(f"<li>{escape(f.message.get(say.language))}</li>" for f in new)
    found = f'<ul class="pv-knowledge-failed">{told}</ul>' if told else ""
    return (
        f'<li><h3>{escape(sample.question)} <span class="pv-badge pv-badge-{kind}">{mark}</span></h3>'
        f'<p class="pv-text">{text}</p>{found}</li>'
    )


def _values(
    given: Sequence[Any], codes: Sequence[str], data: Mapping[str, Any]
) -> dict[tuple[str, ...], Any]:
    """Return what the form says, key by key in the order of its fields; what it does not show is kept."""
    register, voice, avoid, *signoffs, terms, promises = given
    signed = zip(codes, signoffs, strict=True)
    return {
        ("register",): register,
        ("voice",): _split(voice),
        ("avoid",): _split(avoid),
        **{("phrases", code, "signoff"): text for code, text in signed},
        ("terms",): _terms(terms, data.get("terms", ())),
        ("forbidden_promises",): _promises(promises, data.get("forbidden_promises", ())),
    }


def _terms(text: str, known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    before = {term["use"]: term for term in known}
    found = []
    for line in _split(text):
        use, _, rest = line.partition("←")
        item = {**before.get(use.strip(), {}), "use": use.strip(), "instead_of": _commas(rest)}
        found.append(item)
    return found


def _promises(text: str, known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    before = {promise["id"]: promise for promise in known}
    found = []
    for line in _split(text):
        name, _, rest = line.partition(":")
        name = re.sub(r"\s+", "-", name.strip())
        found.append({**before.get(name, {}), "id": name, "patterns": _commas(rest)})
    return found


def _split(text: str) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _commas(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items)


def _lines(say: Words, name: str, lines: int) -> gr.Textbox:
    return gr.Textbox(
        label=say(name),
        info=say(f"{name}_info"),
        lines=lines,
        max_lines=3 * lines,
        elem_id=f"pv-knowledge-{name}",
    )
