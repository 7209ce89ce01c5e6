"""The teacher: where it is, whether it fits the data, and what it says of texts."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.base_tasks.stages.answering import length_batches
from tengjia.base_tasks.stages.loading import require_model
from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline
from tengjia.bundle.filelist import FILELIST
from tengjia.bundle.folder import WEIGHTS, Bundle
from tengjia.errors import CheckpointError
from tengjia.registry import scope
from tengjia.runs import RunFolder, select_run
from tengjia.runs.folder import STUDENTS, runs_in
from tengjia.training.devices import resolve_device
from tengjia.utilities.files import sha256_of_file
from tengjia.utilities.folders import folder_written_atomically

if TYPE_CHECKING:
    from tengjia.config import Settings
    from tengjia.data.classes import Classes

FOLDER: Final = "teacher"
"""Where a run keeps the bundle of its teacher once its own bundle is that of a student."""


@dataclass(frozen=True)
class Teacher:
    """A classifier that is asked for its scores."""

    pipeline: TextClassificationPipeline
    folder: Path
    """Its bundle."""
    digest: str
    """Stands for everything that its scores depend on."""

    @torch.inference_mode()
    def scores(
        self, texts: Sequence[str], *, batch_size: int, check: Callable[[int], None] = lambda done: None
    ) -> torch.Tensor:
        """Scores `[texts, C]` float32 before softmax.

        Args:
            texts: As a corpus has them: the teacher cleans and cuts them as it was taught.
            batch_size: How many it reads at once.
            check: Told after each batch how many texts it held; may raise to stop.
        """
        pipeline, encoding = self.pipeline, self.pipeline.encoding
        result = torch.empty(len(texts), len(encoding.labels))
        for first in range(0, len(texts), 64 * batch_size):
            rows = list(encoding.cut(pipeline.cleaned(texts[first : first + 64 * batch_size])).rows())
            for chosen in length_batches(range(len(rows)), [len(row.ids) for row in rows], batch_size):
                batch = encoding.collate([rows[number] for number in chosen]).to(pipeline.device)
                result[first + torch.tensor(chosen)] = pipeline.model(batch).float().cpu()
                check(len(chosen))
        return result


def load_teacher(folder: Path, classes: Classes, config: Settings) -> Teacher:
    """The teacher of a bundle.

    Args:
        folder: The bundle.
        classes: Those of the student.
        config: The effective config: where to compute, and which runs are our own, whose code may run.

    Raises:
        CheckpointError: The bundle is damaged, of another base task, or its classes are not those of the student.
    """
    ours = folder.resolve().is_relative_to(Path(config.check_point_root).resolve())
    pipeline = load_pipeline(folder, device=str(resolve_device(config.trainer.device)), trust_code=ours)
    if not isinstance(pipeline, TextClassificationPipeline):
        found = getattr(pipeline, "base_task", type(pipeline).__name__)
        raise CheckpointError("distillation.other_task", file=folder, found=found, allowed="text_classification")
    own, its = classes, pipeline.encoding.labels
    if own.multiple != its.multiple:
        raise CheckpointError("distillation.other_answers", file=folder)
    if set(own.names) != set(its.names):
        only = _listed(sorted(set(its.names) - set(own.names))), _listed(sorted(set(own.names) - set(its.names)))
        raise CheckpointError("distillation.other_classes", file=folder, found=only[0], allowed=only[1])
    if own.names != its.names:
        found, allowed = _listed(its.names), _listed(own.names)
        raise CheckpointError("distillation.other_order", file=folder, found=found, allowed=allowed)
    return Teacher(pipeline, folder, _digest(folder))


def find_teacher(choice: str | None, config: Settings, run: RunFolder) -> Path:
    """The bundle of the teacher that a config means.

    Args:
        choice: See `Distil.Config.teacher`.
        config: The effective config.
        run: That of the student.

    Raises:
        CheckpointError: There is none.
        ConfigurationError: An address is none.
    """
    if choice is None:
        return _left_by_training(run)
    if "://" in choice:
        from tengjia.pretrained.sources import located

        return located(Path(config.cache_root) / "teachers", choice)
    for folder in (Path(choice), Path(scope().root or "") / choice):
        if (folder / FILELIST).is_file():
            return folder
        if (folder / "run.json").is_file():
            return _of_run(RunFolder(folder.resolve()))
    return _of_run(select_run(run.path.parent, choice))


def _left_by_training(run: RunFolder) -> Path:
    if (own := keep_teacher(run)) is not None:
        return own
    for earlier in reversed(runs_in(run.path.parent)):
        if earlier.path != run.path and earlier.finished("train"):
            return _of_run(earlier)
    raise CheckpointError("distillation.no_teacher", key="distil.teacher", file=run.path.parent)


def _of_run(run: RunFolder) -> Path:
    kept = run.path / FOLDER
    if (kept / FILELIST).is_file():
        return kept
    require_model(run)
    return run.bundle


def keep_teacher(run: RunFolder) -> Path | None:
    """The teacher that `stage=train` left in a run, put where no student takes its place; `None` if there is none."""
    kept = run.path / FOLDER
    if _weights(run.bundle) is None or _is_a_student(run):
        return kept if (kept / FILELIST).is_file() else None
    if _weights(run.bundle) != _weights(kept) and run.primary:
        with folder_written_atomically(kept) as temporary:
            shutil.copytree(run.bundle, temporary, dirs_exist_ok=True)
    return kept if run.primary else run.bundle


def _is_a_student(run: RunFolder) -> bool:
    """Whether the bundle of a run is that of one of its students, not of its teacher."""
    students = run.path.glob(f"{STUDENTS}/*/bundle")
    return _weights(run.bundle) in {_weights(folder) for folder in students}


def _weights(bundle: Path) -> str | None:
    file = bundle / WEIGHTS
    return sha256_of_file(file) if file.is_file() else None


def _digest(folder: Path) -> str:
    """Of what its scores depend on: weights, vocabulary, settings; not of its card."""
    listed = Bundle.open(folder).files
    lines = [
        f"{name} {one.sha256}" for name, one in sorted(listed.items()) if name.startswith(("model/", "model_code/"))
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _listed(names: Sequence[str]) -> str:
    more = f" (+{len(names) - 20})" if len(names) > 20 else ""
    return ", ".join(names[:20]) + more if names else "-"
