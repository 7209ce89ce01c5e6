"""`tengjia store ...` as typed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tengjia.command.main import main
from tengjia.command.subcommands.store import ACTIONS

from .conftest import files_of, write_model


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENGJIA_STORE", str(tmp_path / "store"))


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["store", *words]) == code, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_session(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "ls") == f"no models in {tmp_path / 'store'}\n"
    assert said(
        capsys, "push", "ner", "1.0", str(model), "--note", "first", "--publish", "--alias", "production"
    ).startswith("pushed ner 1.0: 4 files, ")
    write_model(model, "two")
    said(capsys, "push", "ner", "1.1", str(model), "--exclude", "*.txt")
    assert re.match(r"ner  2  [\d.]+ KiB  private\n", said(capsys, "ls"))
    lines = said(capsys, "ls", "ner").splitlines()
    assert re.match(r"1\.0  r1  published  .*<- production", lines[0]) and "draft" in lines[1]
    shown = said(capsys, "show", "ner", "production")
    assert "first" in shown and "weights.bin" in shown
    assert said(capsys, "diff", "ner", "1.0", "1.1", code=1).splitlines()[-1] == "1 files are the same"
    said(capsys, "diff", "ner", "1.0", "production")
    said(capsys, "alias", "ner", "production", "1.1")
    assert [line.split()[0] for line in said(capsys, "alias", "ner", "production").splitlines()] == ["1.0", "1.1"]
    assert said(capsys, "tag", "ner", "1.1", "--add", "a", "--add", "b") == "a b\n"
    assert said(capsys, "note", "ner", "1.1", "好") == "好\n"
    assert "verified" in said(capsys, "pull", "ner", "production", str(tmp_path / "out"))
    assert len(files_of(tmp_path / "out")) == 2
    assert "publish" in said(capsys, "log", "ner")
    assert json.loads(said(capsys, "show", "ner", "--json"))["name"] == "1.1"
    assert [row["name"] for row in json.loads(said(capsys, "ls", "ner", "--json"))] == ["1.0", "1.1"]
    assert json.loads(said(capsys, "ls", "--json")) == [{"model": "ner", "versions": 2}]
    assert len(json.loads(said(capsys, "log", "ner", "--json"))) == 8
    assert said(capsys, "visibility", "ner", "public") == "public\n"
    assert said(capsys, "quota", "ner", "1").endswith("/ 1.0 GiB\n") and said(capsys, "quota", "ner").endswith("/ -\n")
    said(capsys, "alias", "ner", "production", "--remove")
    assert said(capsys, "remove", "ner", "1.1") == "ner 1.1 is removed\n"
    assert said(capsys, "verify").endswith(" 0 problems\n")
    assert said(capsys, "gc", "--dry-run").startswith("would keep")
    assert said(capsys, "gc").startswith("kept")


def test_what_is_refused(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "push", "ner", "1.0", str(model), "--publish")
    write_model(model, "two")
    for words, code, message in (
        (["push", "ner", "1.0", str(model)], 7, "is published and cannot change"),
        (["pull", "ner", "2", str(tmp_path / "out")], 7, "has no version or alias `2`"),
        (["pull", "../x", "1.0", str(tmp_path / "out")], 7, "is not a valid model name"),
        (["show", "nex"], 7, "did you mean `ner`"),
        (["--store", "http://127.0.0.1:1", "verify"], 7, "is a server"),
        (["--store", "nothing://x", "ls"], 6, "needs a package"),
        (["token", "remove", "x"], 7, "no token with the id"),
    ):
        assert main(["store", *words]) == code
        captured = capsys.readouterr()
        assert message in captured.err and "Traceback" not in captured.err


def test_damage_is_told(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "push", "ner", "1.0", str(model))
    for file in (tmp_path / "store/objects").rglob("*"):
        if file.is_file() and file.stat().st_size == 3000:
            file.write_bytes(bytes(3000))
    assert said(capsys, "verify", code=7).endswith(" 1 problems\n")
    said(capsys, "verify", "ner", "--quick")


def test_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    secret = said(
        capsys, "token", "add", "--scope", "write", "--model", "ner*", "--days", "3", "--note", "张三"
    ).strip()
    line = said(capsys, "token", "ls")
    assert re.match(r"[0-9a-f]{16}  write  ner\*  2\d{3}-.*  张三\n", line) and secret not in line
    said(capsys, "token", "remove", line.split()[0])
    assert said(capsys, "token", "ls") == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_of_every_action(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", language)
    for action in ACTIONS:
        with pytest.raises(SystemExit) as stopped:
            main(["store", action, "--help"])
        shown = capsys.readouterr().out
        assert stopped.value.code == 0 and "--store" in shown
        assert bool(re.search(r"[\u4e00-\u9fff]", shown)) == (language == "zh")


@pytest.mark.parametrize("words", [["store", "--help"], ["store", "ls"]], ids=" ".join)
def test_nothing_heavy_is_imported(words: list[str], tmp_path: Path) -> None:
    code = f"import sys; from tengjia.command.main import main\ntry: main({words!r})\nexcept SystemExit: pass\nprint(sorted(m for m in ('torch', 'numpy', 'pandas', 'transformers', 'fsspec', 'ssl', 'http.server') if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TENGJIA_LANG": "en"},
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.slow
def test_serve_until_told_to_stop(model: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tengjia.command.main", "store"]
    environment = {**os.environ, "TENGJIA_LANG": "en"}
    subprocess.run([*command, "push", "ner", "1.0", str(model)], check=True, capture_output=True, env=environment)
    secret = subprocess.run(
        [*command, "token", "add"], check=True, capture_output=True, text=True, env=environment
    ).stdout.strip()
    with subprocess.Popen(
        [*command, "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout is not None and server.stderr is not None
        url = server.stdout.readline().rpartition(" ")[2].strip()
        subprocess.run(
            [*command, "--store", url, "pull", "ner", "1.0", str(tmp_path / "out")], check=True, capture_output=True, env={**environment, "TENGJIA_STORE_TOKEN": secret}
        )  # fmt: skip
        server.send_signal(signal.SIGTERM)
        rest, log = server.communicate(timeout=30)
    assert files_of(tmp_path / "out") == files_of(model)
    assert server.returncode == 0 and rest == "stopped\n" and "Traceback" not in log and secret not in log
