"""A small tagging task that every model can learn: the tag of a piece follows from its id.

Real modules, real loop; data made from a formula, so that tests need no corpus.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy
import torch

from tengjia.base_tasks.sequence_labeling.unit import SequenceLabelingUnit
from tengjia.contracts import Batch, Inputs, Step
from tengjia.data.labels import LabelSet
from tengjia.modules.trainer.default import Trainer
from tengjia.registry import callbacks, criteria, evaluators, models, optimizers
from tengjia.training.callback import Callback
from tengjia.utilities.randomness import generator_for, seed_for

LABELS = LabelSet("bmes", ("NAME", "ORG"))
PIECES = 24
CRITERION = {"crf": "crf", "softmax": "cross_entropy"}
MODEL = {"crf": "bilstm_crf", "softmax": "bilstm_softmax"}
_TAGS = torch.tensor([0, LABELS.ids["S-NAME"], LABELS.ids["S-ORG"]])


class ToyData:
    """Texts of 2 to 7 pieces, in batches of 4 whose order depends on (seed, epoch)."""

    def __init__(self, count: int = 20, *, seed: int = 1) -> None:
        self.seed = seed
        random = generator_for("toy")
        self.texts = [random.integers(2, PIECES, size=int(random.integers(2, 8))) for _ in range(count)]

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

    def batch(self, indices: Sequence[int], *, padding: int = 0) -> Batch:
        """The texts of these numbers, with `padding` more columns than the longest needs."""
        longest = max(len(self.texts[index]) for index in indices) + padding
        ids = numpy.zeros((len(indices), longest), dtype=numpy.int64)
        for row, index in enumerate(indices):
            ids[row, : len(self.texts[index])] = self.texts[index]
        pieces = torch.from_numpy(ids)
        mask = pieces > 0
        labels = _TAGS[pieces % 3].masked_fill(~mask, 0)
        return Batch(pieces, mask, labels=labels, index=torch.tensor(list(indices)))


def inputs() -> Inputs:
    """What a model of the toy task has to know."""
    return Inputs(pieces=PIECES, labels=LABELS)


def seeded() -> None:
    """Begin the randomness anew, so that two models built after it are equal."""
    torch.default_generator.manual_seed(seed_for(1, "model"))


def toy_model(decoder: str = "softmax") -> Any:
    """A small model of the library."""
    seeded()
    sizes = {"embedding_size": 12, "hidden_size": 12, "embedding_dropout": 0.1, "dropout": 0.1}
    return models.build({"name": MODEL[decoder], **sizes}, inputs=inputs())


def unit_of(model: Any, criterion: Any = None) -> SequenceLabelingUnit:
    """A model with its criterion; without one, that of the library which fits."""
    chosen = criterion or criteria.build({"name": CRITERION[model.decoder]}, model=model)
    return SequenceLabelingUnit(model, chosen)


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


def trainer_values(steps: int) -> dict[str, Any]:
    """Settings of a trainer for the toy task."""
    return {"max_steps": steps, "batch_size": 4, "device": "cpu", "threads": 1, "monitor": "token_accuracy"}


def toy_parts(run: Any = None, more: Sequence[Callback] = (), **parts: Any) -> dict[str, Any]:
    """What a trainer is built with; `parts` take the place of the usual ones."""
    return {
        "unit": unit_of(toy_model()) if "unit" not in parts else None,
        "data": ToyData(),
        "optimizer": adamw,
        "evaluator": evaluators.build({"name": "token_accuracy"}, labels=LABELS),
        "callbacks": [*toy_callbacks(more), *more],
        "run": run,
        **parts,
    }


def toy_trainer(steps: int, run: Any = None, more: Sequence[Callback] = (), **parts: Any) -> Trainer:
    """A trainer of the library on the toy task."""
    return Trainer(Trainer.Config(**trainer_values(steps)), **toy_parts(run, more, **parts))


def run_in(folder: Path) -> Any:
    """A run folder for a trainer."""
    from tengjia.runs import RunFolder

    folder.mkdir(parents=True, exist_ok=True)
    return RunFolder(folder)
