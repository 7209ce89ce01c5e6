"""The record that a run leaves."""

from __future__ import annotations

import pytest

from tengjia.errors import CheckpointError
from tengjia.runs import RunFolder, select_run
from tengjia.runs.folder import runs_in


def run_in(folder, name, *, stage_state="finished", score=None, direction="max") -> RunFolder:
    run = RunFolder.create(folder, seed=1, app="demo_app", task="ner", name=name)
    run.begin("train")
    if stage_state:
        run.finish("train", stage_state)
    if score is not None:
        run.write_result("train", {"best_score": score, "direction": direction})
    return run


def test_two_runs_of_one_second_have_two_folders(tmp_path):
    first = RunFolder.create(tmp_path, seed=1, app="a", task="t", name="same")
    second = RunFolder.create(tmp_path, seed=1, app="a", task="t", name="same")
    assert (first.id, second.id) == ("same", "same-2")


def test_results_are_never_overwritten(tmp_path):
    run = run_in(tmp_path, "r")
    names = [run.write_result("test", {"entity_f1": value}).name for value in (0.1, 0.2, 0.3)]
    assert names == ["test_result.json", "test_result.2.json", "test_result.3.json"]


def test_metrics_survive_a_cut_line_and_a_repeated_step(tmp_path):
    run = run_in(tmp_path, "r")
    for step, loss in ((1, 3.0), (2, 2.0), (2, 2.5)):
        run.log_metrics(step, {"loss": loss})
    with open(run.path / "metrics.jsonl", "a", encoding="utf-8") as file:
        file.write('{"step": 3, "lo')
    assert [(point["step"], point["loss"]) for point in run.metrics()] == [(1, 3.0), (2, 2.5)]


def test_latest_is_the_latest_that_finished(tmp_path):
    run_in(tmp_path, "one")
    two = run_in(tmp_path, "two")
    run_in(tmp_path, "three", stage_state="failed")
    assert select_run(tmp_path, "latest").id == two.id


@pytest.mark.parametrize(("direction", "expected"), [("max", "b"), ("min", "a")])
def test_best_follows_the_direction(tmp_path, direction, expected):
    for name, score in (("a", 0.5), ("b", 0.9), ("c", 0.7)):
        run_in(tmp_path, name, score=score, direction=direction)
    assert select_run(tmp_path, "best").id == expected


def test_a_run_can_be_named_or_pointed_at(tmp_path):
    run = run_in(tmp_path / "here", "r")
    assert select_run(tmp_path / "here", "r").path == run.path
    assert select_run(tmp_path / "elsewhere", str(run.path)).path == run.path


def test_a_run_that_came_to_nothing_is_in_no_list(tmp_path, monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", "en")
    run_in(tmp_path, "good")
    run_in(tmp_path, "stopped", stage_state="interrupted")
    measured = run_in(tmp_path, "measured", stage_state="failed")
    measured.log_metrics(1, {"loss": 1.0})
    saved = run_in(tmp_path, "saved", stage_state="interrupted")
    (saved.checkpoints / "step-1").mkdir(parents=True)
    prepared = RunFolder.create(tmp_path, seed=1, app="a", task="t", name="prepared")
    prepared.begin("preprocess")
    prepared.finish("preprocess")
    assert not prepared.came_to_nothing()
    prepared.begin("train")
    prepared.finish("train", "failed", "no such file")
    assert prepared.about()["stages"]["train"]["reason"] == "no such file"
    unprepared = RunFolder.create(tmp_path, seed=1, app="a", task="t", name="unprepared")
    unprepared.begin("preprocess")
    unprepared.finish("preprocess", "interrupted")
    assert [run.id for run in runs_in(tmp_path)] == ["good", "measured", "saved"]
    assert len(runs_in(tmp_path, all_of_them=True)) == 6
    with pytest.raises(CheckpointError, match="there are: good, measured, saved "):
        select_run(tmp_path, "other")
    assert select_run(tmp_path, "stopped").id == "stopped"  # who names it means it


def test_none_finished_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", "en")
    run = run_in(tmp_path, "begun", stage_state=None)
    with pytest.raises(
        CheckpointError, match="finished stage train, so there is no `latest` one; unfinished: begun"
    ) as e:
        select_run(tmp_path, "latest")
    assert e.value.code == "run.none_finished" and "resume=auto" in e.value.hint
    run.finish("train")
    assert select_run(tmp_path, "latest").id == "begun"


def test_a_name_is_given_again_if_nothing_came_of_its_run(tmp_path):
    def again(name: str) -> str:
        return RunFolder.create(tmp_path, seed=2, app="a", task="t", name=name).id

    run_in(tmp_path, "failed", stage_state="failed")
    assert again("failed") == "failed" and RunFolder(tmp_path / "failed").about()["seed"] == 2
    run_in(tmp_path, "good")
    assert again("good") == "good-2"
    run_in(tmp_path, "of_sweep", stage_state="failed").describe(sweep="s")
    assert again("of_sweep") == "of_sweep-2"
    (tmp_path / "strange").mkdir()
    assert again("strange") == "strange-2" and (tmp_path / "strange").is_dir()


def test_an_unknown_run_names_those_that_exist(tmp_path):
    run_in(tmp_path, "first")
    with pytest.raises(CheckpointError, match="no run `frist`.*there are: first") as caught:
        select_run(tmp_path, "frist")
    assert caught.value.code == "run.not_found"
    assert "stage=train" in caught.value.hint


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", ".hidden", "a" * 129, "a\n", "名", "a b"])
def test_names_that_could_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(CheckpointError, match="not a run name"):
        RunFolder.create(tmp_path, seed=1, app="a", task="t", name=name or "/")
