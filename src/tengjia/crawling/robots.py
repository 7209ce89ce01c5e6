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
from scrapy.http import Request
from scrapy.http.request import NO_CALLBACK

from tengjia.crawling.addresses import joined

if TYPE_CHECKING:
    from tengjia.crawling.rules import Rules

MOST_REDIRECTS: Final = 5
REDIRECTS: Final = (301, 302, 303, 307, 308)
LARGEST: Final = 512 * 1024
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5, wants at least 500 KiB)."""
LONGEST_DELAY: Final = 300.0
"""Seconds of `Crawl-delay` that are kept; a longer one forbids the host."""


class Forbidden(IgnoreRequest):
    """A page that is not asked for; its text is the reason."""


class RobotsMiddleware:
    """Asks each host for its robots.txt once, and keeps pages that it forbids from being asked for.

    The last gate before the network: hosts that may not be entered are refused here whatever brought a request up.
    """

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
            Forbidden: By robots.txt, because that cannot be had, or because the host may not be entered.
        """
        if (reason := self._rules.refusal(request.url)) is not None:
            raise Forbidden(reason)
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
        """The rules of a host; `None` when they cannot be had, however often they are asked for."""
        config = self._rules.config
        for attempt in range(config.retries + 1):
            if attempt:
                await asyncio.sleep(min(config.delay * 2**attempt, LONGEST_DELAY))
            found = await self._asked(origin)
            if found is not None:
                return found
        return None

    async def _asked(self, origin: str) -> Protego | None:
        try:
            response = await self._followed(f"{origin}/robots.txt")
            return None if response is None else self._understood(origin, response)
        except Exception:
            return None  # whatever kept it from coming or making sense: the host is not entered, each page says so

    async def _followed(self, url: str) -> Any:
        """The response at the end of at most five redirects; `None` if they lead where nothing is asked."""
        for _ in range(MOST_REDIRECTS + 1):
            asked = Request(url, meta={"robots": True}, callback=NO_CALLBACK, dont_filter=True)
            response = await self._crawler.engine.download_async(asked)
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location:
                return response
            url = joined(url, location.decode("latin-1"))
            if self._rules.refusal(url) is not None:
                return None
        return None

    def _understood(self, origin: str, response: Any) -> Protego | None:
        if response.status >= 500 or response.status == 429:
            return None
        rules = Protego.parse(response.body[:LARGEST].decode("utf-8", "replace") if response.status == 200 else "")
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
