"""The folder of a crawl: who may write it, whether it is the same crawl, and the record of its pages.

<dataset_root>/<output>/
    items.jsonl        one item a line, written for good as they come
    pages.jsonl        one page a line: what became of it, and why
    frontier.sqlite    what was asked for and what waits, to go on from
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from tengjia.crawling.frontier import READ, Frontier
from tengjia.crawling.reading import Link
from tengjia.crawling.rules import Rules
from tengjia.crawling.section import Crawl
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault, Problem
from tengjia.utilities.files import written_atomically

SCOPE: Final = ("start_urls", "follow", "deny", "items", "allowed_domains", "ignored_parameters")
"""Keys that say what is crawled: with others, what is there is of another crawl."""
FAILED: Final = ("blocked", "broken")


@dataclass(frozen=True)
class Sum:
    """What came of a crawl so far."""

    counts: dict[str, int]
    """Pages by outcome, `left` and `asked`."""
    reasons: dict[str, dict[str, int]]
    """`blocked` and `broken` -> reason -> pages."""
    missing: dict[str, int]
    """Field -> pages on which it was not found."""
    not_followed: dict[str, int]
    """Links that were left out, by the limit."""

    @property
    def read(self) -> int:
        """Pages that could be read."""
        return sum(self.counts.get(outcome, 0) for outcome in READ)


class CrawlFolder:
    """The files of one crawl."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.items = path / "items.jsonl"
        self.pages = path / "pages.jsonl"
        self.frontier = path / "frontier.sqlite"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time.

        Raises:
            DataError: Another one crawls into this folder.
            EnvironmentFault: The folder cannot be made.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            held = FileLock(self.path / ".tengjia-crawl.lock")
            held.acquire(timeout=0)
        except Timeout:
            raise DataError("crawling.in_use", file=self.path) from None
        except OSError as error:
            raise EnvironmentFault("crawling.not_written", file=self.path, reason=error.strerror or error) from None
        try:
            yield
        finally:
            held.release()

    def take_up(self, wanted: Crawl.Config) -> None:
        """Make ready to go on, or to begin.

        Raises:
            ConfigurationError: What is there is of another crawl.
            DataError: An items file of somebody else is there.
        """
        if wanted.resume == "never":
            self._forget()
        elif self.items.is_file() and not self.frontier.is_file():
            raise DataError("crawling.foreign_items", file=self.items)
        rules = Rules(wanted)
        with self._opened(wanted) as frontier:
            self._same_scope(frontier, wanted)
            counts = frontier.counts()
            nothing_read = not any(counts.get(outcome) for outcome in READ)
            if wanted.resume == "failed" or nothing_read:  # a site that was down may be up now
                frontier.ask_again(FAILED)
            patterns = [rules.pattern_of(url) or "(start)" for url in rules.starts]
            frontier.begin([Link(url, rules.known_as(url), pattern) for url, pattern in zip(rules.starts, patterns)])

    def summed_up(self, wanted: Crawl.Config) -> Sum:
        """Write `pages.jsonl`, and count."""
        with self._opened(wanted) as frontier:
            with written_atomically(self.pages, "w") as file:
                for row in frontier.record():
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
            reasons = {outcome: frontier.reasons(outcome) for outcome in FAILED}
            return Sum(frontier.counts(), reasons, frontier.missing(), frontier.not_followed())

    def blame(self, wanted: Crawl.Config) -> None:
        """Note that the worker died over the page that it read."""
        with self._opened(wanted) as frontier:
            frontier.blame()

    @contextlib.contextmanager
    def _opened(self, wanted: Crawl.Config) -> Iterator[Frontier]:
        frontier = Frontier(self.path, max_depth=wanted.max_depth, max_per_pattern=wanted.max_per_pattern)
        try:
            yield frontier
        finally:
            frontier.close()

    def _same_scope(self, frontier: Frontier, wanted: Crawl.Config) -> None:
        scope = {key: json.dumps(getattr(wanted, key), ensure_ascii=False, sort_keys=True) for key in SCOPE}
        before: dict[str, Any] = json.loads(frontier.note("scope") or "null") or scope
        problems = [
            Problem("crawling.differs", key=f"crawl.{key}", values={"found": before.get(key), "file": self.path})
            for key in SCOPE
            if before.get(key) != scope[key]
        ]
        if problems:
            raise ConfigurationError(problems)
        frontier.set_note("scope", json.dumps(scope, ensure_ascii=False))

    def _forget(self) -> None:
        for file in (self.items, self.pages, *self.path.glob("frontier.sqlite*")):
            file.unlink(missing_ok=True)
