"""``Posts``: write, check, save and hand on the posts of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from copilot import channels, compose, exports, facts, prompts, rewording, shorten
from copilot.errors import LLMError
from copilot.exports import Export, PlannedPost
from copilot.posts import write as writing
from copilot.posts.duties import DutyState, duties
from copilot.posts.formats import Format, formats
from copilot.posts.record import Post
from copilot.records import Brief, CheckReport, Sentence
from copilot.review import Change, word_changes
from copilot.store import SavedPost

if TYPE_CHECKING:
    from copilot.app import Copilot

Form = Literal["markdown", "csv", "buffer", "metricool", "sprout"]
FORMS: tuple[Form, ...] = ("markdown", "csv", "buffer", "metricool", "sprout")
DATED = ("metricool", "sprout")
"""Schedulers that take no post without a date."""
WISHES = ("shorter", "warmer", "firmer", "simpler")
SHORTER = (0.7, 0.85, 0.95)
"""Shares of the characters that a shorter text may have, the shortest that loses nothing vital is taken."""


@dataclass(frozen=True, slots=True)
class Variant:
    """Another wording of a text, and how it differs from it, word by word."""

    wish: str
    text: str
    changes: tuple[Change, ...]


class Posts:
    """The posts of a workspace, over its open parts."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    def write(
        self,
        brief: Brief,
        *,
        actor: str = "",
        on_text: Callable[[str], None] | None = None,
        keep: bool = True,
    ) -> tuple[Post, ...]:
        """Write the posts of a brief and ``keep`` them; see ``write.write``.

        Raises:
            PermissionDenied: the actor's role is not enough.
        """
        self._allow(actor)
        posts = writing.write(brief, self._copilot.parts, actor=actor, on_text=on_text)
        for post in posts if keep else ():
            self._copilot.store.posts().save(post.id, post, at=self._copilot.now())
        return posts

    def check(
        self,
        post: Post,
        text: str,
        *,
        vouched: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> CheckReport:
        """Check an edited text of a post: facts, rules, register, the limit of its channel."""
        return writing.check(post, text, self._copilot.parts, vouched=vouched, overrides=overrides)

    def edit(self, post_id: str, text: str, *, actor: str = "") -> None:
        """Keep an edited text.

        Raises:
            PermissionDenied: the actor's role is not enough.
            StoreError: there is no such post.
        """
        self._allow(actor)
        self._copilot.store.posts().edit(post_id, text, actor=actor, at=self._copilot.now())

    def saved(self, post_id: str) -> SavedPost:
        """Return a saved post with the text it has now.

        Raises:
            StoreError: there is no such post.
        """
        return self._copilot.store.posts().get(post_id, Post)

    def history(self, *, limit: int = 50) -> list[SavedPost]:
        """Return saved posts, newest first."""
        return self._copilot.store.posts().all(Post, limit=limit)

    def formats(self) -> dict[str, Format]:
        """Return the formats by name."""
        return formats()

    def duties(self, post: Post, text: str) -> list[DutyState]:
        """Return what the format owes by law, and whether the text says it."""
        today = self._copilot.now().date()
        return duties(text, format=post.format, language=post.brief.language, today=today)

    def channels(self) -> list[str]:
        """Return the channels that take posts, those of the brand first."""
        table = channels.channels([self._copilot.workspace.channels])
        own = [name for name in self._copilot.brand.channels if name in table]
        return [name for name in dict.fromkeys([*own, *table]) if table[name].kind == "post"]

    def variants(self, post: Post, text: str) -> list[Variant]:
        """Return other wordings of a text; one that changes a fact or breaks the channel's limit is left out.

        ``shorter`` (without a model), ``fuller`` and ``untagged`` are made by code.
        """
        wishes = WISHES if self._copilot.parts.llm is not None else WISHES[:1]
        known = self.check(post, text).sentences
        found = [(wish, self._reworded(post, text, wish, known)) for wish in wishes]
        more = rewording.fuller(text, known, post.passages)
        if channels.fits(more, post.channel, folders=[self._copilot.workspace.channels]):
            found.append(("fuller", more))
        found.append(("untagged", rewording.untagged(text)))
        return [
            Variant(wish, words, tuple(word_changes(text, words)))
            for wish, words in found
            if words and words != text
        ]

    def export(
        self,
        items: Sequence[tuple[Post, str]],
        form: Form,
        *,
        language: str,
        at: datetime | None = None,
        actor: str = "",
    ) -> list[Export]:
        """Return files of posts with the texts they have now.

        Args:
            items: posts, each with its text.
            form: which tool reads it.
            language: of headings.
            at: when they should appear; some schedulers ask for it.
            actor: who asks.

        Raises:
            PermissionDenied: the actor's role is not enough.
            InputError: the tool does not serve a channel, or asks for a date.
        """
        self._allow(actor)
        zone = self._copilot.brand.timezone
        planned = [planned_post for post, text in items for planned_post in _planned(post, text, at)]
        if form == "markdown":
            return [exports.markdown(planned, language=language, zone=zone)]
        if form == "csv":
            return [exports.spreadsheet(planned, language=language, zone=zone)]
        make = {"buffer": exports.buffer, "metricool": exports.metricool, "sprout": exports.sprout}[form]
        return list(make(planned, zone=zone))

    def _allow(self, actor: str) -> None:
        self._copilot.accounts.allow(actor, "reply")

    def _reworded(self, post: Post, text: str, wish: str, known: Sequence[Sentence]) -> str:
        parts = self._copilot.parts
        if parts.llm is None:
            return _shorter(text, known, [w for d in formats()[post.format].duties for w in d.words])
        messages = compose.compose_rewrite(
            text,
            wish,
            parts.brand,
            language=post.brief.language,
            register=parts.brand.register_,
            prompt=prompts.load("rewrite", parts.prompt_folders),
        )
        try:
            found = compose.without_markers(parts.llm.complete(messages).text).strip()
        except LLMError:
            return ""
        return found if self._facts(found, post) == self._facts(text, post) else ""

    def _facts(self, text: str, post: Post) -> list[str]:
        today = self._copilot.now().date()
        found = facts.extract(text, language=post.brief.language, now=today)
        return sorted({fact.value for fact in found if fact.value})


def _shorter(text: str, known: Sequence[Sentence], owed: Sequence[str]) -> str:
    """Return a shorter text that keeps its first sentence, its links, what the law asks for; else nothing."""
    opening = text[: min((s.span.end for s in known), default=0)].strip()

    def stays(words: str) -> bool:
        return words.strip() == opening or "http" in words or any(w.lower() in words.lower() for w in owed)

    for share in SHORTER:
        found = shorten.shorten(
            text,
            known,
            partial(_at_most, share * len(text)),
            importance=lambda words: 1.0 if stays(words) else None,
        )
        if found.fits and not any(stays(text[s.span.start : s.span.end]) for s in found.dropped):
            return found.text
    return ""


def _at_most(size: float, words: str) -> bool:
    return len(words) <= size


def _planned(post: Post, text: str, at: datetime | None) -> list[PlannedPost]:
    """Return what a scheduler takes: each message of a thread is a post of its own."""
    from copilot.posts.threads import messages_of

    texts = messages_of(text) if post.parts else (text,)
    tags = (post.format,)
    return [PlannedPost(words, post.channel, at, tags=tags, campaign=post.brief.campaign) for words in texts]
