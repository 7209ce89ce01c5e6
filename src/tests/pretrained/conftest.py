"""Small bundles, and servers that hold them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.pipeline.toy import make_pipeline

from .support import Server, serving

VARIABLES = (
    "TENGJIA_OFFLINE",
    "TENGJIA_CERTIFICATES",
    "TENGJIA_TOKEN",
    "TENGJIA_HF_ENDPOINT",
    "HF_ENDPOINT",
    "HF_TOKEN",
    "TENGJIA_MODELSCOPE_ENDPOINT",
    "MODELSCOPE_DOMAIN",
    "MODELSCOPE_API_TOKEN",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True, scope="package")
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="package")
def _toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("toy") / "ner"
    make_pipeline().save(folder)
    return folder


@pytest.fixture
def bundle(_toy: Path, tmp_path: Path) -> Path:
    """A bundle of a hand-made model."""
    return Path(shutil.copytree(_toy, tmp_path / "origin"))


@pytest.fixture
def server(bundle: Path) -> Iterator[Server]:
    """A server that holds it."""
    with serving(bundle) as running:
        yield running
