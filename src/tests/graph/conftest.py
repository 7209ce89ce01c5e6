"""Runs, and a server for graphs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.graph.bolt import BoltServer
from src.tests.graph.sample import contents_of
from src.tests.graph.served import SECRET, serving
from tengjia.graph import backends
from tengjia.graph.backends import ADDRESS, PASSWORD
from tengjia.runs import RunFolder


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, SECRET)
    monkeypatch.setitem(backends.RETRIES, "max_transaction_retry_time", 0.05)
    monkeypatch.setitem(backends.RETRIES, "initial_retry_delay", 0.001)


@pytest.fixture
def server(tmp_path: Path, environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoltServer]:
    (tmp_path / "files").mkdir()
    with serving(tmp_path, contents_of(tmp_path / "files").schema()) as server:
        monkeypatch.setenv(ADDRESS, server.uri())
        yield server


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", seed=1, app="demo_app", task="neo4j")
