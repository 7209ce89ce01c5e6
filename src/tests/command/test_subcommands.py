"""`tengjia list, show, copy, check, explain, completion`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.project import REPOSITORY, task_folder, write_project
from src.tests.command.test_hostile import edit
from tengjia.command.main import SUBCOMMANDS, main
from tengjia.command.subcommands.copy import registered_as
from tengjia.registry import REGISTRIES, Scope, set_scope


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    set_scope(Scope())


def test_list(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    for kind, registry in REGISTRIES.items():
        assert f"\n{kind}\n" in f"\n{out}" and all(f"  {name} " in out for name in registry.entries())
    assert main(["list", "models"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("model\n") and "bilstm_crf" in out and "adamw" not in out
    assert main(["list", "modle"]) == 2
    assert "did you mean `model`?" in capsys.readouterr().err


def test_show(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["show", "optimizer/adamw"]) == 0
    out = capsys.readouterr().out
    assert "optimizers/adamw.py:" in out and "optimizer.lr: float = 0.002" in out
    assert main(["show", "optimizer/adamv"]) == 2
    assert "did you mean `adam` or `adamw`?" in capsys.readouterr().err
    assert main(["show", "adamw"]) == 2
    assert "is not KIND/NAME" in capsys.readouterr().err


def test_sections_are_shown_too(capsys: pytest.CaptureFixture[str]):
    """Hints lead there: of each base task or task that has such a section."""
    assert main(["show", "section/encoding"]) == 0
    out = capsys.readouterr().out
    assert "sequence_labeling/encoding.py:" in out and "text_classification/encoding.py:" in out
    assert 'encoding.scheme: bio | bioes | bmes | biluo = "bmes"' in out
    assert main(["show", "section/distil"]) == 0
    out = capsys.readouterr().out
    assert "section/distil    model_distilling" in out and "distil.temperature: float = 2.0    (" in out
    assert main(["show", "section/distill"]) == 2
    assert "did you mean `distil`?" in capsys.readouterr().err


@pytest.mark.parametrize("kind", REGISTRIES)
def test_everything_can_be_shown(kind: str, capsys: pytest.CaptureFixture[str]):
    for name in REGISTRIES[kind].entries():
        assert main(["show", f"{kind}/{name}"]) == 0
        assert f"{kind}/{name}" in capsys.readouterr().out


def test_a_copy_is_used_at_once(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["copy", "schedule/cosine"]) == 0
    target = root / "src" / "modules" / "optimizers" / "schedules" / "cosine.py"
    assert str(target) in capsys.readouterr().out
    assert 'register("cosine", override=True)' in target.read_text("utf-8")
    set_scope(Scope(root))
    assert REGISTRIES["schedule"].find("cosine").file == target
    assert REGISTRIES["schedule"].schema("cosine").override
    assert main(["copy", "schedule/cosine"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_copy_under_another_name(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["copy", "reader/columns", "my_columns"]) == 0
    set_scope(Scope(root))
    assert (
        REGISTRIES["reader"].schema("my_columns").parameters.keys()
        == REGISTRIES["reader"].schema("columns").parameters.keys()
    )
    assert main(["copy", "reader/columns", "../x"]) == 2
    assert "cannot name a module" in capsys.readouterr().err
    assert main(["check"]) == 0


def test_registration_is_all_that_changes():
    text = '@models.register("a")\nclass A:\n    x = \'register("a")\'\n'
    assert registered_as(text, "a", "b") == text.replace('models.register("a")', 'models.register("b")', 1)


def test_check(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check"]) == 0
    assert "1 task(s) checked, 0 with mistakes" in capsys.readouterr().out
    edit(task_folder(root) / "config_task_training.yaml", "optimizer:\n  lrr: 1\n")
    edit(task_folder(root) / "config_task_testing.yaml", "apply:\n  txt: x\n")
    assert main(["check", "demo_app"]) == 2
    told = capsys.readouterr()
    assert "demo_app/ner: 2 mistake(s)" in told.out
    assert "training.yaml:24: optimizer.lrr" in told.err and "testing.yaml:15: apply.txt" in told.err
    assert main(["check", "demo"]) == 2
    assert main(["check", "demo_app", "nre"]) == 2
    assert "did you mean `ner`?" in capsys.readouterr().err


def test_check_finds_what_only_composing_shows(root: Path, capsys: pytest.CaptureFixture[str]):
    edit(task_folder(root) / "config_task_training.yaml", "optimizer:\n  lr: ${app}\n")
    assert main(["check"]) == 2
    assert "config.wrong_type" in capsys.readouterr().err


def test_the_demo_of_this_repository_has_no_mistake(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(REPOSITORY)
    assert main(["check"]) == 0, capsys.readouterr().err


def test_explain(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["explain", "reader.scheme"]) == 0
    assert capsys.readouterr().out.startswith(
        'reader.scheme = "bmes"    (src/applications/demo_app/tasks/ner/config_task_training.yaml:22)'
    )
    assert main(["explain", "seed", "seed=5", "stage=test"]) == 0
    assert capsys.readouterr().out == "seed = 5    (command line)\n"
    assert main(["explain", "seed", "sed=5"]) == 2


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ([""], SUBCOMMANDS),
        (["sh"], ["show"]),
        (["show", "model/bilstm_c"], ["model/bilstm_crf"]),
        (["list", "op"], ["optimizer"]),
        (["check", ""], ["demo_app"]),
        (["startmodule", "op"], ["optimizer"]),
        (["starttask", ""], ["demo_app"]),
        (["starttask", "demo_app", ""], []),
        (["check", "demo_app", "n"], ["ner"]),
        (["doctor", "x"], []),
    ],
)
def test_completion(root: Path, typed: list[str], offered: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["completion", "words", "--", *typed]) == 0
    assert capsys.readouterr().out.split() == list(offered)


def test_completion_in_a_shell(root: Path):
    script = 'eval "$(tengjia completion bash)"; COMP_WORDS=(tengjia show model/bilstm_c); COMP_CWORD=2; _tengjia; echo "${COMPREPLY[@]}"'
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, cwd=root, env={"PATH": path}, timeout=30
    )
    assert done.stdout == "model/bilstm_crf\n", done.stderr
