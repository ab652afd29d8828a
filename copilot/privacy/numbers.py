# ruff: noqa: E501
"""Numbers that point to a person: checked by key, by length and by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

Hit = tuple[int, int]

_GAP = r"[\s.\-\u00a0\u202f]?"
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \u00a0\u202f.\-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])"
)
_NIR = re.compile(
    rf"(?<!\d)[1-478]{_GAP}\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d{{2}}|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}\(?(?:cl[eé]\s*)?{_GAP}\d{{2}}\)?)?(?!\d)"
)
_CARD = re.compile(r"(?<!\d)(?:\d[ \u00a0\u202f.\-]?){12,18}\d(?!\d)")
_SIRET = re.compile(r"(?<!\d)\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{5}(?!\d)")
_SIREN = re.compile(
    r"(?i:\b(?:siren|rcs(?:\s+[\w-]+)?)\D{0,12})(\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3})(?!\d)"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:(?!SS|WW)[A-HJ-NP-TV-Z]{2}[-\s]\d{3}[-\s](?!SS)[A-HJ-NP-TV-Z]{2}"
    r"|(?!SS|WW)[A-HJ-NP-TV-Z]{2}(?!000)\d{3}(?!SS)[A-HJ-NP-TV-Z]{2})(?![\w-])"
)
_OLD_PLATE = re.compile(r"(?<![\w-])\d{2,4}[ -]?[A-Z]{2,3}[ -]?(?:\d{2}|2[AB])(?![\w-])")
_PLATE_WORD = re.compile(
    r"(?i)\b(?:plaques?|immatricul\w*|voiture|v[ée]hicule|scooter|moto|plate|registration|car)\b"
)
_PLATE_LOWER = re.compile(r"(?<![\w-])[a-hj-np-tv-z]{2}[- ]\d{3}[- ][a-hj-np-tv-z]{2}(?![\w-])")

_REFERENCE_WORD = (
    r"(?i:\b(?:n[°ºo]?\.?\s*(?:de\s+)?(?:ma\s+|la\s+|votre\s+)?|num[ée]ros?\s+(?:de\s+)?(?:ma\s+|la\s+|votre\s+)?|r[ée]f[ée]rences?\s+(?:de\s+|client\s+)?|ref\.?\s*)?"
    r"(?:commandes?|cde|colis|suivi|tracking|order|ticket|dossier|facture|invoice|r[ée]servation|booking|parcel|shipment|case|contrat|client|customer|r[ée]f[ée]rences?|r[ée]f|ref|reference|num[ée]ro|n[°º]|sav|devis|transaction|remboursement|abonn[ée])\b)"
)
_REFERENCE_LINK = r"(?i:\s*(?:(?:n[°ºo]|nr|no|number|num[ée]ro|num|id|ref|r[ée]f|code|est|is|the|de|d['’]|le|la)\b\.?|[:#=°\-(«\"]|n[°º])*\s*)"
_REFERENCE = re.compile(
    _REFERENCE_WORD
    + r"(?i:\s+(?:commande|colis|suivi|client|order|ticket|dossier|facture|tracking))?"
    + _REFERENCE_LINK
    + r"#?(?P<code>(?=[A-Za-z0-9_/-]*\d)[A-Za-z0-9](?:[A-Za-z0-9_/-]{3,30})[A-Za-z0-9])(?![\w@])"
)
_BARE_CODE = re.compile(
    r"(?<![\w#-])(?:#(?P<hash>\d{5,12})|(?P<code>(?:[A-Z]{2,5}-\d{2,4}-\d{3,10}|[A-Z]{2,4}[-_]\d{5,12})))(?![\w-])"
)
_PARCEL = re.compile(r"(?<![\w])(?:[A-Z]{2}\d{9}[A-Z]{2}|\d[A-Z]\d{11}|1Z[0-9A-Z]{16})(?!\w)")
_ID_WORD = re.compile(
    r"(?i:\b(?:passeports?|passport|cni|carte\s+(?:nationale\s+)?d['’]identit[ée]|carte\s+de\s+s[ée]jour|titre\s+de\s+s[ée]jour|pi[èe]ce\s+d['’]identit[ée]|identity\s+card|id\s+card|national\s+id|driv(?:ing|er['’]?s?)\s+licen[cs]e|permis\s+de\s+conduire|permis|ssn|nino|national\s+insurance)\b)"
    r"(?i:\s*(?:\b(?:n[°ºo]|num[ée]ro|number|no|nr|is|est|de|d['’]|le|la|mon|ma|my|fran[çc]ais\w*)\b\.?|[:#=°(])*\s*)"
    r"(?P<code>(?=[A-Z0-9 -]*\d)[A-Z0-9](?:[ -]?[A-Z0-9]){5,15})(?![\w])"
)
_PHONE_CANDIDATE = re.compile(
    r"(?<![\w.,/])(?:\+|00\s?|\(\+?\d{1,3}\)\s?|\(0\)|\()?\d(?:[\s.\-/()\u00a0\u202f\u2011]{0,3}\d){5,16}(?![\w]|[.,]\d|\s?[€$£%])"
)
_PHONE_WORD = re.compile(
    r"(?i)(?:t[ée]l(?:[ée]phon\w*)?|portable|mobile|phone|call|appel\w*|joindre|joignable|num[ée]ro|rappel\w*|sms|whatsapp|reach|ring|text)\W{0,3}(?:\w+\W+){0,3}$"
)


def ibans(text: str) -> Iterator[Hit]:
    """IBANs of any country, with a right key; a word glued behind is left out."""
    from stdnum import iban

    for match in _IBAN.finditer(text):
        raw = match.group()
        for end in range(len(raw), 14, -1):
            if raw[end - 1].isalnum() and iban.is_valid(
                raw[:end].replace(".", "").replace("\u202f", ""), check_country=False
            ):
                yield match.start(), match.start() + end
                break


def nirs(text: str) -> Iterator[Hit]:
    """French social security numbers; without their key they need thirteen digits and a right month."""
    from stdnum.fr import nir

    for match in _NIR.finditer(text):
        digits = re.sub(r"(?i)[^0-9ab]", "", re.sub(r"(?i)cl[eé]", "", match.group()))
        if (len(digits) == 15 and nir.is_valid(digits)) or (
            len(digits) == 13 and _near(text, match.start(), r"(?i)s[ée]cu|nir|insee|sociale|social")
        ):
            yield match.span()


def cards(text: str) -> Iterator[Hit]:
    """Payment cards: 13 to 19 digits, a known first digit, a right Luhn key."""
    from stdnum import luhn

    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if digits[0] in "23456" and len(set(digits)) > 2 and luhn.is_valid(digits):
            if len(digits) == 14 and not _near(text, match.start(), r"(?i)carte|card|cb|visa|master"):
                continue
            yield match.span()


def sirets(text: str) -> Iterator[Hit]:
    """SIRET numbers with a right key."""
    from stdnum.fr import siret

    for match in _SIRET.finditer(text):
        if siret.is_valid(re.sub(r"\D", "", match.group())):
            yield match.span()


def sirens(text: str) -> Iterator[Hit]:
    """SIREN numbers, where the text says that it is one."""
    from stdnum.fr import siren

    for match in _SIREN.finditer(text):
        if siren.is_valid(re.sub(r"\D", "", match[1])):
            yield match.span(1)


def phones(text: str, country: str) -> Iterator[Hit]:
    """Phone numbers in international writing, or in the national writing of ``country``."""
    import phonenumbers

    for match in _PHONE_CANDIDATE.finditer(text):
        raw = match.group()
        digits = re.sub(r"\D", "", raw)
        if not 8 <= len(digits) <= 15:
            continue
        international = raw.lstrip("(").startswith(("+", "00"))
        for region in (None,) if international else (country, *_neighbours(country)):
            cleaned = "+" + digits[2:] if digits.startswith("00") else raw
            if _valid(phonenumbers, cleaned, region):
                if region in (None, country) or _PHONE_WORD.search(text, 0, match.start()):
                    yield match.span()
                break


def _valid(library: object, raw: str, region: str | None) -> bool:
    try:
        number = library.parse(raw, region)  # type: ignore[attr-defined]
    except library.NumberParseException:  # type: ignore[attr-defined]
        return False
    return bool(library.is_valid_number(number))  # type: ignore[attr-defined]


def _neighbours(country: str) -> tuple[str, ...]:
    return tuple(code for code in ("FR", "BE", "CH", "GB", "US", "CA", "LU") if code != country)


def plates(text: str) -> Iterator[Hit]:
    """French licence plates, new and old; the old writing only near a word about vehicles."""
    for match in _PLATE.finditer(text):
        yield match.span()
    if _PLATE_WORD.search(text):
        for pattern in (_OLD_PLATE, _PLATE_LOWER):
            for match in pattern.finditer(text):
                yield match.span()


def orders(text: str) -> Iterator[Hit]:
    """Order, parcel, ticket and file numbers: named as such by the words before, or in a carrier's form."""
    for match in _REFERENCE.finditer(text):
        code = match["code"]
        if sum(c.isdigit() for c in code) >= 4 and not _looks_like_date(code):
            yield match.span("code")
    for match in _BARE_CODE.finditer(text):
        yield match.span(match.lastgroup or 0)
    for match in _PARCEL.finditer(text):
        yield match.span()


def identity_numbers(text: str) -> Iterator[Hit]:
    """Passport, identity card and driving licence numbers, where the text says so."""
    for match in _ID_WORD.finditer(text):
        yield match.span("code")


def _looks_like_date(code: str) -> bool:
    return re.fullmatch(r"\d{1,4}[/-]\d{1,2}(?:[/-]\d{2,4})?|(?:19|20)\d{2}", code) is not None


def _near(text: str, position: int, words: str, reach: int = 60) -> bool:
    return re.search(words, text[max(0, position - reach) : position]) is not None
