"""A small task of classifying texts: the class of a text follows from its first piece."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy
import torch

from tengjia.base_tasks.text_classification.unit import TextClassificationUnit
from tengjia.contracts import Batch, Inputs, Step
from tengjia.data.classes import Classes
from tengjia.testing.broken import hold
from tengjia.testing.toys import Judged, Toy
from tengjia.utilities.randomness import generator_for

PIECES: Final = 24
ONE: Final = Classes.counted([["complaint"], ["order"], ["question"], ["question"]])
SEVERAL: Final = Classes.counted([["complaint"], ["order"], ["question"], ["question"]], multiple=True)


class ToyClasses:
    """Texts of 2 to 7 pieces, in batches of 4 whose order depends on (seed, epoch).

    Args:
        count: How many.
        seed: Seed of the order.
        multiple: Whether the class is given as a row of yes and no.
    """

    def __init__(self, count: int = 20, *, seed: int = 1, multiple: bool = False) -> None:
        self.seed, self.multiple = seed, multiple
        random = generator_for("toy classes")
        self.texts = [random.integers(2, PIECES, size=int(random.integers(2, 8))) for _ in range(count)]
        for number, text in enumerate(self.texts):
            text[0] = 3 + number % len(ONE)

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
            yield Step([self.batch(chosen)], len(chosen))

    def evaluation(self, part: str) -> Iterator[Batch]:
        """All texts, in two batches."""
        half = len(self.texts) // 2
        yield self.batch(range(half))
        yield self.batch(range(half, len(self.texts)))

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> Batch:
        """The texts of these numbers, `padding` columns wider than the longest needs, with rubbish in the padding."""
        rows = [self.texts[index] for index in indices]
        width = max(map(len, rows)) + padding
        ids = numpy.full((len(rows), width), rubbish, dtype=numpy.int64)
        for row, text in zip(ids, rows):
            row[: len(text)] = text
        mask = torch.arange(width) < torch.tensor([len(text) for text in rows])[:, None]
        classes = torch.tensor([int(text[0]) - 3 for text in rows])
        target = torch.eye(len(ONE))[classes] if self.multiple else classes
        return Batch(torch.from_numpy(ids), mask, target=target, index=torch.tensor(list(indices)))


def _check(model: Any, batch: Batch, name: str) -> None:
    """A finite score of each class."""
    scores, wanted = model(batch), (len(batch.ids), len(ONE))
    hold(scores.shape == wanted, "testing.wrong_shape", found=tuple(scores.shape), allowed=wanted)
    hold(bool(scores.isfinite().all()), "testing.not_finite", found=name)


def _learnt(unit: Any, batch: Batch) -> float:
    unit.module.eval()
    with torch.no_grad():
        best = unit.module(batch).argmax(1)
    assert batch.target is not None
    right = batch.target.argmax(1) if batch.target.ndim > 1 else batch.target
    return float((best == right).float().mean())


def _judged(kind: str) -> list[Judged]:
    """Probabilities of two batches; `partly`: every third text is wrong."""
    batches = []
    for batch in ToyClasses().evaluation("development"):
        assert batch.target is not None
        gold = batch.target
        said = (gold + (kind == "wrong")) % len(ONE)
        if kind == "partly":
            said[::3] = (said[::3] + 1) % len(ONE)
        probabilities = torch.full((len(gold), len(ONE)), 0.1).scatter_(1, said[:, None], 0.8)
        batches.append((probabilities, gold, torch.ones(len(gold), dtype=torch.bool)))
    return batches


def _padded(judged: list[Judged]) -> list[Judged]:
    """The same with a text more in each batch that does not count."""
    return [
        (
            torch.cat([probabilities, torch.tensor([[0.9, 0.1, 0.0]])]),
            torch.cat([gold, torch.tensor([2])]),
            torch.cat([mask, torch.tensor([False])]),
        )
        for probabilities, gold, mask in judged
    ]


def _toy(labels: Classes, criterion: str) -> Toy:
    return Toy(
        labels=labels,
        inputs=lambda: Inputs(pieces=PIECES, labels=labels),
        data=lambda: ToyClasses(multiple=labels.multiple),
        unit=TextClassificationUnit,
        model={"name": "text_cnn", "embedding_size": 12, "filters": 12, "embedding_dropout": 0.1, "dropout": 0.1},
        criterion=criterion,
        evaluator="classification_f1",
        monitor="classification_f1",
        output=lambda model, batch: model(batch),
        check=_check,
        learnt=_learnt,
        judged=_judged,
        padded=_padded,
    )


TOYS: Final[dict[str, Toy]] = {
    "classes": _toy(ONE, "cross_entropy"),
    "several classes": _toy(SEVERAL, "binary_cross_entropy"),
}
