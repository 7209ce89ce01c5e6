"""`tengjia bundle verify`: files and answers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from src.tests.bundle.sample import write_sample_bundle
from src.tests.pipeline.toy import make_pipeline
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.command.main import main
from tengjia.errors import CheckpointError
from tengjia.exporting.verification import verify_bundle


def forge(bundle: Path, folder: Path, **changes: float) -> Path:
    """A copy whose first golden entity is changed, its lists true."""
    shutil.copytree(bundle, folder)
    lines = [json.loads(line) for line in (folder / "golden.jsonl").read_text("utf-8").splitlines()]
    first = next(line for line in lines if line["answer"])
    first["answer"][0] |= changes
    (folder / "golden.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    write_filelist(folder)
    return folder


def test_a_sound_bundle(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.stat().st_mtime_ns for file in bundle.rglob("*")}
    assert main(["bundle", "verify", str(bundle)]) == 0
    told = capsys.readouterr().out
    assert "names, sizes and SHA-256 are right" in told and "20 golden examples are answered as on the day" in told
    assert main(["bundle", "verify", str(bundle), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differences"] == []
    assert {file: file.stat().st_mtime_ns for file in bundle.rglob("*")} == before


def test_a_changed_byte(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shutil.copytree(bundle, tmp_path / "b")
    content = bytearray((folder / "model" / "weights.safetensors").read_bytes())
    content[-1] ^= 1
    (folder / "model" / "weights.safetensors").write_bytes(content)
    assert main(["bundle", "verify", str(folder)]) == 5
    assert "weights.safetensors: the file is not the one that was written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "tolerance", "code"),
    [
        ({"score": 0.0}, 1e-3, 5),
        ({"end": 40}, 1e-3, 5),
        ({"type": "职务?"}, 1.0, 5),
        ({"score": 0.0}, 1.0, 0),
    ],
)
def test_another_answer(
    bundle: Path,
    tmp_path: Path,
    changes: dict[str, float],
    tolerance: float,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = forge(bundle, tmp_path / "b", **changes)
    assert main(["bundle", "verify", str(folder), "--tolerance", str(tolerance)]) == code
    told = capsys.readouterr()
    if code:
        assert "1 golden examples are answered otherwise here" in told.err
        assert "–" in told.err and "-[" in told.err and "+[" in told.err
        assert main(["bundle", "verify", str(folder), "--tolerance", str(tolerance), "--json"]) == code
        (difference,) = json.loads(capsys.readouterr().out)["differences"]
        assert difference[1] in (folder / "golden.jsonl").read_text("utf-8").encode().decode("unicode_escape")


def test_without_golden_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_pipeline().save(tmp_path / "b")
    assert main(["bundle", "verify", str(tmp_path / "b")]) == 0
    assert "only its files could be verified" in capsys.readouterr().out


def test_a_base_task_that_nobody_knows(tmp_path: Path) -> None:
    folder = write_sample_bundle(tmp_path / "b")
    file = folder / "model" / "config.json"
    file.write_text(json.dumps({"base_task": "divination"}))
    write_filelist(folder / "model")
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        verify_bundle(folder)
    assert caught.value.code == "bundle.other_task" and "`divination`" in caught.value.message


def test_the_pipeline_of_a_base_task(bundle: Path) -> None:
    assert type(load_pipeline(bundle)).__name__ == "SequenceLabelingPipeline"
