"""The stage `crawl`: takes up what an earlier crawl left, lets a worker ask for the pages, and says what came of it."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
from collections.abc import Mapping
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from tqdm import tqdm

from tengjia.config import Settings
from tengjia.crawling.folder import CrawlFolder
from tengjia.crawling.frontier import READ
from tengjia.crawling.section import Crawl
from tengjia.crawling.serving import served
from tengjia.crawling.worker import work
from tengjia.errors import DataError, EnvironmentFault
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.utilities.signals import StopRequest, stop_requests

log = logging.getLogger(__name__)
PACKAGES: Final = ("scrapy", "trafilatura")
MOST_REASONS: Final = 5
"""Reasons that are named on the console."""


def crawl(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Crawl as the section `crawl` says.

    Args:
        config: The config; `dataset_root` takes the output.
        run: The record.

    Returns:
        Counts: `pages` that were read, `items`, `duplicates`, `redirects`, `blocked`, `broken`, those `left`.

    Raises:
        EnvironmentFault: Scrapy or trafilatura is missing, the disk is full, or the worker was killed.
        DataError: No page could be read at all, another process crawls into the folder, or its files are damaged.
        ConfigurationError: The folder holds a crawl of something else.
        Interrupted: A stop was asked for; the same command goes on.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise EnvironmentFault("crawling.no_package", found=", ".join(missing))
    wanted = as_config(config.crawl)
    folder = CrawlFolder(Path(config.dataset_root) / wanted.output)
    with folder.alone(), served(wanted, Path(config.dataset_root)), stop_requests() as stop:
        folder.take_up(wanted)
        about = _work(folder.path, wanted, stop)
        counts, reasons, fields = folder.summed_up(wanted)
        log.info(text("crawling.told", items=counts.get("item", 0), pages=_read(counts), file=folder.items).message)
        if stop.requested:
            stop.check(text("crawling.kept", done=counts["asked"], left=counts.get("left", 0)).message)
    _tell(about, counts, reasons, fields, folder)
    if not _read(counts):
        raise DataError("crawling.nothing_read", file=folder.pages, reasons=_listed(_together(reasons)))
    return _result(about, counts, reasons)


def as_config(section: Mapping[str, Any]) -> Crawl.Config:
    """The section as what it was declared."""
    plain: dict[str, Any] = section.plain() if isinstance(section, Settings) else dict(section)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
    return Crawl.Config(**values)


def _work(folder: Path, wanted: Crawl.Config, stop: StopRequest) -> dict[str, Any]:
    """Let a worker crawl, and show how far it is."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there, wanted, folder), daemon=True)
    process.start()
    there.close()
    try:
        with tqdm(desc="crawl", unit=" pages", disable=None) as bar:
            about = _followed(here, stop, bar)
        process.join()
        if about is None:
            raise EnvironmentFault("crawling.worker_died", found=process.exitcode)
        return about
    finally:
        if process.is_alive():
            process.kill()
            process.join()
        here.close()


def _followed(here: Connection, stop: StopRequest, bar: tqdm[Any]) -> dict[str, Any] | None:
    """What the worker says at its end; `None` when it ended without a word."""
    asked = False
    while True:
        if stop.requested and not asked:
            asked = True
            with contextlib.suppress(OSError):  # it has ended by itself
                here.send("stop")
        try:
            if not here.poll(0.2):
                continue
            word, content = here.recv()
        except (EOFError, OSError):
            return None
        if word == "done":
            return dict(content)
        if word == "failed":
            raise content
        if word == "bug":
            raise RuntimeError(content)
        done = sum(count for outcome, count in content.items() if outcome not in ("left", "asked"))
        bar.total, bar.n = done + content.get("left", 0), done
        bar.refresh()


def _read(counts: Mapping[str, int]) -> int:
    return sum(counts.get(outcome, 0) for outcome in READ)


def _together(reasons: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    both: dict[str, int] = {}
    for found in reasons.values():
        for reason, count in found.items():
            both[reason] = both.get(reason, 0) + count
    return both


def _listed(counts: Mapping[str, int]) -> str:
    kept = list(counts.items())[:MOST_REASONS]
    return ", ".join(f"{reason} ({count})" for reason, count in kept) + (", ..." if len(counts) > len(kept) else "")


def _tell(
    about: Mapping[str, Any],
    counts: Mapping[str, int],
    reasons: Mapping[str, Mapping[str, int]],
    fields: Mapping[str, int],
    folder: CrawlFolder,
) -> None:
    """Say what the user must know."""
    for outcome, found in reasons.items():
        if found:
            values = {"count": sum(found.values()), "reasons": _listed(found), "file": folder.pages}
            log.warning(text(f"crawling.{outcome}", **values).message)
    if fields:
        log.warning(text("crawling.fields_missing", fields=_listed(fields)).message)
    for host in about["given_up"]:
        log.warning(text("crawling.given_up", host=host).message)
    left = counts.get("left", 0)
    if left and about["limit"]:
        log.warning(text("crawling.limit", limit=about["limit"], left=left).message)
    if _read(counts) and not counts.get("item"):
        log.warning(text("crawling.nothing_taken", file=folder.pages).message)


def _result(
    about: Mapping[str, Any], counts: Mapping[str, int], reasons: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    return {
        "pages": _read(counts),
        "items": counts.get("item", 0),
        "duplicates": counts.get("duplicate", 0),
        "redirects": counts.get("redirect", 0),
        "blocked": counts.get("blocked", 0),
        "broken": counts.get("broken", 0),
        "left": counts.get("left", 0),
        "asked": counts["asked"],
        "limit": about["limit"],
        "given_up": list(about["given_up"]),
        **{f"{outcome}_reasons": dict(found) for outcome, found in reasons.items()},
    }
