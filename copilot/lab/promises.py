"""What a brand promises of every text it publishes: each kept, broken, or not at stake.

The same promises stand behind our types of assertion and behind the comparison of two runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

from copilot.lab.outcome import Outcome

LEVELS = ("suggestion", "warning", "error")
BROKEN_STATES = frozenset(("contradicted", "condition_dropped", "not_found"))

Promised = tuple[bool, float, str]
"""Whether it is kept, how far (0..1), and what speaks against it."""


def supported(_: Any, outcome: Outcome) -> Promised:
    """Every fact is proved by the knowledge; the score is the share of proved facts."""
    broken = [text for state, text in outcome.claims if state in BROKEN_STATES]
    kept = 1 - len(broken) / len(outcome.claims) if outcome.claims else 1.0
    return not broken, kept, " · ".join(broken)


def no_findings(level: Any, outcome: Outcome) -> Promised:
    """No finding of ``level`` (default: error) or worse."""
    least = LEVELS.index(level or "error")
    found = [f"{rule} « {match} »" for rule, at, match in outcome.findings if LEVELS.index(at) >= least]
    return not found, float(not found), " · ".join(found)


def register(wanted: Any, outcome: Outcome) -> Promised:
    """The reader is called ``tu`` or ``vous`` throughout, if at all; without a value: as the brand does."""
    if wanted:
        kept = outcome.register in (wanted, "none", "plural")
    else:
        kept = not any(rule.startswith("register.") for rule, _, _ in outcome.findings)
    return kept, float(kept), outcome.register


def within_channel(_: Any, outcome: Outcome) -> Promised:
    """The text fits its channel."""
    kept = outcome.limit is None or outcome.used <= outcome.limit
    return kept, float(kept), f"{outcome.used}/{outcome.limit}"


def answers_with(wanted: Any, outcome: Outcome) -> Promised:
    """The text stands on every passage named; the score is the share of those it stands on."""
    ids = [wanted] if isinstance(wanted, str) else list(wanted or ())
    missing = [name for name in ids if name not in outcome.evidence]
    score = 1 - len(missing) / len(ids) if ids else 1.0
    return not missing, score, ", ".join(missing)


def declines(_: Any, outcome: Outcome) -> Promised:
    """The text states nothing: it asks, hands over, or says that it does not know."""
    return not outcome.answered, float(not outcome.answered), ""


def empathy(_: Any, outcome: Outcome) -> Promised:
    """The text says that it understands, or that it is sorry."""
    kept = _patterns()["empathy"].search(outcome.text) is not None
    return kept, float(kept), ""


def terms(_: Any, outcome: Outcome) -> Promised:
    """The brand's own words, and none of the promises that nobody may make for it."""
    found = [f"{rule} « {match} »" for rule, _, match in outcome.findings if _is_of_terms(rule)]
    return not found, float(not found), " · ".join(found)


PROMISES: dict[str, Callable[[Any, Outcome], Promised]] = {
    "facts": supported,
    "register": register,
    "terms": terms,
    "length": within_channel,
    "empathy": empathy,
    "findings": no_findings,
}
"""What two runs are compared by, beside the cases' own assertions."""


def kept(outcome: Outcome) -> dict[str, bool]:
    """Return which promises a text keeps; one that is not at stake is left out."""
    at_stake = {
        "register": outcome.language == "fr",
        "length": outcome.limit is not None,
        "empathy": outcome.upset and bool(outcome.text),
    }
    return {name: promise(None, outcome)[0] for name, promise in PROMISES.items() if at_stake.get(name, True)}


def against(name: str, outcome: Outcome) -> str:
    """Return what speaks against a promise, empty when it is kept."""
    passed, _, found = PROMISES[name](None, outcome)
    return "" if passed else found


def _is_of_terms(rule: str) -> bool:
    return _patterns()["terms"].match(rule) is not None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    import yaml

    text = (resources.files("copilot.lab") / "promises.yml").read_text(encoding="utf-8")
    return {name: re.compile("|".join(parts), re.IGNORECASE) for name, parts in yaml.safe_load(text).items()}
