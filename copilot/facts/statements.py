"""Does a source sentence carry this statement, with the same polarity and no wider scope?"""

from __future__ import annotations

from dataclasses import dataclass

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


def coverage(tokens: tuple[Token, ...], best: list[Alignment], pool: Pool) -> float:
    """Share of the tokens that the best sources hold; what stands only elsewhere counts half."""
    if not tokens:
        return 1.0
    near: set[str] = set()
    for alignment in best[:2]:
        if alignment.source is not None:
            sentence = alignment.source.sentence
            near |= sentence.ideas | sentence.lead
    points = [1.0 if t.idea in near else _ELSEWHERE if t.idea in pool.ideas else 0.0 for t in tokens]
    return sum(points) / len(points)


def flipped(clause: Clause, sentence: ReadSentence, pool: Pool) -> Source | None:
    """Return the source whose nearest clause says the opposite, None when polarity agrees."""
    mine = {t.idea: t.sign for t in clause.tokens}
    if not mine:
        return None
    ranked = []
    for source in pool.sources:
        for place in source.sentence.clauses:
            theirs = {t.idea: t.sign for t in place.tokens}
            shared = mine.keys() & theirs.keys()
            score = pool.weigh(shared)
            agree = pool.weigh(i for i in shared if mine[i] * theirs[i] >= 0)
            values = sum(1.0 for m in clause.mentions if any(same(m, n) for n in place.mentions))
            context = pool.weigh((sentence.ideas - shared) & (source.sentence.ideas | source.sentence.lead))
            if score > 0:
                ranked.append((score + values + 0.3 * context, agree / score, score, source))
    if not ranked:
        return None
    ranked.sort(key=lambda r: -r[0])
    top = ranked[0]
    if any(r[1] >= 0.5 and r[0] >= 0.8 * top[0] for r in ranked):
        return None
    return top[3] if top[2] >= 0.4 * pool.weigh(mine) else None


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
