"""The signs that the detectors find in a text, and what it is by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from copilot import language, privacy
from copilot.brand import Brand
from copilot.moderation import Abuse, Injection, Spam, abuse, injection, spam
from copilot.moderation.abuse import grammar
from copilot.moderation.grammar import Hit
from copilot.moderation.words import cut
from copilot.records import PersonalData, Span
from copilot.triage.leaning import leaning, passed_on
from copilot.triage.learned import leanings, settled
from copilot.triage.polarity import Polarity, polarity
from copilot.triage.rules import grammars
from copilot.triage.sentiment import blamed, praised

PROTEST = frozenset(("danger", "legal", "crisis"))
"""Labels of what is told to protest."""
_ASIDE = frozenset(("mine", "urgent"))
_WISHES = frozenset(("question", "suggestion", "purchase"))
_ALARMING = frozenset((*PROTEST, "press"))
_LOUD = 1.5
_MILD = frozenset(("", "profanity"))


@dataclass(frozen=True)
class Signs:
    """All that the detectors say of one text; ``own`` are the labels that a workspace's rules found."""

    text: str
    hits: Mapping[str, tuple[Hit, ...]]
    abuse: Abuse
    spam: Spam
    injection: Injection
    personal_data: tuple[PersonalData, ...]
    polarity: Polarity
    own: frozenset[str] = frozenset()

    def has(self, label: str) -> bool:
        """Whether the text bears this label."""
        if self.abuse.self_harm and label in ("praise", "complaint"):
            return False
        if label in self.own:
            return True
        if label == "praise":
            return self.praises and not self.grave
        if label == "complaint":
            protests = not self.kind and not PROTEST.isdisjoint(self.hits)
            return self.complains or protests or bool(self.leaning)
        found = self.hits.get(label, ())
        if label not in _WISHES or not self.calm or any(hit.rule.data.get("sure") for hit in found):
            return bool(found)
        return settled(self.text, label, ruled=bool(found))

    @cached_property
    def praises(self) -> bool:
        """Whether the text praises, by its words and by what was learnt."""
        ruled, felt = praised(self.polarity, self.kind), self.polarity
        return self._felt("praise", ruled, felt.praise, felt.blame)

    @cached_property
    def complains(self) -> bool:
        """Whether the text complains, by its words and by what was learnt."""
        ruled, felt = blamed(self.polarity, self.kind), self.polarity
        return self._felt("complaint", ruled, felt.blame, felt.praise)

    def _felt(self, label: str, ruled: bool, own: float, other: float) -> bool:
        return settled(self.text, label, ruled=ruled, own=own, other=other) if self.calm else ruled

    @cached_property
    def guessed(self) -> bool:
        """Whether only what was learnt says that the text praises or complains."""
        complaint = self.complains and not blamed(self.polarity, self.kind)
        return complaint or (self.praises and not praised(self.polarity, self.kind))

    @cached_property
    def hesitant(self) -> bool:
        """Whether nothing but what was learnt speaks, and says it low."""
        odds = leanings(self.text)
        return self.guessed and max(odds["complaint"], odds["praise"]) < _LOUD

    @cached_property
    def calm(self) -> bool:
        """Whether nothing grave was found, in a text to the brand: what was learnt from such texts holds."""
        grave = self.grave or self.abuse.self_harm or self.kind not in _MILD
        return not grave and not passed_on(self.text)

    @cached_property
    def plain(self) -> bool:
        """Whether nothing was found in the text: neither a wish nor a feeling nor an offence."""
        wishes = any(self.has(label) for label in _WISHES)
        silent = self.hits.keys() <= _ASIDE | _WISHES and not wishes and self.calm
        return silent and not self.praises and not self.complains

    @cached_property
    def leaning(self) -> tuple[Span, ...]:
        """The words that make a complaint likely where nothing else was found."""
        return leaning(cut(self.text), self.polarity) if self.plain else ()

    @cached_property
    def grave(self) -> bool:
        """Whether the text is about something beside which a kind word counts for nothing."""
        return self.spam.found or self.injection.found or not _ALARMING.isdisjoint(self.hits)

    @cached_property
    def kind(self) -> str:
        """The class of the abuse, found by the detectors or by a workspace's own rules; may be empty."""
        own = next((kind for kind in ("threat", "hate", "sexual", "insult") if kind in self.hits), "")
        return self.abuse.toxicity.kind if self.abuse.toxicity else own


def gather(text: str, brand: Brand, folder: Path | None) -> Signs:
    """Run every detector over a text."""
    hits: dict[str, tuple[Hit, ...]] = {}
    own: set[str] = set()
    for number, rules in enumerate(grammars(folder)):
        for hit in rules.match(cut(text)):
            hits[hit.rule.label] = (*hits.get(hit.rule.label, ()), hit)
            own |= {hit.rule.label} if number else set()
    abused = abuse(text)
    return Signs(
        text=text,
        hits=hits,
        abuse=abused,
        spam=spam(text),
        injection=injection(text),
        personal_data=privacy.find(text, country=brand.country, patterns=brand.patterns),
        polarity=polarity(text, _abusive_words(text, abused)),
        own=frozenset(own),
    )


def _abusive_words(text: str, abused: Abuse) -> tuple[Span, ...]:
    """The words of an insult say nothing of the product; swearing may."""
    if abused.toxicity is None or abused.toxicity.kind == "profanity":
        return ()
    words = cut(text)
    french = language.detect(text)[0] == "fr"
    known = _insults() - _plain_in_french() if french else _insults()
    insults = tuple(words.span(i, i) for i, word in enumerate(words.words) if word in known)
    return (*abused.toxicity.reasons, *insults)


@cache
def _insults() -> frozenset[str]:
    classes = grammar().classes
    return frozenset(word for name in ("insult_noun", "insult_adj", "swear") for word in classes[name])


@cache
def _plain_in_french() -> frozenset[str]:
    return frozenset(grammar().classes["plain_in_fr"])
