"""What differs between two runs."""

from __future__ import annotations

import pytest

from tengjia.command.main import main
from tengjia.command.subcommands.diff import compare, differences
from tengjia.runs import RunFolder


@pytest.mark.parametrize(
    ("first", "second", "rows"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 3}, ["  a: 1 -> 3  (+2)"]),
        ({"m": {"lr": 0.001}}, {"m": {"lr": 0.0015}}, ["  m.lr: 0.001 -> 0.0015  (+0.0005)"]),
        ({"a": True}, {"a": False}, ["  a: True -> False"]),
        ({"a": None}, {}, ["  a: None -> -"]),
        ({}, {"b": "x"}, ["  b: - -> x"]),
    ],
)
def test_differences(first, second, rows):
    assert differences(first, second) == rows


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "config_project.yaml").write_text("app: demo_app\ntask: ner\ncheck_point_root: runs\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_with(project, name, rate, score):
    run = RunFolder.create(project / "runs/demo_app/ner", seed=1, app="demo_app", task="ner", name=name)
    run.begin("train")
    run.write("config", {"values": {"stage": "train", "optimizer": {"lr": rate}}, "origins": {}})
    run.write_result("train", {"best_score": score})
    run.finish("train")


def test_the_command_tells_config_and_scores(project, capsys):
    run_with(project, "one", 1e-3, 0.9)
    run_with(project, "two", 3e-3, 0.92)
    assert main(["diff", "one", "two"]) == 1
    told = capsys.readouterr().out
    assert "one  ->  two" in told
    assert "optimizer.lr: 0.001 -> 0.003  (+0.002)" in told
    assert "best_score: 0.9 -> 0.92  (+0.02)" in told


def test_the_same_run_does_not_differ(project, capsys):
    run_with(project, "one", 1e-3, 0.9)
    assert main(["diff", "one", "one"]) == 0
    assert "no difference" in capsys.readouterr().out


def test_an_unknown_run_is_told(project, capsys):
    run_with(project, "one", 1e-3, 0.9)
    assert main(["diff", "one", "onne"]) == 5
    assert "no run `onne`" in capsys.readouterr().err


def test_outside_a_project(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["diff", "a", "b"]) == 2
    assert "no config_project.yaml in" in capsys.readouterr().err


def test_results_of_one_run_only_are_not_listed(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    (second / "test_result.json").write_text('{"entity_f1": 0.9, "entity_recall": 0.9}')
    assert dict(compare(first, second))["test results"] == ["  only second has any"]
