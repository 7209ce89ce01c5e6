"""What a newcomer does on the first day: empty files, folders for files, odd locales, full disks. All told in words."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from src.tests.command.project import run_modeling, task_folder, write_project
from tengjia.command import encodings
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.exits import told
from tengjia.command.reading import make_plan
from tengjia.errors import Problem


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path)


def problems(root: Path, *words: str) -> list[Problem]:
    return check_plan(make_plan(root, read_arguments(words)))


def codes(found: list[Problem]) -> list[str]:
    return [problem.code for problem in found]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", ["config.unsaid"]),
        (b"# nothing\n", ["config.unsaid"]),
        (b"task: ner\n", ["config.unsaid"]),
        (b"app: demo_app\n", ["config.unsaid"]),
        (b"just text\n", ["config.not_a_mapping"]),
        (b"\xff\xfe\0", ["config.not_utf8"]),
        (None, ["config.unreadable_file"]),
    ],
)
def test_a_project_file_that_says_too_little(root: Path, content: bytes | None, expected: list[str]):
    (root / "config_project.yaml").unlink()
    if content is None:
        (root / "config_project.yaml").mkdir()
    else:
        (root / "config_project.yaml").write_bytes(content)
    assert codes(problems(root)) == expected


def test_what_is_unsaid_is_named(root: Path, monkeypatch: pytest.MonkeyPatch):
    (root / "config_project.yaml").write_text("", "utf-8")
    assert "config_project.yaml: app: nothing says which `app`; there are: demo_app" in str(problems(root)[0])
    assert "`app: demo_app` in config_project.yaml, or app=demo_app" in problems(root)[0].hint
    assert problems(root, "app=demo_app", "task=ner", "stage=train") == []
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert problems(root, "app=demo_app")[0].message == "没有指定 `task`；现有：ner"


def test_an_empty_task_file(root: Path):
    file = task_folder(root) / "config_task_training.yaml"
    file.write_text("# to be written\n", "utf-8")
    found = problems(root)
    assert codes(found) == ["config.empty_file"]
    assert "config_task_training.yaml: this file says nothing" in str(found[0]) and "copy that of" in found[0].hint


def test_a_step_of_a_base_task_that_no_file_names(root: Path):
    step = task_folder(root) / "train_model.py"
    step.write_text(
        "from tengjia.base_tasks import sequence_labeling\n\n\ndef train_model(config, run): ...\n", "utf-8"
    )
    assert problems(root) == []
    file = task_folder(root) / "config_task_training.yaml"
    file.write_text("seed: 1\n", "utf-8")
    found = problems(root)
    assert codes(found) == ["config.base_task_unsaid"] and found[0].hint == "write `base_task: sequence_labeling`"
    assert "train_model.py calls the base task `sequence_labeling`, but no file names it" in found[0].message


@pytest.mark.parametrize(
    ("setting", "code", "hint"),
    [("check_point_root=a_file", "run.no_folder", "check_point_root"), ("log_root=a_file/x", "run.no_log", "log_root")],
)
def test_a_file_where_a_folder_should_be(root: Path, setting: str, code: str, hint: str):
    (root / "a_file").touch()
    done = run_modeling(root, setting)
    assert done.returncode == 6 and f"[{code}]" in done.stderr and "Traceback" not in done.stderr
    assert f"set {hint} to a folder that can be written" in done.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_what_the_system_refuses_is_no_mistake_of_ours(
    number: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def refused() -> int:
        raise OSError(number, os.strerror(number), "/full/run.json")

    assert told(refused) == 6
    error = capsys.readouterr().err
    assert f"error: /full/run.json: the system refuses: {os.strerror(number)} [command.refused]" in error
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert told(refused) == 6 and "系统拒绝操作" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: ..."),
        RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    ],
    ids=["python", "processor", "gpu"],
)
def test_want_of_memory_is_told(error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    def starved() -> int:
        raise error

    assert told(starved) == 6
    said = capsys.readouterr().err
    assert "there is not enough memory: " in said and "lower trainer.batch_size" in said and "Traceback" not in said
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert told(starved) == 6 and "内存不足" in capsys.readouterr().err


def test_a_bug_stays_a_bug(capsys: pytest.CaptureFixture[str]):
    def bug() -> int:
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")

    assert told(bug) == 70 and "mistake of Tengjia" in capsys.readouterr().err


def test_a_second_interrupt_says_what_is_lost(capsys: pytest.CaptureFixture[str]):
    def impatient() -> int:
        raise KeyboardInterrupt

    assert told(impatient) == 130 and "stopped at once" in capsys.readouterr().err


def test_a_terminal_that_lacks_a_sign(monkeypatch: pytest.MonkeyPatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    encodings.speak_to_any_terminal()
    print("✓ 张三")
    sys.stdout.flush()
    assert raw.getvalue().decode("gbk").split() == ["?", "张三"]


def test_a_locale_of_another_encoding(tmp_path: Path):
    """A path in Chinese below a locale that knows only ASCII: the run is written, and in UTF-8."""
    root = tmp_path / "我的 项目"
    write_project(root)
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run_modeling(root, "run=mine", **plain)
    assert done.returncode == 0, done.stderr
    config = json.loads((root / "data/check_points/demo_app/ner/mine/config.json").read_text("utf-8"))["config"]
    assert config["dataset_root"] == str(root / "resources" / "datasets")


def test_utf8_is_asked_for_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[Any] = []
    monkeypatch.setattr(encodings.os, "execve", lambda *given: asked.append(given))
    monkeypatch.setattr(encodings.sys, "getfilesystemencoding", lambda: "gbk")
    monkeypatch.delenv("PYTHONUTF8", raising=False)
    encodings.in_utf8()
    (executable, words, environment), *_ = asked
    assert executable == words[0] == sys.executable and environment["PYTHONUTF8"] == "1"
    monkeypatch.setenv("PYTHONUTF8", "1")
    encodings.in_utf8()
    assert len(asked) == 1


def test_no_home(root: Path):
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    command = [sys.executable, str(root / "run_modeling.py"), "run=mine"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
