"""Sequence to sequence, as the stages of all base tasks know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.sequence_to_sequence.answers import Written
from tengjia.base_tasks.sequence_to_sequence.application import Application
from tengjia.base_tasks.sequence_to_sequence.encoding import Encoding, columns_of
from tengjia.base_tasks.sequence_to_sequence.formats import FORMATS
from tengjia.base_tasks.sequence_to_sequence.outcome import make_outcome, measure_as_evaluated, write_as_wanted
from tengjia.base_tasks.sequence_to_sequence.pipeline import SequenceToSequencePipeline
from tengjia.base_tasks.sequence_to_sequence.report import said
from tengjia.base_tasks.sequence_to_sequence.unit import SequenceToSequenceUnit
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.config import Settings
from tengjia.contracts import Criterion
from tengjia.layers.generation.options import Generation
from tengjia.registry import REGISTRIES
from tengjia.reports.terminal import printable

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import SequenceBatch


def build_unit(config: Settings, model: Any, criterion: Criterion) -> SequenceToSequenceUnit:
    """The unit; an evaluator that looks at texts says how many hypotheses are kept while they are written."""
    evaluator = config.get("evaluator")
    if evaluator is None or REGISTRIES["evaluator"].load(evaluator["name"]).measures != "sequences":
        return SequenceToSequenceUnit(model, criterion)
    beams = int(evaluator.get("beams", 1))
    options = dict(config.get("generation") or {}) | {"beams": beams, "method": "beam" if beams > 1 else "greedy"}
    return SequenceToSequenceUnit(model, criterion, Generation.Config(**options))


def example(question: Any, answer: Any, encoding: Encoding) -> Mapping[str, Any]:
    """A text and what should be written, as a row of `json_lines`."""
    read, written = columns_of(encoding.config)
    return {read: question, written: str(answer)}


def row_options(encoding: Encoding) -> Mapping[str, Any]:
    """How such rows are read."""
    further = encoding.further_texts(encoding.config)
    return {"spans": None, "label": None, "extra": further}


def shown(question: str, answer: Written, pipeline: SequenceToSequencePipeline, *, colours: bool) -> str:
    """An answer in words, with its alternatives."""
    others = [f"{one.score:.3f}  {printable(one.text)}" for one in answer.alternatives]
    mark = "" if answer.ended else f"  ({said('trouble_cut')})"
    return "\n".join([f"{answer.score:.3f}  {printable(answer.text) or '–'}{mark}", *others])


def describe(encoding: Encoding) -> Callable[[SequenceBatch, int, torch.Tensor, torch.Tensor], str]:
    """Shows a source with what was written and what should be."""
    pieces, labels = encoding.texts.vocabulary.pieces, encoding.labels

    def described(batch: SequenceBatch, row: int, predicted: Any, gold: torch.Tensor) -> str:
        source = batch.source.ids[row][batch.source.mask[row]].tolist()
        best = predicted[1] if isinstance(predicted, tuple) else predicted
        texts = {"predicted": best.tolist(), "gold": gold.tolist()}
        return said(
            "log_sample",
            source=" ".join(pieces[number] for number in source),
            **{name: labels.text(ids).strip() for name, ids in texts.items()},
        )

    return described


TASK: Final = BaseTask(
    name="sequence_to_sequence",
    encoding=Encoding,
    unit=build_unit,
    pipeline=SequenceToSequencePipeline,
    outcome=make_outcome,
    shown=shown,
    example=example,
    row_options=row_options,
    application=Application,
    formats=FORMATS,
    adjust=measure_as_evaluated,
    asked=write_as_wanted,
    describe=describe,
)
