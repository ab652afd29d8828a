"""Killed at any moment of a change or of a rebuild and its swap, Chroma included, the index stays whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.index import Index
from tests.test_index_chroma import Direction, entry, rows_in_chroma

KILLS = 20
ROWS = 24

# One process loads the heavy modules and forks a child for each kill, which kills itself at the event it
# is told: before or after a file is replaced, flushed or removed, or Chroma is given or robbed of rows.
NURSERY = """
import os, random, shutil, signal, sys
from pathlib import Path
import chromadb.api.models.Collection as collections
from tests.test_index_chroma import Direction, Index, entry
folder, mode = Path(sys.argv[1]), sys.argv[2]

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def child(at, edition):
    events = 0
    def watched(owner, name):
        really = getattr(owner, name)
        def step():
            nonlocal events
            events += 1
            if events == at:
                die()
        def call(*args, **options):
            step()
            result = really(*args, **options)
            step()
            return result
        setattr(owner, name, call)
    for owner, names in ((os, ("replace", "fsync")), (shutil, ("rmtree",)),
                         (collections.Collection, ("upsert", "delete", "count"))):
        for name in names:
            watched(owner, name)
    change(edition)

def change(edition):
    if mode == "rebuild":
        with Index.rebuild(folder, Direction()) as index:
            for n in range(edition, edition + 24):
                index.upsert([entry(n)])
                if n % 8 == 0:
                    index.commit()
        return
    with Index.open(folder, Direction(), write=True) as index:
        for n in range(edition, edition + 24, 6):
            index.delete([f"c{m}" for m in range(n - 24, n - 18)])
            index.upsert([entry(m) for m in range(n, n + 6)])
            index.commit()

for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        try:
            child(*map(int, line.split()))
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture
def nursery(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", NURSERY, str(tmp_path / "index"), request.param]
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def whole(present: set[str], edition: int, mode: str) -> bool:
    """Tell whether the rows are those of a moment between two changes."""
    old = {f"c{n}" for n in range(edition - ROWS, edition)}
    new = {f"c{n}" for n in range(edition, edition + ROWS)}
    if mode == "rebuild":
        return present in (old, new)
    steps = range(0, ROWS + 1, 6)
    return present in [{f"c{n}" for n in range(edition - ROWS + done, edition + done)} for done in steps]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
@pytest.mark.parametrize("nursery", ["change", "rebuild"], indirect=True)
def test_twenty_kills_of_the_index_itself(
    tmp_path: Path, nursery: subprocess.Popen[str], request: pytest.FixtureRequest
) -> None:
    mode = request.node.callspec.params["nursery"]
    chance, folder, killed = random.Random(11), tmp_path / "index", 0
    with Index.open(folder, Direction(), write=True) as index:
        index.upsert(entry(n) for n in range(ROWS))
        index.commit()
    assert nursery.stdin
    assert nursery.stdout
    edition = ROWS
    for number in range(KILLS):
        nursery.stdin.write(f"{chance.randint(1, 40)} {edition}\n")
        nursery.stdin.flush()
        killed += int(nursery.stdout.readline()) == -signal.SIGKILL
        with Index.open(folder, Direction()) as reader:
            assert whole(set(reader.chunks()), edition, mode), number
        if number % 3:
            # Without its note Chroma is filled again at once; with it, a process of its own looks first.
            (folder / "chroma.json").unlink(missing_ok=True)
        with Index.open(folder, Direction(), write=True) as index:
            index.delete(set(index.chunks()) - {f"c{n}" for n in range(edition, edition + ROWS)})
            index.upsert(entry(n) for n in range(edition, edition + ROWS))
            index.commit()
            named = {part.name for part in index.snapshot.manifest.parts}
        assert {path.name for path in (folder / "segments").iterdir()} == named
        if number % 4 == 3:
            assert rows_in_chroma(folder) == ROWS
        edition += ROWS
    assert killed >= KILLS - 2
