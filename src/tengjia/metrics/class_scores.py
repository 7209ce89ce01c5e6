"""Collects probabilities and right classes, for measures that need all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy

from tengjia.metrics.class_counts import one_hot

if TYPE_CHECKING:
    import torch


class ClassScores:
    """Probabilities of texts beside what is right, row by row.

    Args:
        classes: C, how many there are.
    """

    def __init__(self, classes: int) -> None:
        self._classes = classes
        self._rows: list[numpy.ndarray] = []

    def add(self, probabilities: torch.Tensor, gold: torch.Tensor) -> None:
        """Take in probabilities `[B, C]` with ids `[B]` (negative: none of these), or rows `[B, C]` of 0 and 1."""
        true = gold.cpu().numpy()
        rows = true > 0.5 if true.ndim > 1 else one_hot(true, self._classes)
        # A copy in float32: what is held for long takes half the room.
        self._rows.append(numpy.concatenate([probabilities.float().cpu().numpy(), rows], 1, dtype=numpy.float32))

    def rows(self) -> torch.Tensor:
        """`[N, 2C]` float64: probabilities, then 0 or 1."""
        import torch

        held = self._rows or [numpy.zeros((0, 2 * self._classes), numpy.float32)]
        return torch.from_numpy(numpy.concatenate(held).astype(numpy.float64))

    def parts(self, rows: torch.Tensor) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Scores `[N, C]` and right classes `[N, C]` bool, of rows laid end to end."""
        values = rows.cpu().numpy().reshape(-1, 2 * self._classes)
        return values[:, : self._classes], values[:, self._classes :] > 0.5
