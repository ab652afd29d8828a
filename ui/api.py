"""What programs may ask: a small, named set over Gradio's API and MCP. Nothing here writes or publishes.

``draft_reply`` and ``draft_post`` draft without keeping: the history holds what people worked on. Every
endpoint answers plain JSON and acts as the person whose token came with the request.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from pydantic_core import to_jsonable_python

from copilot import Brief, Comment, Copilot, InputError, ReplyRequest
from ui import faults
from ui.access import actor, language_of
from ui.words import Words

MAX_TEXT = 20_000
"""Characters of a text that a program sends."""

JSON = dict[str, Any]
Endpoint = Callable[..., Any]


def build(copilot: Copilot) -> gr.Blocks:
    """Return the application that serves the endpoints, each an MCP tool as well."""
    desk = Endpoints(copilot)
    with gr.Blocks(title=f"{copilot.brand.name} · API", analytics_enabled=False) as blocks:
        for endpoint in desk.all():
            # Unqueued: a call is one request and one answer, and MCP hands us the caller's own request.
            gr.api(explained(endpoint), api_name=endpoint.__name__, queue=False)
    return blocks


def explained(endpoint: Endpoint) -> Endpoint:
    """Turn an explained failure into its sentence, any other into a general one."""

    @wraps(endpoint)
    def call(*args: Any, **named: Any) -> Any:
        language = _language()
        with faults.explained(Words(language)):
            found = plain(endpoint(*args, **named))
        # MCP would turn a record into Python's own notation.
        return json.dumps(found, ensure_ascii=False) if _by_mcp() else found

    return call


def plain(record: Any) -> Any:
    """Return a record as JSON; ``path`` becomes ``file``, for Gradio's client would download a ``path``."""
    return _renamed(to_jsonable_python(record))


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {"file" if key == "path" else key: _renamed(item) for key, item in value.items()}
    return [_renamed(item) for item in value] if isinstance(value, list) else value


class Endpoints:
    """The endpoints of a workspace. Their docstrings are what programs and models read."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot

    def all(self) -> tuple[Endpoint, ...]:
        """Return all endpoints."""
        return (
            self.triage,
            self.search_knowledge,
            self.draft_reply,
            self.draft_post,
            self.check_text,
            self.fix_text,
            self.channel_limits,
        )

    def triage(self, comment: str, author: str = "", channel: str = "web") -> JSON:
        """Say what a customer's comment is and what should happen with it, with the words that led to it.

        Args:
            comment: The customer's words.
            author: The name the customer shows.
            channel: Where the comment stands, a name from channel_limits.

        Returns:
            route, severity, sentiment, urgency, language, intents, personal data and an explanation.
        """
        self._allow()
        return self._copilot.triage(Comment(_bounded(comment), author, channel))

    def search_knowledge(self, query: str, limit: int = 5, language: str = "") -> list[JSON]:
        """Find the public passages of the brand's knowledge that answer a question, best first.

        Args:
            query: The question in plain words, French or English.
            limit: How many passages, 1 to 20.
            language: Only passages in this language (fr or en); empty for all.

        Returns:
            Passages with their text, source file, score and the spans worth showing.
        """
        self._allow()
        return self._copilot.search(_bounded(query), k=min(max(int(limit), 1), 20), language=language)

    def draft_reply(
        self, comment: str, author: str = "", channel: str = "web", language: str = "", note: str = ""
    ) -> JSON:
        """Draft a reply to a comment from approved knowledge, every fact proved. Nothing is kept or sent.

        Args:
            comment: The customer's words.
            author: The name the customer shows, for the greeting.
            channel: Where the reply will stand, a name from channel_limits.
            language: Language of the reply (fr or en); empty follows the comment.
            note: Facts of your own for this message; they count as evidence.

        Returns:
            The draft with its evidence, its claims and their states, findings, triage and notices.
        """
        asked = Comment(_bounded(comment), author, channel)
        request = ReplyRequest(asked, language=language, note=_bounded(note))
        return self._copilot.reply(request, actor=actor(), keep=False)

    def draft_post(
        self,
        objective: str,
        key_facts: str = "",
        channel: str = "linkedin_post",
        language: str = "fr",
        format: str = "post",
        audience: str = "",
        call_to_action: str = "",
        campaign: str = "",
        link: str = "",
    ) -> list[JSON]:
        """Draft the post of a brief for one channel, within its limit, every fact proved. Nothing is kept.

        Args:
            objective: What the post should achieve; it guides the search and is not published.
            key_facts: Facts to get across, one a line; they count as evidence.
            channel: Where the post will stand, a name from channel_limits.
            language: Language of the post, fr or en.
            format: post, thread, question, poll, challenge, contest, event, newsletter, blog, thanks,
                crisis or charter.
            audience: Whom the post is for.
            call_to_action: What readers are invited to do.
            campaign: Names the hashtag and the tracking of the link.
            link: A web address; UTM parameters are added.

        Returns:
            The posts, several for an event, each with its text, hashtags, alternative text, visual brief,
            evidence, findings and notices.
        """
        facts = tuple(line.strip() for line in _bounded(key_facts).splitlines() if line.strip())
        brief = Brief(
            _bounded(objective), audience, facts, call_to_action, campaign, link, format, (channel,), language
        )
        return list(self._copilot.write(brief, actor=actor(), keep=False))

    def check_text(self, text: str, channel: str = "web", language: str = "", register: str = "") -> JSON:
        """Check a text against the brand's rules, the channel's limits and the knowledge.

        Args:
            text: The text that would be published.
            channel: Where it would stand, a name from channel_limits.
            language: The language it should have (fr or en); empty to recognise it.
            register: tu or vous, as French should address the reader; empty for the brand's.

        Returns:
            Findings with spans and fixes, claims with their states and evidence, and the length.
        """
        self._allow()
        return self._copilot.check(_bounded(text), channel=channel, language=language, register=register)

    def fix_text(self, text: str, channel: str = "web", language: str = "") -> JSON:
        """Apply every fix to a text that is safe: none changes a fact.

        Args:
            text: The text to mend.
            channel: Where it would stand, a name from channel_limits.
            language: The language it should have (fr or en); empty to recognise it.

        Returns:
            The mended text, the findings that were fixed and those whose fix was left out.
        """
        self._allow()
        report = self._copilot.check(_bounded(text), channel=channel, language=language)
        return self._copilot.fix(text, report.findings, safe_only=True)

    def channel_limits(self, channel: str = "") -> list[JSON]:
        """Say what each channel accepts: length and its unit, hashtags, links, with source and date.

        Args:
            channel: One channel's name; empty for all.

        Returns:
            One row a channel, as in the channel table.
        """
        self._allow()
        table = self._copilot.channels
        if channel and channel not in table:
            raise InputError("channels.unknown", name=channel, near="", known=", ".join(table))
        return [table[channel]] if channel else list(table.values())

    def _allow(self) -> None:
        self._copilot.accounts.allow(actor(), "reply")


def _bounded(text: str) -> str:
    if len(text) > MAX_TEXT:
        raise InputError("server.too_long", limit=MAX_TEXT)
    return text


def _by_mcp() -> bool:
    url = getattr(LocalContext.request.get(None), "url", None)
    return url is not None and "/gradio_api/mcp" in str(url.path)


def _language() -> str:
    request = LocalContext.request.get(None)
    return language_of(request) if request is not None else "en"
