"""Which machines an import may talk to: public ones, and the networks that were allowed by name.

A web address that a person pastes can name the router, a cloud's metadata service or this very machine,
directly, through a redirect or through a name that resolves there. So every connection goes to an
address that was resolved and checked first, never to a name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from copilot.errors import InputError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# NAT64 carries an IPv4 address that its own family's rules don't see.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def checked_url(url: str) -> SplitResult:
    """Return the parts of a web address.

    Raises:
        InputError: not ``http`` or ``https``, without a host, or with a password in it.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise InputError("ingest.url_form", url=url[:200]) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or port == 0:
        raise InputError("ingest.url_form", url=url[:200])
    return parts


def resolve(host: str, port: int, networks: Sequence[str] = ()) -> str:
    """Return an address of the host that may be talked to.

    Args:
        networks: private networks that are allowed all the same, such as ``10.1.0.0/16``.

    Raises:
        InputError: the host is unknown, or one of its addresses is private: a name that has both is a
            trick, and which of the two a later look-up would give is anybody's guess.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError("ingest.url_unknown_host", host=host) from error
    allowed = [ipaddress.ip_network(network) for network in networks]
    found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    for address in found:
        named = any(address.version == n.version and address in n for n in allowed)
        if not (named or is_public(address)):
            raise InputError("ingest.url_private", host=host)
    return str(found[0])


def is_public(address: Address) -> bool:
    """Tell whether an address is of the public internet, seen through the ways IPv6 carries IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo or (inner and not is_public(inner)):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved
