"""Small models are quickest with one thread; a bundle is made once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from src.tests.pipeline.toy import make_pipeline
from tengjia.bundle.golden import Golden
from tengjia.bundle.record import Record

TEXTS = Golden(Golden.Config()).texts(list, seed=1)


@pytest.fixture(autouse=True, scope="package")
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with short windows, all that a record can tell, and golden examples."""
    folder = tmp_path_factory.mktemp("bundles") / "bundle"
    record = Record(
        name="demo_app · ner",
        run="20260101-000000-seed1",
        metrics={"entity_f1": 0.93211},
        data={"examples": {"train": 10}, "types": ["NAME", "ORG-A"]},
        train_config={"optimizer": {"name": "adamw", "lr": 0.002}, "seed": 1},
        golden_source="sample",
        golden_texts=TEXTS,
    )
    make_pipeline(maximum_length=48, overlap=10).save(folder, record)
    return folder


@pytest.fixture(scope="session")
def exported(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the bundle becomes."""
    from tengjia.exporting import export_bundle

    folder = tmp_path_factory.mktemp("exports") / "exported"
    export_bundle(bundle, folder)
    return folder
