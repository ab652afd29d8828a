"""Killed at any moment, an ingestion leaves an index that opens, and the next one completes it."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from copilot.index import Index
from copilot.ingest import ingest

KILLS = 20
FILES = 8

# One process imports the heavy modules and forks a child for each kill. The child kills itself at the
# event it is told: a step of the progress, or a moment before or after a file is replaced on the disk
# (a segment, the manifest that publishes a commit or a rebuild, the state).
# Chroma only follows the index and costs seconds to load in every child; it is absent here, as where
# it can't be loaded.
NURSERY = """
import os, signal, sys
sys.modules["chromadb"] = None
from pathlib import Path
from copilot.index import Index
from copilot.ingest import ingest, run
run._COMMIT_CHUNKS = 3
folder, mode = Path(sys.argv[1]), sys.argv[2]
place = folder / ".copilot" / "index"

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def child(at):
    events = 0
    def step(_=None):
        nonlocal events
        events += 1
        if events == at:
            die()
    really_replace = os.replace
    def replace(*args):
        step()
        really_replace(*args)
        step()
    os.replace = replace
    if mode == "rebuild":
        with Index.rebuild(place) as index:
            ingest(folder, index, progress=step, rebuild=True)
    else:
        with Index.open(place, write=True) as index:
            ingest(folder, index, progress=step)

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        try:
            child(int(line))
        finally:
            die()
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def write_corpus(folder: Path, edition: int) -> dict[str, str]:
    """Write the files of an edition; return question → answer."""
    faq = folder / "knowledge" / "faq"
    faq.mkdir(parents=True, exist_ok=True)
    truth: dict[str, str] = {}
    for number in range(FILES):
        if edition and number == 0:
            (faq / "0.md").unlink(missing_ok=True)
            continue
        said = edition if number % 2 else 0
        pairs = {f"Question {number}-{n} ?": f"Réponse {number}-{n}, édition {said}." for n in range(3)}
        body = "".join(f"## {question}\n\n{answer}\n\n" for question, answer in pairs.items())
        (faq / f"{number}.md").write_text(body, encoding="utf-8")
        truth.update(pairs)
    return truth


def answers(folder: Path) -> dict[str, str]:
    with Index.open(folder / ".copilot" / "index") as index:
        return {chunk.question: chunk.text for chunk in index.chunks().values()}


def bring_up_to_date(folder: Path) -> None:
    with Index.open(folder / ".copilot" / "index", write=True) as index:
        report = ingest(folder, index)
    assert report.failed == ()


@pytest.fixture
def kill(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[int], int]]:
    """Ingest in a process that is killed at an event; return how the process ended."""
    command = [sys.executable, "-c", NURSERY, str(tmp_path), request.param]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery:
        assert nursery.stdin
        assert nursery.stdout

        def run(at: int) -> int:
            nursery.stdin.write(f"{at}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline())

        yield run
        nursery.stdin.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("kill", ["ingest", "rebuild"], indirect=True)
def test_twenty_kills(tmp_path: Path, kill: Callable[[int], int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chromadb", None)
    chance = random.Random(7)
    old = write_corpus(tmp_path, 0)
    bring_up_to_date(tmp_path)
    assert answers(tmp_path) == old
    for number in range(1, KILLS + 1):
        new = write_corpus(tmp_path, number)
        assert kill(chance.randint(1, 4 * FILES)) == -signal.SIGKILL
        there = answers(tmp_path)
        # Usable: each question has its old answer or its new one, and nothing else is said.
        for question, answer in there.items():
            assert answer in (old.get(question), new.get(question))
        assert set(new) <= {*there, *(q for q in new if q not in old)}
        if number % 3 == 0:
            old = {**old, **there}
            continue  # two kills in a row
        bring_up_to_date(tmp_path)
        assert answers(tmp_path) == new
        old = new
    bring_up_to_date(tmp_path)
    assert answers(tmp_path) == new
