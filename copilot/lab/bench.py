"""``Lab``: the door to the lab of one workspace."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from copilot import prompts
from copilot.errors import FileFormatError, InputError
from copilot.lab import comparing, gate, growing, keeping, running
from copilot.lab.cases import Case, load_cases
from copilot.lab.judges import Judge, Pair, human_pairs
from copilot.lab.recording import Recording
from copilot.lab.records import Progress, Run, System
from copilot.llms import LLM
from copilot.pipeline import Parts
from copilot.prompts import Prompt
from copilot.workspace import Workspace

if TYPE_CHECKING:
    from copilot.store import Store

GROWN = "production.yml"
"""The file that cases grown from real replies are added to."""


class Lab:
    """Cases, runs and comparisons of a workspace.

    Args:
        workspace: whose ``prompts/cases`` and ``.copilot/runs`` these are.
        parts: the pipeline as it stands.
        endpoint: the model that the settings name, without its mask; None when there is none.
        guard: puts a model behind the mask.
        store: the history, for cases and for what people judged.
        now: the present moment.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        parts: Callable[[], Parts],
        endpoint: Callable[[], LLM | None],
        guard: Callable[[LLM], LLM],
        store: Callable[[], Store],
        now: Callable[[], datetime],
    ) -> None:
        self._workspace = workspace
        self._parts = parts
        self._endpoint = endpoint
        self._guard = guard
        self._store = store
        self._now = now

    @property
    def cases_folder(self) -> Path:
        """Where the case files are."""
        return self._workspace.prompts / "cases"

    @property
    def runs_folder(self) -> Path:
        """Where runs and the models' answers are kept."""
        return self._workspace.state / "runs"

    # -- cases ----------------------------------------------------------------------------------

    def cases(self, *places: Path) -> tuple[Case, ...]:
        """Read case files, by default those of ``prompts/cases``; see ``load_cases``."""
        return load_cases(*(places or (self.cases_folder,)))

    def stale(self, cases: Sequence[Case]) -> list[tuple[Case, str]]:
        """Return (case, passage id) where expected evidence is gone, or no longer what it was."""
        now = self._parts().retriever.index.chunks()
        return [
            (case, name)
            for case in cases
            for name, version in case.evidence.items()
            if name not in now or (version and version != now[name].version)
        ]

    def case_from_reply(self, reply_id: str) -> growing.CaseDraft:
        """Make a case of a saved reply, to be looked at before it is written."""
        brand = self._parts().brand
        reply = self._store().reply(reply_id).reply
        return growing.case_from_reply(reply, patterns=brand.patterns, country=brand.country)

    def check_case(self, draft: growing.CaseDraft, file: str = GROWN) -> Case:
        """Return the case that ``write_case`` would add, checked as every other one."""
        return growing.check_case(draft, self.cases_folder / Path(file).name)

    def write_case(self, draft: growing.CaseDraft, file: str = GROWN) -> Case:
        """Add a case to a file of ``prompts/cases``."""
        return growing.write_case(draft, self.cases_folder / Path(file).name)

    # -- prompts --------------------------------------------------------------------------------

    def prompts(self) -> list[str]:
        """Return the names of all prompts; a variant of ``reply`` is called ``reply.word``."""
        return prompts.names([self._workspace.prompts])

    def prompt(self, name: str = "reply", *, text: str = "") -> Prompt:
        """Return a prompt by name, file or ``name@version``, or made of ``text`` as an editor holds it."""
        folders = [self._workspace.prompts]
        path = Path(name)
        if not text and path.suffix == ".md" and path.is_file():
            text, name = path.read_text(encoding="utf-8-sig"), path.stem
        if text:
            return prompts.parse(text, name=name, shown=f"prompts/{name}.md", folders=folders)
        base, _, version = name.partition("@")
        kept = self._workspace.prompts / "history" / base / f"{version}.md"
        if version.isalnum() and kept.is_file():
            return self.prompt(base, text=kept.read_text(encoding="utf-8"))
        return prompts.load(name, folders)

    # -- runs -----------------------------------------------------------------------------------

    def system(
        self,
        prompt: str | Prompt = "reply",
        *,
        recording: Path | str = "",
        offline: bool = False,
        llm: LLM | None = None,
        keep: Path | None = None,
        name: str = "",
    ) -> System:
        """Say who is to write.

        Args:
            prompt: its name, its file, ``name@version``, or a prompt.
            recording: replay these answers and ask nobody.
            offline: the offline drafter, which reads no prompt.
            llm: a model instead of the one the settings name.
            keep: where its answers are kept, default: with the runs, so that nothing is asked twice.
            name: how the run is called, default: the prompt's name.

        Raises:
            InputError: no model is configured, and neither a recording nor ``offline`` is asked for.
        """
        if offline:
            return System(name or "offline")
        chosen = prompt if isinstance(prompt, Prompt) else self.prompt(prompt)
        if recording:
            answers = Recording(Path(recording))
        else:
            asked = llm or self._endpoint()
            if asked is None:
                raise InputError("lab.no_model")
            file = self.runs_folder / "answers" / f"{_slug(asked.name)}.jsonl"
            answers = Recording(keep or file, asked)
        return System(name or chosen.name, chosen, self._guard(answers))

    def run(
        self,
        system: System,
        cases: Sequence[Case] = (),
        *,
        threads: int = 4,
        per_minute: float = 0,
        at: datetime | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
        cancel: Callable[[], bool] = lambda: False,
    ) -> Run:
        """Run cases (default: all) through a system; every row is kept as soon as it is there.

        What a model answered before is not asked again, so that a run which was stopped goes on.

        Args:
            system: who writes.
            cases: what is asked.
            threads: how many cases at once.
            per_minute: cases begun a minute, 0 for no limit.
            at: the moment at which dated knowledge is read, default: now. A candidate is read at the
                moment of its baseline, so that the calendar changes nothing.
            progress: told after each case.
            cancel: asked before each case; the rows that are done are kept.
        """
        chosen = tuple(cases) or self.cases()
        parts = self._parts() if at is None else replace(self._parts(), now=lambda: at)
        begun = replace(self._begun(system, parts), case_ids=tuple(case.id for case in chosen))
        file = keeping.RunFile(self.runs_folder / f"{begun.id}.jsonl", begun)
        seconds = [0.0]

        def told(done: Progress) -> None:
            seconds[0] = round(done.seconds, 2)
            progress(done)

        rows = running.run_cases(
            chosen,
            system,
            parts,
            threads=threads,
            per_minute=per_minute,
            keep=file.add,
            progress=told,
            cancel=cancel,
        )
        run = replace(begun, rows=tuple(rows), seconds=seconds[0], path=file.path)
        file.close(run)
        return run

    def runs(self) -> list[Run]:
        """Return the runs that are kept, newest first; a damaged file is left out."""
        found = []
        for path in sorted(self.runs_folder.glob("*.jsonl"), reverse=True):
            try:
                found.append(keeping.load_run(path))
            except FileFormatError:
                continue
        return found

    def load(self, name: str | Path) -> Run:
        """Return a run by its id, the beginning of it, or its file."""
        return keeping.find_run(str(name), self.runs_folder)

    def compare(self, before: Run, after: Run) -> comparing.Comparison:
        """Compare two runs case by case."""
        return comparing.compare(before, after)

    def gate(self, comparison: comparing.Comparison, *, tolerated: int = 0) -> gate.Decision:
        """Say whether to ship what was compared with its baseline."""
        return gate.decide(comparison, tolerated=tolerated)

    def judge(self, criterion: str, *, llm: LLM | None = None) -> Judge:
        """Return a judge by one criterion: an opinion, never a reason.

        Raises:
            InputError: no model is configured.
        """
        asked = llm or self._endpoint()
        if asked is None:
            raise InputError("lab.no_model")
        return Judge(self._guard(asked), criterion, self.prompt("judge"))

    def human_pairs(self, *, limit: int = 200) -> list[Pair]:
        """Return what people preferred, for a judge to be measured against."""
        store = self._store()
        return human_pairs(store.history(limit=limit), store.judgements())

    def _begun(self, system: System, parts: Parts) -> Run:
        started = self._now()
        prompt = system.prompt
        brand = parts.brand.model_dump_json()
        return Run(
            keeping.new_id(started, system.name),
            system.name,
            system.llm.name if system.llm else "offline",
            prompt.name if prompt else "",
            prompt.version if prompt else "",
            next(iter(prompt.sources.values())) if prompt else "",
            dict(prompt.llm) if prompt else {},
            _hash("\n".join(f"{k} {v}" for k, v in sorted(parts.retriever.index.versions().items()))),
            _hash(brand),
            _environment(),
            started,
            parts.now(),
        )


def _environment() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        own = version("porte-voix")
    except PackageNotFoundError:
        own = ""
    python = ".".join(map(str, sys.version_info[:3]))
    return {"porte-voix": own, "python": python, "system": platform.system()}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _slug(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name)[:80] or "model"
