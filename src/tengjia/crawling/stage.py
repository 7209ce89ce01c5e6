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
from tengjia.crawling.folder import CrawlFolder, Sum
from tengjia.crawling.rules import faults
from tengjia.crawling.section import Crawl
from tengjia.crawling.serving import served
from tengjia.crawling.worker import work
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault, Problem
from tengjia.messages import text
from tengjia.runs import RunFolder
from tengjia.utilities.signals import StopRequest, stop_requests

log = logging.getLogger(__name__)
PACKAGES: Final = ("scrapy", "trafilatura")
MOST_REASONS: Final = 5
"""Reasons that are named on the console."""
LIMITS_OF_LINKS: Final = {"too_deep": "max_depth", "over_pattern": "max_per_pattern"}
"""Why links were left out -> the key that says so."""


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
        ConfigurationError: The section makes no sense, or the folder holds a crawl of something else.
        Interrupted: A stop was asked for; the same command goes on.
    """
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        raise EnvironmentFault("crawling.no_package", found=", ".join(missing))
    wanted = as_config(config.crawl)
    problems = [
        Problem(fault.code, key=f"crawl.{fault.path[0]}", values=fault.named()) for fault in faults(vars(wanted))
    ]
    if problems:
        raise ConfigurationError(problems)
    folder = CrawlFolder(Path(config.dataset_root) / wanted.output)
    with folder.alone(), served(wanted, Path(config.dataset_root)), stop_requests() as stop:
        folder.take_up(wanted)
        about = _work(folder, wanted, stop)
        found = folder.summed_up(wanted)
        log.info(text("crawling.told", items=found.counts.get("item", 0), pages=found.read, file=folder.items).message)
        if stop.requested:
            left = found.counts.get("left", 0)
            stop.check(text("crawling.kept", done=found.counts["asked"], left=left).message)
    _tell(about, found, folder)
    if not found.read:
        raise DataError("crawling.nothing_read", file=folder.pages, reasons=_listed(_together(found.reasons)))
    return _result(about, found)


def as_config(section: Mapping[str, Any]) -> Crawl.Config:
    """The section as what it was declared."""
    plain: dict[str, Any] = section.plain() if isinstance(section, Settings) else dict(section)
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
    return Crawl.Config(**values)


def _work(folder: CrawlFolder, wanted: Crawl.Config, stop: StopRequest) -> dict[str, Any]:
    """Let a worker crawl, and show how far it is."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=work, args=(there, wanted, folder.path), daemon=True)
    process.start()
    there.close()
    try:
        with tqdm(desc="crawl", unit=" pages", disable=None) as bar:
            about = _followed(here, stop, bar)
        process.join()
        if about is None:
            folder.blame(wanted)
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


def _together(reasons: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    both: dict[str, int] = {}
    for found in reasons.values():
        for reason, count in found.items():
            both[reason] = both.get(reason, 0) + count
    return both


def _listed(counts: Mapping[str, int]) -> str:
    kept = list(counts.items())[:MOST_REASONS]
    return ", ".join(f"{reason} ({count})" for reason, count in kept) + (", ..." if len(counts) > len(kept) else "")


def _tell(about: Mapping[str, Any], found: Sum, folder: CrawlFolder) -> None:
    """Say what the user must know."""
    for outcome, reasons in found.reasons.items():
        if reasons:
            values = {"count": sum(reasons.values()), "reasons": _listed(reasons), "file": folder.pages}
            log.warning(text(f"crawling.{outcome}", **values).message)
    if found.missing:
        log.warning(text("crawling.fields_missing", fields=_listed(found.missing)).message)
    for name, limit in LIMITS_OF_LINKS.items():
        if found.not_followed[name]:
            log.warning(text("crawling.links_left", count=found.not_followed[name], limit=limit).message)
    for host in about["given_up"]:
        log.warning(text("crawling.given_up", host=host).message)
    left = found.counts.get("left", 0)
    if left and about["limit"]:
        log.warning(text("crawling.limit", limit=about["limit"], left=left).message)
    if found.read and not found.counts.get("item"):
        log.warning(text("crawling.nothing_taken", file=folder.pages).message)


def _result(about: Mapping[str, Any], found: Sum) -> dict[str, Any]:
    counts = found.counts
    return {
        "pages": found.read,
        "items": counts.get("item", 0),
        "duplicates": counts.get("duplicate", 0),
        "redirects": counts.get("redirect", 0),
        "blocked": counts.get("blocked", 0),
        "broken": counts.get("broken", 0),
        "left": counts.get("left", 0),
        "asked": counts["asked"],
        "limit": about["limit"],
        "given_up": list(about["given_up"]),
        **{f"links_{name}": count for name, count in found.not_followed.items()},
        **{f"{outcome}_reasons": dict(reasons) for outcome, reasons in found.reasons.items()},
        "fields_missing": dict(found.missing),
    }
