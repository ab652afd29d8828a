"""A text as words: the writer's own French words, with breaks, names and other people's words set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from copilot.register import foreign
from copilot.register.vocabulary import pattern
from copilot.text import NormalizedText, normalize

Kind = Literal["word", "end", "pause", "name", "quote", "number"]


@dataclass(frozen=True, slots=True)
class Word:
    """A token; offsets are into the normalised copy. ``glued``: a hyphen stands right before it.

    Kinds: ``word`` · ``end`` of a sentence · ``pause`` inside one (comma, colon, dash, bracket, emoji) ·
    ``name`` (address, hashtag, mention, brand name) · ``quote`` (somebody else's words) · ``number``.
    """

    text: str
    key: str
    start: int
    end: int
    kind: Kind
    glued: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a text with the normalised copy they point into."""

    source: NormalizedText
    tokens: tuple[Word, ...]


_INCLUSIVE = (
    r"(?:\((?:e|s|es|ne|nes|ve|ves|trice|rice|euse|x)\)|[·•⋅](?=\w)|"
    r"\.(?:e|es|s|ne|nes|ve|ves|rice|rices|trice|trices|euse)(?!\w))"
)
_TOKEN = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.)\S+ | [\w.+-]+@[\w-]+\.[\w.]+ |
        \b[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|be|ch|ca|eu|io|app|paris|bzh|info|shop|gouv)\b(?:/\S*)?)
  | (?P<tag>[\#@][\w.]*\w)
  | (?P<fixed>aujourd'hui|prud'hom\w+|presqu'[iî]le\w*|quelqu'un\w*|c\.-à-d\.|etc\.|M\.|Dr\.|n°|p\.\ ex\.)
  | (?P<elided>(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)')(?=\w)
  | (?P<number>\d+(?:[  .,]\d+)*\w*)
  | (?P<word>[^\W\d_]+(?:{_INCLUSIVE}[^\W\d_]*)*)
  | (?P<end>[.!?…]+["»”)]*|\n+)
  | (?P<pause>[,;:()\[\]|/•·→►▶–—*>\"«»“”]|(?<!\w)-(?!\w))
  | (?P<other>[^\s\w])
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 150
_QUOTED = re.compile(
    r"«[^«»]{0,600}»|“[^“”]{0,600}”|„[^„“”]{0,600}[“”]|\"[^\"\n]{1,400}\"|^>[^\n]*"
    r"|(?:^|(?<=[\s:(]))'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)){3,300}(?<=[\w.!?…])'(?=[\s.,;:!?)]|$)",
    re.MULTILINE,
)
_REPORTED = pattern(
    "words.saying",
    r"(?i)(?<!\bvotre )(?<!\bta )(?<!\bune )(?<!\bla )(?<!\bde )\b{}(?: [a-zà-ÿ]+)? ?: *"
    r"([^\n\"«“]+?(?:[.!?…]+|$|\n))",
)
_ATTRIBUTED = pattern("words.attributing", r"(?i)\b{} *([^\n\"«“]+?(?:[.!?…]+|$|\n))")
_OWN_SUBJECT = re.compile(
    r"(?:\b(?:tu|vous|te|je)\s+|\b[tj]'\s*)(?:\w+\s+){0,2}$|(?:^|[.!?…,:;\n])\s*\W*$", re.I
)
_TITLED = pattern(
    "words.bearer",
    r"\b{}s? ((?:Tu|Te|Toi|T'|Ton|Ta|Tes|Vous|Votre|Vos|C'est [Vv]ous)\b"
    r"(?:(?: ?[&+] ?| et |'|-| )(?:[A-Z][\w'-]*|êtes|[+]\b)|\+)*)",
)


@lru_cache(maxsize=256)
def split(text: str) -> Words:
    """Split a text into words; quotations, reported words, names and foreign sentences are set aside."""
    source = normalize(text)
    aside = _set_aside(source.text)
    tokens: list[Word] = []
    for match in _TOKEN.finditer(source.text):
        start, end = match.span()
        if aside[start]:
            if not tokens or tokens[-1].kind != "quote" or tokens[-1].end < _first(aside, start):
                tokens.append(Word("", "", start, end, "quote"))
            else:
                last = tokens.pop()
                tokens.append(Word("", "", last.start, end, "quote"))
            continue
        if match.group() == "-" and source.text[start - 1 : start].isalnum():
            continue
        glued = source.text[start - 1 : start] == "-" and source.text[start - 2 : start - 1].isalnum()
        tokens.append(Word(match.group(), match.group().lower(), start, end, _kind(match), glued))
    return Words(source, tuple(_bounded(_without_foreign(tokens))))


def _kind(match: re.Match[str]) -> Kind:
    group = match.lastgroup
    if group in ("url", "tag"):
        return "name"
    if group in ("fixed", "elided", "word"):
        return "word"
    if group in ("number", "end", "pause"):
        return group  # type: ignore[return-value]
    return "word" if match.group() in "'&+%€$-" else "pause"


def _set_aside(text: str) -> bytearray:
    aside = bytearray(len(text))
    for match in _QUOTED.finditer(text):
        aside[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    for match in _REPORTED.finditer(text):
        if not _OWN_SUBJECT.search(text[: match.start()]):
            aside[match.start(1) : match.end(1)] = b"\x01" * (match.end(1) - match.start(1))
    for match in (*_TITLED.finditer(text), *_ATTRIBUTED.finditer(text)):
        aside[match.start(1) : match.end(1)] = b"\x01" * (match.end(1) - match.start(1))
    return aside


def _first(aside: bytearray, position: int) -> int:
    while position > 0 and aside[position - 1]:
        position -= 1
    return position


def _without_foreign(tokens: list[Word]) -> tuple[Word, ...]:
    kept: list[Word] = []
    sentence: list[Word] = []
    around = foreign.is_foreign([token.key for token in tokens if token.kind == "word"])
    for token in [*tokens, None]:
        if token is None or token.kind == "end" or (token.kind == "pause" and len(sentence) > 4):
            if sentence and foreign.is_foreign([w.key for w in sentence if w.kind == "word"], around=around):
                sentence = [Word("", "", sentence[0].start, sentence[-1].end, "quote")]
            kept += sentence
            sentence = []
            if token is not None:
                kept.append(token)
        else:
            sentence.append(token)
    return tuple(kept)


def _bounded(tokens: tuple[Word, ...]) -> Iterator[Word]:
    """End a sentence that never ends: what looks around a word then stays quick."""
    length = 0
    for token in tokens:
        length = 0 if token.kind == "end" else length + 1
        if length > _LONGEST:
            yield Word("", "", token.start, token.start, "end")
            length = 1
        yield token
