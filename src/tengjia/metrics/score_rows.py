"""Scores of pairs as they come in, batch after batch, for evaluators that must see them all."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy

from tengjia.messages import text

if TYPE_CHECKING:
    import torch


class ScoreRows:
    """Score, gold score and group of pairs; rows of several processes are laid end to end."""

    def __init__(self) -> None:
        self._rows: list[numpy.ndarray] = []

    def clear(self) -> None:
        """Forget everything."""
        self._rows.clear()

    def add(self, scores: torch.Tensor, gold: torch.Tensor, groups: torch.Tensor) -> None:
        """Take in a batch: scores, gold scores and groups, each `[B]`."""
        columns = [numpy.asarray(values.detach().cpu().double()) for values in (scores, gold, groups)]
        self._rows.append(numpy.stack(columns, axis=1))

    def table(self) -> torch.Tensor:
        """All rows, `[N, 3]` float64."""
        import torch

        return torch.from_numpy(self._joined())

    def columns(self, table: torch.Tensor | None = None) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
        """Scores, gold scores (float64) and groups (int64), each `[N]`, of a table or of own rows."""
        rows = self._joined() if table is None else table.cpu().double().numpy().reshape(-1, 3)
        return rows[:, 0], rows[:, 1], rows[:, 2].astype(numpy.int64)

    def _joined(self) -> numpy.ndarray:
        return numpy.concatenate(self._rows) if self._rows else numpy.empty((0, 3))


def told(figures: Mapping[str, float], logger: logging.Logger) -> dict[str, float]:
    """The figures, 0 in the place of those that do not exist (NaN), which are named in a warning."""
    unknown = [name for name, value in figures.items() if math.isnan(value)]
    if unknown:
        words = text("matching.undefined", found=", ".join(unknown))
        logger.warning(f"{words.message}; {words.hint}")
    return {name: 0.0 if name in unknown else value for name, value in figures.items()}
