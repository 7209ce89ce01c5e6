"""Taught texts as something to train on: each epoch its own round, in the order of every other training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.contracts import AnyBatch, Step, TrainingData
from tengjia.data.batching import Batching, Part
from tengjia.distillation.transfer import Transfer


class TaughtData:
    """Draws steps from the round of each epoch (`contracts.TrainingData`).

    Args:
        rounds: How many rounds there are.
        batching: Number of a round -> what draws from it.
    """

    def __init__(self, rounds: int, batching: Callable[[int], TrainingData]) -> None:
        self._rounds = rounds
        self._of = lru_cache(maxsize=2)(batching)

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Optimizer steps in an epoch."""
        return self._of(epoch % self._rounds).steps_in_epoch(epoch)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch from step `start` on."""
        return self._of(epoch % self._rounds).steps(epoch, start)

    def evaluation(self, part: str) -> Iterator[AnyBatch]:
        """This rank's batches of a part, as it stands in the corpus."""
        return self._of(0).evaluation(part)


class TaughtDataset(Dataset):
    """The data of a student with a teacher.

    Args:
        dataset: That of the student alone.
        transfer: Makes the rounds.
    """

    def __init__(self, dataset: Dataset, transfer: Transfer) -> None:
        super().__init__(type(dataset.encoding), dataset.prepared)
        self._transfer = transfer

    def training(self, **options: Any) -> TrainingData:
        """Batches to train on, with the teacher's scores, and to evaluate with; options as of `Batching`."""
        parts: Mapping[str, Part] = self.encoded

        def batching(number: int) -> TrainingData:
            return Batching(self._transfer.round(number).training_part(), parts, **options)

        return TaughtData(self._transfer.rounds, batching)
