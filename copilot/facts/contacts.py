"""E-mail addresses, links, telephone numbers, postcodes and references with their canonical value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from copilot.facts.mention import Mention

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_TLD = (
    "fr|com|eu|org|net|io|shop|co\\.uk|org\\.uk|gov\\.uk|gouv\\.fr|uk|be|ch|ca|de|es|it|nl|lu|pt"
    "|ie|us|app|bio|co|info|"
    "store|online|me|ly|coop|tv|example|test|green|paris|bzh|alsace|corsica|re|biz|pro|dev|ai"
    "|page|link|help|care|city|eus"
)
_LINK = re.compile(
    rf"https?://[^\s<>()«»\"'\]]+"
    rf"|(?<![\w@.-])(?:[a-z0-9-]{{1,63}}\.){{1,8}}(?:{_TLD})(?![\w@-])(?:[/?#][^\s<>()«»\"'\]]*)?"
)
_PHONE = re.compile(
    r"(?<![\w+/,.])(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\)[ .-]?)?\d(?:[ .\-/]?\d){6,11}"
    r"|0[ .-]?\d(?:[ .\-/]?\d){7,9}"
    r"|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|1[ -]8\d\d[ -]\d{3}[ -]\d{4})(?![\w€%])"
)
_SHORT = re.compile(
    r"\b(?:au|le|composez|composant|appelez|appelant|numero|call|dial|phone|ring|text|tel\.?"
    r"|telephone|sms au|to)[ :]*(?:le |on |vert )?"
    r"(?P<n>3\d ?\d\d|10\d\d|1 ?1[ 0-9]\d{1,4}|[3678]\d{4})(?![\d/]| ?[€%]| \d| (?:euros|jours"
    r"|km|points|ans|pieces|days))"
)
_POSTCODE = re.compile(
    r"(?<![\d.,/-])(?P<p>(?:0[1-9]|[1-9]\d)\d{3})(?= +[a-z]{3,}|[ ,)]*$)(?! (?:euros|km|points"
    r"|pieces|jours|clients|pas))"
)
_REFERENCE = re.compile(
    r"(?<![\w@#/.'-])(?=[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])(?:[a-z]{1,10}-?\d{1,8}(?:[a-z]{1,4})?(?:-[a-z0-9]+)*)(?![\w@/'])"
)
_NOT_REFERENCE = re.compile(
    r"(?:under|over|moins|plus|age)-?\d+s?|[jd]\d+|\d+(?:h|e|er|eme|th|st|nd|rd|ans|j|x)|(?:h|t|n)\d{1,2}h?"
)


def contacts(text: str, region: str) -> Iterator[Mention]:
    """Yield e-mails, links and telephone numbers of folded ``text``; ``region`` is the default country."""
    for found in _EMAIL.finditer(text):
        value = found[0].rstrip(".-")
        yield Mention("email", found.start(), found.start() + len(value), value)
    for found in _LINK.finditer(text):
        link = found[0].rstrip(".,;:!?…")
        yield Mention("link", found.start(), found.start() + len(link), canonical_link(link))
    for found in _PHONE.finditer(text):
        if not re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", found[0]):
            yield Mention("phone", found.start(), found.end(), canonical_phone(found[0], region))
    for found in _SHORT.finditer(text):
        yield Mention("phone", found.start("n"), found.end("n"), re.sub(r"\D", "", found["n"]))


def references(text: str) -> Iterator[Mention]:
    """Yield postcodes and alphanumeric references (models, orders)."""
    for found in _POSTCODE.finditer(text):
        yield Mention("postcode", found.start("p"), found.end("p"), found["p"])
    for found in _REFERENCE.finditer(text):
        if not _NOT_REFERENCE.fullmatch(found[0]):
            yield Mention("reference", found.start(), found.end(), found[0].replace("-", ""))


def canonical_link(link: str) -> str:
    """Drop scheme, ``www.`` and the last slash: what a browser treats as the same page."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", link).rstrip("/")


def canonical_phone(written: str, region: str) -> str:
    """Return the national significant number, so that ``+33 1…``, ``0033 1…`` and ``01…`` agree."""
    import phonenumbers

    try:
        number = phonenumbers.parse(re.sub(r"\(0\)", "", re.sub(r"^00", "+", written)), region)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", written)
    return str(number.national_number)
