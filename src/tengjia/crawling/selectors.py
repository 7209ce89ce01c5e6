"""Selectors: what to take out of a page.

    css:h1::text                                          a CSS selector, with `::text` and `::attr(NAME)`
    xpath://h1/text()                                     an XPath
    json:script#__NEXT_DATA__ => props.pageProps.title    a path inside the JSON of a script; `*` for each of a list

Pairs of a name and a value, as tables of facts have them: `css:table.facts tr => css:th => css:td` is what holds each
pair, and inside of it the name and the value.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from parsel import Selector

LANGUAGES: Final = ("css", "xpath", "json")
ARROW: Final = "=>"
DEEPEST: Final = 64
"""How deep JSON of a page is looked into."""


class BadSelector(ValueError):
    """A selector that is none; its text says why."""


@dataclass(frozen=True)
class Wanted:
    """A selector, understood.

    Args:
        language: `css`, `xpath` or `json`.
        query: XPath; for `json` of the script.
        path: Steps inside the JSON.
    """

    language: str
    query: str
    path: tuple[str, ...] = ()

    def values(self, page: Selector) -> list[str]:
        """Every text that it finds, in the order of the page."""
        if self.language != "json":
            return [_text_of(found) for found in page.xpath(self.query)]
        return [value for script in page.xpath(self.query) for value in _in_json(_text_of(script), self.path)]


@dataclass(frozen=True)
class Pairs:
    """A selector of pairs: what holds each, and inside of it name and value."""

    holder: Wanted
    name: Wanted
    value: Wanted

    def values(self, page: Selector) -> Iterator[tuple[str, str]]:
        """Every pair, in the order of the page."""
        for holder in page.xpath(self.holder.query):
            names, values = self.name.values(holder), self.value.values(holder)
            if names and values:
                yield names[0], values[0]


def read_pairs(text: str) -> Pairs:
    """Understand a selector of pairs.

    Raises:
        BadSelector: It is none.
    """
    parts = [read_selector(part.strip()) for part in text.split(ARROW) if not part.strip().startswith("json:")]
    if len(parts) != 3:
        raise BadSelector(f"css:HOLDER {ARROW} css:NAME {ARROW} css:VALUE")
    return Pairs(*parts)


@lru_cache(maxsize=1024)
def read_selector(text: str) -> Wanted:
    """Understand a selector.

    Raises:
        BadSelector: It is none.
    """
    language, colon, query = text.partition(":")
    if not colon or language not in LANGUAGES or not query.strip():
        raise BadSelector(f"LANGUAGE:SELECTOR, LANGUAGE is one of {', '.join(LANGUAGES)}")
    query = query.strip()
    if language == "xpath":
        return Wanted(language, _checked(query))
    if language == "css":
        return Wanted(language, _checked(_as_xpath(query)))
    script, arrow, path = query.partition(ARROW)
    steps = tuple(path.strip().split("."))
    if not arrow or not all(steps):
        raise BadSelector(f"json:CSS {ARROW} path.to.value")
    return Wanted(language, _checked(_as_xpath(script.strip())), steps)


def _as_xpath(css: str) -> str:
    from cssselect import SelectorError
    from parsel.csstranslator import HTMLTranslator

    try:
        return HTMLTranslator().css_to_xpath(css)
    except SelectorError as error:
        raise BadSelector(str(error)) from error


def _checked(xpath: str) -> str:
    """An XPath that can be compiled and asked."""
    from parsel import Selector

    try:
        Selector(text="<html></html>", type="html").xpath(xpath)
    except ValueError as error:
        raise BadSelector(str(error)) from error
    return xpath


def _text_of(found: Selector) -> str:
    """The text of what was found: of an element all that stands in it."""
    root: Any = found.root
    if isinstance(root, str):
        return root
    return str(root.xpath("string()")) if hasattr(root, "xpath") else str(root)


def _in_json(text: str, path: tuple[str, ...]) -> Iterator[str]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return  # a page may hold what it likes; a field that is not found is counted
    found = [document]
    for step in path[:DEEPEST]:
        found = [inner for value in found for inner in _inside(value, step)]
    for value in found:
        yield from _plain(value)


def _inside(value: Any, step: str) -> list[Any]:
    if isinstance(value, list):
        if step == "*":
            return value
        return [value[int(step)]] if step.isdecimal() and int(step) < len(value) else []
    if isinstance(value, dict):
        return list(value.values()) if step == "*" else [value[step]] if step in value else []
    return []


def _plain(value: Any) -> Iterator[str]:
    """Scalars as text; of a list each of its scalars."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, bool):
            yield "true" if one else "false"
        elif isinstance(one, int | float):
            yield str(one)
