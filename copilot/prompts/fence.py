"""Other people's words inside a prompt: made harmless, and fenced so that they can't pass for ours."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata

_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# The control tokens of the common chat formats, and our own fence.
_CONTROL = re.compile(
    r"<\|[^|<>\n]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|</?(?:start|end)_of_turn>|</?data\b[^<>\n]{0,40}>",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{40,}={0,2}(?![\w+/=-])")
_MIXED_WORD = re.compile(r"[^\W\d_]*[\u0370-\u03ff\u0400-\u04ff][^\W\d_]*")
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινρ", "ABESIJKMHOPCTYXaesijopcyxhdqwABEZHIKMNOPTYXaoivp"
)
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"


def fenced(text: str, fence: str) -> str:
    """Return ``text`` made harmless between the two lines that only this call knows."""
    return f"<data {fence}>\n{neutralized(text).replace(fence, '')}\n</data {fence}>"


def neutralized(text: str) -> str:
    """Return ``text`` without what a reader can't see but a model would obey.

    Invisible and bidirectional characters, HTML comments and the control tokens of chat formats go;
    letters of another script inside a Latin word become what they look like; encoded text becomes
    ``[…]``. What a person reads stays as it is.
    """
    text = "".join(c for i, c in enumerate(text) if _is_visible(text, i))
    text = _HTML_COMMENT.sub(" ", text)
    while (cleaned := _CONTROL.sub(" ", text)) != text:
        text = cleaned
    text = _MIXED_WORD.sub(_with_one_script, text)
    return _ENCODED.sub(_without_encoded, text).strip()


def _is_visible(text: str, index: int) -> bool:
    character = text[index]
    if character in "\n\t":
        return True
    if character == _JOINER:
        before = text[index - 1] if index else ""
        return before == _EMOJI_STYLE or unicodedata.category(before or "a") in ("So", "Sk")
    return unicodedata.category(character) not in ("Cc", "Cf", "Co", "Cs", "Cn")


def _with_one_script(word: re.Match[str]) -> str:
    text = word.group()
    return text.translate(_LOOKALIKES) if any("a" <= c.lower() <= "z" for c in text) else text


def _without_encoded(found: re.Match[str]) -> str:
    text = found.group()
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return text
    return "[…]" if decoded.isprintable() or decoded.isascii() else text
