"""Text matching, as the stages of all base tasks know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.base_tasks.text_matching.answers import Match
from tengjia.base_tasks.text_matching.application import Application, with_context
from tengjia.base_tasks.text_matching.encoding import Encoding
from tengjia.base_tasks.text_matching.outcome import make_outcome, measure_as_evaluated
from tengjia.base_tasks.text_matching.pipeline import TextMatchingPipeline
from tengjia.base_tasks.text_matching.report import said
from tengjia.base_tasks.text_matching.unit import TextMatchingUnit
from tengjia.config import Settings
from tengjia.contracts import Criterion

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import PairBatch


def build_unit(config: Settings, model: Any, criterion: Criterion) -> TextMatchingUnit:
    """The unit; how texts are joined for a model that reads both as one stands in the section `encoding`."""
    chosen = dict(config.get("encoding") or {})
    longest = int(chosen.get("maximum_length", Encoding.Config.maximum_length))
    return TextMatchingUnit(model, criterion, longest=longest)


def example(question: Any, answer: Any, encoding: Encoding) -> Mapping[str, Any]:
    """Two texts (or three: the worse one, then the context) and their score, as a row of `json_lines` with the columns
    that the encoding reads."""
    config = encoding.config
    row = dict.fromkeys(("text", *config.first, *config.second, *config.third, *config.context), "")
    if config.group is not None:
        row[config.group] = question[0]
    row["text"] = question[0]
    texts = (config.first, config.second, config.third, config.context)
    for columns, given in zip(filter(None, texts), question):
        row[columns[0]] = given
    return row if config.score is None else {**row, config.score: str(float(answer))}


def row_options(encoding: Encoding) -> Mapping[str, Any]:
    """Options of `json_lines` with which such rows are read."""
    config = encoding.config
    further = [name for name in (config.score, config.group) if name is not None]
    columns = dict.fromkeys([*config.first, *config.second, *config.third, *config.context, *further])
    return {"spans": None, "extra": tuple(name for name in columns if name != "text")}


def shown(question: tuple[str, ...], answer: Match, pipeline: TextMatchingPipeline, *, colours: bool) -> str:
    """An answer in words."""
    scale = pipeline.encoding.labels
    values = {"low": f"{scale.low:g}", "high": f"{scale.high:g}", "score": f"{answer.score:.3f}"}
    return said("answer", **values, fits=said("yes" if answer.fits else "no"))


def describe(encoding: Encoding) -> Callable[[PairBatch, int, torch.Tensor, torch.Tensor], str]:
    """Shows a pair with its gold and its predicted score."""
    pieces = encoding.texts.vocabulary.pieces

    def described(batch: PairBatch, row: int, predicted: torch.Tensor, gold: torch.Tensor) -> str:
        texts = [" ".join(pieces[number] for number in one.ids[row][one.mask[row]].tolist()) for one in batch.texts[:2]]
        scores = [f"{float(value):.3f}" for value in (gold, predicted)]
        return said("log_sample", first=texts[0], second=texts[1], gold=scores[0], predicted=scores[1])

    return described


TASK: Final = BaseTask(
    name="text_matching",
    encoding=Encoding,
    unit=build_unit,
    pipeline=TextMatchingPipeline,
    outcome=make_outcome,
    shown=shown,
    example=example,
    row_options=row_options,
    application=Application,
    columns={"second": "second_column"},
    columns_of=with_context,
    formats={"jsonl": JsonLines(".scores.jsonl")},
    adjust=measure_as_evaluated,
    describe=describe,
)
