"""A tagging that was stopped, killed or ran out of room goes on, and its output is the same to the byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tengjia.base_tasks.sequence_labeling import apply as stage_apply
from tengjia.base_tasks.stages import answering
from tengjia.base_tasks.stages.answers_file import AnswersFile
from tengjia.errors import DataError, EnvironmentFault, Interrupted
from tengjia.runs import RunFolder
from tengjia.utilities.signals import StopRequest

from .project import TEXTS, make_run, settings

pytestmark = pytest.mark.slow

CHILD = """
import sys, time
from pathlib import Path
from tengjia.base_tasks.sequence_labeling import apply
from tengjia.base_tasks.stages import answering
from tengjia.base_tasks.stages.answers_file import AnswersFile
from tengjia.runs import RunFolder
from src.tests.pipeline.project import settings
import torch

torch.set_num_threads(1)
answering.QUESTIONS_AT_ONCE = 20
add = AnswersFile.add
def slowly(self, portion):
    add(self, portion)
    time.sleep(0.05)
AnswersFile.add = slowly
root = Path(sys.argv[1])
values = {"device": "cpu", "input": str(root / "in.jsonl"), "format": sys.argv[2], "batch_size": 7}
apply(settings(root, apply=values), RunFolder(root / "check_points" / "demo_app" / "ner" / "r"))
"""
ENDINGS = {"jsonl": "in.entities.jsonl", "label_studio": "in.tasks.json"}


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "QUESTIONS_AT_ONCE", 20)
    monkeypatch.setenv("TENGJIA_LANG", "en")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    import json

    lines = [json.dumps({"text": text[: 5 + number % 23]}) for number, text in enumerate(TEXTS * 20)]
    lines[100] = "no json"
    (tmp_path / "in.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return make_run(tmp_path, "r")


def tag(root: Path, run: RunFolder, kind: str = "jsonl", **values: Any) -> dict[str, Any]:
    wanted = {"device": "cpu", "input": str(root / "in.jsonl"), "format": kind, "batch_size": 7, **values}
    return stage_apply(settings(root, apply=wanted), run)


def content(path: Path) -> dict[str, bytes]:
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


def left(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if path.name.startswith(".tengjia-"))


def stop_after(monkeypatch: pytest.MonkeyPatch, checks: int) -> None:
    """Let the stage be asked to stop at a certain place."""
    asked = iter(range(checks))

    def check(self: StopRequest, saved: str = "") -> None:
        if next(asked, None) is None:
            raise Interrupted(15, saved)

    monkeypatch.setattr(StopRequest, "check", check)


@pytest.mark.parametrize("kind", ["jsonl", pytest.param("label_studio", marks=pytest.mark.slow)])
def test_killed_anywhere_it_goes_on_to_the_same_bytes(tmp_path: Path, run: RunFolder, kind: str) -> None:
    whole = tag(tmp_path, run, kind)
    output = tmp_path / ENDINGS[kind]
    expected = content(output)
    assert len(expected) > 0 and whole["texts"] == 599 and whole["rejects"] == 1 and left(tmp_path) == []
    output.rename(tmp_path / "whole")
    journal = tmp_path / f".tengjia-{output.name}.part"
    command = [sys.executable, "-c", CHILD, str(tmp_path), kind]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, env={**os.environ, "OMP_NUM_THREADS": "1"}) as process:
        deadline = time.monotonic() + 60
        while not (journal.is_file() and journal.read_bytes().count(b'{"texts"') > 4) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    kept = journal.read_bytes().count(b'{"texts"')
    assert kept > 4 and not output.exists()
    with open(journal, "ab") as file:
        file.write(b'[{"text": "half')
    assert tag(tmp_path, run, kind) == whole
    assert content(output) == expected and left(tmp_path) == []


@pytest.mark.parametrize("checks", [0, 3, 40, 90])
def test_stopped_anywhere_it_says_what_is_kept(
    tmp_path: Path, run: RunFolder, checks: int, caplog: pytest.LogCaptureFixture
) -> None:
    whole = tag(tmp_path, run)
    expected = (tmp_path / ENDINGS["jsonl"]).read_bytes()
    caplog.clear()
    caplog.set_level("INFO")
    with pytest.MonkeyPatch.context() as patch:
        stop_after(patch, checks)
        with pytest.raises(Interrupted) as caught:
            tag(tmp_path, run)
    kept = 599 if checks == 90 else 20 * (checks // 3)
    assert f"{kept} texts are answered and kept" in caught.value.message
    assert "the same command goes on from there; apply.resume=never begins anew" in caught.value.hint
    (tmp_path / ENDINGS["jsonl"]).unlink()
    assert tag(tmp_path, run) == whole
    assert (f"going on after {kept} texts" in caplog.text) == bool(kept)
    assert (tmp_path / ENDINGS["jsonl"]).read_bytes() == expected


@pytest.mark.parametrize(
    ("change", "differs"),
    [({"batch_size": 8}, "settings"), ({"input": None}, "input"), ({"resume": "never"}, "")],
    ids=["settings", "input", "never"],
)
def test_another_tagging_begins_anew(
    tmp_path: Path, run: RunFolder, change: dict[str, Any], differs: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stop_after(patch, 30)
        with pytest.raises(Interrupted):
            tag(tmp_path, run)
    assert left(tmp_path) == [".tengjia-in.entities.jsonl.part", ".tengjia-in.entities.jsonl.part.json"]
    if differs == "input":
        with open(tmp_path / "in.jsonl", "a", encoding="utf-8") as file:
            file.write('{"text": "一"}\n')
        change = {}
    caplog.set_level("INFO")
    tag(tmp_path, run, **change)
    assert "going on after" not in caplog.text
    assert (f"this one is another: {differs}" in caplog.text) == bool(differs)
    assert left(tmp_path) == []


def test_bad_lines_are_told_again(tmp_path: Path, run: RunFolder) -> None:
    with pytest.MonkeyPatch.context() as patch:
        stop_after(patch, 60)
        with pytest.raises(Interrupted):
            tag(tmp_path, run)
    assert tag(tmp_path, run)["rejects"] == 1
    assert '"line": 101' in (tmp_path / "in.entities.jsonl.rejects.jsonl").read_text("utf-8")


def test_an_output_that_cannot_be_written_is_told(
    tmp_path: Path, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in_the_way").touch()
    with pytest.raises(EnvironmentFault) as caught:
        tag(tmp_path, run, output=str(tmp_path / "in_the_way" / "out.jsonl"))
    assert caught.value.code == "pipeline.not_written" and "apply.output=FILE" in caught.value.hint
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "无法写出结果" in caught.value.message


def test_one_process_at_a_time(tmp_path: Path, run: RunFolder) -> None:
    words = "another process is writing this output"
    with AnswersFile(tmp_path / ENDINGS["jsonl"], {}).alone(), pytest.raises(DataError, match=words):
        tag(tmp_path, run)
    assert tag(tmp_path, run)["texts"] == 599


@pytest.mark.parametrize("cut", range(0, 800, 37))
def test_what_is_damaged_is_answered_again(tmp_path: Path, cut: int) -> None:
    """Whatever is cut off or changed: the texts that count are the first ones, each as it was answered."""
    answers = [[{"text": "张三", "type": "NAME"}], [], {"texts": 3, "label": "文"}, "a", None, 0.25]
    file = AnswersFile(tmp_path / "out", {"input": "x"})
    for answer in answers:
        file.add([answer, []])
    whole = file.path.read_bytes()
    for damaged in (whole[:cut], whole[:cut] + b"\0" + whole[cut + 1 :]):
        file.path.write_bytes(damaged)
        again = AnswersFile(tmp_path / "out", {"input": "x"})
        again.take_up()
        assert again.texts % 2 == 0 and again.texts <= 12
        assert list(again.answers()) == [one for answer in answers for one in (answer, [])][: again.texts]
