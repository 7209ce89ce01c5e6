"""The process in which Scrapy runs: a reactor runs once in the life of a process, a crawl may run many times.

It hears `stop` from its parent, or the end of the pipe when the parent is gone; requests that are under way are then
waited for, and all others stay in the frontier.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import os
import signal
import sqlite3
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from tengjia.crawling.frontier import Frontier, Request
from tengjia.crawling.rules import Rules
from tengjia.crawling.section import Crawl
from tengjia.errors import EnvironmentFault, TengjiaError

GRACE: Final = 15.0
"""Seconds that requests under way are waited for when a stop was asked for."""
REACTOR: Final = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
TOGETHER: Final = 32
"""Requests under way to all hosts."""


def work(connection: Connection, config: Crawl.Config, folder: Path) -> None:
    """Crawl until nothing is left, a limit is reached, or a stop is asked for.

    Args:
        connection: Takes `("told", counts)`, and at last `("done", about)` or `("failed", error)`; gives `"stop"`.
        config: The section.
        folder: Of the frontier.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent answers them, and tells
    for name in ("scrapy", "trafilatura"):  # what happens to a page is written down by the spider
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        frontier = Frontier(folder, max_depth=config.max_depth, max_per_pattern=config.max_per_pattern)
        Crawling(connection, Rules(config), frontier).run()
    except TengjiaError as error:
        connection.send(("failed", error))
    except Exception:
        connection.send(("bug", traceback.format_exc()))


class Crawling:
    """One crawl in this process."""

    def __init__(self, connection: Connection, rules: Rules, frontier: Frontier) -> None:
        self._connection, self._rules, self._frontier = connection, rules, frontier
        self._told = 0.0
        self._failure: tuple[str, Any] | None = None
        self._end: asyncio.Future[None] | None = None
        self._opened = False
        self._at_servers: set[int] = set()
        """Pages that are being asked for, until what came of them is written down."""

    def run(self) -> None:
        """Run to the end."""
        from scrapy import signals
        from scrapy.crawler import AsyncCrawlerRunner
        from scrapy.utils.reactor import install_reactor

        install_reactor(REACTOR)
        from tengjia.crawling.resolver import GuardedResolver
        from tengjia.crawling.spider import PageSpider

        config = self._rules.config
        self._reactor: Any = importlib.import_module("twisted.internet.reactor")  # not before it is installed
        resolver = GuardedResolver(self._reactor, config.private_hosts, config.timeout)
        resolver.install_on_reactor()
        runner = AsyncCrawlerRunner(scrapy_settings(config))
        self._crawler: Any = runner.create_crawler(PageSpider)
        self._crawler.signals.connect(self._failed, signal=signals.spider_error)
        self._crawler.signals.connect(self._begun, signal=signals.spider_opened)
        self._crawler.signals.connect(self._reached, signal=signals.request_reached_downloader)
        task = runner.crawl(
            self._crawler, rules=self._rules, frontier=self._frontier, refused=resolver.refused, tell=self._settled
        )
        task.add_done_callback(lambda _: self._reactor.stop())
        threading.Thread(target=self._listen, daemon=True).start()
        self._reactor.run(installSignalHandlers=False)
        task.result()
        self._leave()

    def _begun(self, **_: Any) -> None:
        self._opened = True

    def _listen(self) -> None:
        """Wait for a word from the parent, in a thread."""
        with contextlib.suppress(EOFError, OSError):  # the parent is gone: that means the same
            self._connection.recv()
        self._reactor.callFromThread(self._stop_soon)

    def _reached(self, request: Any, **_: Any) -> None:
        if "page" in request.meta:
            self._at_servers.add(request.meta["page"].id)

    def _settled(self, page: Request) -> None:
        self._at_servers.discard(page.id)
        now = time.monotonic()
        if now > self._told:
            self._send(("told", self._frontier.counts()))
            self._told = time.monotonic() + max(0.2, 20 * (time.monotonic() - now))  # counting takes 5% at most

    def _send(self, words: tuple[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the parent is gone, and `_listen` knows
            self._connection.send(words)

    def _failed(self, failure: Any, **_: Any) -> None:
        """The spider could not write down an answer, or has a mistake: nothing can be done with further pages."""
        error = failure.value
        if isinstance(error, OSError | sqlite3.Error):
            error = EnvironmentFault("crawling.not_written", file=self._frontier.file, reason=str(error))
        known = isinstance(error, TengjiaError)
        self._failure = ("failed", error) if known else ("bug", failure.getTraceback())
        self._stop_soon()

    def _stop_soon(self) -> None:
        self._end = self._end or asyncio.ensure_future(self._stop())

    async def _stop(self) -> None:
        """Ask for nothing more, wait for what is under way, and end this process."""
        while not self._opened:
            await asyncio.sleep(0.05)
        engine = self._crawler.engine
        engine.pause()
        until = time.monotonic() + GRACE
        while time.monotonic() < until:
            for slot in engine.downloader.slots.values():
                self._at_servers -= {request.meta["page"].id for request, _ in slot.queue if "page" in request.meta}
                slot.queue.clear()  # what waits for its turn stays in the frontier
            if not self._at_servers:
                break
            await asyncio.sleep(0.05)
        self._leave()
        os._exit(0)  # Scrapy would wait for the delays of all hosts

    def _leave(self) -> None:
        scheduler = self._crawler.spider.scheduler
        about = {"limit": scheduler.limit, "given_up": scheduler.given_up}
        self._frontier.close()
        self._send(self._failure or ("done", about))
        self._connection.close()


def scrapy_settings(config: Crawl.Config) -> dict[str, Any]:
    """Scrapy's settings: what is not needed is off (telnet, remote control, statistics), certificates are verified."""
    from scrapy.downloadermiddlewares.defaultheaders import DefaultHeadersMiddleware
    from scrapy.downloadermiddlewares.downloadtimeout import DownloadTimeoutMiddleware
    from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
    from scrapy.downloadermiddlewares.useragent import UserAgentMiddleware

    from tengjia.crawling.robots import RobotsMiddleware
    from tengjia.crawling.scheduler import FrontierScheduler

    return {
        "SCHEDULER": FrontierScheduler,
        "DOWNLOADER_MIDDLEWARES_BASE": {
            RobotsMiddleware: 100,
            DownloadTimeoutMiddleware: 350,
            DefaultHeadersMiddleware: 400,
            UserAgentMiddleware: 500,
            HttpCompressionMiddleware: 590,
        },
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "LOG_ENABLED": False,
        "TWISTED_REACTOR": REACTOR,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS_BASE": {
            "http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
            "https": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler",
        },
        "USER_AGENT": config.user_agent,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"},
        "DOWNLOAD_DELAY": config.delay,
        "CONCURRENT_REQUESTS": TOGETHER,
        "CONCURRENT_REQUESTS_PER_DOMAIN": config.concurrency,
        "DOWNLOAD_TIMEOUT": config.timeout,
        "DOWNLOAD_MAXSIZE": config.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
    }
