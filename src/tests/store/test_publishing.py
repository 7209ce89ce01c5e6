"""`stage=train` publishes by one line of config; a store that fails loses nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tengjia.bundle.folder import Bundle
from tengjia.errors import StoreError
from tengjia.store import Store
from tengjia.store.publishing import Publishing

from .conftest import write_model

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


def train(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [
        "task=ner",
        "stage=train",
        "model.embedding_size=8",
        "model.hidden_size=8",
        "trainer.threads=1",
        "trainer.device=cpu",
        "trainer.max_steps=3",
    ]
    roots = [
        f"{key}={folder / name}"
        for key, name in (("check_point_root", "runs"), ("log_root", "logs"), ("cache_root", "cache"))
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TENGJIA_LANG": "en"}
    command = [sys.executable, str(ROOT / "run_modeling.py"), *words, *roots, *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)


@pytest.mark.slow
def test_a_training_that_publishes(tmp_path: Path) -> None:
    place = f"publish.store={tmp_path / 'store'}"
    done = train(tmp_path, "run=first", "publish.model=ner", "publish.alias=staging", place)
    assert done.returncode == 0, done.stderr
    store = Store.open(tmp_path / "store")
    version = store.resolve("ner", "staging")
    assert (version.name, version.published, version.raw_text) == ("first", True, False)
    store.pull("ner", "staging", tmp_path / "out")
    run = tmp_path / "runs/demo_app/ner/first"
    assert Bundle.open(tmp_path / "out").digest == Bundle.open(run / "bundle").digest
    lineage = store.lineage("ner", "staging")
    assert lineage["run"] == "first" and lineage["app"] == "demo_app" and lineage["parents"] == []
    assert lineage["data"]["fingerprint"] and len(lineage["git"]["commit"]) == 40
    assert json.loads((run / "run.json").read_text("utf-8"))["published"] == {
        "store": str(tmp_path / "store"),
        "model": "ner",
        "version": "first",
    }

    store.set_quota("ner", version.size + 10)
    full = train(tmp_path, "run=second", "publish.model=ner", "trainer.initial_weights=first", place)
    assert full.returncode == 0, "the store failed, not the training"
    told = full.stdout + full.stderr
    assert "its quota is" in told and f"tengjia store push ner second '{tmp_path}" in told
    Bundle.open(tmp_path / "runs/demo_app/ner/second/bundle")
    assert (
        "quota"
        in json.loads((tmp_path / "runs/demo_app/ner/second/run.json").read_text("utf-8"))["published"]["failed"]
    )
    assert [version.name for version in store.versions("ner")] == ["first"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["publish.model=../x"], "is not a valid model name"),
        (["publish.model=ner", "publish.version=latest"], "stands for the version that was pushed last"),
        (["publish.model=ner", "publish.alias='a b'"], "is not a valid alias name"),
        (["publish.alias=production"], "nothing would be published"),
        (["publish.modle=ner"], "did you mean `model`"),
        (["publish.final=7"], "publish.final"),
    ],
    ids=str,
)
def test_the_config_is_checked_before_the_run(words: list[str], message: str, tmp_path: Path) -> None:
    done = train(tmp_path, *words)
    assert done.returncode == 2 and message in done.stderr, done.stderr
    assert not (tmp_path / "runs").exists()


class TestPublishing:
    def publishing(self, tmp_path: Path, **values: object) -> Publishing:
        return Publishing(Publishing.Config(**{"model": "ner", "store": str(tmp_path / "store"), **values}), "run-1")  # type: ignore[arg-type]

    def test_a_version_that_is_there_is_told_before_anything_is_trained(self, tmp_path: Path, model: Path) -> None:
        publishing = self.publishing(tmp_path)
        publishing.check()
        publishing.publish(model, {})
        with pytest.raises(StoreError, match="is published and cannot change"):
            publishing.check()

    def test_nothing_is_asked_for(self, tmp_path: Path, model: Path) -> None:
        publishing = self.publishing(tmp_path, model=None)
        publishing.check()
        assert publishing.publish(model, {}) == {} and not (tmp_path / "store").exists()

    def test_a_draft(self, tmp_path: Path, model: Path) -> None:
        assert self.publishing(tmp_path, final=False).publish(model, {"a": 1})["version"] == "run-1"
        store = Store.open(tmp_path / "store")
        assert not store.resolve("ner").published and store.lineage("ner") == {"a": 1}

    def test_a_store_that_fails_is_told_with_what_to_do(
        self, tmp_path: Path, model: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "store").write_text("in the way")
        publishing = self.publishing(tmp_path, alias="staging", raw_text=True)
        with pytest.raises(StoreError, match="there is no folder"):
            publishing.check()
        assert "failed" in publishing.publish(model, {})
        assert "tengjia store push ner run-1" in caplog.text and "--publish --alias staging --raw-text" in caplog.text
        (tmp_path / "store").unlink()
        assert publishing.publish(write_model(model), {})["version"] == "run-1"
