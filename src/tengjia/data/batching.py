"""Batches of rows of similar length, in an order that is a function of (seed, epoch) alone.

A step takes `accumulate` micro-batches of `batch_size` rows each; every micro-batch is cut over the ranks, so that one
process and many see the same rows in the same steps. To begin at step 1,000 costs the same as to begin at step 0.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, Literal

import numpy

from tengjia.contracts import Step
from tengjia.data.balance import balanced_rows
from tengjia.errors import ConfigurationError, DataError
from tengjia.utilities.randomness import generator_for

if TYPE_CHECKING:
    from tengjia.contracts import AnyBatch

POOL: Final = 40
"""About so many batches are sorted by length together: enough for little padding, few enough for a random order."""


@dataclass(frozen=True)
class Part:
    """Rows to draw from."""

    lengths: numpy.ndarray
    """`[rows]` int: width of each row in a batch."""

    weights: numpy.ndarray
    """`[rows]` int: units of each row, for the sum of the global batch."""

    batch: Callable[[numpy.ndarray], AnyBatch]
    """Makes a batch of the given rows."""

    classes: numpy.ndarray | None = None
    """`[rows]` int: the class of each row, for balanced drawing; negative where it has none, `None` without classes."""


class Batching:
    """Draws steps from the training rows, and batches from any part (`tengjia.contracts.TrainingData`).

    Args:
        training: The rows to train on.
        evaluation: Further parts by name (`development`).
        batch_size: Rows of a micro-batch over all ranks; where `batch_pieces` is given, at most so many.
        batch_pieces: At most so many pieces in a micro-batch, padding included; `None`: no such limit.
        seed: Seed of the order.
        accumulate: Micro-batches of a step.
        rank: Number of this process.
        world: How many processes there are.
        workers: Threads that make batches ahead; 0 makes each when it is needed. The sequence is the same.
        evaluation_batch_size: Rows of an evaluation batch; `None`: twice `batch_size`.
        average: What the loss of a step is divided by: `units`, or `examples` (rows).
        balance: 0: every row once an epoch; 1: as many rows, but every class equally often; between: between.
        finish: What becomes of every batch before it is handed out; `None`: nothing.

    Raises:
        DataError: There is no row to train on.
        ConfigurationError: The rows shall be balanced, and have no classes.
    """

    def __init__(
        self,
        training: Part,
        evaluation: Mapping[str, Part],
        *,
        batch_size: int,
        seed: int,
        batch_pieces: int | None = None,
        accumulate: int = 1,
        rank: int = 0,
        world: int = 1,
        workers: int = 0,
        evaluation_batch_size: int | None = None,
        average: Literal["units", "examples"] = "units",
        balance: float = 0.0,
        finish: Callable[[AnyBatch], AnyBatch] | None = None,
    ) -> None:
        if not len(training.lengths):
            raise DataError("cache.no_rows")
        if balance and training.classes is None:
            raise ConfigurationError("cache.no_classes", key="trainer.balance", found=balance)
        self._training = training
        self._evaluation = dict(evaluation)
        self._batch_size = batch_size
        self._batch_pieces = batch_pieces
        self._seed = seed
        self._accumulate = accumulate
        self._rank, self._world = rank, world
        self._workers = workers
        self._evaluation_batch_size = evaluation_batch_size or 2 * batch_size
        self._average = average
        self._balance = balance
        self._finish = finish
        self._planned: tuple[int, list[numpy.ndarray]] | None = None

    @property
    def training(self) -> Part:
        """The rows to train on."""
        return self._training

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Optimizer steps in an epoch (with `batch_pieces` it may differ by a few from epoch to epoch)."""
        return -(-len(self._batches(epoch)) // self._accumulate)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch from step `start` on."""
        micro = self._batches(epoch)[start * self._accumulate :]
        ready = self._made(self._training, (rows[self._rank :: self._world] for rows in micro))
        for first in range(0, len(micro), self._accumulate):
            window = micro[first : first + self._accumulate]
            units = int(sum(self._training.weights[rows].sum() for rows in window))
            weight = units if self._average == "units" else sum(map(len, window))
            yield Step([batch for batch in islice(ready, len(window)) if batch is not None], weight, units)

    def evaluation(self, part: str) -> Iterator[AnyBatch]:
        """This rank's batches of a part, sorted by length, the longest first; each row is on one rank only.

        Without gradients there is room for twice the rows of a training batch, and for twice the pieces.

        Raises:
            DataError: There is no such part.
        """
        known = {"train": self._training, **self._evaluation}
        if part not in known:
            raise DataError("cache.no_part", found=part, allowed=", ".join(known))
        rows = known[part]
        order = numpy.argsort(-rows.lengths, kind="stable")
        pieces = None if self._batch_pieces is None else 2 * self._batch_pieces
        batches = _cut(order, rows.lengths[order], self._evaluation_batch_size, pieces)
        for batch in self._made(rows, batches[self._rank :: self._world]):
            assert batch is not None
            yield batch

    def _batches(self, epoch: int) -> list[numpy.ndarray]:
        if self._planned is None or self._planned[0] != epoch:
            self._planned = epoch, self._plan(epoch)
        return self._planned[1]

    def _plan(self, epoch: int) -> list[numpy.ndarray]:
        lengths, classes = self._training.lengths, self._training.classes
        limits = self._batch_size, self._batch_pieces
        if not self._balance or classes is None:
            return batches_of_epoch(lengths, *limits, seed=self._seed, epoch=epoch)
        rows = balanced_rows(classes, self._balance, generator_for(self._seed, "balance", epoch))
        return [rows[batch] for batch in batches_of_epoch(lengths[rows], *limits, seed=self._seed, epoch=epoch)]

    def _made(self, part: Part, groups: Iterable[numpy.ndarray]) -> Iterator[AnyBatch | None]:
        """The batches of groups of rows, in order; `None` for an empty group."""

        def make(rows: numpy.ndarray) -> AnyBatch | None:
            if not len(rows):
                return None
            batch = part.batch(rows)
            return batch if self._finish is None else self._finish(batch)

        if self._workers == 0:
            yield from map(make, groups)
            return
        groups = iter(groups)
        executor = ThreadPoolExecutor(self._workers, "batches")
        try:
            ahead: deque[Future[AnyBatch | None]] = deque(
                executor.submit(make, rows) for rows in islice(groups, 2 * self._workers)
            )
            while ahead:
                batch = ahead.popleft().result()
                ahead.extend(executor.submit(make, rows) for rows in islice(groups, 1))
                yield batch
        finally:
            executor.shutdown(cancel_futures=True)


def batches_of_epoch(
    lengths: numpy.ndarray, batch_size: int, batch_pieces: int | None = None, *, seed: int, epoch: int
) -> list[numpy.ndarray]:
    """The rows of each batch of an epoch.

    The rows are shuffled; each `POOL` batches of them are sorted by length and cut; the batches are shuffled. After
    Khomenko et al. 2016, "Accelerating recurrent neural network training using sequence bucketing".

    Args:
        lengths: `[rows]` width of each row.
        batch_size: Rows of a batch; only one batch has fewer, unless `batch_pieces` says so.
        batch_pieces: At most so many pieces in a batch, padding included (a longer row stands alone).
        seed: Seed of the order.
        epoch: Number of the epoch.

    Returns:
        Every row once; within a batch the shortest first.
    """
    generator = generator_for(seed, "order", epoch)
    shuffled = generator.permutation(len(lengths))
    pools = numpy.arange(len(shuffled)) // (batch_size * _pool(-(-len(shuffled) // batch_size)))
    order = shuffled[numpy.lexsort((lengths[shuffled], pools))]
    batches = _cut(order, lengths[order], batch_size, batch_pieces, pools)
    return [batches[i] for i in generator.permutation(len(batches))]


def _pool(batches: int) -> int:
    """Batches of a pool: pools of equal size, for a small last one would hold much padding."""
    return max(1, -(-batches // max(1, round(batches / POOL))))


def _cut(
    rows: numpy.ndarray,
    lengths: numpy.ndarray,
    most_rows: int,
    most_pieces: int | None,
    pools: numpy.ndarray | None = None,
) -> list[numpy.ndarray]:
    """Rows that are sorted by length (of each pool), in batches; the pools matter only where pieces are counted."""
    if not len(rows):
        return []
    if most_pieces is None:
        return numpy.split(rows, range(most_rows, len(rows), most_rows))
    widths, of = lengths.tolist(), numpy.zeros(len(rows)).tolist() if pools is None else pools.tolist()
    cuts, first = [], 0
    for i in range(1, len(widths)):
        count = i + 1 - first
        # Sorted, up or down: the first row or the newest is the widest.
        if count > most_rows or count * max(widths[first], widths[i]) > most_pieces or of[i] != of[first]:
            cuts.append(i)
            first = i
    return numpy.split(rows, cuts)


def padding_waste(lengths: numpy.ndarray, batches: Iterable[numpy.ndarray]) -> float:
    """The part of all places in the batches that holds padding."""
    places = filled = 0
    for rows in batches:
        places += int(lengths[rows].max()) * len(rows)
        filled += int(lengths[rows].sum())
    return 1 - filled / places
