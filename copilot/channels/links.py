"""Links as X sees them, with and without a scheme.

The patterns follow twitter-text 3 (Apache-2.0), whose conformance suite is the definition of what X turns
into a link and counts as 23 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from copilot.records import Span

_LATIN = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272"
    r"\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF"
)
LATIN_LETTERS = _LATIN
_CYRILLIC = r"\u0400-\u04FF"
_SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
SPACES = _SPACES
PUNCTUATION = r"\!'#%&'\(\)*\+,\\\-\.\/:;<=>\?@\[\]\^_{|}~\$"
_INVALID = r"\uFFFE\uFEFF\uFFFF"
_DIRECTION = r"\u202A-\u202E\u061C\u200E\u200F\u2066\u2067\u2068\u2069"
_MAX_LENGTH = 4096
# A longer run without a space holds no countable link and would cost quadratic time.
_MAX_RUN = 5000
_MAX_SHORT_LINK = 40
_MAX_LABELS = 20

_RUN = re.compile(rf"[^{_SPACES}]+")
_DOMAIN_DOT = re.compile(r"[^.]\.[^\d.,;:!?/]")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a link, of its ASCII domains and of X's own short links."""
    endings = _endings()
    sign = rf"[^{PUNCTUATION}{_SPACES}{_INVALID}{_DIRECTION}]"
    domain = (
        rf"(?:(?:(?:{sign}(?:[_-]|{sign})*)?{sign}\.){{0,{_MAX_LABELS}}}"
        rf"(?:(?:{sign}(?:-|{sign})*)?{sign}\.){endings})"
    )
    path_sign = rf"[a-z{_CYRILLIC}0-9!\*';:=\+,\.\$\/%#\[\]\-\u2013_~@\|&{_LATIN}]"
    parens = rf"\((?:{path_sign}+|(?:{path_sign}*\({path_sign}+\){path_sign}*))\)"
    path_end = rf"(?:[\+\-a-z{_CYRILLIC}0-9=_#\/{_LATIN}]|(?:{parens}))"
    path = rf"(?:(?:{path_sign}*(?:{parens}{path_sign}*)*{path_end})|(?:@{path_sign}+/))"
    query = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
    before = rf"(?:[^A-Za-z0-9@＠$#＃{_INVALID}]|[{_DIRECTION}]|^)"
    link = re.compile(
        rf"(?P<before>{before})(?P<url>(?P<scheme>https?:\/\/)?(?P<domain>{domain})(?::[0-9]+)?"
        rf"(?P<path>\/{path}*)?(?:{query})?)",
        re.IGNORECASE,
    )
    ascii_domain = re.compile(rf"(?:(?:[\-a-z0-9{_LATIN}]+)\.)+{endings}", re.IGNORECASE)
    short = re.compile(rf"^https?:\/\/t\.co\/([a-z0-9]+)(?:{query})?", re.IGNORECASE)
    return link, ascii_domain, short


@cache
def _domains() -> tuple[list[str], list[str]]:
    import yaml

    data = yaml.safe_load((resources.files("copilot.channels") / "domains.yml").read_text(encoding="utf-8"))
    return data["generic"].split(), data["country"].split()


@cache
def top_level() -> frozenset[str]:
    """Return the known top-level domains, in lower case."""
    generic, country = _domains()
    return frozenset((*generic, *country))


def _endings() -> str:
    return rf"(?:{_any_of(top_level())}(?=[^0-9a-zA-Z@+-]|$)|xn--[\-0-9a-z]+)"


def _any_of(names: Iterable[str]) -> str:
    """Return a pattern of all names, the longest first, that looks at each character once (a trie)."""
    rests: dict[str, list[str]] = {}
    for name in names:
        rests.setdefault(name[:1], []).append(name[1:])
    ends = rests.pop("", [])
    inner = "|".join(re.escape(first) + _any_of(rest) for first, rest in sorted(rests.items()))
    return f"(?:{inner}){'?' if ends else ''}" if inner else ""


def links(text: str, *, bare: bool = True) -> list[Span]:
    """Return the spans of the links of a text.

    Args:
        text: any text.
        bare: take domains without a scheme (``exemple.fr/boutique``) too.
    """
    spans: list[Span] = []
    for run in _RUN.finditer(text):
        if run.end() - run.start() <= _MAX_RUN and _DOMAIN_DOT.search(run[0]):
            # The character before the run is a space, which may precede a link.
            spans.extend(_within(text, run.start(), run.end(), bare))
    return spans


def _within(text: str, start: int, end: int, bare: bool) -> Iterator[Span]:
    link, ascii_domain, short = _patterns()
    for found in link.finditer(text[start:end]):
        scheme, domain = found["scheme"], found["domain"]
        if not _encodable(found["url"], scheme or "https://", domain):
            continue
        at = start + found.start("url")
        if scheme:
            stop = _short_end(short, found["url"])
            if stop is not None:
                yield Span(at, at + (stop or len(found["url"])))
        elif bare and found["before"] not in ("-", "_", ".", "/"):
            spans = [Span(at + d.start(), at + d.end()) for d in ascii_domain.finditer(domain)]
            if spans and found["path"]:
                spans[-1] = Span(spans[-1].start, start + found.end("url"))
            yield from spans


def _short_end(short: re.Pattern[str], url: str) -> int | None:
    """Return where a t.co link ends, 0 for any other link, None when its name is too long to be one."""
    found = short.match(url)
    if found is None:
        return 0
    return None if len(found[1]) > _MAX_SHORT_LINK else found.end()


def _encodable(url: str, scheme: str, domain: str) -> bool:
    try:
        encoded = domain.encode("idna")
    except UnicodeError:
        return False
    return len(scheme) + len(url) + len(encoded) - len(domain) <= _MAX_LENGTH


@cache
def _address() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of an address's five parts, its host, its path and its query (RFC 3986)."""
    letter, joined = r"(?:[a-z0-9]|[^\x00-\x7f])", r"(?:[a-z0-9-]|[^\x00-\x7f])"
    label = rf"(?:{letter}(?:{joined}*{letter})?)"
    below = rf"(?:{letter}(?:(?:_|{joined})*{letter})?)"
    ending = rf"(?:(?:[a-z]|[^\x00-\x7f])(?:{joined}*{letter})?)"
    octet = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
    host = rf"(?:{octet}(?:\.{octet}){{3}}|\[[a-f0-9:.]+\]|(?:{below}\.)*{label}\.{ending})"
    sign = rf"[a-z{_CYRILLIC}0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{{2}}"
    return (
        re.compile(r"(?:([^:/?#]+)://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?"),
        re.compile(rf"(?:(?:{sign})*@)?{host}(?::[0-9]{{1,5}})?", re.IGNORECASE),
        re.compile(rf"(?:/(?:{sign}|[|@])*)*", re.IGNORECASE),
        re.compile(rf"(?:{sign}|[|@/?])*", re.IGNORECASE),
    )


def is_url(text: str, *, bare: bool = False) -> bool:
    """Return whether a whole text is one web address.

    Args:
        text: the text.
        bare: accept an address without ``https://`` too.
    """
    parts, host, path, query = _address()
    found = parts.fullmatch(text)
    if found is None or (not bare and found[1] is None):
        return False
    if found[1] is not None and found[1].lower() not in ("http", "https"):
        return False
    return bool(
        host.fullmatch(found[2])
        and path.fullmatch(found[3])
        and query.fullmatch(found[4] or "")
        and query.fullmatch(found[5] or "")
    )
