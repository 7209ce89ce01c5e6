"""Crawls of a site, by the function that the stage calls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from src.tests.crawling.site import Site, path_of
from tengjia.config import Settings
from tengjia.crawling import crawl
from tengjia.runs import RunFolder

ITEMS = {"job": {"pattern": r"/jobs/\d+", "fields": {"company": "css:.company::text"}}}


class Project:
    """A folder for crawls of one site."""

    def __init__(self, root: Path, site: Site) -> None:
        self.root, self.site = root, site
        self.run = RunFolder.create(root / "runs", seed=1, app="demo_app", task="data_crawling")
        self.folder = root / "data" / "crawled"

    def settings(self, **values: Any) -> Settings:
        from tengjia.command.sections import section_schema

        section = {
            **section_schema(self.root, "tengjia.crawling.section:Crawl").defaults(),
            "start_urls": [self.site.url + "/"],
            "user_agent": "Test/1.0 (+mailto:test@example.org)",
            "follow": [r"/(page|list)"],
            "items": ITEMS,
            "private_hosts": ["127.0.0.1"],
            "delay": 0.0,
            "retries": 1,
            "timeout": 5.0,
            **values,
        }
        return Settings({"dataset_root": str(self.root / "data"), "crawl": section})

    def crawl(self, **values: Any) -> dict[str, Any]:
        return crawl(self.settings(**values), self.run)

    def items(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.folder / "items.jsonl").read_text("utf-8").splitlines()]

    def pages(self) -> dict[str, tuple[str, str]]:
        """Path -> outcome and reason."""
        rows = [json.loads(line) for line in (self.folder / "pages.jsonl").read_text("utf-8").splitlines()]
        return {path_of(row["url"]): (row.get("outcome", "left"), row.get("reason", "")) for row in rows}


def job(number: int | str, *links: str, company: str = "") -> str:
    from src.tests.crawling.site import html

    company = company or f"Company {number}"
    words = f"We look for an engineer number {number} who writes programs and likes gardens. " * 3
    body = f'<nav><a href="/about">Menu</a></nav><p class="company">{company}</p><article><p>{words}</p></article>'
    return html(f"Engineer {number}", body, *links)
