"""What conversion must agree: the gender of what is possessed, the mood of a verb, number and case."""

from __future__ import annotations

import re

from copilot.register import lexicon
from copilot.register.lexicon import Inflection, fold
from copilot.register.scan import Scan
from copilot.register.vocabulary import pattern, vocabulary

_BEFORE_NOUN = vocabulary("agreement.before_noun")
_PREFIXES = vocabulary("agreement.prefixes")
_FEMININE = vocabulary("agreement.feminine")
_MASCULINE = vocabulary("agreement.masculine")
_FEMININE_ENDING = re.compile(
    r"(?:[tsx]ion|té|ée|ie|ette|elle|enne|esse|ance|ence|ure|ade|tude|ise|aison|euse|trice|ille|ine|ose|ose|otte|"
    r"onne|ue|ière|ère|tte|che|ace|agne|ogue|line|liste|box|story)\Z"
)
_SUBJUNCTIVE = pattern("agreement.subjunctive", r"{}(?: \w+)? (?:que|qu') *\Z")
_DIRECT = pattern("agreement.subjunctive_direct", r"{} (?:que|qu') *\Z")
_CONTINUED = re.compile(r"\b(?:et|ou) (?:que|qu') *\Z")
_QUEL = re.compile(r"\bquel(?:le)?s? que *\Z|(?:\A|~ )que *\Z")


def is_feminine(scan: Scan, index: int) -> bool:
    """Tell the gender of the noun that the possessive at ``index`` determines."""
    position = index + 1
    while _stands_before_noun(scan, position):
        gender = _gender(scan.key(position), ("adj",)) if scan.key(position) else None
        if gender:
            return gender == "fem"
        position += 1
    noun = scan.tokens[position].key.lstrip("#@") if position < len(scan.tokens) else ""
    if noun in _FEMININE | _MASCULINE:
        return noun in _FEMININE
    gender = _gender(noun, ("nom",))
    if gender is None and noun:
        gender = _gender(scan.key(position + 1), ("adj", "ppas")) if scan.key(position + 1) else None
        if gender is None and not lexicon.readings(noun):
            gender = "fem" if _FEMININE_ENDING.search(noun) else "mas"
    return gender == "fem"


def _stands_before_noun(scan: Scan, position: int) -> bool:
    """*votre 1re visite*, *votre plus belle photo*, *votre mi-saison*: the noun comes later."""
    if scan.kind(position) == "number":
        return scan.kind(position + 1) == "word"
    key = scan.key(position)
    listed = (key in _BEFORE_NOUN or key.endswith("ième")) and scan.kind(position + 1) == "word"
    return listed or (key in _PREFIXES and scan.glued(position + 1))


def _gender(form: str, classes: tuple[str, ...]) -> str | None:
    """Return ``mas`` or ``fem`` when the readings in the singular agree on it."""
    if not form:
        return None
    bare = re.split(r"[(·•.]", form)[0]
    readings = [item for item in lexicon.readings(bare) if item.tags & set(classes) and "pl" not in item.tags]
    genders = {tag for item in readings for tag in item.tags & {"mas", "fem", "epi"}}
    return genders.pop() if len(genders) == 1 and not genders & {"epi"} else None


def is_subjunctive(scan: Scan, subject: int) -> bool:
    """Tell whether the clause whose subject stands at ``subject`` wants the subjunctive."""
    start = scan.sentence_start(subject)
    words = "~ " + " ".join(scan.key(i) or "~" for i in range(start, subject))
    if _CONTINUED.search(words) and any(_calls(words[:end]) for end in _conjunctions(words)[-4:]):
        return True
    return _calls(words)


def _conjunctions(words: str) -> list[int]:
    return [found.end() for found in re.finditer(r"\b(?:que|qu') ?", words)]


def _calls(words: str) -> bool:
    words = words[-70:]
    return any(wanted.search(words) for wanted in (_SUBJUNCTIVE, _DIRECT, _QUEL))


def other_person(reading: Inflection, person: str, *, subjunctive: bool, imperative: bool) -> str:
    """Return the form of the same verb and tense in ``person`` (``2sg`` or ``2pl``)."""
    order = ["ipre", "iimp", "ifut", "cond", "spre", "ipsi", "impe"]
    if imperative:
        order.insert(0, "impe")
    elif subjunctive:
        order.insert(0, "spre")
    tense = next((tag for tag in order if tag in reading.tags), "")
    return lexicon.conjugate(reading.lemma, tense, person, reading.paradigm) if tense else ""


def singular(form: str) -> str:
    """Return the singular of an adjective or participle in the plural, the form itself if unknown."""
    for item in lexicon.readings(form):
        if "pl" not in item.tags:
            continue
        candidates = [form[:-1], form[:-3] + "al" if form.endswith("aux") else form]
        for candidate in candidates:
            if any(
                other.lemma == item.lemma and other.tags & {"sg", "inv"}
                for other in lexicon.readings(candidate)
            ):
                return candidate
    return form[:-1] if form.endswith("s") else form


def like(sample: str, text: str, expected: str = "") -> str:
    """Write ``text`` in the case of ``sample``, without accents if ``sample`` lacks those of ``expected``."""
    if expected and sample.lower() != expected and fold(expected) == fold(sample.lower()):
        text = fold(text)
    if len(sample) > 1 and sample.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if sample[:1].isupper() else text
