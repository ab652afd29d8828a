"""Run cases through a system: in parallel, at a pace, told as it goes, and stopped when asked."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from copilot import pipeline
from copilot.errors import CopilotError, LLMContractError
from copilot.lab import promises
from copilot.lab.cases import Case
from copilot.lab.judging import judge
from copilot.lab.outcome import Outcome, of_reply
from copilot.lab.recording import Watched
from copilot.lab.records import Progress, Row, System
from copilot.messages import localized
from copilot.pipeline import Parts
from copilot.prompts import Prompt
from copilot.records import Localized, Reply

Tell = Callable[[Progress], None]
Keep = Callable[[Row], None]


class Pace:
    """At most ``per_minute`` beginnings a minute, evenly spread; 0 is no limit."""

    def __init__(self, per_minute: float) -> None:
        self._gap = 60 / per_minute if per_minute else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for one's turn."""
        if not self._gap:
            return
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._gap
        time.sleep(mine - now)


def run_cases(
    cases: Sequence[Case],
    system: System,
    parts: Parts,
    *,
    threads: int = 4,
    per_minute: float = 0,
    keep: Keep = lambda _: None,
    progress: Tell = lambda _: None,
    cancel: Callable[[], bool] = lambda: False,
) -> list[Row]:
    """Run the cases; rows come in the order of the cases, those cancelled are left out.

    Args:
        cases: what is asked.
        system: who writes.
        parts: the rest of the pipeline.
        threads: how many cases at once.
        per_minute: cases begun a minute, 0 for no limit.
        keep: called with each row as soon as it is there, one at a time.
        progress: called likewise.
        cancel: asked before each case.
    """
    pace, lock, started = Pace(per_minute), threading.Lock(), time.monotonic()
    done: list[Row] = []

    def work(case: Case) -> Row | None:
        if cancel():
            return None
        pace.wait()
        row = run_case(case, ready)
        with lock:
            done.append(row)
            keep(row)
            progress(Progress(len(done), len(cases), case.id, _cost(done), time.monotonic() - started))
        return row

    with prepared(system, parts) as ready, ThreadPoolExecutor(max(1, threads)) as pool:
        return [row for row in pool.map(work, cases) if row is not None]


def run_case(case: Case, parts: Parts) -> Row:
    """Run one case through ``parts``, whose prompt and model are those of a system."""
    request = case.request
    if request is None:
        return Row(case.id, case.digest, "not_judged", reason=localized("lab.no_posts"))
    watched = Watched(parts.llm) if parts.llm else None
    try:
        reply = pipeline.respond(request, replace(parts, llm=watched))
    except CopilotError as error:
        return Row(case.id, case.digest, "not_judged", reason=_told(error))
    row = replace(judged(case, of_reply(reply)), usage=reply.draft.usage)
    if watched is None or not _fell_back(reply):
        return row
    failure = watched.failure or LLMContractError("lab.broke_contract")
    if isinstance(failure, LLMContractError):
        return replace(row, state="fell_back", passed=False, reason=_told(failure))
    return Row(case.id, case.digest, "not_judged", reason=_told(failure))


def judged(case: Case, outcome: Outcome) -> Row:
    """Judge an outcome by a case's assertions and the brand's promises."""
    verdicts = judge(case.demands, outcome, given=case.texts, threshold=case.threshold)
    kept = promises.kept(outcome)
    return Row(
        case.id,
        case.digest,
        "judged",
        verdicts.passed and all(kept.values()),
        outcome,
        verdicts.verdicts,
        verdicts.score,
        verdicts.metrics,
        kept,
    )


@contextmanager
def prepared(system: System, parts: Parts) -> Iterator[Parts]:
    """Put the system's prompt where the pipeline looks first, its model where it asks."""
    if system.offline or system.prompt is None:
        yield replace(parts, llm=system.llm)
        return
    with tempfile.TemporaryDirectory(prefix="copilot-lab-") as folder:
        lay_out(system.prompt, Path(folder))
        yield replace(parts, llm=system.llm, prompt_folders=[Path(folder), *parts.prompt_folders])


def lay_out(prompt: Prompt, folder: Path, *, name: str = "reply") -> None:
    """Write a prompt with its partials into a folder, as the prompt ``name``."""
    own, *partials = prompt.sources.items()
    (folder / f"{name}.md").write_text(own[1], encoding="utf-8")
    (folder / "partials").mkdir(exist_ok=True)
    for path, text in partials:
        (folder / "partials" / Path(path).name).write_text(text, encoding="utf-8")


def _fell_back(reply: Reply) -> bool:
    return any(notice.code == "llm_failed" for notice in reply.notices)


def _cost(rows: Sequence[Row]) -> float | None:
    costs = [row.usage.cost for row in rows if row.usage and row.usage.cost is not None]
    return sum(costs) if costs else None


def _told(error: CopilotError) -> Localized:
    return Localized(error.in_language("fr"), error.in_language("en"))
