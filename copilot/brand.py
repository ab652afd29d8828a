"""``brand.yml``: what makes a brand sound like itself, and what it may never say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from copilot import yamlfile
from copilot.errors import FileFormatError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Phrases(_Part):
    """Brand phrases of one language. ``{name}`` in a greeting is the customer's first name."""

    greeting: str = "Bonjour {name},"
    greeting_unknown: str = "Bonjour,"
    signoff: str = ""
    thanks: str = ""
    empathy: str = ""
    no_answer: str = ""
    ask_details: str = ""
    handover: str = ""
    private: str = ""
    praise: str = ""
    moderation: str = ""


class Emoji(_Part):
    """``allowed`` empty means any emoji; ``max`` counts per text."""

    policy: Literal["none", "some", "free"] = "some"
    max: int = Field(default=1, ge=0)
    allowed: tuple[str, ...] = ()


class Hashtags(_Part):
    """Hashtag policy of posts."""

    max: int = Field(default=3, ge=0)
    always: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Term(_Part):
    """A preferred writing and those it replaces."""

    use: str
    instead_of: tuple[str, ...] = ()
    why: str = ""


class Promise(_Part):
    """A promise nobody may make for the brand: patterns (plain words, case-insensitive) and what to say."""

    id: str
    patterns: tuple[str, ...]
    message: str = ""
    instead: str = ""


class Contact(_Part):
    """Whom to hand over to. ``topics`` are words that lead there beside the route itself."""

    route: Literal["care", "pr", "legal", "safety"]
    name: str
    email: str = ""
    phone: str = ""
    hours: str = ""
    topics: tuple[str, ...] = ()


class Shop(_Part):
    """A named place of the brand."""

    name: str
    address: str = ""
    phone: str = ""


class Brand(_Part):
    """The whole file. ``patterns`` are the brand's own references (order, ticket) as regular expressions."""

    name: str
    description: str = ""
    website: str = ""
    country: str = "FR"
    timezone: str = "Europe/Paris"
    languages: tuple[str, ...] = ("fr", "en")
    # Which reader is addressed how; English has no register of this kind.
    register_: Literal["vous", "tu"] = Field(default="vous", alias="register")
    voice: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    phrases: Mapping[str, Phrases] = Field(default_factory=dict)
    emoji: Emoji = Emoji()
    hashtags: Hashtags = Hashtags()
    terms: tuple[Term, ...] = ()
    products: tuple[str, ...] = ()
    places: tuple[Shop, ...] = ()
    competitors: tuple[str, ...] = ()
    forbidden_promises: tuple[Promise, ...] = ()
    contacts: tuple[Contact, ...] = ()
    channels: tuple[str, ...] = ("web",)
    patterns: Mapping[str, str] = Field(default_factory=dict)
    rule_packs: tuple[str, ...] = ("francais", "marque", "reseaux", "relation-client")
    netiquette: str = ""

    def words(self, language: str) -> Phrases:
        """Return the phrases of ``language``, else of the brand's first language, else the defaults."""
        for candidate in (language, *self.languages):
            if candidate in self.phrases:
                return self.phrases[candidate]
        return Phrases()


def load_brand(path: Path, *, shown: str | None = None) -> Brand:
    """Read ``brand.yml``.

    Raises:
        UnreadableFileError: the file is missing or not text.
        FileFormatError: broken YAML, an unknown key (with the nearest known one) or a wrong value,
            at ``file:line``.
    """
    file = yamlfile.load(path, shown=shown)
    return validate(file, file.data)


def validate(file: yamlfile.YamlFile, data: Any) -> Brand:
    """Turn the data of a brand file into a ``Brand``, mistakes told with their line."""
    try:
        return Brand.model_validate(data if data is not None else {})
    except ValidationError as error:
        raise _explain(file, error) from error


def _explain(file: yamlfile.YamlFile, error: ValidationError) -> FileFormatError:
    first = error.errors()[0]
    location = tuple(p for p in first["loc"] if isinstance(p, str | int))
    where = file.where(location)
    if first["type"] == "extra_forbidden":
        known = _known_keys(location[:-1])
        name = str(location[-1])
        near = yamlfile.nearest(name, known)
        key = "yamlfile.unknown_key_near" if near else "yamlfile.unknown_key"
        return FileFormatError(key, where=where, name=name, near=near, allowed=", ".join(sorted(known)))
    return FileFormatError(
        "brand.wrong_value", where=where, name=".".join(map(str, location)), problem=first["msg"]
    )


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    parts: dict[str, type[BaseModel]] = {
        "phrases": Phrases,
        "emoji": Emoji,
        "hashtags": Hashtags,
        "terms": Term,
        "forbidden_promises": Promise,
        "contacts": Contact,
        "places": Shop,
    }
    model = parts.get(str(location[0]), Brand) if location else Brand
    return [field.alias or name for name, field in model.model_fields.items()]
