"""What the processes of a group say to one another: `python -m src.tests.trainer.exchange`, in every process."""

from __future__ import annotations

import json
from typing import Any

import torch

from tengjia.contracts import Batch, PairBatch, SequenceBatch
from tengjia.distributed import Ranks, joined
from tengjia.distributed.spare import spare_batch
from tengjia.training.evaluation import statistics_of_all

ROWS = [[3, 1], [0, 4], [2, 0], [0, 0]]
"""How many rows each of two ranks has."""


def rows(rank: int, count: int) -> torch.Tensor:
    """Rows of doubles that no sum or rounding would leave as they are."""
    return torch.rand(count, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(rank)) * 1e300


def batches() -> list[Any]:
    """One of each kind."""
    ids = torch.arange(6).reshape(2, 3)
    text = Batch(ids, ids > 0, features={"segments": ids + 7}, index=torch.tensor([4, 9]), target=torch.ones(2))
    pair = PairBatch((text, Batch(ids[:, :2], ids[:, :2] > 0)), target=torch.tensor([0.25, 1.0]))
    return [text, pair, SequenceBatch(text, target=ids, target_mask=ids > 1, index=torch.tensor([1, 2]))]


class Collected:
    """An evaluator whose statistics are its rows."""

    gathered = True

    def __init__(self, own: torch.Tensor) -> None:
        self.own = own

    def statistics(self) -> torch.Tensor:
        return self.own


def said(ranks: Ranks) -> dict[str, Any]:
    found = [ranks.gathered(rows(ranks.rank, counts[ranks.rank])).tolist() for counts in ROWS]
    evaluator: Any = Collected(rows(ranks.rank, 2 + ranks.rank))
    spare = [spare_batch(batch if ranks.primary else None, ranks) for batch in batches()]
    return {
        "gathered": found,
        "statistics": statistics_of_all(evaluator, ranks).tolist(),
        "spare": [str(batch) for batch in spare],
        "none": spare_batch(None, ranks) is None,
    }


if __name__ == "__main__":
    with joined() as ranks:
        print(json.dumps(said(ranks)))
