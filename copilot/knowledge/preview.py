"""What a changed brand file makes of sample replies: drafted and checked before and after, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copilot import assembly, pipeline
from copilot.brand import Brand
from copilot.records import Comment, Reply, ReplyRequest

if TYPE_CHECKING:
    from copilot.app import Copilot

SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One question, its reply with the brand file as it is, and with the one being written."""

    question: str
    before: Reply
    after: Reply


def compare(copilot: Copilot, brand: Brand) -> tuple[Sample, ...]:
    """Answer the same questions with both brand files, always without a model: it costs nothing."""
    now = assembly.branded(copilot, copilot.brand)
    then = assembly.branded(copilot, brand)
    samples = []
    for question in questions(copilot):
        request = ReplyRequest(Comment(question), writer="offline")
        samples.append(Sample(question, pipeline.respond(request, now), pipeline.respond(request, then)))
    return tuple(samples)


def questions(copilot: Copilot) -> list[str]:
    """Return the last questions that customers asked, filled up with those of the FAQ."""
    today = copilot.now().date()
    asked = [e.reply.comment.text for e in copilot.store.history(limit=20) if e.reply.draft.answered]
    known = [
        c.question
        for c in copilot.retriever.index.chunks().values()
        if c.question
        and (c.status, c.visibility, c.language) == ("approved", "public", copilot.brand.languages[0])
        and not (c.valid_until and c.valid_until < today)
    ]
    # The shortest questions are the plainest; of a list in order they come from all over the FAQ.
    return list(dict.fromkeys([*asked[:SAMPLES], *sorted(known, key=lambda q: (len(q), q))]))[:SAMPLES]
