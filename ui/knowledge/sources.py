"""Sources: what the knowledge is made of, what the cleaning left out, bringing more in, indexing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from copilot import Copilot, CopilotError, Decision, ImportReport, IngestReport, Localized
from ui.access import actor
from ui.faults import said
from ui.knowledge import looks
from ui.knowledge.tab import PRIVATE, Tab, Update
from ui.streaming import follow
from ui.words import Words

TYPES = (
    *(".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".tsv", ".xlsx"),
    *(".docx", ".pdf", ".json", ".jsonl", ".zip"),
)
MEGABYTES = 20
KINDS = ("file", "export", "replies")
ROWS = 200
"""Lines of the review table shown at once."""


class Sources(Tab):
    """The room."""

    def __init__(self, copilot: Copilot, say: Words) -> None:
        super().__init__(copilot, say)
        self.path = gr.State("")
        self._stopped: set[str] = set()
        self._lock = threading.Lock()

    # -- layout ---------------------------------------------------------------------------------

    def lay_out(self) -> None:
        """Lay out files and their review, and beside them indexing and imports."""
        with gr.Row(elem_classes="pv-knowledge-two", equal_height=False):
            with gr.Column(scale=7, min_width=320, elem_classes="pv-knowledge-left"):
                self.list = gr.HTML(
                    elem_id="pv-knowledge-sources", js_on_load="window.pvKnowledge(element, trigger)"
                )
                self.review = gr.HTML(
                    elem_id="pv-knowledge-review", js_on_load="window.pvKnowledge(element, trigger)"
                )
            with gr.Column(scale=5, min_width=300, elem_classes="pv-knowledge-right"):
                self._lay_out_index()
                self._lay_out_import()

    def _lay_out_index(self) -> None:
        say = self.say
        gr.HTML(f'<h2>{say("index")}</h2><p class="pv-hint">{say("index_info")}</p>')
        with gr.Row(elem_classes="pv-buttons"):
            self.update = gr.Button(say("index_update"), elem_id="pv-knowledge-update")
            self.rebuild = gr.Button(say("index_rebuild"), elem_id="pv-knowledge-rebuild")
            self.stop = gr.Button(say("stop"), elem_id="pv-knowledge-stop", visible=False)
        self.progress = gr.HTML(elem_id="pv-knowledge-progress")

    def _lay_out_import(self) -> None:
        say = self.say
        head = f'<h2 class="pv-knowledge-next">{say("bring_in")}</h2>'
        gr.HTML(f'{head}<p class="pv-hint">{say("bring_in_info")}</p>')
        self.address = gr.Textbox(
            label=say("address"),
            placeholder="https://",
            max_lines=1,
            max_length=2_000,
            elem_id="pv-knowledge-address",
        )
        with gr.Row(elem_classes="pv-buttons"):
            self.read = gr.Button(say("read_page"), elem_id="pv-knowledge-read")
        self.kind = gr.Radio(
            [(say(f"kind_{kind}"), kind) for kind in KINDS],
            value="file",
            label=say("kind"),
            elem_id="pv-knowledge-kind",
        )
        self.files = gr.File(
            label=say("files"),
            file_count="multiple",
            file_types=list(TYPES),
            height=104,
            show_label=False,
            elem_id="pv-knowledge-files",
        )
        # Gradio's own French words for the place speak of downloading.
        words = json.dumps(say("drop"), ensure_ascii=False)
        gr.HTML(
            f"<style>#pv-knowledge-files {{ --pv-drop: {words}; }}</style>"
            f'<p class="pv-hint" data-names="#pv-knowledge-files button" data-name="{escape(say("drop"))}">'
            f"{say('files_info', limit=MEGABYTES)}</p>"
        )
        self.outcome = gr.HTML(elem_id="pv-knowledge-outcome")

    def connect(self) -> None:
        """Connect files, review, indexing and imports."""
        buttons = [self.update, self.rebuild, self.stop]
        self.list.click(self.told(self.look), None, [self.review, self.path, self.list], **PRIVATE)
        self.review.click(self.told(self.decide), [self.path], [self.review, self.list], **PRIVATE)
        running = [self.progress, *buttons, self.list]
        for button, handler in ((self.update, self.bring_up), (self.rebuild, self.make_anew)):
            button.click(self.told(handler), None, running, **PRIVATE).failure(
                self.at_rest, None, buttons, **PRIVATE
            )
        self.stop.click(self.told(self.cancel), None, None, **PRIVATE)
        parts = [self.outcome, self.address, *buttons, self.progress, self.list]
        gr.on([self.read.click, self.address.submit], self.told(self.fetch), [self.address], parts, **PRIVATE)
        taken = [self.outcome, self.files, *buttons, self.progress, self.list]
        self.files.upload(self.told(self.take), [self.files, self.kind], taken, **PRIVATE)

    def reads(self) -> list[Any]:
        """Return the file whose cleaning is shown."""
        return [self.path]

    def fills(self) -> list[Any]:
        """Return the files."""
        return [self.list]

    def enter(self, *given: Any) -> Update:
        """Read the folder anew."""
        return self.load(*given)

    # -- handlers -------------------------------------------------------------------------------

    def load(self, path: str) -> Update:
        """Return the files."""
        try:
            return {self.list: looks.sources(self.copilot.knowledge.sources(), self.say, path)}
        except CopilotError as error:  # another embedder, say: indexing is one click away
            return {self.list: looks.problem(error.in_language(self.say.language))}

    def look(self, event: gr.EventData) -> Update:
        """Show the cleaning of one file."""
        return {self.review: self._reviewed(event.id), self.path: event.id, **self.load(event.id)}

    def decide(self, path: str, event: gr.EventData) -> Update:
        """Keep a dropped passage, or drop it again, and index the file."""
        knowledge, who = self.copilot.knowledge, actor()
        decision = next((d for d in knowledge.review(path).decisions if d.id == event.id), None)
        if decision is None:
            raise said(self.say("decision_gone"))
        act = knowledge.keep if event.do == "keep" else knowledge.drop_again
        act(decision, actor=who)
        self.copilot.ingest(actor=who)
        return {self.review: self._reviewed(path), **self.load(path)}

    def bring_up(self, request: gr.Request) -> Iterator[Update]:
        """Index what changed."""
        yield from self._index(request, rebuild=False)

    def make_anew(self, request: gr.Request) -> Iterator[Update]:
        """Build the index anew and swap it in."""
        yield from self._index(request, rebuild=True)

    def cancel(self, request: gr.Request) -> None:
        """Ask the visitor's indexing to end with what is done."""
        with self._lock:
            self._stopped.add(str(request.session_hash))

    def fetch(self, address: str, request: gr.Request) -> Iterator[Update]:
        """Bring a page or the pages of a sitemap in."""
        who, web = actor(), (address or "").strip()
        if not web.lower().startswith(("http://", "https://")):
            raise said(self.say("address_form"))
        stopped = self._stopper(request)

        def work(show: Callable[[str], None]) -> ImportReport:
            def step(done: int, total: int, at: str) -> None:
                show(_bar(done, total, at, None, self.say))

            return self.copilot.knowledge.bring_in(web, progress=step, cancel=stopped, actor=who)

        yield from self._import(work, request, {self.address: ""})

    def take(self, files: Sequence[str] | None, kind: Any, request: gr.Request) -> Iterator[Update]:
        """Bring uploaded files in; one that can't be read stops none of the others."""
        who, stopped = actor(), self._stopper(request)
        paths = [Path(file) for file in files or ()]

        def work(show: Callable[[str], None]) -> ImportReport:
            whole = ImportReport()
            for number, path in enumerate(paths):
                if stopped():
                    break
                show(_bar(number, len(paths), path.name, None, self.say))
                try:
                    _add(whole, self.copilot.knowledge.bring_in(path, kind, actor=who))
                except CopilotError as error:
                    whole.skipped.append((path.name, _reason(error, path.name)))
            return whole

        yield from self._import(work, request, {self.files: None})

    def at_rest(self) -> list[Any]:
        """Give the buttons back."""
        return [gr.update(interactive=True), gr.update(interactive=True), gr.update(visible=False)]

    # -- what handlers share --------------------------------------------------------------------

    def _import(
        self, work: Callable[[Callable[[str], None]], ImportReport], request: gr.Request, after: Update
    ) -> Iterator[Update]:
        report = ImportReport()
        for item in follow(work):
            if isinstance(item, str):
                yield {self.progress: item, self.stop: gr.update(visible=True)}
            else:
                report = item
        yield {self.outcome: imported(report, self.say), **after}
        if report.files:
            yield from self._index(request, rebuild=False)
        else:
            yield {self.progress: "", self.stop: gr.update(visible=False)}

    def _index(self, request: gr.Request, *, rebuild: bool) -> Iterator[Update]:
        who, stopped = actor(), self._stopper(request)
        off = gr.update(interactive=False)
        yield {
            self.update: off,
            self.rebuild: off,
            self.stop: gr.update(visible=True),
            self.progress: _bar(0, 0, "", None, self.say),
        }

        def work(show: Callable[[str], None]) -> IngestReport:
            def step(at: Any) -> None:
                show(_bar(at.done, at.total, at.path, at.seconds_left, self.say))

            return self.copilot.ingest(rebuild=rebuild, progress=step, cancel=stopped, actor=who)

        for item in follow(work):
            if isinstance(item, str):
                yield {self.progress: item}
            else:
                rest = dict(zip([self.update, self.rebuild, self.stop], self.at_rest(), strict=True))
                yield {self.progress: indexed(item, self.say), **rest, **self.load("")}

    def _stopper(self, request: gr.Request) -> Callable[[], bool]:
        name = str(request.session_hash)
        with self._lock:
            self._stopped.discard(name)
        return lambda: name in self._stopped

    def _reviewed(self, path: str) -> str:
        found = self.copilot.knowledge.review(path)
        return reviewed(path, found.decisions, self.say)


def reviewed(path: str, decisions: Sequence[Decision], say: Words) -> str:
    """Return the cleaning's review table of one file: dropped passages first."""
    if not decisions:
        return f'<p class="pv-empty">{say("nothing_cleaned")}</p>'
    ordered = sorted(decisions, key=lambda d: (d.kept and not d.by_person, d.start))
    dropped = sum(not d.kept for d in decisions)
    kept = say("review_count", kept=len(decisions) - dropped, dropped=dropped)
    rows = "".join(_decision(d, say) for d in ordered[:ROWS])
    return (
        f"<section><h2>{escape(path.removeprefix('knowledge/'))}</h2>"
        f'<p class="pv-hint" role="status">{kept}</p>'
        f'<ol class="pv-knowledge-decisions">{rows}</ol></section>'
    )


def _decision(item: Decision, say: Words) -> str:
    state = say("kept") if item.kept else say("dropped")
    kind = "approved" if item.kept else "retired"
    text = " ".join(item.text.split())
    shown = escape(text if len(text) <= 240 else text[:239].rstrip() + "…")
    button = ""
    if not item.kept:
        button = (
            f'<button type="button" data-do="keep" data-id="{escape(item.id)}">{say("keep_anyway")}</button>'
        )
    elif item.by_person:
        button = (
            f'<button type="button" data-do="drop" data-id="{escape(item.id)}">{say("drop_again")}</button>'
        )
    return (
        f'<li><p><span class="pv-badge pv-badge-{kind}">{state}</span> '
        f'<span class="pv-hint">{escape(item.why.get(say.language))}</span></p><p>{shown}</p>{button}</li>'
    )


def imported(report: ImportReport, say: Words) -> str:
    """Return what an import brought and what it left out, by name and reason."""
    lines = ""
    if report.files:
        count = say("imported_one") if len(report.files) == 1 else say("imported", count=len(report.files))
        lines = looks.done(count)
    failed = "".join(
        f"<li><strong>{escape(name)}</strong> {escape(reason.get(say.language))}</li>"
        for name, reason in report.skipped
    )
    notes = "".join(f"<li>{escape(n.message.get(say.language))}</li>" for n in report.notices)
    listed = f'<ul class="pv-knowledge-failed" role="alert">{failed}</ul>' if failed else ""
    return lines + listed + (f'<ul class="pv-notices">{notes}</ul>' if notes else "")


def indexed(report: IngestReport, say: Words) -> str:
    """Return what an indexing did, and the files it could not read."""
    counts = {name: getattr(report, name) for name in ("added", "updated", "removed", "unchanged")}
    lines = looks.done(say("indexed", seconds=_seconds(report.seconds, say), **counts))
    notes = "".join(f"<li>{escape(n.message.get(say.language))}</li>" for n in report.notices)
    failed = "".join(
        f"<li><strong>{escape(path)}</strong> {escape(reason.get(say.language))}</li>"
        for path, reason in report.failed
    )
    listed = f'<ul class="pv-knowledge-failed" role="alert">{failed}</ul>' if failed else ""
    return lines + (f'<ul class="pv-notices">{notes}</ul>' if notes else "") + listed


def _bar(done: int, total: int, path: str, left: float | None, say: Words) -> str:
    if not total:
        return f'<p class="pv-waiting" role="status">{say("starting")}</p>'
    words = say("step", done=done, total=total)
    if left is not None and left >= 1:
        words += " · " + say("left", time=_seconds(left, say))
    return (
        f'<div class="pv-knowledge-bar">'
        f'<progress max="{total}" value="{done}" aria-label="{say("index")}"></progress>'
        f'<p role="status">{words}</p><p class="pv-path">{escape(path)}</p></div>'
    )


def _seconds(seconds: float, say: Words) -> str:
    if seconds >= 90:
        return say("minutes", count=round(seconds / 60))
    if seconds >= 10:
        return say("seconds", count=round(seconds))
    shown = f"{seconds:.1f}".replace(".", "," if say.language == "fr" else ".")
    return say("seconds", count=shown)


def _add(whole: ImportReport, part: ImportReport) -> None:
    whole.files.extend(part.files)
    whole.skipped.extend(part.skipped)
    whole.notices.extend(part.notices)


def _reason(error: CopilotError, name: str) -> Localized:
    texts = [error.in_language(code).replace(error.where, "").lstrip(" :\u00a0") for code in ("fr", "en")]
    del name
    return Localized(*texts)
