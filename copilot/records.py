"""The nouns of Porte-voix, as frozen dataclasses.

Every span is a pair of offsets in Unicode code points into the text that the user sees: ``text[start:end]``.
Records hold plain values only, so that they compare, pickle, and travel as JSON without loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

Language = str
"""ISO 639-1 code (``fr``, ``en``) or ``und`` when nobody can tell."""
Register = Literal["tu", "vous", "mixed", "plural", "none"]
Level = Literal["suggestion", "warning", "error"]
Status = Literal["approved", "pending", "retired"]
Visibility = Literal["public", "internal"]
ClaimState = Literal["supported", "contradicted", "condition_dropped", "not_found", "unproved"]
Severity = Literal["S0", "S1", "S2", "S3", "S4"]
Sentiment = Literal["positive", "neutral", "negative", "mixed"]
Route = Literal[
    "reply",
    "private",
    "hide",
    "escalate_care",
    "escalate_pr",
    "escalate_legal",
    "escalate_safety",
    "ignore",
]
ReviewState = Literal["draft", "submitted", "approved", "changes_requested", "rejected"]


class Span(NamedTuple):
    """Half-open range of code points in a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Localized:
    """One sentence in the two languages of the interface."""

    fr: str
    en: str

    def get(self, language: Language) -> str:
        """Return the French text for ``fr``, the English one for anything else."""
        return self.fr if language == "fr" else self.en


# -- what comes in ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comment:
    """A customer's words, untrusted. ``author`` is the name shown, never an identity we verified."""

    text: str
    author: str = ""
    channel: str = "web"
    at: datetime | None = None
    url: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a manager asks a post to do. ``channels`` are names of the channel table.

    One fact or one channel may be given as a plain string.
    """

    objective: str
    audience: str = ""
    key_facts: tuple[str, ...] = ()
    call_to_action: str = ""
    campaign: str = ""
    link: str = ""
    format: str = "post"
    channels: tuple[str, ...] = ("linkedin_post",)
    language: Language = "fr"

    def __post_init__(self) -> None:
        for name in ("key_facts", "channels"):
            if isinstance(given := getattr(self, name), str):
                object.__setattr__(self, name, (given,))


# -- knowledge -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """One source file (or one imported page) as ingested. ``version`` is the hash of its content."""

    id: str
    path: str
    title: str
    version: str
    language: Language = "und"
    format: str = "md"
    status: Status = "approved"
    visibility: Visibility = "public"
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document, the unit that is indexed. A FAQ entry is one chunk with its ``question``.

    ``start`` and ``end`` are offsets of ``text`` in the document as a person opens it (its plain
    text for binary formats); ``page`` and ``row`` are 1-based where the format has them.
    """

    id: str
    document_id: str
    path: str
    text: str
    question: str = ""
    headings: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    page: int | None = None
    row: int | None = None
    language: Language = "und"
    status: Status = "approved"
    visibility: Visibility = "public"
    valid_from: date | None = None
    valid_until: date | None = None
    version: str = ""
    kind: Literal["faq", "prose", "note"] = "faq"
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a query. ``score`` is in 0..1, comparable within one search only.

    ``highlights`` are spans of ``chunk.text`` worth showing first.
    """

    chunk: Chunk
    score: float
    highlights: tuple[Span, ...] = ()

    @property
    def id(self) -> str:
        """The stable id of the chunk."""
        return self.chunk.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """The span of a passage that supports (or contradicts) a span of a text.

    ``score`` is the share of the claim's content words that the span holds, 0..1.
    """

    passage_id: str
    span: Span
    quote: str
    score: float = 1.0
    version: str = ""


# -- triage ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """A triage label with the words that led to it. ``confidence`` is a calibrated probability or None."""

    name: str
    reasons: tuple[Span, ...] = ()
    rule: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Toxicity:
    """The class, strength and target of an abusive comment, with the words that show it."""

    kind: Literal["insult", "hate", "threat", "sexual", "harassment", "profanity"]
    strength: Literal["mild", "strong", "severe"]
    target: Literal["brand", "employee", "member", "group", "none"] = "none"
    reasons: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """One item of personal data in a text."""

    kind: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Triage:
    """What a comment is and what should happen with it, each part with its reasons.

    ``unsure`` is True when the detectors abstain: a human should look before anything else happens.
    """

    language: Language = "und"
    intents: tuple[Label, ...] = ()
    sentiment: Sentiment = "neutral"
    urgency: Literal["low", "normal", "high", "immediate"] = "normal"
    toxicity: Toxicity | None = None
    severity: Severity = "S0"
    personal_data: tuple[PersonalData, ...] = ()
    needs_reply: bool = True
    route: Route = "reply"
    unsure: bool = False
    explanation: Localized = Localized("", "")
    contact: str = ""


# -- drafts and their checks -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and money of one or several model calls. ``estimated`` when the tokenizer was not at hand."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    currency: str = "EUR"
    seconds: float = 0.0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A model's whole answer. ``finish`` is the endpoint's own word (``stop``, ``length``…), or empty."""

    text: str
    usage: Usage
    model: str
    finish: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a draft and the evidence it stands on (empty for greetings and questions)."""

    span: Span
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user must know about how a result came to be. ``code`` is stable, for tests and tools."""

    code: str
    message: Localized
    level: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text nobody has approved yet. ``writer`` is ``offline`` or the model's name."""

    text: str
    writer: str
    language: Language = "fr"
    register: Register = "none"
    sentences: tuple[Sentence, ...] = ()
    prompt_version: str = ""
    usage: Usage | None = None
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace ``span`` of the text by ``text``."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """A one-click repair: edits that belong together. ``safe`` fixes may be applied all at once."""

    label: Localized
    edits: tuple[Edit, ...]
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a text that a rule objects to. The same record from YAML rules and from code.

    ``rule`` is ``pack.Name``; ``link`` leads to the rule's page. ``suppressed`` holds the written
    reason of the person who overrode it, empty otherwise.
    """

    rule: str
    level: Level
    span: Span
    message: Localized
    match: str = ""
    why: Localized = Localized("", "")
    link: str = ""
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """An atomic checkable statement read in a text.

    ``value`` is the canonical form that equivalent writings share (``PT48H``, ``12.90 EUR``).
    """

    kind: str
    span: Span
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact of a text and its proof.

    ``supported`` carries the supporting evidence; ``contradicted`` and ``condition_dropped`` carry
    the evidence that says otherwise or adds a restriction. ``vouched`` holds a person's written reason.
    """

    fact: Fact
    state: ClaimState
    evidence: tuple[Evidence, ...] = ()
    message: Localized = Localized("", "")
    vouched: str = ""


@dataclass(frozen=True, slots=True)
class ChannelCount:
    """The length of a text in its channel's own unit. ``limit`` is None where the platform has none."""

    channel: str
    used: int
    limit: int | None
    unit: str
    fold: int | None = None
    segments: int | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that is known of one text: claims with their states, findings in text order, its length."""

    text: str
    language: Language
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    count: ChannelCount | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a comment, the passages found for it and the probability that they answer it."""

    text: str
    passages: tuple[Passage, ...]
    answerable: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A draft with all that led to it. ``answerable`` is the calibrated probability that the
    knowledge holds an answer; ``internal`` passages inform the human and never feed the draft."""

    id: str
    comment: Comment
    triage: Triage
    passages: tuple[Passage, ...]
    draft: Draft
    report: CheckReport
    channel: str = "web"
    answerable: float = 0.0
    notices: tuple[Notice, ...] = ()
    created_at: datetime | None = None
    actor: str = ""
    note: str = ""
    asked: tuple[Asked, ...] = ()
    internal: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingestion did. ``failed`` pairs a path with the reason, in the two languages."""

    added: int = 0
    updated: int = 0
    removed: int = 0
    unchanged: int = 0
    chunks: int = 0
    seconds: float = 0.0
    failed: tuple[tuple[str, Localized], ...] = ()
    notices: tuple[Notice, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """What a person asks for. Empty ``language`` and ``register`` follow the comment and the brand.

    ``note`` holds the agent's own facts for this message: the draft must use them and they count as
    evidence. ``tone`` and ``length`` are wishes (``warmer``, ``firmer``, ``simpler``; ``shorter``).
    ``writer`` is ``auto`` (the endpoint if configured) or ``offline``.
    """

    comment: Comment
    language: Language = ""
    register: Literal["", "tu", "vous"] = ""
    note: str = ""
    tone: Literal["", "warmer", "firmer", "simpler"] = ""
    length: Literal["", "shorter"] = ""
    writer: Literal["auto", "offline"] = "auto"


@dataclass(frozen=True, slots=True)
class FixResult:
    """A text after fixes. ``skipped`` are findings whose fix met another one or would have changed a fact."""

    text: str
    applied: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()
