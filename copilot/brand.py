"""``brand.yml``: what makes a brand sound like itself, and what it may never say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_serializer, model_validator

from copilot import text as texts
from copilot import yamlfile
from copilot.errors import FileFormatError
from copilot.records import Localized


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(_Part):
    """Words for the team: one text for everybody, or ``{fr: …, en: …}``; one that is missing is the other."""

    fr: str = ""
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _for_everybody(cls, given: Any) -> Any:
        return {"fr": given, "en": given} if isinstance(given, str) else given

    @model_serializer
    def _as_written(self) -> str | dict[str, str]:
        both = {"fr": self.fr, "en": self.en}
        return self.fr if self.fr == self.en else {code: text for code, text in both.items() if text}

    def get(self, language: str) -> str:
        """Return the French text for ``fr``, the English one for anything else, else the one there is."""
        return (self.fr or self.en) if language == "fr" else (self.en or self.fr)

    @property
    def localized(self) -> Localized:
        """The text in both languages."""
        return Localized(self.get("fr"), self.get("en"))


class Phrases(_Part):
    """Brand phrases of one language. ``{name}`` in a greeting is the customer's first name."""

    greeting: str = Field(
        default="Bonjour {name},", description="Opens a reply; `{name}` is the customer’s first name."
    )
    greeting_unknown: str = Field(
        default="Bonjour,", description="Opens a reply to somebody whose name is unknown."
    )
    signoff: str = Field(default="", description="Closes every reply.")
    thanks: str = Field(default="", description="Thanks for a message.")
    empathy: str = Field(default="", description="Opens the reply to a complaint.")
    no_answer: str = Field(default="", description="Said when the knowledge holds no answer.")
    ask_details: str = Field(default="", description="Asks for what is missing to answer.")
    handover: str = Field(default="", description="Says that a person takes over.")
    private: str = Field(default="", description="Invites to continue in private.")
    praise: str = Field(default="", description="Answers a compliment.")
    moderation: str = Field(default="", description="Said when a comment is hidden.")

    def says(self, sentence: str) -> bool:
        """Whether a sentence is one of these phrases or a sentence of one, whatever the name in it."""
        wanted = texts.normalize(sentence, fold_case=True).text.strip(" ,.!")
        return any(pattern.fullmatch(wanted) for pattern in _patterns(tuple(self.model_dump().values())))


@lru_cache(maxsize=8)
def _patterns(phrases: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    plain = [texts.normalize(p, fold_case=True).text for p in phrases]
    said = {p[s.start : s.end].strip(" ,.!") for p in plain for s in texts.sentences(p)}
    return tuple(re.compile(re.escape(s).replace(r"\{name\}", r"[\w' -]{1,40}")) for s in said if s)


class Emoji(_Part):
    """``allowed`` empty means any emoji; ``max`` counts per text."""

    policy: Literal["none", "some", "free"] = Field(
        default="some", description="`none`: no emoji; `some`: up to `max`; `free`: as many as wanted."
    )
    max: int = Field(default=1, ge=0, description="Emoji in one text at most.")
    allowed: tuple[str, ...] = Field(default=(), description="The only emoji allowed; empty: any.")


class Hashtags(_Part):
    """Hashtag policy of posts."""

    max: int = Field(default=3, ge=0, description="Hashtags in one post at most.")
    always: tuple[str, ...] = Field(default=(), description="Hashtags that every post carries.")
    never: tuple[str, ...] = Field(default=(), description="Hashtags that no post may carry.")


class Term(_Part):
    """A preferred writing and those it replaces."""

    use: str = Field(description="The wanted writing.")
    instead_of: tuple[str, ...] = Field(default=(), description="Writings that it replaces: each is flagged.")
    why: Told = Field(default=Told(), description="The reason, shown with the finding; `{fr: …, en: …}` too.")


class Promise(_Part):
    """A promise nobody may make for the brand: patterns (plain words, case-insensitive) and what to say."""

    id: str = Field(description="Its name, in findings and in overrides.")
    patterns: tuple[str, ...] = Field(description="Wordings that promise it; case does not count.")
    message: Told = Field(default=Told(), description="Why nobody may promise it; `{fr: …, en: …}` too.")
    instead: Told = Field(default=Told(), description="What to say in its place; `{fr: …, en: …}` too.")


class Contact(_Part):
    """Whom to hand over to. ``topics`` are words that lead there beside the route itself."""

    route: Literal["care", "pr", "legal", "safety"] = Field(description="Which escalations this person gets.")
    name: Told = Field(description="Name or function; `{fr: …, en: …}` where a function has two names.")
    email: str = Field(default="", description="E-mail address.")
    phone: str = Field(default="", description="Phone number.")
    hours: Told = Field(default=Told(), description="When this person can be reached; `{fr: …, en: …}` too.")
    topics: tuple[str, ...] = Field(
        default=(), description="Words in a comment that lead here beside the route itself."
    )


class Shop(_Part):
    """A named place of the brand."""

    name: str = Field(description="Name of the place: a fact that is checked.")
    address: str = Field(default="", description="Its address.")
    phone: str = Field(default="", description="Its phone number.")


class Brand(_Part):
    """The whole file. ``patterns`` are the brand's own references (order, ticket) as regular expressions."""

    name: str = Field(description="Name of the brand.")
    description: str = Field(default="", description="The brand in one sentence, for the model.")
    website: str = Field(default="", description="Its address: links to it are the brand’s own.")
    country: str = Field(
        default="FR", description="ISO 3166 code: how phones and amounts are written, whose typography."
    )
    timezone: str = Field(default="Europe/Paris", description="IANA time zone: what “today” means.")
    languages: tuple[str, ...] = Field(
        default=("fr", "en"), description="Languages of replies; the first serves where none fits."
    )
    # Which reader is addressed how; English has no register of this kind.
    register_: Literal["vous", "tu"] = Field(
        default="vous", alias="register", description="How a French reader is addressed."
    )
    voice: tuple[str, ...] = Field(default=(), description="Traits of the voice, for the model.")
    avoid: tuple[str, ...] = Field(default=(), description="Habits to avoid, for the model.")
    phrases: Mapping[str, Phrases] = Field(
        default_factory=dict, description="The brand’s own phrases, by language."
    )
    emoji: Emoji = Field(default=Emoji(), description="Emoji in texts.")
    hashtags: Hashtags = Field(default=Hashtags(), description="Hashtags of posts.")
    terms: tuple[Term, ...] = Field(default=(), description="Preferred words; the others are flagged.")
    products: tuple[str, ...] = Field(
        default=(), description="Names of products: facts that are checked, spared by the spelling."
    )
    places: tuple[Shop, ...] = Field(default=(), description="Shops and other places of the brand.")
    competitors: tuple[str, ...] = Field(default=(), description="Names that no text may mention.")
    forbidden_promises: tuple[Promise, ...] = Field(
        default=(), description="Promises nobody may make for the brand: an error in any text."
    )
    contacts: tuple[Contact, ...] = Field(default=(), description="Whom to hand a message over to.")
    channels: tuple[str, ...] = Field(
        default=("web",), description="Channels offered on the screens, by their name in `docs/channels.md`."
    )
    patterns: Mapping[str, str] = Field(
        default_factory=dict,
        description="The brand’s references (order, ticket…) as regular expressions: masked, and never asked "
        "for in public.",
    )
    rule_packs: tuple[str, ...] = Field(
        default=("francais", "marque", "reseaux", "relation-client"),
        description="Rule packs in force, beside those in `knowledge/rules/`.",
    )
    netiquette: str = Field(
        default="", description="Path of the house rules, quoted when a comment is hidden."
    )

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
    model: type[BaseModel] = Brand
    for name in location:
        field = model.model_fields.get(str(name))
        model = (_part_in(field.annotation) if field else None) or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _part_in(annotation: Any) -> type[BaseModel] | None:
    """Return the part of the file that a type speaks of: itself, or what its list or mapping holds."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_part_in, get_args(annotation))), None)
