"""Formatting that a channel would show as raw signs: Markdown and HTML where neither is read."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from copilot.channels.table import Channel
from copilot.messages import localized
from copilot.records import Edit, Finding, Fix, Localized, Span

_BOLD = regex.compile(r"(?<![*\\\w])(\*\*|__)(?=\S)(?P<inner>(?:(?!\1)[^*\n]){1,300})(?<=\S)\1(?![*\w])")
_LINK = regex.compile(
    r"!?\[(?P<words>[^\[\]\n]{0,300})\]\((?P<url>https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)"
)
_HEADING = regex.compile(r"(?m)^(?P<mark>#{1,6} +)(?=\S)")
_CODE = regex.compile(r"(?<!`)`(?P<inner>[^`\n]{1,300})`(?!`)")
_TAG = regex.compile(
    r"</?(?:a|b|i|u|s|p|br|em|strong|ul|ol|li|h[1-6]|span|div)(?:\s[^<>\n]{0,300})?/?>", regex.I
)
_READ = {
    "none": frozenset[str](),
    "markdown": frozenset({"bold", "link", "heading", "code", "html"}),
    "slack": frozenset({"code"}),
    "whatsapp": frozenset({"code"}),
    "telegram": frozenset({"bold", "link", "code", "html"}),
}
_SINGLE_STAR = ("slack", "whatsapp")


def unsupported(text: str, row: Channel) -> Iterator[Finding]:
    """Yield a finding for each mark of formatting that the channel would not read; its fix is plain text."""
    read = _READ[row.formatting]
    for kind, pattern in (
        ("bold", _BOLD),
        ("link", _LINK),
        ("heading", _HEADING),
        ("code", _CODE),
        ("html", _TAG),
    ):
        if kind in read:
            continue
        for found in pattern.finditer(text):
            span = Span(*found.span())
            message = localized(f"channels.markup_{kind}", channel=row.title)
            fix = Fix(localized("channels.fix_markup"), (Edit(span, _plain(kind, found, row)),))
            yield Finding(
                "channels.Formatting", "warning", span, message, found[0], Localized("", ""), fix=fix
            )


def _plain(kind: str, found: regex.Match[str], row: Channel) -> str:
    if kind == "bold":
        return f"*{found['inner']}*" if row.formatting in _SINGLE_STAR else str(found["inner"])
    if kind == "link":
        words, url = str(found["words"]).strip(), str(found["url"])
        return url if not words or words == url else f"{words} ({url})"
    return str(found["inner"]) if kind == "code" else ""
