"""Which language a short social text is written in.

Words and letters that betray a language decide between the brand's languages, because a comment is
often shorter than what a statistical identifier needs. Only when they say nothing, or when the text
looks like none of the brand's languages, is ``py3langid`` asked (loaded on first need, about 2 s).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from copilot.language.identify import Identifier, letters, script

__all__ = ["common_words", "detect"]

UNDETERMINED = "und"


def detect(text: str, *, languages: Sequence[str] = ("fr", "en")) -> tuple[str, float]:
    """Return the ISO 639-1 code of the text's language and a confidence in 0..1.

    ``languages`` are the expected ones: they win where the text leaves a doubt. Another language is
    returned only when the text speaks for it clearly. ``und`` stands for a text that nobody could
    tell: emoji, digits, links or a bare name.
    """
    return _detected(text, tuple(languages))


@lru_cache(maxsize=1024)
def _detected(text: str, languages: tuple[str, ...]) -> tuple[str, float]:
    plain = letters(text)
    if not plain.strip():
        return UNDETERMINED, 0.0
    foreign = script(plain)
    if foreign:
        return foreign, 0.95
    return Identifier.shared().identify(plain, languages)


def common_words() -> frozenset[str]:
    """Return frequent words of all the languages we tell apart, folded to plain lower-case letters."""
    return Identifier.shared().common
