"""The platforms' own conformance suites, read from a directory as cases for us and for a baseline."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from copilot.channels import bluesky, entities, links, mastodon, segments, sms, weighted


@dataclass(frozen=True, slots=True)
class Case:
    """What a suite expects of a text, what we answer and what the baseline (``len``, ``split``) answers."""

    suite: str
    name: str
    expected: Any
    ours: Callable[[], Any]
    baseline: Callable[[], Any]


def cases(folder: Path) -> Iterator[Case]:
    """Yield the cases of all suites found in a folder laid out by platform."""
    yield from _twitter(folder / "twitter-text")
    yield from _bluesky(folder / "bluesky" / "bluesky_cases.json")
    yield from _mastodon(folder / "mastodon" / "status_length_cases.json")
    yield from _sms(folder / "sms" / "twilio_segments.json")
    for name, split in (
        ("Grapheme", segments.graphemes),
        ("Word", segments.words),
        ("Sentence", segments.sentences),
    ):
        yield from _unicode(folder / "unicode" / f"{name}BreakTest.txt", f"unicode/{name.lower()}", split)


# -- X ---------------------------------------------------------------------------------------


def _twitter(folder: Path) -> Iterator[Case]:
    extract, validate = folder / "conformance_extract.yml", folder / "conformance_validate.yml"
    if extract.is_file():
        yield from _extraction(_tests(extract))
    if validate.is_file():
        configs = {n: _config(folder / f"config_v{n}.json") for n in (1, 2, 3)}
        yield from _validation(_tests(validate), configs)


def _tests(path: Path) -> dict[str, list[dict[str, Any]]]:
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
    return {
        name: [{**test, "text": str("" if test["text"] is None else test["text"])} for test in tests or []]
        for name, tests in sections.items()
    }


def _config(path: Path) -> weighted.Weights:
    return weighted.Weights.of(json.loads(path.read_text())) if path.is_file() else weighted.Weights()


def _values(found: Sequence[entities.Entity]) -> list[str]:
    return [entity.value for entity in found]


def _indexed(key: str) -> Callable[[Sequence[entities.Entity]], list[dict[str, Any]]]:
    return lambda found: [{key: entity.value, "indices": list(entity.span)} for entity in found]


def _lists(found: Sequence[entities.Entity]) -> list[dict[str, Any]]:
    rows = []
    for entity in found:
        name, slash, slug = entity.value.partition("/")
        rows.append({"screen_name": name, "list_slug": slash + slug, "indices": list(entity.span)})
    return rows


_EXTRACTION: dict[str, tuple[str, Callable[[entities.Entities], Any]]] = {
    "mentions": ("mentions", lambda e: [v.split("/")[0] for v in _values(e.mentions)]),
    "mentions_with_indices": ("mentions", lambda e: _indexed("screen_name")(e.mentions)),
    "mentions_or_lists_with_indices": ("mentions", lambda e: _lists(e.mentions)),
    "urls": ("urls", lambda e: _values(e.urls)),
    "urls_with_indices": ("urls", lambda e: _indexed("url")(e.urls)),
    "urls_with_directional_markers": ("urls", lambda e: _indexed("url")(e.urls)),
    "tco_urls_with_params": ("urls", lambda e: _values(e.urls)),
    "hashtags": ("hashtags", lambda e: _values(e.hashtags)),
    "hashtags_from_astral": ("hashtags", lambda e: _values(e.hashtags)),
    "hashtags_with_indices": ("hashtags", lambda e: _indexed("hashtag")(e.hashtags)),
    "cashtags": ("cashtags", lambda e: _values(e.cashtags)),
    "cashtags_with_indices": ("cashtags", lambda e: _indexed("cashtag")(e.cashtags)),
}
_MARKS = {"mentions": "@", "urls": "http", "hashtags": "#", "cashtags": "$"}


def _extraction(tests: dict[str, list[dict[str, Any]]]) -> Iterator[Case]:
    for section, (kind, shape) in _EXTRACTION.items():
        for test in tests.get(section, []):
            text = test["text"]
            yield Case(
                f"twitter-text/extract {kind}",
                test["description"],
                test["expected"] or [],
                lambda text=text, shape=shape: shape(entities.extract(text)),
                lambda text=text, kind=kind: _split(text, _MARKS[kind]),
            )
    for test in tests.get("replies", []):
        text = test["text"]
        yield Case(
            "twitter-text/extract replies",
            test["description"],
            test["expected"] or "",
            lambda text=text: entities.reply_to(text),
            lambda text=text: (_split(text[:1] and text, "@") or [""])[0],
        )


def _split(text: str, mark: str) -> list[str]:
    return [w if mark == "http" else w[1:] for w in text.split() if w.startswith(mark)]


_VALIDATION: dict[str, Callable[[str], bool]] = {
    "usernames": lambda text: _whole(text, entities.extract(text).mentions, "mention"),
    "lists": lambda text: _whole(text, entities.extract(text).mentions, "list"),
    "hashtags": lambda text: _whole(text, entities.extract(text).hashtags, "hashtag"),
    "urls": links.is_url,
    "urls_without_protocol": lambda text: links.is_url(text, bare=True),
}


def _whole(text: str, found: Sequence[entities.Entity], kind: str) -> bool:
    return any(entity.kind == kind and entity.span == (0, len(text)) for entity in found)


def _validation(
    tests: dict[str, list[dict[str, Any]]], configs: dict[int, weighted.Weights]
) -> Iterator[Case]:
    for section, is_valid in _VALIDATION.items():
        for test in tests.get(section, []):
            text = test["text"]
            yield Case(
                "twitter-text/validate",
                test["description"],
                test["expected"],
                lambda text=text, is_valid=is_valid: is_valid(text),
                lambda text=text: " " not in text,
            )
    for test in tests.get("tweets", []):
        text = test["text"]
        yield Case(
            "twitter-text/validate",
            test["description"],
            test["expected"],
            lambda text=text: weighted.weigh(text, configs[1]).valid,
            lambda text=text: 0 < len(text) <= configs[1].limit,
        )
    # The suite's own drivers weigh the first section without emoji sequences (version 2).
    for section, version in (
        ("WeightedTweetsCounterTest", 2),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", 3),
        ("UnicodeDirectionalMarkerCounterTest", 3),
    ):
        for test in tests.get(section, []):
            text, weights = test["text"], configs[version]
            yield Case(
                "twitter-text/weighted length",
                test["description"],
                test["expected"],
                lambda text=text, weights=weights: _weighed(text, weights),
                lambda text=text: _by_len(text),
            )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _weighed(text: str, weights: weighted.Weights) -> dict[str, Any]:
    found = weighted.weigh(text, weights)
    shift = _units(text) - _units(found.text)
    return {
        "weightedLength": found.length,
        "valid": found.valid,
        "permillage": found.permillage,
        "displayRangeStart": 0,
        "displayRangeEnd": max(0, _units(text) - 1),
        "validRangeStart": 0,
        "validRangeEnd": _units(found.text[: found.valid_until]) - 1 + shift,
    }


def _by_len(text: str) -> dict[str, Any]:
    size = len(text)
    return {
        "weightedLength": size,
        "valid": 0 < size <= 280,
        "permillage": size * 1000 // 280,
        "displayRangeStart": 0,
        "displayRangeEnd": size - 1,
        "validRangeStart": 0,
        "validRangeEnd": min(size, 280) - 1,
    }


# -- Bluesky, Mastodon, SMS, Unicode -----------------------------------------------------------


def _bluesky(path: Path) -> Iterator[Case]:
    if not path.is_file():
        return
    data = json.loads(path.read_text(encoding="utf-8"))
    for text, size in data.get("grapheme_len", []):
        yield Case(
            "bluesky/graphemes",
            text,
            size,
            lambda text=text: len(segments.graphemes(text)),
            lambda text=text: len(text),
        )
    for section, find, mark in (("tags", bluesky.hashtags, "#"), ("cashtags", bluesky.cashtags, "$")):
        for test in data.get(section, []):
            text = test["text"]
            yield Case(
                f"bluesky/{section}",
                text,
                [test["tags"], test["indices"]],
                lambda text=text, find=find, mark=mark: _bytes(text, find(text), mark),
                lambda text=text, mark=mark: [_split(text, mark), []],
            )
    for test in data.get("facets", []):
        text = test["text"]
        yield Case(
            "bluesky/links and mentions",
            text,
            test["segments"],
            lambda text=text: _segments(text),
            lambda text=text: [[text]],
        )


def _bytes(text: str, found: Sequence[entities.Entity], mark: str) -> list[Any]:
    names = [f"$ {e.value}".replace(" ", "") if mark == "$" else e.value for e in found]
    size = [(len(text[: e.span.start].encode()), len(text[: e.span.end].encode())) for e in found]
    return [names, [{"byteStart": start, "byteEnd": end} for start, end in size]]


def _segments(text: str) -> list[list[str]]:
    found = bluesky.extract(text)
    pieces: list[list[str]] = []
    position = 0
    for entity in sorted((*found.urls, *found.mentions), key=lambda e: e.span):
        start, end = entity.span
        if start > position:
            pieces.append([text[position:start]])
        words = text[start:end]
        link = words if words.startswith("http") else f"https://{words}"
        pieces.append([words, f"did:fake:{entity.value}" if entity.kind == "mention" else link])
        position = end
    return [*pieces, [text[position:]]] if position < len(text) else pieces


def _mastodon(path: Path) -> Iterator[Case]:
    if not path.is_file():
        return
    data = json.loads(path.read_text(encoding="utf-8"))
    limit = data["limit"]
    for test in data["cases"]:
        text, warning = _written(test["text"]), _written(test["spoiler"])
        yield Case(
            "mastodon/status length",
            test["name"],
            test["valid"],
            lambda text=text, warning=warning: mastodon.length(text, warning=warning) <= limit,
            lambda text=text, warning=warning: len(text) + len(warning) <= limit,
        )


def _written(expression: str) -> str:
    """Return the text that a case writes as ``'a'*476+' http://'`` (strings, ``+`` and ``*`` only)."""

    def value(node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            left, right = value(node.left), value(node.right)
            return left + right if isinstance(node.op, ast.Add) else left * right
        raise ValueError(f"not a text expression: {expression}")

    return str(value(ast.parse(expression, mode="eval").body))


def _sms(path: Path) -> Iterator[Case]:
    if not path.is_file():
        return
    for test in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        text = test["text"]
        yield Case(
            "sms/segments",
            test["name"],
            (test["encoding"], test["segments"]),
            lambda text=text: (sms.measure(text).encoding, sms.measure(text).segments),
            lambda text=text: ("GSM-7" if text.isascii() else "UCS-2", -(-len(text) // 160)),
        )


def _unicode(path: Path, suite: str, split: Callable[[str], list[str]]) -> Iterator[Case]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        rule, _, remark = line.partition("#")
        pieces = [
            "".join(chr(int(code, 16)) for code in piece.replace("×", " ").split())
            for piece in rule.split("÷")
            if piece.strip()
        ]
        if pieces:
            text = "".join(pieces)
            yield Case(
                suite, remark.strip(), pieces, lambda text=text: split(text), lambda text=text: list(text)
            )
