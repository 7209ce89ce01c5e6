"""What was asked for, what is still to be asked, and what came of it: one SQLite file, exact after any end.

An answer is written down in one transaction: what became of the page, the links that it brought, and how long the items
file is now. So whatever moment the process ends in, a page is either done with all that it gave, or asked for again.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.crawling.addresses import place_of
from tengjia.crawling.items_file import ItemsFile
from tengjia.crawling.reading import Link
from tengjia.errors import DataError

FORMAT: Final = 1
MOST_DEATHS: Final = 2
"""How often the worker may have died over a page; after that the page counts as broken."""
READ: Final = ("item", "page", "duplicate")
"""Outcomes of pages that could be read."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY,
    known_as TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    depth INTEGER NOT NULL,
    redirects INTEGER NOT NULL,
    found_on TEXT,
    pattern TEXT NOT NULL,
    reading INTEGER NOT NULL DEFAULT 0,
    deaths INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,
    outcome TEXT,
    reason TEXT,
    status INTEGER,
    bytes INTEGER NOT NULL DEFAULT 0,
    missing TEXT,
    time REAL
);
CREATE INDEX IF NOT EXISTS waiting ON pages (host, id) WHERE outcome IS NULL;
CREATE TABLE IF NOT EXISTS patterns (pattern TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contents (digest TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Request:
    """A page to ask for."""

    id: int
    url: str
    host: str
    depth: int
    redirects: int


@dataclass(frozen=True)
class Answer:
    """What came of a request."""

    outcome: str
    """`item`, `page`, `duplicate`, `redirect`, `blocked` or `broken`."""
    reason: str = ""
    status: int | None = None
    size: int = 0
    asked: bool = True
    """Whether the server was asked for the page."""
    digest: str | None = None
    item: Mapping[str, Any] | None = None
    missing: Sequence[str] = ()
    links: Sequence[Link] = ()
    redirect: bool = False
    """Whether the one link is the target of a redirect: as far from the start as the page itself."""


class Frontier:
    """The pages of one crawl.

    Args:
        folder: Holds `frontier.sqlite` and `items.jsonl`.
        max_depth: Links from a start page to the farthest one.
        max_per_pattern: Pages for one pattern.

    Raises:
        DataError: The file is damaged or of another version.
    """

    def __init__(self, folder: Path, *, max_depth: int, max_per_pattern: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "frontier.sqlite"
        self._max_depth, self._max_per_pattern = max_depth, max_per_pattern
        self._database = sqlite3.connect(self.file, isolation_level=None)
        try:
            self._prepare()
            self.items = ItemsFile(folder / "items.jsonl", int(self.note("bytes") or 0))
        except BaseException as error:
            self._database.close()
            if isinstance(error, sqlite3.DatabaseError):
                raise DataError("crawling.frontier_damaged", file=self.file, reason=str(error)) from error
            raise

    def _prepare(self) -> None:
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _TABLES)
        version = self.note("format")
        if version is None:
            self.set_note("format", str(FORMAT))
        elif version != str(FORMAT):
            raise DataError("crawling.frontier_version", file=self.file, found=version)

    def close(self) -> None:
        """Let go of the files."""
        self.items.close()
        self._database.close()

    def note(self, name: str) -> str | None:
        """Something written down about the crawl as a whole."""
        row = self._database.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_note(self, name: str, value: str) -> None:
        """Write down something about the crawl as a whole."""
        self._database.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def begin(self, starts: Sequence[Link]) -> None:
        """Put the start pages in; give up pages over which the worker died again and again."""
        with self._transaction():
            for link in starts:
                self._put(link, depth=0, redirects=0, found_on=None)
            self._database.execute("UPDATE pages SET reading = 0 WHERE reading = 1")
            self._database.execute(
                "UPDATE pages SET outcome = 'broken', reason = 'the worker died over it', time = ? "
                "WHERE outcome IS NULL AND deaths >= ?",
                (time.time(), MOST_DEATHS),
            )

    def ask_again(self, outcomes: Sequence[str]) -> int:
        """Let pages of some outcomes be asked for once more; gives their number."""
        marks = ", ".join("?" * len(outcomes))
        return self._database.execute(
            f"UPDATE pages SET outcome = NULL, reason = NULL, status = NULL, deaths = 0 WHERE outcome IN ({marks})",
            tuple(outcomes),
        ).rowcount

    def hosts(self) -> list[str]:
        """Hosts for which pages wait."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT host FROM pages WHERE outcome IS NULL")]

    def next_of(self, host: str, after: int) -> Request | None:
        """The first waiting page of a host whose number is above `after`."""
        row = self._database.execute(
            "SELECT id, url, host, depth, redirects FROM pages WHERE outcome IS NULL AND host = ? AND id > ? "
            "ORDER BY id LIMIT 1",
            (host, after),
        ).fetchone()
        return None if row is None else Request(*row)

    def reading(self, request: Request) -> None:
        """Note that a page is now read: should the worker die, this is why."""
        self._database.execute("UPDATE pages SET reading = 1 WHERE id = ?", (request.id,))

    def blame(self) -> None:
        """The worker died by itself: over the page that it read."""
        self._database.execute("UPDATE pages SET deaths = deaths + 1 WHERE outcome IS NULL AND reading = 1")

    def known_content(self, digest: str) -> str | None:
        """The page that had the same content, if one had."""
        row = self._database.execute("SELECT url FROM contents WHERE digest = ?", (digest,)).fetchone()
        return None if row is None else str(row[0])

    def write_down(self, request: Request, answer: Answer) -> None:
        """Keep what came of a request, wholly or not at all.

        Raises:
            OSError: The items file cannot be written.
            sqlite3.Error: The frontier cannot.
        """
        length = self.items.length
        try:
            with self._transaction():
                self._keep(request, answer)
        except BaseException:
            self.items.cut(length)
            raise

    def _keep(self, request: Request, answer: Answer) -> None:
        if answer.digest is not None:
            self._database.execute("INSERT OR IGNORE INTO contents VALUES (?, ?)", (answer.digest, request.url))
        for link in answer.links:
            depth, redirects = request.depth + (not answer.redirect), (request.redirects + 1) * answer.redirect
            if depth > self._max_depth:
                self._count("too_deep")
            else:
                self._put(link, depth=depth, redirects=redirects, found_on=request.url)
        if answer.item is not None:
            self.set_note("bytes", str(self.items.add(answer.item)))
        missing = json.dumps(list(answer.missing), ensure_ascii=False) if answer.missing else None
        self._database.execute(
            "UPDATE pages SET outcome = ?, reason = ?, status = ?, bytes = ?, asked = asked + ?, missing = ?, time = ? "
            "WHERE id = ?",
            (
                *(answer.outcome, answer.reason, answer.status, answer.size, int(answer.asked), missing),
                *(time.time(), request.id),
            ),
        )

    def _put(self, link: Link, *, depth: int, redirects: int, found_on: str | None) -> None:
        """Let a page wait, if it is new and its pattern has not brought too many."""
        count = self._database.execute("SELECT count FROM patterns WHERE pattern = ?", (link.pattern,)).fetchone()
        if count is not None and count[0] >= self._max_per_pattern and found_on is not None:
            self._count("over_pattern")
            return
        host = "{}:{}".format(*place_of(link.url))
        added = self._database.execute(
            "INSERT OR IGNORE INTO pages (known_as, url, host, depth, redirects, found_on, pattern) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (link.known_as, link.url, host, depth, redirects, found_on, link.pattern),
        )
        if added.rowcount:
            self._database.execute(
                "INSERT INTO patterns VALUES (?, 1) ON CONFLICT (pattern) DO UPDATE SET count = count + 1",
                (link.pattern,),
            )

    def _count(self, name: str) -> None:
        self._database.execute(
            "INSERT INTO notes VALUES (?, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1", (name,)
        )

    def not_followed(self) -> dict[str, int]:
        """Links that were left out: `too_deep`, and `over_pattern` for those whose pattern brought too many."""
        return {name: int(self.note(name) or 0) for name in ("too_deep", "over_pattern")}

    def counts(self) -> dict[str, int]:
        """Pages by outcome, `left` for those that wait, `asked` for those that the servers were asked for."""
        rows = self._database.execute("SELECT COALESCE(outcome, 'left'), COUNT(*), SUM(asked) FROM pages GROUP BY 1")
        found = {outcome: (count, asked) for outcome, count, asked in rows}
        return {
            **{outcome: count for outcome, (count, _) in found.items()},
            "asked": sum(asked for _, asked in found.values()),
        }

    def reasons(self, outcome: str) -> dict[str, int]:
        """Reasons of an outcome and how many pages each has, the most frequent first."""
        rows = self._database.execute(
            "SELECT reason, COUNT(*) FROM pages WHERE outcome = ? GROUP BY 1 ORDER BY 2 DESC, 1", (outcome,)
        )
        return {str(reason): count for reason, count in rows}

    def missing(self) -> dict[str, int]:
        """Fields that were not found, and on how many pages."""
        rows = self._database.execute(
            "SELECT value, COUNT(*) FROM pages, json_each(pages.missing) GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return {str(name): count for name, count in rows}

    def record(self) -> Iterator[dict[str, Any]]:
        """One row a page, in the order in which they were found."""
        rows = self._database.execute(
            "SELECT url, outcome, reason, status, depth, found_on, bytes, time FROM pages ORDER BY id"
        )
        names = ("url", "outcome", "reason", "status", "depth", "found_on", "bytes", "time")
        for row in rows:
            yield {name: value for name, value in zip(names, row) if value not in (None, "")}

    def _transaction(self) -> _Transaction:
        return _Transaction(self._database)


class _Transaction:
    """All that is done inside, or nothing."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self._database.execute("COMMIT" if kind is None else "ROLLBACK")
