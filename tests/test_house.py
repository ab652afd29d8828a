"""House rules that machines can hold."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from copilot import messages
from copilot.verbs import API_ONLY, CLI_ONLY, ROOMS, VERBS

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("gradio", "openai", "langchain", "langchain_core", "chromadb", "sklearn", "sqlalchemy", "pydantic")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_go_downwards_only() -> None:
    result = run(str(Path(sys.executable).parent / "lint-imports"))
    assert result.returncode == 0, result.stdout


def test_types_are_strict() -> None:
    # Without its cache, which mypy 2.4 may fail to write for a module that imports another twice.
    result = run(sys.executable, "-m", "mypy", "--cache-dir", os.devnull)
    assert result.returncode == 0, result.stdout


def test_style() -> None:
    checked = run(sys.executable, "-m", "ruff", "check", "--output-format", "concise", ".")
    assert checked.returncode == 0, checked.stdout
    formatted = run(sys.executable, "-m", "ruff", "format", "--check", ".")
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("statement", ["import copilot", "import copilot.cli"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    program = f"import sys; {statement}; print(*sorted(set(sys.modules) & set({HEAVY!r})))"
    result = run(sys.executable, "-c", program)
    assert result.stdout.split() == []


def test_public_names_are_there() -> None:
    import copilot

    assert [name for name in copilot.__all__ if not hasattr(copilot, name)] == []


def test_verbs_and_commands_are_the_same() -> None:
    from copilot.app import Copilot
    from copilot.cli import main

    verbs = {
        name
        for name, value in vars(Copilot).items()
        if callable(value) and not name.startswith("_") and name not in API_ONLY
    }
    assert verbs == set(VERBS)
    assert set(main.commands) == set(VERBS) | set(CLI_ONLY) | set(ROOMS)


def test_every_command_speaks_json() -> None:
    from copilot.cli import main

    without = [n for n in VERBS if not any("--json" in p.opts for p in main.commands[n].params)]
    assert without == []


def keys(folder: Path, language: str) -> dict[str, dict[str, str]]:
    return {p.stem: messages.catalogue(p.stem, language) for p in sorted((folder / language).glob("*.yml"))}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"(?<!{){(\w+)", text.replace("{{", "")))


def test_catalogues_say_the_same_in_both_languages() -> None:
    folder = ROOT / "copilot" / "messages"
    french, english = keys(folder, "fr"), keys(folder, "en")
    assert {f: set(m) for f, m in french.items()} == {f: set(m) for f, m in english.items()}
    different = [
        f"{file}.{key}"
        for file, texts in french.items()
        for key in texts
        if placeholders(texts[key]) != placeholders(english[file][key])
    ]
    assert different == []


def test_every_message_asked_for_exists() -> None:
    """Keys written in the code as literals are in the catalogue."""
    missing = []
    for path in (ROOT / "copilot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                key = node.args[0].value
                if name not in ("localized", "message") and not name.endswith("Error"):
                    continue
                if isinstance(key, str) and re.fullmatch(r"[a-z_]+\.\w+", key):
                    file, _, entry = key.partition(".")
                    known = ROOT / "copilot" / "messages" / "en" / f"{file}.yml"
                    if not known.is_file() or entry not in messages.catalogue(file, "en"):
                        missing.append(f"{path.name}: {key}")
    assert missing == []


def test_every_word_of_the_screens_exists_once() -> None:
    """Every key that a page asks for is there, and no key of a file hides another."""
    keys = {
        path.name: re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.M)
        for path in (ROOT / "ui" / "locales").glob("*.yml")
    }
    assert [name for name, found in keys.items() if len(set(found)) < len(found)] == []
    known = {key for found in keys.values() for key in found}
    asked = {
        (path.name, key)
        for path in (ROOT / "ui").rglob("*.py")
        for key in re.findall(r"\b(?:say|words)\(\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    assert sorted((name, key) for name, key in asked if key not in known) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    tracked = run("git", "ls-files").stdout.split()
    home = str(ROOT) + os.sep
    guilty = []
    for name in tracked:
        path = ROOT / name
        text = path.suffix in {".py", ".md", ".yml", ".toml", ".ipynb", ".sh", ".js", ".css"}
        if text and path.is_file() and home in path.read_text(encoding="utf-8", errors="ignore"):
            guilty.append(name)
    assert guilty == []
