"""A crawl of pages that are served on this machine: each once, none missed, and memory that does not grow.

python -m benchmarks.crawling --pages 2000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil

from benchmarks import report

ON_A_LIST = 20
SENTENCE = "第{number}号职位需要一位做事有条理的同事，参与第{other}个项目，按周汇报进展，并与各部门一起整理需求。"
START = 0.25
"""Share of the pages after which memory is compared: caches are warm then."""
END = 0.9
"""Share of the pages from which on the end is measured."""


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Crawl, count, and print the line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--concurrency", type=int, default=8)
    chosen = options.parse_args(arguments)
    pages = site(chosen.pages)
    with tempfile.TemporaryDirectory() as folder, served(pages) as (url, asked), memory(asked) as samples:
        began = time.perf_counter()
        result = crawled(Path(folder), url, chosen.concurrency)
        seconds = time.perf_counter() - began
        lines = [json.loads(line) for line in (Path(folder) / "data/crawled/items.jsonl").open(encoding="utf-8")]
    counts = Counter(path for path in asked if path != "/robots.txt")
    warm = [size for number, size in samples if number >= START * len(pages)]
    late = [size for number, size in samples if number >= END * len(pages)]
    items = {path for path in pages if path.startswith("/jobs/")}
    return report.say(
        "crawling",
        pages=len(pages),
        twice=sum(count > 1 for count in counts.values()),
        missed=len(pages.keys() - counts.keys()),
        items=result["items"],
        items_missed=len(items) - len({line["url"].removeprefix(url) for line in lines}),
        lines_twice=len(lines) - len({line["url"] for line in lines}),
        seconds=round(seconds, 1),
        pages_per_second=round(len(pages) / seconds, 1),
        memory_mebibytes={"at a quarter": warm[0], "at the end": max(late), "growth": round(max(warm) - warm[0], 1)},
        command=report.command(),
    )


def site(count: int) -> dict[str, str]:
    """Address -> markup: lists, each with a link to the next, and job posts of some 15 kB that link to one another."""
    lists = max(1, count // (ON_A_LIST + 1))
    jobs = count - lists - 1
    pages = {"/": markup("Start", "", ["/list0"])}
    for number in range(lists):
        own = [f"/jobs/{job}" for job in range(number, jobs, lists)]
        pages[f"/list{number}"] = markup(f"List {number}", "", [*own, *([f"/list{number + 1}"] * (number + 1 < lists))])
    for number in range(jobs):
        rng = random.Random(number)
        text = "".join(f"<p>{SENTENCE.format(number=number, other=rng.randrange(10**6))}</p>" for _ in range(80))
        near = [f"/jobs/{rng.randrange(jobs)}" for _ in range(10)] + ["/", "/list0?utm_source=x"]
        pages[f"/jobs/{number}"] = markup(f"Job {number}", f"<article>{text}</article>", near)
    return pages


def markup(title: str, body: str, links: list[str]) -> str:
    """A page."""
    anchors = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{body}<ul>{anchors}</ul></body></html>"


@contextlib.contextmanager
def served(pages: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    """The address of the site, and what was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.path)
            found = pages.get(self.path)
            body = (found or "").encode("utf-8")
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def memory(asked: list[str]) -> Iterator[list[tuple[int, float]]]:
    """Pages asked for so far, and mebibytes of the process that crawls, ten times a second."""
    samples: list[tuple[int, float]] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            with contextlib.suppress(psutil.Error):
                sizes = [child.memory_info().rss for child in psutil.Process().children(recursive=True)]
                if sizes:
                    samples.append((len(asked), round(max(sizes) / 2**20, 1)))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        ended.set()
        thread.join()


def crawled(folder: Path, url: str, concurrency: int) -> dict[str, Any]:
    """The result of the stage."""
    from tengjia.command.sections import section_schema
    from tengjia.config import Settings
    from tengjia.crawling import crawl
    from tengjia.runs import RunFolder

    section = {
        **section_schema(folder, "tengjia.crawling.section:Crawl").defaults(),
        "start_urls": [url + "/"],
        "user_agent": "TengjiaBenchmark/1.0 (+mailto:benchmark@example.org)",
        "follow": ["/list"],
        "items": {"job": {"pattern": r"/jobs/\d+"}},
        "private_hosts": ["127.0.0.1"],
        "delay": 0.0,
        "concurrency": concurrency,
    }
    run = RunFolder.create(folder / "runs", seed=1, app="benchmarks", task="crawling")
    return crawl(Settings({"dataset_root": str(folder / "data"), "crawl": section}), run)


if __name__ == "__main__":
    main()
