"""What both directions of a conversion share: new text for one token, its case, its elisions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.register import lexicon
from copilot.register.agreement import is_subjunctive, like, other_person
from copilot.register.lexicon import Inflection, elides
from copilot.register.reading import Parse
from copilot.register.scan import Mark

_SUBJECTS = ("subject", "elided_subject")


@dataclass(frozen=True, slots=True)
class Piece:
    """Replace the normalised copy between ``start`` and ``end``."""

    start: int
    end: int
    text: str


class Writer:
    """What both directions share: pieces of text around one token."""

    def __init__(self, found: Parse) -> None:
        self.scan = found.scan
        self.tokens = found.scan.tokens
        marks = (*found.tu, *found.vous, *found.plural)
        self.subjects = sorted(mark.index for mark in marks if mark.role in _SUBJECTS)

    def put(self, index: int, text: str, expected: str = "") -> Piece:
        """Replace one token, in its own case."""
        token = self.tokens[index]
        return Piece(token.start, token.end, like(self.sample(index), text, expected))

    def sample(self, index: int) -> str:
        """Drop the capital of courtesy: *nous Vous remercions*."""
        text = self.tokens[index].text
        opens = self.scan.kind(index - 1) in ("end", "pause", "name", "quote")
        courtesy = text.lower() in ("vous", "votre", "vos") and text[:1].isupper() and not text.isupper()
        return text.lower() if courtesy and not opens else text

    def verb(self, mark: Mark, person: str) -> Iterator[Piece]:
        """Replace a verb by its form in ``person``, and the *ne* before it if that elides otherwise."""
        form = self.tokens[mark.index].key
        reading = self._reading(mark, "2pl" if person == "2sg" else "2sg")
        imperative = mark.role == "imperative"
        if reading is None:
            new = lexicon.conjugate(mark.lemma, "impe", person) if imperative else ""
        else:
            moody = self._wants_subjunctive(mark)
            new = other_person(reading, person, subjunctive=moody, imperative=imperative)
        if not new:
            return
        if imperative and person == "2sg":
            new = self._with_s(mark.index, new)
        yield self.put(mark.index, new, reading.form if reading else "")
        yield from self.elision(mark.index, form, new)

    def _reading(self, mark: Mark, person: str) -> Inflection | None:
        form = self.tokens[mark.index].key
        readings = [
            item for item in lexicon.verbs(form, person) if not mark.lemma or item.lemma == mark.lemma
        ]
        readings = readings or list(lexicon.verbs(form, "3sg"))
        moods = [item for item in readings if ("impe" in item.tags) == (mark.role == "imperative")]
        if self._wants_subjunctive(mark):
            moods = [item for item in moods if "spre" in item.tags] or moods
        return next(iter(moods or readings), None)

    def _wants_subjunctive(self, mark: Mark) -> bool:
        if mark.role != "verb":
            return False
        start = self.scan.sentence_start(mark.index)
        nearest = bisect_left(self.subjects, mark.index) - 1
        return (
            nearest >= 0
            and self.subjects[nearest] >= start
            and is_subjunctive(self.scan, self.subjects[nearest])
        )

    def _with_s(self, index: int, form: str) -> str:
        """*penses-y*, *vas-y*: the -s that a following y or en brings back."""
        near = self.scan.glued(index + 1) or self.scan.key(index + 1) == "y"
        follows = near and self.scan.key(index + 1) in ("y", "en")
        if follows and not form.endswith("s") and not self.scan.is_infinitive(index + 2):
            return form + "s"
        return form

    def elision(self, index: int, old: str, new: str) -> Iterator[Piece]:
        before = self.scan.key(index - 1)
        if elides(old) == elides(new) or self.scan.glued(index):
            return
        token = self.tokens[index - 1]
        if before == "n'" and not elides(new):
            yield Piece(token.start, token.end, like(token.text, "ne ") if token.text.islower() else "Ne ")
        elif before == "ne" and elides(new):
            yield Piece(token.start, self.tokens[index].start, like(token.text[:1], "n'"))

    def joined(self, index: int, short: str, long: str) -> Piece:
        """Replace a pronoun before its verb, elided as the next word asks."""
        token = self.tokens[index]
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after is not None and after.kind == "word" and elides(after.key):
            return Piece(token.start, after.start, like(self.sample(index)[:1], short))
        return Piece(token.start, token.end, like(self.sample(index), long))
