"""What is wrong on this machine or in this workspace, and how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from copilot.errors import CopilotError
from copilot.messages import localized
from copilot.records import Localized


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. ``state`` is ``ok``, ``notice`` (works, could be better) or ``problem``."""

    name: str
    state: Literal["ok", "notice", "problem"]
    message: Localized


def examine(folder: Path | str) -> Iterator[Diagnosis]:
    """Look at everything in turn; a problem in one place hides no other."""
    yield _python()
    for package in ("gradio", "chromadb", "langchain", "openai", "tiktoken"):
        yield _package(package)
    yield from _workspace(folder)


def _python() -> Diagnosis:
    found = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    key = "doctor.python_ok" if good else "doctor.python_old"
    return Diagnosis("python", "ok" if good else "problem", localized(key, version=found))


def _package(name: str) -> Diagnosis:
    try:
        return Diagnosis(name, "ok", localized("doctor.package_ok", name=name, version=version(name)))
    except PackageNotFoundError:
        return Diagnosis(name, "problem", localized("doctor.package_missing", name=name))


def _workspace(folder: Path | str) -> Iterator[Diagnosis]:
    from copilot.app import Copilot

    try:
        copilot = Copilot(folder)
        state = copilot.workspace.state
    except CopilotError as error:
        yield _problem("workspace", error)
        return
    yield Diagnosis("workspace", "ok", localized("doctor.workspace_ok", path=str(copilot.workspace.folder)))
    yield from _opened(copilot)
    free = _free_bytes(state)
    if free < 200_000_000:
        yield Diagnosis("disk", "problem", localized("doctor.disk_full", megabytes=free // 1_000_000))
    yield _model(copilot)


def _opened(copilot: object) -> Iterator[Diagnosis]:
    from copilot.app import Copilot

    assert isinstance(copilot, Copilot)
    looks: dict[str, Callable[[], int]] = {
        "brand": lambda: len(copilot.brand.languages),
        "store": lambda: len(copilot.history(limit=1000)),
        "index": lambda: len(copilot.retriever.index.chunks()),
        "rules": lambda: len(copilot.rules.rules),
    }
    for name, look in looks.items():
        try:
            count = look()
        except CopilotError as error:
            yield _problem(name, error)
            continue
        state: Literal["ok", "notice"] = "notice" if name == "index" and not count else "ok"
        key = "doctor.index_empty" if state == "notice" else f"doctor.{name}_ok"
        yield Diagnosis(name, state, localized(key, count=count))
        if name == "rules":
            yield from (Diagnosis(name, "notice", notice.message) for notice in copilot.rules.notices)


def _model(copilot: object) -> Diagnosis:
    from copilot.app import Copilot

    assert isinstance(copilot, Copilot)
    name = copilot.settings.llm
    if not name:
        return Diagnosis("model", "notice", localized("doctor.no_model"))
    return Diagnosis("model", "ok", localized("doctor.model", name=name))


def _problem(name: str, error: CopilotError) -> Diagnosis:
    return Diagnosis(name, "problem", Localized(error.in_language("fr"), error.in_language("en")))


def _free_bytes(folder: Path) -> int:
    import shutil

    return shutil.disk_usage(folder if os.path.isdir(folder) else folder.parent).free
