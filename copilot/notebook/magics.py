"""The magics: ``%%reply``, ``%%prompt``, ``%lab``."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from copilot import channels
from copilot.app import Copilot
from copilot.assessment import Assessment
from copilot.errors import CopilotError, InputError, WorkspaceError
from copilot.lab import Decision, Progress
from copilot.notebook.trial import ChangedCases, Trial
from copilot.records import Comment, Reply, ReplyRequest
from copilot.yamlfile import nearest

REPLY_OPTIONS = ("channel", "author", "register", "language", "note", "tone", "writer")
PROMPT_OPTIONS = ("example", "author", "channel", "language")
LAB_OPTIONS = ("answers", "cases")
ACTS = ("run", "compare", "gate")
EXAMPLE = {
    "fr": "Bonjour, quels sont vos délais de livraison, et est-ce payant ?",
    "en": "Hello, how long does delivery take, and is it free?",
}

_OPTION = re.compile(r"(\w+)=(.*)", re.DOTALL)


class Session:
    """What the magics share: the shell, the workspace, the prompts that were tried.

    Args:
        shell: the interactive shell that loads the extension.
    """

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._opened: Copilot | None = None
        self.trials: dict[str, Trial] = {}
        self.assessment: Assessment | None = None

    def register(self) -> None:
        """Add the magics to the shell."""
        add = self._shell.register_magic_function
        add(self._told(self.reply), "cell", "reply")
        add(self._told(self.prompt), "line_cell", "prompt")
        add(self._told(self.lab), "line", "lab")

    @property
    def copilot(self) -> Copilot:
        """The newest ``Copilot`` of the notebook, else the workspace that holds the notebook.

        Raises:
            WorkspaceError: there is neither.
        """
        for value in reversed(list(self._shell.user_ns.values())):
            if isinstance(value, Copilot):
                return value
        if self._opened is None:
            here = Path.cwd()
            found = next((f for f in (here, *here.parents) if (f / "brand.yml").is_file()), None)
            if found is None:
                raise WorkspaceError("workspace.missing", where=str(here))
            self._opened = Copilot(found)
        return self._opened

    @property
    def language(self) -> str:
        """The language of what is shown: the setting's, else the brand's first."""
        try:
            return self.copilot.settings.language or self.copilot.brand.languages[0]
        except CopilotError:
            return "fr"

    def reply(self, line: str, cell: str) -> Reply:
        """Draft a reply to the text of the cell: ``%%reply channel=instagram_dm author="Léa M."``."""
        given = options("%%reply", line, REPLY_OPTIONS)[1]
        comment = Comment(cell.strip(), given.pop("author", ""), self._channel(given.pop("channel", "web")))
        wishes: dict[str, Any] = dict(given)
        return self.copilot.reply(ReplyRequest(comment, **wishes))

    def prompt(self, line: str, cell: str | None = None) -> Trial | None:
        """Try the text of the cell as a prompt; ``%prompt reply`` makes a cell of the promoted one."""
        words, given = options("%%prompt", line, PROMPT_OPTIONS)
        name = words[0] if words else "reply"
        book = self.copilot.prompt_book
        if cell is None:
            self._shell.set_next_input(f"%%prompt {name}\n{book.text(name)}")
            return None
        written = given.get("language", self.language)
        text = given.get("example") or EXAMPLE["fr" if written == "fr" else "en"]
        example = Comment(text, given.get("author", ""), self._channel(given.get("channel", "web")))
        shown = book.preview(name, cell, example, language=written)
        self.trials[name] = Trial(name, cell, shown, book.current(name))
        return self.trials[name]

    def lab(self, line: str) -> Assessment | ChangedCases | Decision:
        """Try a prompt on the golden cases, see what changed, ask whether to ship.

        ``%lab run reply.short cases=delivery answers=recorded``, then ``%lab compare`` and ``%lab gate``.
        """
        words, given = options("%lab", line, LAB_OPTIONS)
        act, name = (words + ["run", "reply"][len(words) :])[:2]
        if act not in ACTS:
            raise InputError("notebook.act", name=act, known=", ".join(ACTS))
        if act == "run" or self.assessment is None:
            self.assessment = self._assessed(name, given)
        found = self.assessment
        if act == "compare":
            return ChangedCases(found.comparison, found.comments)
        return found.decision if act == "gate" else found

    def _assessed(self, name: str, given: Mapping[str, str]) -> Assessment:
        from tqdm.auto import tqdm

        book = self.copilot.prompt_book
        text = self.trials[name].text if name in self.trials else book.text(name)
        model = bool(self.copilot.settings.llm or self.copilot.given_llm)
        asked = given.get("answers", "model" if model else "recorded")
        recording = book.recorded if asked == "recorded" else None
        with tqdm(desc=name, leave=False) as bar:

            def move(step: Progress) -> None:
                bar.total = step.total
                bar.set_postfix_str("" if step.cost is None else f"{step.cost:.3f} €", refresh=False)
                bar.update(step.done - bar.n)

            return book.assess(
                name, text, recording=recording or "", only=given.get("cases", ""), progress=move
            )

    def _channel(self, name: str) -> str:
        """Return a channel by its name or by the beginning of it."""
        known = channels.channel_names([self.copilot.workspace.folder / "channels"])
        if name in known:
            return name
        own = [c for c in (*self.copilot.brand.channels, *known) if c.startswith(f"{name}_")]
        if not own:
            raise InputError("notebook.channel", name=name, near=nearest(name, known) or known[0])
        return own[0]

    def _told(self, magic: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a magic so that an explained error is one sentence, not a traceback."""

        def call(*args: Any) -> Any:
            try:
                return magic(*args)
            except CopilotError as error:
                sys.stderr.write(error.in_language(self.language) + "\n")
                raise _Told from None

        call.__doc__ = magic.__doc__
        return call


class _Told(Exception):
    """Stops the cell after its error was shown; IPython asks for its own traceback through this method."""

    def _render_traceback_(self) -> list[str]:
        return []


def options(magic: str, line: str, known: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Return the words of a magic's line and its ``name=value`` options.

    Raises:
        InputError: an option is unknown, or a quotation mark is not closed.
    """
    try:
        parts = shlex.split(line)
    except ValueError as error:
        raise InputError("notebook.quote", magic=magic) from error
    found = [(part, _OPTION.fullmatch(part)) for part in parts]
    given: Mapping[str, str] = {match[1]: match[2] for _, match in found if match}
    for name in given:
        if name not in known:
            raise InputError("notebook.option", magic=magic, name=name, known=", ".join(known))
    return [part for part, match in found if not match], dict(given)
