"""A small task of texts that are written: the pieces of the source, each the next one of the alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import torch

from tengjia.base_tasks.sequence_to_sequence.unit import SequenceToSequenceUnit, following
from tengjia.contracts import Batch, Inputs, SequenceBatch, Step
from tengjia.data.target_pieces import TargetPieces
from tengjia.testing.broken import hold
from tengjia.testing.toys import Judged, Toy
from tengjia.utilities.randomness import generator_for

LETTERS: Final = "abcdefghijklmnopqrst"
LABELS: Final = TargetPieces(("<pad>", "<unk>", "<s>", "</s>", *LETTERS), begin=2, end=3, spelling=" ".join)
FIRST: Final = 4
"""Id of the first letter."""


class ToySequences:
    """Texts of 2 to 6 pieces, in batches of 4 whose order depends on (seed, epoch)."""

    def __init__(self, count: int = 20, *, seed: int = 1) -> None:
        self.seed = seed
        random = generator_for("toy sequences")
        sizes = random.integers(2, 7, count)
        self.texts = [random.integers(FIRST, len(LABELS), int(size)).tolist() for size in sizes]

    def lengths(self) -> list[int]:
        """Pieces of each text."""
        return [len(text) for text in self.texts]

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Steps of an epoch."""
        return -(-len(self.texts) // 4)

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch."""
        order = generator_for(self.seed, "order", epoch).permutation(len(self.texts)).tolist()
        for step in range(start, self.steps_in_epoch()):
            chosen = order[step * 4 : step * 4 + 4]
            yield Step([self.batch(chosen)], sum(len(self.texts[index]) + 1 for index in chosen))

    def evaluation(self, part: str) -> Iterator[SequenceBatch]:
        """All texts, in two batches."""
        half = len(self.texts) // 2
        yield self.batch(range(half))
        yield self.batch(range(half, len(self.texts)))

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> SequenceBatch:
        """The texts of these numbers with what is to be written, padded."""
        texts = [self.texts[index] for index in indices]
        ids, mask = _padded(texts, padding, rubbish)
        written = [[LABELS.begin, *map(_next, text), LABELS.end] for text in texts]
        target, target_mask = _padded(written, padding, rubbish)
        return SequenceBatch(Batch(ids, mask), target, target_mask, index=torch.tensor(list(indices)))


def _next(piece: int) -> int:
    return FIRST + (piece + 1 - FIRST) % len(LETTERS)


def _padded(rows: Sequence[Sequence[int]], padding: int, rubbish: int) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(map(len, rows)) + padding
    mask = torch.arange(width) < torch.tensor([len(row) for row in rows])[:, None]
    ids = torch.tensor([[*row, *[rubbish] * (width - len(row))] for row in rows])
    return ids, mask


def _output(model: Any, batch: SequenceBatch) -> torch.Tensor:
    """Scores `[B, L - 1, C]`, 0 where no piece follows."""
    _, mask = following(batch)
    scores: torch.Tensor = model(batch) * mask[..., None]
    return scores


def _check(model: Any, batch: SequenceBatch, name: str) -> None:
    """Scores of every piece at each place, and the same ones while it writes."""
    assert batch.target is not None
    scores, allowed = model(batch), (len(batch.target), batch.target.shape[1] - 1, len(LABELS))
    hold(scores.shape == allowed, "testing.wrong_shape", found=tuple(scores.shape), allowed=allowed)
    hold(bool(scores.isfinite().all()), "testing.not_finite", found=name)
    first = batch.target[:, :1]
    written = model.begin(batch.source).advance(first, torch.zeros_like(first))
    allowed = (len(first), 1, len(LABELS))
    hold(written.shape == allowed, "testing.wrong_shape", found=tuple(written.shape), allowed=allowed)


def _learnt(unit: Any, batch: SequenceBatch) -> float:
    unit.module.eval()
    gold, mask = following(batch)
    with torch.no_grad():
        right = unit.model(batch).argmax(-1) == gold
    return float(right[mask].float().mean())


def _batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    return (following(batch) for batch in ToySequences().evaluation("development"))


def _other(gold: torch.Tensor, kind: str) -> torch.Tensor:
    """Pieces as right as they are to be."""
    wrong = torch.where(gold >= FIRST, FIRST + (gold + 9 - FIRST) % len(LETTERS), gold)
    if kind == "partly":
        return torch.where((torch.arange(gold.shape[1]) % 3 == 0).expand_as(gold), wrong, gold)
    return gold.clone() if kind == "right" else wrong


def _foreseen(kind: str) -> list[Judged]:
    """What evaluators of single pieces are given."""
    share = {"right": 0.9, "partly": 0.5, "wrong": 0.1}[kind]
    return [((torch.full(gold.shape, share).log(), _other(gold, kind)), gold, mask) for gold, mask in _batches()]


def _written(kind: str) -> list[Judged]:
    """What evaluators of whole texts are given."""
    return [(_other(gold, kind), gold, mask) for gold, mask in _batches()]


def _with_rubbish(judged: list[Judged]) -> list[Judged]:
    return [(said, gold.masked_fill(~mask, FIRST), mask) for said, gold, mask in judged]


_common = partial(
    Toy,
    labels=LABELS,
    inputs=lambda: Inputs(pieces=len(LABELS), labels=LABELS),
    data=ToySequences,
    unit=SequenceToSequenceUnit,
    model={
        "name": "transformer",
        "hidden_size": 16,
        "heads": 2,
        "feed_forward_size": 32,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "dropout": 0.1,
    },
    criterion="cross_entropy",
    evaluator="perplexity",
    monitor="piece_accuracy",
    output=_output,
    check=_check,
    learnt=_learnt,
    padded=_with_rubbish,
)
TOYS: Final[dict[str, Toy]] = {"sequence": _common(judged=_foreseen), "sequences": _common(judged=_written)}
"""Where texts are really written (`sequences`), evaluators are given these."""
