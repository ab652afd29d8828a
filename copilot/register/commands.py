"""Bare imperatives of *tu*: « Contacte-nous », « Profite de… », « n'hésite pas »."""

from __future__ import annotations

from copilot.register import lexicon
from copilot.register.scan import Mark, Scan
from copilot.register.vocabulary import vocabulary

_CLITICS = vocabulary("commands.clitics")
_OPENERS = vocabulary("commands.openers")
_GREETINGS = vocabulary("commands.greetings")
_DETERMINERS = vocabulary("commands.determiners")
_ADVERBS = vocabulary("commands.adverbs")
_REVIEWS = vocabulary("commands.reviews")
_VERB_FIRST = vocabulary("commands.verb_first")
_PARTICULAR = frozenset({"suis", "viens", "va", "tiens", "dis", "voyons", "allez"})
_GOVERNING_DE = vocabulary("commands.governing_de")
_ADVERTS = vocabulary("commands.adverts")
_INNER = frozenset({"se", "s'", "l'", "y", "en", "lui", "leur", "nous"})
_FORBIDDEN = vocabulary("commands.forbidden")
_EATEN = vocabulary("commands.eaten")
_TIMES = vocabulary("commands.times")
_SUBJECT_OPENERS = vocabulary("commands.subject_openers")


def tu_commands(scan: Scan, marked: dict[int, Mark]) -> list[Mark]:
    """Return the imperatives of *tu* that no pronoun has revealed.

    Args:
        scan: the tokens.
        marked: the marks already found, by index.
    """
    known = dict(marked)
    found: list[Mark] = []
    for index in range(len(scan.tokens)):
        if index in marked or scan.glued(index):
            continue
        strength = _strength(scan, index, known)
        if strength:
            lemma = _lemma(scan.key(index))
            known[index] = Mark(index, "tu", "imperative", weak=strength == "weak", lemma=lemma)
            found.append(known[index])
    return found


def _lemma(form: str) -> str:
    readings = [item for item in lexicon.verbs(form, "2sg") if "impe" in item.tags]
    if not readings and form.endswith("s"):
        readings = [item for item in lexicon.verbs(form, "2sg") if "ipre" in item.tags]
    return readings[0].lemma if readings else ""


def _strength(scan: Scan, index: int, marked: dict[int, Mark]) -> str:
    """Return ``strong``, ``weak``, or an empty string when the word is no imperative."""
    key = scan.key(index)
    if not key:
        return ""
    follows = scan.key(index + 1)
    if scan.glued(index + 1):
        return _with_clitic(scan, index)
    lemma = _lemma(key) if lexicon.has(key, "2sg", "impe") else ""
    if key in ("vas", "penses") and follows == "y" and _opens(scan, index, marked):
        return "strong"
    if not lemma or key == "vas" or _is_preposition(scan, index):
        return ""
    denial = negation(scan, index)
    if denial is not None:
        return "strong" if lemma != "importer" and _opens(scan, denial, marked, verb=index) else ""
    if follows == "pas":
        return "strong" if lemma in _FORBIDDEN else ""
    if not _opens(scan, index, marked):
        return ""
    strength = _bare(scan, index, lemma, marked)
    return "weak" if strength and _is_confession(scan, index) else strength


def negation(scan: Scan, index: int) -> int | None:
    """Return the index of the *ne* before the verb and its pronouns, None without one."""
    before = index - 1
    while scan.key(before) in (
        "nous",
        "le",
        "la",
        "les",
        "l'",
        "lui",
        "leur",
        "y",
        "en",
        "me",
        "m'",
        "te",
        "t'",
    ):
        before -= 1
    return before if scan.key(before) in ("ne", "n'") else None


def _is_confession(scan: Scan, index: int) -> bool:
    """*Attends toujours mon colis*: somebody speaks of themselves without *je*."""
    if scan.key(index + 1) == "toujours":
        return True
    words = {scan.key(i) for i in range(scan.sentence_start(index), scan.sentence_end(index))}
    return bool(words & {"mon", "ma", "mes", "je", "j'", "m'"})


def _with_clitic(scan: Scan, index: int) -> str:
    key, clitic = scan.key(index), scan.key(index + 1)
    last = index + 1
    while scan.glued(last + 1) and scan.key(last + 1) in _CLITICS:
        last += 1
    if clitic not in _CLITICS or scan.glued(last + 1):
        return ""
    if clitic in ("y", "en") and key.endswith("s") and lexicon.has(key, "2sg", "ipre"):
        return "strong"
    return "strong" if lexicon.has(key, "2sg", "impe") else ""


def _bare(scan: Scan, index: int, lemma: str, marked: dict[int, Mark]) -> str:
    key, follows = scan.key(index), scan.key(index + 1)
    if key in _PARTICULAR:
        return _particular(scan, index)
    listed = scan.kind(index + 1) == "pause" and scan.tokens[index + 1].text == ","
    if listed and _lemma(scan.key(index + 2) or "~"):
        return "strong"
    if lemma in _REVIEWS:
        return "weak" if follows in _DETERMINERS else ""
    noun = lexicon.is_class(key, "nom", "adj", "adv", "interj", "ppas")
    if (noun or key in _ADVERTS) and _is_headline(scan, index) and not _follows_command(scan, index, marked):
        certain = "strong" if scan.kind(index - 1) == "pause" else "weak"
        return certain if key in _GOVERNING_DE else ""
    if follows in _DETERMINERS or follows in _ADVERBS:
        return "strong"
    return "weak" if noun and (listed or key not in _VERB_FIRST) else "strong"


def _particular(scan: Scan, index: int) -> str:
    """The imperatives that are more often something else: *suis*, *viens de*, *va falloir*, *dis donc*."""
    key, follows = scan.key(index), scan.key(index + 1)
    if key == "suis":
        certain = follows in ("nous", "notre", "nos", "les", "toutes", "ces", "la")
        return "strong" if certain else ("weak" if follows in _DETERMINERS else "")
    if key == "viens":
        return "" if follows in ("de", "d'") else "strong"
    if key == "va":
        goal = scan.after_clitics(index)
        certain = scan.is_infinitive(goal) and scan.key(goal) not in ("falloir", "savoir", "y")
        return "strong" if certain or follows == "sur" else ""
    if key == "dis":
        return "strong" if follows and follows != "donc" else "weak"
    return "strong" if follows in ("bon", "moi", "nous", "le", "la", "m'") else "weak"


def _is_preposition(scan: Scan, index: int) -> bool:
    """*entre le 3 et le 10* is no imperative, *entre ton code* is."""
    key = scan.key(index)
    if key != "entre":
        return lexicon.is_class(key, "prep", "detpos")
    stop = index + 1
    while scan.kind(stop) == "word" and scan.key(stop) not in ("puis", "et", "à"):
        stop += 1
    return scan.key(index + 1) not in _DETERMINERS or scan.key(stop) in ("et", "à")


def _follows_command(scan: Scan, index: int, marked: dict[int, Mark]) -> bool:
    joined = scan.key(index - 1) in ("et", "ou", "puis") or scan.tokens[index - 1].text == ","
    return index > 0 and joined and _after_command(scan, index - 1, marked)


def _is_headline(scan: Scan, index: int) -> bool:
    """*Cours de yoga*, *Passe Navigo*, *Cuisine ouverte*: what follows belongs to a noun."""
    key, follows = scan.key(index), scan.key(index + 1)
    if follows in ("de", "d'", "du"):
        return not (key in _EATEN and scan.key(index + 2) in ("l'", "la"))
    if lexicon.has(key, "ppas") and key not in _VERB_FIRST and follows in ("que", "qu'", "si"):
        return True
    if key == scan.key(index + 2) or (key in _ADVERTS and _is_bare_noun(scan, index + 1)):
        return True
    token = scan.tokens[index + 1] if index + 1 < len(scan.tokens) else None
    if token is None or token.kind != "word":
        return False
    if token.text[:1].isupper() and not token.text.isupper():
        return scan.kind(index - 1) == "end"
    if lexicon.is_class(follows, "adv", "mg") or not lexicon.is_class(follows, "adj", "ppas"):
        return False
    return not lexicon.is_class(follows, "nom") or bool(_genders(key, "nom") & _genders(follows, "adj"))


def _genders(form: str, of: str) -> set[str]:
    return {tag for item in lexicon.readings(form) if of in item.tags for tag in item.tags & {"mas", "fem"}}


def _is_bare_noun(scan: Scan, index: int) -> bool:
    return scan.is_noun(index) and not lexicon.is_class(scan.key(index), "adv", "adj", "mg")


def _opens(scan: Scan, index: int, marked: dict[int, Mark], verb: int = -1) -> bool:
    """Tell whether a clause begins at ``index`` and nobody else is waiting for a verb."""
    before = index - 1
    kind = scan.kind(before)
    if kind == "end" or kind == "name" or (kind == "number" and scan.kind(before - 1) == "end"):
        return True
    if kind == "pause":
        verb = verb if verb >= 0 else index
        after_speech = scan.kind(before - 1) == "quote" and scan.is_person(verb, "3sg")
        return not (after_speech or _pending_subject(scan, index, verb) or _enumerates(scan, index, marked))
    key = scan.key(before)
    if key in ("alors", "donc"):
        return True
    if not key:
        return False
    if key in ("et", "ou", "puis", "mais") and _after_command(scan, before, marked):
        return True
    if key in _OPENERS:
        return _opens(scan, before, marked)
    if scan.tokens[before].text[:1].isupper() and scan.key(before - 1) in _GREETINGS:
        return True
    return key == "plaît" or key == "plait"


def _after_command(scan: Scan, index: int, marked: dict[int, Mark]) -> bool:
    start = scan.sentence_start(index)
    verbs = [i for i in range(start, index) if i in marked and marked[i].lemma]
    if not verbs or marked[verbs[-1]].role != "imperative":
        return False
    # "une batterie qui chauffe, gonfle ou fume": the list belongs to the batterie, not to the reader.
    listed = scan.tokens[index - 2].text == "," and scan.is_person(index - 1, "3sg")
    return not (listed and _third_person(scan, verbs[-1] + 1, index))


def _pending_subject(scan: Scan, index: int, verb: int) -> bool:
    """*Notre équipe, à l'écoute, prépare…*: a subject stands before the comma and still has no verb."""
    if not scan.is_person(verb, "3sg") or scan.tokens[index - 1].text not in (",", "–", "—", "("):
        return False
    start = scan.sentence_start(index)
    while start < index and (scan.kind(start) == "pause" or scan.key(start) in _OPENERS):
        start += 1
    if scan.key(start) not in _SUBJECT_OPENERS:
        return False
    before = [scan.key(i) for i in range(start, index)]
    if _TIMES & set(before):
        return False
    if before[0] in ("il", "elle", "ils", "elles", "qui"):
        return before[1:2] not in (["fait"], ["reste"], ["y"], ["faut"])
    return not any(_is_finite(key) for key in before)


def _enumerates(scan: Scan, index: int, marked: dict[int, Mark]) -> bool:
    """*Le robot aspire, lave et sèche*: a list of verbs of the third person."""
    if scan.tokens[index - 1].text != "," or not scan.is_person(index, "3sg"):
        return False
    start, end = scan.sentence_start(index), scan.sentence_end(index)
    said = (marked[i] for i in range(start, end) if i in marked)
    if any(mark.address == "tu" and not mark.weak for mark in said):
        return False
    closes = any(
        scan.key(i) in ("et", "ou") and scan.is_person(i + (2 if scan.key(i + 1) in _INNER else 1), "3sg")
        for i in range(index, end)
    )
    return closes and _third_person(scan, start, index)


def _third_person(scan: Scan, start: int, end: int) -> bool:
    """Tell whether a clause between the two indices has a subject and what can be its verb."""
    subject = False
    for i in range(start, end):
        opens = i == start or scan.kind(i - 1) == "pause"
        if opens:
            subject = scan.key(i) in _SUBJECT_OPENERS or scan.tokens[i].text[:1].isupper()
        elif scan.key(i) in ("il", "elle", "qui", "on"):
            subject = True
        elif subject and scan.is_person(i, "3sg") and scan.key(i - 1) not in _DETERMINERS:
            return True
    return False


def _is_finite(key: str) -> bool:
    if key in ("est", "a", "sont", "ont", "sera", "arrive", "approche", "c'"):
        return True
    return any(lexicon.has(key, person) for person in ("3sg", "3pl", "1pl")) and not lexicon.is_class(
        key, "nom", "adj", "prep", "mg"
    )
