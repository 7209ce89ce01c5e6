"""Stage `distil`: a small model learns from a large one.

    python run_modeling.py task=model_distilling "stage=[preprocess,train,distil,test]"
    python run_modeling.py task=model_distilling "stage=[distil,test]" distil.teacher=store://intents@production

`stage=train` makes the teacher, or `distil.teacher` names one. The run is known by its student then: `test`, `apply`
and every service take its bundle.

    <run>/teacher/                    bundle of the teacher that was trained in this run
    <run>/students/alone/             a student of labels alone: checkpoints, curves, bundle
    <run>/students/distilled/         the student of the teacher
    <run>/bundle/                     that of the last student
    <run>/distil_result.json          the table; also as reports/distillation.html
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tengjia.base_tasks.stages import training
from tengjia.base_tasks.stages.building import build_model, build_unit
from tengjia.base_tasks.stages.corpus import section
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.stages.testing import shown
from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline
from tengjia.base_tasks.text_classification.task import TASK
from tengjia.config import Settings
from tengjia.contracts import Model
from tengjia.distillation.agreement import require_same_pieces
from tengjia.distillation.comparison import Candidate, Comparison, compare
from tengjia.distillation.phrases import said
from tengjia.distillation.report import write_report
from tengjia.distillation.section import Distil
from tengjia.distillation.students import ALONE, DISTILLED, Teaching, student_config, train_student
from tengjia.distillation.teacher import Teacher, find_teacher, keep_teacher, load_teacher
from tengjia.distillation.transfer import Transfer
from tengjia.distributed import joined
from tengjia.errors import DataError
from tengjia.runs import RunFolder
from tengjia.store.publishing import Publishing
from tengjia.utilities.folders import folder_written_atomically
from tengjia.utilities.signals import stop_requests

if TYPE_CHECKING:
    from tengjia.base_tasks.text_classification.encoding import Encoding
    from tengjia.data.classes import Classes


def train_teacher(config: Settings, run: RunFolder, dataset: Dataset, model: Model) -> dict[str, Any]:
    """Stage `train` of a task that distils: the teacher. What is published is the student, by `distil`."""
    values = config.plain()
    values["publish"] = {**values.get("publish", {}), "model": None}
    return training.train(TASK, Settings(values), run, dataset, model)


def distil(config: Settings, run: RunFolder, dataset: Dataset) -> dict[str, Any]:
    """Train the students, compare them with their teacher, and leave the bundle of the last.

    Args:
        config: The effective config of the stage.
        run: Where the record goes; students whose training was stopped are resumed.
        dataset: The corpus as students read it: built with `student_config(config)`.

    Returns:
        The table under flat names, and the best score of the last student.

    Raises:
        CheckpointError: There is no teacher, or it does not fit.
        ConfigurationError: Layers cannot be matched.
        TrainingError: Training cannot go on.
        Interrupted: A stop was requested; the run can be resumed.
    """
    wanted: Distil.Config = section(config, "distil", Distil)
    own = student_config(config)
    publishing = Publishing(Publishing.Config(**config.get("publish", {})), run.id)
    with joined() as ranks:
        if ranks.primary:
            publishing.check()
            keep_teacher(run)
        ranks.barrier()
        teacher = load_teacher(find_teacher(wanted.teacher, config, run), cast("Classes", dataset.labels), own)
        _require_part(dataset, wanted.part)
        teaching = Teaching(wanted, _transfer(own, wanted, dataset, teacher), teacher)
        _require_match(own, dataset, teaching)
        folders: dict[str, RunFolder] = {}
        result: dict[str, Any] = {}
        for name in wanted.students:
            if name == DISTILLED:
                _let_teacher_answer(own, teaching)
            given = teaching if name == DISTILLED else None
            folders[name], result = train_student(name, own, run, dataset, ranks, given)
        if ranks.primary:
            result = _finish(config, wanted, run, dataset, teacher, folders, result)
            run.describe(published=publishing.publish(run.bundle, training.lineage(config, run)))
        ranks.barrier()
    return result


def _require_part(dataset: Dataset, part: str) -> None:
    if part not in dataset.parts():
        raise DataError("cache.no_part", key="distil.part", found=part, allowed=", ".join(dataset.parts()))


def _transfer(config: Settings, wanted: Distil.Config, dataset: Dataset, teacher: Teacher) -> Transfer:
    return Transfer(config, dataset, teacher, batch_size=wanted.teacher_batch_size)


def _require_match(config: Settings, dataset: Dataset, teaching: Teaching) -> None:
    """See that layers can be matched, if they shall be: now, not after hours."""
    if teaching.matches and DISTILLED in teaching.wanted.students:
        require_same_pieces(teaching.teacher.pipeline.encoding, cast("Encoding", dataset.encoding))
        build_unit(teaching.task(), config, build_model(config, dataset))


def _let_teacher_answer(config: Settings, teaching: Teaching) -> None:
    """Let all answers be there before the first step: in training, a stop is expected between steps only."""
    with stop_requests() as stop:
        transfer = teaching.transfer.watched(stop.check)
        for number in range(min(transfer.rounds, config.trainer.max_epochs)):
            transfer.round(number)


def _finish(
    config: Settings,
    wanted: Distil.Config,
    run: RunFolder,
    dataset: Dataset,
    teacher: Teacher,
    folders: dict[str, RunFolder],
    trained: dict[str, Any],
) -> dict[str, Any]:
    """The bundle of the run, the table, and the report; what the training of the last student gave stands with it."""
    _take_over(folders[wanted.students[-1]].bundle, run.bundle)
    candidates = [
        Candidate("teacher", teacher.pipeline, teacher.folder),
        *(
            _candidate(name, folders[name].bundle, config.trainer.device)
            for name in (ALONE, DISTILLED)
            if name in folders
        ),
    ]
    examples = [example for example in dataset.examples(wanted.part) if example.label is not None]
    found = compare(candidates, examples, part=wanted.part, seed=config.seed, speed_texts=wanted.speed_texts)
    result = {**trained, "teacher_digest": teacher.digest, **found.flat()}
    file = run.write_result("distil", result)
    page = write_report(run.reports / "distillation.html", found, place=f"{config.app} · {config.task}", run=run.id)
    _tell(found, (file, page))
    return result


def _take_over(bundle: Path, target: Path) -> None:
    """Let a bundle be that of the run, as a whole or not at all."""
    with folder_written_atomically(target) as temporary:
        shutil.copytree(bundle, temporary, dirs_exist_ok=True)


def _candidate(name: str, bundle: Path, device: str) -> Candidate:
    from tengjia.training.devices import resolve_device

    pipeline = TextClassificationPipeline.load(bundle, device=str(resolve_device(device)), trust_code=True)
    return Candidate(name, pipeline, bundle)


def _tell(found: Comparison, files: Sequence[Path]) -> None:
    sys.stdout.write(f"\n{found.terminal_table()}\n\n{said('where', files=', '.join(map(shown, files)))}\n")
