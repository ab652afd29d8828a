"""What the person who answers needs beside the draft: sources, past answers, other wordings, a judgement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from copilot import compose, facts, prompts, register, rewording, shorten, triage
from copilot.canned import Canned, load_canned
from copilot.errors import LLMError
from copilot.messages import localized
from copilot.records import Chunk, Localized, Notice, Reply, Triage

if TYPE_CHECKING:
    from copilot.app import Copilot
    from copilot.store import HistoryEntry

Wish = Literal["shorter", "warmer", "firmer", "simpler", "fuller", "bare", "tu", "vous"]
OnText = Callable[[str], None]
SHORTER = 0.7
"""A shorter text has at most this share of the characters."""
TOLD = 5
THREAD = 100


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Another wording of a text; ``notices`` say why it is the same text where it is."""

    text: str
    notices: tuple[Notice, ...] = ()


class Desk:
    """The desk of a workspace, over its open parts."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    @property
    def wishes(self) -> tuple[Wish, ...]:
        """What ``rewrite`` can do here: without a model, only what code does safely."""
        with_model: tuple[Wish, ...] = ("shorter", "warmer", "firmer", "simpler")
        by_code: tuple[Wish, ...] = ("fuller", "bare")
        return (*(with_model if self._copilot.parts.llm is not None else with_model[:1]), *by_code)

    def rewrite(self, reply: Reply, text: str, wish: Wish, *, on_text: OnText | None = None) -> Rewritten:
        """Say a text anew as wished, its facts untouched: a wording that changes one is not taken.

        ``fuller`` adds what the passages say beside, ``bare`` drops greeting and signature; both by code.
        """
        if wish in ("tu", "vous"):
            return Rewritten(register.convert(text, to="tu" if wish == "tu" else "vous"))
        if wish == "fuller":
            return self._fuller(text, reply)
        if wish == "bare":
            return Rewritten(rewording.bare(text, self._copilot.brand.words(reply.draft.language)))
        if self._copilot.parts.llm is None:
            return self._shorter(text, reply)
        try:
            found = self._with_model(reply, text, wish, on_text)
        except LLMError as error:
            reason = Localized(error.in_language("fr"), error.in_language("en"))
            notice = Notice("llm_failed", localized("desk.llm_failed", reason=reason), "warning")
            return Rewritten(text, (notice,))
        if self._facts(found, reply) != self._facts(text, reply):
            return Rewritten(text, (Notice("facts_changed", localized("desk.facts_changed"), "warning"),))
        return Rewritten(found)

    def variants(self, reply: Reply, text: str) -> list[tuple[Wish, Rewritten]]:
        """Return a text in each of the wordings offered here, those that changed nothing left out."""
        wordings = [(wish, self.rewrite(reply, text, wish)) for wish in self.wishes]
        first = {found.text: wish for wish, found in reversed(wordings)}
        return [(wish, found) for wish, found in wordings if found.text != text and first[found.text] == wish]

    def source(self, passage_id: str) -> tuple[Chunk, ...]:
        """Return all passages of the document a passage comes from, in the document's order."""
        chunks = self._copilot.retriever.index.chunks()
        if passage_id not in chunks:
            return ()
        document = chunks[passage_id].document_id
        found = [c for c in chunks.values() if c.document_id == document]
        return tuple(sorted(found, key=lambda c: (c.page or 0, c.row or 0, c.start)))

    def saved(self, reply_id: str) -> HistoryEntry:
        """Return a saved reply.

        Raises:
            StoreError: there is no such reply.
        """
        return self._copilot.store.reply(reply_id)

    def told_person(self, reply: Reply) -> list[HistoryEntry]:
        """Return what was sent to the same author before, newest first."""
        author = reply.comment.author.strip()
        if not author:
            return []
        found = self._copilot.history(author=author, limit=4 * TOLD)
        return [e for e in found if e.final_text and e.reply.id != reply.id][:TOLD]

    def told_topic(self, reply: Reply) -> list[HistoryEntry]:
        """Return what was sent before from the passages this reply stands on, newest first."""
        used = {e.passage_id for s in reply.report.sentences for e in s.evidence}
        pairs = [e for e in self._copilot.store.exemplars() if e.chunk_id in used and e.reply_id != reply.id]
        ids = dict.fromkeys(e.reply_id for e in reversed(pairs) if e.reply_id)
        return [self._copilot.store.reply(i) for i in list(ids)[:TOLD]]

    def canned(self, reply: Reply | None, language: str) -> list[Canned]:
        """Return the canned replies of a language, their variables filled as far as they are known.

        Raises:
            FileFormatError: a file of ``knowledge/canned/`` has a mistake.
        """
        values = {"brand": self._copilot.brand.name, "website": self._copilot.brand.website}
        if reply is not None:
            values["name"] = compose.first_name(reply.comment.author)
            values |= {item.kind: item.text for item in reply.triage.personal_data if item.kind == "order"}
        found = load_canned(self._copilot.workspace.knowledge / "canned")
        return [item.filled(values) for item in found if item.language == language]

    def feedback(self, reply_id: str, *, good: bool, reason: str = "", actor: str = "") -> None:
        """Record whether a draft was of use, and why not; a person’s later judgement replaces her first.

        Raises:
            PermissionDenied: the actor's role is not enough.
            StoreError: there is no such reply.
        """
        self._copilot.accounts.allow(actor, "reply")
        self._copilot.store.judge(reply_id, good=good, reason=reason, actor=actor, at=self._copilot.now())

    def correct(self, reply: Reply, fields: Mapping[str, Any], *, actor: str = "") -> Triage:
        """Keep what a person says a message is, as a labelled example; return its triage from now on.

        Args:
            reply: the reply whose message was misread.
            fields: any of ``intents sentiment route severity needs_reply``.

        Raises:
            InputError: a field or a value is not known.
            PermissionDenied: the actor's role is not enough.
        """
        self._copilot.accounts.allow(actor, "reply")
        implied = triage.following(fields["route"]) if fields.get("route") else {}
        triage.correct(self._examples, reply.comment.text, {**implied, **fields})
        return self._copilot.triage(reply.comment)

    def uncorrect(self, reply: Reply, *, actor: str = "") -> Triage:
        """Take a correction back; return what the rules say.

        Raises:
            PermissionDenied: the actor's role is not enough.
        """
        self._copilot.accounts.allow(actor, "reply")
        triage.uncorrect(self._examples, reply.comment.text)
        return self._copilot.triage(reply.comment)

    def corrected(self, reply: Reply) -> bool:
        """Whether the triage of a message was corrected by hand."""
        return triage.corrected(self._examples, reply.comment.text)

    def heated(self, reply: Reply) -> bool:
        """Whether the thread of a message heats up; without a thread, the same person's messages of a day."""
        comment = reply.comment
        if not comment.thread and not comment.author.strip():
            return False
        author = "" if comment.thread else comment.author
        found = self._copilot.history(author=author, limit=THREAD)
        earlier = [entry.reply for entry in found if entry.reply.id != reply.id]
        since = self._copilot.now() - timedelta(days=1)
        of_it = [
            r.triage
            for r in reversed(earlier)
            if (r.comment.thread == comment.thread if comment.thread else (r.created_at or since) >= since)
        ]
        return triage.heats_up([*of_it, reply.triage])

    @property
    def _examples(self) -> Path:
        return self._copilot.workspace.knowledge / "triage"

    def _shorter(self, text: str, reply: Reply) -> Rewritten:
        allowed = int(len(text) * SHORTER)
        known = self._copilot.check(text, reply=reply).sentences
        found = shorten.shorten(text, known, lambda candidate: len(candidate) <= allowed)
        return Rewritten(found.text)

    def _fuller(self, text: str, reply: Reply) -> Rewritten:
        def adapt(sentence: str) -> str:
            return register.convert(sentence, to="tu") if reply.draft.register == "tu" else sentence

        known = self._copilot.check(text, reply=reply).sentences
        return Rewritten(rewording.fuller(text, known, reply.passages, adapt=adapt))

    def _with_model(self, reply: Reply, text: str, wish: str, on_text: OnText | None) -> str:
        parts = self._copilot.parts
        assert parts.llm is not None
        messages = compose.compose_rewrite(
            text,
            wish,
            parts.brand,
            language=reply.draft.language,
            register=reply.draft.register,
            prompt=prompts.load("rewrite", parts.prompt_folders),
        )
        return compose.without_markers(parts.llm.complete(messages, on_text=on_text).text).strip()

    def _facts(self, text: str, reply: Reply) -> list[str]:
        today = self._copilot.now().date()
        found = facts.extract(text, language=reply.draft.language, now=today)
        return sorted({fact.value for fact in found if fact.value})
