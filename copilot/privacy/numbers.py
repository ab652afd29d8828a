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
    rf"(?<!\d)[1-478]{_GAP}\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d{{2}}|2[ABab])"
    rf"{_GAP}\d{{3}}{_GAP}\d{{3}}(?:{_GAP}\(?(?:cl[eé]\s*)?{_GAP}\d{{2}}\)?)?(?!\d)"
)
_CARD = re.compile(r"(?<!\d)(?:\d[ \u00a0\u202f.\-]?){12,18}\d(?!\d)")
_SIRET = re.compile(r"(?<!\d)\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{5}(?!\d)")
_SIREN = re.compile(
    r"\b(?:siren|siret|rcs(?:\s+[\w-]+)?)\D{0,12}(\d{3}[ .\u00a0\u202f]?\d{3}[ .\u00a0\u202f]?\d{3})(?!\d)",
    re.I,
)
_PAIR = r"(?!SS|WW)[A-HJ-NP-TV-Z]{2}"
_PLATE = re.compile(rf"(?<![\w-]){_PAIR}(?P<gap>[-\s]?)(?!000)\d{{3}}(?P=gap){_PAIR}(?![\w-])")
_OTHER_PLATE = re.compile(
    r"(?<![\w-])(?:\d{2,4}[ -]?[A-Z]{2,3}[ -]?(?:\d{2}|2[AB])"
    r"|[a-hj-np-tv-z]{2}[- ]?\d{3}[- ]?[a-hj-np-tv-z]{2}|[A-Z]{2}\d{2}\s?[A-Z]{3}|\d-[A-Z]{3}-\d{3})(?![\w-])"
)
_PLATE_WORD = re.compile(
    r"\b(?:plaques?|immatricul\w*|voiture|v[ée]hicule|scooter|moto|plate|registration|camion|utilitaire)\b",
    re.I,
)
# What may stand between « commande » and its number: « commande client n° : », « order number is ».
_BETWEEN = r"""(?:\s|\b(?:n[or]|number|num[ée]ro|num|id|ref|r[ée]f[ée]rence|code|est|is|the|de|le|la|mon|ma|my
    |suivi|client|commande|colis|order|ticket|dossier|facture|tracking|porte|sous|internet|web|passeport|suivante?)\b\.?
    |[nd]['’°º]|[:#=°º.(«"\-–])*"""
_CODE = r"""(?P<code>(?=[A-Z0-9_/-]*\d)[A-Z0-9][A-Z0-9_/-]{3,30}[A-Z0-9])
    (?![\w@%€$]|[.,]\d|\s?[€$%]|\s(?:euros?|eur|km|wh|pas)\b)"""
_REFERENCE = re.compile(
    rf"""\b(?:commandes?|cde|order|ticket|dossier|facture|invoice|r[ée]servation|booking|r[ée]f[ée]rences?|r[ée]f|ref
    |tracking|suivi|n[°º])(?![a-zà-ÿ]){_BETWEEN}{_CODE}""",
    re.I | re.X,
)
# Words that stand beside figures of all kinds: they need « n° », « : » or « # » as well.
_NUMBERED = re.compile(
    rf"""\b(?:colis|parcel|shipment|case|contrat|contract|client|customer|num[ée]ro|sav|devis|transaction|panier|compte
    |remboursement|refund|abonn[ée]|livraison|delivery|retour|return|account|incident|demande)\s*
    (?:n[°ºo]|num[ée]ro|number|no\.?|id|ref|[:#=]){_BETWEEN}{_CODE}""",
    re.I | re.X,
)
_BARE_CODE = re.compile(
    r"(?<![\w#-])(?:#(?P<hash>\d{5,12})|(?P<code>[A-Z]{2,5}-\d{2,4}-\d{3,10}|[A-Z]{2,4}[-_]\d{5,12}))(?![\w-])"
)
_PARCEL = re.compile(r"(?<!\w)(?:[A-Z]{2}\d{9}[A-Z]{2}|\d[A-Z]\d{11}|1Z[0-9A-Z]{16})(?!\w)")
_ID = re.compile(
    rf"""\b(?:passeports?|passport|cni|(?:carte|titre)\s+(?:nationale?\s+)?(?:d['’]identit[ée]|de\s+s[ée]jour)
    |pi[èe]ce\s+d['’]identit[ée]|identity\s+card|id\s+card|national\s+id|driv(?:ing|er['’]?s?)\s+licen[cs]e
    |permis(?:\s+de\s+conduire)?|ssn|nino|national\s+insurance)\b{_BETWEEN}
    (?P<code>(?-i:(?=[A-Z0-9 -]*\d)[A-Z0-9](?:[ -]?[A-Z0-9]){{5,15}}))(?!\w)""",
    re.I | re.X,
)
_PHONE_CANDIDATE = re.compile(
    r"(?<![\w.,/])(?:\+|00\s?|\(\+?\d{1,3}\)\s?|\(0\)|\()?\d(?:[\s.\-/()\u00a0\u202f\u2011]{0,3}\d){5,16}"
    r"(?![\w]|[.,]\d|\s?[€$£%])"
)
_PHONE_WORD = re.compile(
    r"(?:t[ée]l(?:[ée]phon\w*)?|portable|mobile|phone|call|appel\w*|joindre|joignable|num[ée]ro|rappel\w*|sms"
    r"|whatsapp|reach|ring|text)\W{0,3}(?:\w+\W+){0,3}$",
    re.I,
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
    for match in _PHONE_CANDIDATE.finditer(text):
        raw = match.group()
        digits = re.sub(r"\D", "", raw)
        if not 8 <= len(digits) <= 15:
            continue
        if raw.lstrip("(").startswith(("+", "00")):
            international = re.sub(r"\D", "", raw.replace("(0)", "")).removeprefix("00")
            if _possible("+" + international, None) or (
                raw.lstrip("(")[0] == "+" and len(international) >= 10
            ):
                yield match.span()
        elif _national(raw, digits, country) or (
            _PHONE_WORD.search(text, 0, match.start())
            and any(_possible(raw, region, valid=True) for region in _neighbours(country))
        ):
            yield match.span()


def _national(raw: str, digits: str, country: str) -> bool:
    # Ranges are opened faster than libraries learn of them: in France the form decides.
    if country == "FR":
        return re.fullmatch(r"0[1-9]\d{8}", digits) is not None or _possible(raw, country, valid=True)
    return _possible(raw, country, valid=True)


def _possible(raw: str, region: str | None, *, valid: bool = False) -> bool:
    import phonenumbers

    try:
        number = phonenumbers.parse(raw.replace("(0)", ""), region)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) if valid else phonenumbers.is_possible_number(number)


def _neighbours(country: str) -> tuple[str, ...]:
    return tuple(code for code in ("FR", "BE", "CH", "GB", "US", "CA", "LU") if code != country)


def plates(text: str) -> Iterator[Hit]:
    """Licence plates: today's French writing; other writings only near a word about vehicles."""
    for match in _PLATE.finditer(text):
        yield match.span()
    if _PLATE_WORD.search(text):
        for match in _OTHER_PLATE.finditer(text):
            yield match.span()


def orders(text: str) -> Iterator[Hit]:
    """Order, parcel, ticket and file numbers: named as such by the words before, or in a carrier's form."""
    for pattern in (_REFERENCE, _NUMBERED):
        for match in pattern.finditer(text):
            code = match["code"]
            if sum(c.isdigit() for c in code) >= 4 and not _looks_like_date(code):
                yield match.span("code")
    for match in _BARE_CODE.finditer(text):
        yield match.span(match.lastgroup or 0)
    for match in _PARCEL.finditer(text):
        yield match.span()


def identity_numbers(text: str) -> Iterator[Hit]:
    """Passport, identity card and driving licence numbers, where the text says so."""
    for match in _ID.finditer(text):
        yield match.span("code")


def _looks_like_date(code: str) -> bool:
    return re.fullmatch(r"\d{1,4}[/-]\d{1,2}(?:[/-]\d{2,4})?|(?:19|20)\d{2}", code) is not None


def _near(text: str, position: int, words: str, reach: int = 60) -> bool:
    return re.search(words, text[max(0, position - reach) : position]) is not None
