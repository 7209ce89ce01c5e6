"""The default tagger on ResumeNER, to be trained within a benchmark."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.arguments import ROOT
from tengjia.base_tasks.sequence_labeling import build_dataset, build_model
from tengjia.base_tasks.sequence_labeling.task import TASK
from tengjia.base_tasks.stages.training import build_trainer
from tengjia.command.notebook import compose
from tengjia.config import Settings
from tengjia.distributed import SINGLE
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback


@dataclass(frozen=True)
class Tagger:
    """Its config and its data."""

    config: Settings
    dataset: Any
    new_run: Callable[[], RunFolder]
    """Makes an empty run."""

    def model(self) -> Any:
        """A new one."""
        return build_model(self.config, self.dataset)

    def trainer(self, run: RunFolder | None = None, *more: Callback) -> Any:
        """A trainer of a new model, with further callbacks."""
        return build_trainer(TASK, self.config, run, self.dataset, self.model(), SINGLE, list(more))


def default_tagger(dataset_root: Path, folder: Path, threads: int, words: Iterable[str]) -> Tagger:
    """Prepare the corpus.

    Args:
        dataset_root: Folder of `resume_ner`.
        folder: For the cache and the runs.
        threads: Of torch.
        words: Further settings.
    """
    places = [f"dataset_root={dataset_root.resolve()}", f"cache_root={folder / 'cache'}", f"trainer.threads={threads}"]
    config = compose(ROOT, ["task=ner", "stage=train", "dataset=resume_ner", *places, *words])

    def new_run() -> RunFolder:
        return RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")

    return Tagger(config, build_dataset(config, new_run()), new_run)
