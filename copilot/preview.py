"""What a prompt would send for an example, stretch by stretch, with its length in tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from copilot import check, compose, language, pipeline, prompts, tokens
from copilot.errors import InputError
from copilot.messages import message
from copilot.pipeline import Parts
from copilot.prompts import Prompt
from copilot.records import Brief, ChatMessage, Comment


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a message: ``name`` is the input it came from, empty for the prompt's own words."""

    name: str
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Composed:
    """One message. Its ``tokens`` may be fewer than those of its stretches together."""

    role: Literal["system", "user", "assistant"]
    stretches: tuple[Stretch, ...]
    tokens: int

    @property
    def text(self) -> str:
        """The message as it is sent."""
        return "".join(stretch.text for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Preview:
    """The messages of an example. ``estimated`` when no table of the model's tokens is on this machine."""

    prompt: Prompt
    messages: tuple[Composed, ...]
    tokens: int
    estimated: bool

    def by_name(self) -> list[tuple[str, int]]:
        """Return the tokens of each input, the prompt's own words (``""``) among them, longest first."""
        totals: dict[str, int] = {}
        for composed in self.messages:
            for stretch in composed.stretches:
                totals[stretch.name] = totals.get(stretch.name, 0) + stretch.tokens
        return sorted(totals.items(), key=lambda pair: -pair[1])


def preview(
    prompt: Prompt, example: Comment, parts: Parts, *, wanted: str = "", model: str | None = None
) -> Preview:
    """Compose the messages of a prompt for an example.

    Args:
        prompt: a checked prompt. A name that the product does not compose itself gets the names of its
            inputs in the place of their values.
        example: the message to answer; for a post its text is the aim, for a rewriting the text.
        parts: the parts of the workspace; its passages are looked up, no model is called.
        wanted: language to write in, default: the example's.
        model: whose tokens are counted.

    Raises:
        InputError: the example is empty, or the prompt lacks a value.
    """
    found: list[Composed] = []
    estimated = False

    def render(chosen: Prompt, values: Mapping[str, Any], **options: str) -> list[ChatMessage]:
        nonlocal estimated
        for role, pieces in prompts.pieces(chosen, values, **options):
            stretches = []
            for piece in pieces:
                if piece.text:
                    count, guessed = tokens.count(piece.text, model)
                    estimated |= guessed
                    stretches.append(Stretch(piece.name, piece.text, count))
            whole = "".join(stretch.text for stretch in stretches)
            found.append(Composed(role, tuple(stretches), tokens.count(whole, model)[0]))
        return []

    if not example.text.strip():
        raise InputError("pipeline.empty_comment")
    kind = prompt.name.split(".")[0]
    written = wanted or _language(example.text, parts)
    _COMPOSERS.get(kind, _by_name)(prompt, example, parts, written, render)
    return Preview(prompt, tuple(found), sum(message.tokens for message in found), estimated)


def _reply(prompt: Prompt, example: Comment, parts: Parts, written: str, render: compose.Render) -> None:
    asked = pipeline.ask(example.text, parts, written)
    compose.compose_reply(
        example,
        parts.triage(example),
        list({p.id: p for question in asked for p in question.passages}.values()),
        parts.brand,
        language=written,
        register=pipeline.register_of("", parts),
        channel=example.channel,
        prompt=prompt,
        limit=check.count("", example.channel, parts.channel_folders).limit,
        render=render,
    )


def _post(prompt: Prompt, example: Comment, parts: Parts, written: str, render: compose.Render) -> None:
    today = parts.now().date()
    compose.compose_post(
        Brief(example.text, channels=(example.channel,), language=written),
        parts.retriever.search(example.text, k=pipeline.PASSAGES, language=written, today=today),
        parts.brand,
        channel=example.channel,
        register=pipeline.register_of("", parts),
        prompt=prompt,
        limit=check.count("", example.channel, parts.channel_folders).limit,
        render=render,
    )


def _rewrite(prompt: Prompt, example: Comment, parts: Parts, written: str, render: compose.Render) -> None:
    compose.compose_rewrite(
        example.text,
        "shorter",
        parts.brand,
        language=written,
        register=pipeline.register_of("", parts),
        prompt=prompt,
        render=render,
    )


def _by_name(prompt: Prompt, example: Comment, _: Parts, written: str, render: compose.Render) -> None:
    known = {"comment": example.text, "text": example.text}
    values = {
        name: known.get(name) or message("preview.value", written, name=name, description=given.description)
        for name, given in prompt.inputs.items()
    }
    render(prompt, values, language=written)


_COMPOSERS = {"reply": _reply, "post": _post, "rewrite": _rewrite}


def _language(text: str, parts: Parts) -> str:
    found = language.detect(text, languages=parts.brand.languages)[0]
    return found if found in parts.brand.languages else parts.brand.languages[0]
