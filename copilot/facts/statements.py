"""Does a source sentence carry this statement, with the same polarity and no wider scope?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from copilot.facts.lexicon import lexicon, polar_ideas
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, Reading, ReadSentence, Token
from copilot.facts.values import same

_ELSEWHERE, _ALIKE = 0.5, 0.6
_OURSELVES = re.compile(r"\b(?:nous|on|je|we|i|we'll|i'll)\b")


@dataclass(frozen=True, slots=True)
class Alignment:
    """A source sentence for a stretch of text. ``score`` is the weight of what they share, ``cover`` its share."""

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
    close = sum(t.idea in near for t in tokens)
    far = sum(t.idea not in near and t.idea in pool.ideas for t in tokens)
    total = len(tokens) + 1.5 * proved
    return ((close + _ELSEWHERE * far + 1.5 * proved) / total if total else 1.0), close + proved


def flipped(clause: Clause, sentence: ReadSentence, pool: Pool) -> Source | None:
    """Return the source sentence that says the opposite of a clause, None when polarity agrees.

    Ideas that have an opposite (free, open, allowed…) or bear the negation themselves decide when both
    texts use them; otherwise most of what both say must stand under a negation in one of them alone.
    """
    proper = {word for m in clause.mentions if m.kind == "name" for word in m.value.split()}
    mine = {idea: sign for idea, sign in _signs_of(clause.tokens).items() if idea not in proper}
    if not any(sign for sign, _ in mine.values()):
        return None
    ranked = []
    for source in pool.sources:
        theirs = _signs_of(source.sentence.tokens)
        shared = mine.keys() & theirs.keys()
        if not shared:
            continue
        values = sum(1.5 for m in clause.mentions if any(same(m, n) for n in source.sentence.mentions))
        around = pool.weigh((sentence.ideas - shared) & (source.sentence.ideas | source.sentence.lead))
        weight = pool.weigh(shared)
        ranked.append((weight + values + 0.3 * around, _opposed(mine, theirs, pool), weight, source))
    if not ranked:
        return None
    ranked.sort(key=lambda r: -r[0])
    best, _, weight, source = ranked[0]
    if any(not opposed and score >= 0.8 * best and w >= 0.8 * weight for score, opposed, w, _ in ranked):
        return None
    nearest = align(sentence.tokens, sentence, pool)
    if _lonely(mine, source, nearest, pool):
        return source
    if not any(a.source is source and a.score >= 0.7 * nearest[0].score for a in nearest[:3]):
        return None
    return source if weight >= 0.4 * pool.weigh(clause.ideas) else None


def _lonely(mine: dict[str, tuple[int, bool]], source: Source, nearest: list[Alignment], pool: Pool) -> bool:
    """Is what the source expressly denies affirmed by no sentence at all, or none of its passage?"""
    theirs = _signs_of(source.sentence.tokens)
    denied = [i for i, (sign, _) in mine.items() if sign and theirs.get(i, (0, False))[0] == -sign]
    near = nearest[0].source
    here = near is not None and near.passage.chunk.id == source.passage.chunk.id
    for idea in denied:
        if not (theirs[idea][1] or (idea in polar_ideas() and here)):
            continue
        rest = pool.sources if theirs[idea][1] else [s for s in pool.sources if s.reading is source.reading]
        if all(t.sign != mine[idea][0] for s in rest for t in s.sentence.tokens if t.idea == idea):
            return True
    return False


def _signs_of(tokens: tuple[Token, ...]) -> dict[str, tuple[int, bool]]:
    signs: dict[str, tuple[int, bool]] = {}
    for token in tokens:
        sign, focus = signs.get(token.idea, (token.sign, False))
        signs[token.idea] = (sign if sign == token.sign else 0, focus or token.focus)
    return signs


def _opposed(mine: dict[str, tuple[int, bool]], theirs: dict[str, tuple[int, bool]], pool: Pool) -> bool:
    compared = [i for i, (sign, _) in mine.items() if sign and theirs.get(i, (0, False))[0]]
    polar = [i for i in compared if i in polar_ideas() or mine[i][1] or theirs[i][1]]
    decisive = polar or compared
    against = pool.weigh(i for i in decisive if mine[i][0] != theirs[i][0])
    return against > 0.5 * pool.weigh(decisive) if decisive else False


def stretches(sentence: ReadSentence) -> list[tuple[int, int, tuple[Token, ...]]]:
    """Cut a sentence into statements worth judging alone: clauses of two tokens or more, others joined on."""
    parts: list[tuple[int, int, tuple[Token, ...]]] = []
    for clause in sentence.clauses:
        if parts and (len(clause.tokens) < 2 or len(parts[-1][2]) < 2):
            start, _, tokens = parts.pop()
            parts.append((start, clause.end, tokens + clause.tokens))
        else:
            parts.append((clause.start, clause.end, clause.tokens))
    return parts


_DETERMINERS = frozenset(
    "le la les l un une des nos notre vos votre ce cette ces the a an our your these all".split()
)


def swapped(
    sentence: ReadSentence, reading: Reading, best: list[Alignment]
) -> Iterator[tuple[Token, Token, Source]]:
    """Yield nouns that took the place of another in an otherwise equal source sentence.

    Both must follow the same small word: a rewording rarely leaves everything around one noun as it was.
    """
    source = best[0].source if best else None
    if source is None or source.reading.language != reading.language:
        return
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
        before = (_small_word(reading.text, new.start), _small_word(source.reading.text, old.start))
        if before[0] == before[1] and before[0] in _DETERMINERS:
            yield new, old, source


def _small_word(text: str, at: int) -> str:
    words = re.findall(r"[a-z]+", text[max(0, at - 12) : at])
    return words[-1] if words else ""


def favour(
    sentence: ReadSentence, reading: Reading, best: list[Alignment], pool: Pool
) -> tuple[int, int] | None:
    """Find a promise in the brand's own voice that the nearest sources do not make."""
    words = lexicon(reading.language)
    announced = words.favour.search(sentence.text)
    if announced and not words.favour.search(pool.text):
        return sentence.start, sentence.end
    near = [a.source for a in best[:2] if a.source is not None and a.score >= 0.7 * best[0].score]
    held = frozenset().union(*(s.sentence.ideas | s.sentence.lead for s in near))
    for clause in sentence.clauses:
        promised = {t.idea for t in clause.tokens if t.idea in words.promised and t.sign > 0}
        if promised - held and _OURSELVES.search(reading.text, clause.start, clause.end):
            return clause.start, clause.end
    return None
