"""What of a passage's sentence is said to a customer: the answer, without what only a page needs."""

from __future__ import annotations

import re

from copilot.records import Span

_POINTER = re.compile(
    r"(?:^|(?<=[.!?;:…»)])\s+)(?:(?:pour )?en savoir plus|voir aussi|[àa] lire aussi|pour aller plus loin|"
    r"(?:to )?(?:learn|find out|read|know) more|see also|further reading)\b(?![^.!?]*(?:https?://|www\.))",
    re.IGNORECASE,
)
# "Yes, except in Corsica" leans on its yes.
_LEANS = (
    r"(?!\s*(?:sauf|mais|hors|hormis|[àa] condition|si|s[’']|uniquement|seulement|except|but|unless"
    r"|if|only)\b)"
)
_VERDICT = re.compile(rf"(?:oui|non|yes|no)\b(?:\s*[,.!:;–—-]{_LEANS}\s*|\s*$)", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:comment|pourquoi|quand|où|qui|que|quoi|quel(?:le)?s?|combien|lequel|laquelle|"
    r"how|what|when|where|who|which|why)\b|qu['’](?!(?:il|elle|on)s?\b)",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"\best-ce qu(?:e\b|['’])", re.IGNORECASE)
_FIRST_WORDS = 3
"""A question word further on mostly joins two clauses ("can I pay when it arrives?")."""


def is_open(question: str) -> bool:
    """Whether a question asks for more than yes or no: it begins with a question word ("à quel prix")."""
    question, start = _WHETHER.sub("", question), 0
    for _ in range(_FIRST_WORDS):
        word = re.compile(r"[^\W\d_]+['’]?|\d+").search(question, start)
        if word is None:
            return False
        if _OPEN.match(question, word.start()):
            return True
        start = word.end()
    return False


def said(text: str, span: Span, *, verdict: bool = True) -> Span:
    """Return the part of a sentence, given by its span in ``text``, that is said to a customer.

    A pointer to other pages that names no address ("En savoir plus : …") goes. So does, unless
    ``verdict``, a yes or no that opens the sentence. The span is empty when nothing is left.
    """
    start, end = span
    pointer = _POINTER.search(text[start:end])
    if pointer:
        end = start + len(text[start : start + pointer.start()].rstrip())
    opening = None if verdict else _VERDICT.match(text, start, end)
    if opening:
        start = opening.end()
    return Span(start, max(start, end))


def plain(sentence: str) -> str:
    """Return a sentence without the Markdown marks that a customer would see as noise."""
    sentence = re.sub(r"^\s*(?:[-*•–]|\d+[.)])\s+", "", sentence)
    sentence = re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r"\1 (\2)", sentence)
    return re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", sentence)
