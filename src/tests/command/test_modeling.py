"""The command as a process: stages, runs, logs, sweeps, exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from src.tests.command.project import run_modeling, task_folder, write_project
from src.tests.command.test_hostile import edit
from tengjia.command.arguments import Word, read_arguments
from tengjia.command.hydra_nodes import check_plugin_nodes
from tengjia.command.overrides import parse_override
from tengjia.command.reading import make_plan
from tengjia.command.sweeps import _optuna_words
from tengjia.errors import ConfigurationError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path)


def runs(root: Path) -> Path:
    return root / "data" / "check_points" / "demo_app" / "ner"


def told(line_start: str, output: str) -> dict:
    line = next(line for line in output.splitlines() if line.startswith(line_start))
    return json.JSONDecoder().raw_decode(line[len(line_start) :].strip())[0]


def test_a_list_of_stages_shares_a_run(root: Path):
    done = run_modeling(
        root, "stage=[preprocess,train,test]", "run=mine", "optimizer.lr=0.1", "evaluator.per_type=false"
    )
    assert done.returncode == 0, done.stderr
    assert "PREPROCESS mine" in done.stdout
    training, testing = told("TRAIN", done.stdout), told("TEST", done.stdout)
    assert training["optimizer"]["lr"] == 0.1 and training["evaluator"]["per_type"] is False
    assert testing["optimizer"] is None and testing["evaluator"]["per_type"] is False
    assert testing["dataset"]["test"] == ["ner/train.txt"] and training["dataset"]["test"] == []
    about = json.loads((runs(root) / "mine" / "run.json").read_text("utf-8"))
    assert {name: stage["state"] for name, stage in about["stages"].items()} == dict.fromkeys(
        ("preprocess", "train", "test"), "finished"
    )
    assert set(about["logs"]) == {"preprocess", "train", "test"}
    assert "stage train finished" in Path(about["logs"]["train"]).read_text("utf-8")
    config = json.loads((runs(root) / "mine" / "config.json").read_text("utf-8"))
    assert config["config"]["optimizer"]["lr"] == 0.1 and config["origins"]["optimizer.lr"] == "command line"
    assert config["origins"]["reader.scheme"].endswith("config_task_training.yaml:22")
    assert (runs(root) / "mine" / "test_config.json").is_file()
    environment = json.loads((runs(root) / "mine" / "environment.json").read_text("utf-8"))
    assert environment["python"] == sys.version.split()[0] and environment["machine"]["cores"] == os.cpu_count()
    assert environment["command"][-1] == "evaluator.per_type=false"
    assert json.loads((runs(root) / "mine" / "test_result.json").read_text("utf-8")) == {"entity_f1": 0.5}


@pytest.mark.slow
def test_test_uses_the_latest_run(root: Path):
    assert run_modeling(root, "run=first").returncode == 0
    assert run_modeling(root, "run=second", "optimizer.lr=0.9").returncode == 0
    assert run_modeling(root, "stage=test").stdout.rstrip().endswith("second")
    assert run_modeling(root, "stage=test", "run=best").stdout.rstrip().endswith("first")
    missing = run_modeling(root, "stage=test", "run=thrid")
    assert missing.returncode == 5 and "there are: first, second" in missing.stderr
    kept = json.loads((runs(root) / "second" / "config.json").read_text("utf-8"))
    assert kept["config"]["stage"] == "train"


@pytest.mark.slow
def test_resume(root: Path):
    assert run_modeling(root, "run=mine").returncode == 0
    assert "new run" in run_modeling(root, "resume=auto").stderr
    about = runs(root) / "mine" / "run.json"
    about.write_text(
        about.read_text("utf-8").replace('"finished"\n', '"interrupted"\n').replace('"finished",', '"interrupted",'),
        "utf-8",
    )
    (runs(root) / "mine" / "checkpoints" / "step-1").mkdir(parents=True)
    resumed = run_modeling(root, "resume=auto", "optimizer.lr=0.01", "debug=true")
    assert "going on with run mine" in resumed.stderr
    assert "goes on with other values than it began with: optimizer.lr\n" in resumed.stderr
    other = run_modeling(root, "resume=mine", "model.hidden_size=7")
    assert other.returncode == 2
    assert "run mine was trained with model.hidden_size=" in other.stderr and "resume=never" in other.stderr


@pytest.mark.parametrize(
    ("rate", "code", "words", "traceback"),
    [("0.5", 70, "this job has a bug", True), ("0.25", 4, "a reason", False), ("0.125", 143, "all is saved", False)],
)
def test_exit_codes(root: Path, rate: str, code: int, words: str, traceback: bool):
    done = run_modeling(root, f"optimizer.lr={rate}", "run=mine")
    assert done.returncode == code
    assert words in done.stderr
    assert ("Traceback" in done.stderr) is traceback
    state = json.loads((runs(root) / "mine" / "run.json").read_text("utf-8"))["stages"]["train"]["state"]
    assert state == ("interrupted" if code == 143 else "failed")


def interrupted(root: Path, *words: str, checkpoint: bool = False) -> str:
    """What is said when the last stage of a command is stopped."""
    import io
    from contextlib import redirect_stderr

    from tengjia.command.arguments import read_arguments
    from tengjia.command.exits import told
    from tengjia.command.job import going_on
    from tengjia.command.reading import make_plan
    from tengjia.errors import Interrupted
    from tengjia.runs import RunFolder

    plan = make_plan(root, read_arguments(words))
    run = RunFolder.create(root / "stopped", seed=1, app="demo_app", task="ner", name="mine")
    if checkpoint:
        (run.checkpoints / "step-1").mkdir(parents=True)

    def stop() -> int:
        with going_on(plan, run, plan.stages[-1:]):
            raise Interrupted(15, "Kept.")

    with redirect_stderr(io.StringIO()) as said:
        assert told(stop) == 143
    return said.getvalue()


@pytest.mark.parametrize(
    ("words", "checkpoint", "english", "chinese"),
    [
        (["stage=train"], True, "start the same command with resume=auto to go on", "用同一命令加 resume=auto 继续"),
        (["stage=train"], False, "there is no checkpoint yet: start the same command again", "还没有检查点"),
        (["stage=preprocess"], False, "what was finished stays in the cache", "已完成的部分保留在缓存中"),
        (["stage=test"], True, "start the same command again when you like", "重新执行同一命令即可"),
        (
            ["stage=[train,test]"],
            True,
            "training is finished; to go on: stage=[test] run=mine",
            "stage=[test] run=mine",
        ),
        (["-m", "stage=train", "seed=1,2"], True, "Kept.", "Kept."),
    ],
    ids=str,
)
def test_an_interruption_says_how_to_go_on(
    root: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], checkpoint: bool, english: str, chinese: str
):
    monkeypatch.setenv("TENGJIA_LANG", "en")
    said = interrupted(root, *words, checkpoint=checkpoint)
    assert english in said and ("resume=auto" in said) == ("resume=auto" in english)
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert chinese in interrupted(root, *words, checkpoint=checkpoint)


def test_list_runs(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    from tengjia.command.main import main
    from tengjia.runs import RunFolder

    monkeypatch.chdir(root)
    monkeypatch.setenv("TENGJIA_LANG", "en")
    assert main(["list", "runs"]) == 0
    assert f"no run of demo_app/ner under {runs(root)}" in capsys.readouterr().out
    assert run_modeling(root, "run=good").returncode == 0
    assert run_modeling(root, "run=bad", "optimizer.lr=0.25").returncode == 4
    assert main(["list", "runs"]) == 0
    shown = capsys.readouterr().out
    assert "good" in shown and "finished  " in shown and "entity_f1" in shown and "bad" not in shown
    assert "1 more came to nothing: `tengjia list runs --all` shows them and why" in shown
    assert main(["list", "runs", "--all"]) == 0
    shown = capsys.readouterr().out
    assert "bad: `a reason` is not a run name" in shown and "[run.bad_name]" in shown
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert main(["list", "runs", "--all"]) == 0
    assert "最佳得分" in (shown := capsys.readouterr().out) and "失败" in shown
    assert RunFolder(runs(root) / "bad").came_to_nothing()


SLEEP = """
import time
from pathlib import Path


def train_model(config, run):
    (run.path / "asleep").touch()
    time.sleep(60)
"""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stage_without_safe_places_is_stopped_in_words(root: Path, number: int, code: int):
    (task_folder(root) / "train_model.py").write_text(SLEEP, "utf-8")
    command = [sys.executable, str(root / "run_modeling.py"), "run=mine"]
    with subprocess.Popen(
        command,
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TENGJIA_LANG": "en"},
        # A suite that was started in the background hands down that Ctrl-C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        for _ in range(600):
            if (runs(root) / "mine" / "asleep").exists():
                break
            time.sleep(0.05)
        process.send_signal(number)
        error = process.communicate(timeout=20)[1]
    assert process.returncode == code
    assert f"stopped on request (signal {int(number)})" in error and "Traceback" not in error
    assert "there is no checkpoint yet: start the same command again" in error
    stages = json.loads((runs(root) / "mine" / "run.json").read_text("utf-8"))["stages"]
    assert stages["train"]["state"] == "interrupted"


@pytest.mark.parametrize("word", ["--debug", "debug=true"])
def test_debug_shows_the_traceback(root: Path, word: str):
    done = run_modeling(root, "optimizer.lr=0.25", word)
    assert done.returncode == 4 and "Traceback" in done.stderr


def test_no_torch_for_a_step_that_needs_none(root: Path):
    assert run_modeling(root).stdout.rstrip().endswith("False")


def test_chinese_text_needs_no_quotes(root: Path):
    done = run_modeling(root, "encoding.stop_symbol=停用词（一）", "cleaning.numbers=数, 字")
    assert done.returncode == 0, done.stderr
    config = told("TRAIN", done.stdout)
    assert config["encoding"]["stop_symbol"] == "停用词（一）" and config["cleaning"]["numbers"] == "数, 字"


@pytest.mark.slow
def test_cfg_shows_and_runs_nothing(root: Path):
    done = run_modeling(root, "--cfg", "job", "optimizer.lr=0.25", "stage=[train,test]")
    assert done.returncode == 0 and "lr: 0.25" in done.stdout
    assert not (root / "data").exists()
    assert "defaults" in run_modeling(root, "--info", "defaults").stdout.lower()
    assert run_modeling(root, "-m", "--cfg", "job").returncode == 2
    assert not (root / "data").exists()


def test_explain(root: Path):
    edit(root / "config_project.yaml", "trainer/default:\n  max_epochs: 3\n")
    done = run_modeling(root, "explain=trainer.max_epochs", "explain=optimizer", "optimizer.lr=0.25")
    assert done.returncode == 0
    assert "trainer.max_epochs = 3    (config_project.yaml:6)" in done.stdout
    assert "optimizer.lr = 0.25    (command line)" in done.stdout
    assert "modules/optimizers/adamw.py:" in done.stdout
    wrong = run_modeling(root, "explain=optimizer.lrr")
    assert wrong.returncode == 2 and "did you mean `optimizer.lr`?" in wrong.stderr
    assert not (root / "data").exists()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("model=bilstm", "model=bilstm_crf"),
        ("optimizer.l", "optimizer.lr="),
        ("task=ner callbacks.em", "callbacks.ema."),
    ],
)
def test_completion(root: Path, line: str, offered: str):
    typed = f"python run_modeling.py {line}"
    variables = {"COMP_LINE": typed, "COMP_POINT": str(len(typed))}
    done = run_modeling(root, "-sc", "query=bash", **variables)
    assert offered in done.stdout.split(), done.stderr


@pytest.mark.slow
def test_sweep(root: Path):
    words = (
        "-m",
        "optimizer.lr=0.1,0.5,0.2,0.25",
        "model=bilstm_crf,bilstm_softmax",
        "criterion=crf",
        "schedule=cosine",
    )
    done = run_modeling(root, *words[:2], "callbacks.ema.enabled=true")
    assert done.returncode == 70
    assert "job 1 failed: optimizer.lr=0.5: ValueError: this job has a bug" in done.stderr
    assert "job 3 failed: optimizer.lr=0.25" in done.stderr and "2 job(s)" in done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if "sweep-" in line and "TRAIN" not in line]
    assert [(row[1], row[2]) for row in rows] == [
        ("0.9000", "finished"), ("0.8000", "finished"), ("-", "failed"), ("-", "failed"),
    ]  # fmt: skip
    trained = (root / "data" / "check_points" / "trained.txt").read_text("utf-8").split("\n")[:-1]
    assert [line.split()[0] for line in trained] == ["0.1", "0.5", "0.2", "0.25"]
    again = run_modeling(root, *words[:2], "callbacks.ema.enabled=true", "sweep=latest")
    assert again.stderr.count("finished before, not repeated") == 2
    trained = (root / "data" / "check_points" / "trained.txt").read_text("utf-8").split("\n")[:-1]
    assert [line.split()[0] for line in trained[4:]] == ["0.5", "0.25"]
    assert len(list(runs(root).glob("sweep-*-00*/run.json"))) == 4
    assert run_modeling(root, *words[:2], "sweep=other").returncode == 5


@pytest.mark.slow
def test_a_stopped_sweep_goes_on(root: Path):
    words = ("-m", "optimizer.lr=0.1,0.125,0.2")
    stopped = run_modeling(root, *words)
    assert stopped.returncode == 143
    assert "sweep=sweep-" in stopped.stderr and "interrupted" in stopped.stdout
    edit(task_folder(root) / "train_model.py", "if rate == 0.125 >>> if rate == 0.126")
    done = run_modeling(root, *words, "sweep=latest")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("finished before") == 1 and done.stdout.count(" finished ") == 3
    assert len(list(runs(root).glob("sweep-*-00*/run.json"))) == 3


def test_a_sweep_that_cannot_fit_runs_nothing(root: Path):
    done = run_modeling(root, "-m", "model=bilstm_crf,bilstm_softmax")
    assert done.returncode == 2 and "config.decoder" in done.stderr
    assert not (root / "data").exists()


@pytest.mark.slow
def test_optuna(root: Path):
    pytest.importorskip("optuna")
    words = (
        "-m",
        "hydra/sweeper=optuna",
        "hydra.sweeper.n_trials=6",
        "hydra.sweeper.n_jobs=1",
        "hydra.sweeper.sampler.seed=1",
    )
    done = run_modeling(root, *words, "optimizer.lr=interval(0.01,0.9)")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if " finished " in line]
    assert len(rows) == 6
    scores = [float(row[1]) for row in rows]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.slow
def test_ranks_share_a_run(root: Path):
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    done = subprocess.run(
        [*command, str(root / "run_modeling.py"), "stage=[train,test]"],
        cwd=root, capture_output=True, text=True, timeout=120,
        env={**os.environ, "TENGJIA_LANG": "en", "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    trained = (root / "data" / "check_points" / "trained.txt").read_text("utf-8").split("\n")[:-1]
    assert sorted(line.split()[1] for line in trained) == ["0", "1"]
    assert len(list(runs(root).glob("*/run.json"))) == 1
    assert done.stderr.count("new run") == 1 and done.stdout.count("TEST") == 1


def test_help_in_two_languages(root: Path):
    english, chinese = run_modeling(root, "--help"), run_modeling(root, "--help", TENGJIA_LANG="zh_CN.UTF-8")
    assert "demo_app/ner" in english.stdout and "bilstm_crf" in english.stdout
    assert "运行任务的各个阶段" in chinese.stdout and "bilstm_crf" in chinese.stdout
    assert run_modeling(root, "--version").stdout.startswith("tengjia ")


def test_optuna_is_told_the_direction(root: Path):
    words = ["-m", "hydra/sweeper=optuna", "optimizer.lr=interval(0.1,0.2)"]
    for more, direction in ([], "maximize"), (["trainer.monitor=loss"], "minimize"):
        plan = make_plan(root, read_arguments([*words, *more]))
        assert _optuna_words(plan) == ["hydra.sweeper.max_failure_rate=1.0", f"hydra.sweeper.direction={direction}"]
    plan = make_plan(root, read_arguments([*words, "hydra.sweeper.direction=minimize"]))
    assert _optuna_words(plan) == ["hydra.sweeper.max_failure_rate=1.0"]


@pytest.mark.parametrize(
    "words", [["hydra.sweeper._target_=canary.sing"], ["hydra/job_logging=default"], ["hydra.launcher.x=1"]]
)
def test_a_changed_node_of_hydra_is_found_before_a_sweep(root: Path, words: list[str]):
    """The second line of defence: as if the first had let it pass."""
    plan = make_plan(root, read_arguments(["-m", "optimizer.lr=0.1,0.2"]))
    check_plugin_nodes(plan)
    plan.overrides += [
        parse_override(Word(word, "+" if "x=" in word else "", *word.split("=")), None, True) for word in words
    ]
    for override in plan.overrides:
        override.text = ("+" if override.word.operator else "") + override.text.lstrip("+")
    with pytest.raises(ConfigurationError) as caught:
        check_plugin_nodes(plan)
    assert caught.value.code == "config.hydra_changed"


def test_what_hydra_refuses_is_told_in_words(root: Path):
    done = run_modeling(root, "-m", "optimizer.lr=interval(0.1,0.2)")
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "does not support sweep type" in done.stderr and "[config.hydra_error]" in done.stderr


@pytest.mark.slow
def test_jobs_of_a_sweep_in_processes_of_their_own(root: Path):
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    done = run_modeling(root, "-m", "hydra/launcher=joblib", "hydra.launcher.n_jobs=2", "optimizer.lr=0.1,0.2,0.25")
    assert done.returncode == 4, done.stderr
    assert done.stdout.count(" finished ") == 2 and "failed" in done.stdout
    assert len(list(runs(root).glob("sweep-*-00*/run.json"))) == 3
