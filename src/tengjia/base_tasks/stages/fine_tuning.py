"""Trains the model of a bundle on. What is part of the model stays: vocabulary, labels, cleaning, architecture."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from tengjia.base_tasks.stages.corpus import read_examples
from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.stages.preparation import Prepared, prepare
from tengjia.base_tasks.stages.training import train
from tengjia.config import Settings
from tengjia.contracts import Inputs
from tengjia.runs import RunFolder

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.base_tasks.stages.pipeline import BundledPipeline

SAMPLES = 200
"""How many draws the intervals of an evaluation are made of."""


class FittedDataset(Dataset):
    """Data in the encoding of a model that there is already.

    Args:
        encoding: Class of the encoding.
        prepared: What preprocessing left.
        pipeline: The model with its encoding.
    """

    def __init__(self, encoding: Any, prepared: Prepared, pipeline: BundledPipeline) -> None:
        super().__init__(encoding, prepared)
        self._pipeline = pipeline

    @property
    def inputs(self) -> Inputs:
        """What the model was told when it was built."""
        return self._pipeline.blueprint.inputs(self._pipeline.encoding)


@dataclass(frozen=True)
class FineTuning:
    """How models of a base task are trained on, for those who find it by name."""

    task: BaseTask

    fixed: ClassVar[tuple[str, ...]] = ("model", "tokenizer", "vectors", "encoding", "cleaning", "base_task")
    """Sections and kinds that are part of the model and stay as they are."""

    def fine_tune(self, pipeline: BundledPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
        """Train on; see `fine_tune`."""
        return fine_tune(self.task, pipeline, config, run)

    def evaluate(self, pipeline: BundledPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
        """Score; see `evaluate`."""
        return evaluate(self.task, pipeline, config, run)

    def example(self, question: Any, answer: Any, encoding: Any) -> Mapping[str, Any]:
        """An example that is given in a program, as a row of `json_lines`."""
        return self.task.example(question, answer, encoding)

    def row_options(self, encoding: Any) -> Mapping[str, Any]:
        """Options of `json_lines` with which such rows are read."""
        return self.task.row_options(encoding)


def fine_tune(task: BaseTask, pipeline: BundledPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Train on, and leave a bundle of the best weights in the run. The pipeline itself stays as it is.

    Args:
        task: The base task.
        pipeline: The model to start from.
        config: A training config; what it says of the model is replaced by what the model is.
        run: Where the record goes.

    Raises:
        DataError: The data makes no sense, or has labels that the model does not know.
        TrainingError: Training cannot go on.
        Interrupted: A stop was requested.
    """
    config = _fitted(config, pipeline)
    given = run.path / "encoding"
    pipeline.encoding.save(given)
    dataset = FittedDataset(task.encoding, prepare(task.encoding, config, run, given=given), pipeline)
    model = copy.deepcopy(pipeline.model).train()
    return train(task, config, run, dataset, model)


def evaluate(task: BaseTask, pipeline: BundledPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score the pipeline on the test part, as `stage=test` does.

    Raises:
        DataError: The data makes no sense.
    """
    examples = list(read_examples(config, run)["test"])
    answers = list(pipeline.stream([pipeline.encoding.question(example) for example in examples]))
    outcome = task.outcome(examples, answers, pipeline, training=None, seed=config.seed, samples=SAMPLES, level=0.95)
    return outcome.flat()


def _fitted(config: Settings, pipeline: BundledPipeline) -> Settings:
    encoding = replace(pipeline.encoding.config, stop_words=None, word_dictionaries=())  # in its files by now
    own: Mapping[str, Any] = {
        "model": dict(pipeline.blueprint.model),
        "tokenizer": dict(pipeline.encoding.texts.tokenizer_settings),
        "vectors": None,
        "encoding": asdict(encoding),
        "cleaning": asdict(pipeline.cleaning.config),
    }
    return Settings({**config.plain(), **own})
