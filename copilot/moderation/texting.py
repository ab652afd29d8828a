"""Spellings of text messages written out (« jvai », « c koi ») before any list reads the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from copilot import yamlfile


class _Near(NamedTuple):
    """A spelling that its neighbours decide: what must follow, what must (not) stand before."""

    next: re.Pattern[str]
    only: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    written: tuple[str, ...]


class _Table(NamedTuple):
    words: dict[str, tuple[str, ...]]
    near: dict[str, _Near]
    known: frozenset[str]


def written_out(
    words: Sequence[str], joined: Callable[[int], bool], fold: Callable[[str], str]
) -> dict[int, tuple[str, ...]]:
    """Return what the words at some places are when written out; empty for nearly every text.

    Args:
        words: folded words.
        joined: whether an apostrophe stands on either side of the word at a place (« c’est », « I’ve »).
        fold: how words are folded.
    """
    table = _table(fold)
    if table.known.isdisjoint(words):
        return {}
    found: dict[int, tuple[str, ...]] = {}
    for place, word in enumerate(words):
        if word not in table.known or joined(place):
            continue
        if word in table.words:
            found[place] = table.words[word]
        elif _fits(table.near[word], words, place):
            found[place] = table.near[word].written
    return found


def _fits(near: _Near, words: Sequence[str], place: int) -> bool:
    before = words[place - 1] if place else ""
    after = words[place + 1] if place + 1 < len(words) else ""
    if near.only is not None and not near.only.fullmatch(before):
        return False
    if near.unless is not None and near.unless.fullmatch(before):
        return False
    return near.next.fullmatch(after) is not None


@cache
def _table(fold: Callable[[str], str]) -> _Table:
    file = resources.files("copilot.moderation") / "data" / "texting.yml"
    data: dict[str, Any] = yamlfile.loads(file.read_text(encoding="utf-8"), "texting.yml").data

    def written(text: str) -> tuple[str, ...]:
        return tuple(fold(word) for word in text.split())

    words = {fold(word): written(text) for word, text in data["words"].items()}
    near = {
        fold(entry["word"]): _Near(
            re.compile(entry["next"]),
            re.compile(entry["only"]) if "only" in entry else None,
            re.compile(entry["unless"]) if "unless" in entry else None,
            written(entry["as"]),
        )
        for entry in data["near"]
    }
    return _Table(words, near, frozenset((*words, *near)))
