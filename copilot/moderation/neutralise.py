"""Making a foreign text harmless to read for a machine: nothing hidden, nothing disguised."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata

from copilot.records import Span

_HIDDEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_JOINER = re.compile(
    r"(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u0600-\u06ff\u0900-\u0dff])[\u200c\u200d]+|[\u200c\u200d]+(?![\U0001f000-\U0001faff\u2600-\u27bf\u0600-\u06ff\u0900-\u0dff])"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|$)|<(script|style)\b.*?(?:</\1\s*>|$)", re.S | re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
_MARKER = re.compile(r"<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>", re.I)
_BASE64 = re.compile(
    r"(?<![\w+/=-])(?:[A-Za-z0-9+/]{4}){6,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![\w+/=])"
)
# Cyrillic and Greek letters that look like Latin ones.
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁԛһАВЕКМНОРСТУХІЈЅαονικρτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijsdqhABEKMHOPCTYXIJSaovikptuABEZHIKMNOPTYX",
        strict=True,
    )
)
_WORD = re.compile(r"[^\W\d_]+")


def hidden_spans(text: str) -> tuple[Span, ...]:
    """Return where a text hides something: invisible characters, HTML comments, base64 that holds words."""
    if text.isascii() and "<!--" not in text and len(text) < 24:
        return ()
    found = [Span(*m.span()) for m in _HIDDEN.finditer(text) if _suspicious(m.group())]
    found += [Span(*m.span()) for m in _HTML_COMMENT.finditer(text)]
    found += [Span(*m.span()) for m in _BASE64.finditer(text) if decoded(m.group())]
    return tuple(sorted(found))


def _suspicious(run: str) -> bool:
    # A lone soft hyphen, zero-width space or byte-order mark is what copying from a web page leaves.
    return (
        any(c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068" or c >= "\U000e0000" for c in run)
        or len(run) > 3
    )


def decoded(code: str) -> str:
    """Return the words behind a base64 string, or an empty string when it holds none."""
    if code.isalpha() and (code.islower() or code.isupper()):
        return ""
    try:
        plain = base64.b64decode(code, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    readable = sum(c.isalpha() or c.isspace() for c in plain)
    return plain if plain.isprintable() and readable > 0.8 * len(plain) else ""


def neutralise(text: str) -> str:
    """Return the text as it may stand inside a fence of a prompt.

    Invisible, bidirectional and control characters go; look-alike letters inside Latin words become
    Latin; HTML comments, scripts and tags go; base64 that holds words and the markers of chat formats
    are replaced by a visible note. What a person reads on screen stays the same.
    """
    text = _HTML_COMMENT.sub(" ", text)
    text = _HIDDEN.sub("", text)
    text = _JOINER.sub("", text)
    text = _CONTROL.sub(" ", text)
    text = _TAG.sub(" ", text)
    text = _MARKER.sub("[…]", text)
    text = _BASE64.sub(lambda m: "[base64]" if decoded(m.group()) else m.group(), text)
    if not text.isascii():
        text = _WORD.sub(lambda m: _latin(m.group()), text)
        text = _plain_styles(text)
    return text.strip()


def _latin(word: str) -> str:
    if word.isascii() or not any(c in _LOOKALIKES for c in word):
        return word
    rest = [c for c in word if c not in _LOOKALIKES]
    mixed = any(c.isascii() for c in rest) and all("LATIN" in unicodedata.name(c, "") for c in rest)
    return "".join(_LOOKALIKES.get(c, c) for c in word) if mixed else word


def _plain_styles(text: str) -> str:
    """Mathematical bold, fullwidth, circled letters become the letters they show."""
    return "".join(
        unicodedata.normalize("NFKC", c)
        if "\U0001d400" <= c <= "\U0001d7ff" or "\uff01" <= c <= "\uff5e"
        else c
        for c in text
    )
