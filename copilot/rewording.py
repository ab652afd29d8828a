"""Other wordings of a text that code makes without a model: more of the evidence, or less around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from copilot import quotes
from copilot import text as texts
from copilot.brand import Phrases
from copilot.records import Passage, Sentence, Span

_HASHTAGS = re.compile(r"[ \t]*(?:(?<![\w/&])#\w+[ \t]*)+$", re.MULTILINE)


def fuller(
    text: str,
    sentences: Sequence[Sentence],
    passages: Sequence[Passage],
    *,
    adapt: Callable[[str], str] = str,
) -> str:
    """Return a text that says all that the passages it quotes say; the same text if it does already.

    Args:
        text: the text as it stands.
        sentences: its sentences with their evidence.
        passages: those it was written from; all may be quoted in public.
        adapt: turns a quoted sentence into the wanted register.
    """
    proved = [s for s in sentences if s.evidence]
    for passage in passages:
        own = [s for s in proved if any(e.passage_id == passage.id for e in s.evidence)]
        more = " ".join(adapt(sentence) for sentence in _left_out(passage, own, text)) if own else ""
        if more:
            end = own[-1].span.end
            return f"{text[:end]} {more}{text[end:]}"
    return text


def bare(text: str, phrases: Phrases) -> str:
    """Return a text without its greeting and signature, as one answers in a thread."""
    frame = Phrases(
        greeting=phrases.greeting, greeting_unknown=phrases.greeting_unknown, signoff=phrases.signoff
    )
    spans = texts.sentences(text)
    kept = [not frame.says(text[s.start : s.end]) for s in spans]
    if not any(kept):
        return text
    first, last = kept.index(True), len(kept) - 1 - kept[::-1].index(True)
    return text[spans[first].start : spans[last].end].strip()


def untagged(text: str) -> str:
    """Return a text without the hashtags that end its lines; those inside a sentence are words of it."""
    return re.sub(r"\n{3,}", "\n\n", _HASHTAGS.sub("", text)).strip()


def _left_out(passage: Passage, own: Sequence[Sentence], text: str) -> Iterator[str]:
    chunk = passage.chunk
    said = [e.span for s in own for e in s.evidence if e.passage_id == passage.id]
    for span in texts.sentences(chunk.text):
        spoken = quotes.said(chunk.text, span, verdict=False)
        quote = quotes.plain(chunk.text[spoken.start : spoken.end]).strip()
        if quote and quote not in text and not any(_meet(span, other) for other in said):
            yield quote[:1].upper() + quote[1:]


def _meet(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end
