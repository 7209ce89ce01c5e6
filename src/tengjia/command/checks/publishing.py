"""What a training will publish bears names that the store takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tengjia.command.checks.effective import Effective
from tengjia.errors import Problem, StoreError

SECTION: Final = "publish"


def check_publish(effective: Effective) -> Iterator[Problem]:
    """Names are sane, and something is published if anything is said of it."""
    said = [name for name in ("model", "version", "alias", "store") if effective.value(SECTION, name) is not None]
    for name in said:
        yield from _check_name(effective, name)
    if said and "model" not in said and (SECTION, "model") in effective.values:
        yield effective.problem("store.publish_nothing", SECTION, said[0])


def _check_name(effective: Effective, name: str) -> Iterator[Problem]:
    from tengjia.store import names  # only those who publish wait for it

    checks = {"model": names.check_model, "version": names.check_version, "alias": names.check_alias}
    try:
        if name in checks:
            checks[name](effective.value(SECTION, name))
    except StoreError as error:
        yield effective.problem(error.code, SECTION, name, **error.problem.values)
