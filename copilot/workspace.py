"""A workspace: the folder of one brand."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from copilot.errors import WorkspaceError

BRAND_FILE = "brand.yml"
STATE_FOLDER = ".copilot"

_BRAND_TEMPLATE = """\
# What makes this brand sound like itself. Every key is explained in docs/brand.md.
name: {name}
languages: [fr, en]
register: vous          # how a French reader is addressed: vous or tu
voice: [claire, chaleureuse, précise]
phrases:
  fr:
    greeting: "Bonjour {{name}},"
    greeting_unknown: "Bonjour,"
    signoff: "Bien à vous, l’équipe {name}"
    thanks: "Merci pour votre message."
    praise: "Merci pour ce mot, il fait plaisir à toute l’équipe."
    empathy: "Nous comprenons votre déception."
    no_answer: "Nous n’avons pas encore la réponse à cette question."
    ask_details: "Nous la vérifions et revenons vers vous."
    handover: "Nous transmettons votre message à la personne qui pourra vous répondre."
    private: "Écrivez-nous en message privé pour que nous regardions votre dossier."
    moderation: "Merci de garder des échanges respectueux."
  en:
    greeting: "Hello {{name}},"
    greeting_unknown: "Hello,"
    signoff: "Kind regards, the {name} team"
    thanks: "Thank you for your message."
    praise: "Thank you, your words made the team’s day."
    empathy: "We understand your disappointment."
    no_answer: "We do not have the answer to this question yet."
    ask_details: "We are looking into it and will come back to you."
    handover: "We are passing your message on to the person who can answer."
    private: "Please send us a private message so that we can look into your case."
    moderation: "Please keep the exchange respectful."
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The places of a workspace. Nothing is created until it is needed."""

    folder: Path

    @property
    def brand_file(self) -> Path:
        """Return the place of ``brand.yml``."""
        return self.folder / BRAND_FILE

    @property
    def knowledge(self) -> Path:
        """Return the folder that people fill with guidelines, FAQs and rules."""
        return self.folder / "knowledge"

    @property
    def channels(self) -> Path:
        """Return the folder of the workspace's own rows of the channel table."""
        return self.folder / "channels"

    @property
    def prompts(self) -> Path:
        """Return the folder of the workspace's own prompts."""
        return self.folder / "prompts"

    @property
    def state(self) -> Path:
        """Return the folder of index, store and caches, created if need be.

        Raises:
            WorkspaceError: the folder cannot be written.
        """
        folder = self.folder / STATE_FOLDER
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise WorkspaceError("workspace.read_only", where=str(self.folder)) from error
        if not os.access(folder, os.W_OK):
            raise WorkspaceError("workspace.read_only", where=str(folder))
        return folder

    @property
    def index(self) -> Path:
        """Return the folder of the index."""
        return self.state / "index"

    @property
    def store_address(self) -> str:
        """Return the address of the default store."""
        return f"sqlite:///{self.state / 'store.db'}"


def open_workspace(folder: Path | str) -> Workspace:
    """Return the workspace in a folder.

    Raises:
        WorkspaceError: the folder holds no ``brand.yml``.
    """
    path = Path(folder).expanduser().resolve()
    if not (path / BRAND_FILE).is_file():
        raise WorkspaceError("workspace.missing", where=str(folder))
    return Workspace(path)


def create_workspace(folder: Path | str, *, name: str = "") -> Workspace:
    """Make an empty workspace that works at once.

    Raises:
        WorkspaceError: there is one already, or the folder cannot be written.
    """
    path = Path(folder).expanduser().resolve()
    if (path / BRAND_FILE).exists():
        raise WorkspaceError("workspace.exists", where=str(folder))
    try:
        for part in ("guidelines", "faq", "imported", "rules", "triage"):
            (path / "knowledge" / part).mkdir(parents=True, exist_ok=True)
        (path / "prompts").mkdir(exist_ok=True)
        title = name or path.name.replace("-", " ").replace("_", " ").strip().title() or "Marque"
        quoted = title.replace('"', "’")
        (path / BRAND_FILE).write_text(_BRAND_TEMPLATE.format(name=quoted), encoding="utf-8")
        ignore = path / ".gitignore"
        if not ignore.exists():
            ignore.write_text(f"{STATE_FOLDER}/\n", encoding="utf-8")
    except OSError as error:
        raise WorkspaceError("workspace.read_only", where=str(folder)) from error
    return Workspace(path)
