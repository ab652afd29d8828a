"""From *vous* to *tu*."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.register import lexicon
from copilot.register.agreement import is_feminine, like, singular
from copilot.register.lexicon import elides
from copilot.register.plural import crowd
from copilot.register.scan import Mark
from copilot.register.vocabulary import vocabulary
from copilot.register.writer import Piece, Writer

_PLAIN = {"subject": "tu", "inverted": "tu", "enclitic": "toi", "strong": "toi", "courtesy": "stp"}
_OWNED = {"vôtre": "tien", "vôtres": "tiens", "votre": "tien", "votres": "tiens"}
_ENCLITIC = {"me": "moi", "m'": "moi", "vous": "toi"}
_CLITICS = vocabulary("conversion.clitic_order")


class ToTu(Writer):
    """*vous* → *tu*."""

    def pieces(self, mark: Mark) -> Iterator[Piece]:
        """Return the replacements that one mark asks for."""
        index, key = mark.index, self.tokens[mark.index].key
        if key == "veuillez":
            yield from self._please(index)
        elif mark.role in ("verb", "imperative"):
            yield from self.verb(mark, "2sg")
        elif mark.role == "object":
            yield self.joined(index, "t'", "te")
        elif (
            mark.role == "enclitic" and self.scan.glued(index + 1) and self.scan.key(index + 1) in ("y", "en")
        ):
            yield Piece(self.tokens[index].start, self.tokens[index + 1].start, "t'")
        elif self.scan.key(index + 1) in ("voilà", "voici", "voila", "revoilà", "revoici"):
            yield self.put(index, "te")
        elif mark.role == "possessive":
            yield self.put(index, self._possessive(index))
        elif mark.role == "owned":
            yield self.put(index, self._owned(index))
        else:
            yield from self._strong(index, mark)

    def _strong(self, index: int, mark: Mark) -> Iterator[Piece]:
        yield self.put(index, _PLAIN[mark.role])
        if self.scan.glued(index + 1) and self.scan.key(index + 1) in ("mêmes", "memes"):
            yield self.put(index + 1, self.scan.key(index + 1)[:-1])

    def _possessive(self, index: int) -> str:
        if self.tokens[index].key == "vos":
            return "tes"
        after = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        if after is not None and elides(after.key.lstrip("#@")):
            return "ton"
        return "ta" if is_feminine(self.scan, index) else "ton"

    def _owned(self, index: int) -> str:
        own = _OWNED[self.tokens[index].key]
        return {"tien": "tienne"}.get(own, own) if self.scan.key(index - 1) == "la" else own

    def predicates(self, covered: set[int]) -> Iterator[Piece]:
        """Put the adjectives that agreed with a plural *vous* into the singular."""
        marks = [Mark(i, "vous", "verb", lemma=self._lemma(i)) for i in covered]
        for index in crowd(self.scan, marks, ()).predicates:
            yield self.put(index, singular(self.tokens[index].key))

    def _lemma(self, index: int) -> str:
        found = lexicon.verbs(self.tokens[index].key, "2pl")
        return found[0].lemma if found else ""

    def _please(self, index: int) -> Iterator[Piece]:
        """*Veuillez nous écrire* → *Écris-nous*; *veuillez ne pas répondre* → *ne réponds pas*."""
        start = index + 1
        negated = self.scan.key(start) in ("ne", "n'") and self.scan.key(start + 1) in (
            "pas",
            "plus",
            "jamais",
        )
        first = start + 2 if negated else start
        verb = first
        while self.scan.key(verb) in _CLITICS | {"vous"}:
            verb += 1
        clitics = [self.scan.key(i) for i in range(first, verb)]
        form = self._imperative(verb)
        if not form or len(clitics) > 1 or "l'" in clitics:
            yield self.put(index, "veuille")
            return
        new = (
            self._negative(form, clitics, self.scan.key(start + 1))
            if negated
            else self._positive(form, clitics)
        )
        sample = self.tokens[index].text
        yield Piece(self.tokens[index].start, self.tokens[verb].end, like(sample, new))

    def _imperative(self, index: int) -> str:
        lemmas = [item.lemma for item in lexicon.readings(self.scan.key(index) or "~") if "infi" in item.tags]
        return lexicon.conjugate(lemmas[0], "impe", "2sg") if lemmas else ""

    def _positive(self, form: str, clitics: list[str]) -> str:
        if not clitics:
            return form
        if clitics[0] in ("y", "en") and not form.endswith("s"):
            form += "s"
        return f"{form}-{_ENCLITIC.get(clitics[0], clitics[0])}"

    def _negative(self, form: str, clitics: list[str], adverb: str) -> str:
        clitic = "te" if clitics == ["vous"] else "".join(clitics)
        if clitic == "te" and elides(form):
            return f"ne t'{form} {adverb}"
        if clitic:
            return f"{'n' + chr(39) if elides(clitic) else 'ne '}{clitic} {form} {adverb}"
        return f"n'{form} {adverb}" if elides(form) else f"ne {form} {adverb}"
