"""Does a source sentence carry this statement, with the same polarity and no wider scope?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from copilot.facts.asides import SCENE
from copilot.facts.lexicon import common_ideas, lexicon
from copilot.facts.novelty import everyday
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, Reading, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.tokens import Token

_ELSEWHERE, _ALIKE, _PREFIX = 0.5, 0.6, 5
_WE_WILL = {
    "fr": re.compile(
        r"\b(?:nous|je|on)(?: (?:vous|te|le|la|les|l'|y|en|lui|leur))* "
        r"(?P<verb>(?!(?:de|re)?(?:liv|couv|ouv|off|souff|mont|ent|rent|rencont|prepa|assu|mesu|ti|consid|esp|recupe"
        r"|demeu|gene|ope)rons)[a-z]{3,}(?:rons|rai|era|ira))\b"
    ),
    "en": re.compile(
        r"\b(?:we|i)(?:'ll| will)(?: (?:also|even|gladly|happily|then|personally|of course))* "
        r"(?P<verb>[a-z]+)\b"
    ),
}
_OURSELVES = re.compile(r"\b(?:nous|on|je|we|i|we'll|i'll)\b")

_TO_YOU = re.compile(
    r"\b(?:vous|te) (?:est|sont|sera|seront)\b|\bt'(?:est|sera|seront)\b|\bvous (?:serez|etes)\b|\btu seras\b"
    r"|\bvotre prochaine?\b|\bta prochaine\b|\bton prochain\b|\byou(?:'ll| will) (?:be|get|receive|have)\b"
    r"|\byour next\b"
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """A source sentence for a stretch of text: the weight of what they share, and its share of the whole."""

    source: Source | None
    score: float
    cover: float


def align(tokens: tuple[Token, ...], sentence: ReadSentence, pool: Pool) -> list[Alignment]:
    """Rank source sentences by what they share with the tokens and the sentence's values, best first."""
    ideas = frozenset(t.idea for t in tokens)
    total = pool.weigh(ideas) or 1.0
    ranked = []
    for source in pool.sources:
        there = source.sentence
        shared = pool.weigh(ideas & there.ideas)
        lead = pool.weigh((ideas - there.ideas) & (there.lead | there.previous))
        values = sum(1.5 for m in sentence.mentions if any(same(m, n) for n in there.mentions))
        before = pool.weigh((sentence.previous - ideas) & there.ideas)
        score = shared + 0.4 * lead + values + 0.15 * before
        if shared + lead + values > 0:
            ranked.append(Alignment(source, score, (shared + 0.7 * lead) / total))
    return sorted(ranked, key=lambda a: -a.score)


def coverage(
    tokens: tuple[Token, ...], best: list[Alignment], pool: Pool, proved: int = 0
) -> tuple[float, int]:
    """How much of a statement the sources hold.

    What the passages of the two best sources hold counts whole, what stands only elsewhere half; each of
    the ``proved`` values of the statement weighs as much as a word and a half.

    Returns:
        The share, 0..1, and the number of tokens and values held near.
    """
    near: set[str] = set()
    for alignment in best[:2]:
        if alignment.source is not None:
            near |= alignment.source.whole
    begun = {idea[:_PREFIX] for idea in near}
    close = sum(t.idea in near or t.idea[:_PREFIX] in begun for t in tokens)
    far = sum(t.idea not in near and t.idea[:_PREFIX] not in begun and t.idea in pool.ideas for t in tokens)
    total = len(tokens) + 1.5 * proved
    return ((close + _ELSEWHERE * far + 1.5 * proved) / total if total else 1.0), close + proved


def text_of(sentence: ReadSentence, clause: Clause) -> str:
    """The folded text of a clause."""
    return sentence.text[clause.start - sentence.start : clause.end - sentence.start]


def stretches(sentence: ReadSentence) -> list[tuple[int, int, tuple[Token, ...]]]:
    """Cut a sentence into statements worth judging alone: clauses of two tokens or more, others joined on."""
    parts: list[tuple[int, int, tuple[Token, ...]]] = []
    for clause in sentence.clauses:
        told = text_of(sentence, clause)
        if (SCENE.match(told) or _TOPIC.match(told)) and clause is not sentence.clauses[-1]:
            # "If we have to call it off, …" sets the scene; what follows is the statement.
            continue
        if parts and (len(clause.tokens) < 2 or len(parts[-1][2]) < 2):
            start, _, tokens = parts.pop()
            parts.append((start, clause.end, tokens + clause.tokens))
        else:
            parts.append((clause.start, clause.end, clause.tokens))
    return parts


_TOPIC = re.compile(
    r"\W*(?:concernant|quant a(?:ux?)?|en ce qui concerne|s'agissant|cote|as for|regarding"
    r"|when it comes to)\b"
)
_LINK = re.compile(r"with|of|from|by|near|behind|avec|de|d|en|au|aux|du")
_DETERMINER = re.compile(
    r"le|la|les|l|un|une|des|nos|notre|vos|votre|ce|cette|ces|the|a|an|our|your|these|all"
)


def swapped(
    sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool
) -> Iterator[tuple[Token, Token, Source]]:
    """Yield nouns that took the place of another in an otherwise equal source sentence.

    Both must follow the same small word: a rewording rarely leaves everything around one noun as it was.
    """
    source = best[0].source if best else None
    if source is None or source.reading.language != reading.language:
        return
    yield from _in_place(sentence, reading, source, pool)
    mine, theirs = sentence.tokens, source.sentence.tokens
    told = sentence.ideas | source.sentence.lead
    matcher = SequenceMatcher(None, [t.idea for t in mine], [t.idea for t in theirs], autojunk=False)
    if matcher.ratio() < _ALIKE:
        return
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "replace" or b - a > 2 or d - c > 2 or b - a != d - c:
            continue
        new, old = mine[a], theirs[c]
        if new.idea in source.sentence.ideas | source.sentence.lead or old.idea in told:
            continue
        if reading.text[new.start : new.end] == source.reading.text[old.start : old.end]:
            continue
        before = (_small_word(reading.text, new.start), _small_word(source.reading.text, old.start))
        if before[0] == before[1] and _DETERMINER.fullmatch(before[0]):
            yield new, old, source


def _in_place(
    sentence: ReadSentence, reading: Reading, source: Source, pool: Pool
) -> Iterator[tuple[Token, Token, Source]]:
    """Yield nouns no passage knows that stand exactly where the source has another one."""
    told = sentence.ideas | source.sentence.lead
    mine, theirs = sentence.tokens, source.sentence.tokens
    known = everyday(reading.language)
    for i, new in enumerate(mine):
        if pool.knows(new.idea) or new.idea in known:
            continue
        for j, old in enumerate(theirs):
            if old.idea in told or old.idea in known:
                continue
            here, there = _two_words(reading.text, new.start), _two_words(source.reading.text, old.start)
            after = [row[k + 1].idea if k + 1 < len(row) else "" for row, k in ((mine, i), (theirs, j))]
            alike = here[-1:] == there[-1:] and bool(after[0]) and after[0] == after[1]
            small = here and (
                _DETERMINER.fullmatch(here[-1]) or (len(here) > 1 and _LINK.fullmatch(here[-1]))
            )
            if small and ((len(here) > 1 and here == there) or alike):
                yield new, old, source


def _two_words(text: str, at: int) -> list[str]:
    line = re.split(r"[.!?;:,\n]", text[max(0, at - 24) : at])[-1]
    return re.findall(r"[a-z]+", line)[-2:]


def _small_word(text: str, at: int) -> str:
    words = re.findall(r"[a-z]+", text[max(0, at - 12) : at])
    return words[-1] if words else ""


def _new_deed(sentence: ReadSentence, reading: Reading, pool: Pool) -> tuple[int, int] | None:
    """ "We will" do what no source speaks of, in a clause that holds no value of the sources."""
    for future in _WE_WILL[reading.language].finditer(sentence.text):
        verb = lexicon(reading.language).idea(future["verb"])
        start = sentence.start + future.start()
        clause = next(c for c in sentence.clauses if start < c.end)
        known = any(same(m, n) for m in clause.mentions for s in pool.sources for n in s.sentence.mentions)
        if verb is None or verb[0] in pool.ideas or known:
            continue
        things = [t for t in clause.tokens if t.idea != verb[0]]
        told = (
            bool(things) and verb[0] in everyday(reading.language) and all(pool.knows(t.idea) for t in things)
        )
        if not told:
            return clause.start, clause.end
    return None


def favour(
    sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool
) -> tuple[int, int] | None:
    """Find a promise in the brand's own voice that the nearest sources do not make."""
    words = lexicon(reading.language)
    announced = words.favour.search(sentence.text)
    if announced and not words.favour.search(pool.text):
        return sentence.start, sentence.end
    told = _new_deed(sentence, reading, pool)
    if told is not None:
        return told
    near = [a.source for a in best[:2] if a.source is not None and a.score >= 0.7 * best[0].score]
    held = frozenset().union(*(s.sentence.ideas | s.sentence.lead | s.sentence.subject for s in near))
    for clause in sentence.clauses:
        promised = {t.idea for t in clause.tokens if t.idea in words.promised and t.sign > 0}
        if not promised - held:
            continue
        nearest = align(clause.tokens, sentence, pool)[:1]
        spoken = clause.ideas - common_ideas()
        beside = [a.source.sentence.ideas for a in nearest if a.source is not None]
        held |= frozenset().union(*(ideas for ideas in beside if len(ideas & spoken) > 1))
        voice = _OURSELVES.search(reading.text, clause.start, clause.end)
        if promised - held and (voice or _TO_YOU.search(reading.text, clause.start, clause.end)):
            return clause.start, clause.end
    return None
