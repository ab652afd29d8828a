"""``Copilot``: the one door to a workspace, and the only place where its parts are put together."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from copilot import rooms
from copilot.errors import DamagedIndexError
from copilot.records import (
    Brief,
    CheckReport,
    Comment,
    Finding,
    FixResult,
    IngestReport,
    Passage,
    Reply,
    ReplyRequest,
    Triage,
)
from copilot.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from copilot.channels import Channel
    from copilot.ingest import Progress
    from copilot.llms import LLM
    from copilot.pipeline import Parts
    from copilot.posts import Post
    from copilot.retrieve import Retriever
    from copilot.rules import RuleSet
    from copilot.settings import Settings
    from copilot.store import HistoryEntry


class Copilot:
    """A workspace and its verbs. Safe to share between threads.

    Args:
        workspace: a folder that holds ``brand.yml``.
        settings: default: ``copilot.toml`` and the environment.
        clock: returns the present moment, with its time zone.
        llm: a model to draft with, default: the one the settings name.

    Raises:
        WorkspaceError: the folder is not a workspace.
        FileFormatError: ``brand.yml`` or ``copilot.toml`` has a mistake.
    """

    def __init__(
        self,
        workspace: Path | str = ".",
        *,
        settings: Settings | None = None,
        clock: Callable[[], datetime] | None = None,
        llm: LLM | None = None,
    ) -> None:
        from copilot.settings import load_settings

        self.workspace: Workspace = open_workspace(workspace)
        self.settings: Settings = settings or load_settings(self.workspace.folder)
        self._clock = clock or (lambda: datetime.now(UTC))
        self._given_llm = llm
        self._lock = threading.RLock()
        self._parts: Parts | None = None

    # -- verbs ----------------------------------------------------------------------------------

    def ingest(
        self,
        *,
        rebuild: bool = False,
        progress: Callable[[Progress], None] | None = None,
        cancel: Callable[[], bool] | None = None,
        actor: str = "",
    ) -> IngestReport:
        """Bring the index up to date with ``knowledge/``; ``rebuild`` makes it anew and swaps it in."""
        from copilot import assembly

        self.accounts.allow(actor, "ingest")
        with self._lock:
            report = assembly.ingest(self, rebuild=rebuild, progress=progress, cancel=cancel)
            self.refresh()
        return report

    def search(self, query: str, *, k: int = 5, language: str = "", internal: bool = False) -> list[Passage]:
        """Return the passages that answer a query, best first."""
        return self.retriever.search(
            query,
            k=k,
            language=language or None,
            visibility=None if internal else "public",
            today=self.now().date(),
        )

    def as_retriever(self, *, k: int = 5, language: str = "") -> BaseRetriever:
        """Return ``search`` as a LangChain retriever, for a chain of one's own."""
        from copilot import llms

        return llms.as_retriever(lambda query: self.search(query, k=k, language=language))

    def triage(self, comment: Comment | str) -> Triage:
        """Say what a comment is and what should happen with it, with the reasons."""
        return self.parts.triage(_as_comment(comment))

    def reply(
        self,
        request: ReplyRequest | Comment | str,
        *,
        actor: str = "",
        on_text: Callable[[str], None] | None = None,
        keep: bool = True,
    ) -> Reply:
        """Draft, prove and check a reply, and ``keep`` it in the history.

        Raises:
            InputError: the comment is empty or too long.
            StoreError: it could not be saved.
        """
        from copilot import assembly, pipeline

        self.accounts.allow(actor, "reply")
        asked = request if isinstance(request, ReplyRequest) else ReplyRequest(_as_comment(request))
        reply = pipeline.respond(
            asked, assembly.answering(self.parts, asked.comment), actor=actor, on_text=on_text
        )
        if not keep:
            return reply
        self.store.save_reply(reply)
        if any(notice.code == "no_answer" for notice in reply.notices):
            self.store.record_gap(
                reply.comment.text,
                language=reply.triage.language,
                answerable=reply.answerable,
                reply_id=reply.id,
                at=self.now(),
            )
        return reply

    def write(
        self,
        brief: Brief,
        *,
        actor: str = "",
        on_text: Callable[[str], None] | None = None,
        keep: bool = True,
    ) -> tuple[Post, ...]:
        """Write, prove and check the posts of a brief, one a channel, and ``keep`` them."""
        return self.posts.write(brief, actor=actor, on_text=on_text, keep=keep)

    def check(
        self,
        text: str,
        *,
        reply: Reply | None = None,
        channel: str = "",
        language: str = "",
        register: str = "",
        vouched: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> CheckReport:
        """Check a text as it stands, against the passages of ``reply`` if it is an edited draft.

        ``vouched`` maps the text of a fact to the written reason of the person who vouches for it;
        ``overrides`` maps a rule to the reason why it does not apply here.
        """
        from copilot import pipeline

        context = pipeline.context_of(
            reply, channel, language, register, vouched=vouched or {}, overrides=overrides or {}
        )
        return pipeline.recheck(text, self.parts, context)

    def fix(self, text: str, findings: Iterable[Finding], *, safe_only: bool = False) -> FixResult:
        """Apply the fixes of findings, never one that breaks another or changes a fact."""
        from copilot import facts
        from copilot.fix import apply_fixes

        def values(candidate: str) -> list[str]:
            found = facts.extract(candidate, language=self.brand.languages[0], now=self.now().date())
            return [fact.value for fact in found if fact.value]

        return apply_fixes(text, findings, fact_values=values, safe_only=safe_only)

    def edit(self, reply_id: str, text: str, report: CheckReport, *, actor: str = "") -> None:
        """Keep an edited version of a reply's text with the findings it had."""
        self.accounts.allow(actor, "reply")
        self.store.save_edit(reply_id, text, report, actor=actor, at=self.now())

    def accept(self, reply_id: str, text: str, *, actor: str = "", learn: bool = True) -> None:
        """Record the text that a person chose to send; the passages it stands on become exemplars."""
        self.accounts.allow(actor, "accept")
        reply = self.store.reply(reply_id).reply
        self.store.accept(reply_id, text, actor=actor, at=self.now())
        if learn:
            used = self.check(text, reply=reply).sentences
            by_id = {p.id: p for p in reply.passages}
            ids = dict.fromkeys(e.passage_id for s in used for e in s.evidence if e.passage_id in by_id)
            pairs = [(i, by_id[i].chunk.version) for i in list(ids)[:2]]
            self.store.learn(reply.comment.text, pairs, reply_id=reply_id, actor=actor, at=self.now())
            self.refresh()

    def unaccept(self, reply_id: str, *, actor: str = "") -> None:
        """Take an acceptance back, and what was learnt from it."""
        self.accounts.allow(actor, "accept")
        self.store.unaccept(reply_id)
        self.refresh()

    def history(
        self, *, limit: int = 50, offset: int = 0, author: str = "", contains: str = ""
    ) -> list[HistoryEntry]:
        """Return saved replies, newest first."""
        return self.store.history(limit=limit, offset=offset, author=author, contains=contains)

    # -- parts ----------------------------------------------------------------------------------

    brand = cached_property(rooms.brand)
    store = cached_property(rooms.store)
    desk = cached_property(rooms.desk)
    posts = cached_property(rooms.posts)
    knowledge = cached_property(rooms.knowledge)
    prompt_book = cached_property(rooms.prompt_book)
    lab = cached_property(rooms.lab)
    accounts = cached_property(rooms.accounts)
    sessions = cached_property(rooms.sessions)
    reviews = cached_property(rooms.reviews)
    people = cached_property(rooms.people)
    book = cached_property(rooms.book)

    @property
    def retriever(self) -> Retriever:
        """The open index with what was learnt."""
        return self.parts.retriever

    @property
    def channels(self) -> dict[str, Channel]:
        """The channel table with the workspace's own rows."""
        from copilot.channels import channels

        return channels([self.workspace.channels])

    @property
    def rules(self) -> RuleSet:
        """The rules that hold in this workspace."""
        return self.parts.rules

    @property
    def parts(self) -> Parts:
        """What the steps work with, put together on first use."""
        from copilot import assembly

        with self._lock:
            if self._parts is None:
                try:
                    self._parts = assembly.parts(self)
                except DamagedIndexError as error:
                    if error.key.startswith("index.other_embedder"):
                        raise
                    # The index is disposable: what is lost or damaged is made again from the files.
                    assembly.ingest(self, rebuild=True)
                    self._parts = assembly.parts(self)
            return self._parts

    def refresh(self) -> None:
        """Drop what was read from files and index, so that the next verb sees them as they are now."""
        with self._lock:
            self._parts = None
            self.__dict__.pop("brand", None)

    def warm_up(self) -> None:
        """Open the parts and read what the first reply would otherwise wait for; changes nothing."""
        from copilot import assembly

        assembly.warm_up(self)

    def now(self) -> datetime:
        """Return the present moment in the brand's time zone."""
        from zoneinfo import ZoneInfo

        return self._clock().astimezone(ZoneInfo(self.brand.timezone))

    @property
    def given_llm(self) -> LLM | None:
        """The model handed over at construction."""
        return self._given_llm


def _as_comment(comment: Comment | str) -> Comment:
    return Comment(comment) if isinstance(comment, str) else comment
