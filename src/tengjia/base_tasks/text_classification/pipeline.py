"""Raw text in, classes out: what `stage=test`, `stage=apply` and every service share.

pipeline = TextClassificationPipeline.load("data/check_points/demo_app/text_classification/<run>/bundle")
answer = pipeline("2016年毕业于云山大学软件工程专业")
answer.label, answer.score, answer.scores
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy
import torch

from tengjia.base_tasks.stages.answering import BATCH_SIZE, length_batches
from tengjia.base_tasks.stages.pipeline import BundledPipeline
from tengjia.base_tasks.text_classification import decision
from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.decision import FittedDecision, decided
from tengjia.base_tasks.text_classification.encoding import Encoding
from tengjia.config import Settings
from tengjia.metrics.class_counts import rows_of

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.data.example import Example

Own = TypeVar("Own", bound="TextClassificationPipeline")


class TextClassificationPipeline(BundledPipeline):
    """A classifier with all that stands between it and raw text (`contracts.Pipeline`)."""

    base_task = "text_classification"
    encoding_class = Encoding
    Options = decision.Options
    usage = """\
from tengjia.base_tasks.text_classification import TextClassificationPipeline

pipeline = TextClassificationPipeline.load("this/folder")
answer = pipeline("...")
print(answer.label, answer.score, answer.classes, answer.scores)"""

    encoding: Encoding
    options: decision.Options

    @classmethod
    def of(cls: type[Own], config: Settings, dataset: Dataset, model: Any) -> Own:
        """The pipeline of a model that was trained with a config; thresholds that it leaves open are decided on the
        development part."""
        pipeline = super().of(config, dataset, model)
        wanted = FittedDecision.Config(**dict(config.get("decision") or {}))
        examples = dataset.examples("development") if "development" in dataset.parts() else ()
        pipeline.options = pipeline.fitted(wanted, [one for one in examples if one.label is not None])
        return pipeline

    def fitted(self, wanted: FittedDecision.Config, examples: Sequence[Example]) -> decision.Options:
        """The thresholds that are wanted; those that are left open fit the examples best."""
        open_ones = {"threshold"} if self.encoding.labels.multiple else {"least_score"} if self.encoding.outside else {}
        given = {"threshold": wanted.threshold, "least_score": wanted.least_score}
        said = {name: value for name, value in given.items() if value is not None}
        if not examples or not set(open_ones) - set(said):
            return decision.Options(**said)
        labels = self.encoding.labels
        probabilities = self.probabilities([example.text for example in examples])
        gold = [self.encoding.names.of(str(example.label)) for example in examples]
        if labels.multiple:
            known = [[name for name in names if name in labels.ids] for names in gold]
            return decision.Options(
                **said, threshold=decision.best_threshold(probabilities, rows_of(known, labels.names))
            )
        first = [names[0] if names else None for names in gold]
        outside, by = self.encoding.outside, wanted.least_score_by
        least = decision.best_least_score(probabilities, first, labels, outside, by)
        return decision.Options(**said, least_score=least)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes."""
        return self.encoding.labels.names

    def answer(self, questions: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[Classification]:
        """The classes of each text of a portion."""
        probabilities = self.probabilities(questions, batch_size, check)
        labels, outside = self.encoding.labels, self.encoding.outside
        classes = decided(probabilities, labels, outside, self.options)
        shared = labels.names, labels.multiple, outside
        return [_answer(names, row, *shared) for names, row in zip(classes, probabilities)]

    def probabilities(
        self, texts: Sequence[str], batch_size: int = BATCH_SIZE, check: Callable[[], None] = lambda: None
    ) -> numpy.ndarray:
        """Probability `[texts, C]` float32 of each class."""
        rows = list(self.encoding.cut(self.cleaned(texts)).rows())
        result = numpy.empty((len(rows), len(self.encoding.labels)), numpy.float32)
        lengths = [len(row.ids) for row in rows]
        for chosen in length_batches(range(len(rows)), lengths, batch_size):
            check()
            result[chosen] = self._forward([rows[number] for number in chosen])
        return result

    def plain(self, answers: Iterable[Classification]) -> list[Any]:
        """Answers as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Classification]:
        """The answers of which `plain` made these values."""
        labels, outside = self.encoding.labels, self.encoding.outside
        known: dict[str, Any] = {"multiple": labels.multiple, "outside": outside}
        return [Classification.restored(value, labels.names, **known) for value in values]

    @torch.inference_mode()
    def _forward(self, rows: Sequence[Any]) -> numpy.ndarray:
        scores = self.model(self.placed(self.encoding.collate(rows)))
        given: numpy.ndarray = probabilities_of(self.model, scores).cpu().numpy()
        return given


def _answer(
    classes: tuple[str, ...], row: numpy.ndarray, names: tuple[str, ...], multiple: bool, outside: str | None
) -> Classification:
    return Classification(classes, names, row, multiple, outside)


def probabilities_of(model: Any, scores: torch.Tensor) -> torch.Tensor:
    """Probability `[B, C]` of each class, from the model itself or as its classes have it (`contracts.Model`)."""
    if hasattr(model, "probabilities"):
        given: torch.Tensor = model.probabilities(scores)
        return given
    full = scores.float()
    return full.sigmoid() if model.labels.multiple else full.softmax(-1)


def read_as_wanted(config: Settings, pipeline: TextClassificationPipeline) -> None:
    """Let a pipeline decide by the thresholds that the testing file names; the others stay as they were saved."""
    wanted = config.get("decision") or {}
    said = {name: wanted.get(name) for name in ("threshold", "least_score")}
    pipeline.options = replace(pipeline.options, **{name: value for name, value in said.items() if value is not None})
