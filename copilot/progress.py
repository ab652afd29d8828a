"""A progress bar for long work in a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol


class Step(Protocol):
    """What the bar needs to know of a step: how many of how many are done, and which is at hand."""

    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def path(self) -> str: ...


@contextmanager
def shown(language: str, *, quiet: bool = False, title: str = "") -> Iterator[Callable[[Step], None] | None]:
    """Show a bar with count and time left on the standard error; yield the function that moves it."""
    if quiet:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[path]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        told = title or ("Indexation" if language == "fr" else "Indexing")
        task = bar.add_task(told, total=None, path="")

        def move(step: Step) -> None:
            bar.update(task, completed=step.done, total=step.total, path=step.path[-40:])

        yield move
