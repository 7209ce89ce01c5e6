"""Stage `cross_validate`: every example judged once by a model that never saw it; what is finished is never done again."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tengjia.base_tasks.sequence_labeling import cross_validate
from tengjia.base_tasks.sequence_labeling import test as stage_test
from tengjia.base_tasks.stages import cross_validation
from tengjia.base_tasks.stages.fold_report import Folds
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.reading import make_plan
from tengjia.command.run_choice import _of_its_kind as of_its_kind
from tengjia.command.run_choice import unfinished_cross_validations, unfinished_runs
from tengjia.command.subcommands.list import _row
from tengjia.config import Settings
from tengjia.errors import CheckpointError, DataError, Interrupted
from tengjia.runs import RunFolder, select_run

ROOT = Path(__file__).parents[3]
SENTENCES = 90
pytestmark = pytest.mark.slow


def command(folder: Path, *more: str) -> subprocess.Popen[str]:
    """A small cross-validation below a folder, by the real command line."""
    places = {"check_point_root": "runs", "log_root": "logs", "cache_root": "cache", "dataset_root": "datasets"}
    words = ["task=ner", "stage=cross_validate", "folds=3", "model.embedding_size=8", "model.hidden_size=8"]
    words += [
        "trainer.threads=1",
        "trainer.device=cpu",
        "trainer.max_steps=14",
        "trainer.batch_size=10",
        "optimizer.lr=0.03",
        "schedule=constant",
        "dataset.development=[]",
        "dataset.test=[]",
    ]
    words += ["dataset.train=[ner/train.jsonl]", "reader=json_lines", "reader.extra=[author]", "golden.source=none"]
    roots = [f"{key}={folder / name}" for key, name in places.items()]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TENGJIA_LANG": "en"}
    arguments = [sys.executable, str(ROOT / "run_modeling.py"), *words, *roots, *more]
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def write_corpus(folder: Path) -> None:
    """Sentences that are quickly learnt, each of one of ten authors."""
    lines = []
    for number in range(SENTENCES):
        name, place = "赵钱孙李周吴"[number % 6] + "明华"[number % 2], "东西南"[number % 3] + "云山市"
        text = f"{name}住在{place}。" if number % 4 else f"今天{place}下雨了。"
        spans = [{"start": text.index(place), "end": text.index(place) + 4, "type": "LOC"}]
        spans = [{"start": 0, "end": 2, "type": "NAME"}, *spans] if number % 4 else spans
        text += "" if number % 7 else "真的。"
        lines.append(json.dumps({"text": text, "spans": spans, "author": f"a{number % 10}"}, ensure_ascii=False))
    (folder / "datasets/ner").mkdir(parents=True)
    (folder / "datasets/ner/train.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which one cross-validation has come to its end."""
    folder = tmp_path_factory.mktemp("folds")
    write_corpus(folder)
    process = command(folder, "run=whole", "group=author")
    printed, _ = process.communicate(timeout=240)
    assert process.returncode == 0, printed
    (folder / "printed.txt").write_text(printed, "utf-8")
    return folder


def whole(workplace: Path) -> RunFolder:
    return select_run(workplace / "runs/demo_app/ner", "whole", stage="cross_validate")


def held_out(run: RunFolder) -> list[set[int]]:
    """Of each fold the lines that were held out."""
    files = sorted(run.folds.glob("*/held_out.jsonl"))
    return [{json.loads(line)["line"] for line in file.read_text("utf-8").splitlines()} for file in files]


def result_of(run: RunFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run.path / "cross_validate_result.json").read_text("utf-8"))
    return found


def again(workplace: Path, folder: Path, name: str, **changes: Any) -> tuple[Settings, RunFolder]:
    """The config of the whole one with a new run."""
    values = json.loads((whole(workplace).path / "config.json").read_text("utf-8"))["config"]
    config = Settings({**values, **changes, "check_point_root": str(folder / "runs")})
    return config, RunFolder.create(folder / "runs/demo_app/ner", seed=1, app="demo_app", task="ner", name=name)


def test_every_example_is_judged_once_and_groups_are_whole(workplace: Path) -> None:
    folds = held_out(whole(workplace))
    assert Counter(line for lines in folds for line in lines) == Counter(range(1, SENTENCES + 1))
    assert sum(len({line % 10 for line in lines}) for lines in folds) == 10
    assert {len(lines) for lines in folds} <= {27, 36}


def test_what_is_told_of_the_folds(workplace: Path) -> None:
    run = whole(workplace)
    result, printed = result_of(run), (workplace / "printed.txt").read_text("utf-8")
    worths = [json.loads(file.read_text("utf-8")) for file in sorted(run.folds.glob("*/held_out.json"))]
    figures = [worth["measures"]["entity_f1"] for worth in worths]
    assert result["folds"] == 3 and result["texts"] == SENTENCES
    assert result["entity_f1_mean"] == pytest.approx(statistics.fmean(figures))
    assert result["entity_f1_spread"] == pytest.approx(statistics.stdev(figures))
    assert result["gold"] == sum(worth["measures"]["gold"] for worth in worths)
    assert (result["monitor"], result["best_score"]) == ("entity_f1", result["entity_f1"])
    assert result["predicted"] > 50 and result["entity_f1"] > 0.5
    assert result["entity_f1_low"] <= result["entity_f1"] <= result["entity_f1_high"]
    assert all(not isinstance(value, dict | list) for value in result.values())
    for words in ("fold 1 of 3", "fold 3 of 3", "held out", "mean", "spread", "95% interval"):
        assert words in printed
    page = (run.reports / "cross_validate_report.html").read_text("utf-8")
    assert "Fold by fold" in page and "3 folds" in page and "Scores by type" in page
    assert page.count("train.jsonl:") == 30 or page.count("train.jsonl:") > 0


def test_a_fold_is_a_run_that_can_be_tested_on_what_it_never_saw(workplace: Path, tmp_path: Path) -> None:
    run = whole(workplace)
    with pytest.raises(CheckpointError):
        select_run(run.path.parent, "latest")  # no training to use or to go on with
    assert unfinished_runs(run.path.parent) == [] == unfinished_cross_validations(run.path.parent)
    fold = select_run(run.path.parent, str(run.folds / "2"))
    values = json.loads((run.path / "config.json").read_text("utf-8"))["config"]
    testing = {name: values[name] for name in ("app", "task", "seed", "dataset", "reader", "evaluator", "preprocess")}
    roots = {name: values[name] for name in values if name.endswith("_root")}
    tester = {"name": "default", "device": "cpu", "samples": 10}
    result = stage_test(
        Settings({**testing, **roots, "check_point_root": roots["check_point_root"], "tester": tester}), fold
    )
    worth = json.loads((fold.path / "held_out.json").read_text("utf-8"))
    assert result["texts"] == worth["examples"]["test"]
    assert result["entity_f1"] == worth["measures"]["entity_f1"]


def test_killed_in_the_second_fold_it_goes_on_to_the_same_end(workplace: Path, tmp_path: Path) -> None:
    write_corpus(tmp_path)
    process = command(tmp_path, "run=killed", "group=author")
    second = tmp_path / "runs/demo_app/ner/killed/folds/2/checkpoints"
    deadline = time.monotonic() + 120
    while not any(second.glob("[!.]*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    run = RunFolder(tmp_path / "runs/demo_app/ner/killed")
    first = (run.folds / "1/held_out.json").stat().st_mtime_ns
    assert unfinished_cross_validations(run.path.parent) == [run] and unfinished_runs(run.path.parent) == []
    resumed = command(tmp_path, "resume=auto", "group=author")
    printed, _ = resumed.communicate(timeout=240)
    assert resumed.returncode == 0, printed
    assert "1 of 3 folds are finished and kept" in printed and "fold 1 of 3" not in printed
    assert (run.folds / "1/held_out.json").stat().st_mtime_ns == first
    assert result_of(run) == result_of(whole(workplace))
    assert held_out(run) == held_out(whole(workplace))


def test_a_stop_says_what_is_kept_and_how_to_go_on(
    workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TENGJIA_LANG", "en")
    config, run = again(workplace, tmp_path, "stopped")
    train, trained = cross_validation.training.train, list[str]()

    def stopping(*arguments: Any) -> Any:
        trained.append(arguments[2].id)
        if len(trained) == 2:
            raise Interrupted(15, "step 3.")
        return train(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(cross_validation.training, "train", stopping)
        with pytest.raises(Interrupted) as caught:
            cross_validate(config, run)
    assert caught.value.exit_code == 143
    assert "step 3. 1 of 3 folds are finished and kept." in caught.value.message
    assert "resume=stopped" in caught.value.hint
    assert cross_validate(config, run) == result_of(whole(workplace))
    with open(Path(config.dataset_root) / "ner/other.jsonl", "w", encoding="utf-8") as file:
        file.writelines((Path(config.dataset_root) / "ner/train.jsonl").read_text("utf-8").splitlines(True)[:60])
    caplog.clear()
    other = Settings({**config.plain(), "dataset": {**config.plain()["dataset"], "train": ["ner/other.jsonl"]}})
    assert cross_validate(other, run)["texts"] == 60
    assert caplog.text.count("finished with another corpus") == 3
    assert (run.path / "cross_validate_result.2.json").is_file()


def test_the_table_of_folds_shows_measures_not_counts() -> None:
    measures = [
        {"f1": 1.0, "f1_low": 0.9, "gold": 12, "f1/NAME": 0.5, "rmse": 1.25, "found": 7.0, "kappa": float("nan")},
        {"f1": 1.0, "f1_low": 0.9, "gold": 14, "f1/NAME": 0.75, "rmse": 1.75, "found": 3.0, "kappa": 0.5, "name": "x"},
    ]
    worths = [{"examples": {"train": 9, "test": 3}, "measures": one} for one in measures]
    folds = Folds([1, 2], worths, SimpleNamespace(flat=lambda: {"f1": 1.0}))  # type: ignore[arg-type]
    assert folds.columns == ["f1", "rmse", "kappa"]
    assert folds.rows() == [
        ["1", "9", "3", "1.0000", "1.2500", "–"],
        ["2", "9", "3", "1.0000", "1.7500", "0.5000"],
        ["mean", "", "", "1.0000", "1.5000", "0.5000"],
        ["spread", "", "", "0.0000", "0.3536", "0.0000"],
    ]
    flat = folds.flat()
    assert (flat["f1"], flat["f1_mean/NAME"], flat["gold_mean"]) == (1.0, 0.625, 13)
    assert not [name for name in flat if "low" in name or name.startswith("name")]


def test_only_a_run_of_its_kind_is_gone_on_with(workplace: Path, tmp_path: Path) -> None:
    run = whole(workplace)
    folds, training = (
        make_plan(ROOT, read_arguments(["task=ner", f"stage={one}"])) for one in ("cross_validate", "train")
    )
    assert of_its_kind(folds, run) is run
    with pytest.raises(CheckpointError) as caught:
        of_its_kind(training, run)
    assert caught.value.code == "modeling.other_kind_of_run" and "resume=auto" in caught.value.hint
    other = RunFolder.create(tmp_path, seed=1, app="demo_app", task="ner", name="trained")
    assert of_its_kind(folds, other) is other  # nothing was done in it yet
    other.begin("train")
    with pytest.raises(CheckpointError):
        of_its_kind(folds, other)


def test_a_list_of_runs_shows_its_score(workplace: Path) -> None:
    row = _row(whole(workplace))
    assert row[0] == "whole" and row[3] == f"{result_of(whole(workplace))['best_score']:.4f}" and row[4] == "entity_f1"


def test_what_cannot_be_cut_is_told(workplace: Path, tmp_path: Path) -> None:
    for changes, code in (({"folds": 11}, "corpus.too_few_groups"), ({"group": "page"}, "corpus.no_group_of_fold")):
        config, run = again(workplace, tmp_path, code.partition(".")[2], **changes)
        with pytest.raises(DataError) as caught:
            cross_validate(config, run)
        assert caught.value.code == code and caught.value.hint
        assert run.came_to_nothing() or not any(run.folds.glob("*/checkpoints/*"))


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["stage=cross_validate", "folds=5", "group=author"], []),
        (["stage=cross_validate", "resume=auto"], []),
        (["stage=cross_validate", "folds=1"], ["config.too_few_folds"]),
        (["stage=cross_validate", "folds=many"], ["config.wrong_type"]),
        (["stage=[train,cross_validate]"], ["config.cross_validate_alone"]),
        (["stage=train", "folds=3"], ["config.folds_without_cross_validate"]),
        (["stage=test", "group=author"], ["config.folds_without_cross_validate"]),
        (["stage=cross_validate", "run=latest"], ["config.run_name"]),
        (["stage=cross_validat"], ["config.unknown_stage"]),
        (["stage=cross_validate", "fold=3"], ["config.unknown_key"]),
    ],
)
def test_mistakes_in_the_command(words: list[str], codes: list[str]) -> None:
    plan = make_plan(ROOT, read_arguments(["task=ner", *words]))
    assert sorted({problem.code for problem in check_plan(plan)}) == codes
