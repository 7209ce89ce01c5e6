"""Raw text in, intent and slots out: what `stage=test`, `stage=apply` and every service share.

    pipeline = JointIntentSlotPipeline.load("data/check_points/demo_app2/intent/<run>/bundle")
    answer = pipeline("帮我找北京的测试岗位")
    answer.intent, answer.score, answer.slots

A long text goes through the model in windows. Its slots are joined as in sequence labelling; the scores of its intents
are the mean over the windows, each counting as many times as it has units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy
import torch

from tengjia.base_tasks.joint_intent_slot import decision
from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.joint_intent_slot.decision import FittedDecision
from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.entity_pipeline import EntityPipeline
from tengjia.base_tasks.sequence_labeling.entity_pipeline import Options as TagOptions
from tengjia.base_tasks.stages.pipeline import BundledPipeline
from tengjia.base_tasks.text_classification.decision import best_least_score, inside_scores
from tengjia.base_tasks.texts.least_score import By
from tengjia.config import Settings

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.data.example import Example

Own = TypeVar("Own", bound="JointIntentSlotPipeline")


class JointIntentSlotPipeline(BundledPipeline):
    """A model of intents and slots with all that stands between it and raw text (`contracts.Pipeline`)."""

    base_task = "joint_intent_slot"
    encoding_class = Encoding
    Options = decision.Options
    usage = """\
from tengjia.base_tasks.joint_intent_slot import JointIntentSlotPipeline

pipeline = JointIntentSlotPipeline.load("this/folder")
answer = pipeline("...")
print(answer.intent, answer.score)
for slot in answer.slots:
    print(slot.text, slot.type, slot.start, slot.end, slot.score)"""

    encoding: Encoding
    options: decision.Options

    @classmethod
    def of(cls: type[Own], config: Settings, dataset: Dataset, model: Any) -> Own:
        """The pipeline of a model that was trained with a config; the threshold, if left open, is decided on the
        development part."""
        pipeline = super().of(config, dataset, model)
        wanted = FittedDecision.Config(**dict(config.get("decision") or {}))
        if wanted.least_score is not None:
            pipeline.options = replace(pipeline.options, least_score=wanted.least_score)
        elif "development" in dataset.parts():
            examples = [example for example in dataset.examples("development") if example.label]
            pipeline.options = replace(pipeline.options, least_score=pipeline.fitted(examples, wanted.least_score_by))
        return pipeline

    @classmethod
    def options_of(cls, config: Settings) -> decision.Options:
        """Broken rows of tags are read as the evaluator reads them."""
        return decision.Options(repair=config.evaluator.get("repair", "strict"))

    def fitted(self, examples: Sequence[Example], by: By = "accuracy") -> float:
        """The threshold with which the intents of some texts are best; 0 where none is outside."""
        names, outside = self.encoding.names, self.encoding.outside
        gold = [names.of(str(example.label))[0] for example in examples]
        if outside not in gold:
            return 0.0
        answers = list(self.stream([example.text for example in examples]))
        probabilities = numpy.array([answer.probabilities for answer in answers])
        return best_least_score(probabilities, gold, self.encoding.classes, outside, by)

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents."""
        return self.encoding.classes.names

    def answer(self, questions: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[Understanding]:
        """Intent and slots of each text of a portion."""
        slots = _Slots(self, len(questions))
        entities = slots.answer(questions, batch_size, check)
        probabilities = slots.class_probabilities()
        scores = inside_scores(probabilities, self.encoding.classes, self.encoding.outside)
        return [self._understood(*each) for each in zip(entities, probabilities, scores.tolist())]

    def _understood(self, entities: Sequence[Entity], row: numpy.ndarray, score: float) -> Understanding:
        known, outside = self.encoding.classes.names, self.encoding.outside
        sure = score >= self.options.least_score and row.any()  # no probability at all: a text of nothing
        intent = known[int(row.argmax())] if sure else outside
        return Understanding(intent, score, [entity for entity in entities if entity.counts], row)

    def plain(self, answers: Iterable[Understanding]) -> list[Any]:
        """Answers as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Understanding]:
        """The answers of which `plain` made these values."""
        return [Understanding.restored(value) for value in values]


class _Slots(EntityPipeline):
    """Reads the slots of one portion, and remembers what the model says of the intents meanwhile.

    Args:
        whole: Whose model, encoding and options to use.
        texts: How many texts the portion has.
    """

    def __init__(self, whole: JointIntentSlotPipeline, texts: int) -> None:
        options = TagOptions(whole.options.repair, whole.options.least_slot_score)
        super().__init__(whole.encoding.slots, cleaning=whole.cleaning, options=options)
        self._model, self._device, self._placed = whole.model, whole.device, whole.placed
        self._sums = torch.zeros(texts, len(whole.encoding.classes), dtype=torch.float64)
        self._units = torch.zeros(texts, 1, dtype=torch.float64)

    def class_probabilities(self) -> numpy.ndarray:
        """Probability `[texts, K]` float32 of each intent; all 0 for a text without units."""
        scores = (self._sums / self._units.clamp(min=1.0)).float()
        probabilities: torch.Tensor = self._model.class_probabilities(scores) * (self._units > 0)
        given: numpy.ndarray = probabilities.numpy()
        return given

    @torch.inference_mode()
    def _forward(self, windows: Sequence[Encoded]) -> numpy.ndarray:
        tags, classes = self._model(self._placed(self.encoding.collate(windows)))
        units = torch.tensor([[row.length] for row in windows], dtype=torch.float64)
        texts = torch.tensor([row.index for row in windows])
        self._sums.index_add_(0, texts, classes.double().cpu() * units)
        self._units.index_add_(0, texts, units)
        given: numpy.ndarray = tags.float().cpu().numpy()
        return given

    @torch.inference_mode()
    def _decode(self, scores: numpy.ndarray, mask: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        given, where = torch.from_numpy(scores).to(self._device), torch.from_numpy(mask).to(self._device)
        tags: numpy.ndarray = self._model.decode(given, where).cpu().numpy()
        probabilities: numpy.ndarray = self._model.probabilities(given, where).cpu().numpy()
        return tags, probabilities


def read_as_wanted(config: Settings, pipeline: JointIntentSlotPipeline) -> None:
    """Let a pipeline decide as the testing file says; what it does not say stays as it was saved."""
    said = {"repair": (config.get("evaluator") or {}).get("repair")}
    said |= {"least_score": (config.get("decision") or {}).get("least_score")}
    pipeline.options = replace(pipeline.options, **{name: value for name, value in said.items() if value is not None})
