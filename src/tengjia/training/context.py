"""One training, as its callbacks see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tengjia.distributed import SINGLE, Ranks
from tengjia.training.state import State

if TYPE_CHECKING:
    import torch

    from tengjia.contracts import Evaluator, TrainingData, Unit
    from tengjia.runs import RunFolder
    from tengjia.training.callback_list import CallbackList
    from tengjia.training.engine import Engine
    from tengjia.training.watch import LossWatch
    from tengjia.utilities.signals import StopRequest


@dataclass
class Context:
    """Everything that callbacks may look at, and the few things they may ask for."""

    unit: Unit
    """The science: module, training step, evaluation step."""
    data: TrainingData
    """Where batches come from."""
    engine: Engine
    """Does gradients: `engine.backward(batch, weight)`."""
    optimizer: torch.optim.Optimizer
    """Holds the parameters that are trained."""
    schedule: Any
    """Factor of the rates by step."""
    evaluator: Evaluator | None
    """Measures predictions."""
    stop: StopRequest
    """Whether somebody asked to stop."""
    seed: int
    """Governs all randomness."""
    total_steps: int
    """Budget of optimizer steps."""
    monitor: str
    """The metric by which weights are best; `loss` is the loss of the evaluation."""
    direction: str
    """`"max"` or `"min"`."""
    run: RunFolder | None = None
    """Where the record goes; `None` leaves none."""
    ranks: Ranks = SINGLE
    """Who this process is among many."""
    state: State = field(default_factory=State)
    """Counters and scores."""
    describe: Callable[[Any, int, Any, Any], str] | None = None
    """Words for one example: `(batch, row, what was predicted of it, what is right)`."""
    callbacks: CallbackList | None = None
    """All callbacks, for snapshots."""
    watch: LossWatch | None = None
    """Notices a loss that is no number or grows."""
    saved: str = ""
    """What has been kept for going on later, in words; the checkpoint callback sets it."""
    keeps_best: bool = False
    """Whether the best weights are being kept on disk; the checkpoint callback sets it."""
    _counted: tuple[int, int] = (-1, 0)

    @property
    def learning_rate(self) -> float:
        """Rate of the first parameter group."""
        return float(self.optimizer.param_groups[0]["lr"])

    def is_finished(self) -> bool:
        """Whether no step is left to do."""
        return self.state.step >= self.total_steps or self.state.stop_reason is not None

    @property
    def steps_in_epoch(self) -> int:
        """Optimizer steps of the epoch at hand."""
        if self._counted[0] != self.state.epoch:
            self._counted = self.state.epoch, self.data.steps_in_epoch(self.state.epoch)
        return self._counted[1]

    @property
    def at_epoch_end(self) -> bool:
        """Whether the last step of an epoch has just been done."""
        return self.state.step_in_epoch >= self.steps_in_epoch

    def is_better(self, score: float, than: float | None) -> bool:
        """Whether a monitored score beats another; every number beats none."""
        if than is None:
            return score == score
        return score > than if self.direction == "max" else score < than

    def finish(self, reason: str) -> None:
        """Ask that training ends after this step as if its budget were spent."""
        self.state.stop_reason = reason
