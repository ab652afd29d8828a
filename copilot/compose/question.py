"""What a model is asked: the brand's voice, the passages by number, the customer's words as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from copilot import prompts
from copilot.brand import Brand
from copilot.compose.marks import NAME_MARK, without_forged
from copilot.messages import message
from copilot.moderation.neutralise import neutralise
from copilot.prompts import Prompt
from copilot.records import Brief, ChatMessage, Comment, Passage, Triage

MAX_COMMENT, MAX_PASSAGE = 6_000, 3_000
"""Characters that go to a model: a longer text is shown by its beginning and its end."""

Render = Callable[..., list[ChatMessage]]

_PERSON = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W\d_A-Z]+(?:[-'’][^\W\d_]+)?")


def compose_reply(
    comment: Comment,
    triage: Triage,
    passages: Sequence[Passage],
    brand: Brand,
    *,
    language: str,
    register: str,
    channel: str,
    note: str = "",
    tone: str = "",
    prompt: Prompt | None = None,
    limit: int | None = None,
    fence: str = "",
    render: Render = prompts.render,
) -> tuple[list[ChatMessage], dict[int, str]]:
    """Compose the messages that ask for a reply.

    Args:
        comment: the customer's message.
        triage: what is known of it.
        passages: what may be cited; the internal ones are left out.
        brand: whose voice.
        language: ISO code of the reply.
        register: ``tu`` or ``vous``; ignored where the language has none.
        channel: where the reply will stand.
        note: facts of the person who answers.
        tone: wishes, separated by spaces (``warmer``, ``firmer``, ``simpler``, ``shorter``) or free words.
        prompt: default: the ``reply`` prompt that ships.
        limit: characters that the channel allows, if any.
        fence: see ``prompts.render``.
        render: what puts the values into the prompt.

    Returns:
        The messages, and the passage id of each marker number.
    """
    words = brand.words(language)
    named = first_name(comment.author)
    citable = [passage for passage in passages if passage.chunk.visibility == "public"]
    values = {
        **_voice(brand, language, register),
        "brand_description": brand.description,
        "greeting": words.greeting.replace("{name}", NAME_MARK) if named else words.greeting_unknown,
        "signoff": words.signoff,
        "no_answer": words.no_answer or message("compose.no_answer", language),
        "channel": channel,
        "length": message("compose.length", language, limit=limit) if limit else "",
        "situation": _situation(triage, language),
        "tone": _tone(tone, language),
        "note": note,
        "comment": _excerpt(_anonymous(comment), MAX_COMMENT) or "…",
        "passages": _numbered(citable) or message("compose.no_passage", language),
    }
    chosen = prompt or prompts.load("reply")
    messages = render(chosen, _wanted(chosen, values), language=language, fence=fence)
    return messages, {number: passage.id for number, passage in enumerate(citable, 1)}


def compose_post(
    brief: Brief,
    passages: Sequence[Passage],
    brand: Brand,
    *,
    channel: str,
    register: str,
    prompt: Prompt | None = None,
    limit: int | None = None,
    fence: str = "",
    render: Render = prompts.render,
) -> tuple[list[ChatMessage], dict[int, str]]:
    """Compose the messages that ask for a post; arguments and result as in ``compose_reply``."""
    language = brief.language
    citable = [passage for passage in passages if passage.chunk.visibility == "public"]
    values = {
        **_voice(brand, language, register),
        "channel": channel,
        "length": message("compose.length", language, limit=limit) if limit else "",
        "hashtags": _hashtags(brand, language),
        "format": brief.format,
        "objective": brief.objective,
        "audience": brief.audience,
        "key_facts": brief.key_facts,
        "call_to_action": brief.call_to_action,
        "campaign": brief.campaign,
        "link": brief.link,
        "passages": _numbered(citable) or message("compose.no_passage", language),
    }
    chosen = prompt or prompts.load("post")
    messages = render(chosen, _wanted(chosen, values), language=language, fence=fence)
    return messages, {number: passage.id for number, passage in enumerate(citable, 1)}


def compose_rewrite(
    text: str,
    instruction: str,
    brand: Brand,
    *,
    language: str,
    register: str,
    prompt: Prompt | None = None,
    limit: int | None = None,
    fence: str = "",
    render: Render = prompts.render,
) -> list[ChatMessage]:
    """Compose the messages that ask to rewrite ``text`` as ``instruction`` says, facts untouched."""
    values = {
        **_voice(brand, language, register),
        "length": message("compose.length", language, limit=limit) if limit else "",
        "instruction": _tone(instruction, language),
        "text": text,
    }
    chosen = prompt or prompts.load("rewrite")
    return render(chosen, _wanted(chosen, values), language=language, fence=fence)


def first_name(author: str) -> str:
    """Return the first name in a shown name, or an empty string where it is a pseudonym."""
    parts = author.split()
    if not 1 <= len(parts) <= 4 or not all(_PERSON.fullmatch(part.rstrip(".")) for part in parts[:1]):
        return ""
    return parts[0] if all(part.replace("-", "").replace(".", "").isalpha() for part in parts) else ""


def _voice(brand: Brand, language: str, register: str) -> dict[str, Any]:
    emoji = brand.emoji
    policy = f"compose.emoji_{emoji.policy}" + ("_of" if emoji.policy == "some" and emoji.allowed else "")
    addressed = (
        message(f"compose.{register}", "fr") if language == "fr" and register in ("tu", "vous") else ""
    )
    promises = [pattern for promise in brand.forbidden_promises for pattern in promise.patterns[:2]]
    separator = "\u202f; " if language == "fr" else "; "
    preferred = [
        message("compose.term", language, use=term.use, other=", ".join(term.instead_of))
        for term in brand.terms
        if term.instead_of
    ]
    return {
        "brand_name": brand.name,
        "language_name": _language_name(language),
        "register": addressed,
        "voice": brand.voice,
        "avoid": brand.avoid,
        "emoji": message(policy, language, max=emoji.max, allowed=" ".join(emoji.allowed)),
        "terms": separator.join(preferred),
        "promises": separator.join(promises),
    }


def _language_name(language: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language).get_display_name("fr" if language == "fr" else "en") or language
    except (UnknownLocaleError, ValueError):
        return language


def _hashtags(brand: Brand, language: str) -> str:
    rule = brand.hashtags
    key = "compose.hashtags_of" if rule.always else "compose.hashtags"
    return message(key, language, max=rule.max, always=" ".join(rule.always))


def _situation(triage: Triage, language: str) -> str:
    keys = [f"sentiment_{triage.sentiment}"] if triage.sentiment in ("negative", "positive") else []
    if triage.urgency in ("high", "immediate"):
        keys.append("urgent")
    if triage.route == "private":
        keys.append("private")
    return " ".join(message(f"compose.{key}", language) for key in keys)


def _tone(tone: str, language: str) -> str:
    wishes = {"warmer", "firmer", "simpler", "shorter"}
    words = tone.split()
    if words and set(words) <= wishes:
        return " ".join(message(f"compose.{word}", language) for word in words)
    return tone


def _numbered(passages: Sequence[Passage]) -> str:
    blocks = []
    for number, passage in enumerate(passages, 1):
        chunk = passage.chunk
        title = chunk.question or " › ".join(chunk.headings)
        body = neutralise(_excerpt(without_forged(chunk.text), MAX_PASSAGE))
        blocks.append(f"[[{number}]] {without_forged(title)}\n{body}".strip())
    return "\n\n".join(blocks)


def _anonymous(comment: Comment) -> str:
    """Return the comment without forged marks, its author's own name replaced by the mark for it."""
    text = without_forged(comment.text)
    name = first_name(comment.author)
    if not name:
        return text
    written = "|".join(re.escape(part) for part in (comment.author.strip(), name))
    return re.sub(rf"(?<!\w)(?:{written})(?!\w)", NAME_MARK, text)


def _excerpt(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    return f"{text[: size * 3 // 4]}\n[…]\n{text[-size // 4 :]}"


def _wanted(prompt: Prompt, values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what a reworded prompt no longer asks for."""
    return {name: value for name, value in values.items() if name in prompt.inputs}
