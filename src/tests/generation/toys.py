"""Models so small that everything they can write can be counted."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import torch
from torch import Tensor

from tengjia.contracts import Batch, Inputs, SequenceBatch
from tengjia.data.target_pieces import TargetPieces
from tengjia.layers.generation.memory import Borders
from tengjia.layers.generation.options import Generation

BORDERS = Borders(begin=2, end=3)


def target_pieces(count: int = 6, *, shared: bool = True) -> TargetPieces:
    """`count` pieces: padding, unknown, begin, end, and letters."""
    return TargetPieces(
        ("<pad>", "<unk>", "<s>", "</s>", *"abcdefghijklmnopqrstuvwxyz"[: count - 4]), 2, 3, shared=shared
    )


def inputs(count: int = 6, *, shared: bool = True) -> Inputs:
    """What a model is built for."""
    return Inputs(pieces=count, labels=target_pieces(count, shared=shared))


def source(lengths: list[int], *, pieces: int = 6, seed: int = 0) -> Batch:
    """Sources of random pieces."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    ids = torch.randint(4, pieces, mask.shape, generator=generator).masked_fill(~mask, 0)
    return Batch(ids=ids, mask=mask)


def batch(sources: Batch, texts: list[list[int]]) -> SequenceBatch:
    """Sources with targets, framed and padded."""
    framed = [[BORDERS.begin, *text, BORDERS.end] for text in texts]
    width = max(map(len, framed))
    target = torch.tensor([row + [0] * (width - len(row)) for row in framed])
    mask = torch.arange(width) < torch.tensor([len(row) for row in framed])[:, None]
    return SequenceBatch(source=sources, target=target, target_mask=mask)


class Table:
    """Writes by a table of conditional probabilities: the scores of the next piece by the pieces before it."""

    def __init__(self, pieces: int, seed: int, sharpness: float = 2.0) -> None:
        self.pieces, self.seed, self.sharpness = pieces, seed, sharpness

    def scores(self, sentence: int, written: tuple[int, ...]) -> Tensor:
        """Scores `[C]`; a function of the sentence and of what is written."""
        number = abs(hash((self.seed, sentence, *written))) % 2**31
        return torch.randn(self.pieces, generator=torch.Generator().manual_seed(number)) * self.sharpness

    def begin(self, source: Batch) -> TableMemory:
        """The first piece of a source says which sentence it is."""
        return TableMemory(self, source.ids[:, 0].tolist())

    def every_text(self, sentence: int, limit: int, generation: Generation) -> list[tuple[float, list[int]]]:
        """All texts of up to `limit` pieces (the end piece included) with their scores, the best first."""
        return sorted(((score, text) for text, score in self._texts(sentence, limit, generation)), reverse=True)

    def _texts(self, sentence: int, limit: int, generation: Generation) -> Iterator[tuple[list[int], float]]:
        letters = range(4, self.pieces)
        for length in range(limit + 1):
            for text in itertools.product(letters, repeat=length):
                whole = [*text, BORDERS.end] if length < limit else list(text)
                total = 0.0
                for place, piece in enumerate(whole):
                    total += float(self.scores(sentence, tuple(whole[:place])).log_softmax(-1)[piece])
                if whole:
                    yield list(text), total / generation.divisor(len(whole))


class TableMemory:
    """Remembers what is written, nothing else."""

    def __init__(self, table: Table, sentences: list[int]) -> None:
        self.table, self.sentences = table, sentences
        self.written: list[list[tuple[int, ...]]] = []

    def advance(self, pieces: Tensor, parents: Tensor) -> Tensor:
        """Scores `[N, K, C]`."""
        if not self.written:
            self.written = [[() for _ in row] for row in pieces.tolist()]
        else:
            self.written = [
                [before[parent] + (piece,) for piece, parent in zip(newest, chosen)]
                for before, newest, chosen in zip(self.written, pieces.tolist(), parents.tolist(), strict=True)
            ]
        return torch.stack(
            [
                torch.stack([self.table.scores(sentence, text) for text in texts])
                for sentence, texts in zip(self.sentences, self.written, strict=True)
            ]
        )

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        self.sentences = [self.sentences[number] for number in sentences.tolist()]
        self.written = [self.written[number] for number in sentences.tolist()]
