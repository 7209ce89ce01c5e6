"""Hands Scrapy the pages that wait in the frontier, host by host in turn; nothing of it is pickled."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

from scrapy import Request as ScrapyRequest

from tengjia.crawling.frontier import Frontier, Request
from tengjia.crawling.section import Crawl


class FrontierScheduler:
    """Scrapy's scheduler, on the frontier of the crawl."""

    def __init__(self) -> None:
        self._last: dict[str, int] = {}
        self._hosts: deque[str] = deque()
        self._under_way: Counter[str] = Counter()
        self._again: deque[ScrapyRequest] = deque()
        self._waiting = 0
        self._given_up: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any) -> FrontierScheduler:
        """As Scrapy makes it."""
        return cls()

    def open(self, spider: Any) -> None:
        """Look how far the crawl is."""
        self._spider = spider
        spider.scheduler = self
        self._frontier: Frontier = spider.frontier
        config: Crawl.Config = spider.rules.config
        self._concurrency, self._most = config.concurrency, config.max_pages
        self._until = time.monotonic() + config.max_seconds
        self._asked = self._frontier.counts()["asked"]
        self.expect(self._frontier.hosts())

    def close(self, reason: str) -> None:
        """Nothing is to be saved: the frontier is on the disk."""

    def expect(self, hosts: Iterable[str]) -> None:
        """Pages of these hosts may wait."""
        for host in hosts:
            if host not in self._last:
                self._last[host] = 0
                self._hosts.append(host)

    def give_up(self, host: str) -> None:
        """Leave a host alone for the rest of this crawl."""
        self._given_up.add(host)
        if host in self._hosts:
            self._hosts.remove(host)

    @property
    def given_up(self) -> list[str]:
        """Hosts that are left alone."""
        return sorted(self._given_up)

    def later(self) -> None:
        """Expect a request that was put off."""
        self._waiting += 1

    def enqueue_request(self, request: ScrapyRequest) -> bool:
        """Take a request that was put off."""
        self._waiting -= 1
        self._again.append(request)
        return True

    def done(self, request: Request, *, asked: bool) -> None:
        """A request is answered and written down."""
        self._under_way[request.host] -= 1
        self._asked += asked

    def has_pending_requests(self) -> bool:
        """Whether something is still to be asked for."""
        return bool(self._again or self._waiting or (self._may_go_on() and self._next() is not None))

    def next_request(self) -> ScrapyRequest | None:
        """The next request, if one may be sent now."""
        if self._again:
            return self._again.popleft()
        if not self._may_go_on():
            return None
        found = self._next()
        if found is None:
            return None
        self._last[found.host] = found.id
        self._under_way[found.host] += 1
        while self._hosts[0] != found.host:
            self._hosts.rotate(-1)
        self._hosts.rotate(-1)
        made: ScrapyRequest = self._spider.request(found)
        return made

    @property
    def limit(self) -> str:
        """The limit that lets no page be asked for any more, if one does."""
        if time.monotonic() > self._until:
            return "max_seconds"
        return "max_pages" if self._asked >= self._most else ""

    def _may_go_on(self) -> bool:
        return not self.limit and self._asked + self._under_way.total() < self._most

    def _next(self) -> Request | None:
        for host in self._hosts:
            if self._under_way[host] < self._concurrency:
                found = self._frontier.next_of(host, self._last[host])
                if found is not None:
                    return found
        return None
