"""The content words of a text, each with the idea it stands for and its polarity."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from copilot.facts.lexicon import Lexicon
from copilot.facts.mention import Mention

_WORD = re.compile(r"[a-z0-9\x00]+")
_NEGATIVE_PHRASE = re.compile(
    r"(?:sans|pas de|aucun|zero|ni|no|at no|not|non|n'|ne|vous ne|rien|costs?|coute\w*|don't"
    r"|won't|doesn't|without)\b"
)
_NEXT_WORD = re.compile(r"\W*(?:(?:les?|la|de|d'|any|an?|the) ?)?\w+")
_NOT_NEGATIVE = re.compile(
    r"n'oubli\w+ (?:surtout )?pas|n'hesit\w+ (?:surtout )?pas|ne tard\w+ pas|ne manqu\w+ pas"
    r"|pas seulement|pas que\b"
    r"|pas (?:de|d') ?(?:souci|probleme|inquietude|panique|stress)s?|don't (?:forget|miss"
    r"|hesitate|worry)|do not (?:forget|hesitate)"
    r"|not only|no (?:worries|problem|rush|need to worry)|pas plus (?:tard )?(?:de|que)"
    r"|no (?:more|later|less) than|not more than"
)


_OUTRIGHT = re.compile(r"(?:are|is|sont|est|mais pas|but not|do(?:es)? not|n[e'](?=.*\b(?:pas|plus)$))\b")
_SPARED = re.compile(
    r"\b(?:besoin|inutile|necessaire|obligee?s?) d(?:e |')(?:apporter|amener|emporter|prevoir|venir avec)"
    r"|\binutile d(?:e |')\w+|\bsans qu(?:e |')il soit (?:necessaire|besoin)|\bveill\w+ (?:\w+ )?a ne pas"
    r"|\b(?:careful|take care|make sure) (?:you )?(?:not|don't)"
    r"|\b(?:can't|cannot|can not)\b.{1,40}\bwithout\b|\bne p(?:eu|ou)\w+ pas\b.{1,40}\bsans\b"
    r"|\b(?:need|have) to (?:bring|pack|carry)|needn't (?:bring|pack|carry)"
)


_DUTY = frozenset({"doit", "doivent", "devez", "dois", "devons", "must"})
_RELATIVE = re.compile(
    r"\b(?:qui|that|which|who) "
    r"(?:n[e'] ?[a-z' -]{1,30}? (?:pas|plus|jamais|aucune?)|(?:\w+n't|(?:\w+ )not|never))"
    r"(?: (?:ete|encore|been|yet))* \w+(?= (?:est|sont|sera|seront|peu\w+|is|are|will|can)\b)"
)
_GOES_ON = re.compile(
    r".*\b(?:est|sont|sera|seront|peut|peuvent|doit|doivent|is|are|will|can|cannot|must|may)\b"
)


@dataclass(frozen=True, slots=True)
class Token:
    """One content word or phrase. ``sign`` is -1 under a negation or for the opposite of its idea.

    ``focus`` when the negation bears on this very word (``sans frais``, ``non remboursable``).
    """

    idea: str
    start: int
    end: int
    sign: int
    focus: bool = False


def tokenize(text: str, start: int, end: int, found: Sequence[Mention], words: Lexicon) -> Iterator[Token]:
    """Yield the content tokens of ``text[start:end]``; typed mentions are left out."""
    body = text[start:end]
    for mention in found:
        if mention.kind != "name":
            a, b = max(mention.start, start) - start, min(mention.end, end) - start
            if a < b:
                body = body[:a] + "\x00" * (b - a) + body[b:]
    signs = _signs(body, words)
    found_words = sorted(_words(body, words, [m for m in found if m.kind == "name"], start))
    # "Barbecues are forbidden" denies barbecues as "no barbecues" does.
    denied = any(sign < 0 and idea in words.negating for _, _, idea, sign, _ in found_words)
    for a, b, idea, sign, phrase in found_words:
        # A phrase such as "sans frais" holds its own negation.
        own = phrase and _NEGATIVE_PHRASE.match(body[a:b])
        under = 1 if own else signs[a][0]
        if idea == "free" and sign < 0 and any(m.kind == "price" and start <= m.start < end for m in found):
            # "Charged 49 €" gives a price; only without one does it deny "free".
            under = 0
        if denied and not (sign < 0 and idea in words.negating):
            under = -under
        if under < 0 and body[a:b] in _DUTY:
            # "Must not be linked" denies the link, not the duty.
            under = 0
        yield Token(idea, start + a, start + b, sign * under, signs[a][1] and not own)


def _words(
    body: str, words: Lexicon, proper: Sequence[Mention], offset: int
) -> Iterator[tuple[int, int, str, int, bool]]:
    taken = [False] * len(body)
    for start, end, idea, sign in _phrases(body, words):
        if not taken[start]:
            taken[start:end] = [True] * (end - start)
            yield start, end, idea, sign, True
    for word in _WORD.finditer(body):
        if taken[word.start()] or "\x00" in word[0] or word[0].isdigit():
            continue
        known = words.idea(word[0])
        if known and any(m.start <= offset + word.start() < m.end for m in proper):
            # Names are not inflected: the same in every language, unless the lexicon knows better.
            known = words.words.get(word[0], (word[0], 1))
        if known is not None:
            yield word.start(), word.end(), *known, False


def _phrases(body: str, words: Lexicon) -> Iterator[tuple[int, int, str, int]]:
    for pattern, idea, sign in words.patterns:
        for match in pattern.finditer(body):
            yield match.start(), match.end(), idea, sign
    for match in words.phrase.finditer(body):
        yield match.start(), match.end(), *words.phrases[match[0]]


def _signs(body: str, words: Lexicon) -> list[tuple[int, bool]]:
    """For each character, the sign that negations give it and whether one bears on that very word."""
    masked = body
    for pattern in (*(p for p, _, _ in words.patterns), words.phrase):
        masked = pattern.sub(lambda m: "\x01" * len(m[0]), masked)
    masked = _NOT_NEGATIVE.sub(lambda m: "\x01" * len(m[0]), masked)
    # "Those that were not collected are destroyed": the relative clause denies on its own.
    masked = _RELATIVE.sub(lambda m: "\x01" * len(m[0]), masked)
    if _SPARED.search(masked):
        # "No need to bring nappies" denies the errand, not the nappies.
        return [(0, False)] * len(body)
    exception = words.restrict.search(masked)
    if exception and _OUTRIGHT.match(exception[0]):
        exception = None
    # "As long as no seat is booked" denies nothing of what it limits.
    main = masked[: exception.start()] if exception else masked
    whole = -1 if words.negation.search(main) else 1
    signs = [(whole, False)] * len(body)
    for found in words.negate_next.finditer(masked):
        after = _NEXT_WORD.match(body, found.end())
        if after:
            # "Unused credit is lost" denies nothing: the adjective only tells which credit.
            told = (0, False) if _tells_which(body, found, after.end()) else (-whole, True)
            signs[found.end() : after.end()] = [told] * (after.end() - found.end())
    # Inside an exception polarity is reversed or not, as the writer pleases: it is not compared.
    if exception:
        signs[exception.start() :] = [(0, False)] * (len(body) - exception.start())
    return signs


def _tells_which(body: str, found: re.Match[str], end: int) -> bool:
    return found[0].startswith("non") and _GOES_ON.match(body, end) is not None
