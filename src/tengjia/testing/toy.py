"""A small tagging task that every model can learn: the tag of a piece follows from its id.

Real modules, real loop; data made from a formula, so that tests need no corpus.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy
import torch

from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
from tengjia.contracts import Batch, Inputs, Step
from tengjia.data.labels import LabelSet
from tengjia.modules.trainer.default import Trainer
from tengjia.registry import callbacks, evaluators, optimizers
from tengjia.testing.broken import hold
from tengjia.testing.toys import Judged, Toy, model_of, unit_for
from tengjia.training.callback import Callback
from tengjia.utilities.randomness import generator_for

LABELS = LabelSet("bmes", ("NAME", "ORG"))
PIECES = 24
_TAGS = torch.tensor([0, LABELS.ids["S-NAME"], LABELS.ids["S-ORG"]])


class ToyData:
    """Texts of 2 to 7 pieces, in batches of 4 whose order depends on (seed, epoch)."""

    def __init__(self, count: int = 20, *, seed: int = 1) -> None:
        self.seed = seed
        random = generator_for("toy")
        self.texts = [random.integers(2, PIECES, size=int(random.integers(2, 8))) for _ in range(count)]

    def lengths(self) -> list[int]:
        """Pieces of each text."""
        return list(map(len, self.texts))

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Steps of an epoch."""
        return -(-len(self.texts) // 4)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch."""
        order = generator_for(self.seed, "order", epoch).permutation(len(self.texts)).tolist()
        for step in range(start, self.steps_in_epoch()):
            chosen = order[step * 4 : step * 4 + 4]
            yield Step([self.batch(chosen)], sum(len(self.texts[index]) for index in chosen))

    def evaluation(self, part: str) -> Iterator[Batch]:
        """All texts, in two batches."""
        half = len(self.texts) // 2
        yield self.batch(range(half))
        yield self.batch(range(half, len(self.texts)))

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> Batch:
        """The texts of these numbers, `padding` columns wider than the longest needs, with rubbish in the padding."""
        longest = max(len(self.texts[index]) for index in indices) + padding
        ids = numpy.zeros((len(indices), longest), dtype=numpy.int64)
        for row, index in enumerate(indices):
            ids[row, : len(self.texts[index])] = self.texts[index]
        pieces = torch.from_numpy(ids)
        mask = pieces > 0
        labels = _TAGS[pieces % 3].masked_fill(~mask, min(rubbish, 1))
        return Batch(pieces.masked_fill(~mask, rubbish), mask, labels=labels, index=torch.tensor(list(indices)))


def inputs() -> Inputs:
    """What a model of the toy task has to know."""
    return Inputs(pieces=PIECES, labels=LABELS)


def _check(model: Any, batch: Batch, name: str) -> None:
    """Scores, tags and probabilities of every unit."""
    scores, mask = model(batch), batch.label_mask
    wanted = (*mask.shape, len(LABELS))
    hold(scores.shape == wanted, "testing.wrong_shape", found=tuple(scores.shape), allowed=wanted)
    hold(bool(scores.isfinite().all()), "testing.not_finite", found=name)
    tags = model.decode(scores, mask)
    hold(bool((tags[~mask] == 0).all()) and tags.shape == mask.shape, "testing.tags_of_padding", found=name)
    shares = model.probabilities(scores, mask).sum(-1)
    hold(torch.allclose(shares, mask.to(shares.dtype), atol=1e-4), "testing.no_probabilities", found=name)


def _learnt(unit: Any, batch: Batch) -> float:
    mask = batch.label_mask
    unit.module.eval()
    with torch.no_grad():
        predicted = unit.model.decode(unit.module(batch), mask)
    assert batch.labels is not None
    return float(((predicted == batch.labels) & mask).sum() / mask.sum())


def _judged(kind: str) -> list[Judged]:
    """Tags of two batches; `partly`: in each text the first unit is wrong."""
    batches = []
    for batch in ToyData().evaluation("development"):
        assert batch.labels is not None
        gold = batch.labels
        said = (gold + (kind == "wrong")) % len(LABELS)
        if kind == "partly":
            said[:, 0] = (said[:, 0] + 4) % len(LABELS)
        batches.append((said, gold, batch.label_mask))
    return batches


def _padded(judged: list[Judged]) -> list[Judged]:
    return [(p.masked_fill(~m, 1), g.masked_fill(~m, 2), m) for p, g, m in judged]


_SIZES: Final = {"embedding_size": 12, "hidden_size": 12, "embedding_dropout": 0.1, "dropout": 0.1}
TOYS: Final[dict[str, Toy]] = {
    decoder: Toy(
        labels=LABELS,
        inputs=inputs,
        data=ToyData,
        unit=SequenceLabelingUnit,
        model={"name": name, **_SIZES},
        criterion=criterion,
        evaluator="token_accuracy",
        monitor="token_accuracy",
        output=lambda model, batch: model(batch),
        check=_check,
        learnt=_learnt,
        judged=_judged,
        padded=_padded,
    )
    for decoder, name, criterion in (("crf", "bilstm_crf", "crf"), ("softmax", "bilstm_softmax", "cross_entropy"))
}
TAGS: Final = TOYS["softmax"]
"""The toy for what has nothing to do with any base task: trainers, callbacks, optimizers."""


def toy_model(decoder: str = "softmax") -> Any:
    """A small model of the library."""
    return model_of(TOYS[decoder])


def unit_of(model: Any, criterion: Any = None) -> Any:
    """A tagger with its criterion; without one, that of the library which fits."""
    return unit_for(TOYS[model.decoder], model, criterion)


def adamw(module: torch.nn.Module) -> torch.optim.Optimizer:
    """An optimizer that learns the toy task soon."""
    groups = [{"params": [weight for weight in module.parameters() if weight.requires_grad]}]
    optimizer: torch.optim.Optimizer = optimizers.build({"name": "adamw", "lr": 0.02}, parameters=groups)
    return optimizer


def toy_callbacks(others: Sequence[Callback]) -> list[Any]:
    """Those without which there is no evaluation and no checkpoint, unless they are among the others."""
    there = {type(callback) for callback in others}
    names = [name for name in ("evaluation", "checkpoint") if callbacks.load(name) not in there]
    return [callbacks.build({"name": name}) for name in names]


def trainer_values(steps: int, toy: Toy = TAGS) -> dict[str, Any]:
    """Settings of a trainer for a toy task."""
    return {"max_steps": steps, "batch_size": 4, "device": "cpu", "threads": 1, "monitor": toy.monitor}


def toy_parts(run: Any = None, more: Sequence[Callback] = (), *, toy: Toy = TAGS, **parts: Any) -> dict[str, Any]:
    """What a trainer is built with; `parts` take the place of the usual ones."""
    return {
        "unit": unit_for(toy, model_of(toy)) if "unit" not in parts else None,
        "data": toy.data(),
        "optimizer": adamw,
        "evaluator": evaluators.build({"name": toy.evaluator}, labels=toy.labels),
        "callbacks": [*toy_callbacks(more), *more],
        "run": run,
        **parts,
    }


def toy_trainer(
    steps: int, run: Any = None, more: Sequence[Callback] = (), *, toy: Toy = TAGS, **parts: Any
) -> Trainer:
    """A trainer of the library on a toy task."""
    return Trainer(Trainer.Config(**trainer_values(steps, toy)), **toy_parts(run, more, toy=toy, **parts))


def run_in(folder: Path) -> Any:
    """A run folder for a trainer."""
    from tengjia.runs import RunFolder

    folder.mkdir(parents=True, exist_ok=True)
    return RunFolder(folder)
