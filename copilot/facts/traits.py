"""What can be counted of a stretch of text and of the sources beside it, to weigh an objection."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache

from copilot import yamlfile
from copilot.facts.asides import SCENE, gives
from copilot.facts.lexicon import Lexicon, lexicon
from copilot.facts.mention import Mention
from copilot.facts.novelty import THING, everyday, novelty, weight
from copilot.facts.pool import Pool
from copilot.facts.reading import Clause, Reading, ReadSentence
from copilot.facts.statements import Alignment
from copilot.facts.tokens import Token
from copilot.records import Claim

_TO_YOU = re.compile(
    r"\W*(?:(?:et|mais|and|but|so|ainsi|donc|oui|alors|yes) )?(?:vous|tu|you|votre|vos|ton|ta|tes|your)\b"
)
_YOURS = re.compile(r"\b(?:votre|vos|ton|ta|tes|your|d'ici|il y a)\W+(?:\w+ ){0,2}$")
_AFTER_LINK = re.compile(r"\b(?:de|of|a|at|en|in|pour|for|depuis|since|with|avec)\W$")
_CASE = re.compile(
    r"(?:^|[.!?…,:;(\n]|\b(?:et|and)) ?(?:a|at|au|aux|avec|with|pour|for|being|aged"
    r"|age de|vos|tes|your|ma|my)"
    r"(?: (?:vos|tes|votre|your|environ|about|some|around|les|la|le|the|seulement|only|just))? ?$"
    r"|\b(?:class|group|party|classe|groupe|famille|family|team|equipe) (?:of|de) ?$"
)
_TO_HER = re.compile(r",? ?(?:ce |c'est|il|elle|vous|tu|votre|ton|ta|on|she|he|you|your|they|of ram|it's)\b")
_PAST = re.compile(r"\bil y a ?$|\b(?:vieux|vieille|old) (?:de|of) ?$")
_AGO = re.compile(r" ?(?:ago|de retard|deja|passes|late|already)\b")
_MEASURED = re.compile(
    r"\b(?:assez|suffi\w*|depass\w*|remplissez|parfait\w*|trop|obstacle|enough|fine|within|below|above|too|twice"
    r"|right size|welcome|bien droit|eligible|encore dans|still)\b"
)
_ASKS = re.compile(
    r"\W*(?:et |puis |pensez a |n'oubliez pas de )?(?:\w{2,}ez\b|please\b|just\b|pensez\b|merci d)"
)
_LINKED = re.compile(r"\W*(?:avec|sans|et|dont|y compris|with|without|and|including|plus)\b")
_PARTICIPLE = re.compile(
    r"\W*(?:et |and )?(?:tou(?:s|tes|t|te) |all )?(?:\w{3,}(?:ees?|es?|is|ies?|us|ues?|ed)|made|built|grown"
    r"|won) (?:a|au|aux|en|dans|par|chez|avec|in|by|at|from|with|for)\b"
)
_SHORT, _LINE = 4, 8


@cache
def _voices() -> dict[str, re.Pattern[str]]:
    rows = yamlfile.shipped("copilot.facts", "voice.yml")
    return {name: re.compile(r"(?<![\w'])(?:" + "|".join(row) + r")(?!\w)") for name, row in rows.items()}


def voice(text: str) -> dict[str, float]:
    """Who speaks of whom in a folded ``text``, a 0 or 1 for each line of ``voice.yml``."""
    told = {name: float(pattern.search(text) is not None) for name, pattern in _voices().items()}
    return told | {"to_you": float(_TO_YOU.match(text) is not None)}


def of_statement(
    start: int, end: int, tokens: Sequence[Token], sentence: ReadSentence, reading: Reading, pool: Pool,
    best: Sequence[Alignment], inside: Sequence[Claim], share: float, held: int,
) -> dict[str, float]:  # fmt: skip
    """Traits of a stretch ``start:end`` of the folded text that may tell what no passage does."""
    words, known = lexicon(reading.language), everyday(reading.language)
    body = reading.text[start:end]
    new = novelty(tokens, reading.text, reading.language, pool)
    unknown = [t for t in tokens if not pool.knows(t.idea)]
    familiar = len(tokens) - len(unknown)
    beside = sum(pool.knows(t.idea) for t in sentence.tokens if t not in tokens)
    rest = [t for s in reading.sentences if s.kind == "statement" for t in s.tokens if t not in tokens]
    source = best[0].source if best else None
    return voice(body) | {
        "new": min(new, 4.0),
        "new_at_all": min(new, 1.0),
        "new_a_word": new / (len(tokens) + 1),
        "new_things": min(sum(_is_thing(t, reading) for t in unknown if t.idea not in known), 3),
        "new_everyday": min(sum(t.idea in known for t in unknown), 4),
        "new_promise": sum(t.idea in words.critical for t in unknown),
        "new_idea": sum(t.idea in words.families for t in unknown),
        "promise": min(sum(t.idea in words.promised for t in tokens), 3),
        "told_of": min(sum(t.idea in words.critical for t in tokens), 3),
        "words": min(len(tokens), 10),
        "known": min(familiar, 8),
        "known_beside": min(beside, 8),
        "known_around": sum(pool.knows(t.idea) for t in rest) / len(rest) if rest else 1.0,
        "share": share,
        "held": min(held, 8),
        "cover": best[0].cover if best else 0.0,
        "second": best[1].cover if len(best) > 1 else 0.0,
        "nearness": min(best[0].score / pool.unknown, 6.0) if best else 0.0,
        "in_source": _within(tokens, source.sentence.ideas) if source else 0.0,
        "in_passage": _within(tokens, source.whole) if source else 0.0,
        "log_new": math.log1p(new),
    } | _form(start, end, sentence, reading, inside)  # fmt: skip


def _is_thing(token: Token, reading: Reading) -> bool:
    return weight(reading.text, token.start, token.end, reading.language) == THING


def _within(tokens: Sequence[Token], ideas: frozenset[str]) -> float:
    return sum(t.idea in ideas for t in tokens) / max(1, len(tokens))


def _form(
    start: int, end: int, sentence: ReadSentence, reading: Reading, inside: Sequence[Claim]
) -> dict[str, float]:
    words = lexicon(reading.language)
    body = reading.text[start:end]
    proved = sum(c.state == "supported" and c.fact.kind != "name" for c in inside)
    return {
        "proved": min(proved, 3),
        "values": min(len(inside), 4),
        "unproved": min(sum(c.state != "supported" and c.fact.kind != "name" for c in inside), 3),
        "unproved_name": min(sum(c.state != "supported" and c.fact.kind == "name" for c in inside), 2),
        "scene": SCENE.match(body) is not None,
        "short": len(body.split()) <= _SHORT,
        "alone": not any(gives(c, words) for c in sentence.clauses) and _alone(start, end, reading.text),
        "exclaimed": "!" in reading.text[end - 1 : end + 3],
        "feeling": _feels(sentence, words),
        "favour": words.favour.search(body) is not None,
        "story": words.story.search(body) is not None,
        "denied": any(t.sign < 0 for t in sentence.tokens if start <= t.start < end),
        "french": reading.language == "fr",
        "whole": len(sentence.clauses) == 1 or (start <= sentence.start + 1 and end >= sentence.end - 1),
        "trailing": start > sentence.start + 1,
        "linked": _LINKED.match(body) is not None,
        "participle": _PARTICIPLE.match(body) is not None,
        "asks": _ASKS.match(body) is not None,
        "addressed": "@" in body or "#" in body,
    }


def _feels(sentence: ReadSentence, words: Lexicon) -> bool:
    return bool(words.empathy.search(sentence.text) or words.courtesy.search(sentence.text))


def _alone(start: int, end: int, text: str) -> bool:
    """Is the stretch a short line of its own, as a heading or a signature?"""
    before, after = text[:start].rstrip(" "), text[end:].lstrip(" .!,")
    opens, closes = not before or before.endswith("\n"), not after or after.startswith("\n")
    return opens and closes and bool(before or after) and len(text[start:end].split()) <= _LINE


def around(
    start: int, end: int, sentence: ReadSentence, reading: Reading, pool: Pool, best: Sequence[Alignment]
) -> dict[str, float]:
    """Traits of any objection to ``start:end`` of the folded text: its voice, what it holds, how near."""
    words = lexicon(reading.language)
    body = reading.text[start:end]
    modal = words.modal
    told = [t for t in sentence.tokens if t.idea not in modal]
    inside = [t for t in told if start <= t.start < end]
    return voice(body) | {
        "new": min(novelty(inside, reading.text, reading.language, pool), 4.0),
        "new_around": min(novelty(told, reading.text, reading.language, pool), 4.0),
        "words": min(len(inside), 10),
        "words_around": min(len(told), 14),
        "known_share": sum(pool.knows(t.idea) for t in told) / (len(told) + 1),
        "cover": best[0].cover if best else 0.0,
        "nearness": min(best[0].score / pool.unknown, 6.0) if best else 0.0,
        "denies": any(t.sign < 0 for t in sentence.tokens),
        "scene": SCENE.match(body) is not None,
        "feeling": _feels(sentence, words),
        "exclaimed": "!" in reading.text[sentence.end - 1 : sentence.end + 2],
        "values": min(len(sentence.mentions), 4),
        "foreign": pool.foreign(reading.language),
        "french": reading.language == "fr",
    }


def of_value(
    mention: Mention,
    clause: Clause,
    sentence: ReadSentence,
    reading: Reading,
    pool: Pool,
    proved: int,
) -> dict[str, float]:
    """Traits of a value that no source gives: is it the customer's own or said of the brand?"""
    words, text = lexicon(reading.language), reading.text
    body, before = text[clause.start : clause.end], text[max(0, mention.start - 14) : mention.start]
    inside = range(mention.start, mention.end)
    told = [t for t in clause.tokens if t.idea not in words.modal and t.start not in inside]
    around = [t for t in sentence.tokens if t.idea not in words.modal and t.start not in inside]
    known = sum(pool.knows(t.idea) for t in told)
    at = reading.sentences.index(sentence)
    return voice(body) | {
        f"a_{mention.kind}": 1.0,
        "granted": words.granted.search(body) is not None,
        "gives": gives(clause, words),
        "new": min(novelty(told, text, reading.language, pool), 4.0),
        "new_around": min(novelty(around, text, reading.language, pool), 4.0),
        "known": min(known, 6),
        "known_share": known / (len(told) + 1),
        "opening": not any(s.kind == "statement" for s in reading.sentences[:at]),
        "exclaimed": "!" in text[sentence.end - 1 : sentence.end + 2],
        "short": len(sentence.text.split()) <= 6,
        "proved": min(proved, 4),
        "values": min(len(sentence.mentions), 6),
        "after_comma": before.rstrip().endswith(","),
        "ends": not re.search(r"\w", text[mention.end : clause.end]),
        "begins": not re.search(r"\w", text[clause.start : mention.start]),
        "yours": _YOURS.search(before) is not None,
        "after_link": _AFTER_LINK.search(before) is not None,
        "feeling": _feels(sentence, words),
        "loose": mention.loose,
        "case": _CASE.search(text[max(0, mention.start - 24) : mention.start]) is not None,
        "to_her": _TO_HER.match(text, mention.end) is not None,
        "past": _PAST.search(before) is not None or _AGO.match(text, mention.end) is not None,
        "measured": _MEASURED.search(sentence.text) is not None,
        "limited": _limited(mention, pool),
        "one_word": mention.kind == "name" and " " not in mention.value,
        "owner": text[mention.end : mention.end + 2] == "'s",
        "repeated": text.count(text[mention.start : mention.end]) > 1,
        "words": min(len(text[mention.start : mention.end].split()), 4),
    }


def _limited(mention: Mention, pool: Pool) -> bool:
    """Does a source set a limit of the same measure?"""
    return mention.base != "" and any(
        m.base == mention.base and (m.bound in ("from", "max") or m.low != m.high)
        for s in pool.sources
        for m in s.sentence.mentions
    )
