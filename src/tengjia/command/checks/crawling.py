"""What a crawl will ask for makes sense: addresses, hosts, patterns, selectors; and secrets stand in no file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from tengjia.command.checks.effective import Effective
from tengjia.config.interpolation import ENVIRONMENT
from tengjia.errors import COMMAND_LINE, Problem

SECTION: Final = "crawl"
SECRETS: Final = ("cookie", "authorization")
HOME: Final = "crawling"
"""Folder of the library whose class declares the section."""


def check_crawl(effective: Effective) -> Iterator[Problem]:
    """Everything that is wrong with the section, each at its own line."""
    schema = effective.view.sections.get(SECTION)
    if schema is None or schema.file.parent.name != HOME:
        return
    from tengjia.crawling.rules import faults  # only those who crawl wait for it

    for name in SECRETS:
        written = effective.assignments[(SECTION, name)].value
        if written is not None and not ENVIRONMENT.match(str(written)):
            yield effective.problem("crawling.secret_written", SECTION, name)
    values = {name: effective.value(SECTION, name) for name in schema.parameters}
    for fault in faults(values):
        yield _placed(effective, fault.path, fault.code, fault.named())


def _placed(effective: Effective, path: tuple[str | int, ...], code: str, values: dict[str, Any]) -> Problem:
    """The problem at the innermost line that is known."""
    problem = effective.problem(code, SECTION, str(path[0]), **values)
    line = problem.line
    for document in effective.view.documents if problem.file != COMMAND_LINE else ():
        inner: tuple[Any, ...] = (SECTION, *path)
        while document.name == problem.file and len(inner) > 2 and inner not in document.positions:
            inner = inner[:-1]
        if document.name == problem.file and inner in document.positions:
            line = document.positions[inner].line
    key = ".".join(str(part) for part in (SECTION, *path) if not isinstance(part, int))
    return Problem(code, problem.file, line, key, values)
