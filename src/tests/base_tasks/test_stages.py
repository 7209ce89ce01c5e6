"""Every base task on the shared stages: the whole chain, exact resume, bundles, training on, two processes."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from src.tests.trainer.group import run_processes
from tengjia.base_tasks.known import BASE_TASKS as KNOWN
from tengjia.base_tasks.known import base_task
from tengjia.base_tasks.pipelines import PIPELINES, load_pipeline
from tengjia.base_tasks.stages.building import build_model
from tengjia.base_tasks.stages.verification import verify
from tengjia.bundle.folder import WEIGHTS, Bundle
from tengjia.bundle.golden import read_golden, verify_golden
from tengjia.bundle.summary import summarise
from tengjia.command.fits import fitting
from tengjia.command.notebook import compose
from tengjia.command.sections import base_tasks, read_base_task
from tengjia.config import Settings
from tengjia.errors import TengjiaError
from tengjia.pretrained import AutoModelPipeline, AutoTrainerPipeline
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder
from tengjia.training.snapshot import load_weights
from tengjia.utilities.randomness import generator_for

from .forging import forge
from .project import KITS, rows, write_project
from .training import train

BASE_TASKS = list(KITS)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project."""
    before = scope()
    yield write_project(tmp_path_factory.mktemp("stages"))
    set_scope(before)


def settings(root: Path, base: str, stage: str, *words: str) -> Settings:
    """The config of a stage."""
    return compose(root, [f"task={base}", f"stage={stage}", *words])


def new_run(root: Path, base: str, name: str) -> RunFolder:
    """A run of a task."""
    return RunFolder.create(root / "runs" / "kit" / base, seed=1, app="kit", task=base, name=name)


@pytest.fixture(scope="module")
def trained(root: Path) -> Any:
    """Base task -> the run of its training and its results; each trains once."""
    done: dict[str, tuple[RunFolder, dict[str, Any]]] = {}

    def run_of(base: str) -> tuple[RunFolder, dict[str, Any]]:
        if base not in done:
            package = importlib.import_module(f"tengjia.base_tasks.{base}")
            config, run = settings(root, base, "train"), new_run(root, base, "whole")
            run.write("config", {"config": config.plain()})
            run.begin("train")
            dataset = package.build_dataset(config, run)
            result = package.train(config, run, dataset, package.build_model(config, dataset))
            run.finish("train")
            done[base] = run, result
        return done[base]

    return run_of


def test_every_base_task_is_known_by_the_same_name_everywhere() -> None:
    assert set(BASE_TASKS) == set(KNOWN) == set(base_tasks()) == PIPELINES.keys() - {"knowledge_graph"}
    for name in KNOWN:
        task, said = base_task(name), read_base_task(name)
        assert task.name == task.pipeline.base_task == name
        assert PIPELINES[name] == (task.pipeline.__module__, task.pipeline.__name__)
        assert said.fits.keys() == {"model", "criterion", "evaluator"}
        for section, kind in (("apply", task.application), ("encoding", task.encoding)):
            home = {**said.sections["training"], **said.sections["testing"]}[section]
            assert home == f"{kind.__module__}:{kind.__name__}"


@pytest.mark.parametrize("base", BASE_TASKS)
def test_what_fits_a_base_task_can_be_built_for_it(base: str) -> None:
    said = read_base_task(base)
    assert KITS[base].model["name"] in fitting(said, "model")
    assert KITS[base].criterion in fitting(said, "criterion") and KITS[base].evaluator in fitting(said, "evaluator")
    for kind in ("model", "evaluator"):
        elsewhere = {one for other in BASE_TASKS if other != base for one in fitting(read_base_task(other), kind)}
        assert not elsewhere & set(fitting(said, kind)), kind


@pytest.mark.parametrize("base", BASE_TASKS)
def test_the_whole_chain(root: Path, base: str, trained: Any, capsys: pytest.CaptureFixture[str]) -> None:
    package, kit = importlib.import_module(f"tengjia.base_tasks.{base}"), KITS[base]
    prepared = package.preprocess(settings(root, base, "preprocess"), new_run(root, base, "prepared"))
    assert prepared["examples_train"] == 48 and prepared["rows_development"] >= 16 and prepared["rejects"] == 0
    run, result = trained(base)
    assert result["steps"] == 12 and result["monitor"] == kit.monitor
    scores = package.test(settings(root, base, "test"), run)
    assert scores["part"] == "test" and all(isinstance(score, float | str | int) for score in scores.values())
    output = root / "answers" / f"{base}.jsonl"
    words = [f"apply.input={root / 'datasets' / base / 'test.jsonl'}", f"apply.output={output}"]
    package.apply(settings(root, base, "apply", *words), run)
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == [row["text"] for row in rows(base, "test")]
    assert sorted(path.suffix for path in run.reports.glob("test*")) == [".html"]
    capsys.readouterr()


@pytest.mark.parametrize("base", BASE_TASKS)
def test_a_bundle_answers_as_the_trained_model(root: Path, base: str, trained: Any) -> None:
    run, _ = trained(base)
    task, package = base_task(base), importlib.import_module(f"tengjia.base_tasks.{base}")
    config = settings(root, base, "train")
    dataset = package.build_dataset(config, run)
    model = build_model(config, dataset)
    load_weights(model, load_file(run.bundle / WEIGHTS), "bundle")  # type: ignore[arg-type]
    made, loaded = task.pipeline.of(config, dataset, model), load_pipeline(run.bundle)
    questions = [dataset.encoding.question(example) for example in dataset.examples("test")]
    answers = loaded.plain_answers(questions)
    assert answers == made.plain_answers(questions) and len(answers) == 16
    assert loaded.plain(loaded.restored(answers)) == answers
    assert loaded.plain([loaded(questions[0])]) == answers[:1] and loaded(questions[:0]) == []
    json.dumps(answers, allow_nan=False)
    bundle = Bundle.open(run.bundle)
    assert summarise(bundle).labels == loaded.labels and summarise(bundle).base_task == base
    assert len(read_golden(bundle)) == 3 and verify_golden(bundle, loaded.plain_answers) == []


MINED = ["criterion=triplet", "model.comparison=cosine", "callbacks.hard_negatives.enabled=true"]


@pytest.mark.parametrize(
    ("base", "words"),
    [
        *((base, ["trainer.accumulate=2", "callbacks.ema.enabled=true"]) for base in BASE_TASKS),
        ("text_classification", ["trainer.balance=1.0", "callbacks.averaging.enabled=true"]),
        ("text_matching", [*MINED, "trainer.batch_size=24"]),  # 2 steps an epoch; mined anew from the second on
    ],
)
def test_stopped_and_resumed_to_the_bit(root: Path, base: str, words: list[str], tmp_path: Path) -> None:
    package, told = importlib.import_module(f"tengjia.base_tasks.{base}"), list[str]()
    config = settings(root, base, "train", *words)
    hashes = verify(
        base_task(base),
        config,
        RunFolder.create(tmp_path, seed=1, app="kit", task=base),
        build_dataset=package.build_dataset,
        build_model=package.build_model,
        points=2,
        steps=5,
        tell=told.append,
    )
    assert set(hashes) == {"parameters", "optimizer", "order"} and len(told) == 3


@pytest.mark.parametrize("base", BASE_TASKS)
def test_trained_on_from_its_bundle(base: str, trained: Any) -> None:
    run, _ = trained(base)
    trainer = AutoTrainerPipeline.from_pretrained(run.bundle)
    examples = [KITS[base].example(row) for row in rows(base, "train")]
    before = trainer.evaluate(examples[:8], device="cpu")
    result = trainer.train(examples, steps=3, device="cpu", **{"trainer.batch_size": 8})
    assert result["steps"] == 3
    questions = [question for question, _ in examples[:4]]
    after = AutoModelPipeline.from_pretrained(run.bundle)
    assert trainer.evaluate(examples[:8], device="cpu").keys() == before.keys()
    assert len(trainer.predict(questions)) == 4
    assert trainer.model is not None
    parameters = zip(trainer.model.pipeline.model.parameters(), after.pipeline.model.parameters(), strict=True)
    assert not all(torch.equal(one, other) for one, other in parameters)


def run_modeling(root: Path, base: str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Stage `train` in a process of its own."""
    command = [sys.executable, str(root / "run_modeling.py"), f"task={base}", "stage=train", *words]
    environment = {**_environment(), **variables}
    return subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, timeout=120)


def _environment() -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", "TENGJIA_LANG": "en"}


@pytest.mark.slow
@pytest.mark.parametrize("base", BASE_TASKS)
def test_killed_in_the_middle_and_resumed(root: Path, base: str, trained: Any) -> None:
    whole, _ = trained(base)
    folder = root / "runs" / "kit" / base / "killed"
    words = [f"callbacks.checkpoint.{word}" for word in ("every=2", "unit=steps", "background=false")]
    killed = run_modeling(root, base, "run=killed", *words, KIT_KILL_AFTER="5")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not (folder / "bundle").exists()
    resumed = run_modeling(root, base, "resume=killed", *words)
    assert resumed.returncode == 0, resumed.stderr
    assert "resumed from step-00000004" in resumed.stderr + resumed.stdout
    expected, found = load_file(whole.bundle / WEIGHTS), load_file(folder / "bundle" / WEIGHTS)
    assert expected.keys() == found.keys() and all(torch.equal(expected[name], found[name]) for name in expected)


@pytest.mark.slow
def test_two_processes_learn_what_one_does(root: Path) -> None:
    first, second = run_processes("src.tests.base_tasks.training", str(root))
    assert second == ""
    together = {line.pop("name"): line for line in map(json.loads, first.splitlines())}
    for base in BASE_TASKS:
        alone = train(root, base, "alone")
        assert alone.keys() == together[base].keys() and alone["monitor"] == KITS[base].monitor
        for name in ("best_score", "train_loss", "units"):
            assert together[base][name] == pytest.approx(alone[name], rel=1e-4), (base, name)
        folder = root / "runs" / "kit" / base
        one, two = (load_file(folder / name / "bundle" / WEIGHTS) for name in ("alone", "together"))
        assert one.keys() == two.keys()
        far = [name for name, weight in one.items() if not torch.allclose(two[name], weight, rtol=1e-3, atol=1e-5)]
        assert far == [], base


@pytest.mark.slow
@pytest.mark.parametrize("base", BASE_TASKS)
def test_what_a_stranger_changed_is_refused_in_words(base: str, trained: Any, tmp_path: Path) -> None:
    run, _ = trained(base)
    random, refused = generator_for("forged", base), 0
    for number in range(12):
        folder = tmp_path / str(number)
        shutil.copytree(run.bundle, folder)
        change = forge(folder, random)
        try:
            loaded = load_pipeline(folder)
            loaded(loaded.sample_questions(["林清远前往云山。", "沈若兰就职于东湖。"]))
        except TengjiaError as error:
            refused += 1
            assert error.code != "bundle.changed", change
        except Exception as error:
            raise AssertionError(change) from error
    assert refused >= 4


@pytest.mark.slow
@pytest.mark.parametrize("base", BASE_TASKS)
def test_loading_imports_nothing_that_only_training_needs(base: str, trained: Any) -> None:
    run, _ = trained(base)
    program = (
        "import sys\nfrom pathlib import Path\nfrom tengjia.base_tasks.pipelines import load_pipeline\n"
        "from tengjia.bundle.folder import Bundle\nfrom tengjia.bundle.golden import read_golden\n"
        "folder = Path(sys.argv[1])\n"
        "load_pipeline(folder)(read_golden(Bundle.open(folder))[0].text)\n"
        "slow = {'torch._dynamo', 'sympy', 'pyarrow', 'pandas', 'hydra', 'matplotlib', 'transformers', 'fsspec'}\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(run.bundle)], env=_environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
