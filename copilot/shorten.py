"""Make a text fit: shorten it by meaning, or split it into a numbered thread.

Whole sentences go, the least important first: courtesy before information. A sentence that restricts what
another one states (« Hors soldes. », « Cette offre n’est pas cumulable. ») stays with it or leaves with it,
so that no condition is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import regex

from copilot import channels
from copilot import text as texts
from copilot.channels import segments
from copilot.messages import localized
from copilot.records import Notice, Sentence, Span

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
_HOLDS_RESTRICTION = regex.compile(_RESTRICTS, regex.IGNORECASE)
_LIST_ITEM = regex.compile(r"^(?:[-*•–]|\d{1,2}[.)])\s")

# The kinds of courtesy, from the first to go to the last.
_COURTESY = (
    (0.05, r"n[’']hésitez pas|nous restons à votre (?:disposition|écoute)|feel free|don[’']t hesitate"),
    (
        0.10,
        r"(?:très )?(?:belle|bonne|excellente) (?:journée|soirée|fin)|à (?:très )?(?:bientôt|vite)|"
        r"have a|see you",
    ),
    (0.15, r"(?:un (?:grand )?)?merci (?:de|pour|d[’'])|nous vous remercions|thank you for|thanks for"),
    (
        0.20,
        r"(?:bien )?(?:cordialement|à vous)|sincèrement|l[’']équipe\b|kind regards|best|the [\w ’'-]+ team$",
    ),
    (0.30, r"(?:bonjour|bonsoir|salut|hello|hi|hey|dear|ch[eè]re?)\b[^.!?]{0,40}[,!.\s]*$"),
    (
        0.35,
        r"nous (?:comprenons|regrettons|sommes (?:vraiment )?désolé)|désolé|"
        r"we (?:understand|are sorry|apologi)|sorry",
    ),
)
_COURTESIES = tuple((weight, regex.compile(rf"^\W*(?:{p})", regex.IGNORECASE)) for weight, p in _COURTESY)
_HASHTAGS_ONLY = regex.compile(r"^(?:\s*#\w+)+\s*$")
_HASHTAGS_WEIGHT = 0.25
_PLAIN_WEIGHT = 0.5
_NEXT_STEP = regex.compile(r"https?://|\b\d{2}(?:[ .]\d{2}){4}\b|@|message privé|direct message|\?\s*$")
_NEXT_STEP_WEIGHT = 0.75
_PROVED_WEIGHT = 0.9
# What answers the question comes first; each later proof matters a little less.
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Shortened:
    """A text after shortening.

    ``sentences`` are those that stayed, their spans in the new text; ``dropped`` those that left, their spans
    in the old one. ``fits`` is False when even the most important sentence alone is too long.
    """

    text: str
    dropped: tuple[Sentence, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    fits: bool = True


@dataclass(frozen=True, slots=True)
class _Group:
    """Neighbouring sentences that mean something only together."""

    first: int
    last: int
    weight: float


def shorten(
    text: str,
    sentences: Sequence[Sentence],
    fits: Callable[[str], bool],
    *,
    importance: Callable[[str], float] | None = None,
) -> Shortened:
    """Drop whole sentences, the least important first, until the text fits.

    Args:
        text: the text that is too long.
        sentences: its sentences with their evidence; what they leave out is read from the text.
        fits: says whether a text is short enough.
        importance: weight of a sentence, 0..1; by default courtesy weighs least, proved answers most.
    """
    whole = _all_sentences(text, sentences)
    if fits(text) or not whole:
        return Shortened(text, (), tuple(whole), fits(text))
    groups = _groups(text, whole, importance)
    kept = _chosen(text, whole, groups, fits)
    result, spans = _joined(text, whole, kept)
    moved = tuple(replace(whole[index], span=span) for index, span in spans.items())
    dropped = tuple(sentence for index, sentence in enumerate(whole) if index not in spans)
    return Shortened(result, dropped, moved, fits(result))


def notice(result: Shortened) -> Notice | None:
    """Return what the user must know about a shortening, None when nothing was dropped and the text fits."""
    if not result.fits:
        return Notice("shorten.still_long", localized("shorten.still_long"), "warning")
    if not result.dropped:
        return None
    key = "shorten.dropped_one" if len(result.dropped) == 1 else "shorten.dropped"
    return Notice("shorten.dropped", localized(key, count=len(result.dropped)))


def _all_sentences(text: str, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the given sentences and, between them, those that only the text knows."""
    found: list[Sentence] = []
    position = 0
    for sentence in sorted(sentences, key=lambda s: s.span):
        start, end = sentence.span
        if start < position or end > len(text) or not text[start:end].strip():
            continue
        found.extend(_read(text, position, start))
        found.append(sentence)
        position = end
    return [*found, *_read(text, position, len(text))]


def _read(text: str, start: int, end: int) -> list[Sentence]:
    return [Sentence(Span(start + a, start + b)) for a, b in texts.sentences(text[start:end])]


def _belongs(before: str, sentence: str) -> bool:
    """Return whether a sentence says nothing safe without the one before it, or the one before without it."""
    if _courtesy(before) is not None:
        return False
    if before.rstrip().endswith(":") or (_LIST_ITEM.match(before) and _LIST_ITEM.match(sentence)):
        return bool(_LIST_ITEM.match(sentence)) or before.rstrip().endswith(":")
    if _OPENS_WITH_LIMIT.match(sentence):
        return True
    return bool(_OPENS_WITH_REFERENCE.match(sentence) and _HOLDS_RESTRICTION.search(sentence))


def _groups(text: str, whole: Sequence[Sentence], importance: Callable[[str], float] | None) -> list[_Group]:
    words = [text[s.span.start : s.span.end] for s in whole]
    firsts = [0] + [i for i in range(1, len(words)) if not _belongs(words[i - 1], words[i])]
    groups = []
    for first, after in pairwise([*firsts, len(words)]):
        weights = [
            importance(words[i]) if importance else _weight(words[i], whole[i], i)
            for i in range(first, after)
        ]
        groups.append(_Group(first, after - 1, max(weights)))
    return groups


def _courtesy(sentence: str) -> float | None:
    if any(character.isdigit() for character in sentence):
        return None
    return next((weight for weight, pattern in _COURTESIES if pattern.match(sentence)), None)


def _weight(words: str, sentence: Sentence, position: int) -> float:
    courtesy = _courtesy(words)
    if courtesy is not None and not sentence.evidence:
        return courtesy
    if _HASHTAGS_ONLY.match(words):
        return _HASHTAGS_WEIGHT
    if sentence.evidence:
        weight = _PROVED_WEIGHT * max(e.score for e in sentence.evidence)
    else:
        weight = _NEXT_STEP_WEIGHT if _NEXT_STEP.search(words) else _PLAIN_WEIGHT
    return max(_HASHTAGS_WEIGHT, weight - _STEP * position)


def _chosen(
    text: str, whole: Sequence[Sentence], groups: Sequence[_Group], fits: Callable[[str], bool]
) -> list[_Group]:
    """Return the groups to keep: drop the lightest until the rest fits, then take back what still fits."""
    kept = list(groups)
    dropped: list[_Group] = []
    while len(kept) > 1 and not fits(_joined(text, whole, kept)[0]):
        # Of two equals the later one goes: the answer comes first in a text.
        lightest = min(kept, key=lambda group: (group.weight, -group.first))
        kept.remove(lightest)
        dropped.append(lightest)
    for group in reversed(dropped):
        again = sorted([*kept, group], key=lambda item: item.first)
        if fits(_joined(text, whole, again)[0]):
            kept = again
    return kept


def _joined(text: str, whole: Sequence[Sentence], groups: Sequence[_Group]) -> tuple[str, dict[int, Span]]:
    """Return the text of the groups and the new span of each sentence, the widest blank kept between two."""
    result = ""
    spans: dict[int, Span] = {}
    before = -1
    for index in (i for group in groups for i in range(group.first, group.last + 1)):
        if before >= 0:
            result += _blank(text, whole, before, index)
        start, end = whole[index].span
        spans[index] = Span(len(result), len(result) + end - start)
        result += text[start:end]
        before = index
    return result, spans


def _blank(text: str, whole: Sequence[Sentence], before: int, after: int) -> str:
    blanks = [text[whole[i].span.end : whole[i + 1].span.start] for i in range(before, after)]
    return max(blanks, key=lambda blank: (blank.count("\n"), -len(blank))) or " "


# -- threads ---------------------------------------------------------------------------------


def split_thread(text: str, channel: str, *, folders: Sequence[Path] = ()) -> list[str]:
    """Split a text into numbered messages that each fit their channel, at the borders of sentences.

    A text that fits is returned alone and without a number. A sentence too long for one message is cut
    between clauses, then between words; only a word longer than a whole message is cut itself.

    Args:
        text: the text.
        channel: a name of the table.
        folders: workspaces' ``channels/`` folders.
    """

    def fits(piece: str) -> bool:
        return channels.fits(piece, channel, folders=folders)

    if not text.strip() or fits(text):
        return [text]
    for digits in range(1, 6):
        pieces = _pieces(text, fits, f" ({'9' * digits}/{'9' * digits})")
        if len(pieces) < 10**digits:
            break
    return [f"{piece} ({number}/{len(pieces)})" for number, piece in enumerate(pieces, 1)]


def _pieces(text: str, fits: Callable[[str], bool], marker: str) -> list[str]:
    found = _packed(text, lambda piece: fits(piece.strip() + marker), 0)
    return [piece.strip() for piece in found if piece.strip()]


def _packed(text: str, fits: Callable[[str], bool], level: int) -> list[str]:
    """Return pieces that fit, as full as can be, cut at the coarsest border that serves."""
    if fits(text) or level == len(_CUTS):
        return [text]
    pieces: list[str] = []
    current = ""
    for atom in _CUTS[level](text):
        if fits(current + atom):
            current += atom
            continue
        if current.strip():
            pieces.append(current)
        *full, current = _packed(atom, fits, level + 1)
        pieces.extend(full)
    return [*pieces, current] if current else pieces


def _at(text: str, places: Sequence[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *places, len(text)]) if start < end]


def _statements(text: str) -> list[str]:
    """Cut between statements, a restriction staying with what it restricts."""
    spans = texts.sentences(text)
    words = [text[start:end] for start, end in spans]
    return _at(text, [spans[i].start for i in range(1, len(spans)) if not _belongs(words[i - 1], words[i])])


def _between(pattern: str) -> Callable[[str], list[str]]:
    compiled = regex.compile(pattern)
    return lambda text: _at(text, [found.end() for found in compiled.finditer(text)])


_CUTS: tuple[Callable[[str], list[str]], ...] = (
    _statements,
    lambda text: _at(text, [span.start for span in texts.sentences(text)[1:]]),
    segments.sentences,
    _between(r"[,;:–—]\s+"),
    _between(r"[ \n\t]+"),
    segments.words,
    segments.graphemes,
    list,
)
