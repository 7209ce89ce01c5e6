"""Stage `cross_validate`: train on all folds but one, answer that one, fold after fold; every example is judged once.

<run>/folds/1/ ...              a run of its own for each fold: config, checkpoints, bundle, curves
<run>/folds/1/held_out.jsonl    its answers to the examples that were held out
<run>/folds/1/held_out.json     what they are worth; the fold is finished when this stands
<run>/cross_validate_result.json, reports/cross_validate_report.html

A fold that is finished is not done again, and one that was interrupted goes on at its checkpoint.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from tqdm import tqdm

from tengjia.base_tasks.stages import building, dataset, training
from tengjia.base_tasks.stages.corpus import Examples, read_examples, section
from tengjia.base_tasks.stages.fold_report import Folds, publish
from tengjia.base_tasks.stages.trained import trained_pipeline
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.data.folds import Fold
from tengjia.data.splitting import Split
from tengjia.distributed import joined
from tengjia.errors import Interrupted
from tengjia.messages import text
from tengjia.modules.tester.default import DefaultTester
from tengjia.runs import RunFolder, select_run
from tengjia.utilities.files import read_json, write_json, written_atomically
from tengjia.utilities.signals import stop_requests

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask, Outcome
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.contracts import Model

logger = logging.getLogger(__name__)

ANSWERS: Final = "held_out.jsonl"
WORTH: Final = "held_out.json"

BuildDataset = Callable[[Settings, RunFolder], "Dataset"]
BuildModel = Callable[[Settings, "Dataset"], "Model"]


def cross_validate(
    task: BaseTask,
    config: Settings,
    run: RunFolder,
    *,
    build_dataset: BuildDataset | None = None,
    build_model: BuildModel | None = None,
) -> dict[str, Any]:
    """Train and answer fold after fold.

    Args:
        task: The base task.
        config: The effective config of the stage: that of a training, with `folds` and `group`.
        run: Where the folds go; finished ones that it holds are kept.
        build_dataset: The step of the task; when not given, that of the base task.
        build_model: The step of the task; likewise.

    Returns:
        The measures of all held-out answers together, and mean and spread (standard deviation) over the folds.

    Raises:
        DataError: There are fewer groups than folds, or examples without a group.
        TrainingError: The training of a fold cannot go on; finished folds are kept.
        Interrupted: A stop was requested; the run can be resumed.
    """
    steps = _Steps(task, build_dataset or _usual_dataset(task), build_model or building.build_model)
    folds = [_FoldRun(steps, _fold_config(task, config, run, number), run, number) for number in range(config.folds)]
    _going_on(folds)
    worths = []
    for fold in tqdm(folds, "folds", unit=" folds", disable=None):
        with _kept_when_stopped(run, folds), stop_requests() as stop:
            stop.check()
            worths.append(fold.worth())
    if not run.primary:
        return {}
    together = Folds([fold.number for fold in folds], worths, _together(steps, config, folds))
    return publish(config, run, together)


@dataclass(frozen=True)
class _Steps:
    """How a fold is trained."""

    task: BaseTask
    build_dataset: BuildDataset
    build_model: BuildModel


def _usual_dataset(task: BaseTask) -> BuildDataset:
    def build(config: Settings, run: RunFolder) -> Dataset:
        return dataset.build_dataset(task.encoding, config, run)

    return build


def _fold_config(task: BaseTask, config: Settings, run: RunFolder, number: int) -> Settings:
    """The config of the training of one fold: its corpus is the fold's, and its bundle is published nowhere."""
    split = section(config, "split", Split)
    by: Literal["text", "group", "file"] = "text" if split.by == "random" else split.by
    group = config.get("group")
    further = getattr(task.encoding, "further_texts", lambda chosen: ())
    fold = Fold(
        folds=config.folds,
        number=number,
        by="group" if group else by,
        group=group or split.group,
        texts=tuple(further(section(config, "encoding", task.encoding))),
        development=split.development,
        seed=split.seed,
    )
    values = {**config.plain(), "fold": asdict(fold), "publish": {}}
    if config.trainer.get("initial_weights") is not None:  # a run beside this one, not beside the fold
        named = select_run(run.path.parent, config.trainer.initial_weights).path
        values["trainer"] = {**values["trainer"], "initial_weights": str(named)}
    return Settings(values)


class _FoldRun:
    """One fold: its training, and the answers to what was held out."""

    def __init__(self, steps: _Steps, config: Settings, run: RunFolder, number: int) -> None:
        self.steps, self.config, self.number = steps, config, number + 1
        self.run = RunFolder(run.folds / str(self.number), primary=run.primary)
        self._within = run.id

    @property
    def finished(self) -> bool:
        """Whether it is done, with whatever corpus."""
        return (self.run.path / WORTH).is_file()

    @cached_property
    def examples(self) -> Examples:
        """The parts of the corpus as this fold has them."""
        return read_examples(self.config, self.run)

    @property
    def held_out(self) -> Sequence[Example]:
        """The examples that no training of this fold sees."""
        return self.examples["test"]

    def worth(self) -> dict[str, Any]:
        """What the answers are worth, and the sizes of the parts; trains first where that is not done."""
        if self._kept():
            return dict(read_json(self.run.path / WORTH))
        if self.run.primary and not (self.run.path / "run.json").is_file():
            self._begin()
        with joined() as ranks:
            ranks.barrier()  # the folder is there
        if not self.run.finished("train"):
            logger.info(text("trainer.fold_begins", fold=self.number, folds=self.config.folds).message)
            self._train()
        return self._answered() if self.run.primary else {}

    def _kept(self) -> bool:
        """Whether it is done with this very corpus; what was done with another is removed."""
        if not self.finished:
            return False
        if read_json(self.run.path / WORTH)["data"] == self.examples.entry.fingerprint:
            return True
        logger.warning(text("trainer.fold_of_other_data", fold=self.number).message)
        if self.run.primary:
            shutil.rmtree(self.run.path)
        return False

    def _begin(self) -> None:
        self.run.path.mkdir(parents=True, exist_ok=True)
        config = self.config
        about = {"app": config.app, "task": config.task, "seed": config.seed, "within": self._within}
        self.run.describe(**about, fold=self.number, started=time.time(), stages={})
        self.run.write("config", {"config": config.plain(), "origins": {}})

    def _train(self) -> None:
        self.run.begin("train")
        try:
            built = self.steps.build_dataset(self.config, self.run)
            model = self.steps.build_model(self.config, built)
            training.train(self.steps.task, self.config, self.run, built, model)
        except (Interrupted, KeyboardInterrupt):
            self.run.finish("train", "interrupted")
            raise
        except Exception:
            self.run.finish("train", "failed")
            raise
        self.run.finish("train")

    def _answered(self) -> dict[str, Any]:
        task, pipeline = self.steps.task, self.pipeline()
        tester = DefaultTester(DefaultTester.Config(device=self.config.trainer.device))
        questions = [pipeline.encoding.question(example) for example in self.held_out]
        answers = tester.answers(pipeline, questions, f"fold {self.number}")
        with written_atomically(self.run.path / ANSWERS, "w") as file:
            for example, value in zip(self.held_out, pipeline.plain(answers)):
                line = {"file": example.file, "line": example.line, "answer": value}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        judged = task.outcome(
            list(self.held_out),
            answers,
            pipeline,
            training=self.examples["train"],
            seed=self.config.seed,
            samples=1,
            level=DefaultTester.Config.level,
        )
        counts = {part: self.examples.count(part) for part in self.examples.parts()}
        worth = {"data": self.examples.entry.fingerprint, "examples": counts, "measures": judged.flat()}
        write_json(self.run.path / WORTH, worth)
        return worth

    def pipeline(self) -> Any:
        """What its training left."""
        task = self.steps.task
        pipeline = trained_pipeline(task, self.config, self.run, self.config.trainer.device)
        if task.adjust is not None:
            task.adjust(self.config, pipeline)
        return pipeline

    def answers(self, pipeline: Any) -> list[Any]:
        """The answers that were kept."""
        lines = (self.run.path / ANSWERS).read_text("utf-8").splitlines()
        answers: list[Any] = pipeline.restored(json.loads(line)["answer"] for line in lines)
        return answers


def _together(steps: _Steps, config: Settings, folds: Sequence[_FoldRun]) -> Outcome:
    """All held-out answers as one outcome."""
    pipeline = folds[-1].pipeline()
    return steps.task.outcome(
        [example for fold in folds for example in fold.held_out],
        [answer for fold in folds for answer in fold.answers(pipeline)],
        pipeline,
        training=None,
        seed=config.seed,
        samples=DefaultTester.Config.samples,
        level=DefaultTester.Config.level,
    )


def _going_on(folds: Sequence[_FoldRun]) -> None:
    finished = sum(fold.finished for fold in folds)
    if finished:
        logger.info(text("trainer.folds_finished", count=finished, folds=len(folds)).message)


@contextmanager
def _kept_when_stopped(run: RunFolder, folds: Sequence[_FoldRun]) -> Iterator[None]:
    """What was finished stays, and the user is told how to go on."""
    try:
        yield
    except Interrupted as stop:
        finished = sum(fold.finished for fold in folds)
        kept = text("trainer.folds_finished", count=finished, folds=len(folds)).message
        saved = f"{stop.problem.values['saved']} {kept}".strip()
        raise Interrupted(stop.problem.values["signal"], saved, "run.interrupted_folds", run=run.id) from stop
