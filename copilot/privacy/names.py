"""People's names, where a text introduces, signs or addresses: never every capitalised word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

from copilot import yamlfile
from copilot.language import common_words
from copilot.language.identify import fold

Hit = tuple[int, int]

_CAP = r"[A-ZÀ-ÝŒ](?:[a-zà-ÿœ]+|(?=['’.\-]))(?:['’\-][A-ZÀ-Ýa-zà-ÿ][a-zà-ÿœ]+)*"
_UPPER = r"(?:[A-ZÀ-Ý]['’])?[A-ZÀ-Ý]{2,}(?:[-'’][A-ZÀ-Ý]{2,})*"
_PART = rf"(?:{_CAP}|{_UPPER}|[A-Z]\.)"
_LINK = r"(?:(?i:de|du|des|le|la|van|von|der|den|di|da|el|ben|al|d['’])\s?)"
_NAME = rf"{_PART}(?:[ \u00a0]+{_LINK}?{_PART}){{0,3}}"
_FULL = rf"{_PART}(?:[ \u00a0]+{_LINK}?{_PART}){{1,3}}"

_INTRODUCED = re.compile(
    rf"""(?i:\b(?:je\s+m['’]appelle|je\s+me\s+(?:pr[ée])?nomme|mon\s+nom\s+(?:est|c['’]est)|mon\s+nom\s*:
    |au\s+nom\s+de|nom\s+et\s+pr[ée]nom\s*:?|nom\s*:|my\s+name\s+is|my\s+name['’]s|name\s*:|destinataire\s*:
    |nom\s+du\s+client\s*:?|under\s+the\s+name(?:\s+of)?|titulaire\s*:?)\s*)(?P<name>{_NAME})""",
    re.X,
)
_TITLED = re.compile(
    rf"""(?<!\w)(?:(?:M|Mr|Mme|Mlle|Mrs|Ms|Dr|Me)\.?|(?i:monsieur|madame|mademoiselle|docteur|ma[îi]tre))\s+
    (?!(?i:le|la|les|bonjour|merci|bonsoir|en|je|messieurs|madame|monsieur)\b)(?P<name>{_NAME})""",
    re.X,
)
_SIGNED = re.compile(
    rf"""(?i:\b(?:cordialement|cdlt|cdt|bien\s+[àa]\s+vous|(?:sinc[èe]res?|meilleures)?\s*salutations
    (?:\s+distingu[ée]es)?|respectueusement|amicalement|bonne\s+(?:journ[ée]e|soir[ée]e)
    |merci(?:\s+d['’]avance|\s+beaucoup|\s+par\s+avance)?|[àa]\s+bient[ôo]t|bises|bisous|sign[ée]
    |(?:(?:best|kind|warm)\s+)?regards|sincerely|cheers|(?:many\s+)?thanks(?:\s+in\s+advance|\s+a\s+lot)?|thank\s+you
    |best\s+wishes|yours(?:\s+(?:truly|faithfully|sincerely))?|best)\s*[,.!:\-–—]*\s*)
    (?P<name>{_NAME})\s*[.!]?\s*(?:$|(?=\n|[\d(+]|[-–,]\s*\d|\S+@))""",
    re.X,
)
_LAST_LINE = re.compile(rf"(?:\n\s*|\s[-–—]\s?)(?P<name>{_FULL})\s*\.?\s*$")
# Without a sign before them only names on their own count: « … toujours rien. Camille Durand ».
_ALONE = re.compile(rf"(?:[.!?…]\s+|\n\s*)(?P<name>{_CAP}(?:[ \u00a0]+{_LINK}?{_CAP}){{1,2}})\s*\.?\s*$")
_ALONE_FIRST = re.compile(rf"\n\s*(?P<name>{_CAP})\s*[.!]?\s*$")
_ADDRESSED = re.compile(
    rf"""(?i:\b(?:employ[ée]e?|vendeu(?:se|r)|conseill(?:[èe]re?|er)|coll[èe]gue|technicien(?:ne)?|livreur|g[ée]rante?
    |direct(?:eur|rice)|responsable|agent|advisor|manager|cashier|caissi(?:[èe]re?|er))\s+
    (?:nomm[ée]e?|appel[ée]e?|qui\s+s['’]appelle|named|called)\s+)(?P<name>{_NAME})""",
    re.X,
)
_GREETED = re.compile(
    rf"""(?i:^\s*(?:bonjour|bonsoir|salut|hello|hi|dear|cher|ch[èe]re|coucou|hey)\s+)
    (?P<name>{_CAP}(?:\s+{_PART})?)(?=\s*[,!.\n])""",
    re.X,
)


def names(text: str) -> Iterator[Hit]:
    """Yield names that are introduced (« je m’appelle… »), titled, signed, or greeted at the start."""
    for pattern in (_INTRODUCED, _TITLED, _SIGNED, _ADDRESSED, _GREETED, _LAST_LINE):
        for match in pattern.finditer(text):
            if _plausible(match["name"]):
                yield match.span("name")
    for pattern in (_ALONE, _ALONE_FIRST):
        match_alone = pattern.search(text)
        if match_alone and _plausible(match_alone["name"]) and _rare(match_alone["name"]):
            yield match_alone.span("name")


def _plausible(name: str) -> bool:
    words = [word.casefold() for word in re.findall(r"[\w'’-]+", name)]
    if not words or words[0] in _not_names() or words[-1] in _not_names():
        return False
    return len(words) > 1 or not name.isupper()


def _rare(name: str) -> bool:
    """Whether it holds more than everyday words: « Très Bien » is nobody, « Hugo Petit » may be."""
    words = [fold(word) for word in re.findall(r"[^\W\d_]+", name)]
    return not all(word in common_words() for word in words)


@cache
def _not_names() -> frozenset[str]:
    """Capitalised words that end or begin a message without being anybody's name."""
    file = resources.files("copilot.privacy") / "not_names.yml"
    return frozenset(
        str(yamlfile.loads(file.read_text(encoding="utf-8"), "not_names.yml").data).casefold().split()
    )
