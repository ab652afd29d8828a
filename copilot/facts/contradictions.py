"""Entries of the knowledge that disagree on the same fact: two prices, two delays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from copilot.facts.extract import as_fact
from copilot.facts.mention import Mention
from copilot.facts.pool import Pool, Source, gather
from copilot.facts.reading import Clause
from copilot.facts.sameness import same
from copilot.messages import localized
from copilot.records import Chunk, Claim, Passage

_KINDS = frozenset({"price", "percent", "duration", "unit", "hours", "phone"})
_ALIKE = 0.75
_ABOUT = 0.6

Place = tuple[Source, Clause, Mention]


def contradictions(chunks: Sequence[Chunk], *, now: date) -> tuple[tuple[Claim, Claim], ...]:
    """Find pairs of values in different chunks that speak of the same matter and disagree.

    Returns:
        Pairs of ``contradicted`` claims. Each claim's fact stands in its own chunk (the span is an
        offset into that chunk's text) and its evidence is the other chunk's value. The first chunk's
        id is ``pair[1].evidence[0].passage_id``, the second's ``pair[0].evidence[0].passage_id``.
    """
    pool = gather([Passage(chunk, 1.0) for chunk in chunks], now, ())
    return tuple(_pairs(pool))


def _pairs(pool: Pool) -> Iterator[tuple[Claim, Claim]]:
    index: dict[tuple[str, str], list[Place]] = {}
    for place in pool.of_kind(_KINDS):
        _, clause, mention = place
        for idea in clause.ideas:
            index.setdefault((mention.kind, idea), []).append(place)
    seen: set[tuple[int, int]] = set()
    for (_, idea), places in index.items():
        # An idea that is everywhere tells nothing and would compare all with all.
        if pool.weight(idea) < 1.0 and len(places) > 50:
            continue
        for a, b in combinations(places, 2):
            key = (id(a[2]), id(b[2]))
            if key in seen or a[0].passage.chunk.id == b[0].passage.chunk.id:
                continue
            seen.add(key)
            if _disagree(a, b, pool):
                yield _claim(a, b), _claim(b, a)


def _disagree(a: Place, b: Place, pool: Pool) -> bool:
    if same(a[2], b[2]) or same(b[2], a[2]) or a[2].base != b[2].base or a[2].rate != b[2].rate:
        return False
    if a[2].bound != b[2].bound:
        return False
    # A clause with two values ("30 days include the 14 days of the law") agrees with either.
    if any(same(m, b[2]) for m in a[1].mentions) or any(same(m, a[2]) for m in b[1].mentions):
        return False
    return _same_words(a[1].ideas, b[1].ideas, pool) and _same_matter(a, b, pool)


def _same_words(mine: frozenset[str], theirs: frozenset[str], pool: Pool) -> bool:
    """Two clauses say nearly the same, or one says it without the place or case that the other names."""
    shared = mine & theirs
    if len(shared) >= 3 and shared in (mine, theirs):
        return True
    return len(shared) >= 2 and pool.weigh(shared) >= _ALIKE * pool.weigh(mine | theirs)


def _same_matter(a: Place, b: Place, pool: Pool) -> bool:
    """The same words of two clauses may answer different questions: sentences and titles must agree too."""
    mine, theirs = (place[0].sentence.ideas | place[0].sentence.lead for place in (a, b))
    return pool.weigh(mine & theirs) >= _ABOUT * min(pool.weigh(mine), pool.weigh(theirs))


def _claim(own: Place, other: Place) -> Claim:
    source, _, mention = own
    evidence = other[0].evidence(other[2].start, other[2].end)
    fact = as_fact(mention, source.reading.normalized)
    return Claim(fact, "contradicted", (evidence,), localized("facts.entry_says", quote=evidence.quote))
