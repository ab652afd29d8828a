"""Does a clause deny what the source affirms, or affirm what it denies?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.facts.asides import SCENE
from copilot.facts.lexicon import lexicon, polar_ideas
from copilot.facts.mention import Mention
from copilot.facts.pool import Pool, Source
from copilot.facts.reading import Clause, ReadSentence
from copilot.facts.sameness import same
from copilot.facts.statements import Alignment, text_of
from copilot.facts.tokens import Token
from copilot.facts.weighing import Traits

_AGAINST = re.compile(r"\W*(?:but|mais|however|en revanche|par contre|cependant)\b")
_TOO = re.compile(r"\b(?:aussi|egalement|also|too|as well)\b")
_INVERTS = re.compile(
    r"\b(?:absen[ct]\w*|exempt\w*|depourvu\w*|manqu\w+|empech\w+|exclure|rule out|lack\w*|prevent\w*"
    r"|free from)\b"
)
_EXCEPTED = re.compile(r"\b(?:sauf|hormis|except(?:ing|e)?|hors|a l'exception)\b")
_TOLD = 0.55
Signs = dict[str, tuple[int, bool]]
"""Idea to its sign (0 when it cannot be told) and whether a negation bears on that very word."""


@dataclass(frozen=True, slots=True)
class Opposition:
    """The source sentence that may say the opposite of a clause, with what tells whether it does."""

    source: Source
    traits: Traits


def opposed(
    clause: Clause, sentence: ReadSentence, pool: Pool, nearest: list[Alignment]
) -> Opposition | None:
    """Return the source sentence that most looks like saying the opposite of a clause, None without any.

    Ideas that have an opposite (free, open, allowed…) or bear the negation themselves decide when both
    texts use them; otherwise most of what both say must stand under a negation in one of them alone.
    """
    told = text_of(sentence, clause)
    scene = SCENE.match(told) and clause is not sentence.clauses[-1]
    if told.strip(" .,;:!") in pool.text or scene:
        return None
    proper = {word for m in clause.mentions if m.kind == "name" for word in m.value.split()}
    mine = {idea: sign for idea, sign in _signs_of(clause.tokens).items() if idea not in proper}
    if not any(sign for sign, _ in mine.values()):
        return None
    ranked = sorted(_rank(clause, sentence, mine, proper, pool), key=lambda r: -r.score)
    twin = _twin(clause, mine, pool)
    against = [r for r in ranked if r.opposed]
    if twin is None and not against:
        return None
    source = twin or against[0].source
    rival = next((r for r in ranked if r.source is source), ranked[0] if ranked else None)
    if rival is None:
        return None
    return Opposition(
        source, _of(rival, ranked, clause, sentence, mine, proper, twin is not None, nearest, pool)
    )


def _of(
    rival: _Rival, ranked: list[_Rival], clause: Clause, sentence: ReadSentence, mine: Signs,
    proper: set[str], twin: bool, nearest: list[Alignment], pool: Pool,
) -> dict[str, float]:  # fmt: skip
    source = rival.source
    theirs = _signs_of(source.sentence.tokens)
    shared = [i for i in mine if i in theirs]
    clash = [i for i in shared if mine[i][0] * theirs[i][0] < 0]
    agreeing = [r for r in ranked if not r.opposed]
    rivalled = any(r.score >= 0.8 * rival.score and r.weight >= 0.8 * rival.weight for r in agreeing)
    lonely = _lonely(mine, source, nearest, pool)
    near = any(a.source is source and a.score >= 0.7 * nearest[0].score for a in nearest[:3])
    heavy = rival.weight >= 0.4 * pool.weigh(clause.ideas - proper)
    about = _about(clause, sentence, source, set(clash), pool)
    comparable = _comparable(mine, clause, sentence, source)
    pointed = _pointed(mine, clause, sentence, source, pool)
    first = ranked[0] is rival
    fits = comparable and pointed and (lonely or (near and heavy))
    return {
        "by_rule": twin or (first and not rivalled and fits),
        "twin": twin,
        "first": first,
        "rivalled": rivalled,
        "agreeing": max((r.score for r in agreeing), default=0.0) / (rival.score or 1.0),
        "about_text": about[0],
        "about_source": about[1],
        "about_agreeing": max(
            (_about(clause, sentence, r.source, set(clash), pool)[0] for r in agreeing), default=0.0
        ),
        "weight": rival.weight / pool.unknown,
        "weight_share": rival.weight / (pool.weigh(clause.ideas - proper) or 1.0),
        "comparable": comparable,
        "pointed": pointed,
        "lonely": lonely,
        "near": near,
        "nearest": bool(nearest) and nearest[0].source is source,
        "shared": min(len(shared), 6),
        "clash": min(len(clash), 4),
        "clash_share": len(clash) / max(1, len(shared)),
        "polar": any(i in polar_ideas() for i in clash),
        "focus": any(mine[i][1] or theirs[i][1] for i in clash),
        "text_denies": any(sign < 0 for sign, _ in mine.values()),
        "source_denies": any(sign < 0 for sign, _ in theirs.values()),
        "both_deny": any(t.sign < 0 for t in sentence.tokens) and any(s < 0 for s, _ in theirs.values()),
    }


def _about(
    clause: Clause, sentence: ReadSentence, source: Source, clash: set[str], pool: Pool
) -> tuple[float, float]:
    """How much of what a clause speaks of the nearest clause of a source does, and the other way round."""
    mine = clause.ideas - clash or sentence.ideas - clash
    lead = source.sentence.lead | source.sentence.subject
    places = [c for c in source.sentence.clauses if c.ideas & clash] or source.sentence.clauses
    there = [
        (
            pool.weigh(mine & (place.ideas | lead)) / (pool.weigh(mine) or 1.0),
            pool.weigh((place.ideas - clash) & sentence.ideas) / (pool.weigh(place.ideas - clash) or 1.0),
        )
        for place in places
    ]
    return max(there, default=(0.0, 0.0))


def _in_its_exception(clause: Clause, source: Source) -> bool:
    """ "Closed from 4 to 29 January" tells the exception of "open all year except from 4 to 29 January"."""
    marker = _EXCEPTED.search(source.sentence.text)
    if marker is None:
        return False
    after = [m for m in source.sentence.mentions if m.start >= source.sentence.start + marker.start()]
    return any(same(m, n) for m in clause.mentions for n in after if m.kind != "name")


def _twin(clause: Clause, mine: Signs, pool: Pool) -> Source | None:
    """The source clause that speaks of exactly the same and is the only one to say the opposite."""
    if len(mine) < 2 or any(m.kind != "name" for m in clause.mentions):
        return None
    alike = [(s, c) for s in pool.sources for c in s.sentence.clauses if c.ideas == clause.ideas]
    against = [s for s, c in alike if _opposed(mine, _signs_of(c.tokens), pool)]
    return against[0] if against and len(against) == len(alike) else None


@dataclass(frozen=True, slots=True)
class _Rival:
    score: float
    weight: float
    opposed: bool
    source: Source


def _rank(
    clause: Clause, sentence: ReadSentence, mine: Signs, proper: set[str], pool: Pool
) -> Iterator[_Rival]:
    for source in pool.sources:
        theirs = _stated(source, clause, mine, pool)
        shared = mine.keys() & theirs.keys()
        if not shared:
            continue
        values = sum(1.5 for m in clause.mentions if any(same(m, n) for n in source.sentence.mentions))
        around = pool.weigh((sentence.ideas - shared) & (source.sentence.ideas | source.sentence.lead))
        weight = pool.weigh(shared)
        named = pool.weigh(w for w in proper if w in source.sentence.ideas)
        named += pool.weigh((sentence.ideas & source.sentence.subject) - shared)
        yield _Rival(weight + values + named + 0.3 * around, weight, _opposed(mine, theirs, pool), source)


def _stated(source: Source, clause: Clause, mine: Signs, pool: Pool) -> Signs:
    """The signs of a source sentence; where its clauses disagree, those of the clause nearest to mine."""
    whole = _priced(source.sentence.mentions, _signs_of(source.sentence.tokens))
    clash = [i for i in mine if whole.get(i, (1, False))[0] == 0]
    if not clash:
        return whole

    def likeness(place: Clause) -> float:
        values = sum(any(same(m, n) for m in clause.mentions) for n in place.mentions)
        return pool.weigh(place.ideas & mine.keys()) + pool.unknown * values

    nearest = max(source.sentence.clauses, key=likeness)
    return whole | {i: s for i, s in _signs_of(nearest.tokens).items() if i in clash}


def _priced(mentions: tuple[Mention, ...], signs: Signs) -> Signs:
    """What has a price and is nowhere called free is not free."""
    if "free" in signs or not any(m.kind == "price" and m.low for m in mentions):
        return signs
    return signs | {"free": (-1, True)}


def _comparable(mine: Signs, clause: Clause, sentence: ReadSentence, source: Source) -> bool:
    """Two texts that both deny something may word the same denial in two ways: no accusation then."""
    if _in_its_exception(clause, source):
        return False
    if bool(_INVERTS.search(sentence.text)) != bool(_INVERTS.search(source.sentence.text)):
        # "We cannot rule out traces" and "traces are possible" deny and affirm the same.
        return False
    express = {i for i in mine if i in polar_ideas() or mine[i][1] or _focused(source, i)}
    subject = source.sentence.subject
    common = sentence.ideas & (source.sentence.ideas | subject)
    if express & common:
        return True
    denies = any(t.sign < 0 for t in sentence.tokens)
    words, text = lexicon(source.reading.language), source.sentence.text
    if denies and (words.negation.search(text) or words.restrict.search(text)):
        return False
    if denies and sentence.ideas == source.sentence.ideas:
        return True
    return len(common) > 1 or (not denies and sentence.ideas <= source.sentence.ideas | subject)


def _pointed(mine: Signs, clause: Clause, sentence: ReadSentence, source: Source, pool: Pool) -> bool:
    """Does the denial bear on what both texts say, of a subject that both name?"""
    around = _around(clause, sentence)
    for place in source.sentence.clauses:
        theirs = _priced(place.mentions, _signs_of(place.tokens))
        for idea in mine.keys() & theirs.keys():
            if mine[idea][0] * theirs[idea][0] >= 0:
                continue
            others = place.ideas - {idea} | source.sentence.subject
            valued = any(same(m, n) for m in sentence.mentions for n in source.sentence.mentions)
            if others and not (others & around or valued or sentence.ideas <= source.sentence.ideas):
                continue
            if not _same_subject(place, sentence, source, pool):
                continue
            denier, text = (clause, sentence) if mine[idea][0] < 0 else (place, source.sentence)
            express = idea in polar_ideas() or mine[idea][1] or theirs[idea][1]
            if express or idea in _predicates(denier, text) or _included(clause, place, sentence):
                return True
    return False


def _same_subject(place: Clause, sentence: ReadSentence, source: Source, pool: Pool) -> bool:
    """Most of what the source's clause speaks of must be told: "old books" are not books."""
    told = sentence.ideas | sentence.previous
    spoken = [i for i in place.ideas if i not in lexicon(source.reading.language).modal]
    values = [m for m in place.mentions if m.kind != "name"]
    shared = sum(any(same(m, n) for m in sentence.mentions) for n in values)
    total = pool.weigh(spoken) + pool.unknown * len(values)
    return pool.weigh(i for i in spoken if i in told) + pool.unknown * shared >= _TOLD * total


def _around(clause: Clause, sentence: ReadSentence) -> frozenset[str]:
    """What the clause speaks of: its own ideas and those of clauses that it does not stand against."""
    beside = [c for c in sentence.clauses if c is clause or not _AGAINST.match(text_of(sentence, c))]
    ideas = frozenset().union(*(c.ideas for c in beside))
    return ideas | sentence.previous if len(clause.ideas) < 2 else ideas


def _included(clause: Clause, place: Clause, sentence: ReadSentence) -> bool:
    """ "Cheques too", "on Sundays": the very case that the source leaves out."""
    value = any(same(m, n) for m in clause.mentions for n in place.mentions)
    return clause.ideas <= place.ideas and (value or bool(_TOO.search(text_of(sentence, clause))))


def _predicates(clause: Clause, sentence: ReadSentence) -> set[str]:
    """The ideas that a grammatical negation bears on: what it encloses and the first after it."""
    found: set[str] = set()
    for name in ("fr", "en"):
        for mark in lexicon(name).negation.finditer(text_of(sentence, clause)):
            start, end = clause.start + mark.start(), clause.start + mark.end()
            after = [t.idea for t in clause.tokens if t.start >= end]
            inside = [t.idea for t in clause.tokens if start <= t.start < end]
            before = [t.idea for t in clause.tokens if t.start < start]
            found |= set(after[:1] + inside or before[-1:])
    return found


def _focused(source: Source, idea: str) -> bool:
    return any(t.focus for t in source.sentence.tokens if t.idea == idea)


def _lonely(mine: Signs, source: Source, nearest: list[Alignment], pool: Pool) -> bool:
    """Is what the source expressly denies affirmed by no sentence at all, or none of its passage?"""
    theirs = _signs_of(source.sentence.tokens)
    denied = [i for i, (sign, _) in mine.items() if sign and theirs.get(i, (0, False))[0] == -sign]
    near = nearest[0].source if nearest else None
    here = near is not None and near.passage.chunk.id == source.passage.chunk.id
    for idea in denied:
        if not (theirs[idea][1] or (idea in polar_ideas() and here)):
            continue
        rest = pool.sources if theirs[idea][1] else [s for s in pool.sources if s.reading is source.reading]
        if all(t.sign != mine[idea][0] for s in rest for t in s.sentence.tokens if t.idea == idea):
            return True
    return False


def _signs_of(tokens: tuple[Token, ...]) -> Signs:
    signs: Signs = {}
    for token in tokens:
        sign, focus = signs.get(token.idea, (0, False))
        clash = sign * token.sign < 0
        signs[token.idea] = (0 if clash else sign or token.sign, focus or token.focus)
    return signs


def _opposed(mine: Signs, theirs: Signs, pool: Pool) -> bool:
    if any(sign < 0 and theirs.get(i, (0, False))[0] < 0 for i, (sign, _) in mine.items()):
        # Both deny the same thing.
        return False
    compared = [i for i, (sign, _) in mine.items() if sign and theirs.get(i, (0, False))[0]]
    polar = [i for i in compared if i in polar_ideas() or mine[i][1] or theirs[i][1]]
    decisive = polar or compared
    against = pool.weigh(i for i in decisive if mine[i][0] != theirs[i][0])
    return against > 0.5 * pool.weigh(decisive) if decisive else False
