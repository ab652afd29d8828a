"""A writer that follows a script instead of being a model: it obeys the prompt it is given, word for word.

It answers each question with the passage that shares most words with it, copies that passage's sentences
with their numbers, and declines where nothing fits. Only when the rules of the prompt ask for conditions does
it copy them; else it keeps the first sentence and cuts what limits it, as a model told to be brief may do.
The recorded runs that ship are its work; no model wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from copilot.messages import message
from copilot.records import ChatMessage, Completion, Usage
from copilot.text import sentences
from copilot.tokens import estimate

NAME = "scripted-writer"
_PASSAGE = re.compile(r"^\[\[(\d+)\]\] ?(.*)\n((?:(?!\[\[\d+\]\]|</data).*\n?)*)", re.MULTILINE)
_COMMENT = re.compile(
    r"(?:Message du client|The customer's message) ?:\n<data \w+>\n(.*?)\n</data", re.DOTALL
)
_GREETING = re.compile(r"(?:Commence par « (.*?) »|Begin with \"(.*?)\")\n")
_SIGNOFF = re.compile(r"(?:Termine par « (.*?) »|End with \"(.*?)\")\n")
_NO_ANSWER = re.compile(r"(?:Écris : « (.*?) » et|Write: \"(.*?)\" and)")
_LENGTH = re.compile(r"^(?:Longueur|Length) ?:.*?(\d[\d\s]*)", re.MULTILINE)
_ASKS_CONDITIONS = re.compile(r"^\d\..*\bcondition", re.MULTILINE)
_LIMITS = re.compile(
    r",? (?:sauf|hors|uniquement|à condition|à partir de|dans la limite|sous réserve|si vous|tant que|"
    r"except|unless|provided|only|but not|from €)\b[^.;]*"
)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "avec bonjour votre vous nous dans pour sont quel quelle quels quelles comment combien faut peut "
        "have does your with what which when where long much many this that from should will they vélo bike",
    )
)


class ScriptedWriter:
    """Answers like a model, from the prompt alone."""

    name = NAME

    def complete(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        deadline: float | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Completion:
        """Write what the prompt asks for."""
        del schema, deadline, options
        text = written(messages)
        if on_text is not None:
            on_text(text)
        asked = sum(estimate(each.content) for each in messages)
        return Completion(text, Usage(asked, estimate(text), estimated=True), NAME, "stop")


def written(messages: Sequence[ChatMessage]) -> str:
    """Return the reply to a composed prompt."""
    rules, asked = messages[0].content, messages[-1].content
    language = "fr" if "Message du client" in asked else "en"
    comment = _first(_COMMENT, asked)
    body = _answers(comment, _PASSAGE.findall(asked), conditions=bool(_ASKS_CONDITIONS.search(rules)))
    if not body:
        body = [_thanks(language) if _is_praise(comment) else f"{_first(_NO_ANSWER, rules)} [[0]]"]
    if message("compose.sentiment_negative", language) in asked:
        body.insert(0, _sorry(language))
    greeting, signoff = _first(_GREETING, asked), _first(_SIGNOFF, asked)
    limit = int(re.sub(r"\D", "", _first(_LENGTH, asked)) or 100_000)
    while len(body) > 1 and len(" ".join([greeting, *body, signoff])) > limit:
        body.pop()
    return f"{greeting}\n\n{' '.join(body)}\n\n{signoff}"


def _answers(comment: str, passages: Sequence[tuple[str, str, str]], *, conditions: bool) -> list[str]:
    lines: list[str] = []
    used: set[str] = set()
    spans = sentences(comment)
    questions = [comment[s.start : s.end] for s in spans if comment[s.start : s.end].rstrip().endswith("?")]
    for question in questions or [comment]:
        number, text = _best(question, comment, passages)
        if not number or number in used:
            continue
        used.add(number)
        parts = [text[s.start : s.end].strip() for s in sentences(text)]
        kept = parts[:4] if conditions else [_brief(parts[0])]
        lines += [f"{part} [[{number}]]" for part in kept if part]
    return lines


def _best(question: str, comment: str, passages: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    wanted, around = _stems(question), _stems(comment)
    scored = [
        (
            3 * len(wanted & _stems(title)) + len(wanted & _stems(text)) + len(around & _stems(title)),
            n,
            text.strip(),
        )
        for n, title, text in passages
    ]
    score, number, text = max(scored, key=lambda found: found[0], default=(0, "", ""))
    return (number, text) if score >= 4 else ("", "")


def _brief(sentence: str) -> str:
    cut = _LIMITS.sub("", sentence).strip()
    return cut if cut.endswith((".", "!", "?")) else f"{cut}."


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]{4,}|\d+", text.lower())
    return {word[:5] for word in words if word not in _COMMON}


def _is_praise(comment: str) -> bool:
    return re.search(r"\b(?:merci|super|bravo|thank|lovely|great)\b", comment, re.IGNORECASE) is not None


def _thanks(language: str) -> str:
    thanks = {"fr": "Merci beaucoup pour ce message.", "en": "Thank you very much for your message."}
    return f"{thanks[language]} [[0]]"


def _sorry(language: str) -> str:
    sorry = {
        "fr": "Nous sommes désolés de cette situation.",
        "en": "We are sorry about this situation.",
    }
    return sorry[language]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next((group for group in found.groups() if group), "") if found else ""
