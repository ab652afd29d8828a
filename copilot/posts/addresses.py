"""The link of a post, with the UTM parameters by which its visits are counted."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from copilot.errors import InputError


def tracked(link: str, *, source: str, medium: str, campaign: str, content: str = "") -> str:
    """Return a link with UTM parameters; those it already carries stay as they are.

    Args:
        link: an address; ``https://`` is put in front where it has no scheme.
        source: the network.
        medium: ``social``, ``email``…
        campaign: its name, written as a slug.
        content: which text of the campaign.

    Raises:
        InputError: this is no web address.
    """
    if not link.strip():
        return ""
    whole = link.strip() if "://" in link else f"https://{link.strip()}"
    try:
        parts = urlsplit(whole)
    except ValueError as error:
        raise InputError("posts.link", link=link) from error
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or re.search(r"\s", whole):
        raise InputError("posts.link", link=link)
    query = parse_qsl(parts.query, keep_blank_values=True)
    present = {name for name, _ in query}
    wanted = {"source": source, "medium": medium, "campaign": slug(campaign), "content": content}
    query += [
        (f"utm_{name}", value) for name, value in wanted.items() if value and f"utm_{name}" not in present
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))


def slug(text: str) -> str:
    """Return a name as it stands in an address: ``Été à vélo 2026`` becomes ``ete-a-velo-2026``."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
