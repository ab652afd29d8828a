"""The offline drafter of posts: a recipe over the brief, approved passages and brand phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from copilot import register
from copilot.posts.formats import Part, network_of
from copilot.posts.hashtags import hashtags
from copilot.posts.material import Material, facts_of, noted, said_already, sentence, statements
from copilot.records import Draft, Evidence, Passage, Sentence, Span
from copilot.shorten import Shortened, shorten

Fits = Callable[[str], bool]
MAX_OPTIONS = 4
_HASHTAGS = 3
_REPLY_WORD = re.compile(r"^(?:oui|non|yes|no)\s*,\s*", re.IGNORECASE)
_RESTRICTS = re.compile(
    r"\b(sauf|hors|uniquement|seulement|réservée?s?|sous réserve|toutefois|cependant|ne se cumule|except|"
    r"only|unless|however|provided|cannot be combined)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of a post; ``before`` is the blank in front of it.

    Shortening drops lines of the body first. Of the ``tail`` (invitation, link, hashtags) one goes only when
    the shortest body still does not fit beside it, the one with the highest ``weight`` first.
    """

    text: str
    evidence: tuple[Evidence, ...] = ()
    before: str = "\n\n"
    tail: bool = False
    weight: int = 0


def draft_offline(material: Material, fits: Fits) -> tuple[Draft, Shortened, tuple[Line, ...]]:
    """Compose a post that ``fits``.

    Returns:
        The draft, what was dropped to make it fit, and its lines as they were before.
    """
    lines = [_adapted(line, material) for line in _lines(material)]
    body = [line for line in lines if not line.tail]
    text, sentences = joined(body)
    short, tail = _fitted(text, sentences, [line for line in lines if line.tail], fits)
    whole, spans = joined([Line(short.text), *tail] if short.text else tail)
    first = len(short.text)
    kept = (*short.sentences, *(s for s in spans if s.span.start >= first and s.span.end > first))
    french = material.brief.language == "fr"
    draft = Draft(
        whole,
        "offline",
        material.brief.language,
        material.brand.register_ if french else "none",
        kept,
        answered=any(s.evidence for s in kept),
    )
    return draft, short, tuple(lines)


def joined(lines: Sequence[Line]) -> tuple[str, tuple[Sentence, ...]]:
    """Return the text of lines and the span of each."""
    text = ""
    sentences = []
    for line in lines:
        text += line.before if text else ""
        sentences.append(Sentence(Span(len(text), len(text) + len(line.text)), line.evidence))
        text += line.text
    return text, tuple(sentences)


def _fitted(
    text: str, sentences: Sequence[Sentence], tail: Sequence[Line], fits: Fits
) -> tuple[Shortened, list[Line]]:
    """Shorten the body until it fits with its tail, then let the tail go, hashtags first."""
    kept = list(tail)
    short = _beside(text, sentences, kept, fits)
    bare = [line for line in tail if line.weight < _HASHTAGS]
    without = _beside(text, sentences, bare, fits)
    if without.fits and _facts_in(without) > _facts_in(short):  # a fact is worth more than a hashtag
        return without, bare
    while kept and not short.fits:
        kept.remove(max(reversed(kept), key=lambda line: line.weight))
        short = _beside(text, sentences, kept, fits)
    return short, kept


def _beside(text: str, sentences: Sequence[Sentence], tail: Sequence[Line], fits: Fits) -> Shortened:
    return shorten(text, sentences, lambda body: fits(_whole(body, tail)))


def _facts_in(short: Shortened) -> int:
    return sum(any(e.passage_id == "note" for e in s.evidence) for s in short.sentences) if short.fits else 0


def _whole(text: str, tail: Sequence[Line]) -> str:
    return joined([Line(text), *tail] if text else tail)[0]


def _adapted(line: Line, material: Material) -> Line:
    """Call the reader as the brand does; what is quoted stays as it was said."""
    if material.brief.language != "fr" or any(e.passage_id not in ("note", "") for e in line.evidence):
        return line
    return replace(line, text=register.convert(line.text, to=material.brand.register_))


def _lines(material: Material) -> Iterator[Line]:
    said: list[str] = []
    for part in material.text.parts:
        for line in _PARTS[part.kind](material, part, said):
            if line.text:
                said.append(line.text)
                yield line


def _hook(material: Material, _part: Part, _said: list[str]) -> Iterator[Line]:
    facts = facts_of(material.brief)
    if facts:
        yield Line(facts[0], noted(material.note, facts[0]))
        return
    yield from list(_from_passages(material, 1, []))[:1]


def _facts(material: Material, part: Part, said: list[str]) -> Iterator[Line]:
    rest = [fact for fact in facts_of(material.brief) if fact not in said]
    for number, fact in enumerate(rest):
        apart = number == 0 or part.value == "each"
        yield Line(fact, noted(material.note, fact), "\n\n" if apart else " ")


def _list(material: Material, _part: Part, said: list[str]) -> Iterator[Line]:
    rest = [fact for fact in facts_of(material.brief) if fact not in said]
    for number, fact in enumerate(rest):
        mark = "- " if material.channel in ("web", "email") else "– "
        follows = number or said[-1:] == [] or said[-1].endswith(":")
        yield Line(mark + fact, noted(material.note, fact), "\n" if follows else "\n\n")


def _quote(material: Material, _part: Part, _said: list[str]) -> Iterator[Line]:
    """Quote the contributions; the thanks and the first of them are one piece, which is not taken apart."""
    phrases = material.brand.words(material.brief.language)
    thanks = f"{phrases.praise or phrases.thanks}\n\n".lstrip()
    for fact in material.brief.key_facts:
        words = re.sub(r"[ \t\r\n]+", " ", fact).strip('«»“”" \u202f\u00a0')
        if words:
            quoted = f"«\u202f{words}\u202f»" if material.brief.language == "fr" else f"“{words}”"
            yield Line(thanks + quoted, (Evidence("note", Span(0, len(material.note)), material.note),))
            thanks = ""


def _passages(material: Material, part: Part, said: list[str]) -> Iterator[Line]:
    yield from _from_passages(material, int(part.value or 2), said)


def _from_passages(material: Material, most: int, said: Sequence[str]) -> Iterator[Line]:
    """Yield sentences of the best passage that are not said yet, a restriction with what it restricts."""
    for passage in material.passages[:1]:
        text = passage.chunk.text
        spans = statements(passage)
        new = [i for i, s in enumerate(spans) if not said_already(text[s.start : s.end], said)]
        kept = set(new[:most])
        kept |= {i + 1 for i in kept if i + 1 < len(spans) and _restricts(text, spans[i + 1])}
        if not new and not said:
            kept = {0}
        for number, index in enumerate(sorted(kept)):
            yield quoted(passage, spans[index], "\n\n" if number == 0 else " ")


def _restricts(text: str, span: Span) -> bool:
    return bool(_RESTRICTS.search(text[span.start : span.end]))


def quoted(passage: Passage, span: Span, before: str = "\n\n") -> Line:
    """Return a sentence of a passage as a line of a post: no « Oui, » in front, no mark-up."""
    chunk = passage.chunk
    quote = chunk.text[span.start : span.end]
    plain = re.sub(r"^\s*(?:[-*•–]|\d+[.)]|#{1,6})\s+", "", quote)
    plain = re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r"\1 (\2)", plain)
    plain = _REPLY_WORD.sub("", re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", plain))
    return Line(plain[:1].upper() + plain[1:], (Evidence(chunk.id, span, quote, 1.0, chunk.version),), before)


def _wording(material: Material, _part: Part, _said: list[str]) -> Iterator[Line]:
    for passage in material.wording:
        for number, span in enumerate(statements(passage)):
            yield quoted(passage, span, "\n\n" if number == 0 else " ")


def _sections(material: Material, part: Part, _said: list[str]) -> Iterator[Line]:
    for passage in material.passages[: int(part.value or 4)]:
        spans = statements(passage)
        title = passage.chunk.question or " › ".join(passage.chunk.headings)
        evidence = Evidence(passage.id, Span(0, len(passage.chunk.text)), passage.chunk.text)
        yield Line(f"## {title}", (replace(evidence, version=passage.chunk.version),))
        for number, span in enumerate(spans):
            yield quoted(passage, span, "\n\n" if number == 0 else " ")


def _question(material: Material, part: Part, said: list[str]) -> Iterator[Line]:
    brief = material.brief
    own = [q for q in (brief.call_to_action, brief.objective) if q.strip().endswith("?")]
    words = sentence(own[0]) if own else part.words.get(brief.language) if part.words else ""
    if words not in said:
        yield Line(words, noted(material.note, words), tail=bool(said))


def _options(material: Material, _part: Part, _said: list[str]) -> Iterator[Line]:
    for number, option in enumerate(options_of(material.brief.key_facts)):
        yield Line(f"– {option}", noted(material.note, option), "\n" if number else "\n\n")


def options_of(facts: Sequence[str]) -> tuple[str, ...]:
    """Return the answers of a poll: key facts without the point at their end, four at most."""
    return tuple(fact.strip().rstrip(".") for fact in facts if fact.strip())[:MAX_OPTIONS]


def _call(material: Material, _part: Part, said: list[str]) -> Iterator[Line]:
    words = sentence(material.brief.call_to_action)
    if words and words not in said:
        yield Line(words, noted(material.note, words), tail=True, weight=2)


def _link(material: Material, part: Part, said: list[str]) -> Iterator[Line]:
    if not material.link:
        return
    label = f"{part.words.get(material.brief.language)} " if part.words else ""
    after_call = said[-1:] == [sentence(material.brief.call_to_action)] and not label
    yield Line(
        label + material.link, noted(material.note, material.link), "\n" if after_call else "\n\n", True
    )


def _hashtags(material: Material, _part: Part, said: list[str]) -> Iterator[Line]:
    if network_of(material.channel).hashtags:
        found = hashtags(
            material.brand,
            campaign=material.brief.campaign,
            text=" ".join(said),
            limit=material.limit_hashtags,
        )
        yield Line(" ".join(found), tail=True, weight=_HASHTAGS)


def _say(material: Material, part: Part, _said: list[str]) -> Iterator[Line]:
    assert part.words is not None
    yield Line(part.words.get(material.brief.language).format(**values(material)))


def _legal(material: Material, part: Part, said: list[str]) -> Iterator[Line]:
    [line] = _say(material, part, said)
    yield replace(line, before="\n", tail=True, weight=1)


def values(material: Material) -> dict[str, str]:
    """Return what the words of a recipe may name."""
    return {"brand": material.brand.name, "network": network_of(material.channel).name}


def _phrase(material: Material, part: Part, _said: list[str]) -> Iterator[Line]:
    phrases = material.brand.words(material.brief.language)
    chosen = getattr(phrases, part.value, "")
    yield Line(chosen, tail=part.value == "signoff")


def _heading(material: Material, part: Part, _said: list[str]) -> Iterator[Line]:
    assert part.words is not None
    if len(facts_of(material.brief)) > 1:
        yield Line(f"## {part.words.get(material.brief.language)}")


def _title(material: Material, _part: Part, _said: list[str]) -> Iterator[Line]:
    facts = facts_of(material.brief)
    words = material.brief.campaign.strip() or (facts[0].rstrip(".") if facts else "")
    if not words and material.passages:
        words = material.passages[0].chunk.question
    if words:
        yield Line(f"# {words[:1].upper()}{words[1:]}", noted(material.note, words))


_PARTS: dict[str, Callable[[Material, Part, list[str]], Iterator[Line]]] = {
    "call": _call,
    "charter": _wording,
    "facts": _facts,
    "hashtags": _hashtags,
    "heading": _heading,
    "hook": _hook,
    "legal": _legal,
    "link": _link,
    "list": _list,
    "options": _options,
    "passages": _passages,
    "phrase": _phrase,
    "question": _question,
    "quote": _quote,
    "say": _say,
    "sections": _sections,
    "title": _title,
    "wording": _wording,
}
