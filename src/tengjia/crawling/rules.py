"""What a config wants, compiled: patterns, selectors, hosts; and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from tengjia.crawling.addresses import BadAddress, canonical, host_and_port, is_private, joined, named, place_of
from tengjia.crawling.section import Crawl
from tengjia.crawling.selectors import BadSelector, Pairs, Wanted, read_pairs, read_selector
from tengjia.utilities.suggestions import suggestions

Path = tuple[str | int, ...]
KEYS: Final = ("pattern", "title", "text", "fields", "pairs")
"""What may be said of a kind of item."""
MANY: Final = "[]"
"""End of the name of a field that takes all that is found, not the first alone."""
_CONTACT: Final = re.compile(r"https?://\S+|\S+@\S+\.\S+|mailto:\S+")


@dataclass(frozen=True)
class Fault:
    """Something of the section that makes no sense.

    Args:
        path: Keys and indices inside the section.
        code: Of the message.
        values: What the message names; `known` are names of which one may be meant.
    """

    path: Path
    code: str
    values: dict[str, Any]

    def named(self) -> dict[str, Any]:
        """The values, with the nearest of the known names."""
        said = dict(self.values)
        if known := said.pop("known", None):
            said.update(nearest=suggestions(said["found"], known), allowed=", ".join(known))
        return said


@dataclass(frozen=True)
class Kind:
    """A kind of item."""

    name: str
    pattern: re.Pattern[str]
    title: Wanted | None
    text: Wanted | None
    fields: tuple[tuple[str, bool, Wanted], ...]
    """Name, whether all that is found is taken, and the selector."""
    pairs: Pairs | None
    """Further fields, whose names stand in the page."""


class Rules:
    """What is wanted of which pages.

    Args:
        config: Without faults.
    """

    def __init__(self, config: Crawl.Config) -> None:
        self.config = config
        self.starts = tuple(joined(url, "") for url in config.start_urls)
        self.kinds = tuple(_kind(name, dict(said)) for name, said in config.items.items())
        self._follow = tuple(map(re.compile, config.follow))
        self._deny = tuple(map(re.compile, config.deny))
        self._login = re.compile(config.login) if config.login else None
        self._hosts = tuple(config.allowed_domains) or tuple(dict.fromkeys(map(_place, self.starts)))
        self._start_places = {place_of(url): url.partition(":")[0] for url in self.starts}

    def known_as(self, url: str) -> str:
        """The address under which a page is remembered."""
        return canonical(url, self.config.ignored_parameters)

    def kind_of(self, url: str) -> Kind | None:
        """The kind of item that a page is, if it is one."""
        return next((kind for kind in self.kinds if kind.pattern.search(url)), None)

    def pattern_of(self, url: str) -> str | None:
        """The pattern for which a link is followed; `None`: it is not."""
        if self.is_denied(url):
            return None
        patterns = (*(kind.pattern for kind in self.kinds), *self._follow)
        return next((pattern.pattern for pattern in patterns if pattern.search(url)), None)

    def is_denied(self, url: str) -> bool:
        """Whether a link is never followed."""
        return any(pattern.search(url) for pattern in self._deny)

    def is_login(self, url: str) -> bool:
        """Whether an address asks for a login."""
        return self._login is not None and self._login.search(url) is not None

    def refusal(self, url: str) -> str | None:
        """Why an address is not entered: it is outside, or private; `None`: it may be."""
        if not named(url, self._hosts, subdomains=True):
            return "outside"
        if is_private(place_of(url)[0]) and not self.may_be_private(url):
            return "private address"
        return None

    def may_be_private(self, url: str) -> bool:
        """Whether the host of an address may have a private IP address."""
        return named(url, self.config.private_hosts)

    def may_see_secrets(self, url: str) -> bool:
        """Whether an address gets cookie and authorization: host, port and scheme of a start page."""
        return self._start_places.get(place_of(url)) == url.partition(":")[0]


def _place(url: str) -> str:
    host, port = place_of(url)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _kind(name: str, said: Mapping[str, Any]) -> Kind:
    fields = tuple(
        (field.removesuffix(MANY), field.endswith(MANY), read_selector(selector))
        for field, selector in dict(said.get("fields") or {}).items()
    )
    title, text = (read_selector(said[key]) if said.get(key) else None for key in ("title", "text"))
    pairs = read_pairs(said["pairs"]) if said.get("pairs") else None
    return Kind(name, re.compile(said["pattern"]), title, text, fields, pairs)


def faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    """Everything that is wrong with the values of the section, as far as their types are right.

    Args:
        values: Key -> value, `None` where it is not known.
    """
    yield from _faults_of_addresses(values)
    for key in ("follow", "deny"):
        for index, pattern in enumerate(_texts(values.get(key))):
            yield from _faults_of_pattern((key, index), pattern)
    if isinstance(values.get("login"), str):
        yield from _faults_of_pattern(("login",), values["login"])
    agent = values.get("user_agent")
    if isinstance(agent, str) and agent != "???" and not (_CONTACT.search(agent) and agent.isprintable()):
        yield Fault(("user_agent",), "crawling.no_contact", {"found": agent})
    items = values.get("items")
    if isinstance(items, dict):
        if not items:
            yield Fault(("items",), "crawling.no_items", {})
        for name, said in items.items():
            if isinstance(said, dict):
                yield from _faults_of_item(("items", name), said)


def _faults_of_addresses(values: Mapping[str, Any]) -> Iterator[Fault]:
    starts = values.get("start_urls")
    if isinstance(starts, list | tuple) and not starts:
        yield Fault(("start_urls",), "crawling.no_start", {})
    private = [one for one in _texts(values.get("private_hosts")) if _is_host(one)]
    for index, url in enumerate(_texts(starts)):
        try:
            address = joined(url, "")
        except BadAddress:
            yield Fault(("start_urls", index), "crawling.bad_url", {"found": url})
            continue
        host = place_of(address)[0]
        if is_private(host) and not named(address, private):
            yield Fault(("start_urls", index), "crawling.private_start", {"found": url, "host": host})
        allowed = [one for one in _texts(values.get("allowed_domains")) if _is_host(one)]
        if allowed and not named(address, allowed, subdomains=True):
            yield Fault(("start_urls", index), "crawling.start_outside", {"found": url, "allowed": ", ".join(allowed)})
    for key in ("allowed_domains", "private_hosts"):
        for index, host in enumerate(_texts(values.get(key))):
            if not _is_host(host):
                yield Fault((key, index), "crawling.bad_host", {"found": host})
    output = values.get("output")
    if isinstance(output, str) and not re.fullmatch(r"[\w-][\w .-]*(/[\w-][\w .-]*)*", output):
        yield Fault(("output",), "crawling.bad_output", {"found": output})


def _faults_of_item(path: Path, said: Mapping[str, Any]) -> Iterator[Fault]:
    for key, value in said.items():
        if key not in KEYS:
            yield Fault((*path, key), "crawling.unknown_key", {"found": key, "known": KEYS})
        elif (key == "fields") != isinstance(value, dict):
            example = "{name: css:h1::text}" if key == "fields" else "css:h1::text"
            yield Fault((*path, key), "crawling.item_value", {"found": value, "example": example})
    if not isinstance(pattern := said.get("pattern"), str):
        if "pattern" not in said:
            yield Fault(path, "crawling.no_pattern", {"found": path[-1]})
    else:
        yield from _faults_of_pattern((*path, "pattern"), pattern)
    fields = said.get("fields")
    selectors: dict[Path, Any] = {(*path, key): said[key] for key in ("title", "text", "pairs") if key in said}
    for name, text in fields.items() if isinstance(fields, dict) else ():
        selectors[(*path, "fields", name)] = text
    for place, text in selectors.items():
        if isinstance(text, str):
            yield from _faults_of_selector(place, text)


def _faults_of_pattern(path: Path, pattern: str) -> Iterator[Fault]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        yield Fault(path, "crawling.bad_pattern", {"found": pattern, "reason": str(error)})


def _faults_of_selector(path: Path, text: str) -> Iterator[Fault]:
    if find_spec("parsel") is None:
        return  # the stage tells what to install
    try:
        (read_pairs if path[-1] == "pairs" and len(path) == 3 else read_selector)(text)
    except BadSelector as error:
        yield Fault(path, "crawling.bad_selector", {"found": text, "reason": str(error)})


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _is_host(text: str) -> bool:
    try:
        host_and_port(text)
    except BadAddress:
        return False
    return True
