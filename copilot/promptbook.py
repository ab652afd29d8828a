"""The prompts of a workspace: the promoted version of each, its history, and the way back.

``prompts/NAME.md`` is what production reads. Every version that was ever promoted stays in
``prompts/history/NAME/``: its text as ``VERSION.md`` and one line a promotion in ``log.yml``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot import assessment, prompts, yamlfile
from copilot.assessment import Assessment
from copilot.errors import ConflictError, InputError, WorkspaceError
from copilot.lab import Progress
from copilot.messages import message
from copilot.preview import Preview, preview
from copilot.prompts import Prompt
from copilot.records import Comment

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.store import ReviewBook

MAX_TEXT = 60_000
"""Characters of a prompt file."""
MAX_NOTE = 500


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """A version that was promoted. ``actor`` and ``at`` are unknown for the one that was there first."""

    version: str
    note: str
    actor: str
    at: datetime | None
    text: str


class PromptBook:
    """The prompts of a workspace; promotions go to the audit trail of ``book`` too."""

    def __init__(self, copilot: Copilot, book: ReviewBook) -> None:
        self._copilot = copilot
        self._book = book

    def names(self) -> list[str]:
        """Return the names of all prompts."""
        return prompts.names(self._folders)

    def current(self, name: str) -> Prompt:
        """Return the promoted version.

        Raises:
            InputError: there is no such prompt.
            FileFormatError: its file has a mistake, at ``file:line``.
        """
        return prompts.load(name, self._folders)

    def text(self, name: str) -> str:
        """Return the text of the promoted version."""
        return next(iter(self.current(name).sources.values()))

    def read(self, name: str, text: str) -> Prompt:
        """Return the prompt that an edited text makes; nothing is written.

        Raises:
            FileFormatError: the text has a mistake, at ``file:line``.
            InputError: the text is too long.
        """
        if len(text) > MAX_TEXT:
            raise InputError("promptbook.too_long", limit=MAX_TEXT)
        return prompts.parse(text, name=name, shown=f"prompts/{name}.md", folders=self._folders)

    def preview(self, name: str, text: str, example: Comment, *, language: str = "") -> Preview:
        """Return the messages that an edited text would send for an example; no model is called.

        Raises:
            FileFormatError: the text has a mistake, at ``file:line``.
            InputError: the example is empty, or a value is missing.
        """
        model = self._copilot.settings.llm.partition(":")[2] or None
        return preview(self.read(name, text), example, self._copilot.parts, wanted=language, model=model)

    @property
    def recorded(self) -> Path | None:
        """The recorded answers of the workspace, if there are any."""
        return assessment.recorded(self._copilot)

    def assess(
        self,
        name: str,
        text: str,
        *,
        recording: Path | str = "",
        only: str = "",
        progress: Callable[[Progress], None] = lambda _: None,
        cancel: Callable[[], bool] = lambda: False,
        actor: str = "",
    ) -> Assessment:
        """Run an edited text and the promoted version over the golden cases; see ``assessment.assess``.

        Raises:
            PermissionDenied: a model would be asked, and the actor's role is not enough to spend.
        """
        if not recording:
            self._copilot.accounts.allow(actor, "promote_prompt")
        return assessment.assess(
            self._copilot,
            self.read(name, text),
            recording=recording,
            only=only,
            progress=progress,
            cancel=cancel,
        )

    def history(self, name: str) -> list[PromptVersion]:
        """Return the versions that were promoted, newest first.

        Raises:
            FileFormatError: the log has a mistake, at ``file:line``.
        """
        folder = self._history(name)
        if not (folder / "log.yml").is_file():
            return []
        file = yamlfile.load(folder / "log.yml", shown=f"prompts/history/{name}/log.yml")
        entries = file.data if isinstance(file.data, list) else []
        return [_version(entry, folder) for entry in reversed(entries) if isinstance(entry, dict)]

    def promote(self, name: str, text: str, note: str, *, actor: str = "", base: str = "") -> Prompt:
        """Make an edited text the version that production uses.

        Args:
            name: the prompt.
            text: its new text.
            note: what changed and why.
            actor: who promotes.
            base: version the edit began from; when another was promoted meanwhile, nothing is written.

        Raises:
            PermissionDenied: the actor's role is not enough.
            FileFormatError: the text has a mistake, at ``file:line``.
            InputError: the note is missing, or nothing changed.
            ConflictError: somebody promoted another version meanwhile.
            WorkspaceError: the folder cannot be written.
        """
        self._copilot.accounts.allow(actor, "promote_prompt")
        new, old = self.read(name, text), self.current(name)
        if not note.strip() or len(note) > MAX_NOTE:
            raise InputError("promptbook.note", limit=MAX_NOTE)
        if base and base != old.version:
            raise ConflictError("promptbook.changed", version=old.version)
        if new.version == old.version:
            raise InputError("promptbook.same")
        try:
            self._keep(name, old, new, note.strip(), actor)
        except OSError as error:
            raise WorkspaceError("workspace.read_only", where=str(self._copilot.workspace.prompts)) from error
        self._book.note("promote_prompt", name, actor=actor, at=self._copilot.now(), text=new.version)
        self._copilot.refresh()
        return new

    def roll_back(self, name: str, version: str, *, actor: str = "") -> Prompt:
        """Make an earlier version the one that production uses again.

        Raises:
            InputError: that version was never promoted, or it is the present one.
        """
        found = next((v for v in self.history(name) if v.version == version), None)
        if found is None:
            raise InputError("promptbook.no_version", version=version)
        note = message("promptbook.back", self._language, version=version)
        return self.promote(name, found.text, note, actor=actor)

    def _keep(self, name: str, old: Prompt, new: Prompt, note: str, actor: str) -> None:
        """Write the texts before the log, the log before the prompt: what is torn off loses no version."""
        import yaml

        folder = self._history(name)
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "log.yml"
        lines = []
        if not log.is_file():
            first = message("promptbook.first", self._language)
            lines.append({"version": old.version, "note": old.note or first})
        at = self._copilot.now().isoformat(timespec="seconds")
        lines.append({"version": new.version, "at": at, "actor": actor, "note": note})
        for prompt in (old, new):
            _write(folder / f"{prompt.version}.md", next(iter(prompt.sources.values())))
        with log.open("a", encoding="utf-8") as file:
            yaml.safe_dump(lines, file, allow_unicode=True, sort_keys=False)
        _write(self._copilot.workspace.prompts / f"{name}.md", next(iter(new.sources.values())))

    def _history(self, name: str) -> Path:
        self.current(name)  # refuses a name that is no prompt's, and so any path in disguise
        return self._copilot.workspace.prompts / "history" / name

    @property
    def _folders(self) -> list[Path]:
        return [self._copilot.workspace.prompts]

    @property
    def _language(self) -> str:
        return self._copilot.settings.language or self._copilot.brand.languages[0]


def _version(entry: dict[str, Any], folder: Path) -> PromptVersion:
    version = str(entry.get("version", ""))
    at = entry.get("at")
    path = folder / f"{Path(version).name}.md"
    return PromptVersion(
        version,
        str(entry.get("note", "")),
        str(entry.get("actor", "")),
        datetime.fromisoformat(str(at)) if at else None,
        path.read_text(encoding="utf-8") if path.is_file() else "",
    )


def _write(path: Path, text: str) -> None:
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
