"""The triage of a comment: signs gathered, then the first case of ``routes.yml`` that holds decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from copilot import language, messages
from copilot.brand import Brand
from copilot.moderation.hate import THRESHOLD as hate_threshold
from copilot.moderation.words import cut
from copilot.records import Comment, Label, Localized, Sentiment, Span, Triage
from copilot.triage import corrections
from copilot.triage.leaning import addressed, told_plainly
from copilot.triage.learned import LABELS as LEARNED
from copilot.triage.learned import told_by
from copilot.triage.rules import routes
from copilot.triage.sentiment import sentiment
from copilot.triage.signs import PROTEST, Signs, gather

_CONTACT_OF = {
    "escalate_care": "care",
    "escalate_pr": "pr",
    "escalate_legal": "legal",
    "escalate_safety": "safety",
}
_DOUBT = 0.55
_LONGEST = 20_000  # characters that are read; no platform lets a comment be longer
_SENSITIVE = frozenset(("email", "phone", "address", "iban", "card", "nir", "id_number", "plate"))


def triage(
    comment: Comment, *, brand: Brand | None = None, folder: Path | None = None, today: date | None = None
) -> Triage:
    """Say what a comment is and where it goes.

    Args:
        comment: untrusted text.
        brand: gives the languages, the country of the emergency numbers, order patterns and contacts.
        folder: the workspace's ``knowledge/triage``, for corrections.
        today: reserved for rules that depend on a date.

    Raises:
        FileFormatError: the corrections file has a mistake.
    """
    del today
    known = brand or _nobody()
    text = comment.text[:_LONGEST]
    signs = gather(text, known, folder)
    table = routes(folder)
    case = next(case for case in table["cases"] if _holds(case["when"], signs))
    labels = _labels(signs)
    result = Triage(
        language=language.detect(text, languages=known.languages)[0],
        intents=labels,
        sentiment=_sentiment(signs),
        urgency=_urgency(case["urgency"], signs),
        toxicity=signs.abuse.toxicity,
        severity=case["level"],
        personal_data=signs.personal_data,
        needs_reply=bool(case["reply"]),
        route=case["route"],
        unsure=_unsure(signs),
        explanation=_explanation(case["when"], signs, table["emergency"], known.country),
        contact=_contact(case["route"], known),
    )
    near = case["when"] not in _NEVER_BY_LIKENESS
    correction = corrections.applying(text, corrections.load(folder), near=near)
    return _corrected(result, correction) if correction else result


def triage_many(
    comments: Iterable[Comment],
    *,
    brand: Brand | None = None,
    folder: Path | None = None,
    today: date | None = None,
) -> list[Triage]:
    """Triage a batch; the same as one by one, with the files read once."""
    return [triage(comment, brand=brand, folder=folder, today=today) for comment in comments]


@cache
def _nobody() -> Brand:
    return Brand(name="")


def _holds(case: str, signs: Signs) -> bool:
    return _CASES[case](signs)


def _request(signs: Signs) -> bool:
    return any(signs.has(label) for label in ("question", "complaint", "suggestion", "purchase"))


_MENTION = re.compile(r"(?<!\w)@[\w.]+")
_LAUGH = frozenset("ok okay oki lol mdr ptdr haha hahaha xd hihi hehe lmao jaja mdrr mdrrr ahah".split())  # noqa: SIM905


def _says_nothing(signs: Signs) -> bool:
    """Whether nothing is said to the brand: names of friends, laughter, a nod in emoji."""
    said = [
        word for word in cut(_MENTION.sub(" ", signs.text)).words if word[0].isalnum() and word not in _LAUGH
    ]
    if said:
        tagged = _MENTION.match(signs.text.strip()) is not None and len(said) <= 4
        return tagged and not signs.has("question") and not signs.has("complaint")
    return not signs.has("complaint") and "?" not in signs.text


_CASES: Mapping[str, Callable[[Signs], bool]] = {
    "self_harm": lambda s: bool(s.abuse.self_harm) or "self_harm" in s.hits,
    "threat": lambda s: s.kind == "threat",
    "hate": lambda s: s.kind == "hate",
    "sexual": lambda s: s.kind == "sexual",
    "injection": lambda s: s.injection.found or "injection" in s.hits,
    "scam": lambda s: s.spam.found and s.spam.scam,
    "spam": lambda s: s.spam.found or "spam" in s.hits,
    "danger": lambda s: s.has("danger"),
    "legal": lambda s: s.has("legal"),
    "press": lambda s: s.has("press") and not s.spam.found,
    "crisis": lambda s: s.has("crisis") and not s.spam.found,
    "insult_only": lambda s: s.kind == "insult" and not _request(s),
    "insult_complaint": lambda s: s.kind == "insult",
    "personal_data": lambda s: any(item.kind in _SENSITIVE for item in s.personal_data),
    "private_matter": lambda s: (
        any(item.kind == "order" for item in s.personal_data)
        or (s.has("complaint") and s.has("mine"))
        or s.has("status")
    ),
    "off_topic": lambda s: s.has("off_topic") and not s.has("complaint") and not s.has("purchase"),
    "nothing": _says_nothing,
    "profanity": lambda s: s.kind == "profanity",
    "any": lambda _: True,
}


def _labels(signs: Signs) -> tuple[Label, ...]:
    spans: dict[str, tuple[Span, ...]] = {
        name: tuple(hit.span for hit in signs.hits.get(name, ())) for name in corrections.INTENTS
    }
    if not spans["self_harm"] and not signs.abuse.self_harm:
        spans["crisis"] += tuple(hit.span for name in _GRAVE for hit in signs.hits.get(name, ()))
    if signs.has("complaint"):
        protest = tuple(hit.span for name in PROTEST for hit in signs.hits.get(name, ()))
        spans["complaint"] = signs.polarity.blame_spans + protest or signs.leaning
    spans["praise"] = signs.polarity.praise_spans
    for name in LEARNED:
        borne = signs.has(name)
        spans[name] = (spans[name] or told_by(signs.text, name)) if borne else ()
    for kind in ("insult", "hate", "threat", "sexual"):
        spans[kind] += signs.abuse.spans(kind)
    spans["self_harm"] += signs.abuse.self_harm
    spans["spam"] += signs.spam.reasons if signs.spam.found else ()
    spans["injection"] += signs.injection.spans if signs.injection.found else ()
    found = [
        Label(name, tuple(dict.fromkeys(sorted(spans[name]))), rule=name)
        for name in corrections.INTENTS
        if spans.get(name)
    ]
    return tuple(found) or (Label("other"),)


# A person in danger is judged on her own words, never by a text that resembles them.
_NEVER_BY_LIKENESS = frozenset(("self_harm", "threat"))
_ABUSIVE = frozenset(("insult", "hate", "threat", "sexual"))
_GRAVE = ("danger", "legal", "press")


def _sentiment(signs: Signs) -> Sentiment:
    if signs.abuse.self_harm or (signs.has("complaint") and not PROTEST.isdisjoint(signs.hits)):
        return "negative"
    if signs.spam.found or signs.injection.found:
        return "neutral"
    if signs.leaning:
        return "negative"
    felt = sentiment(signs.polarity, signs.kind)
    learned = signs.calm and addressed(signs.text)
    if learned and signs.has("complaint") != signs.has("praise"):
        borne: Sentiment = "negative" if signs.has("complaint") else "positive"
        felt = felt if felt == "mixed" else borne
    # Whoever asks or proposes, and neither praises nor complains, is neutral.
    wants = any(signs.has(w) if learned else w in signs.hits for w in ("question", "purchase", "suggestion"))
    idle = wants and not signs.kind and not signs.has("praise") and not signs.has("complaint")
    return "neutral" if idle else felt


def _urgency(base: Any, signs: Signs) -> Any:
    return "high" if base == "normal" and signs.has("urgent") else base


def _explanation(case: str, signs: Signs, numbers: Mapping[str, Any], country: str) -> Localized:
    of_country = numbers.get(country.upper(), numbers["other"])
    params = {"self_harm": of_country["self_harm"], "threat": of_country["police"]}
    if case in params:
        return messages.localized(f"triage.{case}", number=params[case])
    said = messages.localized(f"triage.{case}")
    if not _unsure(signs):
        return said
    doubt = messages.localized("triage.unsure" if _near_threshold(signs) else "triage.told")
    return Localized(f"{said.fr} {doubt.fr}", f"{said.en} {doubt.en}")


def _unsure(signs: Signs) -> bool:
    """Whether a detector is near its threshold, or a thing is told with no word of feeling."""
    told = (signs.plain or signs.guessed) and told_plainly(cut(signs.text))
    return _near_threshold(signs) or signs.hesitant or told


def _near_threshold(signs: Signs) -> bool:
    return (
        _DOUBT <= signs.abuse.hate.score < hate_threshold
        or _DOUBT <= signs.spam.score < 1.0
        or _DOUBT <= signs.injection.score < 1.0
    )


def _contact(route: str, brand: Brand) -> str:
    wanted = _CONTACT_OF.get(route)
    for contact in brand.contacts:
        if contact.route == wanted:
            language = next(iter(brand.languages), "fr")
            name, hours = contact.name.get(language), contact.hours.get(language)
            return " · ".join(part for part in (name, contact.email, contact.phone, hours) if part)
    return ""


def by_hand(found: Triage) -> bool:
    """Whether a person said what the comment is: no other opinion counts then."""
    return found.explanation == messages.localized("triage.corrected")


def _corrected(result: Triage, correction: corrections.Correction) -> Triage:
    fields = dict(correction.fields)
    if "intents" in fields:
        whole = Span(0, 0)
        fields["intents"] = tuple(Label(name, (whole,), rule="correction") for name in fields["intents"])
        if _ABUSIVE.isdisjoint(correction.fields["intents"]):
            fields["toxicity"] = None
    return replace(result, **fields, unsure=False, explanation=messages.localized("triage.corrected"))
