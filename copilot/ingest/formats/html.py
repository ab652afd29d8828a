"""HTML: what a reader sees, with menus, adverts and banners told apart, and FAQPage data read first."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from typing import Any

from copilot.ingest import metadata
from copilot.ingest.encoding import decode
from copilot.ingest.formats.structured import faq_entries
from copilot.ingest.parts import Parsed, Source
from copilot.ingest.patterns import element_names
from copilot.ingest.rendering import Rendering

_NEVER_SEEN = {
    "script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "head", "select",
}  # fmt: skip
_CHROME = {
    "nav": "navigation", "footer": "navigation", "aside": "aside", "form": "form", "button": "form",
    "dialog": "banner",
}  # fmt: skip
_ROLES = {
    "navigation": "navigation", "banner": "navigation", "contentinfo": "navigation",
    "complementary": "aside", "search": "form", "dialog": "banner", "alertdialog": "banner",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "li", "ul", "ol", "table", "tr", "blockquote",
    "pre", "figure", "figcaption", "dl", "dt", "dd", "details", "summary", "address", "fieldset", "body",
    "html", "h1", "h2", "h3", "h4", "h5", "h6", "hr", *_CHROME,
}  # fmt: skip
_PROVENANCE = re.compile(r"<!--\s*(source:.*?)-->", re.DOTALL | re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?([\w-]+)", re.IGNORECASE)
# Browsers read these names as Windows-1252 too.
_LATIN = {"iso-8859-1", "latin-1", "latin1", "ascii", "us-ascii"}
_WRAPPED = re.compile(r"\s*\n\s*")
_HEADING = re.compile(r"h([1-6])")


def parse_html(source: Source) -> Parsed:
    """Read a page as plain text by blocks; chrome is kept in the text and marked to be dropped.

    Raises:
        UnreadableFileError: not a text.
    """
    from bs4 import BeautifulSoup

    out = Rendering("html")
    html = page_text(source)
    soup = BeautifulSoup(html, "lxml")
    lang = str(soup.html.get("lang") or "") if soup.html else ""
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    out.metadata = metadata.from_keys({"title": title, "lang": lang}, source.path)
    if said := _PROVENANCE.match(html.lstrip()[:2000]):
        provenance = metadata.from_comment(said[1], f"{source.path}:1")
        out.metadata = provenance.over(out.metadata) if provenance else out.metadata
    for question, answer, meta in _embedded(soup):
        out.entry(question, to_text(answer), meta)
    seen = {_key(out_text) for out_text in _entry_texts(out)}
    _Walk(out, seen).run(soup.body or soup)
    return out.done()


def to_text(html: str) -> str:
    """Return the plain text of an HTML fragment, a line a block (plain text comes back as it is)."""
    if "<" not in html and "&" not in html:
        return html
    from bs4 import BeautifulSoup

    out = Rendering("html")
    _Walk(out, set()).run(BeautifulSoup(html, "lxml"))
    parsed = out.done()
    return "\n".join(parsed.text[b.start : b.end] for b in parsed.blocks if not b.drop)


def page_text(source: Source, charset: str = "") -> str:
    """Return a page's HTML. A byte order mark outweighs ``charset`` (from HTTP), that the page's own word.

    Raises:
        UnreadableFileError: not a text.
    """
    declared = _CHARSET.search(source.data[:4096])
    names = [charset, declared[1].decode("ascii") if declared else ""]
    marked = source.data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for name in () if marked else names:
        try:
            if name and not name.lower().startswith("utf"):
                return source.data.decode("cp1252" if name.lower() in _LATIN else name)
        except (LookupError, UnicodeDecodeError):
            continue  # the page lies about its encoding
    return decode(source.data, source.path).text


def _embedded(soup: Any) -> Iterable[tuple[str, str, Any]]:
    for script in soup.find_all("script", type=re.compile(r"ld\+json")):
        try:
            data = json.loads(script.string or "")
        except (ValueError, RecursionError):
            continue  # broken data in a page is its author's affair; its visible text remains
        yield from faq_entries(data)


def _entry_texts(out: Rendering) -> Iterable[str]:
    text = out.done().text
    for block in out.blocks:
        yield block.title
        yield text[block.start : block.end]
        yield from text[block.start : block.end].split("\n")


def _key(text: str) -> str:
    return metadata.fold(text)


class _Walk:
    """Reads a tree in order without recursion (pages nest deeper than Python's stack allows)."""

    def __init__(self, out: Rendering, seen: set[str]) -> None:
        self.out = out
        self.seen = seen
        self.inline: list[str] = []

    def run(self, root: Any) -> None:
        # A pair is a node to enter; a lone callable ends one.
        stack: list[tuple[Any, str]] = [(root, "")]
        while stack:
            node, drop = stack.pop()
            if node is None:
                self.flush(drop)
            elif isinstance(node, str):
                if type(node).__name__ == "NavigableString":
                    self.inline.append(_WRAPPED.sub(" ", node))
            elif node.name not in _NEVER_SEEN and not _unseen(node):
                self.enter(node, drop, stack)

    def enter(self, node: Any, drop: str, stack: list[tuple[Any, str]]) -> None:
        drop = drop or _chrome(node)
        if node.name == "br":
            self.inline.append("\n")
        elif node.name in ("details", "dl") and self.pairs(node, drop):
            return
        elif (level := _HEADING.fullmatch(node.name or "")) and not drop:
            self.flush("")
            self.out.heading(_flat(node), int(level[1]))
        elif node.name in ("tr", "pre"):
            self.flush(drop)
            self.inline.append(_row(node) if node.name == "tr" else node.get_text())
            self.flush(drop)
        elif node.name in _BLOCKS or node.name == "[document]":
            self.flush(drop)
            stack.append((None, drop))
            stack.extend((child, drop) for child in reversed(list(node.children)))
        else:
            stack.extend((child, drop) for child in reversed(list(node.children)))

    def pairs(self, node: Any, drop: str) -> bool:
        """Read ``<details>`` and ``<dl>`` as entries where they hold questions."""
        found = list(_questions(node))
        if drop or not found:
            return False
        self.flush(drop)
        for question, answer in found:
            if _key(answer) not in self.seen and _key(question) not in self.seen:
                self.out.entry(question, answer)
        return True

    def flush(self, drop: str) -> None:
        text = re.sub(r"[ \t\r\f]+", " ", "".join(self.inline)).strip()
        self.inline = []
        if text:
            repeated = "repeated" if _key(text) in self.seen else ""
            self.out.paragraph(text, drop=drop or repeated)


def _questions(node: Any) -> Iterable[tuple[str, str]]:
    if node.name == "details":
        summary = node.find("summary", recursive=False)
        if summary is not None:
            question = _flat(summary)
            rest = "".join(str(child) for child in node.children if child is not summary)
            yield question, to_text(rest)
        return
    question = ""
    for child in node.find_all(["dt", "dd"]):
        if child.name == "dt":
            question = _flat(child)
        elif question:
            yield question, to_text("".join(map(str, child.children)))


def _flat(node: Any) -> str:
    """Return an element's text on one line."""
    pieces = (" " if getattr(n, "name", None) == "br" else n for n in node.descendants)
    return " ".join("".join(p for p in pieces if isinstance(p, str)).split())


def _row(node: Any) -> str:
    cells = [_flat(cell) for cell in node.find_all(["td", "th"], recursive=False)]
    return " | ".join(cell for cell in cells if cell)


def _unseen(node: Any) -> bool:
    style = str(node.get("style") or "").replace(" ", "")
    return node.has_attr("hidden") or "display:none" in style or "visibility:hidden" in style


def _chrome(node: Any) -> str:
    """Return why an element is not content, or an empty string."""
    if node.name in _CHROME:
        return _CHROME[node.name]
    if node.name == "header" and node.find_parent(["article", "main"]) is None:
        return "" if node.find("h1") else "navigation"
    if (role := str(node.get("role") or "")) in _ROLES:
        return _ROLES[role]
    if node.name in ("body", "html", "main", "article"):
        return ""
    names = " ".join([str(node.get("id") or ""), *(node.get("class") or [])]).lower()
    return next(
        (reason for reason, pattern in element_names() if names.strip() and pattern.search(names)), ""
    )
