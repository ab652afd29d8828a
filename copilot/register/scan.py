"""Looking around a word: what stands before and after it, and what it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from copilot.register import lexicon
from copilot.register.vocabulary import vocabulary
from copilot.register.words import Word

Address = Literal["tu", "vous"]
Role = Literal[
    "subject",
    "elided_subject",
    "inverted",
    "object",
    "enclitic",
    "strong",
    "possessive",
    "owned",
    "verb",
    "imperative",
    "courtesy",
    "slang",
]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that addresses the reader.

    ``weak`` marks only follow the others (a noun that could be an imperative, *svp*, an interjection).
    ``lemma`` names the verb of a ``verb`` or an ``imperative``.
    """

    index: int
    address: Address
    role: Role
    weak: bool = False
    lemma: str = ""


_CLITICS = vocabulary("scan.clitics")
_INNER_CLITICS = _CLITICS - {"nous", "vous"}
_MOST_CLITICS = 6
_SUBJECTS = vocabulary("scan.subjects")


@dataclass(frozen=True, slots=True)
class Scan:
    """The tokens of a text with questions one asks of them; indices out of range are empty words."""

    tokens: Sequence[Word]

    def key(self, index: int) -> str:
        """Return the lower-case word at ``index``, empty for anything that is no word."""
        if 0 <= index < len(self.tokens) and self.tokens[index].kind == "word":
            return self.tokens[index].key
        return ""

    def kind(self, index: int) -> str:
        """Return the kind of the token, ``end`` before the first and after the last."""
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else "end"

    def glued(self, index: int) -> bool:
        """Tell whether a hyphen joins this token to the one before."""
        return 0 <= index < len(self.tokens) and self.tokens[index].glued

    def sentence_start(self, index: int) -> int:
        """Return the index of the first token of the sentence that holds ``index``."""
        while index > 0 and self.kind(index - 1) != "end":
            index -= 1
        return index

    def sentence_end(self, index: int) -> int:
        """Return the index of the token that ends the sentence (or the number of tokens)."""
        while index < len(self.tokens) and self.kind(index) != "end":
            index += 1
        return index

    def is_question(self, index: int) -> bool:
        """Tell whether the sentence that holds ``index`` ends with a question mark."""
        end = self.sentence_end(index)
        return end < len(self.tokens) and "?" in self.tokens[end].text

    def after_clitics(self, index: int) -> int:
        """Return the index of the first word after the object pronouns that follow ``index``."""
        index += 1
        stop = index + _MOST_CLITICS
        while index < stop and self.key(index) in _CLITICS and not self.glued(index):
            index += 1
        return index

    def before_clitics(self, index: int) -> int:
        """Return the index of the last word before the object pronouns that precede ``index``."""
        index -= 1
        stop = index - _MOST_CLITICS
        while index > stop and self.key(index) in _INNER_CLITICS and not self.glued(index + 1):
            index -= 1
        return index

    def is_person(self, index: int, person: str) -> bool:
        """Tell whether the word can be a verb in this person."""
        return bool(lexicon.verbs(self.key(index), person)) if self.key(index) else False

    def is_infinitive(self, index: int) -> bool:
        """Tell whether the word can be an infinitive."""
        return lexicon.has(self.key(index), "infi") if self.key(index) else False

    def is_gerund(self, index: int) -> bool:
        """Tell whether the word can be a present participle."""
        return lexicon.has(self.key(index), "ppre") if self.key(index) else False

    def is_participle(self, index: int) -> bool:
        """Tell whether the word can be a past participle."""
        return lexicon.has(self.key(index), "ppas") if self.key(index) else False

    def is_noun(self, index: int) -> bool:
        """Tell whether the word can be a noun."""
        return lexicon.is_class(self.key(index), "nom") if self.key(index) else False

    def is_subject(self, index: int) -> bool:
        """Tell whether the word is a subject pronoun of the first or third person."""
        return self.key(index) in _SUBJECTS
