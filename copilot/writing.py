"""Write a reply: with the model if there is one, else, or when it fails, with the offline drafter."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance.DamerauLevenshtein import normalized_similarity as _similar

from copilot import compose, prompts, register
from copilot.brand import Brand
from copilot.draft import Situation, draft_offline, for_a_person_alone
from copilot.errors import CopilotError, LLMContractError, LLMError
from copilot.index import analysis
from copilot.llms import LLM
from copilot.messages import localized
from copilot.records import (
    Asked,
    Draft,
    Evidence,
    Localized,
    Notice,
    Passage,
    Register,
    ReplyRequest,
    Sentence,
    Span,
    Triage,
    Usage,
)
from copilot.retrieve import evidence_for

_VOWEL = re.compile(r"[aeiouy].*[aeiouy]|\d")
"""A content word has two vowels or a digit; chat abbreviations (bjr, tps, svp) have none."""

CLOSE = 0.84
"""Share of letters in place from which a misspelt word is taken for a known one: one slip in six letters."""

ATTEMPTS = 2
"""A broken answer is asked for once more, with the reason; then the offline drafter takes over."""

OnText = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be written. ``language`` and ``register`` are decided, not wished for.

    ``limit`` is the channel's length, if it has one; ``seconds`` the total time for all attempts;
    ``house_rule`` the rule of the brand's own that a hidden comment breaks.
    """

    request: ReplyRequest
    triage: Triage
    asked: tuple[Asked, ...]
    brand: Brand
    language: str
    register: str
    limit: int | None = None
    seconds: float = 0.0
    house_rule: Passage | None = None

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages of all questions, each once, best first within its question."""
        return tuple({p.id: p for q in self.asked for p in q.passages}.values())


def write_reply(
    task: Task, *, llm: LLM | None, prompt_folders: Sequence[Path], on_text: OnText | None = None
) -> tuple[Draft, list[Notice]]:
    """Write a draft. When the model fails, the offline drafter writes and a notice says why."""
    silent = task.triage.route in ("ignore", "hide") or for_a_person_alone(task.triage)
    if llm is None or task.request.writer == "offline" or silent:
        return _offline(task), _silence(task)
    try:
        return _with_model(task, llm, prompt_folders, on_text), []
    except LLMError as error:
        return _offline(task), [Notice("llm_failed", _told(error), "warning")]


def _with_model(task: Task, llm: LLM, folders: Sequence[Path], on_text: OnText | None) -> Draft:
    prompt = prompts.load("reply", folders)
    name = compose.first_name(task.request.comment.author)
    messages, markers = compose.compose_reply(
        task.request.comment,
        task.triage,
        task.passages,
        task.brand,
        language=task.language,
        register=task.register,
        channel=task.request.comment.channel,
        note=task.request.note,
        tone=" ".join(filter(None, (task.request.tone, task.request.length))),
        prompt=prompt,
        limit=task.limit,
    )

    def show(text: str) -> None:
        assert on_text is not None
        on_text(compose.without_markers(text, name=name))

    end = time.monotonic() + task.seconds if task.seconds else None
    usage = Usage()
    for attempt in range(1, ATTEMPTS + 1):
        completion = llm.complete(
            messages, on_text=show if on_text else None, options=prompt.llm, deadline=end
        )
        usage = _sum(usage, completion.usage)
        try:
            text, cited = compose.read_reply(completion.text, markers, name=name, prompt=prompt)
            break
        except LLMContractError as error:
            if attempt == ATTEMPTS:
                raise
            messages = compose.ask_again(messages, completion.text, error, language=task.language)
    sentences = _sentences(text, cited, task.passages)
    return Draft(
        text,
        completion.model,
        task.language,
        _register(task),
        sentences,
        prompt.version,
        usage,
        answered=any(cited.values()),
    )


def _offline(task: Task) -> Draft:
    def adapt(sentence: str) -> str:
        return register.convert(sentence, to="tu" if task.register == "tu" else "vous")

    # The brand writes its knowledge in its own register: only another one asks for a conversion.
    converted = task.language == "fr" and task.register != task.brand.register_
    situation = Situation(
        task.request.comment,
        task.triage,
        task.asked,
        task.brand,
        task.language,
        task.register,
        task.request.note,
        task.house_rule,
        ideas_covered(task.language),
        adapt if converted else str,
    )
    return draft_offline(situation)


def ideas_covered(language: str) -> Callable[[str, str], tuple[frozenset[str], int]]:
    """Return the function that tells which content words (as stems) of a question a text holds.

    Its second value is how many content words the question has. A misspelt word counts for the one it is
    close to (Damerau-Levenshtein similarity of ``CLOSE`` or more).
    """
    common = frozenset().union(*analysis.FUNCTION_WORDS.values())

    def covers(question: str, text: str) -> tuple[frozenset[str], int]:
        asked = [word for word in analysis.words(question) if word not in common and _VOWEL.search(word)]
        words = set(analysis.words(text))
        held = set(analysis.stems(sorted(words), language))
        stems = dict(zip(analysis.stems(asked, language), asked, strict=True))
        known = {stem for stem, word in stems.items() if stem in held or _near(word, words)}
        return frozenset(known), len(stems)

    return covers


def _near(word: str, words: set[str]) -> bool:
    return process.extractOne(word, words, scorer=_similar, score_cutoff=CLOSE) is not None


def _silence(task: Task) -> list[Notice]:
    if not for_a_person_alone(task.triage):
        return []
    return [Notice("human_only", localized("writing.human_only"), "warning")]


def _sentences(
    text: str, cited: Mapping[Span, Sequence[str]], passages: Sequence[Passage]
) -> tuple[Sentence, ...]:
    by_id = {p.id: p for p in passages}
    sentences = []
    for span, ids in sorted(cited.items()):
        quotes = [evidence_for(text[span.start : span.end], [by_id[i]]) or _whole(by_id[i]) for i in ids]
        sentences.append(Sentence(span, tuple(quotes)))
    return tuple(sentences)


def _whole(passage: Passage) -> Evidence:
    chunk = passage.chunk
    return Evidence(chunk.id, Span(0, len(chunk.text)), chunk.text, 0.0, chunk.version)


def _register(task: Task) -> Register:
    if task.language != "fr":
        return "none"
    return "tu" if task.register == "tu" else "vous"


def _sum(a: Usage, b: Usage) -> Usage:
    cost = None if a.cost is None and b.cost is None else (a.cost or 0) + (b.cost or 0)
    return Usage(
        a.input_tokens + b.input_tokens,
        a.output_tokens + b.output_tokens,
        cost,
        b.currency,
        a.seconds + b.seconds,
        a.estimated or b.estimated,
    )


def _told(error: CopilotError) -> Localized:
    return localized("writing.llm_failed", reason=Localized(error.in_language("fr"), error.in_language("en")))
