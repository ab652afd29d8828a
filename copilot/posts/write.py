"""Write the posts of a brief: with the model if there is one, else, or when it fails, offline."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot import channels, compose, prompts
from copilot import text as texts
from copilot.errors import InputError, LLMContractError, LLMError
from copilot.messages import localized
from copilot.pipeline import Context, Parts, recheck
from copilot.posts import threads
from copilot.posts.details import details, statements_of
from copilot.posts.formats import Format, Text, format_of
from copilot.posts.material import (
    Material,
    charter_of,
    facts_of,
    link_of,
    note_of,
    own_words,
    passages_for,
    polished,
    refuse_unusable,
    wording_for,
)
from copilot.posts.offline import Line, draft_offline, options_of, values
from copilot.posts.record import Post
from copilot.records import (
    Brief,
    CheckReport,
    Chunk,
    Draft,
    Evidence,
    Localized,
    Notice,
    Passage,
    Sentence,
    Span,
)
from copilot.retrieve import evidence_for
from copilot.shorten import Shortened, shorten
from copilot.shorten import notice as shortening_notice

OnText = Callable[[str], None]
ATTEMPTS = 2
_LONG_LINK = "reseaux.LienLong"


@dataclass(frozen=True, slots=True)
class _Written:
    """A draft, its thread messages if it is one, and what the person must know of it."""

    draft: Draft
    messages: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def write(brief: Brief, parts: Parts, *, actor: str = "", on_text: OnText | None = None) -> tuple[Post, ...]:
    """Write one post a channel, and a text: an event has three.

    Args:
        brief: what the posts should do.
        parts: what the steps work with.
        actor: who asks.
        on_text: called with the whole text so far while a model writes.

    Raises:
        InputError: the brief is empty or too long, its format, language or a channel is unknown, a channel
            takes no posts, or its link is no web address.
    """
    refuse_unusable(brief)
    form = format_of(brief.format)
    asked, brief = brief, brief if form.verbatim else polished(brief, parts)
    passages = () if form.approved_only else passages_for(brief, parts)
    wording = _approved(form, brief, parts)
    posts: list[Post] = []
    writing = parts
    for channel in _channels(brief, form, parts):
        for text in form.texts:
            material = _material(brief, form, text, channel, passages, wording, parts)
            written, writing = _written(material, writing, on_text)
            posts.append(_post(material, written, parts, actor, asked))
    return tuple(posts)


def context_of(post: Post, parts: Parts, vouched: Mapping[str, str], overrides: Mapping[str, str]) -> Context:
    """Return what the text of a post answers to: its passages, the brief, the recipe's own words."""
    form = format_of(post.format)
    text = next(t for t in form.texts if t.name == post.piece)
    material = _material(post.brief, form, text, post.channel, post.passages, (), parts)
    own = " ".join(own_words(text, post.brief.language, values(material)))
    recipe = [Passage(Chunk("format", "format", "", own, language=post.brief.language, kind="note"), 0.0)]
    return Context(
        channel=post.channel,
        language=post.brief.language,
        passages=[*post.passages, *(recipe if own else [])],
        note=post.note,
        vouched=vouched,
        overrides=overrides,
    )


def check(
    post: Post,
    text: str,
    parts: Parts,
    *,
    vouched: Mapping[str, str] | None = None,
    overrides: Mapping[str, str] | None = None,
) -> CheckReport:
    """Check a post's text as it stands; of a thread, each message has to fit."""
    report = recheck(text, parts, context_of(post, parts, vouched or {}, overrides or {}))
    # The parameters that count visits make a link long; networks show it short.
    kept = tuple(f for f in report.findings if not (f.rule == _LONG_LINK and f.match == post.link))
    report = replace(report, findings=kept)
    if post.parts:
        return threads.checked(report, post.channel, parts.channel_folders)
    return report


def _channels(brief: Brief, form: Format, parts: Parts) -> list[str]:
    if form.channel:
        return [form.channel]
    if not brief.channels:
        raise InputError("posts.no_channel")
    for name in brief.channels:
        if channels.channel(name, parts.channel_folders).kind != "post":
            row = channels.channel(name, parts.channel_folders)
            raise InputError("posts.not_a_post", channel=row.title)
    return list(dict.fromkeys(brief.channels))


def _approved(form: Format, brief: Brief, parts: Parts) -> tuple[Passage, ...]:
    if not form.approved_only:
        return ()
    return charter_of(brief, parts) if form.name == "charter" else wording_for(brief, parts)


def _material(
    brief: Brief,
    form: Format,
    text: Text,
    channel: str,
    passages: tuple[Passage, ...],
    wording: tuple[Passage, ...],
    parts: Parts,
) -> Material:
    link = link_of(brief, form, text, channel)
    row = channels.row_of(channel, parts.channel_folders)
    known = [limit for limit in (row.max_hashtags, row.linked_hashtags) if limit is not None]
    note = "" if form.name == "crisis" else note_of(brief, link)
    limit = min(known, default=None)
    return Material(brief, parts.brand, form, text, channel, passages, wording, link, note, limit)


def _written(material: Material, parts: Parts, on_text: OnText | None) -> tuple[_Written, Parts]:
    """Return the text, and the parts for the next one: without the model once it has failed."""
    offline = material.format.approved_only or parts.llm is None
    if offline:
        return _offline(material, parts), parts
    try:
        return _with_model(material, parts, on_text), parts
    except LLMError as error:
        reason = Localized(error.in_language("fr"), error.in_language("en"))
        told = Notice("llm_failed", localized("posts.llm_failed", reason=reason), "warning")
        written = _offline(material, parts)
        return replace(written, notices=(told, *written.notices)), replace(parts, llm=None)


def _offline(material: Material, parts: Parts) -> _Written:
    threaded = _threaded(material, parts)
    fits = (lambda _: True) if threaded else _fits(material, parts)
    draft, short, lines = draft_offline(material, fits)
    whole = material.format.approved_only and _fits(material, parts)(draft.text)
    if threaded and not whole:
        return _thread(draft, lines, material, parts)
    left = [x for x in lines if x.tail and not x.text.startswith("#") and x.text not in draft.text]
    return _Written(draft, (), tuple(_notices(material, short, parts, left)))


def _thread(draft: Draft, lines: Sequence[Line], material: Material, parts: Parts) -> _Written:
    messages = threads.messages(lines, material.channel, parts.channel_folders)
    text = "\n\n".join(messages)
    at, found = 0, []
    for line in lines:
        start = text.find(line.text, at)
        if start >= 0:
            at = start + len(line.text)
            found.append(Sentence(Span(start, at), line.evidence))
    whole = replace(draft, text=text, sentences=tuple(found))
    told = tuple(_notices(material, None, parts))
    return _Written(whole, tuple(messages) if len(messages) > 1 else (), told)


def _with_model(material: Material, parts: Parts, on_text: OnText | None) -> _Written:
    assert parts.llm is not None
    prompt = prompts.load("post", parts.prompt_folders)
    brief, brand = material.brief, material.brand
    wish = f"{material.format.title.get(brief.language)} {material.text.title.get(brief.language)}".strip()
    limit = channels.row_of(material.channel, parts.channel_folders).limit
    messages, markers = compose.compose_post(
        replace(brief, link=material.link, format=wish),
        material.passages,
        brand,
        channel=material.channel,
        register=brand.register_,
        prompt=prompt,
        limit=None if _threaded(material, parts) else limit,
    )

    def show(text: str) -> None:
        assert on_text is not None
        on_text(compose.without_markers(text))

    end = time.monotonic() + parts.seconds if parts.seconds else None
    for attempt in range(1, ATTEMPTS + 1):
        completion = parts.llm.complete(
            messages, on_text=show if on_text else None, options=prompt.llm, deadline=end
        )
        try:
            text, _ = compose.read_reply(completion.text, markers, prompt=prompt)
            break
        except LLMContractError as error:
            if attempt == ATTEMPTS:
                raise
            messages = compose.ask_again(messages, completion.text, error, language=brief.language)
    return _from_model(text, completion.model, prompt.version, material, parts)


def _from_model(text: str, model: str, version: str, material: Material, parts: Parts) -> _Written:
    if material.link and material.link not in text:
        text = f"{text.rstrip()}\n\n{material.link}"
    language = material.brief.language
    register = material.brand.register_ if language == "fr" else "none"
    known = [Sentence(span, _evidence(text, span, material)) for span in texts.sentences(text)]
    draft = Draft(text, model, language, register, tuple(known), version)
    if _threaded(material, parts):
        lines = [Line(block) for block in text.split("\n\n") if block.strip()]
        return _thread(draft, lines, material, parts)
    short = shorten(text, known, _fits(material, parts))
    draft = replace(draft, text=short.text, sentences=short.sentences)
    return _Written(draft, (), tuple(_notices(material, short, parts)))


def _evidence(text: str, span: Span, material: Material) -> tuple[Evidence, ...]:
    found = evidence_for(text[span.start : span.end], material.passages)
    return (found,) if found else ()


def _fits(material: Material, parts: Parts) -> Callable[[str], bool]:
    return lambda text: channels.fits(text, material.channel, folders=parts.channel_folders)


def _threaded(material: Material, parts: Parts) -> bool:
    row = channels.row_of(material.channel, parts.channel_folders)
    return material.format.thread and row.thread


def _notices(
    material: Material, short: Shortened | None, parts: Parts, left: Sequence[Line] = ()
) -> list[Notice]:
    form, brief = material.format, material.brief
    told: list[Notice] = []
    cut = shortening_notice(short) if short else None
    if cut:
        told.append(cut)
    if left:
        words = " – ".join(line.text for line in left)
        told.append(Notice("left_out", localized("posts.left_out", words=words), "warning"))
    if form.approved_only and not material.wording:
        told.append(Notice(f"no_{form.name}", localized(f"posts.no_{form.name}"), "warning"))
    elif not form.approved_only and not (facts_of(brief) or material.passages):
        told.append(Notice("no_material", localized("posts.no_material"), "warning"))
    if form.name == "crisis" and facts_of(brief):
        told.append(Notice("facts_left_out", localized("posts.facts_left_out")))
    if form.name == "thread" and not _threaded(material, parts):
        told.append(Notice("no_thread", localized("posts.no_thread")))
    return told


def _post(material: Material, written: _Written, parts: Parts, actor: str, asked: Brief) -> Post:
    brief, draft = material.brief, written.draft
    tags = tuple(f"#{tag.value}" for tag in channels.extract(draft.text, material.channel).hashtags)
    used = (*material.passages, *material.wording)
    skipped = [*_courtesy(material), " ".join(tags)]
    said = statements_of(draft.text, skipped)
    own = own_words(material.text, brief.language, values(material))
    beside = details(brief, material.format, material.channel, [s for s in said if s not in own] or said)
    blank = CheckReport(draft.text, brief.language)
    post = Post(
        id=uuid.uuid4().hex,
        brief=asked,
        channel=material.channel,
        draft=draft,
        report=blank,
        format=material.format.name,
        piece=material.text.name,
        parts=written.messages,
        hook=said[0] if said else "",
        hashtags=tags,
        options=options_of(brief.key_facts) if material.format.name == "poll" else (),
        alt_text=beside.alt_text,
        visual=beside.visual,
        title=beside.title,
        preheader=beside.preheader,
        description=beside.description,
        link=material.link,
        note=material.note,
        passages=used,
        notices=written.notices,
        created_at=parts.now(),
        actor=actor,
    )
    return replace(post, report=check(post, draft.text, parts))


def _courtesy(material: Material) -> list[str]:
    phrases = material.brand.words(material.brief.language)
    return [phrases.greeting_unknown, phrases.signoff]
