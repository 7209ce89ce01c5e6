"""A small matching task: two texts fit if they begin with the same piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import numpy
import torch

from tengjia.base_tasks.text_matching.unit import TextMatchingUnit
from tengjia.contracts import Batch, Inputs, PairBatch, Step
from tengjia.data.scale import Scale
from tengjia.testing.broken import hold
from tengjia.testing.toys import Judged, Toy
from tengjia.utilities.randomness import generator_for

PIECES: Final = 24
SCALE: Final = Scale()
LONGEST: Final = 64
NEAR: Final = 0.25
"""A score so near to the right one counts as known by heart."""


class ToyPairs:
    """Pairs of texts of 2 to 7 pieces, in batches of 4 whose order depends on (seed, epoch)."""

    def __init__(self, count: int = 20, *, seed: int = 1) -> None:
        self.seed = seed
        random = generator_for("toy pairs")
        sizes = random.integers(2, 8, size=(count, 2))
        self.texts = [[random.integers(2, PIECES, size=int(size)) for size in pair] for pair in sizes]
        for number, (first, second) in enumerate(self.texts):
            second[0] = first[0] if number % 2 == 0 else 2 + (first[0] - 1) % (PIECES - 2)

    def lengths(self) -> list[int]:
        """Pieces of each pair."""
        return [sum(map(len, pair)) for pair in self.texts]

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Steps of an epoch."""
        return -(-len(self.texts) // 4)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch."""
        order = generator_for(self.seed, "order", epoch).permutation(len(self.texts)).tolist()
        for step in range(start, self.steps_in_epoch()):
            chosen = order[step * 4 : step * 4 + 4]
            yield Step([self.batch(chosen)], len(chosen))

    def evaluation(self, part: str) -> Iterator[PairBatch]:
        """All pairs, in two batches."""
        half = len(self.texts) // 2
        yield self.batch(range(half))
        yield self.batch(range(half, len(self.texts)))

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> PairBatch:
        """The pairs of these numbers, padded."""
        texts = tuple(_text([self.texts[index][side] for index in indices], padding, rubbish) for side in (0, 1))
        numbers = torch.tensor(list(indices))
        return PairBatch(texts, target=1.0 - (numbers % 2).float(), groups=numbers // 10, index=numbers)


def _text(rows: Sequence[numpy.ndarray], padding: int, rubbish: int) -> Batch:
    width = max(map(len, rows)) + padding
    mask = torch.arange(width) < torch.tensor([len(row) for row in rows])[:, None]
    ids = torch.full(mask.shape, rubbish, dtype=torch.int64)
    for row, pieces in enumerate(rows):
        ids[row, : len(pieces)] = torch.from_numpy(pieces)
    return Batch(ids, mask)


def _unit(model: Any, criterion: Any) -> TextMatchingUnit:
    return TextMatchingUnit(model, criterion, longest=LONGEST)


def _output(model: Any, batch: PairBatch) -> torch.Tensor:
    """Scores `[B]` of one that reads both texts as one; the vectors of both `[B, 2 H]` of any other."""
    if model.decoder == "score":
        return _scores(model, batch)
    return torch.cat([model(text) for text in batch.texts], -1)


def _scores(model: Any, batch: PairBatch) -> torch.Tensor:
    return TextMatchingUnit(model, _Nothing(), longest=LONGEST).scores(batch)


class _Nothing:
    """A criterion for a unit that only scores."""

    def __call__(self, scores: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return scores.sum() * 0


def _check(model: Any, batch: PairBatch, name: str) -> None:
    """A score of each pair, and of twin encoders a vector of each text."""
    output, scores, count = _output(model, batch), _scores(model, batch), len(batch.texts[0].ids)
    ranks = 1 if model.decoder == "score" else 2
    hold(output.dim() == ranks, "testing.wrong_shape", found=tuple(output.shape), allowed=f"{ranks} dimensions")
    hold(scores.shape == (count,), "testing.wrong_shape", found=tuple(scores.shape), allowed=(count,))
    hold(bool(output.isfinite().all()) and bool(scores.isfinite().all()), "testing.not_finite", found=name)


def _learnt(unit: Any, batch: PairBatch) -> float:
    unit.module.eval()
    with torch.no_grad():
        scores = unit.scores(batch)
    assert batch.target is not None
    fits = batch.target > 0.5  # what fits must stand above all that does not, whatever the loss means by a score
    return float((scores[fits][:, None] > scores[~fits][None, :]).float().mean())


def _judged(kind: str) -> list[Judged]:
    batches = []
    for batch in ToyPairs().evaluation("development"):
        assert batch.target is not None
        gold = batch.target
        said = {"right": gold, "wrong": 1 - gold, "partly": gold.clone()}[kind]
        if kind == "partly":
            said[::3] = 0.4
        batches.append((said, gold, batch.groups))
    return batches


_common = partial(
    Toy,
    labels=SCALE,
    inputs=lambda: Inputs(pieces=PIECES, labels=SCALE),
    data=ToyPairs,
    unit=_unit,
    criterion="regression",
    evaluator="pair_f1",
    monitor="pair_roc_auc",
    output=_output,
    check=_check,
    learnt=_learnt,
    judged=_judged,
)
_SMALL: Final = {"name": "siamese_bilstm", "embedding_size": 12, "hidden_size": 12, "dropout": 0.1}
TOYS: Final[dict[str, Toy]] = {"vectors": _common(model=_SMALL), "score": _common(model=_SMALL)}
"""Of the library, only a pretrained encoder reads both texts as one; criteria are tried on twins."""
