"""Bundles with code of their own: run where the same code is anyway, or where it is trusted."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from src.tests.pipeline.test_models_in_bundles import own, project  # noqa: F401  # fixtures
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.bundle.record import Record
from tengjia.command.main import main
from tengjia.exporting import OnnxPipeline
from tengjia.registry import Scope, set_scope
from tengjia.runs import RunFolder

pytestmark = pytest.mark.slow

TEXTS = ["林清远，男", "云山市第二机械厂"]


def test_a_model_of_the_project(
    tmp_path: Path,
    project: Path,  # noqa: F811
    own: SequenceLabelingPipeline,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / "config_project.yaml").write_text("app: demo_app\ntask: ner\n", "utf-8")
    run = RunFolder.create(project / "data/check_points/demo_app/ner", seed=1, app="demo_app", task="ner", name="r1")
    run.begin("train")
    own.save(run.bundle, Record(golden_source="sample", golden_texts=TEXTS))
    run.finish("train")
    monkeypatch.chdir(project)
    assert main(["bundle", "show", "r1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["own_code"] == {
        "model/own_tagger": "modules/models/own_tagger.py",
        "model_code/utilities/sizes.py": "utilities/sizes.py",
    }
    assert main(["bundle", "verify", "r1"]) == 0  # the project has the same code
    expected = own(TEXTS)
    sys.modules.pop("src.utilities.sizes")
    set_scope(Scope())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    words = [str(run.path), "--to", "onnx", str(tmp_path / "x")]
    assert main(["bundle", "verify", str(run.path)]) == 5
    assert main(["bundle", "export", *words]) == 5
    assert "the bundle brings code of its own, which is not run unasked" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
    assert main(["bundle", "verify", str(run.path), "--trust-code"]) == 0
    assert main(["bundle", "export", *words, "--trust-code"]) == 0
    assert OnnxPipeline.load(tmp_path / "x")(TEXTS) == expected  # an export needs none of that code
