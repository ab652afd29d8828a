"""The same comment is read the same at every start of the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCRIPT = """
from pathlib import Path
from benchmarks._labelled import read
from copilot.records import Comment
from copilot.triage import triage
for lot in ("fifth", "lookalikes"):
    for row in read(Path("benchmarks/data/triage_blind") / f"{lot}.jsonl"):
        print(repr(triage(Comment(row.text))))
"""


def readings(seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_labels_and_reasons_do_not_hang_on_the_order_of_sets() -> None:
    first = readings("0")
    assert first.count("\n") > 100
    assert readings("1") == first
