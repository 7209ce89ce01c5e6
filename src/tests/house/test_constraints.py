"""`constraints.txt` locks every version: one that cannot be installed beside the others would stop `make test` for all."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[3]


def locked() -> dict[str, str]:
    """Name as the index spells it -> version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pairs}


def installed() -> dict[str, str]:
    """The same of what is here, without a build's own mark (`+cpu`)."""
    found = ((each.metadata["Name"], each.version) for each in metadata.distributions())
    return {re.sub(r"[-_.]+", "-", name).lower(): version.split("+")[0] for name, version in found}


def test_what_is_installed_is_what_is_locked():
    here = installed()
    differing = {
        name: (version, here[name]) for name, version in locked().items() if here.get(name, version) != version
    }
    assert differing == {}, "locked, installed: install by `-c constraints.txt`, or lock what runs"


def test_everything_that_is_needed_is_locked():
    names = locked()
    missing = {
        requirement.group()
        for line in metadata.requires("tengjia") or ()
        if (requirement := re.match(r"[A-Za-z0-9._-]+", line))
        and re.sub(r"[-_.]+", "-", requirement.group()).lower() not in {*names, "tengjia"}
    }
    assert missing == set()
