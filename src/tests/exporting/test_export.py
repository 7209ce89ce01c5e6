"""`tengjia bundle export`: what is written answers as the bundle does, without torch; what does not is not written."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from src.tests.bundle.test_faults import Failing
from src.tests.exporting.conftest import TEXTS
from src.tests.exporting.test_verify import forge
from src.tests.pipeline.toy import CHARACTERS, make_pipeline
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.record import Record
from tengjia.command.main import main
from tengjia.data.cleaning import Cleaning
from tengjia.errors import CheckpointError, ConfigurationError, EnvironmentFault, TengjiaError
from tengjia.exporting import OnnxPipeline, export_bundle
from tengjia.exporting.folder import Exported
from tengjia.exporting.verification import verify_bundle

pytestmark = pytest.mark.slow

LONG = [CHARACTERS * 7, CHARACTERS[::-1] * 3, "林清远"]


def test_the_same_answers(bundle: Path, exported: Path) -> None:
    before, after = SequenceLabelingPipeline.load(bundle), OnnxPipeline.load(exported, threads=1)
    texts = [*TEXTS, *LONG, "", " ", "\x1b[2J 𠀀"]
    expected = before(texts)
    assert sum(map(len, expected)) > 100
    assert after(texts) == expected
    assert [after(text) for text in texts] == expected
    assert after(texts[::-1], batch_size=3) == expected[::-1]
    assert list(after.stream(iter(texts))) == expected
    assert after.labels == before.labels


def test_without_torch(exported: Path) -> None:
    code = (
        "import sys\nfrom tengjia.exporting import OnnxPipeline\n"
        "pipeline = OnnxPipeline.load(sys.argv[1], threads=1)\n"
        "print(len(pipeline('林清远，男' * 50)), [m for m in ('torch', 'transformers', 'onnx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(exported)], capture_output=True, text=True, timeout=60)
    count, _, modules = done.stdout.partition(" ")
    assert int(count) > 0 and modules == "[]\n", done.stdout + done.stderr


def test_what_is_in_the_folder(bundle: Path, exported: Path) -> None:
    assert {path.name for path in exported.iterdir()} == {
        *("model.onnx", "descriptor.json", "decoder.safetensors", "cleaning.json", "encoding"),
        *("golden.jsonl", "README.md", "model_card.md", "filelist.txt"),
    }
    values = json.loads((exported / "descriptor.json").read_text("utf-8"))
    assert values["graph"]["inputs"] == [
        {"name": "ids", "type": "int64", "shape": ["batch", "pieces"]},
        {"name": "mask", "type": "bool", "shape": ["batch", "pieces"]},
    ]
    assert values["graph"]["outputs"] == [{"name": "scores", "type": "float32", "shape": ["batch", "pieces", 13]}]
    assert values["preprocessing"] | {"room": 48, "overlap": 10, "tokenizer": "character"} == values["preprocessing"]
    assert values["postprocessing"]["tags"][:5] == ["O", "B-NAME", "M-NAME", "E-NAME", "S-NAME"]
    assert (exported / "golden.jsonl").read_text("utf-8") == (bundle / "golden.jsonl").read_text("utf-8")
    assert (exported / "model_card.md").read_bytes() == (bundle / "README.md").read_bytes()
    card = (exported / "README.md").read_text("utf-8")
    assert "| golden examples | 20 |" in card and "No text of the corpus is inside." in card


def test_the_graph_speaks_of_lengths(exported: Path) -> None:
    """A padded batch gives each text what it gets alone; the LSTM is one operator that is told the lengths."""
    import onnx
    import onnxruntime

    assert [node.op_type for node in onnx.load(exported / "model.onnx").graph.node].count("LSTM") == 1
    session = onnxruntime.InferenceSession(exported / "model.onnx", providers=["CPUExecutionProvider"])
    assert [axis for given in session.get_inputs() for axis in given.shape] == ["batch", "pieces"] * 2
    generator = numpy.random.default_rng(1)
    ids = generator.integers(2, 40, (5, 31))
    for row, length in enumerate((31, 1, 17, 2, 30)):
        mask = numpy.arange(31) < numpy.array([31, 1, 17, 2, 30])[:, None]
        (together,) = session.run(None, {"ids": numpy.where(mask, ids, 0), "mask": mask})
        (alone,) = session.run(None, {"ids": ids[row : row + 1, :length], "mask": mask[row : row + 1, :length]})
        numpy.testing.assert_allclose(together[row, :length], alone[0], atol=1e-6)


def test_a_tampered_export_is_refused(exported: Path, tmp_path: Path) -> None:
    for file in sorted(path for path in exported.rglob("*") if path.is_file()):
        folder = shutil.copytree(exported, tmp_path / file.name)
        victim = folder / file.relative_to(exported)
        victim.write_bytes(victim.read_bytes() + b"\n")
        with pytest.raises(CheckpointError):
            OnnxPipeline.load(folder)
    folder = shutil.copytree(exported, tmp_path / "more")
    (folder / "evil.py").write_text("x = 1\n")
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        OnnxPipeline.load(folder)
    assert caught.value.code == "bundle.unlisted"


FORGERIES: list[tuple[str, Any, str]] = [
    ("descriptor.json", {"format": 2}, "bundle.other_format"),
    ("descriptor.json", {"base_task": "chat"}, "bundle.other_task"),
    ("descriptor.json", {"graph": {}}, "exporting.bad_descriptor"),
    ("descriptor.json", {"graph": []}, "exporting.bad_descriptor"),
    ("descriptor.json", {"graph": {"opset": 18, "precision": "float32", "inputs": [{"name": "ids"}]}}, "exporting."),
    ("descriptor.json", {"postprocessing": {"decoder": "oracle", "repair": "lenient", "least_score": 1}}, "exporting."),
    ("descriptor.json", {"postprocessing": {"decoder": "crf", "repair": "x", "least_score": "a"}}, "exporting."),
    ("descriptor.json", {"origin": "../../x"}, "bundle.not_plain"),
    ("encoding/encoding.json", {"tokenizer": {"name": "no_such"}}, "bundle.unknown_module"),
    ("encoding/encoding.json", {"tokenizer": {"name": "character", "words": 3}}, "bundle.bad_parameter"),
    ("encoding/encoding.json", {"labels": {"scheme": "bmes", "types": ["A"]}}, "exporting.unfit"),
    ("cleaning.json", {"lower_case": 1}, "bundle.bad_parameter"),
    ("model.onnx", b"no graph", "exporting.bad_graph"),
    ("decoder.safetensors", b"\xff" * 100, "exporting.unfit"),
]


@pytest.mark.parametrize(("file", "change", "code"), FORGERIES, ids=[f"{f}-{str(c)[:40]}" for f, c, _ in FORGERIES])
def test_a_forged_export_is_refused(exported: Path, tmp_path: Path, file: str, change: Any, code: str) -> None:
    folder = shutil.copytree(exported, tmp_path / "x")
    if isinstance(change, bytes):
        (folder / file).write_bytes(change)
    else:
        (folder / file).write_text(json.dumps(json.loads((folder / file).read_text("utf-8")) | change), "utf-8")
    write_filelist(folder)
    with pytest.raises(TengjiaError) as caught:
        OnnxPipeline.load(folder)
    assert caught.value.code.startswith(code), caught.value
    assert caught.value.hint


def test_weights_elsewhere_are_not_read(exported: Path, tmp_path: Path) -> None:
    """A graph whose weights are said to stand in a file outside the folder."""
    import onnx

    folder = shutil.copytree(exported, tmp_path / "x")
    model = onnx.load(folder / "model.onnx")
    secret = tmp_path / "secret"
    tensor = next(tensor for tensor in model.graph.initializer if len(tensor.raw_data) > 100)
    secret.write_bytes(tensor.raw_data)
    onnx.external_data_helper.set_external_data(tensor, "../secret")
    tensor.ClearField("raw_data")
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        OnnxPipeline.load(folder)
    assert caught.value.code == "exporting.bad_graph"


def test_verify_and_show_know_exports(exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "verify", str(exported)]) == 0
    assert "20 golden examples" in capsys.readouterr().out
    assert main(["bundle", "show", str(exported)]) == 0
    assert "# An exported tagger" in capsys.readouterr().out
    assert main(["bundle", "show", str(exported), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["base_task"] == "sequence_labeling"
    assert len(verify_bundle(forge(exported, tmp_path / "x", score=0.0)).differences) == 1


@pytest.mark.parametrize(("weight", "shift"), [("model.output.bias", 3.0), ("model.output.bias", 0.02)])
def test_a_graph_that_answers_otherwise_is_not_written(
    bundle: Path, exported: Path, tmp_path: Path, weight: str, shift: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other entities, or other scores alone."""
    import onnx

    from tengjia.exporting import graph

    def spoilt(model: torch.nn.Module, file: Path, **_: Any) -> None:
        found = onnx.load(exported / "model.onnx")
        (tensor,) = (tensor for tensor in found.graph.initializer if tensor.name == weight)
        values = onnx.numpy_helper.to_array(tensor).copy()
        values[0] += shift
        tensor.CopyFrom(onnx.numpy_helper.from_array(values, weight))
        onnx.save(found, file)

    monkeypatch.setattr(graph, "write_graph", spoilt)
    with pytest.raises(CheckpointError) as caught:
        export_bundle(bundle, tmp_path / "x")
    assert caught.value.code == "exporting.differs"
    assert "of 20 texts otherwise than the bundle, so nothing was written; text 2 `林清远" in caught.value.message
    assert "-[" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_that_does_not_answer_as_it_did_is_not_exported(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        export_bundle(forge(bundle, tmp_path / "b", score=0.0), tmp_path / "x")
    assert caught.value.code == "bundle.golden_differs"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("opset", [0, 17, 24, -1])
def test_an_operator_set_that_there_is_not(
    bundle: Path, tmp_path: Path, opset: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bundle", "export", str(bundle), "--to", "onnx", str(tmp_path / "x"), "--opset", str(opset)]) == 2
    assert f"no operator set {opset}; allowed: 18 ... 23" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["onnx", "onnxscript", "onnxruntime"])
def test_a_missing_package_is_told(
    bundle: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda asked: None if asked == name else real(asked))
    assert main(["bundle", "export", str(bundle), "--to", "onnx", str(tmp_path / "x")]) == EnvironmentFault.exit_code
    told = capsys.readouterr().err
    assert f"the package {name} is not installed" in told and 'pip install "tengjia[onnx]"' in told


def test_loading_without_onnxruntime(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(EnvironmentFault) as caught:
        OnnxPipeline.load(exported)
    assert caught.value.code == "exporting.missing_package"


def test_what_is_no_export_is_not_replaced(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["bundle", "export", str(bundle), "--to", "onnx", str(tmp_path)]) == 5
    assert "something here that is no export" in capsys.readouterr().err
    assert main(["bundle", "export", str(bundle), "--to", "torchscript", str(tmp_path / "x")]) == 2
    assert "no format `torchscript`; there is: onnx" in capsys.readouterr().err


@pytest.mark.parametrize("place", ["", "onnx", "model/onnx"])
def test_a_bundle_is_not_written_into(bundle: Path, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "export", str(bundle), "--to", "onnx", str(bundle / place)]) == 5
    assert "an export cannot stand inside the bundle" in capsys.readouterr().err
    assert main(["bundle", "show", str(bundle), "--json"]) == 0


def test_nothing_to_quantise(
    bundle: Path,
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    copied = lambda model, file, **_: shutil.copy(exported / "model.onnx", file)  # noqa: E731
    monkeypatch.setattr("tengjia.exporting.graph.write_graph", copied)
    assert main(["bundle", "export", str(bundle), "--to", "onnx", str(tmp_path / "x"), "--int8"]) == 5
    assert "8 bits would win nothing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_cleaning_and_options_are_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = make_pipeline(maximum_length=48, overlap=10)
    settings = Cleaning.Config(replacements={r"https?://\S+ ?": "", "ｅ": "e"}, lower_case=True)
    from dataclasses import replace

    options = replace(plain.options, repair="strict", least_score=0.9)
    pipeline = SequenceLabelingPipeline(
        plain.model, plain.encoding, plain.blueprint, cleaning=Cleaning(settings), options=options
    )
    pipeline.save(tmp_path / "b", Record(golden_source="test", golden_texts=["林清https://a.b/c 远ABＣｅ硕士"]))
    words = ["bundle", "export", str(tmp_path / "b"), "--to", "onnx", str(tmp_path / "x"), "--json"]
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["passage"]["golden"]["texts"] == 1
    after = OnnxPipeline.load(tmp_path / "x")
    assert after.cleaning.config == settings and after.options == options
    assert after([*TEXTS, "林清https://a.b/c 远ABＣｅ硕士"]) == pipeline([*TEXTS, "林清https://a.b/c 远ABＣｅ硕士"])
    assert "raw texts of the corpus" in (tmp_path / "x" / "README.md").read_text("utf-8")
    made = (tmp_path / "x" / "model.onnx").read_bytes()
    monkeypatch.setattr("tengjia.exporting.graph.write_graph", lambda model, file, **_: file.write_bytes(made))
    assert main(words[:-1]) == 0  # an older export is replaced
    told = capsys.readouterr().out
    assert "written: " in told and "golden examples: 1 texts" in told and "a text alone takes" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "x"]


def test_a_full_disk_leaves_nothing(
    bundle: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each kind of call failing at some of its turns; the graph is the one that was made before."""
    from tengjia.exporting import graph

    monkeypatch.setattr(graph, "write_graph", lambda model, file, **_: shutil.copy(exported / "model.onnx", file))
    for name in ("fsync", "replace"):
        call = Failing(name)
        monkeypatch.setattr(os, name, call)
        export_bundle(bundle, tmp_path / "x")
        total, digest = call.count, Exported.open(tmp_path / "x").digest
        for number in (1, total - 2):
            call.count, call.fails = 0, number
            with pytest.raises(OSError) as caught:
                export_bundle(bundle, tmp_path / "y")
            assert caught.value.errno == errno.ENOSPC
            assert [path.name for path in tmp_path.iterdir()] == ["x"]
        monkeypatch.undo()
        monkeypatch.setattr(graph, "write_graph", lambda model, file, **_: shutil.copy(exported / "model.onnx", file))
        assert Exported.open(tmp_path / "x").digest == digest


def test_other_base_tasks_have_no_export(tmp_path: Path) -> None:
    from src.tests.bundle.sample import write_sample_bundle

    folder = write_sample_bundle(tmp_path / "b")
    (folder / "model" / "config.json").write_text(json.dumps({"base_task": "divination"}))
    write_filelist(folder / "model")
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        export_bundle(folder, tmp_path / "x")
    assert caught.value.code == "exporting.other_task"


def test_it_is_a_mistake_to_ask_for_no_operator_set(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        export_bundle(bundle, tmp_path / "x", opset=99)
