"""What a run is made with is written down."""

from __future__ import annotations

import json
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from tengjia.runs.environment import environment, git_state


def git(root: Path, *words: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *identity, *words], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_versions_and_machine(tmp_path: Path):
    found = environment(tmp_path)
    assert found["python"] == platform.python_version()
    assert found["versions"]["torch"] == metadata.version("torch")
    assert found["machine"]["cores"] >= 1 and found["machine"]["memory_bytes"] > 0 and found["machine"]["processor"]
    assert found["git"] is None
    json.dumps(found, allow_nan=False)


def test_processes_and_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import torch

    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    found = environment(tmp_path)
    assert found["processes"] == 4 and found["variables"]["OMP_NUM_THREADS"] == "3"
    assert found["torch"]["threads"] == torch.get_num_threads() and found["torch"]["cpu_capability"]


def test_git(tmp_path: Path):
    git(tmp_path, "init", "-q")
    assert git_state(tmp_path) is None
    (tmp_path / "a.txt").write_text("one")
    git(tmp_path, "add", "a.txt")
    git(tmp_path, "commit", "-q", "-m", "first")
    assert git_state(tmp_path) == {"commit": git(tmp_path, "rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "a.txt").write_text("two")
    first = git_state(tmp_path)
    assert first is not None and first["dirty"] and first["changed"] == ["a.txt"]
    (tmp_path / "a.txt").write_text("three")
    second = git_state(tmp_path)
    assert second is not None and second["difference_sha256"] != first["difference_sha256"]


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(tmp_path) is None
