"""A tiny tagging task: real modules, real loop, data made from a formula. Tokens 2.. ; the tag of a token is token % 3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy
import torch
from torch import nn

from tengjia.contracts import Batch, Evaluator, Loss, Step
from tengjia.distributed import SINGLE, Ranks
from tengjia.modules.trainer.default import Trainer
from tengjia.registry import callbacks as callback_registry
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback
from tengjia.utilities.randomness import generator_for, seed_for

TAGS = 3


class ToyData:
    """`count` texts of 2 to 9 tokens, in batches whose order depends on (seed, epoch)."""

    def __init__(
        self,
        count: int = 50,
        *,
        batch_size: int = 8,
        accumulate: int = 1,
        seed: int = 1,
        ranks: Ranks = SINGLE,
        tags: int = TAGS,
    ) -> None:
        self.tags = tags
        self.batch_size, self.accumulate, self.seed, self.ranks = batch_size, accumulate, seed, ranks
        random = generator_for("toy")
        self.texts = [random.integers(2, 32, size=int(random.integers(2, 10))) for _ in range(count)]

    def _micro(self, epoch: int) -> list[list[int]]:
        order = generator_for(self.seed, "order", epoch).permutation(len(self.texts)).tolist()
        return [order[start : start + self.batch_size] for start in range(0, len(order), self.batch_size)]

    def steps_in_epoch(self, epoch: int = 0) -> int:
        return -(-len(self._micro(epoch)) // self.accumulate)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        micro = self._micro(epoch)
        for first in range(start * self.accumulate, len(micro), self.accumulate):
            window = micro[first : first + self.accumulate]
            weight = sum(len(self.texts[index]) for batch in window for index in batch)
            own = [batch[self.ranks.rank :: self.ranks.world] for batch in window]
            yield Step([self.batch(indices) for indices in own if indices], weight)

    def evaluation(self, part: str) -> Iterator[Batch]:
        indices = list(range(len(self.texts)))[self.ranks.rank :: self.ranks.world]
        for start in range(0, len(indices), 16):
            yield self.batch(indices[start : start + 16])

    def batch(self, indices: list[int]) -> Batch:
        longest = max(len(self.texts[index]) for index in indices)
        ids = numpy.zeros((len(indices), longest), dtype=numpy.int64)
        for row, index in enumerate(indices):
            ids[row, : len(self.texts[index])] = self.texts[index]
        tokens = torch.from_numpy(ids)
        return Batch(tokens, tokens > 0, labels=tokens % self.tags, index=torch.tensor(indices))


class ToyModel(nn.Module):
    def __init__(self, dropout: float = 0.3, seed: int = 1, width: int = 16) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_for(seed, "model"))
            self.embedding = nn.Embedding(32, width, padding_idx=0)
            self.dropout = nn.Dropout(dropout)
            self.hidden = nn.Linear(width, width)
            self.output = nn.Linear(width, TAGS)

    def forward(self, batch: Batch) -> torch.Tensor:
        return self.output(torch.tanh(self.hidden(self.dropout(self.embedding(batch.ids)))))


class ToyUnit:
    def __init__(self, module: nn.Module) -> None:
        self.module = module

    def training_step(self, batch: Batch) -> Loss:
        return self._loss(self.module(batch), batch)

    def evaluation_step(self, batch: Batch, evaluator: Evaluator) -> Loss:
        scores = self.module(batch)
        evaluator.update(scores.argmax(-1), batch.labels, batch.mask)
        return self._loss(scores, batch)

    def _loss(self, scores: torch.Tensor, batch: Batch) -> Loss:
        total = nn.functional.cross_entropy(scores[batch.mask], batch.labels[batch.mask], reduction="sum")
        return Loss(total, int(batch.mask.sum()))


class ToyAccuracy:
    metrics: ClassVar = {"accuracy": "max"}

    def reset(self) -> None:
        self.counts = torch.zeros(2, dtype=torch.float64)

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        self.counts += torch.tensor([int(((predicted == gold) & mask).sum()), int(mask.sum())])

    def statistics(self) -> torch.Tensor:
        return self.counts

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        right, all_of_them = (self.counts if statistics is None else statistics).tolist()
        return {"accuracy": right / all_of_them}


def make_trainer(
    run: RunFolder | Path | None = None,
    *,
    count: int = 50,
    seed: int = 1,
    ranks: Ranks = SINGLE,
    unit: Any = None,
    data: Any = None,
    schedule: Any = None,
    optimizer: Any = None,
    callbacks: dict[str, dict[str, Any]] | None = None,
    more: list[Callback] | None = None,
    **settings: Any,
) -> Trainer:
    """A trainer of the toy task; `settings` are those of its `Config`, `callbacks` name -> settings."""
    if isinstance(run, Path):
        run.mkdir(parents=True, exist_ok=True)
        run = RunFolder(run, primary=ranks.primary)
    chosen = {"evaluation": {}, "checkpoint": {}, "record": {}, **(callbacks or {})}
    wanted = {name: values for name, values in chosen.items() if values.get("enabled", True)}
    built = [callback_registry.build({"name": name, **values}) for name, values in wanted.items()]
    config = Trainer.Config(
        **{"max_epochs": 3, "batch_size": 8, "device": "cpu", "threads": 1, "monitor": "accuracy", **settings}
    )
    return Trainer(
        config,
        unit=unit or ToyUnit(ToyModel(seed=seed)),
        data=data or ToyData(count, batch_size=config.batch_size, accumulate=config.accumulate, seed=seed, ranks=ranks),
        optimizer=optimizer or (lambda module: torch.optim.AdamW(module.parameters(), lr=1e-2)),
        schedule=schedule,
        evaluator=ToyAccuracy(),
        callbacks=[*built, *(more or [])],
        run=run,
        seed=seed,
        ranks=ranks,
    )
