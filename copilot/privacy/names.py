"""People's names, where a text introduces, signs or addresses: never every capitalised word."""

from __future__ import annotations

import re
from collections.abc import Iterator

Hit = tuple[int, int]

_CAP = r"[A-ZÀ-ÝŒ](?:[a-zà-ÿœ]+|(?=['’.\-]))(?:['’\-][A-ZÀ-Ýa-zà-ÿ][a-zà-ÿœ]+)*"
_UPPER = r"[A-ZÀ-Ý]{2,}(?:[-'’][A-ZÀ-Ý]{2,})*"
_PART = rf"(?:{_CAP}|{_UPPER}|[A-Z]\.)"
_LINK = r"(?:(?i:de|du|des|le|la|van|von|der|den|di|da|el|ben|al|d['’])\s?)"
_NAME = rf"{_PART}(?:\s+(?:{_LINK})?{_PART}){{0,3}}"
_FULL = rf"{_PART}(?:\s+(?:{_LINK})?{_PART}){{1,3}}"

_INTRODUCED = re.compile(
    r"(?i:\b(?:je\s+m['’]appelle|je\s+me\s+nomme|je\s+me\s+pr[ée]nomme|mon\s+nom\s+(?:est|c['’]est)|mon\s+nom\s*:|au\s+nom\s+de|nom\s+et\s+pr[ée]nom\s*:?|nom\s*:|my\s+name\s+is|my\s+name['’]s|name\s*:|"
    rf"nom\s+du\s+client\s*:?|destinataire\s*:|under\s+the\s+name(?:\s+of)?)\s*)(?P<name>{_NAME})"
)
_TITLED = re.compile(
    rf"(?<!\w)(?:(?:M|Mr|Mme|Mlle|Mrs|Ms|Dr|Me)\.?|(?i:monsieur|madame|mademoiselle|docteur|ma[îi]tre))\s+(?P<name>(?!(?i:le|la|les|bonjour|merci|bonsoir|en|je|messieurs|madame|monsieur)\b){_NAME})"
)
_SIGNED = re.compile(
    r"(?i:\b(?:cordialement|cdlt|cdt|bien\s+[àa]\s+vous|sinc[èe]res?\s+salutations|salutations(?:\s+distingu[ée]es)?|bien\s+cordialement|meilleures\s+salutations|respectueusement|amicalement|"
    r"bonne\s+journ[ée]e|bonne\s+soir[ée]e|merci(?:\s+d['’]avance|\s+beaucoup|\s+par\s+avance)?|[àa]\s+bient[ôo]t|bises|bisous|sign[ée]|(?:best|kind|warm)?\s*regards|sincerely|cheers|thanks(?:\s+in\s+advance|\s+a\s+lot|\s+so\s+much)?|thank\s+you|best\s+wishes|yours(?:\s+(?:truly|faithfully|sincerely))?|best|"
    rf"many\s+thanks)\s*[,.!:\-–—]*\s*)(?P<name>{_NAME})\s*[.!]?\s*(?:$|(?=\n|[\d(+]|[-–,]\s*\d|\S+@))"
)
_LAST_LINE = re.compile(rf"(?:\n\s*|\s[-–—]\s?)(?P<name>{_FULL})\s*\.?\s*$")
_ADDRESSED = re.compile(
    r"(?i:\b(?:employ[ée]e?|vendeuse|vendeur|conseill[èe]re?|conseiller|coll[èe]gue|technicienne?|livreur|g[ée]rante?|directeur|directrice|responsable|agent|advisor|manager|cashier|caissi[èe]re?)\s+)"
    rf"(?i:(?:nomm[ée]e?|appel[ée]e?|qui\s+s['’]appelle|named|called)\s+)(?P<name>{_NAME})"
)
_GREETED = re.compile(
    rf"(?i:^\s*(?:bonjour|bonsoir|salut|hello|hi|dear|cher|ch[èe]re|coucou|hey)\s+)(?P<name>(?!(?i:madame|monsieur|mesdames|messieurs|mr|mme|m|tout|toute|all|team|there|sir|la|le|les|je|j|l|à|a|c|vous|service|community|everyone|guys|support|customer)\b){_CAP}(?:\s+{_PART})?)(?=\s*[,!.\n])"
)
_NOT_NAMES = frozenset(
    [
        "bonjour",
        "bonsoir",
        "merci",
        "cordialement",
        "madame",
        "monsieur",
        "service",
        "client",
        "clients",
        "equipe",
        "équipe",
        "team",
        "support",
        "hello",
        "hi",
        "thanks",
        "france",
        "paris",
        "lyon",
        "marseille",
        "toulouse",
        "nice",
        "nantes",
        "bordeaux",
        "lille",
        "rennes",
        "londres",
        "london",
        "bravo",
        "super",
        "bonne",
        "bon",
        "belle",
        "la",
        "le",
        "les",
        "une",
        "un",
        "je",
        "vous",
        "nous",
        "google",
        "samsung",
        "apple",
        "huawei",
        "android",
        "iphone",
        "garmin",
        "amazon",
        "facebook",
        "instagram",
        "twitter",
        "tiktok",
        "youtube",
        "whatsapp",
        "sav",
        "top",
        "please",
        "svp",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "i",
        "it",
        "the",
        "this",
        "that",
        "my",
        "your",
        "app",
        "application",
        "il",
        "elle",
        "on",
        "ils",
        "elles",
        "ce",
        "c'est",
        "mais",
        "et",
        "ou",
        "pour",
        "si",
        "très",
        "tres",
        "pas",
        "de",
        "à",
        "a",
        "en",
    ]
)


def names(text: str) -> Iterator[Hit]:
    """Yield names that are introduced (« je m’appelle… »), titled, signed, or greeted at the start."""
    for pattern in (_INTRODUCED, _TITLED, _SIGNED, _ADDRESSED, _GREETED, _LAST_LINE):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            words = re.findall(r"[\w'’-]+", match["name"])
            if (words and words[0].casefold() not in _NOT_NAMES and not match["name"].isupper()) or (
                len(words) > 1 and not any(w.casefold() in _NOT_NAMES for w in words)
            ):
                yield start, end
