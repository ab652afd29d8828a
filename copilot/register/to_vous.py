"""From *tu* to *vous*."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.register import lexicon
from copilot.register.agreement import like
from copilot.register.commands import negation
from copilot.register.lexicon import elides
from copilot.register.scan import Mark
from copilot.register.writer import Piece, Writer

_SLANG = {
    "tkt": "ne vous inquiétez pas",
    "tqt": "ne vous inquiétez pas",
    "tfk": "vous faites quoi",
    "jte": "je vous",
}
_WORRY = ("inquiète", "inquiete")


class ToVous(Writer):
    """*tu* → *vous*."""

    def pieces(self, mark: Mark) -> Iterator[Piece]:
        """Return the replacements that one mark asks for."""
        index, key = mark.index, self.tokens[mark.index].key
        if mark.role in ("imperative", "verb"):
            yield from self._command(mark) if mark.role == "imperative" else self.verb(mark, "2pl")
        elif mark.role == "elided_subject":
            yield self._elided_subject(mark)
        elif mark.role == "possessive":
            yield self.put(index, "vos" if key == "tes" else "votre")
        elif mark.role == "owned":
            yield self.put(index, "vôtres" if key in ("tiens", "tiennes") else "vôtre")
        elif mark.role == "slang":
            yield self.put(index, _SLANG.get(key, key))
        elif mark.role == "object" or key == "t'":
            yield self._object(index, mark)
        else:
            yield self.put(index, "svp" if mark.role == "courtesy" else "vous")

    def _object(self, index: int, mark: Mark) -> Piece:
        token = self.tokens[index]
        if token.key not in ("t'", "t"):
            return self.put(index, "ne vous" if self._lacks_ne(index) else "vous")
        link = "-" if mark.role == "enclitic" else " "
        said = "ne vous" if self._lacks_ne(index) else "vous"
        return Piece(token.start, self.tokens[index + 1].start, like(token.text[:1], said + link))

    def _lacks_ne(self, index: int) -> bool:
        """*t'inquiète*, *t'en fais pas*: negative orders that dropped their *ne*."""
        verb = self.scan.after_clitics(index)
        opens = self.scan.kind(index - 1) in ("end", "pause", "name")
        opens = opens or self.scan.key(index - 1) in ("et", "mais", "alors", "allez", "donc", "surtout")
        return opens and (self.scan.key(verb) in _WORRY or self.scan.key(verb + 1) == "pas")

    def _elided_subject(self, mark: Mark) -> Piece:
        token = self.tokens[mark.index]
        after = self.tokens[mark.index + 1]
        if token.key in ("t'", "t") and not mark.lemma:
            return Piece(token.start, after.start, like(token.text[:1], "vous "))
        said = "vous avez" if mark.lemma == "avoir" else "vous êtes"
        return Piece(token.start, token.end, like(token.text[:1], said))

    def _command(self, mark: Mark) -> Iterator[Piece]:
        index, token = mark.index, self.tokens[mark.index]
        form = lexicon.conjugate(mark.lemma, "impe", "2pl") if mark.lemma else ""
        if not form:
            return
        base = next((i.form for i in lexicon.verbs(token.key, "2sg") if i.lemma == mark.lemma), "")
        pronoun = self.scan.before_clitics(index) + 1
        reflexive = any(self.scan.key(i) in ("t'", "te") for i in range(pronoun, index))
        denies = self.scan.key(index + 1) == "pas"
        if reflexive and token.key in _WORRY and not denies and negation(self.scan, index) is None:
            form = f"{form} pas"
        elif denies and not reflexive and negation(self.scan, index) is None:
            form = f"n'{form}" if elides(form) else f"ne {form}"
        yield self.put(index, form, base)
        yield from self.elision(index, token.key, form)
