"""Sentences in another language inside a French text: their *tu* and *ton* are not ours.

Only the commonest words of the languages that share a form with the French pronouns are listed; a full
language detector costs seconds of start-up and is unsure of sentences this short.
"""

from __future__ import annotations

from collections.abc import Sequence

from copilot.register.lexicon import readings
from copilot.register.vocabulary import vocabulary

_FRENCH = vocabulary("foreign.french")
_FOREIGN = [vocabulary(f"foreign.{language}") for language in ("en", "es", "it", "pt")]
_SHARED = vocabulary("foreign.shared")


def is_foreign(words: Sequence[str], *, around: bool = False) -> bool:
    """Tell whether the lower-case words of one sentence are in English, Spanish, Italian or Portuguese.

    ``around``: the whole text is foreign, so that a sentence must look French to be read as French.
    """
    distinct = [word for word in words if word not in _SHARED]
    if len(words) < 2 and not around:
        return False
    french = sum(word in _FRENCH for word in distinct)
    others = max(sum(word in listed for word in distinct) for listed in _FOREIGN)
    if around and french <= others:
        return True
    if others <= french:
        return False
    if others >= 2 or french == 0:
        unknown = sum(1 for word in distinct if not readings(word))
        return others + unknown > len(distinct) / 2
    return False
