"""A real browser: Debian's `chromium`, driven by playwright. Without it these tests are skipped, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

WIDTHS = {"desk": 1200, "phone": 360}


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A browser for all tests."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no browser: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@dataclass
class Opened:
    """A page, and what it did that it should not do."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    """Words on the console, and errors of scripts."""
    requests: list[str] = field(default_factory=list)
    """What it asked for besides itself."""


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Opens a file at the width of a desk or a phone, by day or by night."""
    contexts = []

    def opened(file: Path, width: str = "desk", scheme: str = "light") -> Opened:
        viewport = {"width": WIDTHS[width], "height": 800}
        contexts.append(browser.new_context(viewport=viewport, color_scheme=scheme, offline=True))
        page = contexts[-1].new_page()
        found = Opened(page)
        page.on("console", lambda message: found.complaints.append(message.text))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(file.as_uri())
        found.requests.remove(file.as_uri())
        return found

    yield opened
    for context in contexts:
        context.close()
