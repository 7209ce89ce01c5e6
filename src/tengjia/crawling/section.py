"""The config section `crawl`: which pages are asked for, what is taken from them, and how politely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits
from tengjia.config.secret import Secret


class Crawl:
    """What the stage `crawl` does."""

    limits: ClassVar[Limits] = {
        "delay": (0.0, None),
        "concurrency": (1, 16),
        "max_pages": (1, None),
        "max_depth": (0, None),
        "max_per_pattern": (1, None),
        "max_bytes": (1000, 100_000_000),
        "max_seconds": (1.0, None),
        "max_blocked": (1, None),
        "timeout": (0.1, 600.0),
        "retries": (0, 10),
    }

    @dataclass(frozen=True)
    class Config:
        start_urls: tuple[str, ...]
        """Pages to begin with: `http` or `https`."""

        user_agent: str
        """How the crawler introduces itself; it names a contact, an address of mail or a page: `Name/1.0 (+URL)`."""

        items: dict[str, dict[str, str | dict[str, str]]]
        """Kind of item -> `pattern` of its addresses, and perhaps selectors: `title`, `text`, `pairs`, `fields`."""

        follow: tuple[str, ...] = ()
        """Regular expressions: a link is followed if its address holds one of them, or the pattern of an item."""

        deny: tuple[str, ...] = ()
        """Regular expressions: a link in whose address one is found is never followed."""

        allowed_domains: tuple[str, ...] = ()
        """Hosts that may be entered, with subdomains; `host:port` for one port; empty: those of the start pages."""

        private_hosts: tuple[str, ...] = ()
        """Hosts that may have a private address (this machine, an intranet): `host` or `host:port`; others may not."""

        ignored_parameters: tuple[str, ...] = ("utm_*", "sessionid", "phpsessid", "jsessionid", "sid", "spm", "gclid")
        """Parameters of addresses that do not change a page; `*` at the end for any ending."""

        output: str = "crawled"
        """Folder below `dataset_root` for items, the record of pages, and what is needed to go on."""

        resume: Literal["auto", "failed", "never"] = "auto"
        """auto: go on with an earlier crawl; failed: and ask blocked and broken pages once more; never: anew."""

        delay: float = 1.0
        """Seconds between two requests to a host, give or take half; a longer `Crawl-delay` of robots.txt counts."""

        concurrency: int = 1
        """Requests to a host that may be under way."""

        timeout: float = 30.0
        """Seconds for a page, from the request to its last byte."""

        retries: int = 2
        """How often a page is asked for again after an error that may pass."""

        max_pages: int = 10000
        """Pages that are asked for, in all."""

        max_depth: int = 200
        """Links from a start page to the farthest page."""

        max_per_pattern: int = 10000
        """Pages for one pattern of `follow` or `items`: a calendar has no end."""

        max_bytes: int = 5000000
        """Bytes of a page, unpacked."""

        max_seconds: float = 86400.0
        """Seconds after which the crawl stops; the same command goes on."""

        max_blocked: int = 20
        """Blocked pages in a row after which a host is left alone until the next crawl."""

        login: str = r"(?i)[/.](log-?in|sign-?in|passport|sso)\b"
        """Regular expression of addresses that ask for a login: what is redirected there counts as blocked."""

        cookie: Secret | None = None
        """Header `Cookie` for the hosts of the start pages; only from the environment: `${oc.env:NAME}`."""

        authorization: Secret | None = None
        """Header `Authorization` for the hosts of the start pages; only from the environment: `${oc.env:NAME}`."""

        serve: str | None = None
        """Folder below `dataset_root` that is served at the first start page meanwhile: a site on this machine."""
