"""Text classification, as the stages of all base tasks know it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.base_tasks.text_classification.answers import Classification
from tengjia.base_tasks.text_classification.application import Application
from tengjia.base_tasks.text_classification.decision import Options, decided
from tengjia.base_tasks.text_classification.encoding import Encoding
from tengjia.base_tasks.text_classification.outcome import make_outcome
from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline, read_as_wanted
from tengjia.base_tasks.text_classification.shown import shown
from tengjia.base_tasks.text_classification.unit import TextClassificationUnit
from tengjia.data.classes import Classes
from tengjia.messages import text

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import Batch


def example(question: str, answer: Any, encoding: Encoding) -> dict[str, Any]:
    """A text with its class, or its classes, as a row of `json_lines`."""
    names = answer.classes if isinstance(answer, Classification) else [answer] if isinstance(answer, str) else answer
    config = encoding.config
    return {"text": question, "label": config.separator.join(map(str, names)) or config.nothing}


def kept(answer: Classification, wanted: Application.Config) -> Classification:
    """An answer as the section `apply` wants it: by other thresholds, with fewer probabilities."""
    answer = replace(answer, most=wanted.most_scores)
    asked = wanted.threshold if answer.multiple else wanted.least_score
    if asked is None:
        return answer
    options = Options(threshold=asked) if answer.multiple else Options(least_score=asked)
    labels = Classes(answer.names, answer.multiple)
    return replace(answer, classes=decided(answer.probabilities[None], labels, answer.outside, options)[0])


def describe(encoding: Encoding) -> Callable[[Batch, int, torch.Tensor, torch.Tensor], str]:
    """Shows a text with its right and its given classes."""
    pieces, labels = encoding.texts.vocabulary.pieces, encoding.labels

    def named(rows: torch.Tensor) -> str:
        return ", ".join(labels.names[number] for number in rows.nonzero()[:, 0].tolist()) or "-"

    def described(batch: Batch, row: int, predicted: torch.Tensor, gold: torch.Tensor) -> str:
        shown = "".join(pieces[number] for number in batch.ids[row][batch.mask[row]].tolist())
        if labels.multiple:
            given, right = named(predicted >= 0.5), named(gold > 0.5)
        else:
            given, number = labels.names[int(predicted.argmax())], int(gold)
            right = labels.names[number] if number >= 0 else "?"
        return text("trainer.log_sample", text=shown, gold=right, predicted=given).message

    return described


TASK: Final = BaseTask(
    name="text_classification",
    encoding=Encoding,
    unit=lambda config, model, criterion: TextClassificationUnit(model, criterion),
    pipeline=TextClassificationPipeline,
    outcome=make_outcome,
    shown=shown,
    example=example,
    row_options=lambda encoding: {"spans": None, "label": "label"},
    application=Application,
    formats={"jsonl": JsonLines(".classes.jsonl")},
    kept=kept,
    counted={"answered": lambda answer: int(bool(answer.classes))},
    adjust=read_as_wanted,
    describe=describe,
)
