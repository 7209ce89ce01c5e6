"""Addresses: when two mean the same page, which hosts may be entered, and which are private."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

SCHEMES = ("http", "https")
LONGEST = 2000
"""Characters of an address; a longer one is a trap."""
_PORTS = {"http": 80, "https": 443}
_SAFE = "/%:=&?~+!$,;'@()*[]#|"


class BadAddress(ValueError):
    """No address of a page."""


def joined(base: str, link: str) -> str:
    """The address that a link means on a page, without its fragment; spaces and other letters are quoted.

    Raises:
        BadAddress: It leads to no page.
    """
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        host, port = parts.hostname, parts.port
        if parts.scheme not in SCHEMES or not host or parts.username is not None or parts.password is not None:
            raise BadAddress(link)
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
        shown = f"[{host}]" if ":" in host else host
        place = shown if port in (None, _PORTS[parts.scheme]) else f"{shown}:{port}"
        path, query = (quote(part, safe=_SAFE) for part in (parts.path, parts.query))
    except ValueError as error:  # of encodings too
        raise BadAddress(link) from error
    url = urlunsplit((parts.scheme, place, path or "/", query, ""))
    if len(url) > LONGEST or re.search(r"[\x00-\x20\x7f]", url):
        raise BadAddress(link)
    return url


def canonical(url: str, ignored: Iterable[str] = ()) -> str:
    """The address under which a page is known: parameters sorted, those that change nothing left out."""
    parts = urlsplit(url)
    if not parts.query:
        return url
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_ignored(pair[0], ignored)]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(sorted(kept)), ""))


def _is_ignored(name: str, ignored: Iterable[str]) -> bool:
    name = name.lower()
    return any(name.startswith(one[:-1].lower()) if one.endswith("*") else name == one.lower() for one in ignored)


def place_of(url: str) -> tuple[str, int]:
    """Host and port of an address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or _PORTS[parts.scheme]


def named(url: str, hosts: Iterable[str], *, subdomains: bool = False) -> bool:
    """Whether the place of an address is among `host` and `host:port`."""
    host, port = place_of(url)
    for one in hosts:
        wanted, wanted_port = host_and_port(one)
        if wanted_port not in (None, port):
            continue
        if host == wanted or (subdomains and host.endswith(f".{wanted}") and as_address(wanted) is None):
            return True
    return False


@lru_cache(maxsize=1024)
def host_and_port(text: str) -> tuple[str, int | None]:
    """The parts of `host` or `host:port`.

    Raises:
        BadAddress: It is neither.
    """
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError as error:
        raise BadAddress(text) from error
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username is not None:
        raise BadAddress(text)
    if not re.fullmatch(r"[\w.:-]+", parts.hostname):
        raise BadAddress(text)
    return parts.hostname.lower(), port


def as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, if it is one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_private(address: str) -> bool:
    """Whether an IP address is not one of the public internet."""
    found = as_address(address)
    if found is None:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return not found.is_global or found.is_multicast
