"""Case files: what customers write, and what the reply must be, in the shape of promptfoo's tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

from copilot.errors import FileFormatError, InputError
from copilot.lab.assertion import Assertion
from copilot.lab.reading import read_assertion
from copilot.records import Brief, Comment, ReplyRequest
from copilot.yamlfile import YamlFile, load, loads, refuse_unknown

KEYS = ("id", "description", "tags", "vars", "evidence", "assert", "threshold")
VARS = ("comment", "author", "channel", "language", "register", "note", "tone", "length", "brief")
_BRIEF = tuple(each.name for each in fields(Brief))


@dataclass(frozen=True, slots=True)
class Case:
    """One situation and what is demanded of the text written for it.

    Attributes:
        id: unique among all cases.
        vars: the situation as the file gives it.
        evidence: passage ids the text must stand on, each with the version it had when the case was
            written (empty where nobody noted it).
        where: ``file:line``.
        digest: hash of all that decides the verdict: two runs are compared only where it is the same.
    """

    id: str
    vars: Mapping[str, Any]
    assertions: tuple[Assertion, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    tags: tuple[str, ...] = ()
    threshold: float | None = None
    where: str = ""
    digest: str = ""

    @property
    def request(self) -> ReplyRequest | None:
        """What is asked of the drafter, or None when the case is a brief."""
        if "comment" not in self.vars:
            return None
        given = {name: str(value) for name, value in self.vars.items()}
        comment = Comment(given["comment"], given.get("author", ""), given.get("channel", "web"))
        return ReplyRequest(
            comment,
            given.get("language", ""),
            cast(Literal["", "tu", "vous"], given.get("register", "")),
            given.get("note", ""),
            cast(Any, given.get("tone", "")),
            cast(Any, given.get("length", "")),
        )

    @property
    def brief(self) -> Brief | None:
        """What a post is to do, or None when the case is a comment."""
        given = self.vars.get("brief")
        if given is None:
            return None
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        return Brief(**values)

    @property
    def texts(self) -> dict[str, str]:
        """The situation as texts, for ``{{name}}`` in assertions."""
        return {name: str(value) for name, value in self.vars.items() if not isinstance(value, dict)}

    @property
    def demands(self) -> tuple[Assertion, ...]:
        """All assertions, the expected evidence among them."""
        if not self.evidence:
            return self.assertions
        return (Assertion("answers-with", list(self.evidence), metric="evidence"), *self.assertions)


def load_cases(*places: Path) -> tuple[Case, ...]:
    """Read case files, or all ``*.yml`` of folders.

    Raises:
        InputError: there is no case.
        FileFormatError: a mistake in a file, at ``file:line``; two cases with one id.
    """
    found: dict[str, Case] = {}
    for path in _files(places):
        for case in _cases(load(path, shown=_shown(path))):
            _refuse_twice(case, found)
            found[case.id] = case
    if not found:
        raise InputError("lab.no_cases", folder=", ".join(map(str, places)))
    return tuple(found.values())


def parse_cases(text: str, shown: str) -> tuple[Case, ...]:
    """Read cases from the text of a file that is named ``shown`` in errors."""
    return tuple(_cases(loads(text, shown)))


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(place.glob("*.yml"))
        else:
            yield place


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:]) if "cases" in path.parts else path.name


def _cases(file: YamlFile) -> Iterator[Case]:
    if file.data is None:
        return
    if not isinstance(file.data, list):
        raise FileFormatError("lab.not_a_list", where=file.where())
    for number, data in enumerate(file.data):
        yield _Reading(file, (number,), data).case()


class _Reading:
    """One case of a file."""

    def __init__(self, file: YamlFile, at: tuple[int], data: Any) -> None:
        self.file, self.at = file, at
        if not isinstance(data, dict):
            self.fail("lab.not_a_case")
        refuse_unknown(file, at, map(str, data), KEYS)
        self.data: dict[str, Any] = data

    def case(self) -> Case:
        data = self.data
        if not isinstance(data.get("id"), str) or not data["id"].strip():
            self.fail("lab.no_id")
        given = self.vars()
        asserted = data.get("assert") or []
        if not isinstance(asserted, list):
            self.fail("lab.not_assertions", "assert")
        threshold = data.get("threshold")
        if threshold is not None and (isinstance(threshold, bool) or not isinstance(threshold, int | float)):
            self.fail("lab.wrong_number", "threshold", name="threshold")
        assertions = tuple(
            read_assertion(self.file, (*self.at, "assert", number), item)
            for number, item in enumerate(asserted)
        )
        return Case(
            data["id"].strip(),
            given,
            assertions,
            self.evidence(),
            str(data.get("description", "")),
            self.tags(),
            threshold,
            self.file.where(self.at),
            _digest(data),
        )

    def vars(self) -> dict[str, Any]:
        given = self.data.get("vars")
        if not isinstance(given, dict):
            self.fail("lab.no_vars")
        refuse_unknown(self.file, (*self.at, "vars"), map(str, given), VARS)
        if ("comment" in given) == ("brief" in given):
            self.fail("lab.comment_or_brief", "vars")
        if "brief" in given:
            if not isinstance(given["brief"], dict):
                self.fail("lab.comment_or_brief", "vars", "brief")
            refuse_unknown(self.file, (*self.at, "vars", "brief"), map(str, given["brief"]), _BRIEF)
            if "objective" not in given["brief"]:
                self.fail("lab.no_objective", "vars", "brief")
        elif not str(given["comment"] or "").strip():
            self.fail("lab.comment_or_brief", "vars", "comment")
        self._choice(given, "register", ("", "tu", "vous"))
        self._choice(given, "tone", ("", "warmer", "firmer", "simpler"))
        self._choice(given, "length", ("", "shorter"))
        return {str(name): value for name, value in given.items()}

    def evidence(self) -> dict[str, str]:
        given = self.data.get("evidence") or {}
        if isinstance(given, str):
            return {given: ""}
        if isinstance(given, list):
            return {str(name): "" for name in given}
        if not isinstance(given, dict):
            self.fail("lab.wrong_evidence", "evidence")
        return {str(name): str(version or "") for name, version in given.items()}

    def tags(self) -> tuple[str, ...]:
        given = self.data.get("tags") or []
        return (given,) if isinstance(given, str) else tuple(map(str, given))

    def _choice(self, given: Mapping[str, Any], name: str, allowed: Sequence[str]) -> None:
        if given.get(name, "") not in allowed:
            self.fail("lab.wrong_choice", "vars", name, name=name, allowed=", ".join(filter(None, allowed)))

    def fail(self, key: str, *at: str, **params: Any) -> NoReturn:
        raise FileFormatError(key, where=self.file.where((*self.at, *at)), **params)


def _refuse_twice(case: Case, found: Mapping[str, Case]) -> None:
    if case.id in found:
        raise FileFormatError("lab.twice", where=case.where, id=case.id, other=found[case.id].where)


def _digest(data: Mapping[str, Any]) -> str:
    decisive = {name: data[name] for name in ("vars", "evidence", "assert", "threshold") if name in data}
    text = json.dumps(decisive, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
