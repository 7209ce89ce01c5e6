"""Joint intent and slots, as the stages of all base tasks know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.joint_intent_slot.answers import Understanding
from tengjia.base_tasks.joint_intent_slot.application import Application
from tengjia.base_tasks.joint_intent_slot.encoding import Encoding
from tengjia.base_tasks.joint_intent_slot.outcome import make_outcome
from tengjia.base_tasks.joint_intent_slot.pipeline import JointIntentSlotPipeline, read_as_wanted
from tengjia.base_tasks.joint_intent_slot.shown import shown
from tengjia.base_tasks.joint_intent_slot.unit import JointIntentSlotUnit
from tengjia.base_tasks.sequence_labeling import task as tagging
from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.base_task import BaseTask

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import Batch


def example(question: str, answer: Any, encoding: Encoding) -> dict[str, Any]:
    """A text with its intent and its slots `(start, end, type)`, as a row of `json_lines`; the answer is what a
    pipeline gives, or a pair of the two."""
    if isinstance(answer, Understanding):
        answer = answer.intent, answer.slots
    intent, slots = answer
    return {**tagging.example(question, slots, encoding.slots), "label": intent}


def describe(encoding: Encoding) -> Callable[[Batch, int, torch.Tensor, torch.Tensor], str]:
    """Shows an example with its gold and its predicted slots and intent."""
    slots = tagging.describe(encoding.slots)

    def described(batch: Batch, row: int, predicted: Any, gold: Any) -> str:
        intents = [encoding.classes.names[int(one)] if int(one) >= 0 else "?" for one in (gold[1], predicted[1])]
        return f"{slots(batch, row, predicted[0], gold[0])}  [{intents[0]} | {intents[1]}]"

    return described


TASK: Final = BaseTask(
    name="joint_intent_slot",
    encoding=Encoding,
    unit=lambda config, model, criterion: JointIntentSlotUnit(model, criterion),
    pipeline=JointIntentSlotPipeline,
    outcome=make_outcome,
    shown=shown,
    example=example,
    row_options=lambda encoding: {"label": "label"},
    application=Application,
    formats={"jsonl": JsonLines(".intents.jsonl")},
    counted={"understood": lambda answer: int(answer.intent is not None), "slots": lambda answer: len(answer.slots)},
    adjust=read_as_wanted,
    describe=describe,
)
