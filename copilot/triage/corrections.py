"""What people corrected by hand: kept as labelled examples, and applied to (nearly) the same text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from copilot import privacy, yamlfile
from copilot.errors import FileFormatError, InputError
from copilot.moderation.words import cut
from copilot.records import Route, Sentiment, Severity

FILE = "corrections.yml"
INTENTS = (
    "question", "complaint", "praise", "suggestion", "purchase", "spam", "insult", "hate", "threat",
    "sexual", "self_harm", "crisis", "off_topic", "injection", "other",
)  # fmt: skip
_ALLOWED: Mapping[str, tuple[Any, ...]] = {
    "intents": INTENTS,
    "sentiment": get_args(Sentiment),
    "route": get_args(Route),
    "severity": get_args(Severity),
    "needs_reply": (True, False),
}
_NEAR = 92.0


@dataclass(frozen=True, slots=True)
class Correction:
    """One labelled example."""

    text: str
    fields: Mapping[str, Any]


def correct(folder: Path, text: str, fields: Mapping[str, Any]) -> Path:
    """Keep a correction in ``folder/corrections.yml``; an earlier one of the same text is replaced.

    The text is kept without the personal data in it.

    Args:
        folder: the workspace's ``knowledge/triage``.
        text: the comment.
        fields: any of ``intents sentiment route severity needs_reply``.

    Raises:
        InputError: a field or a value is not known.
        FileFormatError: the file that is there has a mistake.
    """
    _check(fields, "")
    masked = _masked(text)
    kept = [c for c in load(folder) if _key(c.text) != _key(masked)]
    kept.append(Correction(masked, {name: fields[name] for name in _ALLOWED if name in fields}))
    return _write(folder, kept)


def uncorrect(folder: Path, text: str) -> bool:
    """Take the correction of a text back; return whether there was one.

    Raises:
        FileFormatError: the file that is there has a mistake.
    """
    there = load(folder)
    kept = [c for c in there if _key(c.text) not in (_key(text), _key(_masked(text)))]
    if len(kept) == len(there):
        return False
    _write(folder, kept)
    return True


def forget(folder: Path, says: Callable[[str], bool]) -> int:
    """Delete the examples that say something, a person's name for one; return how many went."""
    there = load(folder)
    kept = [c for c in there if not says(c.text)]
    if len(kept) < len(there):
        _write(folder, kept)
    return len(there) - len(kept)


def corrected(folder: Path, text: str) -> bool:
    """Whether a person corrected the labels of this very text."""
    keys = {_key(text), _key(_masked(text))}
    return any(_key(c.text) in keys for c in load(folder))


def _masked(text: str) -> str:
    return privacy.mask(text).text


def _write(folder: Path, kept: Sequence[Correction]) -> Path:
    import yaml

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    data = [
        {"text": c.text, **{k: list(v) if isinstance(v, tuple) else v for k, v in c.fields.items()}}
        for c in kept
    ]
    temporary = path.with_suffix(".tmp")
    temporary.write_text(
        yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100), encoding="utf-8"
    )
    temporary.replace(path)
    return path


def load(folder: Path | None) -> tuple[Correction, ...]:
    """Read the corrections of a workspace; none when the file is not there."""
    if folder is None:
        return ()
    path = folder / FILE
    try:
        status = path.stat()
    except OSError:
        return ()
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _read(path: Path, _modified: int, _size: int) -> tuple[Correction, ...]:
    file = yamlfile.load(path, shown=path.name)
    if file.data is None:
        return ()
    if not isinstance(file.data, list) or not all(
        isinstance(item, dict) and "text" in item for item in file.data
    ):
        raise FileFormatError("triage.wrong_form", where=file.where())
    found = []
    for number, item in enumerate(file.data):
        yamlfile.refuse_unknown(file, (number,), item, ("text", *_ALLOWED))
        fields = {name: value for name, value in item.items() if name != "text"}
        _check(fields, file.where((number,)))
        found.append(Correction(str(item["text"]), fields))
    return tuple(found)


def _check(fields: Mapping[str, Any], where: str) -> None:
    for name, value in fields.items():
        allowed = _ALLOWED.get(name, ())
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if one not in allowed:
                raise InputError(
                    "triage.wrong_field",
                    where=where,
                    name=name,
                    value=one,
                    allowed=", ".join(
                        str(a).lower() if isinstance(a, bool) else a for a in allowed or _ALLOWED
                    ),
                )


def following(route: str) -> dict[str, Any]:
    """Return what goes with a route that a person chose: whether to reply, and how grave the message is."""
    answered = {"needs_reply": route not in ("hide", "ignore", "escalate_care")}
    return answered | ({"severity": "S0"} if route in ("reply", "private", "ignore") else {})


def applying(text: str, corrections: tuple[Correction, ...], *, near: bool = True) -> Correction | None:
    """Return the correction of the same or, if asked, nearly the same text, the latest first."""
    if not corrections:
        return None
    from rapidfuzz import fuzz

    key, masked = _key(text), _key(_masked(text))
    for correction in reversed(corrections):
        other = _key(correction.text)
        if other in (key, masked):
            return correction
        if near and len(key) >= 20 and _numbers(key) == _numbers(other) and fuzz.ratio(key, other) >= _NEAR:
            return correction
    return None


def _key(text: str) -> str:
    return " ".join(word for word in cut(text).words if word[0].isalnum() or ord(word[0]) > 127)


def _numbers(key: str) -> list[str]:
    return re.findall(r"\d+", key)
