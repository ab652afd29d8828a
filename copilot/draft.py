"""The offline drafter: a reply composed only of approved passages and the brand's own phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from copilot import quotes
from copilot import text as texts
from copilot.brand import Brand, Phrases
from copilot.messages import message
from copilot.questions import asks_twice
from copilot.records import Asked, Comment, Draft, Evidence, Passage, Sentence, Span, Triage

MIN_ANSWERABLE = 0.5
"""Below even odds the knowledge does not answer: a calibrated probability needs no tuned threshold."""

SURE = 0.75
LEAST_SHARE = 0.34
"""Between even odds and ``SURE``, a passage is quoted only if it speaks of a third of what was asked: a wrong
answer costs the brand more than asking back."""

MAX_SENTENCES = 4
SECOND_PASSAGE = 0.75
"""Share of the best score from which another passage may complete the answer."""

_RESTRICTS = re.compile(
    r"\b(sauf|hors|excepté|uniquement|seulement|à condition|sous réserve|toutefois|cependant|en revanche|"
    r"attention|limite|ne [\w’' ]{1,30} pas|n['’]\w+ pas|except|unless|only|however|but|provided|not)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"^[^\W\d_][\w’' -]{1,29}$")


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a drafter works from.

    ``house_rule`` is what a hidden comment breaks; ``covers`` returns the ideas of a question that a text
    speaks of and how many ideas the question has; ``adapt`` turns a sentence into the wanted register.
    """

    comment: Comment
    triage: Triage
    asked: tuple[Asked, ...]
    brand: Brand
    language: str
    register: str
    note: str = ""
    house_rule: Passage | None = None
    covers: Callable[[str, str], tuple[frozenset[str], int]] = lambda *_: (frozenset(), 0)
    adapt: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    evidence: tuple[Evidence, ...] = ()
    paragraph: bool = False


def for_a_person_alone(triage: Triage) -> bool:
    """Whether no draft may be offered: somebody is in danger, or may be."""
    return triage.route == "escalate_safety" or triage.severity == "S4"


def draft_offline(situation: Situation) -> Draft:
    """Compose a reply. A safety matter and a comment that wants no answer get an empty draft."""
    if situation.triage.route == "ignore" or for_a_person_alone(situation.triage):
        return Draft("", "offline", situation.language, answered=False)
    body, answered = _body(situation)
    phrases = situation.brand.words(situation.language)
    lines = [
        _Line(_greeting(situation.comment, phrases)),
        *body,
        _Line(phrases.signoff, paragraph=True),
    ]
    text, sentences = _join([replace(line, text=situation.adapt(line.text)) for line in lines if line.text])
    register = situation.register if situation.language == "fr" else "none"
    return Draft(
        text,
        "offline",
        situation.language,
        "tu" if register == "tu" else "vous" if register == "vous" else "none",
        sentences,
        answered=answered,
    )


def _rule(situation: Situation) -> list[_Line]:
    """Return the brand's own rule, quoted: the person reads which one, without a word of blame."""
    if situation.house_rule is None:
        return []
    chunk = situation.house_rule.chunk
    spans = texts.sentences(chunk.text)[:1]
    if not spans:
        return []
    quote = chunk.text[spans[0].start : spans[0].end]
    evidence = Evidence(chunk.id, spans[0], quote, 1.0, chunk.version)
    said = message("writing.house_rule", situation.language, rule=quotes.plain(quote).rstrip(". "))
    return [_Line(said, (evidence,))]


_REQUESTS = frozenset(("question", "complaint", "purchase", "suggestion"))


def _body(situation: Situation) -> tuple[list[_Line], bool]:
    phrases = situation.brand.words(situation.language)
    route = situation.triage.route
    intents = {label.name for label in situation.triage.intents}
    if route == "hide":
        return [_Line(phrases.moderation, paragraph=True), *_rule(situation)], False
    lines = [_Line(phrases.empathy, paragraph=True)] if "complaint" in intents and phrases.empathy else []
    if route.startswith("escalate"):
        return [*lines, _Line(phrases.handover, paragraph=not lines)], False
    note = [_Line(s, paragraph=i == 0) for i, s in enumerate(_note_sentences(situation.note))]
    if "praise" in intents and not intents & _REQUESTS:
        # Who only says thank you is thanked: the knowledge has nothing to add.
        return [_Line(phrases.praise or phrases.thanks, paragraph=True), *note], True
    answers = list(_answers(situation))
    if answers or note:
        return [*lines, *note, *answers, *_closing(route, phrases)], True
    if route == "private" or ("complaint" in intents and not intents & {"question", "purchase"}):
        # Who complains without asking is not told that an answer is missing.
        return [*lines, _Line(phrases.private or phrases.handover, paragraph=not lines)], False
    return [*lines, _Line(phrases.no_answer, paragraph=True), _Line(phrases.ask_details)], False


def _closing(route: str, phrases: Phrases) -> list[_Line]:
    return [_Line(phrases.private, paragraph=True)] if route == "private" else []


def _answers(situation: Situation) -> Iterator[_Line]:
    used: set[str] = set()
    missing = False
    for asked in situation.asked:
        chosen = _passages(asked, situation)
        missing = missing or not chosen
        fresh = [p for p in chosen if p.id not in used]
        used.update(p.id for p in fresh)
        # Yes and no answer the entry's own question, which is not always the customer's.
        for verdict in (True,) if not quotes.is_open(asked.text) else (False, True):
            lines = [
                line
                for i, passage in enumerate(fresh)
                for line in _quoted(passage, whole=i == 0, verdict=verdict and i == 0)
            ]
            if lines:
                break
        yield from lines
    if missing and used:
        phrases = situation.brand.words(situation.language)
        yield _Line(phrases.ask_details or phrases.no_answer, paragraph=True)


def _passages(asked: Asked, situation: Situation) -> list[Passage]:
    """Return the best passage and, when it leaves a part of the question open, the one that fills it."""
    readable = [p for p in asked.passages if p.chunk.language in (situation.language, "und")]
    if asked.answerable < MIN_ANSWERABLE or not readable:
        return []
    best = readable[0]
    held, ideas = situation.covers(asked.text, _content(best))
    if asked.answerable < SURE and len(held) < LEAST_SHARE * ideas:
        return []
    near = [p for p in readable[1:] if p.score >= SECOND_PASSAGE * best.score]
    if asks_twice(asked.text):
        return [best, *near[:1]]
    return [best, *[p for p in near if situation.covers(asked.text, _content(p))[0] - held][:1]]


def _content(passage: Passage) -> str:
    return f"{passage.chunk.question} {passage.chunk.text}"


def _quoted(passage: Passage, *, whole: bool, verdict: bool) -> Iterator[_Line]:
    chunk = passage.chunk
    spoken = [(s, quotes.said(chunk.text, s, verdict=verdict)) for s in _chosen(passage, whole=whole)]
    for index, (sentence, span) in enumerate((a, b) for a, b in spoken if b.end > b.start):
        quote = chunk.text[span.start : span.end]
        evidence = Evidence(chunk.id, span, quote, 1.0, chunk.version)
        begins = quote if span.start == sentence.start else quote[:1].upper() + quote[1:]
        yield _Line(quotes.plain(begins), (evidence,), paragraph=index == 0)


def _chosen(passage: Passage, *, whole: bool) -> list[Span]:
    text = passage.chunk.text
    spans = texts.sentences(text)
    if whole and len(spans) <= MAX_SENTENCES:
        return spans
    kept = {i for i, span in enumerate(spans) if any(_meet(span, h) for h in passage.highlights)}
    # The first sentence states the rule that the others refine; none leaves without the restriction
    # that follows it.
    kept.add(0)
    for index in sorted(kept):
        following = index + 1
        if following < len(spans) and _RESTRICTS.search(text[spans[following].start : spans[following].end]):
            kept.add(following)
    return [spans[i] for i in sorted(kept)]


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def _note_sentences(note: str) -> list[str]:
    return [note[s.start : s.end] for s in texts.sentences(note)]


def _greeting(comment: Comment, phrases: Phrases) -> str:
    name = comment.author.strip().lstrip("@").split(" ")[0]
    if name and _NAME.match(name) and "{name}" in phrases.greeting:
        return phrases.greeting.replace("{name}", name[:1].upper() + name[1:])
    return phrases.greeting_unknown


def _join(lines: Sequence[_Line]) -> tuple[str, tuple[Sentence, ...]]:
    text = ""
    sentences: list[Sentence] = []
    for line in lines:
        if text:
            text += "\n\n" if line.paragraph else " "
        start = len(text)
        text += line.text
        sentences.append(Sentence(Span(start, len(text)), line.evidence))
    return text, tuple(sentences)
