r"""What a pattern must contain: read from the pattern itself, so that texts without it are not searched.

Two facts are drawn from a pattern. Its *openings*: the words or signs with which every match begins.
Its *needs*: strings of which every match contains at least one. Both are folded (see
``copilot.rules.folding``) and may claim too much (a text that is searched in vain), never too little.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from copilot.rules.folding import can_be_doubled, fold, has_doubles

EDGE = "\x08"
r"""Stands in a lead where the pattern has ``\b``, or where a word must end."""
GAP = "\x07"
r"""Stands in a lead for one character that belongs to no word, such as ``\s``."""
_MOST = 4000
_LONGEST = 40
_MOST_TAILS = 16
_FARTHEST = 2
_TAIL = 12
_SMALL_CLASS = 6
_RUN = re.compile(r"[\w ',-]{1,30}(?![?*+{])")
_GAPS = re.compile(r"(?:\\[sW]|[ .,;:!?()'\"/])+")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}

Lead = tuple[str, bool]
"""A beginning, and whether anything may follow it directly."""


class _Unreadable(Exception):
    pass


class Opening(NamedTuple):
    """How a match can begin: ``back`` characters before the literal ``text``.

    ``word`` is the first word of it, the beginning of one where not ``ended``, empty for a sign.
    """

    text: str
    word: str
    ended: bool
    back: int


@dataclass(frozen=True, slots=True)
class Literals:
    """``openings`` of the matches (empty: unknown) and ``needs``.

    ``breaks``: how many line ends a match may hold, 2 standing for two or more. ``doubled``: a letter of
    the text that stands for two, such as ``ß``, can hide a match.
    """

    openings: frozenset[Opening] = frozenset()
    needs: frozenset[str] = frozenset()
    breaks: int = 2
    doubled: bool = True

    @property
    def indexed(self) -> bool:
        """Whether the beginning of every match is known."""
        return bool(self.openings)

    @property
    def by_word(self) -> bool:
        """Whether every match begins at the start of a known word."""
        return all(opening.word and not opening.back for opening in self.openings)


@dataclass(frozen=True, slots=True)
class _Node:
    leads: frozenset[Lead]
    needs: frozenset[str] | None = None
    breaks: int = 0
    tails: frozenset[str] = frozenset({""})


_EMPTY = _Node(frozenset({("", False)}))
_ANY = _Node(frozenset({("", True)}))
_BOUND = _Node(frozenset({(EDGE, False)}))


@lru_cache(maxsize=4096)
def literals(pattern: str) -> Literals:
    """Return what is known of a pattern; nothing at all when it uses a rare construct."""
    if has_doubles(pattern):
        return Literals()
    try:
        reader = _Reader(pattern)
        node = reader.alternatives()
        if reader.position != len(pattern):
            return Literals()
    except (_Unreadable, IndexError, RecursionError):
        return Literals()
    openings = _openings(node.leads)
    needs = _least(map(fold, node.needs)) if node.needs and len(node.needs) <= 64 else frozenset()
    seen = "\0".join([fold(pattern), *needs, *(opening.text for opening in openings)])
    return Literals(openings, needs, node.breaks, can_be_doubled(seen))


def _openings(leads: Iterable[Lead]) -> frozenset[Opening]:
    made: set[Opening] = set()
    for text, _ in leads:
        opening = _opening(fold(text))
        if opening is None:
            return frozenset()
        made.add(opening)
    return frozenset(made)


def _opening(lead: str) -> Opening | None:
    rest = _before_word(lead)
    back, edge = len(lead) - len(rest), rest.startswith(EDGE) or len(rest) < len(lead)
    known, gap, _ = rest.lstrip(EDGE).partition(GAP)
    text = known.replace(EDGE, "")
    if not text or back > _FARTHEST:
        return None
    size = next((i for i, c in enumerate(known) if not _is_word(c)), len(known))
    if size == 0:
        # What begins with a sign needs no edge; ``\\b`` before it asks for a word there.
        return Opening(text, "", True, back)
    ended = size < len(known) or bool(gap)
    return Opening(text, text[:size], ended, back) if edge else None


def _before_word(lead: str) -> str:
    """Take off the gaps before a word, and the signs before these."""
    size = next((i for i, c in enumerate(lead) if _is_word(c) or c == EDGE), len(lead))
    return lead[size:] if GAP in lead[:size] and size < len(lead) else lead.lstrip(GAP)


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
        tails = _few(tail for node in nodes for tail in node.tails)
        return _Node(leads, needs, max(node.breaks for node in nodes), tails)

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
            return _Node(leads | {("", False)}, breaks=breaks, tails=_few({*node.tails, ""}))
        return _Node(leads, node.needs, breaks, node.tails)

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
        return _BOUND if char in "^$" else _literal(char)

    def _group(self) -> _Node:
        if self.peek() != "?":
            return self._inside()
        rest = self.pattern[self.position :]
        for head in ("?=", "?!", "?<=", "?<!"):
            if rest.startswith(head):
                self.position += len(head)
                seen = self._inside()
                ends = head == "?=" and all(text and not _is_word(text[0]) for text, _ in seen.leads)
                leads = _BOUND.leads if ends else _EMPTY.leads
                return _Node(leads, breaks=seen.breaks)
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
        if _GAPS.fullmatch(body) and "\\" in body:
            return _Node(frozenset({(GAP, False)}), breaks=breaks)
        plain = not any(c in body for c in "\\[^") and "-" not in body[1:-1]
        if not plain or len(body) > _SMALL_CLASS:
            return _Node(_ANY.leads, breaks=breaks)
        signs = frozenset(c.lower() for c in body)
        return _Node(frozenset((c, False) for c in signs), signs, breaks, signs)

    def _escape(self) -> _Node:
        char = self.peek()
        self.position += 1
        if char == "b":
            return _BOUND
        if char in "BAZzG":
            leads = _EMPTY.leads if char in "BG" else _BOUND.leads
            return _Node(leads, breaks=0 if char == "B" else 2)
        if char in "sW":
            return _Node(frozenset({(GAP, False)}), breaks=1)
        if char in "dDwSXpP":
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
    return _Node(frozenset({(low, False)}), frozenset({low}), int("\n" in low), frozenset({low}))


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
    tails = _tails(left, right)
    needs = _better(tails if "" not in tails else None, left.needs, right.needs)
    return _Node(frozenset(leads), needs, min(2, left.breaks + right.breaks), tails)


def _glue(left: str, right: str) -> str:
    # An edge after a sign says nothing of the word before.
    if right.startswith(EDGE) and left and not _is_word(left[-1]) and left[-1] != EDGE:
        right = right[1:]
    return left + right


def _tails(left: _Node, right: _Node) -> frozenset[str]:
    """Return strings with which every match of both in a row ends, longer where the second is plain."""
    texts = {text.replace(EDGE, "") for text, open_end in right.leads if not open_end and GAP not in text}
    if len(texts) * len(left.tails) > _MOST_TAILS or len(texts) < len(right.leads):
        return right.tails
    return frozenset((a + b)[-_TAIL:] for a in left.tails for b in texts)


def _few(tails: Iterable[str]) -> frozenset[str]:
    found = frozenset(tails)
    return found if len(found) <= _MOST_TAILS else frozenset({""})


def _least(needs: Iterable[str]) -> frozenset[str]:
    """Leave out the strings that hold another one."""
    known = set(needs)
    return frozenset(need for need in known if not any(o in need for o in known if o != need))


def _better(*options: frozenset[str] | None) -> frozenset[str] | None:
    known = [option for option in options if option]
    return max(known, key=lambda o: (min(map(len, o)), -len(o)), default=None)
