"""Where a text says *vous*: pronouns with their role, possessives, verbs in -ez, courtesy formulas."""

from __future__ import annotations

from collections.abc import Iterator

from copilot.register import lexicon
from copilot.register.scan import Mark, Role, Scan
from copilot.register.vocabulary import vocabulary

_PREPOSITIONS = vocabulary("vous.prepositions")
_QUESTION_WORDS = vocabulary("vous.question_words")
_INVERTING = vocabulary("vous.inverting")
_SUBORDINATING = vocabulary("vous.subordinating")
_AMBIGUOUS_TAGS = frozenset({"nom", "adj", "adv", "prep", "ppas"})
_MOTION = vocabulary("vous.motion")
_CLITICS = frozenset({"y", "en", "le", "la", "les", "lui", "leur", "l'", "nous", "me", "m'", "n'", "ne"})
_JOINING = frozenset({"et", "ou", "puis"})
_SVP = frozenset({"svp", "s.v.p", "sivouplait", "sivouplaît", "silvouplait"})


def vous_marks(scan: Scan) -> list[Mark]:
    """Return every mark of *vous*, in text order."""
    marks: dict[int, Mark] = {}
    for index, token in enumerate(scan.tokens):
        if token.kind != "word":
            continue
        for mark in _pronoun(scan, index, marks):
            marks[mark.index] = mark
    for index in range(len(scan.tokens)):
        if index in marks or scan.kind(index) != "word":
            continue
        verb = _free_verb(scan, index, marks) if scan.is_person(index, "2pl") else _misspelt(scan, index)
        if verb:
            marks[index] = verb
    return [marks[index] for index in sorted(marks)]


def _pronoun(scan: Scan, index: int, marks: dict[int, Mark]) -> Iterator[Mark]:
    key = scan.key(index)
    owned = key in ("votre", "votres") and scan.key(index - 1) in ("le", "la", "les")
    if key in ("vôtre", "vôtres") or owned:
        yield Mark(index, "vous", "owned")
    elif key in ("votre", "vos"):
        yield Mark(index, "vous", "possessive")
    elif key in _SVP:
        yield Mark(index, "vous", "courtesy", weak=True)
    elif key == "vous" or (key == "vs" and _vs_is_vous(scan, index)):
        yield from _vous(scan, index, marks)


def _vs_is_vous(scan: Scan, index: int) -> bool:
    after = scan.after_clitics(index)
    if scan.is_person(after, "2pl") or scan.is_infinitive(after):
        return True
    return scan.key(index - 1) in (
        "je",
        "nous",
        "ns",
        "on",
        "à",
        "pour",
        "de",
        "chez",
        "avec",
        "ne",
        "rendez",
    )


def _vous(scan: Scan, index: int, marks: dict[int, Mark]) -> Iterator[Mark]:
    before, after = index - 1, scan.after_clitics(index)
    if scan.glued(index) or _bare_inversion(scan, index):
        yield from _after_verb(scan, index)
        return
    if scan.glued(index + 1) and scan.key(index + 1) in ("même", "mêmes", "meme", "memes"):
        yield Mark(index, "vous", "strong")
        return
    if _is_subject(scan, index, after, marks):
        yield Mark(index, "vous", "subject")
        yield _verb(scan, after, "verb")
        return
    if scan.key(before) in ("ne", "n'") and scan.is_person(after, "2pl"):
        yield Mark(index, "vous", "object")
        if scan.key(before - 1) not in ("vous", "vs"):
            yield _verb(scan, after, "imperative")
        return
    yield Mark(index, "vous", _object_or_strong(scan, index, after))


def _bare_inversion(scan: Scan, index: int) -> bool:
    """*pouvez vous*, *inscrivez vous*: the hyphen was forgotten."""
    before = index - 1
    if not scan.is_person(before, "2pl") or not _only_verb(scan, before):
        return False
    subject = scan.before_clitics(before)
    return scan.key(subject) not in ("vous", "qui", "vs") and not scan.is_person(index + 1, "2pl")


def _after_verb(scan: Scan, index: int) -> Iterator[Mark]:
    verb = index - 1
    while scan.glued(verb) and scan.key(verb) in ("le", "la", "les", "y", "en"):
        verb -= 1
    if not scan.is_person(verb, "2pl"):
        if scan.key(verb) not in ("rendez", "garde", "à", "chez"):
            yield Mark(index, "vous", "enclitic" if scan.glued(index) else "strong")
        return
    if scan.key(verb) == "rendez":
        yield from _rendez_vous(scan, verb, index)
        return
    inverted = _is_inversion(scan, verb)
    yield Mark(index, "vous", "inverted" if inverted else "enclitic")
    yield _verb(scan, verb, "verb" if inverted else "imperative")


def _rendez_vous(scan: Scan, verb: int, index: int) -> Iterator[Mark]:
    """*Rendez-vous* is a noun unless it opens a clause and a place to act in follows."""
    opens = scan.kind(verb - 1) in ("end", "pause", "name", "quote") or scan.key(verb - 1) in _JOINING
    if not opens:
        return
    follows = scan.key(index + 1)
    certain = (follows == "y" and scan.glued(index + 1)) or follows in (
        "dans",
        "sur",
        "directement",
        "vite",
        "compte",
        "utile",
        "service",
        "là",
    )
    place = follows in ("au", "à", "en", "chez", "ici", "aux") and scan.kind(index + 2) != "number"
    if certain or place:
        yield Mark(index, "vous", "enclitic", weak=True)
        yield Mark(verb, "vous", "imperative", weak=True, lemma="rendre")


def _is_inversion(scan: Scan, verb: int) -> bool:
    readings = lexicon.verbs(scan.key(verb), "2pl")
    if not any("impe" in item.tags for item in readings):
        return True
    before = scan.before_clitics(verb)
    if scan.key(before) in _QUESTION_WORDS | _INVERTING or scan.key(verb - 1) == "vous":
        return True
    return scan.is_question(verb)


def _is_subject(scan: Scan, index: int, after: int, marks: dict[int, Mark]) -> bool:
    if not scan.is_person(after, "2pl"):
        return False
    if scan.glued(after + 1) and scan.key(after + 1) == "vous":
        return False
    if scan.key(after) in ("faites", "dites") and scan.is_subject(index - 1):
        return False
    if scan.key(index - 1) in ("ne", "n'"):
        return False
    previous = marks.get(index - 1)
    return not (previous and previous.role == "subject" and previous.address == "vous")


def _object_or_strong(scan: Scan, index: int, after: int) -> Role:
    before = scan.key(index - 1)
    if scan.is_infinitive(after) and scan.kind(index + 1) == "word":
        return "object"
    if scan.is_gerund(after) and before == "en":
        return "object"
    if before in _PREPOSITIONS or scan.kind(index + 1) != "word":
        return "strong"
    if scan.is_person(after, "2pl"):
        return "object"
    if scan.glued(after + 1):
        return "object"
    finite = any(scan.is_person(after, person) for person in ("1sg", "3sg", "1pl", "3pl"))
    opens = scan.kind(index - 1) in ("end", "pause")
    return "object" if finite and not opens else "strong"


def _verb(scan: Scan, index: int, role: Role) -> Mark:
    readings = lexicon.verbs(scan.key(index), "2pl")
    return Mark(index, "vous", role, lemma=readings[0].lemma if readings else "")


def _only_verb(scan: Scan, index: int) -> bool:
    key = scan.key(index)
    if key == "etes":
        return True
    readings = lexicon.readings(key)
    if any(item.tags & _AMBIGUOUS_TAGS for item in readings):
        return False
    return any("2pl" in item.tags and "ipsi" not in item.tags for item in readings)


def _free_verb(scan: Scan, index: int, marks: dict[int, Mark]) -> Mark | None:
    """A verb in -ez without its subject beside it: an imperative, or a second verb of the same subject."""
    key = scan.key(index)
    if _has_double_subject(scan, index):
        return None
    if key == "rendez" and scan.glued(index + 1) and scan.key(index + 1) == "vous":
        return None
    before = scan.key(scan.before_clitics(index) if scan.key(index - 1) in _CLITICS else index - 1)
    opens = scan.kind(index - 1) in ("end", "pause") or before in _JOINING
    clitic = scan.glued(index + 1) and scan.key(index + 1) in (
        "nous", "moi", "le", "la", "les", "lui", "leur", "y", "en", "m'", "vous")  # fmt: skip
    if not _only_verb(scan, index) and not (opens or clitic):
        return None
    if key in ("allez", "tenez", "dites") and opens and not clitic and _is_interjection(scan, index):
        return None
    if not lexicon.has(key, "2pl", "impe"):
        return _verb(scan, index, "verb")
    if not clitic and (scan.key(scan.before_clitics(index)) == "qui" or _coordinated(scan, index, marks)):
        return _verb(scan, index, "verb")
    return _verb(scan, index, "imperative")


def _has_double_subject(scan: Scan, index: int) -> bool:
    """*vous et votre famille bénéficiez*, *toi et tes amis profitez*: nothing to convert."""
    start = index - 1
    while start >= 0 and scan.kind(start) == "word":
        if scan.key(start) == "et":
            pair = {"" if scan.glued(start - 1) else scan.key(start - 1), scan.key(start + 1)}
            return bool(pair & {"vous", "toi"}) and index - start < 6
        start -= 1
    return False


def _misspelt(scan: Scan, index: int) -> Mark | None:
    """*Contacter nous*, *contacté-nous*, *n'hésiter pas*: an imperative heard but spelt otherwise."""
    key = scan.key(index)
    if not key.endswith(("er", "é")):
        return None
    infinitive = [item for item in lexicon.readings(key) if item.tags & {"infi"}]
    heard = infinitive or [
        item for item in lexicon.readings(key) if "ppas" in item.tags and key.endswith("é")
    ]
    if not heard:
        return None
    opens = scan.kind(index - 1) in ("end", "pause") or scan.key(index - 1) in ("et", "alors", "donc")
    asks = opens and scan.key(index + 1) in ("nous", "moi") and not scan.is_infinitive(index + 2)
    forbids = bool(infinitive) and scan.key(index - 1) in ("ne", "n'") and scan.key(index + 1) == "pas"
    return Mark(index, "vous", "imperative", lemma=heard[0].lemma) if asks or forbids else None


def _is_interjection(scan: Scan, index: int) -> bool:
    follows = scan.key(index + 1)
    if scan.key(index) == "allez":
        return not (follows in _MOTION or follows == "y" or scan.is_infinitive(index + 1))
    return scan.kind(index + 1) != "word" or follows == "donc"


def _coordinated(scan: Scan, index: int, marks: dict[int, Mark]) -> bool:
    """*vous choisissez et payez*: the verb shares the subject of an earlier verb of its clause."""
    before = scan.before_clitics(index)
    joined = scan.key(before) in ("et", "ou", "puis", "mais", "ni")
    if not joined and (before < 0 or scan.tokens[before].text != ","):
        return False
    start = scan.sentence_start(index)
    known = [marks[i] for i in range(start, index) if i in marks]
    earlier = [mark for mark in known if mark.role in ("verb", "imperative")]
    if not earlier or earlier[-1].role != "verb":
        return False
    last = earlier[-1].index
    pauses = any(scan.kind(i) == "pause" for i in range(last, before))
    subordinate = any(scan.key(i) in _SUBORDINATING for i in range(start, last))
    if joined:
        return not pauses or not subordinate
    return not subordinate and _list_goes_on(scan, index)


def _list_goes_on(scan: Scan, index: int) -> bool:
    end = scan.sentence_end(index)
    return any(
        scan.key(i) == "et" and scan.is_person(scan.after_clitics(i), "2pl") for i in range(index, end)
    )
