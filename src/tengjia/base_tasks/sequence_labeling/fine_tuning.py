"""Trains the model of a bundle on. What is part of the model stays: vocabulary, labels, cleaning, architecture."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any, Final

from tengjia.base_tasks.sequence_labeling.corpus import read_examples
from tengjia.base_tasks.sequence_labeling.dataset import Dataset
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.base_tasks.sequence_labeling.preprocessing import Prepared, prepare
from tengjia.base_tasks.sequence_labeling.scoring import Outcome
from tengjia.base_tasks.sequence_labeling.training import train
from tengjia.config import Settings
from tengjia.contracts import Inputs
from tengjia.runs import RunFolder

FIXED: Final = ("model", "tokenizer", "vectors", "encoding", "cleaning", "base_task")


class FittedDataset(Dataset):
    """Data in the encoding of a model that there is already.

    Args:
        prepared: What preprocessing left.
        pipeline: The model with its encoding.
    """

    def __init__(self, prepared: Prepared, pipeline: SequenceLabelingPipeline) -> None:
        super().__init__(prepared)
        self._pipeline = pipeline

    @property
    def inputs(self) -> Inputs:
        """What the model was told when it was built."""
        return self._pipeline.blueprint.inputs(self._pipeline.encoding)


def fine_tune(pipeline: SequenceLabelingPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Train on, and leave a bundle of the best weights in the run. The pipeline itself stays as it is.

    Args:
        pipeline: The model to start from.
        config: A training config; what it says of the model is replaced by what the model is.
        run: Where the record goes.

    Raises:
        DataError: The data makes no sense, or marks types that the model does not know.
        TrainingError: Training cannot go on.
        Interrupted: A stop was requested.
    """
    config = _fitted(config, pipeline)
    given = run.path / "encoding"
    pipeline.encoding.save(given)
    dataset = FittedDataset(prepare(config, run, given=given), pipeline)
    model = copy.deepcopy(pipeline.model).train()
    return train(config, run, dataset, model)


def evaluate(pipeline: SequenceLabelingPipeline, config: Settings, run: RunFolder) -> dict[str, Any]:
    """Score the pipeline on the test part, as `stage=test` does.

    Raises:
        DataError: The data makes no sense.
    """
    examples = list(read_examples(config, run)["test"])
    answers = list(pipeline.stream([example.text for example in examples]))
    return Outcome(examples, answers, pipeline.labels, seed=config.seed, samples=200).flat()


def example(text: str, answer: Iterable[Any]) -> dict[str, Any]:
    """A text with its entities `(start, end, type)`, as a row of `json_lines`."""
    spans = []
    for span in answer:
        start, end, kind = span if isinstance(span, tuple | list) else (span.start, span.end, span.type)
        spans.append({"start": start, "end": end, "type": kind})
    return {"text": text, "spans": spans}


def _fitted(config: Settings, pipeline: SequenceLabelingPipeline) -> Settings:
    encoding = replace(pipeline.encoding.config, stop_words=None, word_dictionaries=())  # in its files by now
    own: Mapping[str, Any] = {
        "model": dict(pipeline.blueprint.model),
        "tokenizer": dict(pipeline.encoding.tokenizer_settings),
        "vectors": None,
        "encoding": asdict(encoding),
        "cleaning": asdict(pipeline.cleaning.config),
    }
    return Settings({**config.plain(), **own})
