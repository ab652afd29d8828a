"""A pack of rules: a folder of Vale files and, for what Vale does not know, its ``pack.yml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from copilot import yamlfile
from copilot.errors import FileFormatError, InputError
from copilot.records import Localized
from copilot.rules.definition import Definition, read_rule

_PACK_KEYS = ("name", "title", "description", "version", "languages", "channels", "default", "rules")
_RULE_KEYS = (
    "message",
    "why",
    "languages",
    "countries",
    "channels",
    "except_channels",
    "audience",
    "group",
    "safe",
    "spare_names",
    "links",
    "examples",
)
# Public packs that come without a pack.yml and speak one language.
_ENGLISH = frozenset({"Microsoft", "Google", "write-good", "alex", "proselint", "Joblint", "Readability"})


NOTHING = Localized("", "")


@dataclass(frozen=True, slots=True)
class Examples:
    """Texts that a rule must flag, and texts that it must let pass."""

    flags: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleNotes:
    """What ``pack.yml`` says of one rule. Empty tuples mean everywhere.

    ``group`` gathers all matches into one finding with one fix; ``safe`` fixes need no second look;
    ``spare_names`` makes spelling rules pass capitalised words inside a sentence; ``links`` tells whether
    the rule looks inside web and e-mail addresses (packs without ``pack.yml`` do, as in Vale). ``reasons``
    say why of one replacement (in small letters), where that is more than ``why``.
    """

    message: Localized | None = None
    why: Localized = NOTHING
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    except_channels: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    group: bool = False
    safe: bool = True
    spare_names: bool = False
    links: bool = True
    examples: Examples = Examples()
    reasons: tuple[tuple[str, Localized], ...] = ()

    def reason(self, replacement: str) -> Localized:
        """Return why a replacement is wanted."""
        return dict(self.reasons).get(replacement.lower(), self.why)

    def applies(self, language: str, country: str, channel: str, audience: str) -> bool:
        """Tell whether the rule speaks about such a text."""
        return (
            (not self.languages or language in self.languages)
            and (not self.countries or country in self.countries)
            and (not self.channels or _named(channel, self.channels))
            and not _named(channel, self.except_channels)
            and (not self.audience or audience in self.audience)
        )


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack: its definitions and the notes of each, by the rule's short name."""

    name: str
    title: Localized
    definitions: tuple[Definition, ...]
    notes: Mapping[str, RuleNotes] = field(default_factory=dict)
    description: Localized = NOTHING
    default: bool = True


def _named(channel: str, names: Sequence[str]) -> bool:
    return any(channel == name or channel.startswith(f"{name}_") for name in names)


def builtin_folder() -> Path:
    """Return the folder of the packs that ship with the product."""
    return Path(str(resources.files("copilot.rules"))) / "packs"


def available(folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """Return the names of all packs that can be loaded, ours and those of the given folders."""
    return tuple(
        sorted({path.name for folder in (builtin_folder(), *folders) for path in _subfolders(folder)})
    )


def _subfolders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (p for p in folder.iterdir() if p.is_dir() and any(p.glob("*.yml")))


def load_pack(name: str, folders: Sequence[Path] = ()) -> Pack:
    """Load a pack; a file of a later folder replaces the file of the same name before it.

    Raises:
        InputError: there is no such pack.
        FileFormatError: a file has a mistake, at ``file:line:column``.
    """
    places = [p for folder in (builtin_folder(), *folders) if (p := folder / name).is_dir()]
    if not places or "/" in name or "\\" in name:
        raise unknown_pack(name, available(folders))
    files: dict[str, Path] = {}
    for place in places:
        files.update({path.name: path for path in sorted(place.rglob("*.yml"))})
    shown = [path for folder in folders for path in [folder.parent.parent]]
    notes_file = files.pop("pack.yml", None)
    definitions = tuple(
        read_rule(path, f"{name}.{stem.split('.')[0]}", shown=_shown(path, shown))
        for stem, path in sorted(files.items())
    )
    known = [d.name.partition(".")[2] for d in definitions]
    if notes_file is not None:
        return _described(name, definitions, notes_file, _shown(notes_file, shown))
    language = RuleNotes(languages=("en",)) if name in _ENGLISH else RuleNotes()
    return Pack(name, Localized(name, name), definitions, dict.fromkeys(known, language))


def unknown_pack(name: str, known: Sequence[str]) -> InputError:
    """Return the error for a pack that does not exist, with the nearest and all known names."""
    near = yamlfile.nearest(name, known)
    key = "rules.unknown_pack_near" if near else "rules.unknown_pack"
    return InputError(key, name=name, near=near, allowed=", ".join(known))


def _shown(path: Path, roots: Sequence[Path]) -> str:
    for root in roots:
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.as_posix()


def _described(name: str, definitions: tuple[Definition, ...], path: Path, shown: str) -> Pack:
    file = yamlfile.load(path, shown=shown)
    data = file.data if isinstance(file.data, dict) else {}
    yamlfile.refuse_unknown(file, (), map(str, data), _PACK_KEYS)
    known = [d.name.partition(".")[2] for d in definitions]
    return Pack(
        name,
        localized_pair(data.get("title"), name),
        definitions,
        _read_notes(file, data, known),
        localized_pair(data.get("description")),
        bool(data.get("default", True)),
    )


def _read_notes(
    file: yamlfile.YamlFile, data: Mapping[str, Any], known: Sequence[str]
) -> dict[str, RuleNotes]:
    languages, channels = _texts(data.get("languages")), _texts(data.get("channels"))
    notes: dict[str, RuleNotes] = {}
    for name, entry in (data.get("rules") or {}).items():
        if name not in known:
            raise FileFormatError(
                "rules.unknown_rule", where=file.where(("rules", name)), name=name, allowed=", ".join(known)
            )
        yamlfile.refuse_unknown(file, ("rules", name), map(str, entry or {}), _RULE_KEYS)
        notes[name] = _notes(entry or {}, languages, channels)
    for name in known:
        notes.setdefault(name, RuleNotes(languages=languages, channels=channels, links=False))
    return notes


def _notes(entry: Mapping[str, Any], languages: tuple[str, ...], channels: tuple[str, ...]) -> RuleNotes:
    examples = entry.get("examples") or {}
    return RuleNotes(
        message=localized_pair(entry["message"]) if entry.get("message") else None,
        why=localized_pair(entry.get("why")),
        languages=_texts(entry.get("languages")) or languages,
        countries=_texts(entry.get("countries")),
        channels=_texts(entry.get("channels")) or channels,
        except_channels=_texts(entry.get("except_channels")),
        audience=_texts(entry.get("audience")),
        group=bool(entry.get("group", False)),
        safe=bool(entry.get("safe", True)),
        spare_names=bool(entry.get("spare_names", False)),
        links=bool(entry.get("links", False)),
        examples=Examples(_texts(examples.get("flags")), _texts(examples.get("allows"))),
    )


def localized_pair(value: Any, default: str = "") -> Localized:
    """Read ``{fr: …, en: …}`` or one text for both."""
    if isinstance(value, dict):
        first = str(next(iter(value.values()), default))
        return Localized(str(value.get("fr", first)), str(value.get("en", first)))
    text = str(value) if value else default
    return Localized(text, text)


def _texts(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
