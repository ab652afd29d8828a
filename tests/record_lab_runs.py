"""Record the runs that ship beside the golden cases: ``python -m tests.record_lab_runs``.

The answers are those of ``tests.scripted_writer``, on the sample workspace of 20 November 2026. Run it again
when the sample's knowledge, its cases or a prompt has changed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from copilot import Copilot
from copilot.lab import Run, load_cases, save
from tests.conftest import NOW, ROOT, copy_sample
from tests.scripted_writer import ScriptedWriter

PROMPTS = ("reply", "reply.concis")
RUNS = ROOT / "prompts" / "runs"


def record(copilot: Copilot, folder: Path) -> list[Run]:
    """Record one run a prompt into a folder, the answers into its ``answers``."""
    runs = []
    for name in PROMPTS:
        answers = folder / "answers" / f"{name}.jsonl"
        answers.unlink(missing_ok=True)
        lab = copilot.lab
        system = lab.system(name, llm=ScriptedWriter(), keep=answers)
        run = lab.run(system, load_cases(ROOT / "prompts" / "cases"), threads=1)
        save(run, folder / f"{name}.jsonl")
        runs.append(run)
    return runs


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sample = Copilot(copy_sample(Path(scratch) / "cyclamene"), clock=lambda: NOW)
        sample.ingest()
        for made in record(sample, RUNS):
            click.echo(f"{made.system}: {made.passed} of {len(made.rows)} cases pass")
