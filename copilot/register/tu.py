"""Where a text says *tu*: pronouns with their role, elisions, possessives, verbs, slang."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.register import lexicon
from copilot.register.scan import Mark, Scan
from copilot.register.vocabulary import vocabulary

_DETERMINERS = vocabulary("tu.determiners")
_SLANG = vocabulary("tu.slang")
_BARE_T = vocabulary("tu.bare_t")
_AUXILIARY = vocabulary("tu.auxiliary")


def tu_marks(scan: Scan) -> list[Mark]:
    """Return every mark of *tu* that a pronoun, a possessive or their verbs make, in text order."""
    marks: dict[int, Mark] = {}
    for index, token in enumerate(scan.tokens):
        if token.kind != "word":
            continue
        for mark in _word(scan, index, marks):
            marks.setdefault(mark.index, mark)
    for index in range(len(scan.tokens)):
        if index not in marks and _shares_subject(scan, index, marks):
            marks[index] = _verb(scan, index)
    return [marks[index] for index in sorted(marks)]


def _shares_subject(scan: Scan, index: int, marks: dict[int, Mark]) -> bool:
    """*tu choisis et paies*: a second verb of the same subject."""
    if not scan.is_person(index, "2sg") or scan.key(scan.before_clitics(index)) not in ("et", "ou", "puis"):
        return False
    if scan.is_noun(index) and scan.kind(index + 1) == "word" and scan.is_noun(index + 1):
        return False
    for before in range(index - 1, scan.sentence_start(index) - 1, -1):
        if scan.kind(before) == "pause":
            return False
        if before in marks and marks[before].lemma:
            return marks[before].role == "verb"
    return False


def _word(scan: Scan, index: int, marks: dict[int, Mark]) -> Iterator[Mark]:
    key = scan.key(index)
    if key in ("ton", "ta", "tes"):
        yield from _possessive(scan, index)
    elif key in ("tu", "tuu"):
        yield from _tu(scan, index)
    elif key in ("te", "toi"):
        yield from _te_toi(scan, index)
    elif key == "t'" or (key == "t" and _is_bare_t(scan, index)):
        yield from _elided(scan, index, marks)
    elif key in ("tas", "tien", "tienne", "tiens", "tiennes"):
        yield from _homograph(scan, index)
    elif key in _SLANG:
        yield Mark(index, "tu", "slang" if key != "stp" else "courtesy")


def _homograph(scan: Scan, index: int) -> Iterator[Mark]:
    """*le tien*, and *tas reçu* for *t'as reçu*."""
    if scan.key(index) == "tas":
        if scan.is_participle(index + 1) and scan.kind(index - 1) in ("end", "pause"):
            yield Mark(index, "tu", "elided_subject", lemma="avoir")
    elif scan.key(index - 1) in ("le", "la", "les", "du", "des", "au", "aux", "un"):
        yield Mark(index, "tu", "owned")


def _possessive(scan: Scan, index: int) -> Iterator[Mark]:
    key, follows = scan.key(index), scan.key(index + 1)
    if follows == key or (not follows and scan.kind(index + 1) in ("end", "pause")):
        return
    if key == "ton":
        if scan.key(index - 1) in _DETERMINERS and scan.key(index - 1) not in ("sur", "de", "d'"):
            return
        if follows == "sur" and scan.key(index + 2) == "ton":
            return
        if scan.key(index - 1) == "sur" and scan.key(index - 2) == "ton":
            return
        if scan.key(index - 1) in ("de", "sur", "d'") and follows in ("sur", "et", "plus", "très", "trop"):
            return
    if key in ("ta", "tes") and _stands_for_verb(scan, index):
        yield Mark(index, "tu", "elided_subject", lemma="avoir" if key == "ta" else "être")
        return
    yield Mark(index, "tu", "possessive")


def _stands_for_verb(scan: Scan, index: int) -> bool:
    """*ta vu* for *t'as vu*, *tes sûr* for *t'es sûr*."""
    follows = scan.key(index + 1)
    if not follows:
        return False
    if scan.key(index) == "ta":
        return (scan.is_participle(index + 1) and not _is_feminine_noun(follows)) or follows in (
            "pas",
            "quoi",
            "déjà",
        )
    if follows in (
        "où",
        "ou",
        "pas",
        "trop",
        "sûr",
        "sur",
        "qui",
        "toujours",
        "déjà",
        "bien",
        "le",
        "la",
        "un",
        "une",
    ):
        return True
    singular = any("sg" in item.tags and item.tags & {"adj", "ppas"} for item in lexicon.readings(follows))
    return singular and not scan.is_noun(index + 1)


def _is_feminine_noun(form: str) -> bool:
    return any({"nom", "fem"} <= item.tags for item in lexicon.readings(form))


def _tu(scan: Scan, index: int) -> Iterator[Mark]:
    before = scan.key(index - 1)
    if scan.glued(index + 1) and not scan.key(index + 1):
        return
    participle = before in ("a", "est", "ai", "ont") and not scan.glued(index)
    if participle and not scan.is_person(scan.after_clitics(index), "2sg"):
        return
    inverted = scan.glued(index) or (
        scan.is_person(index - 1, "2sg")
        and not scan.is_noun(index - 1)
        and not scan.is_person(scan.after_clitics(index), "2sg")
    )
    if inverted:
        yield Mark(index, "tu", "inverted")
        yield _verb(scan, index - 1)
        return
    yield Mark(index, "tu", "subject")
    verb = scan.after_clitics(index)
    if scan.is_person(verb, "2sg"):
        yield _verb(scan, verb)
    elif scan.key(verb) in ("peut", "veut", "a", "est", "va", "fait", "doit", "sait", "voit") or _is_er_form(
        scan, verb
    ):
        yield Mark(verb, "tu", "verb", lemma=_first_lemma(scan.key(verb), "3sg"))


def _is_er_form(scan: Scan, index: int) -> bool:
    """*tu aime* for *tu aimes*: a common slip."""
    return scan.is_person(index, "3sg") and scan.key(index).endswith("e")


def _te_toi(scan: Scan, index: int) -> Iterator[Mark]:
    if scan.key(index) == "te":
        yield Mark(index, "tu", "object")
        if _is_forbidden(scan, index):
            yield _imperative(scan, scan.after_clitics(index))
        return
    if scan.glued(index + 1) and scan.key(index + 1) in ("même", "meme"):
        yield Mark(index, "tu", "strong")
    elif scan.glued(index) or _opens_with_imperative(scan, index - 1):
        yield Mark(index, "tu", "enclitic")
        if lexicon.has(scan.key(index - 1), "2sg", "impe"):
            yield _imperative(scan, index - 1)
    else:
        yield Mark(index, "tu", "strong")
        verb = scan.after_clitics(index + 1)
        if scan.key(index + 1) in ("qui", "seul", "seule", "aussi") and scan.is_person(verb, "2sg"):
            yield _verb(scan, verb)


def _is_forbidden(scan: Scan, index: int) -> bool:
    """*ne te prive pas*: the pronoun of a negative imperative."""
    verb = scan.after_clitics(index)
    if scan.kind(index - 1) in ("end", "pause") and scan.key(verb + 1) == "pas":
        return lexicon.has(scan.key(verb), "2sg", "impe")
    if scan.key(index - 1) not in ("ne", "n'") or scan.key(index - 2) in ("tu", "je", "qui"):
        return False
    return lexicon.has(scan.key(verb), "2sg", "impe") and not _has_subject(scan, index)


def _opens_with_imperative(scan: Scan, verb: int) -> bool:
    opens = scan.kind(verb - 1) in ("end", "pause", "name") or scan.key(verb - 1) in ("et", "puis", "alors")
    return opens and not scan.is_noun(verb) and lexicon.has(scan.key(verb), "2sg", "impe")


def _is_bare_t(scan: Scan, index: int) -> bool:
    if scan.glued(index) or scan.glued(index + 1):
        return False
    return scan.is_person(index + 1, "2sg") or scan.key(index + 1) in _BARE_T


def _elided(scan: Scan, index: int, marks: dict[int, Mark]) -> Iterator[Mark]:
    verb = scan.after_clitics(index)
    if scan.glued(index):
        yield Mark(index, "tu", "enclitic")
        if lexicon.has(scan.key(index - 1), "2sg", "impe"):
            yield _imperative(scan, index - 1)
        return
    subject = scan.key(index - 1)
    if scan.key(index) == "t" and not scan.is_person(index + 1, "2sg"):
        yield Mark(index, "tu", "elided_subject", lemma="être")
        return
    if _is_elided_subject(scan, verb, subject):
        yield Mark(index, "tu", "elided_subject")
        yield _verb(scan, verb)
        return
    yield Mark(index, "tu", "object")
    imperative = lexicon.has(scan.key(verb), "2sg", "impe")
    if imperative and index - 1 not in marks and not _has_subject(scan, index):
        yield _imperative(scan, verb)


def _is_elided_subject(scan: Scan, verb: int, subject: str) -> bool:
    if subject in ("tu", "je", "j'", "ne", "n'", "il", "elle", "on", "nous", "vous", "ils", "elles"):
        return False
    if scan.key(verb) in _AUXILIARY:
        return True
    only = {item for item in lexicon.readings(scan.key(verb)) if item.pos == "v"}
    return bool(only) and all(
        "2sg" in item.tags and "1sg" not in item.tags and "impe" not in item.tags for item in only
    )


def _has_subject(scan: Scan, index: int) -> bool:
    """Tell whether somebody else is the subject: *on t'invite*, *notre équipe t'aide*."""
    before = scan.before_clitics(index)
    if scan.key(before) in ("ne", "n'"):
        before = scan.before_clitics(before)
    if scan.kind(before) in ("end", "pause", "name", "quote"):
        return False
    return scan.key(before) not in (
        "et",
        "ou",
        "alors",
        "mais",
        "donc",
        "puis",
        "surtout",
        "allez",
        "stp",
        "bref",
    )


def _verb(scan: Scan, index: int) -> Mark:
    return Mark(index, "tu", "verb", lemma=_first_lemma(scan.key(index), "2sg"))


def _imperative(scan: Scan, index: int) -> Mark:
    found = [i for i in lexicon.verbs(scan.key(index), "2sg") if "impe" in i.tags]
    return Mark(index, "tu", "imperative", lemma=found[0].lemma if found else "")


def _first_lemma(form: str, person: str) -> str:
    found = lexicon.verbs(form, person)
    return found[0].lemma if found else ""
