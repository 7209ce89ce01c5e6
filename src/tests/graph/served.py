"""A graph on the server of the tests, and what is asked of it again and again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.tests.graph.bolt import BoltServer
from src.tests.graph.conversation import HungUp, Version
from src.tests.graph.relay import Relay
from src.tests.graph.sample import TEMPLATES, settings, write_files
from tengjia import graph
from tengjia.errors import TengjiaError
from tengjia.graph.backends import Schema
from tengjia.runs import RunFolder

SECRET = "a-pass-word-73"
ALL = (6, 4)
"""Entities and relations of the small sample."""


@contextlib.contextmanager
def serving(folder: Path, schema: Schema, version: Version = (5, 4)) -> Iterator[BoltServer]:
    relay = Relay(folder / "served.lbdb", schema)
    try:
        with BoltServer(relay, SECRET, version) as server:
            yield server
        assert server.errors == []
    finally:
        relay.close()


def place(server: BoltServer, scheme: str = "bolt") -> dict[str, str]:
    return {"backend": "neo4j", "uri": server.uri(scheme)}


def load_small(server: BoltServer, run: RunFolder, **section: Any) -> dict[str, Any]:
    """The small sample, an element a transaction: 2 constraints, 6 entities, 4 relations."""
    folder = run.path.parents[1] / "files"
    entities, relations = write_files(folder)
    (folder / "templates.yaml").write_text(json.dumps(TEMPLATES, ensure_ascii=False), "utf-8")
    files = {"entities": tuple(map(str, entities)), "relations": tuple(map(str, relations))}
    section = {**files, **place(server), "batch_size": 1, **section}
    return graph.load(settings(folder, load=section), run, folder=folder)


def refused(call: Any, code: str) -> TengjiaError:
    with pytest.raises(TengjiaError) as error:
        call()
    assert error.value.code == code
    assert SECRET not in str(error.value)
    return error.value


def no_secret_in(folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files and [file for file in files if SECRET.encode() in file.read_bytes()] == []


def cut(server: BoltServer, number: int, *, for_good: bool) -> None:
    """The connection breaks before the statement of that number is done."""

    def before_run(text: str) -> None:
        if len(server.statements) == number:
            server.down = for_good
            raise HungUp("cut")

    server.before_run = before_run
