"""Fetching public pages: within limits, with robots.txt respected, to checked addresses only."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from copilot.errors import InputError
from copilot.ingest.addresses import checked_url, resolve
from copilot.ingest.limits import MEGABYTE

if TYPE_CHECKING:
    from urllib.robotparser import RobotFileParser

AGENT = "porte-voix"


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Bytes and seconds of one page, redirects followed, pages of a sitemap, seconds between pages.

    ``networks`` are private networks (``10.1.0.0/16``) that may be read all the same.
    """

    page_bytes: int = 10 * MEGABYTE
    page_seconds: float = 30.0
    redirects: int = 5
    pages: int = 500
    pause: float = 0.5
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the address it was found at in the end, its media type and encoding, its bytes."""

    url: str
    media_type: str
    charset: str
    data: bytes


@dataclass(slots=True)
class Web:
    """Fetches pages of one site; remembers its robots.txt and keeps its pace."""

    limits: WebLimits = field(default_factory=WebLimits)
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _last: float = 0.0

    def get(self, url: str) -> Page:
        """Fetch a page.

        Raises:
            InputError: the address is no public web address, robots.txt forbids it, it leads to another
                site, or the site fails, is too slow or sends too much.
        """
        site = _site(url)
        for _ in range(self.limits.redirects + 1):
            self._ask_robots(url)
            self._keep_pace(url)
            answer = self._fetch(url)
            if isinstance(answer, Page):
                return answer
            url = urljoin(url, answer)
            if _site(url) != site:
                raise InputError("ingest.url_other_host", where=url[:200], host=urlsplit(url).hostname or "?")
        raise InputError("ingest.url_redirects", where=url[:200])

    def _fetch(self, url: str) -> Page | str:
        """Make one request; return the page, or where it redirects to."""
        import httpx

        parts = checked_url(url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = resolve(host, port, self.limits.networks)
        # The request goes to the address that was checked; the name is for the certificate and the
        # server alone. A proxy of the environment would resolve the name anew, so there is none.
        target = httpx.URL(url).copy_with(host=address, fragment=None)
        headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept-Encoding": "gzip, identity"}
        end = time.monotonic() + self.limits.page_seconds
        try:
            with (
                httpx.Client(trust_env=False, timeout=min(10.0, self.limits.page_seconds)) as client,
                client.stream("GET", target, headers=headers, extensions={"sni_hostname": host}) as response,
            ):
                if response.is_redirect:
                    return str(response.headers.get("location", ""))
                if response.status_code != 200:
                    raise InputError("ingest.url_status", where=url[:200], status=response.status_code)
                data = self._body(response.iter_bytes(65_536), url, end)
                return Page(url, _media_type(response), response.charset_encoding or "", data)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            reason = str(error)[:120] or type(error).__name__
            raise InputError("ingest.url_unreachable", where=url[:200], reason=reason) from error

    def _body(self, pieces: Iterable[bytes], url: str, end: float) -> bytes:
        data = bytearray()
        for piece in pieces:
            data += piece
            if len(data) > self.limits.page_bytes:
                limit = self.limits.page_bytes // MEGABYTE
                raise InputError("ingest.url_too_large", where=url[:200], limit=limit)
            if time.monotonic() > end:
                raise InputError("ingest.url_too_slow", where=url[:200])
        return bytes(data)

    def _ask_robots(self, url: str) -> None:
        parts = checked_url(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = self._load_robots(origin)
        if not self._robots[origin].can_fetch(AGENT, url):
            raise InputError("ingest.url_robots", where=url[:200])

    def _load_robots(self, origin: str) -> RobotFileParser:
        """Read robots.txt as RFC 9309 asks: none is consent, a failing server is not."""
        from urllib.robotparser import RobotFileParser

        rules = RobotFileParser()
        url = f"{origin}/robots.txt"
        try:
            for _ in range(self.limits.redirects + 1):
                answer = self._fetch(url)
                if isinstance(answer, Page):
                    rules.parse(answer.data.decode("utf-8", "replace").splitlines())
                    return rules
                url = urljoin(url, answer)
        except InputError as error:
            if 400 <= int(error.params.get("status", 0)) < 500:
                rules.parse([])
                return rules
            if error.key != "ingest.url_status":
                raise
        rules.parse(["User-agent: *", "Disallow: /"])
        return rules

    def _keep_pace(self, url: str) -> None:
        parts = urlsplit(url)
        asked = self._robots[f"{parts.scheme}://{parts.netloc}"].crawl_delay(AGENT)
        pause = max(self.limits.pause, min(float(asked or 0), 10.0))
        wait = self._last + pause - time.monotonic()
        if self._last and wait > 0:
            time.sleep(wait)
        self._last = time.monotonic()


def sitemap_urls(page: Page, limits: WebLimits) -> tuple[Sequence[str], bool] | None:
    """Return the addresses that a sitemap lists and whether they are sitemaps too; None for a page.

    Raises:
        InputError: it says it is a sitemap and can't be read.
    """
    data = page.data
    if data[:2] == b"\x1f\x8b":
        expander = zlib.decompressobj(wbits=31)
        data = expander.decompress(data, limits.page_bytes)
    head = data[:2000].lower()
    if b"<urlset" not in head and b"<sitemapindex" not in head:
        return None
    from lxml import etree

    # Neither entities nor the network: a sitemap is somebody else's file.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise InputError("ingest.sitemap_broken", where=page.url[:200]) from error
    places = [str(node.text).strip() for node in root.iter("{*}loc") if node.text]
    return list(dict.fromkeys(places)), etree.QName(root).localname == "sitemapindex"


def same_site(one: str, other: str) -> bool:
    """Tell whether two addresses are of the same site (``www.`` aside)."""
    return _site(one) == _site(other)


def _site(url: str) -> tuple[str, int | None]:
    parts = checked_url(url)
    port = parts.port if parts.port not in (80, 443) else None
    return (parts.hostname or "").lower().removeprefix("www."), port


def _media_type(response: Any) -> str:
    value = str(response.headers.get("content-type", ""))
    return value.partition(";")[0].strip().lower()
