r"""What a pattern must contain: read from the pattern itself, so that texts without it are not searched.

Two facts are drawn from a pattern. Its *leads*: the words with which every match begins, when every
match begins at the start of a word. Its *needs*: strings of which every match contains at least one.
Both are in lower case and may claim too much (a text that is searched in vain), never too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

EDGE = "\x08"
"""Stands in a lead where the pattern has ``\b``, or where a word must end."""
_MOST = 4000
_LONGEST = 40
_SMALL_CLASS = 6
_RUN = re.compile(r"[\w ',-]{1,30}(?![?*+{])")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}

Lead = tuple[str, bool]
"""A beginning, and whether anything may follow it directly."""


class _Unreadable(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Literals:
    """``exact`` words and ``prefixes`` of words that begin a match (both empty: unknown); ``needs``.

    ``breaks``: how many line ends a match may hold, 2 standing for two or more.
    """

    exact: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    breaks: int = 2

    @property
    def indexed(self) -> bool:
        """Whether the beginning of every match is known."""
        return bool(self.exact or self.prefixes)


@dataclass(frozen=True, slots=True)
class _Node:
    leads: frozenset[Lead]
    needs: frozenset[str] | None = None
    breaks: int = 0


_EMPTY = _Node(frozenset({("", False)}))
_ANY = _Node(frozenset({("", True)}))


@lru_cache(maxsize=4096)
def literals(pattern: str) -> Literals:
    """Return what is known of a pattern; nothing at all when it uses a rare construct."""
    try:
        reader = _Reader(pattern)
        node = reader.alternatives()
        if reader.position != len(pattern):
            return Literals()
    except (_Unreadable, IndexError, RecursionError):
        return Literals()
    exact, prefixes = _words(node.leads)
    needs = node.needs if node.needs and len(node.needs) <= 64 else frozenset()
    return Literals(exact, prefixes, frozenset(needs), node.breaks)


def _words(leads: Iterable[Lead]) -> tuple[frozenset[str], frozenset[str]]:
    exact: set[str] = set()
    prefixes: set[str] = set()
    for text, open_end in leads:
        if not text.startswith(EDGE):
            return frozenset(), frozenset()
        body = text.lstrip(EDGE)
        size = next((i for i, c in enumerate(body) if not _is_word(c)), len(body))
        if size == 0:
            return frozenset(), frozenset()
        ended = size < len(body) or not open_end
        (exact if ended and size < len(body) else prefixes).add(body[:size].lower())
    return frozenset(exact), frozenset(prefixes)


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


class _Reader:
    """Recursive descent over a pattern in the syntax that rules use."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0

    def peek(self, size: int = 1) -> str:
        return self.pattern[self.position : self.position + size]

    def alternatives(self) -> _Node:
        nodes = [self.sequence()]
        while self.peek() == "|":
            self.position += 1
            nodes.append(self.sequence())
        if len(nodes) == 1:
            return nodes[0]
        leads = frozenset(lead for node in nodes for lead in node.leads)
        if len(leads) > _MOST:
            raise _Unreadable
        known = [node.needs for node in nodes if node.needs]
        needs = frozenset(n for one in known for n in one) if len(known) == len(nodes) else None
        return _Node(leads, needs, max(node.breaks for node in nodes))

    def sequence(self) -> _Node:
        node = _EMPTY
        while self.position < len(self.pattern) and self.peek() not in "|)":
            node = _joined(node, self.repeated())
        return node

    def repeated(self) -> _Node:
        run = _RUN.match(self.pattern, self.position)
        if run is not None:
            self.position = run.end()
            return _literal(run.group())
        node = self.atom()
        least, most = self._quantifier()
        if (least, most) == (1, 1):
            return node
        leads = frozenset((text, True) for text, _ in node.leads) if most != 1 else node.leads
        breaks = 2 if node.breaks and most > 1 else node.breaks
        if least == 0:
            return _Node(leads | {("", False)}, breaks=breaks)
        return _Node(leads, node.needs, breaks)

    def _quantifier(self) -> tuple[int, int]:
        char = self.peek()
        if char and char in "?*+":
            self.position += 1
            bounds = {"?": (0, 1), "*": (0, 9), "+": (1, 9)}[char]
        elif char == "{" and (end := self.pattern.find("}", self.position)) > 0:
            low, _, high = self.pattern[self.position + 1 : end].partition(",")
            if not low.isdigit() and not high.isdigit():
                return 1, 1
            self.position = end + 1
            exact = "," not in self.pattern[self.position - len(low) - len(high) - 3 : end]
            bounds = (int(low or 0), int(low) if exact else 9)
        else:
            return 1, 1
        if self.peek() in ("?", "+"):
            self.position += 1
        return bounds

    def atom(self) -> _Node:
        char = self.peek()
        self.position += 1
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char == "\\":
            return self._escape()
        if char == ".":
            return _ANY
        if char in "^$":
            return _EMPTY
        return _literal(char)

    def _group(self) -> _Node:
        if self.peek() != "?":
            return self._inside()
        rest = self.pattern[self.position :]
        for head in ("?=", "?!", "?<=", "?<!"):
            if rest.startswith(head):
                self.position += len(head)
                seen = self._inside()
                return _Node(_EMPTY.leads, breaks=2 if seen.breaks > 1 else 0)
        if rest.startswith(("?>", "?|")):
            self.position += 2
            return self._inside()
        if rest.startswith(("?P<", "?<")):
            self.position = self.pattern.index(">", self.position) + 1
            return self._inside()
        return self._flags()

    def _flags(self) -> _Node:
        self.position += 1
        while self.peek() not in (":", ")"):
            if self.peek() not in "imnf-":
                raise _Unreadable
            self.position += 1
        closed = self.peek() == ")"
        self.position += 1
        return _EMPTY if closed else self._inside()

    def _inside(self) -> _Node:
        node = self.alternatives()
        if self.peek() != ")":
            raise _Unreadable
        self.position += 1
        return node

    def _class(self) -> _Node:
        begin = self.position
        if self.peek() == "^":
            self.position += 1
        if self.peek() == "]":
            self.position += 1
        while self.peek() != "]":
            if self.position >= len(self.pattern):
                raise _Unreadable
            self.position += 2 if self.peek() == "\\" else 1
        body = self.pattern[begin : self.position]
        self.position += 1
        breaks = _class_breaks(body)
        plain = not any(c in body for c in "\\-[") and not body.startswith("^")
        if not plain or len(body) > _SMALL_CLASS:
            return _Node(_ANY.leads, breaks=breaks)
        leads = frozenset((c.lower(), False) for c in body)
        return _Node(leads, frozenset(c.lower() for c in body), breaks)

    def _escape(self) -> _Node:
        char = self.peek()
        self.position += 1
        if char == "b":
            return _Node(frozenset({(EDGE, False)}))
        if char in "BAZzG":
            return _Node(_EMPTY.leads, breaks=0 if char == "B" else 2)
        if char == "s":
            return _Node(frozenset({(EDGE, True)}), breaks=1)
        if char in "dDwWSXpP":
            if char in "pP" and self.peek() == "{":
                self.position = self.pattern.index("}", self.position) + 1
            return _Node(_ANY.leads, breaks=0 if char in "dwS" else 1)
        return _literal(self._character(char))

    def _character(self, char: str) -> str:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "u":
            self.position += 4
            return chr(int(self.pattern[self.position - 4 : self.position], 16))
        if char.isalnum():
            raise _Unreadable
        return char


def _literal(char: str) -> _Node:
    low = char.lower()
    return _Node(frozenset({(low, False)}), frozenset({low}), int("\n" in low))


def _class_breaks(body: str) -> int:
    named = any(part in body for part in ("\n", r"\n", r"\s"))
    if body.startswith("^"):
        return int(not named)
    return int(named or any(part in body for part in (r"\W", r"\D", r"\p", r"\P", r"\x", r"\u")))


def _joined(left: _Node, right: _Node) -> _Node:
    closed = [text for text, open_end in left.leads if not open_end and len(text) < _LONGEST]
    kept = {(text, True) for text, open_end in left.leads if open_end or len(text) >= _LONGEST}
    if len(closed) * len(right.leads) > _MOST:
        raise _Unreadable
    leads = kept | {(_glue(a, b), open_end) for a, (b, open_end) in product(closed, right.leads)}
    needs = _better(_run(left, right), left.needs, right.needs)
    return _Node(frozenset(leads), needs, min(2, left.breaks + right.breaks))


def _glue(left: str, right: str) -> str:
    # An edge after a sign says nothing of the word before.
    if right.startswith(EDGE) and left and not _is_word(left[-1]) and left[-1] != EDGE:
        right = right[1:]
    return left + right


def _run(left: _Node, right: _Node) -> frozenset[str] | None:
    """Join two plain strings that stand side by side into one need."""
    if left.needs is None or right.needs is None or len(left.needs) * len(right.needs) > 16:
        return None
    plain = {(text.strip(EDGE), False) for text, open_end in left.leads if not open_end}
    if {text for text, _ in plain} != set(left.needs):
        return None
    if {text for text, open_end in right.leads if not open_end} != set(right.needs):
        return None
    return frozenset(a + b for a in left.needs for b in right.needs)


def _better(*options: frozenset[str] | None) -> frozenset[str] | None:
    known = [option for option in options if option]
    return max(known, key=lambda o: (min(map(len, o)), -len(o)), default=None)
