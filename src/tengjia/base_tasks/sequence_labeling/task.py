"""Sequence labelling, as the stages of all base tasks know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.sequence_labeling.application import Application
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.formats import FORMATS, kept
from tengjia.base_tasks.sequence_labeling.outcome import make_outcome, read_as_evaluated
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.base_tasks.sequence_labeling.shown import shown
from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.messages import text

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import Batch


def example(question: str, answer: Iterable[Any], encoding: Encoding) -> dict[str, Any]:
    """A text with its entities `(start, end, type)`, as a row of `json_lines`."""
    spans = []
    for span in answer:
        start, end, kind = span if isinstance(span, tuple | list) else (span.start, span.end, span.type)
        spans.append({"start": start, "end": end, "type": kind})
    return {"text": question, "spans": spans}


def describe(encoding: Encoding) -> Callable[[Batch, int, torch.Tensor, torch.Tensor], str]:
    """Shows an example with its gold and its predicted entities."""
    pieces, labels = encoding.texts.vocabulary.pieces, encoding.labels

    def described(batch: Batch, row: int, predicted: torch.Tensor, gold: torch.Tensor) -> str:
        where = batch.label_mask[row]
        places = where.nonzero()[:, 0] if batch.units is None else batch.units[row][where]
        shown = [pieces[number] for number in batch.ids[row][places].tolist()]

        def entities(tags: torch.Tensor) -> str:
            spans = labels.decode(tags[where].cpu()[None].numpy())
            found = zip(spans.start.tolist(), spans.end.tolist(), spans.type.tolist())
            return "  ".join(f"{''.join(shown[a:b])}/{labels.types[kind]}" for a, b, kind in found) or "-"

        words = {"text": "".join(shown), "gold": entities(gold), "predicted": entities(predicted)}
        return text("trainer.log_sample", **words).message

    return described


TASK: Final = BaseTask(
    name="sequence_labeling",
    encoding=Encoding,
    unit=lambda config, model, criterion: SequenceLabelingUnit(model, criterion),
    pipeline=SequenceLabelingPipeline,
    outcome=make_outcome,
    shown=shown,
    example=example,
    row_options=lambda encoding: {},
    application=Application,
    formats=FORMATS,
    kept=kept,
    counted={"entities": len},
    adjust=read_as_evaluated,
    describe=describe,
)
