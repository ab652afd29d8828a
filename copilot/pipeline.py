"""The steps from a comment to a reply, and from an edited text to its findings."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from copilot import check, fix, language, text, writing
from copilot.brand import Brand
from copilot.draft import MIN_ANSWERABLE, SURE
from copilot.errors import InputError
from copilot.llms import LLM
from copilot.messages import localized
from copilot.moderation.house_rules import house_rule
from copilot.questions import questions
from copilot.records import (
    Asked,
    CheckReport,
    Chunk,
    Comment,
    Draft,
    Notice,
    Passage,
    PersonalData,
    Reply,
    ReplyRequest,
    Sentence,
    Triage,
)
from copilot.retrieve import Retriever, evidence_for
from copilot.rules import RuleSet
from copilot.shorten import notice as shortening_notice
from copilot.shorten import shorten

MAX_COMMENT = 20_000
"""Characters; the longest comment any platform takes is far below."""
MAX_QUESTIONS = 4
PASSAGES = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """What the steps work with, put together by ``app``.

    ``prompt_folders`` are searched in order; ``seconds`` is the time in which a model must have written.
    """

    brand: Brand
    rules: RuleSet
    retriever: Retriever
    triage: Callable[[Comment], Triage]
    now: Callable[[], datetime]
    llm: LLM | None = None
    seconds: float = 0.0
    prompt_folders: Sequence[Path] = ()
    channel_folders: Sequence[Path] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a text answers to: needed to check it again after every edit."""

    channel: str = "web"
    language: str = ""
    register: str = ""
    comment: Comment | None = None
    passages: Sequence[Passage] = ()
    internal: Sequence[Passage] = ()
    personal_data: Sequence[PersonalData] = ()
    note: str = ""
    vouched: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)


def respond(
    request: ReplyRequest,
    parts: Parts,
    *,
    actor: str = "",
    on_text: Callable[[str], None] | None = None,
) -> Reply:
    """Turn a comment into a checked reply.

    Args:
        request: the comment and the wishes of the person who answers it.
        parts: what the steps work with.
        actor: who asks.
        on_text: called with the whole text so far while a model writes.

    Raises:
        InputError: the comment is empty or longer than ``MAX_COMMENT`` characters.
    """
    _refuse_unusable(request.comment.text)
    triage = parts.triage(request.comment)
    written = request.language or _reply_language(triage.language, parts.brand)
    asked = tuple(ask(request.comment.text, parts, written))
    passages = _distinct(p for question in asked for p in question.passages)
    internal = _internal(request.comment.text, parts)
    rule = _house_rule(triage, parts, written)
    passages = _distinct((*passages, rule)) if rule else passages
    task = writing.Task(
        request,
        triage,
        asked,
        parts.brand,
        written,
        register_of(request.register, parts),
        limit=check.count("", request.comment.channel, parts.channel_folders).limit,
        seconds=parts.seconds,
        house_rule=rule,
    )
    draft, notices = writing.write_reply(
        task, llm=parts.llm, prompt_folders=parts.prompt_folders, on_text=on_text
    )
    in_place = partial(parts.rules.check, language=draft.language, channel=request.comment.channel)
    draft = fix.typeset(draft, in_place)
    draft, cut = _fitted(draft, request.comment.channel, parts.channel_folders)
    context = Context(
        channel=request.comment.channel,
        language=written,
        register=request.register,
        comment=request.comment,
        passages=passages,
        internal=internal,
        personal_data=triage.personal_data,
        note=request.note,
    )
    answerable = min((question.answerable for question in asked), default=0.0)
    return Reply(
        id=uuid.uuid4().hex,
        comment=request.comment,
        triage=triage,
        passages=passages,
        draft=draft,
        report=recheck(draft.text, parts, context),
        channel=request.comment.channel,
        answerable=answerable,
        notices=(
            *notices,
            *cut,
            *_switched_off(parts.rules),
            *_knowledge_notices(asked, parts, request, written, triage, draft),
        ),
        created_at=parts.now(),
        actor=actor,
        note=request.note,
        asked=asked,
        internal=internal,
    )


def recheck(edited: str, parts: Parts, context: Context) -> CheckReport:
    """Check a text as it stands: facts proved, rules, register, length.

    Retrieval for a sentence that the known passages do not support happens here.
    """
    started = time.perf_counter()
    wanted = context.language or _reply_language(language.detect(edited)[0], parts.brand)
    evidence = [*context.passages, *note_passages(context.note)]
    written_in = language.detect(edited, languages=parts.brand.languages)[0]
    written = wanted if written_in == "und" else written_in
    today = parts.now().date()
    situation = check.Situation(
        brand=parts.brand,
        rules=parts.rules,
        today=today,
        language=wanted,
        register=register_of(context.register, parts),
        channel=context.channel,
        passages=[*evidence, *_phrase_passages(parts.brand, written)],
        internal=context.internal or _internal(edited, parts),
        comment=context.comment,
        personal_data=context.personal_data,
        retrieve=lambda sentence: parts.retriever.search(sentence, k=3, today=today),
        vouched=context.vouched,
        overrides=context.overrides,
        channel_folders=parts.channel_folders,
    )
    findings, claims = check.findings_and_claims(edited, written, situation)
    return CheckReport(
        text=edited,
        language=written,
        claims=claims,
        findings=findings,
        sentences=_with_evidence(edited, evidence, parts.brand.words(written).says),
        count=check.count(edited, context.channel, parts.channel_folders),
        seconds=time.perf_counter() - started,
    )


def context_of(
    reply: Reply | None,
    channel: str = "",
    language: str = "",
    register: str = "",
    *,
    vouched: Mapping[str, str],
    overrides: Mapping[str, str],
) -> Context:
    """Return what an edited draft answers to; of a text that is no draft, little is known."""
    if reply is None:
        return Context(channel or "web", language, register, vouched=vouched, overrides=overrides)
    drafted = reply.draft.register if reply.draft.register in ("tu", "vous") else ""
    return Context(
        channel=channel or reply.channel,
        language=language or reply.draft.language,
        register=register or drafted,
        comment=reply.comment,
        passages=reply.passages,
        internal=reply.internal,
        personal_data=reply.triage.personal_data,
        note=reply.note,
        vouched=vouched,
        overrides=overrides,
    )


def ask(comment: str, parts: Parts, wanted: str) -> list[Asked]:
    """Split a comment into its questions and find passages for each."""
    today = parts.now().date()
    found = []
    for question in questions(comment, MAX_QUESTIONS):
        passages = parts.retriever.search(question, k=PASSAGES, language=wanted, today=today)
        found.append(Asked(question, tuple(passages), parts.retriever.answerable(question, passages)))
    return found


def note_passages(note: str) -> list[Passage]:
    """Return the agent's own note as evidence, marked as hers."""
    if not note.strip():
        return []
    chunk = Chunk("note", "note", "", note.strip(), end=len(note.strip()), kind="note")
    return [Passage(chunk, 1.0)]


def _phrase_passages(brand: Brand, written: str) -> list[Passage]:
    """Return the brand's own phrases as evidence: what it chose to say of itself needs no other proof."""
    phrases = " ".join(str(p) for p in brand.words(written).model_dump().values() if p)
    return [Passage(Chunk("brand", "brand", "brand.yml", phrases, language=written, kind="note"), 0.0)]


def register_of(wanted: str, parts: Parts) -> str:
    """Return the register a text must have: the one asked for, else the brand's."""
    return wanted or parts.brand.register_


def _refuse_unusable(comment: str) -> None:
    if not comment.strip():
        raise InputError("pipeline.empty_comment")
    if len(comment) > MAX_COMMENT:
        raise InputError("pipeline.too_long", count=len(comment), limit=MAX_COMMENT)


def _reply_language(found: str, brand: Brand) -> str:
    return found if found in brand.languages else brand.languages[0]


def _distinct(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    return tuple({p.id: p for p in passages}.values())


def _house_rule(triage: Triage, parts: Parts, written: str) -> Passage | None:
    """Return the rule that a comment to be hidden breaks."""
    if triage.route != "hide":
        return None
    found = house_rule(parts.retriever.index.chunks().values(), triage, written, parts.now().date())
    return Passage(found, 1.0) if found else None


def _internal(query: str, parts: Parts) -> tuple[Passage, ...]:
    found = parts.retriever.search(query, k=10, visibility=None, today=parts.now().date())
    return tuple(p for p in found if p.chunk.visibility == "internal")[:3]


def _fitted(draft: Draft, channel: str, folders: Sequence[Path]) -> tuple[Draft, list[Notice]]:
    """Shorten a draft that its channel would refuse: by whole sentences, conditions kept."""
    short = shorten(draft.text, draft.sentences, lambda text: check.fits(text, channel, folders))
    told = shortening_notice(short)
    return replace(draft, text=short.text, sentences=short.sentences or draft.sentences), [
        told
    ] if told else []


def _switched_off(rules: RuleSet) -> list[Notice]:
    return [notice for notice in rules.notices if notice.code == "rule_too_slow"]


def _wants_answer(triage: Triage) -> bool:
    intents = {label.name for label in triage.intents}
    if triage.route in ("hide", "ignore") or triage.route.startswith("escalate") or triage.severity == "S4":
        return False
    return bool(intents & {"question", "purchase"}) or not intents & {"praise", "complaint", "suggestion"}


def _with_evidence(
    edited: str, passages: Sequence[Passage], own: Callable[[str], bool]
) -> tuple[Sentence, ...]:
    """Tie each sentence to its evidence; the brand's ``own`` phrases stand on nothing."""
    sentences = []
    for span in text.sentences(edited):
        sentence = edited[span.start : span.end]
        evidence = None if own(sentence) else evidence_for(sentence, passages)
        sentences.append(Sentence(span, (evidence,) if evidence else ()))
    return tuple(sentences)


def _knowledge_notices(
    asked: Sequence[Asked], parts: Parts, request: ReplyRequest, wanted: str, triage: Triage, draft: Draft
) -> list[Notice]:
    notices = list(parts.retriever.notices)
    missing = [q for q in asked if q.answerable < MIN_ANSWERABLE]
    least = min((q.answerable for q in asked), default=1.0)
    if draft.answered and MIN_ANSWERABLE <= least < SURE and _wants_answer(triage):
        notices.append(
            Notice("unsure_answer", localized("pipeline.unsure_answer", percent=round(100 * least)))
        )
    if (missing or not draft.answered) and _wants_answer(triage):
        notices.append(Notice("no_answer", localized("pipeline.no_answer"), "warning"))
        elsewhere = parts.retriever.search(request.comment.text, k=1, today=parts.now().date())
        if elsewhere and elsewhere[0].chunk.language not in (wanted, "und"):
            notices.append(
                Notice(
                    "other_language",
                    localized("pipeline.other_language", language=elsewhere[0].chunk.language),
                )
            )
    return notices
