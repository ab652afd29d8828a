"""Cases grown from real replies: personal data replaced by invented ones, seen before it is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot import privacy
from copilot.errors import InputError
from copilot.lab.cases import Case, load_cases, parse_cases
from copilot.records import PersonalData, Reply

_INVENTED: Mapping[str, Sequence[str]] = {
    "name": ("Camille Durand", "Dominique Martin", "Claude Bernard", "Alex Moreau"),
    "email": ("camille@client.example", "dominique@client.example", "claude@client.example"),
    "phone": ("06 39 98 00 11", "06 39 98 00 22", "06 39 98 00 33"),
    "address": ("1 rue de l’Exemple, 75000 Paris", "2 rue de l’Exemple, 75000 Paris"),
    "order": ("CY-100001", "CY-100002", "CY-100003"),
}
"""Stand-ins in ranges that belong to nobody; a kind that is not here becomes its own name in brackets."""

_AUTHORS = ("Camille", "Dominique", "Claude")


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case that is not written yet.

    Attributes:
        id: a name made of the comment's first words.
        text: the YAML that would be written, to be shown and edited.
        replaced: (kind, what stood there, what stands there now).
    """

    id: str
    text: str
    replaced: tuple[tuple[str, str, str], ...]


def case_from_reply(
    reply: Reply, *, patterns: Mapping[str, str] | None = None, country: str = "FR"
) -> CaseDraft:
    """Make a case of a reply: its comment, and the passages the draft stands on with their versions.

    Args:
        reply: a reply from the history.
        patterns: the brand's own references, name → regular expression.
        country: ISO code for national writings of personal data.
    """
    comment, replaced = _invented(reply.comment.text, patterns or {}, country)
    author = _AUTHORS[len(comment) % len(_AUTHORS)] if reply.comment.author else ""
    if author:
        replaced.append(("name", reply.comment.author, author))
        comment = _without_name(comment, reply.comment.author, author)
    versions = {e.passage_id: e.version for s in reply.draft.sentences for e in s.evidence}
    name = _slug(comment)
    return CaseDraft(name, _yaml(name, comment, author, reply, versions), tuple(replaced))


def check_case(draft: CaseDraft, path: Path) -> Case:
    """Return the case that ``write_case`` would add to a file.

    Raises:
        FileFormatError: the text has a mistake, or its id exists already.
        InputError: the text holds no case or several.
    """
    cases = parse_cases(draft.text, path.name)
    if len(cases) != 1:
        raise InputError("lab.one_case")
    parse_cases(_added(draft, path), path.name)
    known = {case.id for case in load_cases(path.parent)} if any(path.parent.glob("*.yml")) else set()
    if cases[0].id in known:
        raise InputError("lab.id_taken", id=cases[0].id)
    return cases[0]


def write_case(draft: CaseDraft, path: Path) -> Case:
    """Add a case to a file, checked as every other one; see ``check_case``."""
    case = check_case(draft, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_added(draft, path), encoding="utf-8")
    return case


def _added(draft: CaseDraft, path: Path) -> str:
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    return f"{before.rstrip()}\n{draft.text}".lstrip("\n")


def _invented(text: str, patterns: Mapping[str, str], country: str) -> tuple[str, list[tuple[str, str, str]]]:
    known: dict[tuple[str, str], str] = {}
    pieces, position = [], 0
    for item in sorted(privacy.find(text, country=country, patterns=patterns), key=lambda i: i.span):
        if item.span.start < position:
            continue
        pieces += [text[position : item.span.start], _stand_in(item, known)]
        position = item.span.end
    replaced = [(kind, original, stand_in) for (kind, original), stand_in in known.items()]
    return "".join(pieces) + text[position:], replaced


def _stand_in(item: PersonalData, known: dict[tuple[str, str], str]) -> str:
    key = (item.kind, item.text)
    if key not in known:
        taken = sum(1 for kind, _ in known if kind == item.kind)
        choices = _INVENTED.get(item.kind, ())
        known[key] = choices[taken] if taken < len(choices) else f"[{item.kind} {taken + 1}]"
    return known[key]


def _without_name(text: str, author: str, stand_in: str) -> str:
    parts = [part for part in re.findall(r"\w+", author) if len(part) > 2]
    for part in [author, *parts]:
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", stand_in, text)
    return text


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]{3,}", plain)
    return "-".join(words[:5]) or "cas"


def _yaml(name: str, comment: str, author: str, reply: Reply, versions: Mapping[str, str]) -> str:
    import yaml

    given: dict[str, str] = {"comment": comment}
    if author:
        given["author"] = author
    given["channel"] = reply.channel
    tags = [label.name for label in reply.triage.intents]
    data: dict[str, object] = {"id": name, "tags": tags, "vars": given}
    if versions:
        data["evidence"] = dict(versions)
    declined = not reply.draft.answered
    data["assert"] = [{"type": "declines"}] if declined else [{"type": "supported"}]
    return yaml.safe_dump([data], allow_unicode=True, sort_keys=False, width=110)
