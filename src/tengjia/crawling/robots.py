"""robots.txt, as RFC 9309 wants it: 4xx allows everything, what cannot be had forbids everything; `Crawl-delay` counts.

A redirect of robots.txt is followed to hosts that may be entered, five times at most.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from protego import Protego
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, TextResponse
from scrapy.http.request import NO_CALLBACK

from tengjia.crawling.addresses import BadAddress, joined

if TYPE_CHECKING:
    from tengjia.crawling.rules import Rules

MOST_REDIRECTS: Final = 5
LARGEST: Final = 512 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5, wants at least 500 KiB)."""
LONGEST_DELAY: Final = 300.0
"""Seconds of `Crawl-delay` that are kept; a longer one forbids the host."""


class Forbidden(IgnoreRequest):
    """A page that is not asked for; its text is the reason."""


class RobotsMiddleware:
    """Asks each host for its robots.txt once, and keeps pages that it forbids from being asked for."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._rules: Rules = crawler.spider.rules
        self._agent = self._rules.config.user_agent
        self._known: dict[str, asyncio.Future[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Any) -> RobotsMiddleware:
        """As Scrapy makes it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request through, or not.

        Raises:
            Forbidden: By robots.txt, or because that cannot be had.
        """
        if request.meta.get("robots"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._known:
            self._known[origin] = asyncio.get_running_loop().create_future()
            self._known[origin].set_result(await self._read(origin))
        rules = await self._known[origin]
        if rules is None:
            raise Forbidden("robots.txt cannot be had")
        if not rules.can_fetch(request.url, self._agent):
            raise Forbidden("robots.txt")

    async def _read(self, origin: str) -> Protego | None:
        url = f"{origin}/robots.txt"
        for _ in range(MOST_REDIRECTS + 1):
            try:
                asked = Request(url, meta={"robots": True}, callback=NO_CALLBACK, dont_filter=True)
                response = await self._crawler.engine.download_async(asked)
            except Exception:
                return None  # whatever kept it from coming: the host is not entered, and each page says so
            if response.status in (301, 302, 303, 307, 308) and response.headers.get("Location"):
                try:
                    url = joined(url, response.headers["Location"].decode("latin-1"))
                except BadAddress:
                    return None
                if self._rules.refusal(url) is not None:
                    return None
                continue
            return self._understood(origin, response)
        return Protego.parse("")  # RFC 9309, section 2.3.1.2: too many redirects count as none

    def _understood(self, origin: str, response: Any) -> Protego | None:
        if response.status >= 500 or response.status == 429:
            return None
        text = response.body[:LARGEST].decode("utf-8", "replace") if response.status == 200 else ""
        rules = Protego.parse(text if isinstance(response, TextResponse) or "\0" not in text else "")
        delay = rules.crawl_delay(self._agent)
        if delay is not None and not (math.isfinite(delay) and delay <= LONGEST_DELAY):
            return None
        self._slow_down(urlsplit(origin).hostname or "", delay or 0.0)
        return rules

    def _slow_down(self, host: str, delay: float) -> None:
        downloader = self._crawler.engine.downloader
        if delay > self._rules.config.delay:
            downloader.per_slot_settings[host] = {"delay": delay}
            if host in downloader.slots:
                downloader.slots[host].delay = delay
