"""What of a text is JSON or HTML, as promptfoo sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from typing import Any

from copilot.lab import javascript

_LONGEST_JSON = 100_000
_STRUCTURE = frozenset(("html", "head", "body"))


@cache
def _names(kind: str) -> frozenset[str]:
    """Return a list of ``markup.yml``."""
    import yaml

    text = (resources.files("copilot.lab") / "markup.yml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[kind].split())


# -- JSON ------------------------------------------------------------------------------------


def json_objects(text: str) -> Iterator[Any]:
    """Yield the objects in braces that a text holds, in JSON or in YAML's way of writing it."""
    at = 0
    while (at := text.find("{", at)) >= 0:
        found, end = _object_at(text, at)
        if found is not None:
            yield found
            at = end
        else:
            at += 1


def conforms(data: Any, schema: Any) -> bool:
    """Whether ``data`` satisfies a JSON Schema (draft 7), given as data or as YAML.

    Raises:
        ValueError: the schema is not one, or uses words that draft 7 does not have.
    """
    from jsonschema import Draft7Validator
    from jsonschema.exceptions import SchemaError

    if isinstance(schema, str):
        schema = _yaml(schema)
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        raise ValueError(error.message) from error
    _refuse_unknown_words(schema)
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(data))


def _object_at(text: str, start: int) -> tuple[Any, int]:
    limit = min(start + _LONGEST_JSON, len(text))
    depth = 0
    if limit - start < 2:
        return None, start
    for end in range(start, limit):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0 or end + 1 == limit:
            found = _flow(text[start : end + 1] + "}" * depth)
            return (found, end + 1) if isinstance(found, dict | list) else (None, start)
    return None, start


def _flow(text: str) -> Any:
    try:
        return javascript.parse(text)
    except ValueError:
        pass
    try:
        return _yaml(re.sub(r"(?<!:)//+(.*)$", r"#\1", text, flags=re.MULTILINE).replace("\t", " "))
    except ValueError:
        return None


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ValueError(str(error)) from error


_MAPS = frozenset(("properties", "patternProperties", "definitions", "$defs", "dependencies"))
_DATA = frozenset(("const", "enum", "default", "examples", "required"))


def _refuse_unknown_words(schema: Any) -> None:
    """A misspelt word of a schema would check nothing: promptfoo refuses it, so do we."""
    for part in schema if isinstance(schema, list) else ():
        _refuse_unknown_words(part)
    if not isinstance(schema, Mapping):
        return
    _refuse_unknown({str(word) for word in schema}, "schema")
    for word, value in schema.items():
        if word in ("format", "$schema"):
            _refuse_unknown({str(value)}, "formats" if word == "format" else "drafts")
        elif word in _MAPS and isinstance(value, Mapping):
            _refuse_unknown_words(list(value.values()))
        elif word not in _DATA:
            _refuse_unknown_words(value)


def _refuse_unknown(words: set[str], kind: str) -> None:
    unknown = sorted(words - _names(kind))
    if unknown:
        raise ValueError(f"{kind}: {unknown[0]}")


# -- HTML ------------------------------------------------------------------------------------

_SIGNS: tuple[tuple[str, int], ...] = (
    (r"<[a-zA-Z][a-zA-Z0-9-]*(?:\s[^>]*)?/>", 1),
    (r"&(?:[a-zA-Z]+|#[0-9]+|#x[0-9a-fA-F]+);", 1),
    (r"(?i:<!DOCTYPE\s+html)", 2),
    (r"<!--[^-]*(?:-[^-]+)*-->", 1),
    (r"\s[a-zA-Z-]+=\s*[\"'][^\"']*[\"']", 1),
    (
        r"(?i:<(?:html|head|body|div|span|p|a|img|h[1-6]|ul|ol|li|table|tr|td|th|form|input|button|script|style|"
        r"link|meta|br|hr)(?![A-Za-z0-9_]))",
        2,
    ),
)


def contains_html(text: str) -> bool:
    """Whether at least two signs of HTML stand in a text."""
    tags = [r"<[a-zA-Z][a-zA-Z0-9-]*(?:\s[^>]*)?>", r"</[a-zA-Z][a-zA-Z0-9-]*\s*>"]
    score = sum(bool(re.search(tag, text)) for tag in tags)
    return score + sum(weight for sign, weight in _SIGNS if re.search(sign, text)) >= 2


def is_html(text: str) -> bool:
    """Whether a text is HTML through and through: known elements, and no words outside of them."""
    source = javascript.trim(text)
    if not source or source[:5].lower() == "<?xml":
        return False
    page = _Page()
    page.feed(source)
    page.close()
    has_body = re.search(r"<body(?=[\s>/])", source.lower()) is not None
    return page.known and (has_body or not page.bare)


class _Page(HTMLParser):
    """What of a page lies outside of all elements, and whether an element is a known one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.known = self.bare = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.known = self.known or tag in _names("elements") or tag in _STRUCTURE or "-" in tag
        if tag in _names("closes_p") and "p" in self.open:
            del self.open[self.open.index("p") :]
        if tag not in _names("void") and tag not in _STRUCTURE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML ignores the slash of an element that may hold something.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if javascript.trim(data) and not self.open:
            self.bare = True
