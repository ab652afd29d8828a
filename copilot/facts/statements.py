"""Does a source sentence carry this statement, with the same polarity and no wider scope?"""

from __future__ import annotations

from dataclasses import dataclass

from copilot.facts.lexicon import polar_ideas
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence, Token
from copilot.facts.values import same

_ELSEWHERE = 0.5


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
        score = shared + 0.4 * lead + values
        if score > 0:
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
    mine = _signs_of(clause.tokens)
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
    return source if weight >= 0.4 * pool.weigh(clause.ideas) else None


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
