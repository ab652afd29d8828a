"""Numbers as people write them: ``1 500``, ``12,90``, ``1,500.00``, ``quatre-vingt-douze``, ``twenty-four``.

Everything here reads *folded* text: lower case, no accents, plain spaces and apostrophes.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_FR = {
    **{
        w: n
        for n, w in enumerate(
            [
                "zero",
                "un",
                "deux",
                "trois",
                "quatre",
                "cinq",
                "six",
                "sept",
                "huit",
                "neuf",
                "dix",
                "onze",
                "douze",
                "treize",
                "quatorze",
                "quinze",
                "seize",
            ]
        )
    },
    **{"une": 1, "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50},
    **{"soixante": 60, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90},
}
_EN = {
    **{
        w: n
        for n, w in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
                "sixteen",
                "seventeen",
                "eighteen",
                "nineteen",
            ]
        )
    },
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70},
    **{"eighty": 80, "ninety": 90},
}
_TEN = 10
_SCALES = {"cent": 100, "cents": 100, "hundred": 100, "mille": 1000, "thousand": 1000}
_SCALES_OF = {"fr": ("cent", "cents", "mille"), "en": ("hundred", "thousand")}
_GROUPS = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "dozen": 12,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
_WORDS = {"fr": _FR, "en": _EN}

_GROUPED = tuple(rf"{word}s?(?: d(?:e\b|'))?" for word in _GROUPS)

DIGITS = (
    r"(?:[1-9]\d{0,2}(?:[ .]\d{3})+(?:,\d{1,2})?|[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d+)?)(?!\d)"
)


def _words_pattern(language: str) -> str:
    words = [*_WORDS.get(language, _EN), *_SCALES_OF.get(language, _SCALES)]
    one = "(?:" + "|".join([*_GROUPED, *sorted(words, key=len, reverse=True)]) + ")"
    # "One and six" are two numbers, "a hundred and six" is one.
    glue = (
        r"(?:-|[ -]et[ -](?=une?\b|onze)| )"
        if language == "fr"
        else r"(?:-|(?<=hundred) and |(?<=thousand) and | )"
    )
    # Possessive, so that "twenty-four" is never read as twenty and four.
    return rf"(?<![a-z]){one}(?:{glue}{one}(?![a-z]))*+(?:(?<=')|(?![a-z]))"


NUMBER = {
    language: rf"(?:(?<![\w.,])(?<!\d[ ]){DIGITS}|{_words_pattern(language)})" for language in ("fr", "en")
}
"""Pattern of one number, in digits or in words, by language."""


def parse_number(text: str) -> Decimal | None:
    """Read one folded number in digits or in words, None when it is none.

    A comma or a point before exactly three digits separates thousands, otherwise decimals.
    """
    text = text.strip()
    if text[:1].isdigit():
        return _parse_digits(text)
    return _parse_words(re.findall(r"[a-z]+", text))


def _parse_digits(text: str) -> Decimal | None:
    compact = text.replace(" ", "")
    if re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+(?:[.,]\d{1,2})?", compact):
        head, separator, tail = re.fullmatch(r"(.*?\d{3})(?:([.,])(\d{1,2}))?", compact).groups()  # type: ignore[union-attr]
        compact = re.sub(r"[.,]", "", head) + ("." + tail if separator else "")
    try:
        return Decimal(compact.replace(",", "."))
    except InvalidOperation:
        return None


def _parse_words(words: list[str]) -> Decimal | None:
    total = current = 0
    seen = False
    for word in words:
        if word in ("et", "and", "de", "d"):
            continue
        if (group := _GROUPS.get(word.removesuffix("s"))) is not None:
            current, seen = group * max(current, 1), True
            continue
        value = _FR.get(word, _EN.get(word))
        if value is not None:
            if (
                0 < current % 100 < _TEN
                and value < _TEN
                and not (current % 100 == 4 and word.startswith("vingt"))
            ):
                # "Two three-hour sessions": two numerals side by side are no number.
                return None
            # quatre-vingts multiplies where every other pair of numerals adds.
            current = current * 20 if word.startswith("vingt") and current % 100 == 4 else current + value
        elif _SCALES.get(word) == 100:
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * 1000, 0
        else:
            return None
        seen = True
    return Decimal(total + current) if seen else None


def time_of_day(minutes: int) -> str:
    """Write minutes after midnight: ``T09:30``."""
    return f"T{minutes // 60:02d}:{minutes % 60:02d}"


def plain(value: Decimal) -> str:
    """Write a number without a trailing zero or exponent: ``12.9``, ``1500``."""
    text = format(value.normalize(), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
