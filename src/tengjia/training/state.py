"""Where a training stands: plain numbers that a checkpoint keeps as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass
class State:
    """Counters and scores. Everything else that training needs is a function of them, of the seed and of the data."""

    epoch: int = 0
    """Epochs completed."""

    step_in_epoch: int = 0
    """Optimizer steps done in the epoch at hand."""

    step: int = 0
    """Optimizer steps done in all."""

    micro: int = 0
    """Micro-batches whose gradients wait for the next optimizer step."""

    window_loss: float = 0.0
    """Loss of those micro-batches, summed over their units and divided by the units of the global batch."""

    units: int = 0
    """Units (labelled pieces) trained on, over all processes."""

    loss: float | None = None
    """Mean loss a unit of the last step."""

    epoch_loss: float = 0.0
    """Loss of the epoch at hand, summed over its units."""

    epoch_units: int = 0
    """Units of the epoch at hand."""

    gradient_norm: float | None = None
    """Norm of the gradient of the last step before clipping, where it was measured."""

    metrics: dict[str, float] = field(default_factory=dict)
    """Result of the last evaluation."""

    evaluated_step: int = 0
    """The step after which it was made."""

    best_score: float | None = None
    """Best monitored score that met the thresholds."""

    best_step: int | None = None
    """The step after which it was reached."""

    stop_reason: str | None = None
    """Why training ended before its budget was spent."""

    @property
    def mean_epoch_loss(self) -> float | None:
        """Mean loss a unit over the epoch at hand."""
        return self.epoch_loss / self.epoch_units if self.epoch_units else None

    def finish_step(self, loss: float, weight: int, norm: float | None, units: int | None = None) -> None:
        """Count an optimizer step: its mean loss, what it is a mean over, its gradient norm, its units."""
        self.step += 1
        self.step_in_epoch += 1
        self.micro, self.window_loss = 0, 0.0
        self.loss, self.gradient_norm = loss, norm
        self.units += weight if units is None else units
        self.epoch_loss += loss * weight
        self.epoch_units += weight

    def begin_epoch(self) -> None:
        """Count an epoch."""
        self.epoch += 1
        self.step_in_epoch = self.epoch_units = 0
        self.epoch_loss = 0.0

    def plain(self) -> dict[str, Any]:
        """The state for JSON."""
        return asdict(self)

    def restore(self, values: Mapping[str, Any]) -> None:
        """Take over what `plain` gave; names of other versions are left aside."""
        for known in fields(self):
            if known.name in values:
                setattr(self, known.name, values[known.name])
