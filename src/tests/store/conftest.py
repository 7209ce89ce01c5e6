"""Stores to play with, and a cache folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tengjia.store import PlacedStore, Store
from tengjia.store.http.server import StoreServer

from .serving import serving


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TENGJIA_STORE", raising=False)
    monkeypatch.delenv("TENGJIA_STORE_TOKEN", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> PlacedStore:
    opened = Store.open(tmp_path / "store")
    assert isinstance(opened, PlacedStore)
    return opened


@pytest.fixture
def server(store: PlacedStore) -> Iterator[StoreServer]:
    """The store behind a server of its own."""
    with serving(store) as running:
        yield running


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A small folder of files."""
    return write_model(tmp_path / "model")


def write_model(folder: Path, text: str = "one") -> Path:
    (folder / "inner" / "deep").mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"size": 1}', "utf-8")
    (folder / "weights.bin").write_bytes(text.encode() * 1000)
    (folder / "inner" / "words.txt").write_text(f"云计算 {text}\n", "utf-8")
    (folder / "inner" / "deep" / "说明 1.txt").write_text("说明", "utf-8")
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Relative path to content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
