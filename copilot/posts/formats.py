"""The formats: recipes in ``formats/*.yml``, read as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from copilot.errors import InputError
from copilot.records import Localized
from copilot.yamlfile import load, nearest

ORDER = (
    "post",
    "thread",
    "question",
    "poll",
    "challenge",
    "contest",
    "event",
    "newsletter",
    "blog",
    "thanks",
    "crisis",
    "charter",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a recipe. ``words`` are its own words in both languages, ``value`` any other setting."""

    kind: str
    words: Localized | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a format: a newsletter has one, an event three."""

    name: str
    title: Localized
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """Something the law or a platform asks for. It is met when the text holds one of ``words`` (and a link,
    and ``dates`` dates, where asked)."""

    name: str
    title: Localized
    why: Localized
    words: tuple[str, ...] = ()
    link: bool = False
    dates: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of post.

    ``channel`` is set where there is only one. ``facts`` renames the brief's key facts, which stay as they
    were typed where the format is ``verbatim``.
    """

    name: str
    title: Localized
    info: Localized
    texts: tuple[Text, ...]
    channel: str = ""
    thread: bool = False
    approved_only: bool = False
    verbatim: bool = False
    facts: Localized | None = None
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """What posts need to know of a network; ``picture`` is the shape that suits it."""

    name: str
    source: str
    picture: Localized
    medium: str = "social"
    hashtags: bool = True


def formats() -> dict[str, Format]:
    """Return all formats by name, in the order in which they are offered."""
    return dict(_formats())


def format_of(name: str) -> Format:
    """Return one format.

    Raises:
        InputError: there is none of this name; the nearest one is named.
    """
    known = _formats()
    if name not in known:
        raise InputError("posts.unknown_format", name=name, near=nearest(name, known) or ORDER[0])
    return known[name]


def network_of(channel: str) -> Network:
    """Return the network of a channel; one that a workspace added gets its own name."""
    name = channel.partition("_")[0]
    found = _networks().get(name)
    return found or Network(name.title(), name, Localized("paysage, 16:9", "landscape, 16:9"))


@cache
def _formats() -> dict[str, Format]:
    folder = Path(str(resources.files("copilot.posts") / "formats"))
    return {name: _format(name, load(folder / f"{name}.yml", shown=f"{name}.yml").data) for name in ORDER}


@cache
def _networks() -> dict[str, Network]:
    path = Path(str(resources.files("copilot.posts") / "networks.yml"))
    rows: dict[str, dict[str, Any]] = load(path, shown="networks.yml").data
    return {name: Network(**{**row, "picture": Localized(**row["picture"])}) for name, row in rows.items()}


def _format(name: str, data: Mapping[str, Any]) -> Format:
    return Format(
        name,
        Localized(**data["title"]),
        Localized(**data["info"]),
        tuple(_text(row) for row in data["texts"]),
        channel=data.get("channel", ""),
        thread=data.get("thread", False),
        approved_only=data.get("approved_only", False),
        verbatim=data.get("verbatim", False),
        facts=Localized(**data["facts"]) if "facts" in data else None,
        duties=tuple(_duty(row) for row in data.get("duties", ())),
    )


def _text(row: Mapping[str, Any]) -> Text:
    title = Localized(**row.get("title", {"fr": "", "en": ""}))
    return Text(row["name"], title, tuple(_part(item) for item in row["parts"]))


def _part(item: str | Mapping[str, Any]) -> Part:
    if isinstance(item, str):
        return Part(item)
    [(kind, value)] = item.items()
    return Part(kind, Localized(**value)) if isinstance(value, Mapping) else Part(kind, value=str(value))


def _duty(row: Mapping[str, Any]) -> Duty:
    texts = {"title": Localized(**row["title"]), "why": Localized(**row["why"])}
    return Duty(**{**row, **texts, "words": tuple(row.get("words", ()))})
