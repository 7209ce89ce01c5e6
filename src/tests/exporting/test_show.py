"""`tengjia bundle show`: what a bundle says of itself."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from src.tests.bundle.sample import write_sample_bundle
from src.tests.command.project import write_project
from src.tests.pipeline.toy import make_pipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import Bundle
from tengjia.bundle.record import Record
from tengjia.bundle.summary import summarise
from tengjia.command.main import main
from tengjia.runs import RunFolder


def test_the_card_in_a_terminal(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "show", str(bundle)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for words in (
        f"folder {bundle} digest {Bundle.open(bundle).digest} base task sequence_labeling run 20260101-000000-seed1",
        "labels NAME, ORG-A, 职务 (scheme bmes)",
        "golden examples 20, from: sample",
        "raw text none of the corpus",
        "own code none",
        "scores entity_f1 0.9321",
        "data examples.train 10 types NAME, ORG-A",
        "optimizer/adamw lr=0.002",
        "model/bilstm_crf embedding_size=8 hidden_size=8",
        "tokenizer/character",
        "model/weights.safetensors",
    ):
        assert words in shown, words


def test_the_card_for_programs(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "show", str(bundle), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    pipeline = make_pipeline(maximum_length=48, overlap=10)
    assert values["parameters"] == sum(weight.numel() for weight in pipeline.model.state_dict().values())
    assert values["metrics"] == {"entity_f1": 0.93211}
    assert values["labels"] == ["NAME", "ORG-A", "职务"]
    assert (values["raw_text"], values["golden"], values["golden_source"]) == (False, 20, "sample")
    paths = {path for path in values["files"]}
    assert paths == {str(file.relative_to(bundle)) for file in bundle.rglob("*") if file.is_file()} - {"filelist.txt"}
    assert values["size"] == sum((bundle / path).stat().st_size for path in paths)


def test_raw_text_is_not_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_pipeline().save(tmp_path / "b", Record(golden_source="test", golden_texts=["林清远"]))
    assert summarise(Bundle.open(tmp_path / "b")).raw_text
    assert main(["bundle", "show", str(tmp_path / "b")]) == 0
    assert "INSIDE: the golden examples are texts of the corpus" in capsys.readouterr().out


def test_own_code_is_told_even_if_the_config_is_silent(tmp_path: Path) -> None:
    make_pipeline().save(tmp_path / "b")
    (tmp_path / "b" / "model_code").mkdir()
    (tmp_path / "b" / "model_code" / "stranger.py").write_text("x = 1\n")
    write_filelist(tmp_path / "b" / "model_code")
    write_filelist(tmp_path / "b")
    assert summarise(Bundle.open(tmp_path / "b")).own_code == {"model_code/stranger.py": "stranger.py"}


def test_a_bundle_of_another_base_task_is_shown_too(tmp_path: Path) -> None:
    import numpy
    from safetensors.numpy import save

    write_sample_bundle(tmp_path / "b", weights=save({"a": numpy.zeros((3, 4), numpy.float32)}))
    summary = summarise(Bundle.open(tmp_path / "b"))
    assert (summary.parameters, summary.labels, summary.run, summary.golden_source) == (12, (), "a-run", "none")


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("trainer/config.json", {"metrics": 3, "data": [], "run": {"a": 1}, "golden": 7}),
        ("trainer/config.json", {"metrics": {"f1": "high", "f2": True, "f3": 1}}),
        ("model/encoding.json", {"labels": {"types": 5, "scheme": []}, "tokenizer": "x"}),
        ("model/encoding.json", {"labels": "none"}),
        ("model/config.json", {"code": [1], "model": {"name": 3}}),
    ],
)
def test_a_forged_card_is_no_traceback(
    bundle: Path, tmp_path: Path, file: str, values: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(bundle, tmp_path / "b")
    (folder / file).write_text(json.dumps(values))
    write_filelist((folder / file).parent)
    write_filelist(folder)
    assert main(["bundle", "show", str(folder)]) == 0
    assert "digest" in capsys.readouterr().out


def test_a_text_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_pipeline().save(tmp_path / "b", Record(run="r\x7f", data={"source": "x\ny"}))
    assert main(["bundle", "show", str(tmp_path / "b")]) == 0
    shown = capsys.readouterr().out
    assert "\x7f" not in shown and "x\ny" not in shown


def test_a_run_of_the_project(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    run = RunFolder.create(tmp_path / "data/check_points/demo_app/ner", seed=1, app="demo_app", task="ner", name="r1")
    run.begin("train")
    shutil.copytree(bundle, run.bundle)
    run.finish("train")
    run.write_result("train", {"best_score": 0.5})
    for words in ([], ["latest"], ["best"], ["r1"], [str(run.path)], ["r1", "--app", "demo_app", "--task", "ner"]):
        assert main(["bundle", "show", *words, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["digest"] == Bundle.open(bundle).digest
    assert main(["bundle", "show", "r2"]) == 5
    assert "there are: r1" in capsys.readouterr().err
    assert main(["bundle", "show", "r1", "--task", "other"]) == 5


def test_neither_a_bundle_nor_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["bundle", "show", "nothing"]) == 5
    assert "`nothing` is neither a bundle nor a run" in capsys.readouterr().err
    assert main(["bundle", "show", str(tmp_path)]) == 5
    assert "filelist.txt` is missing" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["show", "--help"], ["verify", "--help"], ["show", "{bundle}"]])
def test_light(bundle: Path, words: list[str]) -> None:
    said = [word.format(bundle=bundle) for word in words]
    code = (
        "import sys\nfrom tengjia.command.main import main\n"
        "try:\n    main(['bundle', *sys.argv[1:]])\n"
        "finally:\n    print([m for m in ('torch', 'transformers', 'pyarrow', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *said], capture_output=True, text=True, timeout=60)
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr
