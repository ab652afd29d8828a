"""The notebooks: they run from the first cell to the last, hold no output in git, and follow the style."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

nbformat = pytest.importorskip("nbformat")
pytest.importorskip("ipykernel")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def workspace(ingested_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the ingested sample with the notebooks in it."""
    import shutil

    folder = tmp_path_factory.mktemp("notebooks") / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


def executed(path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": workspace / "notebooks"}},
    ).execute()
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_runs(path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(path, workspace, monkeypatch)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    shown = [o for cell in code for o in cell.outputs if "text/html" in o.get("data", {})]
    assert shown, "nothing was shown as HTML"
    assert all(output["data"]["text/plain"].strip() for output in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_of_a_run_is_kept(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_the_notebooks_follow_the_style() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", "150"]
    rules = ["--select", "E,F,W,I,B,UP", "--ignore", "E402"]
    done = subprocess.run(
        [*command, *rules, *map(str, NOTEBOOKS)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
