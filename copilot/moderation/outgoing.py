"""What must not leave: checks of a draft that need more than its own words.

Rules as data see the text alone; here it is compared with the comment it answers, the personal data
found there, the internal passages, the prompt, and the links that the brand may give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from copilot import messages
from copilot.moderation.abuse import abuse
from copilot.moderation.grammar import Grammar, shipped
from copilot.moderation.injection import injection
from copilot.moderation.leaks import Run, close_sentences, shared_runs
from copilot.moderation.words import cut, fold
from copilot.records import Comment, Finding, Level, Passage, PersonalData, Span

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>()\"«»]+"
    r"|(?<![\w@.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|fr|io|co|ru|xyz|top|shop|info|eu|be|ch|ly|me)"
    r"(?:/[^\s<>()\"«»]*)?(?![\w@-])",
    re.IGNORECASE,
)
_RESIDUE = re.compile(
    r"\[\[\d+\]\]|\{\{?\w+\}?\}|<\|[^|<>]{1,30}\|>"
    r"|\[(?:EMAIL|PHONE|NAME|ADDRESS|IBAN|CARD|NIR|SIRET|SIREN|PLATE|ORDER|IP|ID_NUMBER)_\d+\]"
)
_TELLING = re.compile(
    r"\d+(?:[.,]\d+)?\s?(?:%|€|\$|euros?|eur|pour cent|percent)|\b(?=\w*[A-Z]\w*[A-Z])\w{4,}\b"
)
_QUOTED = re.compile(r"[\"«“‘']\s?([^\"«»“”‘’']{3,200}?)\s?[\"»”’']")


def outgoing(
    text: str,
    *,
    comment: Comment | None = None,
    personal_data: Sequence[PersonalData] = (),
    internal_passages: Sequence[Passage] = (),
    website: str = "",
    passages: Sequence[Passage] = (),
    prompt: str = "",
    competitors: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """Check a text that is about to be published; all findings of level ``error`` must stop it.

    Args:
        text: as it will be published.
        comment: what it answers; its links and its instructions to the machine must not come back.
        personal_data: found in the comment; a public answer repeats none of it.
        internal_passages: what must not be told, word for word or closely reworded.
        website: the brand's own site; links to other places need a passage that gives them.
        passages: public passages; what they say may be said, their links may be given.
        prompt: the prompt that was sent, of which nothing may show.
        competitors: names nobody may run down.
    """
    found = [
        *_abusive(text),
        *_repeated(text, personal_data),
        *_internal(text, internal_passages, passages),
        *_machine_talk(text, prompt),
        *_links(text, comment, website, passages),
        *_obeyed(text, comment, passages),
        *_competitors(text, competitors),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.rule)))


def _grammar() -> Grammar:
    return shipped("copilot.moderation", "outgoing")


def _finding(name: str, text: str, span: Span, *, level: Level = "error", **params: str) -> Finding:
    key = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    match = text[span.start : span.end]
    return Finding(
        rule=f"moderation.{name}",
        level=level,
        span=span,
        message=messages.localized(f"moderation.{key}", match=match, **params),
        match=match,
        why=messages.localized(f"moderation.{key}_why"),
    )


def _abusive(text: str) -> Iterator[Finding]:
    found = abuse(text).toxicity
    if found is not None:
        span = found.reasons[0] if found.reasons else Span(0, len(text))
        yield _finding("Abuse" if found.kind != "hate" else "Discrimination", text, span)


def _repeated(text: str, personal_data: Sequence[PersonalData]) -> Iterator[Finding]:
    for item in {item.text: item for item in personal_data}.values():
        for span in _places(text, item):
            yield _finding("PersonalData", text, span)


def _places(text: str, item: PersonalData) -> Iterator[Span]:
    """Yield where the value stands, its digits grouped in any way; a first name alone may be said."""
    if item.kind == "name":
        if len(item.text.split()) < 2:
            return
        pattern = r"\s+".join(map(re.escape, item.text.split()))
    elif item.kind in ("email", "address", "ip"):
        pattern = r"\s+".join(map(re.escape, item.text.split()))
    else:
        signs = re.sub(r"[\W_]", "", item.text)
        if len(signs) < 4:
            return
        pattern = r"[\s.\-/()\u00a0\u202f]{0,2}".join(map(re.escape, signs))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE):
        yield Span(*match.span())


def _internal(text: str, internal: Sequence[Passage], public: Sequence[Passage]) -> Iterator[Finding]:
    allowed = [passage.chunk.text for passage in public if passage.chunk.visibility == "public"]
    secret = [p.chunk.text for p in internal if p.chunk.visibility == "internal"]
    runs: list[Run] = [run for passage in secret for run in shared_runs(text, passage, least=8)]
    runs += close_sentences(text, secret)
    taken: list[Span] = []
    for run in sorted(runs, key=lambda r: r.span.start - r.span.end):
        known = any(run.covered_by(passage) for passage in allowed)
        if not known and not any(run.span.start < t.end and t.start < run.span.end for t in taken):
            taken.append(run.span)
            yield _finding("InternalContent", text, run.span)


def _machine_talk(text: str, prompt: str) -> Iterator[Finding]:
    spans = [hit.span for hit in _grammar().match(cut(text)) if hit.rule.label == "machine"]
    for span in (*spans, *(Span(*match.span()) for match in _RESIDUE.finditer(text))):
        yield _finding("PromptLeak", text, span)
    for run in shared_runs(text, prompt, least=9) if prompt else ():
        yield _finding("PromptLeak", text, run.span)


def _links(
    text: str, comment: Comment | None, website: str, passages: Sequence[Passage]
) -> Iterator[Finding]:
    own = _host(website)
    given = {_host(m.group()) for p in passages for m in _LINK.finditer(p.chunk.text)}
    received = {_host(m.group()) for m in _LINK.finditer(comment.text)} if comment else set()
    for match in _LINK.finditer(text):
        host = _host(match.group())
        if (own and (host == own or host.endswith(f".{own}"))) or host in given:
            continue
        if host in received or own:
            yield _finding("ForeignLink", text, Span(*match.span()), host=host)


def _host(link: str) -> str:
    host = re.sub(r"^https?://", "", link.strip().lower()).split("/")[0].split("?")[0].rstrip(".,;:!")
    return host.removeprefix("www.")


def _obeyed(text: str, comment: Comment | None, passages: Sequence[Passage]) -> Iterator[Finding]:
    """Find what an injected instruction asked to be said or granted."""
    if comment is None or not (found := injection(comment.text)).found:
        return
    wanted = [match[1].strip() for match in _QUOTED.finditer(comment.text)]
    known = {word for passage in passages for word in cut(passage.chunk.text).words}
    wanted += [word for word in _ordered(comment.text, found.spans) if fold(word) not in known]
    spans = [Span(*m.span()) for w in wanted for m in re.finditer(_whole(w), text, re.IGNORECASE)]
    spans += [run.span for run in shared_runs(text, comment.text, least=4)]
    taken: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start - s.end):
        if not any(span.start < t.end and t.start < span.end for t in taken):
            taken.append(span)
            yield _finding("ObeyedInstruction", text, span)


def _ordered(text: str, orders: Sequence[Span]) -> set[str]:
    """Return the telling words of sentences that give orders: figures with units, codes, shouted words."""
    words, found = cut(text), set()
    for order in orders:
        at = next((i for i, span in enumerate(words.spans) if span.end > order.start), 0)
        first, last = words.sentence(at)
        if first < last:
            span = words.span(first, last - 1)
            found |= set(_TELLING.findall(text[span.start : span.end]))
    return found


def _whole(wanted: str) -> str:
    return rf"(?<!\w){re.escape(wanted)}(?!\w)"


def _competitors(text: str, competitors: Sequence[str]) -> Iterator[Finding]:
    if not competitors:
        return
    words = cut(text)
    worse = [hit.first for hit in _grammar().match(words) if hit.rule.label == "worse"]
    for name in competitors:
        for match in re.finditer(_whole(name), text, re.IGNORECASE):
            at = next((i for i, span in enumerate(words.spans) if span.end > match.start()), 0)
            first, last = words.sentence(at)
            if any(first <= place < last for place in worse):
                yield _finding("Competitor", text, Span(*match.span()))
