"""Make a text fit by dropping whole sentences, the least important first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from copilot import text as texts
from copilot.messages import localized
from copilot.records import Notice, Sentence, Span
from copilot.shorten.meaning import belongs, leans, weight


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
    """Neighbouring sentences that mean something only together.

    A group that ``leans`` opens with « elle », « cela »…: it may go alone, not stay without the one before.
    """

    first: int
    last: int
    weight: float
    leans: bool = False


def shorten(
    text: str,
    sentences: Sequence[Sentence],
    fits: Callable[[str], bool],
    *,
    importance: Callable[[str], float | None] | None = None,
) -> Shortened:
    """Drop whole sentences, the least important first, until the text fits.

    Args:
        text: the text that is too long.
        sentences: its sentences with their evidence; what they leave out is read from the text.
        fits: says whether a text is short enough.
        importance: weight of a sentence, 0..1, or None for the usual one: courtesy weighs least, proved
            answers most.
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


def _groups(
    text: str, whole: Sequence[Sentence], importance: Callable[[str], float | None] | None
) -> list[_Group]:
    words = [text[s.span.start : s.span.end] for s in whole]
    firsts = [0] + [i for i in range(1, len(words)) if not belongs(words[i - 1], words[i])]
    groups = []
    for first, after in pairwise([*firsts, len(words)]):
        given = [importance(words[i]) if importance else None for i in range(first, after)]
        weights = [
            weight(words[i], whole[i], i) if known is None else known for i, known in enumerate(given, first)
        ]
        tied = first > 0 and leans(words[first - 1], words[first])
        groups.append(_Group(first, after - 1, max(weights), tied))
    return groups


def _chosen(
    text: str, whole: Sequence[Sentence], groups: Sequence[_Group], fits: Callable[[str], bool]
) -> list[_Group]:
    """Return the groups to keep: drop the lightest until the rest fits, then take back what still fits."""
    chains = _chains(groups)
    kept = list(groups)
    dropped: list[_Group] = []
    while len(kept) > 1 and not fits(_joined(text, whole, kept)[0]):
        leaving = _lightest(kept, chains)
        if len(leaving) == len(kept):
            leaving = leaving[1:]
        kept = [group for group in kept if group not in leaving]
        dropped.extend(reversed(leaving))
    for group in reversed(dropped):
        again = sorted([*kept, group], key=lambda item: item.first)
        stands = not group.leans or any(other.last == group.first - 1 for other in kept)
        if stands and fits(_joined(text, whole, again)[0]):
            kept = again
    return kept


def _chains(groups: Sequence[_Group]) -> dict[_Group, list[_Group]]:
    """Return each group with those after it that lean on it, directly or through one another."""
    chains: dict[_Group, list[_Group]] = {}
    for index, group in enumerate(groups):
        chains[group] = [group]
        for follower in groups[index + 1 :]:
            if not follower.leans:
                break
            chains[group].append(follower)
    return chains


def _lightest(kept: Sequence[_Group], chains: dict[_Group, list[_Group]]) -> list[_Group]:
    """Return the group to drop with what leans on it; of two equals the later, as answers come first."""
    leaving = [[member for member in chains[group] if member in kept] for group in kept]
    return min(leaving, key=lambda chain: (max(member.weight for member in chain), -chain[0].first))


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
