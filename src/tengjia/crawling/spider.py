"""The spider: judges what comes back, and writes it down in the frontier. Every page ends in exactly one outcome."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from scrapy import Request as ScrapyRequest
from scrapy import Spider
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.utils.asyncio import call_later

from tengjia.crawling.addresses import BadAddress, joined, place_of
from tengjia.crawling.frontier import Answer, Frontier, Request
from tengjia.crawling.reading import Link, Unusable, read_page, refreshed_to
from tengjia.crawling.robots import Forbidden
from tengjia.crawling.rules import Rules
from tengjia.crawling.scheduler import FrontierScheduler

MOST_REDIRECTS: Final = 10
REDIRECTS: Final = (301, 302, 303, 307, 308)
REFUSALS: Final = (401, 402, 403, 407, 429, 451)
PASSING: Final = (408, 425, 429, 500, 502, 503, 504, 522, 524)
"""Statuses that may be others the next time."""
LONGEST_WAIT: Final = 300.0
"""Seconds of `Retry-After` that are waited."""
OF_REDIRECTS: Final = "(redirects)"
"""Stands for the pattern of what is followed because it was redirected to."""


class Passing(Exception):
    """An error that may pass; what it counts as if it does not.

    Args:
        answer: If it stays.
        wait: Seconds that the server asks to wait, 0 if it does not say.
    """

    def __init__(self, answer: Answer, wait: float = 0.0) -> None:
        super().__init__(answer.reason)
        self.answer, self.wait = answer, wait


class PageSpider(Spider):
    """Asks for what the frontier holds.

    Args:
        rules: What is wanted.
        frontier: What is asked for, and where answers go.
        refused: Names of hosts that led to a private address.
        tell: Called with each page once its answer is written down, or put off.
    """

    name = "tengjia"

    def __init__(
        self, rules: Rules, frontier: Frontier, refused: set[str], tell: Callable[[Request], None], **values: Any
    ) -> None:
        super().__init__(**values)
        self.rules, self.frontier = rules, frontier
        self._refused, self._tell = refused, tell
        self._blocked: Counter[str] = Counter()
        self.scheduler: FrontierScheduler

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the scheduler takes what waits from the frontier."""
        none: tuple[Any, ...] = ()
        for nothing in none:
            yield nothing

    def request(self, page: Request, tries: int = 0) -> ScrapyRequest:
        """The request for a page."""
        config, headers = self.rules.config, {}
        if self.rules.may_see_secrets(page.url):
            said = {"Cookie": config.cookie, "Authorization": config.authorization}
            headers = {name: str(value) for name, value in said.items() if value}
        return ScrapyRequest(
            page.url,
            headers=headers,
            meta={"page": page, "tries": tries},
            callback=self.answered,
            errback=self.failed,
            dont_filter=True,
        )

    async def answered(self, response: Response) -> None:
        """A server answered."""
        self._settle(response.meta, lambda page: self._judged(page, response))

    async def failed(self, failure: Any) -> None:
        """No answer came, or none that is read."""
        self._settle(failure.request.meta, lambda page: self._judged_failure(page, failure.value))

    def _settle(self, meta: dict[str, Any], judge: Callable[[Request], Answer]) -> None:
        page: Request = meta["page"]
        try:
            answer = judge(page)
        except Passing as error:
            if meta["tries"] < self.rules.config.retries:
                self._ask_later(page, meta["tries"] + 1, error.wait)
                self._tell(page)
                return
            answer = error.answer
        self.frontier.write_down(page, answer)
        self.scheduler.expect("{}:{}".format(*place_of(link.url)) for link in answer.links)
        self.scheduler.done(page, asked=answer.asked)
        self._count_blocked(page, answer)
        self._tell(page)

    def _ask_later(self, page: Request, tries: int, wait: float) -> None:
        engine = self.crawler.engine
        self.scheduler.later()
        wait = max(wait, self.rules.config.delay * 2**tries)
        call_later(min(wait, LONGEST_WAIT), engine.crawl, self.request(page, tries))

    def _count_blocked(self, page: Request, answer: Answer) -> None:
        if not answer.asked:
            return
        self._blocked[page.host] = (self._blocked[page.host] + 1) * (answer.outcome == "blocked")
        if self._blocked[page.host] >= self.rules.config.max_blocked:
            self.scheduler.give_up(page.host)

    def _judged(self, page: Request, response: Response) -> Answer:
        """What a response comes to.

        Raises:
            Passing: It may be another the next time.
        """
        status, size = response.status, len(response.body)
        if status in REDIRECTS and (location := response.headers.get("Location")):
            return self._redirected(page, response, location.decode("latin-1"))
        if status in REFUSALS or status >= 400:
            outcome = "blocked" if status in REFUSALS else "broken"
            answer = Answer(outcome, f"http {status}", status, size)
            if status in PASSING:
                raise Passing(answer, _seconds(response.headers.get("Retry-After")))
            return answer
        if status not in (200, 203):
            return Answer("broken", f"http {status}", status, size)
        if not isinstance(response, TextResponse):
            kind = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0][:60]
            return Answer("broken", f"no text: {kind or 'no type'}", status, size)
        markup = response.text
        if (target := refreshed_to(markup, response.url)) is not None:
            return self._redirected(page, response, target)
        return self._read(page, response, markup)

    def _read(self, page: Request, response: Response, markup: str) -> Answer:
        status, size = response.status, len(response.body)
        self.frontier.reading(page)
        try:
            found = read_page(page.url, markup, self.rules)
        except Unusable as error:
            return Answer(error.outcome, error.reason, status, size)
        earlier = self.frontier.known_content(found.digest)
        if earlier is not None:
            return Answer("duplicate", earlier, status, size)
        outcome = "item" if found.item is not None else "page"
        return Answer(
            outcome,
            "",
            status,
            size,
            digest=found.digest,
            item=found.item,
            missing=found.missing,
            links=found.links,
        )

    def _redirected(self, page: Request, response: Response, target: str) -> Answer:
        status, size, rules = response.status, len(response.body), self.rules
        try:
            url = joined(response.url, target)
        except BadAddress:
            return Answer("broken", "redirect to no address", status, size)
        if rules.is_login(url):
            return Answer("blocked", "login", status, size)
        refusal = rules.refusal(url) or ("denied" if rules.is_denied(url) else None)
        if refusal is not None:
            return Answer("blocked", f"redirect: {refusal}", status, size)
        known_as = rules.known_as(url)
        if page.redirects >= MOST_REDIRECTS or known_as == rules.known_as(page.url):
            return Answer("broken", "redirects without end", status, size)
        link = Link(url, known_as, rules.pattern_of(url) or OF_REDIRECTS)
        return Answer("redirect", url, status, size, links=[link], redirect=True)

    def _judged_failure(self, page: Request, error: BaseException) -> Answer:
        """What a failure comes to.

        Raises:
            Passing: The next request may do better.
        """
        if place_of(page.url)[0] in self._refused:
            return Answer("blocked", "private address", asked=False)
        if isinstance(error, Forbidden):
            return Answer("blocked", str(error), asked=False)
        if isinstance(error, IgnoreRequest | DownloadCancelledError):
            return Answer("broken", "too large")
        if isinstance(error, DownloadTimeoutError):
            raise Passing(Answer("broken", "timeout"))
        raise Passing(Answer("broken", f"no answer: {type(error).__name__}"))


def _seconds(value: bytes | None) -> float:
    """`Retry-After` in seconds; a date, or nonsense, counts as not said."""
    try:
        seconds = float(value or b"0")
    except ValueError:
        return 0.0
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0
