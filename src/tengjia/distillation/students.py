"""Students: how the config of one follows from that of the task, and how it is trained."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.building import build_model
from tengjia.base_tasks.stages.corpus import section
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.stages.training import build_trainer, save_bundle
from tengjia.base_tasks.text_classification.task import TASK
from tengjia.base_tasks.text_classification.unit import TextClassificationUnit
from tengjia.config import Settings
from tengjia.distillation.data import TaughtDataset
from tengjia.distillation.matching import NAME
from tengjia.distillation.section import Distil, Student
from tengjia.distillation.teacher import Teacher
from tengjia.distillation.transfer import Transfer
from tengjia.distillation.unit import DistillationUnit
from tengjia.errors import CheckpointError
from tengjia.registry import REGISTRIES
from tengjia.reports import curves
from tengjia.runs.folder import STUDENTS, RunFolder
from tengjia.training.result import Chosen, choose_weights, summary
from tengjia.utilities.files import read_json

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.contracts import Criterion
    from tengjia.distributed import Ranks

logger = logging.getLogger(__name__)

ALONE: Final = "alone"
DISTILLED: Final = "distilled"


def student_config(config: Settings) -> Settings:
    """The config by which students are trained: the task's, with another model, rate and length."""
    wanted: Student.Config = section(config, "student", Student)
    values = config.plain()
    defaults = REGISTRIES["model"].schema(wanted.model).defaults()
    given = {name: value for name, value in wanted.parameters.items() if value is not None}
    values["model"] = {"name": wanted.model, **defaults, **given}
    if wanted.lr is not None:
        values["optimizer"]["lr"] = wanted.lr
    if wanted.max_epochs is not None:
        values["trainer"]["max_epochs"] = wanted.max_epochs
    values["publish"] = {**values.get("publish", {}), "model": None}  # what is published is published once, at the end
    return Settings(values)


@dataclass(frozen=True)
class Teaching:
    """What a student is given besides labels."""

    wanted: Distil.Config
    transfer: Transfer
    teacher: Teacher

    @property
    def matches(self) -> bool:
        """Whether layers are compared, and not answers alone."""
        return bool(self.wanted.hidden_weight or self.wanted.attention_weight)

    def task(self) -> BaseTask:
        """Text classification with a teacher."""

        def unit(config: Settings, model: Any, criterion: Criterion) -> DistillationUnit:
            own = TextClassificationUnit(model, criterion)
            teacher = self.teacher.pipeline.model if self.matches else None
            return DistillationUnit(own, model, criterion, self.wanted, teacher, seed=config.seed)

        return replace(TASK, unit=unit)


def train_student(
    name: str, config: Settings, run: RunFolder, dataset: Dataset, ranks: Ranks, teaching: Teaching | None
) -> tuple[RunFolder, dict[str, Any]]:
    """Train a student, or go on where its training was stopped; its bundle stands in a folder of its own.

    Args:
        name: `alone` or `distilled`.
        config: That of the student.
        run: The run of the stage.
        dataset: The encoded corpus.
        ranks: Who this process is among many.
        teaching: The teacher; `None`: by labels alone.

    Returns:
        The folder of the student, a run within the run, and its flat results.

    Raises:
        CheckpointError: It was begun with another teacher.
        Interrupted: A stop was requested; the run can be resumed.
    """
    folder = _folder(name, config, run, teaching)
    ranks.barrier()
    result_file = folder.path / "train_result.json"
    if folder.finished("train") and folder.bundle.is_dir():
        return folder, dict(read_json(result_file))
    folder.begin("train")
    task = TASK if teaching is None else teaching.task()
    data = dataset if teaching is None else TaughtDataset(dataset, teaching.transfer)
    trainer = build_trainer(task, config, folder, data, build_model(config, dataset), ranks)
    state = trainer.fit()
    chosen = choose_weights(trainer.context)
    result = summary(trainer.context, chosen)
    if ranks.primary:
        if chosen is not None:
            save_bundle(TASK, config, folder, dataset, _without_matching(chosen), result)
        folder.write_result("train", result)
        curves.write(folder)
    ranks.barrier()
    folder.finish("train")
    if state.stop_reason:
        logger.info(state.stop_reason)
    return folder, result


def _without_matching(chosen: Chosen) -> Chosen:
    """The weights of the student itself."""
    kept: Mapping[str, Any] = {name: value for name, value in chosen.weights.items() if not name.startswith(f"{NAME}.")}
    return replace(chosen, weights=kept)


def _folder(name: str, config: Settings, run: RunFolder, teaching: Teaching | None) -> RunFolder:
    """The run within the run; new, or that of a student whose training was begun."""
    folder = RunFolder(run.path / STUDENTS / name, run.primary)
    digest = None if teaching is None else teaching.teacher.digest
    if not (folder.path / "run.json").is_file():
        if run.primary:
            folder.path.mkdir(parents=True, exist_ok=True)
        about = {key: run.about().get(key) for key in ("app", "task", "seed", "started")}
        folder.describe(**about, stages={}, teacher=digest)
        folder.write("config", {"config": config.plain()})
        environment = run.path / "environment.json"
        if environment.is_file():
            folder.write("environment", read_json(environment))
    elif folder.about().get("teacher") != digest:
        raise CheckpointError("distillation.another_teacher", file=folder.path, run=run.id)
    return folder
