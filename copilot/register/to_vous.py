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
        elif key in ("t'", "t"):
            yield from self._elided(index, mark)
        else:
            yield self.put(index, "svp" if mark.role == "courtesy" else "vous")

    def _elided(self, index: int, mark: Mark) -> Iterator[Piece]:
        token, after = self.tokens[index], self.tokens[index + 1]
        sample = like(token.text[:1], "vous")
        if mark.role == "enclitic":
            yield Piece(token.start, after.start, f"{sample}-")
        elif self._worry(index):
            yield Piece(token.start, after.start, like(token.text[:1], "ne vous "))
        else:
            yield Piece(token.start, after.start, f"{sample} ")

    def _worry(self, index: int) -> bool:
        """*t'inquiète* alone says *ne t'inquiète pas*."""
        return self.scan.key(index + 1) in ("inquiète", "inquiete") and self.scan.key(index - 1) not in (
            "ne",
            "n'",
        )

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
        before = self.scan.key(index - 1)
        if before == "t'" and self._worry(index - 1):
            follows = self.scan.key(index + 1)
            yield self.put(index, form if follows == "pas" else f"{form} pas", base)
            return
        denied = negation(self.scan, index) is not None or before in ("t'", "te")
        if self.scan.key(index + 1) == "pas" and not denied:
            form = f"n'{form}" if elides(form) else f"ne {form}"
        yield self.put(index, form, base)
        yield from self.elision(index, token.key, form)
