"""Crawling: pages of chosen sites become JSON lines that the text tasks read.

    start pages -> frontier (SQLite) -> Scrapy, in a process of its own -> page -> rules -> items.jsonl

`rules` says what is wanted, `reading` takes it out of a page, `frontier` remembers what was asked and what came of it.
"""

from __future__ import annotations

from tengjia.crawling.stage import crawl

__all__ = ["crawl"]
