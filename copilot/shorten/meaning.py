"""What a sentence is worth and what it needs: courtesy, proof, restrictions, references to the one before."""

from __future__ import annotations

import regex

from copilot.records import Sentence

_LIMITS = (
    r"sauf|hors|hormis|except[ée]+|à l[’']exception|à l[’']exclusion|toutefois|cependant|néanmoins|attention|"
    r"en revanche|seule?s?|uniquement|seulement|à condition|sous réserve|dans la limite|sous conditions?|"
    r"except|unless|however|only|but|provided|subject to|excluding|please note|note that|while stocks last"
)
_REFERS = (
    r"cette?|ces?|cela|celle-ci|celui-ci|elles?|ils?|(?:l[ae]|les?) (?:offre|délai|tarif|remise|garantie)s?|"
    r"this|these|that|those|it|they|the (?:offer|discount|deadline|price|warranty)"
)
_RESTRICTS = (
    r"\bn[e’'][^.]{0,40}\b(?:pas|plus|que|jamais|ni)\b|\bsauf\b|\bhors\b|\bhormis\b|\bexcept|\bexclu|\buniquement\b|"
    r"\bseulement\b|\bcondition|\blimit|\bréserv|\bvalable|\bjusqu|\b(?:not|n[’']t|only|unless|until|valid)\b"
)
_OPENS_WITH_LIMIT = regex.compile(rf"^\W*(?:{_LIMITS})\b", regex.IGNORECASE)
_OPENS_WITH_REFERENCE = regex.compile(rf"^\W*(?:{_REFERS})\b", regex.IGNORECASE)
_LEANS = regex.compile(
    r"^\W*(?:cet(?:te)?|ces?|cela|celle-ci|celui-ci|elles?|ils?|this|these|that|those|it|they)\b"
    r"(?!\s+(?:est (?:possible|nécessaire)|faut|suffit|y a|is (?:possible|necessary)|reste)\b)",
    regex.IGNORECASE,
)
_HOLDS_RESTRICTION = regex.compile(_RESTRICTS, regex.IGNORECASE)
_LIST_ITEM = regex.compile(r"^(?:[-*•–]|\d{1,2}[.)])\s")

# The kinds of courtesy, from the first to go to the last.
_COURTESY = (
    (0.05, r"n[’']hésitez pas|nous restons à votre (?:disposition|écoute)|feel free|don[’']t hesitate"),
    (
        0.10,
        r"(?:très )?(?:belle|bonne|excellente) (?:journée|soirée|fin)|à (?:très )?(?:bientôt|vite)|"
        r"have an? (?:great|nice|good|lovely|wonderful|excellent)|see you soon",
    ),
    (
        0.15,
        r"(?:un (?:grand )?)?merci(?: (?:pour|beaucoup|infiniment|d[’']avoir|de (?:votre|vos|ton|ta|tes)\b)|"
        r"\W*$)|"
        r"nous vous remercions|thank you|thanks",
    ),
    (
        0.20,
        r"(?:bien )?(?:cordialement|à vous)|sincèrement|l[’']équipe(?: [\w’'-]+){0,4}\W*$|"
        r"(?:kind|best|warm) regards|best wishes|the (?:[\w’'-]+ ){1,4}team\W*$",
    ),
    (0.30, r"(?:bonjour|bonsoir|salut|hello|hi|hey|dear|ch[eè]re?)\b[^.!?]{0,40}[,!.\s]*$"),
    (
        0.35,
        r"nous (?:comprenons|regrettons|sommes (?:vraiment )?désolé)|désolé|"
        r"we (?:understand|are sorry|apologi)|sorry",
    ),
)
_COURTESIES = tuple((weight, regex.compile(rf"^\W*(?:{p})", regex.IGNORECASE)) for weight, p in _COURTESY)
_MAX_COURTESY = 100
_HASHTAGS_ONLY = regex.compile(r"^(?:\s*#\w+)+\s*$")
_HASHTAGS_WEIGHT = 0.25
_LEAST_INFORMATION = 0.4
_PLAIN_WEIGHT = 0.5
_NEXT_STEP = regex.compile(r"https?://|\b\d{2}(?:[ .]\d{2}){4}\b|@|message privé|direct message|\?\s*$")
_NEXT_STEP_WEIGHT = 0.75
_PROVED_WEIGHT = 0.9
# What answers the question comes first; each later proof matters a little less.
_STEP = 0.02


def belongs(before: str, sentence: str) -> bool:
    """Return whether a sentence says nothing safe without the one before it, or the one before without it."""
    if courtesy(before) is not None:
        return False
    if before.rstrip().endswith(":") or (_LIST_ITEM.match(before) and _LIST_ITEM.match(sentence)):
        return bool(_LIST_ITEM.match(sentence)) or before.rstrip().endswith(":")
    if _OPENS_WITH_LIMIT.match(sentence):
        return True
    return bool(_OPENS_WITH_REFERENCE.match(sentence) and _HOLDS_RESTRICTION.search(sentence))


def leans(before: str, sentence: str) -> bool:
    """Return whether a sentence refers to the one before it (« Elle coûte… ») and can't stand without it."""
    return bool(_LEANS.match(sentence)) and courtesy(before) is None


def courtesy(sentence: str) -> float | None:
    """Return the weight of a sentence that only says courtesies, None for one that says something."""
    if len(sentence) > _MAX_COURTESY or any(character.isdigit() for character in sentence):
        return None
    return next((weight for weight, pattern in _COURTESIES if pattern.match(sentence)), None)


def weight(words: str, sentence: Sentence, position: int) -> float:
    """Return what a sentence is worth, 0..1: courtesy least, an answer that a passage proves most.

    Args:
        words: the sentence's text.
        sentence: its evidence.
        position: how many sentences come before it.
    """
    polite = courtesy(words)
    if polite is not None and not sentence.evidence:
        return polite
    if _HASHTAGS_ONLY.match(words):
        return _HASHTAGS_WEIGHT
    if sentence.evidence:
        worth = _PROVED_WEIGHT * max(e.score for e in sentence.evidence)
    else:
        worth = _NEXT_STEP_WEIGHT if _NEXT_STEP.search(words) else _PLAIN_WEIGHT
    return max(_LEAST_INFORMATION, worth - _STEP * position)
