"""A *vous* that speaks to several people: « vous êtes 10 000 à nous suivre », « bonjour à tous »."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.register import lexicon
from copilot.register.scan import Mark, Scan
from copilot.register.vocabulary import pattern, vocabulary

_CROWD = pattern("plural.crowd")
_COPULAS = vocabulary("plural.copulas")
_AUXILIARIES = frozenset({"avoir", "pouvoir", "devoir", "aller", "vouloir"})
_CALLS = frozenset(
    {"alors", "salut", "hello", "coucou", "bonjour", "bonsoir", "hey", "bon", "et", "allez", "merci"}
)
_ADVERBS = vocabulary("plural.adverbs")
_PREDICATES = vocabulary("plural.predicates")
_COMPANY = pattern("plural.company")
_SINGLE = pattern("plural.single")


@dataclass(frozen=True, slots=True)
class Crowd:
    """Which *vous* marks (by index) speak to several people, and the words that agree in the plural.

    ``agreed`` is True when nothing but such agreements (*vous êtes prêts*) says so.
    """

    indices: frozenset[int]
    predicates: tuple[int, ...]
    agreed: bool


def crowd(scan: Scan, vous: Sequence[Mark], tu: Sequence[Mark]) -> Crowd:
    """Tell the plural *vous* from the polite one."""
    sentences = _sentences(scan)
    said = [_keys(scan, start, end) for start, end in sentences]
    predicates = tuple(_predicates(scan, vous))
    hard = [
        bool(_CROWD.search(text)) or _vocative(scan, *bounds)
        for text, bounds in zip(said, sentences, strict=True)
    ]
    soft = [any(start <= i < end for i in predicates) for start, end in sentences]
    plain_tu = [mark.index for mark in tu if not mark.weak]
    if plain_tu:
        chosen = _beside_tu(sentences, said, hard, soft, plain_tu)
    else:
        single = any(_SINGLE.search(text) for text in said)
        some = any(hard) or any(soft)
        chosen = [some and (not single or h or s) for h, s in zip(hard, soft, strict=True)]
    kept = [bounds for bounds, yes in zip(sentences, chosen, strict=True) if yes]
    indices = frozenset(m.index for m in vous if any(start <= m.index < end for start, end in kept))
    return Crowd(indices, predicates, not any(hard))


def _beside_tu(
    sentences: list[tuple[int, int]], said: list[str], hard: list[bool], soft: list[bool], tu: list[int]
) -> list[bool]:
    """In a text that says *tu*, a plural lasts until the next sentence that says *tu*."""
    chosen, lasting = [], False
    for (start, end), text, is_hard, is_soft in zip(sentences, said, hard, soft, strict=True):
        says_tu = any(start <= i < end for i in tu)
        here = is_hard or is_soft or bool(_COMPANY.search(text))
        lasting = here or (lasting and not says_tu)
        chosen.append(lasting)
    return chosen


def _sentences(scan: Scan) -> list[tuple[int, int]]:
    bounds, start = [], 0
    while start < len(scan.tokens):
        end = min(scan.sentence_end(start) + 1, len(scan.tokens))
        bounds.append((start, end))
        start = end
    return bounds


def _keys(scan: Scan, start: int, end: int) -> str:
    words = (
        token.key if token.kind in ("word", "number", "pause") else "~" for token in scan.tokens[start:end]
    )
    return " ".join(words)


def _vocative(scan: Scan, start: int, end: int) -> bool:
    """*Étudiants, vous…*, *Les pros, dites-nous…*: people are called at the head of the sentence."""
    while start < end and (scan.kind(start) == "pause" or scan.key(start) in _CALLS):
        start += 1
    noun = start + 1 if scan.key(start) in ("les", "amis", "amies", "futurs", "futures", "jeunes") else start
    readings = lexicon.readings(scan.key(noun)) if scan.key(noun) else ()
    people = any(
        "nom" in item.tags and item.tags & {"pl", "inv"} and item.tags & {"human", "epi"} for item in readings
    )
    people = people or scan.key(noun) in ("parents", "clients", "voisins", "papas", "mamans", "membres")
    stop = noun + 1
    while stop < end and scan.kind(stop) == "word" and stop - noun < 4:
        stop += 1
    return people and scan.kind(stop) == "pause" and scan.tokens[stop].text in (",", ":", "!")


def _predicates(scan: Scan, vous: Sequence[Mark]) -> list[int]:
    """Return the words that agree in the plural with a *vous*: *vous êtes prêts*, *restez connectés*."""
    found: list[int] = []
    for mark in vous:
        index = mark.index + 1
        while scan.key(index) in _ADVERBS or scan.key(index) in ("y", "en", "vous") or scan.glued(index):
            index += 1
        if mark.lemma in _COPULAS:
            found += _agreeing(scan, index)
        elif mark.lemma in _AUXILIARIES and scan.key(index) in ("être", "etre", "rester", "été", "ete"):
            found += _agreeing(scan, index + 1)
    if vous:
        found += [
            i for i in range(len(scan.tokens)) if scan.key(i) in _PREDICATES and scan.kind(i - 1) == "end"
        ]
    return sorted(set(found))


def _agreeing(scan: Scan, index: int) -> list[int]:
    while scan.key(index) in _ADVERBS:
        index += 1
    if not is_plural(scan.key(index)):
        return []
    found = [index]
    if scan.key(index + 1) in ("et", "ou") and is_plural(scan.key(index + 2)):
        found.append(index + 2)
    return found


def is_plural(form: str) -> bool:
    """Tell whether the word is an adjective, participle or noun in the plural and nothing else."""
    readings = [
        item
        for item in lexicon.readings(form)
        if item.tags & {"sg", "pl", "inv", "infi", "prep", "adv", "mg"}
    ]
    named = [item for item in readings if item.tags & {"adj", "ppas", "nom"}]
    return bool(named) and all("pl" in item.tags for item in named) and len(named) == len(readings)
