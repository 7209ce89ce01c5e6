"""Stage `crawl`: ask the pages of the config for, and keep what is wanted of them as JSON lines."""

from typing import Any

from tengjia import crawling
from tengjia.config import Settings
from tengjia.runs import RunFolder


def crawl(config: Settings, run: RunFolder) -> dict[str, Any]:
    """Crawl, or go on with a crawl that was stopped."""
    return crawling.crawl(config, run)
