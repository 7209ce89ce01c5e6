"""What the candidates of `encoder_finetuning` share: sentences, the recipe, and how tags are scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Sentence(NamedTuple):
    """A sentence of a column file."""

    words: list[str]
    tags: list[str]


class Outcome(NamedTuple):
    """What a training gave."""

    seconds: float
    """Of training alone: sentences are encoded before, nothing is evaluated or saved within."""

    tags: list[list[str]]
    """Predicted for each sentence of the development part, a tag a word."""


@dataclass(frozen=True)
class Recipe:
    """Settings of one training, the same for all."""

    encoder: Path
    seed: int
    epochs: int = 2
    batch_size: int = 16
    rate: float = 3e-4
    weight_decay: float = 0.01
    warmup: float = 0.1
    clip_norm: float = 1.0
    precision: str = "float32"

    def warmup_steps(self, sentences: int) -> int:
        """Steps of the warm-up; after it the rate falls in a straight line to 0."""
        return math.ceil(self.warmup * self.epochs * -(-sentences // self.batch_size))


def read(file: Path) -> list[Sentence]:
    """Sentences of a `word<TAB>tag` file."""
    blocks = file.read_text("utf-8").split("\n\n")
    rows = [[line.split("\t") for line in block.splitlines() if line.strip()] for block in blocks]
    return [Sentence([row[0] for row in sentence], [row[-1] for row in sentence]) for sentence in rows if sentence]


def strict_f1(gold: list[Sentence], predicted: list[list[str]]) -> float:
    """Strict entity F1 by seqeval, in percent."""
    from seqeval.metrics import f1_score
    from seqeval.scheme import IOB2

    return 100 * float(f1_score([sentence.tags for sentence in gold], predicted, mode="strict", scheme=IOB2))
