"""Countries inside the regions that a policy speaks of: Spain when a source says the European Union."""

from __future__ import annotations

import re
from functools import cache

_EU = re.findall("..", "ATBEBGHRCYCZDKEEFIFRDEGRHUIEITLVLTLUMTNLPLPTROSKSIESSE")
_EEA = [*_EU, "IS", "LI", "NO"]
_EUROPE = [*_EEA, "AL", "AD", "BA", "CH", "GB", "MC", "MD", "ME", "MK", "RS", "SM", "UA", "VA", "XK"]
# Members of the Union and of the Economic Area: europa.eu and efta.int, 2026.
_REGIONS = {
    r"\b(?:union europeenne|european union|ue|eu)\b": frozenset(_EU),
    r"\b(?:espace economique europeen|european economic area|eee|eea)\b": frozenset(_EEA),
    r"\beurope\b": frozenset(_EUROPE),
    r"\b(?:a l'etranger|hors de france|monde entier|abroad|overseas|international\w*)\b": frozenset(),
}
_PATTERNS = {re.compile(pattern): codes for pattern, codes in _REGIONS.items()}


@cache
def _countries() -> dict[str, str]:
    from babel import Locale

    from copilot.facts.lexicon import folded

    return {
        folded(name): code
        for language in ("fr", "en")
        for code, name in Locale(language).territories.items()
        if re.fullmatch(r"[A-Z]{2}", code)
    }


def within(name: str, text: str) -> bool:
    """Does a folded ``text`` name a region that holds the country of the folded ``name``?"""
    code = _countries().get(name)
    if code is None:
        return False
    return any(pattern.search(text) and (not codes or code in codes) for pattern, codes in _PATTERNS.items())
