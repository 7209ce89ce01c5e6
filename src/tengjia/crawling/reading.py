"""Takes out of a page what the rules want: an item, and links."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tengjia.crawling.addresses import BadAddress, joined
from tengjia.crawling.cleaning import cleaned, cleaned_line
from tengjia.crawling.rules import Kind, Rules

if TYPE_CHECKING:
    from parsel import Selector

MOST_LINKS: Final = 10_000
"""Links of a page that are looked at."""
MOST_VALUES: Final = 1000
"""Values of a field that are kept."""
_ROBOTS: Final = "//meta[translate(@name, 'ROBTS', 'robts')='robots']/@content"
_PASSWORD: Final = "//input[translate(@type, 'PASWORD', 'pasword')='password']"
_VISIBLE: Final = "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"


class Unusable(Exception):
    """A page that gives nothing.

    Args:
        outcome: `blocked` or `broken`.
        reason: Why, in a few words.
    """

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


@dataclass(frozen=True)
class Link:
    """A link that is to be followed."""

    url: str
    known_as: str
    pattern: str


@dataclass(frozen=True)
class Page:
    """What a page holds."""

    digest: str
    """Of its content: pages with the same hold nothing new."""
    item: dict[str, Any] | None
    """One line of the output."""
    links: list[Link] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    """Fields that were not found."""


def read_page(url: str, markup: str, rules: Rules) -> Page:
    """What a page holds.

    Args:
        url: Where it was found.
        markup: HTML.
        rules: What is wanted.

    Raises:
        Unusable: It asks for a login, holds nothing, or cannot be parsed.
    """
    page = _parsed(markup)
    kind = rules.kind_of(url)
    said = " ".join(page.xpath(_ROBOTS).getall()).lower()
    item: dict[str, Any] | None = None
    missing: tuple[str, ...] = ()
    if kind is not None and "noindex" not in said and "none" not in said:
        item, missing = _item(url, markup, page, kind)
    follows = "nofollow" not in said and "none" not in said
    links = list(_links(url, page, rules)) if follows else []
    return Page(_digest(item, page, links), item, links, missing)


def refreshed_to(markup: str, url: str) -> str | None:
    """Where `<meta http-equiv=refresh>` leads at once, if it leads elsewhere."""
    from w3lib.html import get_meta_refresh

    seconds, target = get_meta_refresh(markup[:20_000], url)
    return target if target is not None and seconds is not None and seconds <= 5 and target != url else None


def _parsed(markup: str) -> Selector:
    from parsel import Selector

    try:
        page = Selector(text=markup, type="html", huge_tree=False)
        if page.root is None or not page.xpath("//*"):
            raise Unusable("broken", "no elements")
    except (ValueError, RecursionError) as error:
        raise Unusable("broken", f"not parsed: {type(error).__name__}") from error
    return page


def _item(url: str, markup: str, page: Selector, kind: Kind) -> tuple[dict[str, Any], tuple[str, ...]]:
    fields = _fields(page, kind)
    if page.xpath(_PASSWORD) and not fields:
        raise Unusable("blocked", "login")
    text = _wanted_text(page, kind) if kind.text else main_text(markup, page)
    if not text and not fields:
        raise Unusable("broken", "no content")
    title = cleaned_line(" ".join(kind.title.values(page)[:1])) if kind.title else _title(page)
    missing = tuple(name for name, _, _ in kind.fields if name not in fields)
    return {"url": url, "kind": kind.name, "title": title, "text": text, "fields": fields}, missing


def _fields(page: Selector, kind: Kind) -> dict[str, str | list[str]]:
    fields: dict[str, str | list[str]] = {}
    for name, many, wanted in kind.fields:
        values = [value for text in wanted.values(page)[:MOST_VALUES] if (value := cleaned_line(text))]
        if values:
            fields[name] = values if many else values[0]
    for name, text in islice(kind.pairs.values(page), MOST_VALUES) if kind.pairs else ():
        name, value = cleaned_line(name).rstrip(":：").strip(), cleaned_line(text)
        if name and value:
            fields.setdefault(name, value)
    return fields


def _wanted_text(page: Selector, kind: Kind) -> str:
    assert kind.text is not None
    return cleaned("\n".join(kind.text.values(page)[:MOST_VALUES]))


def _title(page: Selector) -> str:
    for path in ("//h1", "//title"):
        for found in page.xpath(path):
            if title := cleaned_line(str(found.root.xpath("string()"))):
                return title
    return ""


def main_text(markup: str, page: Selector) -> str:
    """The main text of a page, without menus and advertisements; if none is told from the rest, all that is visible."""
    import trafilatura

    try:
        found = trafilatura.extract(markup, config=_options(), include_comments=False, include_formatting=False)
    except Exception:
        found = None  # of hostile markup what is visible remains
    return cleaned(found) if found else cleaned("\n".join(page.xpath(_VISIBLE).getall()))


@cache
def _options() -> Any:
    """trafilatura's own, without its limit by SIGALRM, and with pages of a few words allowed."""
    from copy import deepcopy

    from trafilatura.settings import DEFAULT_CONFIG

    options = deepcopy(DEFAULT_CONFIG)
    options["DEFAULT"]["EXTRACTION_TIMEOUT"] = "0"
    options["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "30"
    options["DEFAULT"]["MIN_OUTPUT_SIZE"] = "1"
    return options


def _links(url: str, page: Selector, rules: Rules) -> Iterator[Link]:
    base = url
    for found in page.xpath("//base/@href").getall()[:1]:
        try:
            base = joined(url, found)
        except BadAddress:
            continue
    seen = {rules.known_as(url)}
    for anchor in page.xpath("//a[@href] | //area[@href]")[:MOST_LINKS]:
        if re.search(r"(?i)\bnofollow\b", anchor.attrib.get("rel", "")):
            continue
        try:
            target = joined(base, anchor.attrib["href"])
        except BadAddress:
            continue
        pattern = rules.pattern_of(target)
        known_as = rules.known_as(target)
        if pattern is None or known_as in seen or rules.refusal(target) is not None:
            continue
        seen.add(known_as)
        yield Link(target, known_as, pattern)


def _digest(item: dict[str, Any] | None, page: Selector, links: list[Link]) -> str:
    """Of an item its content; of another page its words and links."""
    if item is not None:
        content: Any = [item["kind"], item["title"], item["text"], item["fields"]]
    else:
        content = [cleaned("\n".join(page.xpath(_VISIBLE).getall())), [link.known_as for link in links]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
