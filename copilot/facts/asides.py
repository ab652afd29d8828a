"""What a reply says without telling anything of the brand: its signature, its headings."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from copilot.facts.lexicon import folded, lexicon

_MOST_WORDS = 7
_DASHED = re.compile(r"(?<=[.!?…)\s])[-–—~^/]{1,2} ?[A-ZÀ-Ý][\w'’-]+(?: [A-ZÀ-Ý][\w'’-]*)*[ .]*$")
_SPLIT = re.compile(r"[\s,–—-]+|(?<=[ldLD])['’]|[^\w'’.-]+")
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
        closing = above.rstrip().endswith(",") and len(above.split()) <= _MOST_WORDS
        if not (_signed(line) or (_could_name(line) and (closing or _office(line)))):
            break
        start = at
    dashed = _DASHED.search(text.rstrip()) if start == len(text) else None
    return dashed.start() if dashed else start


def _words(line: str) -> list[str]:
    return [w for w in _SPLIT.split(line.strip(" .,–—-")) if re.search(r"\w", w)]


def _could_name(line: str) -> bool:
    """A short line without figure, end mark or address."""
    return 0 < len(_words(line)) <= _MOST_WORDS and not re.search(r"\d|[;?!.]$|[:;@]|\w\.\w", line.strip())


def _signed(line: str) -> bool:
    words = _words(line)
    signing = lexicon("fr").signing
    return (
        _could_name(line.rstrip(" ."))
        and any(w[0].isupper() for w in words)
        and all(w[0].isupper() or folded(w).strip("'") in signing for w in words)
    )


def _office(line: str) -> bool:
    opening = _ARTICLE.match(folded(line.strip()))
    return opening is not None and opening[1] in lexicon("fr").offices


def announces(sentence: str) -> bool:
    """Is a folded sentence a short heading that only announces what follows ("Deux possibilités :")?"""
    return sentence.rstrip().endswith(":") and len(sentence.split()) <= _MOST_WORDS
