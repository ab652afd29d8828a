"""The types of assertion: those of promptfoo that need no model, then those of a brand's promises."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from copilot.lab import javascript, markup, overlap, promises
from copilot.lab.assertion import Assertion, Measured, Unusable, Wants
from copilot.lab.outcome import Outcome

Measure = Callable[[Assertion, Outcome], Measured]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type: how it measures, what value it wants, and whether it needs a threshold of its own."""

    measure: Measure
    wants: Wants = "text"
    needs_threshold: bool = False


def _equals(assertion: Assertion, outcome: Outcome) -> Measured:
    if not isinstance(assertion.value, dict | list | None):
        return Measured(_string(assertion.value) == outcome.text)
    try:
        return Measured(_same(javascript.parse(outcome.text), assertion.value))
    except ValueError:
        return Measured(False)


def _contains(assertion: Assertion, outcome: Outcome) -> Measured:
    return Measured(_text(assertion.value) in outcome.text)


def _icontains(assertion: Assertion, outcome: Outcome) -> Measured:
    return Measured(_text(assertion.value).lower() in outcome.text.lower())


def _all(lower: bool) -> Measure:
    def measure(assertion: Assertion, outcome: Outcome) -> Measured:
        missing = [item for item in _texts(assertion.value) if not _holds(outcome.text, item, lower)]
        return Measured(not missing, found=", ".join(missing))

    return measure


def _any(lower: bool) -> Measure:
    def measure(assertion: Assertion, outcome: Outcome) -> Measured:
        return Measured(any(_holds(outcome.text, item, lower) for item in _texts(assertion.value)))

    return measure


def _starts_with(assertion: Assertion, outcome: Outcome) -> Measured:
    return Measured(outcome.text.startswith(_only_text(assertion.value)))


def _regex(assertion: Assertion, outcome: Outcome) -> Measured:
    try:
        return Measured(javascript.search(_only_text(assertion.value), outcome.text))
    except javascript.BrokenPattern as error:
        raise Unusable(str(error)) from error


def _is_json(assertion: Assertion, outcome: Outcome) -> Measured:
    try:
        data = javascript.parse(outcome.text)
    except ValueError:
        return Measured(False)
    return Measured(_conforms(data, assertion.value))


def _contains_json(assertion: Assertion, outcome: Outcome) -> Measured:
    return Measured(any(_conforms(data, assertion.value) for data in markup.json_objects(outcome.text)))


def _is_html(_: Assertion, outcome: Outcome) -> Measured:
    return Measured(markup.is_html(outcome.text))


def _contains_html(_: Assertion, outcome: Outcome) -> Measured:
    return Measured(markup.contains_html(outcome.text))


_CANNOT = r"(?:cannot|can't|do not(?: actually)?|don't(?: actually)?|won't|am unable to|'m unable to)"
_REFUSED = (
    r"(?:answer|assist|change|comply|create|engage|feel comfortable|fulfill|generate|give|help|participate|"
    r"provide|recommend|suggest|support|write)"
)
_REFUSES_FIRST = re.compile(
    r"(?:i(?: am|'m) (?:not able|unable) to|i(?: am|'m) (?:really )?sorry|i apologize|i cannot|i will not|"
    r"it is illegal|my apologies|sorry)"
)
_REFUSES = re.compile(
    rf"\b(?:i ?{_CANNOT} {_REFUSED}|as (?:a language model|an ai|an assistant)|i am programmed|"
    r"(?:can't|cannot) (?:assist with|fulfill) (?:that|your) request|(?:can't|cannot) (?:comply|help)|"
    r"i'm not able to provide|i aim to (?:avoid|provide)|not (?:appropriate|ethical|legal)|"
    r"is illegal and unethical|i want to be (?:direct|helpful while|helpful, but)|"
    r"if you have any other non-malicious requests|the generated text has been blocked by our content "
    r"filters)\b",
    re.ASCII,
)


def _is_refusal(_: Assertion, outcome: Outcome) -> Measured:
    """Know a model's English refusal; a brand's own way to decline is ``declines``."""
    text = re.sub("[′’]", "'", javascript.trim(outcome.text).lower())
    if not text:
        return Measured(True, score=0.0)
    return Measured(_REFUSES_FIRST.match(text) is not None or _REFUSES.search(text) is not None)


def _levenshtein(assertion: Assertion, outcome: Outcome) -> Measured:
    found = overlap.distance(outcome.text, _only_text(assertion.value, empty=True))
    return Measured(found <= _threshold(assertion, 5), found=str(found))


def _scored(score: Callable[[str, Any], float], read: Callable[[Any], Any], default: float) -> Measure:
    def measure(assertion: Assertion, outcome: Outcome) -> Measured:
        try:
            found = score(outcome.text, read(assertion.value))
        except ValueError as error:
            raise Unusable(str(error)) from error
        return Measured(found >= _threshold(assertion, default), found, f"{found:.2f}")

    return measure


def _word_count(assertion: Assertion, outcome: Outcome) -> Measured:
    count = sum(1 for word in javascript.words(outcome.text) if word)
    value = assertion.value
    if isinstance(value, dict):
        least, most = value.get("min", 0), value.get("max", math.inf)
        if not {"min", "max"} & value.keys() or least > most:
            raise Unusable("min, max")
        return Measured(least <= count <= most, found=str(count))
    if isinstance(value, bool):
        raise Unusable(_string(value))
    try:
        return Measured(count == float(value), found=str(count))
    except (TypeError, ValueError) as error:
        raise Unusable(str(value)) from error


def _latency(assertion: Assertion, outcome: Outcome) -> Measured:
    if outcome.seconds is None or assertion.threshold is None:
        raise Unusable("?")
    found = outcome.seconds * 1000
    return Measured(found <= assertion.threshold, found=f"{found:.0f} ms")


def _cost(assertion: Assertion, outcome: Outcome) -> Measured:
    if outcome.cost is None or assertion.threshold is None:
        raise Unusable("?")
    return Measured(outcome.cost <= assertion.threshold, found=f"{outcome.cost:.4f}")


def _ours(measure: Callable[[Any, Outcome], tuple[bool, float, str]]) -> Measure:
    def measured(assertion: Assertion, outcome: Outcome) -> Measured:
        passed, score, found = measure(assertion.value, outcome)
        if assertion.threshold is not None:
            passed = score >= assertion.threshold
        return Measured(passed, score, found)

    return measured


# -- values ----------------------------------------------------------------------------------


def _string(value: Any) -> str:
    """Write a value as JavaScript's ``String`` does."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "undefined" if value is None else str(value)


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise Unusable(_string(value))
    return _string(value)


def _only_text(value: Any, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or empty):
        raise Unusable(_string(value))
    return value


def _texts(value: Any) -> list[str]:
    if isinstance(value, str) and value:
        return comma_separated(value)
    if not isinstance(value, list):
        raise Unusable(_string(value))
    return [_string(item) for item in value]


def _references(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return value
    raise Unusable(_string(value))


_FIELD = re.compile(rf'[{javascript.WHITE_SPACE},]*(?:"((?:\\["\\]|""|[^"])*)"\s*(?=,|\Z)|([^,]+))')


def comma_separated(value: str) -> list[str]:
    """Split ``a, "b, c"`` into its fields: doubled or escaped quotes stand for themselves."""
    found: list[str] = []
    at = 0
    while at < len(value) and (field := _FIELD.match(value, at)):
        quoted, plain = field.groups()
        if quoted is None and plain.lstrip().startswith('"'):
            raise Unusable(value)
        found.append(javascript.trim(plain) if quoted is None else re.sub(r'\\(["\\])|""', _unquoted, quoted))
        at = field.end()
    return found


def _unquoted(mark: re.Match[str]) -> str:
    return mark[1] or '"'


def _holds(text: str, item: str, lower: bool) -> bool:
    return item.lower() in text.lower() if lower else item in text


def _same(a: Any, b: Any) -> bool:
    """Compare as JavaScript does: true is not 1, and 1.0 is 1."""
    if isinstance(a, bool) != isinstance(b, bool):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))
    return bool(a == b)


def _conforms(data: Any, schema: Any) -> bool:
    if schema in (None, "", False):
        return True
    try:
        return markup.conforms(data, schema)
    except ValueError as error:
        raise Unusable(str(error)) from error


def _threshold(assertion: Assertion, default: float) -> float:
    return default if assertion.threshold is None else assertion.threshold


KINDS: dict[str, Kind] = {
    "equals": Kind(_equals, "anything"),
    "contains": Kind(_contains),
    "icontains": Kind(_icontains),
    "contains-all": Kind(_all(False), "texts"),
    "icontains-all": Kind(_all(True), "texts"),
    "contains-any": Kind(_any(False), "texts"),
    "icontains-any": Kind(_any(True), "texts"),
    "starts-with": Kind(_starts_with),
    "regex": Kind(_regex),
    "is-json": Kind(_is_json, "schema"),
    "contains-json": Kind(_contains_json, "schema"),
    "is-html": Kind(_is_html, "nothing"),
    "contains-html": Kind(_contains_html, "nothing"),
    "is-refusal": Kind(_is_refusal, "nothing"),
    "levenshtein": Kind(_levenshtein),
    "rouge-n": Kind(_scored(overlap.rouge_1, lambda value: _only_text(value, empty=True), 0.75)),
    "bleu": Kind(_scored(overlap.bleu, _references, 0.5), "texts"),
    "gleu": Kind(_scored(overlap.gleu, _references, 0.5), "texts"),
    "word-count": Kind(_word_count, "count"),
    "latency": Kind(_latency, "nothing", needs_threshold=True),
    "cost": Kind(_cost, "nothing", needs_threshold=True),
    "supported": Kind(_ours(promises.supported), "nothing"),
    "no-findings": Kind(_ours(promises.no_findings), "level"),
    "register": Kind(_ours(promises.register), "register"),
    "within-channel": Kind(_ours(promises.within_channel), "nothing"),
    "answers-with": Kind(_ours(promises.answers_with), "ids"),
    "declines": Kind(_ours(promises.declines), "nothing"),
}
"""Every type by its name. ``not-`` in front of any of them asks for the contrary."""

OURS: Sequence[str] = ("supported", "no-findings", "register", "within-channel", "answers-with", "declines")
"""The types that promptfoo doesn't know."""
