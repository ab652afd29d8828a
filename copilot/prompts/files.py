"""Prompt files: read, checked word by word, versioned by their content."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from copilot import frontmatter
from copilot.errors import FileFormatError, InputError, UnreadableFileError
from copilot.yamlfile import nearest, refuse_unknown

KEYS = ("description", "version", "inputs", "llm", "output")
INPUT_KEYS = ("type", "required", "default", "description")
LLM_KEYS = ("temperature", "max_tokens", "top_p", "seed", "stop")
TYPES = ("text", "number", "list", "data")
FENCE = "fence"
"""The one placeholder that every prompt has without declaring it: the name of this call's fence."""

InputType = Literal["text", "number", "list", "data"]
Role = Literal["system", "user", "assistant"]

_NAME = re.compile(r"[A-Za-z][\w-]*(?:\.[\w-]+)*")
_HEADING = re.compile(r"^#[ \t]+(system|user|assistant)(?:[ \t]*\((\w\w)\))?[ \t]*$", re.I | re.M)
MARK = re.compile(
    r"(?P<escaped>\\\{\{)|\{\{(?P<partial>>)?[ \t]*(?P<name>[A-Za-z_]\w*)[ \t]*\}\}|(?P<wrong>\{\{)"
)


@dataclass(frozen=True, slots=True)
class Input:
    """A declared input. ``data`` is text of strangers: it is made harmless and fenced when rendered.

    An input with a ``default`` is optional.
    """

    type: InputType = "text"
    required: bool = True
    description: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One message of the prompt, its partials already put in. ``language`` is empty for any language."""

    role: Role
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked prompt. ``version`` is a hash of the file and of its partials; ``note`` its author's words.

    ``sources`` are the texts that make it, by path: its own file first, then its partials.
    """

    name: str
    version: str
    description: str
    inputs: Mapping[str, Input]
    sections: tuple[Section, ...]
    note: str = ""
    llm: Mapping[str, Any] = field(default_factory=dict)
    output: dict[str, Any] | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def for_language(self, language: str) -> tuple[Section, ...]:
        """Return the sections to send: of each role the variant for ``language``, else the general one."""
        own = {section.role for section in self.sections if section.language == language}
        return tuple(s for s in self.sections if s.language == (language if s.role in own else ""))


def load(name: str, folders: Sequence[Path] = ()) -> Prompt:
    """Read a prompt from the first folder that has it, else the one that ships.

    Args:
        name: file name without ``.md``.
        folders: folders of prompt files, the most particular first (a workspace's ``prompts``).

    Raises:
        InputError: there is no such prompt.
        FileFormatError: the file has a mistake, at ``file:line``.
    """
    if not _NAME.fullmatch(name):
        _unknown_prompt(name, folders)
    places = _places(folders)
    for folder, shown in places:
        path = folder / f"{name}.md"
        if path.is_file():
            return parse(_text(path), name=name, shown=f"{shown}{name}.md", folders=folders)
    _unknown_prompt(name, folders)


def names(folders: Sequence[Path] = ()) -> list[str]:
    """Return the names of all prompts that ``load`` would find."""
    found = {path.stem for folder, _ in _places(folders) if folder.is_dir() for path in folder.glob("*.md")}
    return sorted(found)


def parse(text: str, *, name: str, shown: str, folders: Sequence[Path] = ()) -> Prompt:
    """Read a prompt from its text, as an editor holds it before it is saved.

    Args:
        text: the whole file.
        name: what to call it.
        shown: how errors name the file.
        folders: where partials are looked for first.

    Raises:
        FileFormatError: the text has a mistake, at ``file:line``.
    """
    return _Reading(text, name, shown, folders).prompt()


def diff(a: Prompt, b: Prompt) -> str:
    """Return what differs between two prompts, partials included, as a unified diff (empty if nothing)."""
    return "".join(
        difflib.unified_diff(_listing(a), _listing(b), f"{a.name}@{a.version}", f"{b.name}@{b.version}")
    )


def _listing(prompt: Prompt) -> list[str]:
    own, *partials = prompt.sources.items()
    lines = own[1].splitlines()
    for path, text in partials:
        lines += ["", f"<<< {Path(path).name} >>>", *text.splitlines()]
    return [f"{line}\n" for line in lines]


class _Reading:
    def __init__(self, text: str, name: str, shown: str, folders: Sequence[Path]) -> None:
        self.text = text.replace("\r\n", "\n")
        self.name, self.shown, self.folders = name, shown, folders
        self.front = frontmatter.read(self.text, shown)
        self.sources: dict[str, str] = {shown: self.text}
        self.used: set[str] = set()

    def prompt(self) -> Prompt:
        data = self.front.data
        refuse_unknown(self.front.file, (), data, KEYS)
        self.inputs = {name: self._input(name, given) for name, given in self._keys("inputs").items()}
        llm = self._keys("llm")
        refuse_unknown(self.front.file, ("llm",), llm, LLM_KEYS)
        sections = tuple(self._sections())
        for name in self.inputs:
            if name not in self.used:
                self._fail("prompts.unused_input", self.front.file.where(("inputs", name)), name=name)
        digest = hashlib.sha256("\x00".join(self.sources.values()).encode()).hexdigest()
        return Prompt(
            self.name,
            digest[:12],
            str(data.get("description", "")),
            self.inputs,
            sections,
            str(data.get("version", "")),
            llm,
            self._keys("output") or None,
            self.sources,
        )

    def _keys(self, key: str) -> dict[str, Any]:
        value = self.front.data.get(key) or {}
        if not isinstance(value, dict):
            self._fail("prompts.not_keys", self.front.file.where((key,)), name=key)
        return {str(name): item for name, item in value.items()}

    def _input(self, name: str, given: Any) -> Input:
        where = ("inputs", name)
        if given is None or isinstance(given, str):
            given = {"type": given or "text"}
        if not isinstance(given, dict):
            self._fail(
                "prompts.wrong_type", self.front.file.where(where), name=name, allowed=", ".join(TYPES)
            )
        refuse_unknown(self.front.file, where, given, INPUT_KEYS)
        kind = given.get("type", "text")
        default = str(given.get("default", ""))
        required = given.get("required", not default)
        if kind not in TYPES or not isinstance(required, bool) or name == FENCE:
            self._fail(
                "prompts.wrong_type", self.front.file.where(where), name=name, allowed=", ".join(TYPES)
            )
        return Input(cast(InputType, kind), required, str(given.get("description", "")), default)

    def _sections(self) -> Iterator[Section]:
        body = self.text[self.front.body_start :]
        headings = list(_HEADING.finditer(body))
        if not headings:
            if not body.strip():
                self._fail("prompts.empty", self._where(self.shown, self.text, len(self.text)))
            yield Section("user", "", self._filled(body, self.shown, self.front.body_start).strip())
            return
        if body[: headings[0].start()].strip():
            self._fail("prompts.before_sections", self._where(self.shown, self.text, self.front.body_start))
        ends = [heading.start() for heading in headings[1:]] + [len(body)]
        for heading, end in zip(headings, ends, strict=True):
            text = self._filled(body[heading.end() : end], self.shown, self.front.body_start + heading.end())
            yield Section(cast(Role, heading[1].lower()), (heading[2] or "").lower(), text.strip())

    def _filled(self, text: str, shown: str, offset: int, inside: tuple[str, ...] = ()) -> str:
        """Check every mark of ``text`` and put the partials in."""
        whole = self.sources[shown]

        def replaced(mark: re.Match[str]) -> str:
            where = self._where(shown, whole, offset + mark.start())
            if mark["wrong"]:
                self._fail("prompts.not_a_placeholder", where)
            if mark["partial"]:
                return self._partial(mark["name"], where, inside)
            if mark["name"]:
                self._declared(mark["name"], where)
            return mark.group()

        return MARK.sub(replaced, text)

    def _partial(self, name: str, where: str, inside: tuple[str, ...]) -> str:
        if name in inside:
            self._fail("prompts.circle", where, name=name)
        for folder, shown in _places(self.folders):
            path = folder / "partials" / f"{name}.md"
            if path.is_file():
                label = f"{shown}partials/{name}.md"
                self.sources[label] = _text(path)
                return self._filled(self.sources[label], label, 0, (*inside, name)).strip()
        known = sorted({p.stem for f, _ in _places(self.folders) for p in (f / "partials").glob("*.md")})
        self._fail("prompts.no_partial", where, name=name, allowed=", ".join(known))

    def _declared(self, name: str, where: str) -> None:
        self.used.add(name)
        if name in self.inputs or name == FENCE:
            return
        near = nearest(name, self.inputs)
        key = "prompts.undeclared_near" if near else "prompts.undeclared"
        self._fail(key, where, name=name, near=near)

    @staticmethod
    def _where(shown: str, whole: str, offset: int) -> str:
        return f"{shown}:{whole.count(chr(10), 0, offset) + 1}"

    @staticmethod
    def _fail(key: str, where: str, **params: Any) -> NoReturn:
        raise FileFormatError(key, where=where, **params)


def _places(folders: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return folders with how errors name them; the prompts that ship come last."""
    own = [(Path(folder), f"{Path(folder).name}/") for folder in folders]
    return [*own, (Path(str(resources.files("copilot.prompts") / "default")), "copilot/prompts/default/")]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFileError("yamlfile.unreadable", where=path.name, reason=str(error)) from error


def _unknown_prompt(name: str, folders: Sequence[Path]) -> NoReturn:
    known = names(folders)
    near = nearest(name, known)
    key = "prompts.no_prompt_near" if near else "prompts.no_prompt"
    raise InputError(key, name=name, near=near, allowed=", ".join(known))
