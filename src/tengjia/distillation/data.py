"""Taught texts as something to train on: each epoch its own round, in the order of every other training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from tengjia.base_tasks.stages.dataset import Dataset
from tengjia.base_tasks.texts.batches import widened
from tengjia.contracts import AnyBatch, Step, TrainingData
from tengjia.data.batching import Batching, Part
from tengjia.distillation.transfer import Transfer
from tengjia.distillation.unit import TaughtBatch
from tengjia.utilities.few_sizes import in_eights


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

    def training(self, *, few_widths: bool = False, **options: Any) -> TrainingData:
        """Batches to train on, with the teacher's scores, and to evaluate with; options as of `Dataset.training`."""
        parts: Mapping[str, Part] = self.encoded
        finish = partial(_widened, most=self.encoding.config.always_fits) if few_widths else None

        def batching(number: int) -> TrainingData:
            return Batching(self._transfer.round(number).training_part(), parts, finish=finish, **options)

        return TaughtData(self._transfer.rounds, batching)


def _widened(batch: Any, most: int) -> Any:
    """A batch of one of few widths, taught or not."""
    if isinstance(batch, TaughtBatch):
        return replace(batch, batch=widened(batch.batch, most, in_eights))
    return widened(batch, most, in_eights)
