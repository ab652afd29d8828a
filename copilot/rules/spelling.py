"""Words that no dictionary knows (kind ``spelling``)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from copilot.rules.definition import Definition
from copilot.rules.dictionary import Dictionary, find_dictionary, named_dictionary
from copilot.rules.pattern import compiled, word_pattern
from copilot.rules.rule import Hit, PatternRule, State

# Vale's own filters: camel case, acronyms, and whatever is not plain English letters.
_FILTERS = (r"[A-Z]{1}[a-z]+[A-Z]+\w+", r"[A-Z]+$", r"[^a-zA-Z_']")
_WORD = (
    r"(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.\S+|[@#/][\w/.-]+|[\w-]+\.(?:[a-z]{2,4})\b(?:/\S*)?"
    r"|(?<word>[\p{L}\p{M}_]+(?:['’‘\-][\p{L}\p{M}]+)*['’‘]?)"
)
_ELISION = r"(?i)^(?:[ldjmtscn]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)'(?=\p{L})"
_CLITIC = r"(?i)-(?:t-)?(?:je|tu|ils?|elles?|on|nous|vous|moi|toi|lui|leur|les?|la|y|en|ce|ci|là)$"


class Spelling(PatternRule):
    """A word is in no dictionary and in no vocabulary.

    ``custom: true`` lifts Vale's filter for plain English letters. With ``spare_names`` acronyms and
    capitalised words inside a sentence count as names.
    """

    def __init__(
        self,
        definition: Definition,
        vocabulary: tuple[str, ...] = (),
        folders: Sequence[Path] = (),
        spare_names: bool = False,
        names: Sequence[str] = (),
    ) -> None:
        super().__init__(definition, vocabulary)
        self.raw = True
        self._folders = tuple(folders)
        self._custom = definition.flag("custom")
        self._spare_names = spare_names
        self._words = frozenset(w.lower() for w in (*vocabulary, *names))
        terms = (*vocabulary, *definition.texts("exceptions"))
        self._accepted = word_pattern(terms, words=True, ignore_case=True) if terms else ""

    @cached_property
    def dictionary(self) -> Dictionary | None:
        """The dictionary of the rule, None when this machine has none (the rule then finds nothing)."""
        names = self.definition.texts("dictionaries")
        named = named_dictionary(names, self._dictionary_folders()) if names else None
        if named is not None:
            return named
        found = find_dictionary(self.language, self._dictionary_folders())
        if found is None or self.definition.name != "Vale.Spelling":
            return found
        extra = [
            p
            for f in self._dictionary_folders()
            for p in sorted(f.glob("*.dic"))
            if p.with_suffix(".aff").is_file()
        ]
        return Dictionary(tuple(dict.fromkeys((*found.paths, *extra))))

    @property
    def language(self) -> str:
        """The language that the rule checks, from the name of its dictionary."""
        names = self.definition.texts("dictionaries")
        return names[0].replace("-", "_").partition("_")[0] if names else "en"

    def _dictionary_folders(self) -> tuple[Path, ...]:
        places = [f / part for f in self._folders for part in ("config/dictionaries", "dictionaries")]
        own = self.definition.fields.get("dicpath")
        return tuple([f / str(own) for f in self._folders] + places) if own else tuple(places)

    @cached_property
    def _ignored(self) -> frozenset[str]:
        words: set[str] = set()
        for name in self.definition.texts("ignore"):
            for path in (p for f in self._folders for p in (f / name, f / "config" / "ignore" / name)):
                if path.is_file():
                    words.update(path.read_text(encoding="utf-8").lower().split())
        return frozenset(words)

    @cached_property
    def _filters(self) -> tuple[str, ...]:
        filters = self.definition.texts("filters")
        return filters if self._custom else (*filters, *_FILTERS)

    def sources(self) -> tuple[str, ...]:
        return self.definition.texts("filters")

    def run(self, text: str, _state: State) -> Iterator[Hit]:
        dictionary = self.dictionary
        if dictionary is None:
            return
        for match in self.find(compiled(_WORD), text):
            word = match.group("word")
            if not word:
                continue
            word = word.rstrip("'’‘") if self._spare_names else word.strip("'’‘")
            start = match.start("word")
            if word and not self._passes(word, text, start, dictionary):
                fixes = self._suggestions(word, dictionary)
                yield Hit(start, start + len(word), (word,), fixes)

    def _passes(self, shown: str, text: str, start: int, dictionary: Dictionary) -> bool:
        word = unicodedata.normalize("NFC", shown).replace("’", "'").replace("‘", "'")
        if any(compiled(f).search(word) for f in self._filters):
            return True
        if word.lower() in self._words or word.lower() in self._ignored:
            return True
        if self._spare_names and (word.isupper() or _is_name(word, text, start)):
            return True
        if self._accepted and compiled(self._accepted).search(word):
            return True
        return _known(dictionary, word, split=self.language == "fr")

    def _suggestions(self, word: str, dictionary: Dictionary) -> tuple[str, ...]:
        return dictionary.suggest(word) if self.definition.action == "suggest" else ()


def _is_name(word: str, text: str, start: int) -> bool:
    """Tell whether a capitalised word stands inside a sentence, as names do."""
    if not word[:1].isupper():
        return any(c.isupper() for c in word)
    before = text[:start].rstrip(" \u00a0\u202f\"'«“‘(")
    return bool(before) and before[-1] not in ".!?…:\n•-–—"


def _known(dictionary: Dictionary, word: str, *, split: bool) -> bool:
    for form in dict.fromkeys((word, word.lower())):
        if dictionary.knows(form):
            return True
    if not split:
        return False
    bare = compiled(_CLITIC).sub("", compiled(_ELISION).sub("", word))
    if bare != word:
        return _known(dictionary, bare, split=True)
    if "-" in word:
        return all(_known(dictionary, part, split=True) for part in word.split("-") if part)
    return False
