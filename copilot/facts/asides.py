"""What a reply says without telling anything of the brand: signature, courtesy, the customer's own story."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from copilot.facts.lexicon import Lexicon, folded, lexicon, polar_ideas
from copilot.facts.moments import is_weekday

if TYPE_CHECKING:
    from copilot.facts.mention import Mention
    from copilot.facts.reading import Clause

_OF_THE_BRAND = frozenset({"shop", "dog", "return"})
_HERS = frozenset({"name", "days", "date", "number", "age", "ordinal"})
_MOST_WORDS = 7
_GREETS = re.compile(r"(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|dear|chere?|madame|monsieur|good)\b")
_VERDICTS = frozenset({"oui", "non", "yes", "no"})
# fmt: off
_NEUTRAL = frozenset([
    "support", "customer", "network", "shop", "townhall", "company", "spare", "insurance", "repair", "local",
    "reservation", "account", "delivery", "person", "account_money", "wash", "document", "answer", "member",
])
# fmt: on
_DASHED = re.compile(r"(?<=[.!?…)\s])[-–—~^/]{1,2} ?[A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]*)*[ .]*$")
_TAIL = re.compile(r"[.!?…]\s+(?P<who>[A-ZÀ-Ý][^.!?…:;\d]{3,50})$")
_TEAM = re.compile(r"\b(?:team|équipe|crew|service)\b", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,–—-]+|(?<=[ldLD])['’]|[^\w'’.-]+")
TURN = re.compile(
    r"\W*(?:et |and )?(?:mais|but|et nous|and we|donc|so|nous|we|on|vous|you|qui|which|c'est|it is|it's)\b"
)
SCENE = re.compile(
    r"\W*(?:si|s'ils?|quand|lorsque?|lorsqu'|if|when|in case|en cas"
    r"|unless|as long as|a moins|tant que|des que|pour que|afin que|once|whenever)\b"
)
_HERE = re.compile(r"\W*(?:voici|voila|here(?:'s| is| are))\b")
_INTRODUCED = re.compile(r"[A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’.-]*)*(?:, | [-–—|] )[^\d!?:;]+")
_TO_YOU = re.compile(r"\W*(?:(?:oui|ainsi|alors|so),? )?(?:vous|tu|you)(?:'re|'ve|'d)?\b")
_AND_SO_ON = re.compile(r"\W*(?:et|mais|and|but)\b(?! (?:nous|on|notre|nos|we|our|c'est|it|the)\b)")
_ARTICLE = re.compile(r"(?:le|la|l'|les|votre|ton|notre|the|your|our) ?(\w+)")


@lru_cache(maxsize=1024)
def signature(text: str) -> int:
    """Return where the signature that closes ``text`` begins, or the text's length when it has none.

    A signature is one or two last lines of capitalised words and words of office ("L’équipe Roulavel",
    "Inès, service client"), what follows a closing with its comma, or a name behind a dash.
    """
    start = len(text)
    lines = [(m.start(), m[0]) for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
    for (_, above), (at, line) in reversed([*pairwise(lines)][-2:]):
        closing = above.rstrip().endswith(",") and _closes(above)
        if not (_signed(line) or (_could_name(line) and (closing or _introduced(line) or _office(line)))):
            break
        start = at
    if start < len(text):
        return start
    body = text.rstrip()
    dashed = _DASHED.search(body)
    if dashed is not None:
        return dashed.start()
    tail = _TAIL.search(body)
    return (
        tail.start("who")
        if tail is not None and _signed(tail["who"]) and _TEAM.search(tail["who"])
        else start
    )


def _closes(line: str) -> bool:
    """ "Bien cordialement,": a closing, not the greeting nor any other line with a comma."""
    text = folded(line.strip())
    polite = any(lexicon(name).courtesy.search(text) for name in ("fr", "en"))
    return len(line.split()) <= _MOST_WORDS and polite and not _GREETS.match(text)


def _tells(line: str) -> bool:
    """Does a line speak of days, of what is given, allowed or open? Then nobody signs with it."""
    for word in re.findall(r"[a-z]+", folded(line)):
        if is_weekday(word) or word in _VERDICTS:
            return True
        ideas = filter(None, (lexicon(name).idea(word) for name in ("fr", "en")))
        if any(idea in _telling_ideas() for idea, _ in ideas):
            return True
    return False


@cache
def _telling_ideas() -> frozenset[str]:
    return lexicon("fr").families - _NEUTRAL


def _words(line: str) -> list[str]:
    return [w for w in _SPLIT.split(line) if re.search(r"\w", w)]


def _could_name(line: str) -> bool:
    """A short line without figure, end mark or address."""
    if re.match(r"\s*[-•*▪●]", line) or re.search(r"\d|[;?!.]$|[:;@]|\w\.\w", line.strip()):
        return False
    return 0 < len(_words(line)) <= _MOST_WORDS and not _tells(line)


def _signed(line: str) -> bool:
    words = _words(line)
    signing = lexicon("fr").signing
    return (
        _could_name(line.rstrip(" ."))
        and any(w[0].isupper() for w in words)
        and all(w[0].isupper() or folded(w).strip("'") in signing for w in words)
    )


def _introduced(line: str) -> bool:
    """ "Maxime, pôle assurances": a name, a comma and what the person does."""
    return _INTRODUCED.fullmatch(line.strip()) is not None and _could_name(line)


def _office(line: str) -> bool:
    opening = _ARTICLE.match(folded(line.strip()))
    return opening is not None and opening[1] in lexicon("fr").offices


def announces(sentence: str, clauses: list[Clause], words: Lexicon) -> bool:
    """Does a sentence only announce what follows ("Deux possibilités :"), without any value or promise?"""
    if any(m.kind not in ("name", "number") for c in clauses for m in c.mentions):
        return False
    if any(gives(clause, words) for clause in clauses):
        return False
    return sentence.rstrip().endswith(":") and (
        len(sentence.split()) <= _MOST_WORDS or _HERE.match(sentence) is not None
    )


def telling(clauses: list[Clause], text: str, words: Lexicon, opening: bool = False) -> list[Clause]:
    """Leave out the clauses that state nothing: a greeting, an apology with what it is for, her own story."""
    kept, sorry = _stated(clauses, text, words, opening)
    plain = not any(c.mentions or any(t.idea in words.families for t in c.tokens) for c in kept)
    if sorry and kept and clauses[-1] not in kept and plain:
        # "Losing your earbuds is never fun, sorry about that": the sympathy speaks of what stands before.
        return []
    if len(kept) < len(clauses) and plain and all(SCENE.match(text[c.start : c.end]) for c in kept):
        # "If anything is unclear, do get back to us" states nothing.
        return []
    return [] if _empty(kept, clauses, text) else kept


def _stated(clauses: list[Clause], text: str, words: Lexicon, opening: bool) -> tuple[list[Clause], bool]:
    """The clauses that state something, and whether the last one left out was sympathy."""
    kept: list[Clause] = []
    sorry = story = polite = False
    for clause in clauses:
        body = text[clause.start : clause.end].strip()
        # "Have a lovely weekend" gives no opening day.
        values = any(
            m.kind != "name" and m.value != "sa,su" and not (m.loose and m.kind == "number")
            for m in clause.mentions
        )
        story = _story(clause, body, story, words, opening)
        if story:
            continue
        if values or words.favour.search(body) or any(t.idea in words.critical for t in clause.tokens):
            sorry = False
        elif words.empathy.search(body):
            sorry = True
            continue
        elif words.courtesy.search(body):
            polite = True
            continue
        elif _vocative(clause, body, clauses) or (sorry and not kept and _aside(clause, body)):
            polite = False
            continue
        elif polite and _goes_on(clause, body):
            continue
        polite = False
        kept.append(clause)
    return kept, sorry


def gives(clause: Clause, words: Lexicon) -> bool:
    """Does a clause speak of what the brand promises, or of what is open, allowed or free?"""
    return any(t.idea in words.critical or t.idea in polar_ideas() for t in clause.tokens)


def _goes_on(clause: Clause, body: str) -> bool:
    """ "…and to Moka": the wish goes on, with another name or a few words."""
    return len(clause.tokens) < 4 and re.match(r"(?:et|and|a|to|pour|for|avec|with)\b", body) is not None


def _story(clause: Clause, body: str, before: bool, words: Lexicon, opening: bool) -> bool:
    """Is the clause the customer's own wish or situation, which no knowledge of the brand can prove?"""
    if any(m.kind not in _HERS and not m.own for m in clause.mentions):
        return False
    if words.story.match(body) or (before and words.story_goes_on.match(body)):
        return True
    addressed = _TO_YOU.match(body) or (before and _AND_SO_ON.match(body))
    if not (opening and addressed) or words.granted.search(body):
        return False
    # Before the first statement, a "you" clause is hers unless it speaks of what the brand gives or allows.
    return not (gives(clause, words) or clause.ideas & _OF_THE_BRAND)


def _aside(clause: Clause, body: str) -> bool:
    return len(clause.tokens) < 3 and not TURN.match(body)


def _empty(kept: list[Clause], clauses: list[Clause], text: str) -> bool:
    """Only a signature, or a single word that courtesy left over."""
    if len(kept) == 1 and kept[0].mentions and len(text[kept[0].start : kept[0].end].split()) <= 3:
        return all(m.kind == "name" for m in kept[0].mentions)
    left = bool(kept) and kept[0] is not clauses[0] and not any(c.mentions for c in kept)
    return not kept or (left and sum(len(c.tokens) for c in kept) < 2)


def _is(body: str, name: Mention) -> bool:
    return body.strip(" .!,-") in (name.value, f"@{name.value}")


def _names(clause: Clause) -> bool:
    return any(m.kind == "name" for m in clause.mentions)


def _vocative(clause: Clause, body: str, clauses: list[Clause]) -> bool:
    names = [m for m in clause.mentions if m.kind == "name"]
    short = len(body.split()) <= 2
    if names and not _is(body, names[0]):
        # "En Belgique, …" speaks to nobody.
        return False
    if clause is clauses[-1] and len(clauses) > 1 and short and names:
        # "Ten years, Moira!": a name at the end, unless it ends a list of names.
        return not _names(clauses[-2])
    return (
        clause is clauses[0]
        and len(clauses) > 1
        and short
        and len(clause.tokens) <= 1
        and bool(names or len(body.split()) == 1)
    )
