"""How much a stretch of text says that the knowledge does not: nouns weigh, everyday words do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from copilot import yamlfile
from copilot.facts.lexicon import folded, lexicon
from copilot.facts.pool import Pool
from copilot.facts.tokens import Token

_ADVERB = {"fr": re.compile(r"\w{3}ment$"), "en": re.compile(r"\w{3}ly$")}
_VERB = {
    "fr": re.compile(
        r"\w{2}(?:er|ez|ir|oir|rons|rez|ront|era|erai|ait|aient|ant|issent|issons|dre|tre|ons)$"
    ),
    "en": re.compile(r"\w{3}(?:ing|ed)$"),
}
_BEFORE_VERB = {
    "fr": re.compile(
        r"(?:\b(?:je|tu|il|elle|on|nous|vous|ils|elles|ne|se|qui|te|me|y|en|lui|leur|est|sont|ete|etre"
        r"|a|ont|avez|avons|sera|seront|bien|pas|plus|jamais|a|de|pour)|\b[njstmd]'|l')\W*$"
    ),
    "en": re.compile(
        r"(?:\b(?:to|i|you|we|they|it|he|she|will|can|could|may|might|must|should|would|do|does|did|not|who"
        r"|cannot|please|be|is|are|been|get|gets|just|also|never|always|and)|'ll|n't|'d|'re)\W*$"
    ),
}
_BEFORE_NOUN = {
    "fr": re.compile(
        r"(?:\b(?:le|la|les|un|une|des|du|au|aux|ce|cette|cet|ces|notre|nos|votre|vos|ton|ta|tes|leurs?|son|sa"
        r"|ses|chaque|plusieurs|par|sans|avec)|\bl')\W*$"
    ),
    "en": re.compile(
        r"\b(?:the|a|an|our|your|their|its|this|these|those|each|every|some|any|with|without|by|of|from|for"
        r"|in|on|at)\W*$"
    ),
}
_COMMON, _SHADE, _ACTION, THING = 0.15, 0.3, 0.5, 1.0


def novelty(tokens: Sequence[Token], text: str, language: str, pool: Pool) -> float:
    """Weigh what the tokens of ``text`` (folded) speak of and no passage does: about 1 a thing.

    Everyday words weigh nothing, adverbs and verbs less than nouns: rewording a fact takes other verbs,
    inventing one takes other things.
    """
    known = everyday(language)
    modal = lexicon(language).modal
    seen: set[str] = set()
    total = 0.0
    for token in tokens:
        if token.idea in modal or token.idea in seen or pool.knows(token.idea):
            continue
        seen.add(token.idea)
        total += _COMMON if token.idea in known else weight(text, token.start, token.end, language)
    return total


def weight(text: str, start: int, end: int, language: str) -> float:
    """How much a word no passage holds says: ``THING`` for a noun, less for a verb or an adverb."""
    word, before = text[start:end], text[max(0, start - 14) : start]
    if _ADVERB[language].search(word):
        return _SHADE
    if _BEFORE_NOUN[language].search(before):
        return THING
    if _VERB[language].search(word) or _BEFORE_VERB[language].search(before):
        return _ACTION
    return THING


@cache
def everyday(language: str) -> frozenset[str]:
    """The ideas of the words in ``everyday.yml``."""
    data = yamlfile.shipped("copilot.facts", "everyday.yml")
    words = lexicon(language)
    found = set(data["ideas"])
    for row in data[language].values():
        for word in row:
            idea = words.idea(folded(str(word)))
            if idea is not None and idea[0] not in words.families:
                found.add(idea[0])
    return frozenset(found)
