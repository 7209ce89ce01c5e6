"""The trainer: steps over the data, gradients from the engine, everything else from callbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import torch

from tengjia.config.parameters import Limits
from tengjia.contracts import AnyBatch, Evaluator, Schedule, Step, TrainingData, Unit
from tengjia.distributed import SINGLE, Ranks
from tengjia.distributed.ranks import lost_rank_is_an_error
from tengjia.distributed.spare import spare_batch
from tengjia.errors import Interrupted, TrainingError
from tengjia.messages import text
from tengjia.registry import trainers
from tengjia.training.budget import total_steps
from tengjia.training.busy_machine import warn_if_busy
from tengjia.training.callback import Callback
from tengjia.training.callback_list import CallbackList
from tengjia.training.context import Context
from tengjia.training.devices import set_threads
from tengjia.training.engine import Engine
from tengjia.training.limits import require
from tengjia.training.quick_start import mark_optimizers, step_directly
from tengjia.training.recovery import resume
from tengjia.training.state import State
from tengjia.training.watch import LossWatch
from tengjia.utilities.allocator import keep_freed_memory
from tengjia.utilities.randomness import seed_for
from tengjia.utilities.signals import StopRequest, stop_requests

if TYPE_CHECKING:
    from tengjia.runs import RunFolder


@trainers.register("default")
class Trainer:
    """Trains a unit on data, in one process or many, and can be stopped and resumed anywhere.

    Args:
        config: See `Config`.
        unit: The science of the task.
        data: Steps of this rank, made with this trainer's batch size and accumulation.
        optimizer: Given the module in its place (device, precision, shards), makes the optimizer.
        schedule: `factor(step)` multiplies the base rates of the optimizer; `None` leaves them.
        evaluator: Measures predictions; `None` if there are no labelled examples to evaluate.
        callbacks: Everything optional.
        run: Where the record goes; `None` leaves none.
        seed: Governs all randomness.
        direction: Whether the monitored metric shall rise (`max`) or fall (`min`).
        ranks: Who this process is among many.
        describe: Words for one example, for logs: `(batch, row, what was predicted of it, what is right)`.

    Raises:
        EnvironmentFault: The device is not there.
        TrainingError: There is nothing to train on.
    """

    limits: ClassVar[Limits] = {
        "max_epochs": (1, None),
        "max_steps": (1, None),
        "batch_size": (1, None),
        "batch_pieces": (1, None),
        "accumulate": (1, None),
        "balance": (0.0, 1.0),
        "clip_norm": (0.0, None),
        "clip_value": (0.0, None),
        "threads": (1, None),
        "workers": (0, None),
        "divergence_factor": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        max_epochs: int = 30
        """Passes over the training data."""
        max_steps: int | None = None
        """Most optimizer steps; ends earlier than `max_epochs` if it is reached first."""
        batch_size: int = 32
        """Examples of one micro-batch, over all processes together."""
        batch_pieces: int | None = None
        """Most pieces of one micro-batch, padding included; batches then hold as many examples as fit, not more than
        `batch_size`."""
        accumulate: int = 1
        """Micro-batches whose gradients are added before each optimizer step."""
        average: Literal["units", "examples"] = "units"
        """What the loss of a step is divided by: the units (characters, words) of the global batch, or its examples."""
        balance: float = 0.0
        """Whether texts of rare classes are drawn more often: 0 takes every example once an epoch; 1 takes as many, but
        every class equally often; 0.5 is half way."""
        clip_norm: float | None = 1.0
        """Largest norm of the whole gradient; none for no limit."""
        clip_value: float | None = None
        """Largest magnitude of one entry of the gradient; none for no limit."""
        precision: Literal["float32", "float64", "bf16", "fp16"] = "float32"
        """`bf16` and `fp16` compute in half precision and keep the weights in float32."""
        compile: bool = False
        """Whether to compile the model (`torch.compile`): slower to start, often faster to run on a GPU."""
        device: str = "auto"
        """`auto`, `cpu`, `cuda`, `cuda:N` or `mps`; a device that is not there is an error, never replaced."""
        strategy: Literal["auto", "single", "ddp", "fsdp"] = "auto"
        """How several processes share the work: `ddp` (`auto`) copies the model, `fsdp` spreads it."""
        threads: int | None = None
        """Threads of this process; none leaves torch's choice, and shares the cores among processes of one machine."""
        workers: int = 0
        """Processes that make batches ahead; the result does not depend on it."""
        monitor: str = "entity_f1"
        """The metric by which the best weights are chosen (`entity_f1/NAME`: that of one type), or `loss`."""
        divergence_factor: float = 10.0
        """Stop when the mean loss of 50 steps exceeds this many times that of the first 50; 0 never stops."""
        initial_weights: str | None = None
        """A run (latest, best, a name or a path) whose weights, and nothing else, to start from."""

    def __init__(
        self,
        config: Config,
        *,
        unit: Unit,
        data: TrainingData,
        optimizer: Callable[[torch.nn.Module], torch.optim.Optimizer],
        schedule: Schedule | None = None,
        evaluator: Evaluator | None = None,
        callbacks: Iterable[Callback] = (),
        run: RunFolder | None = None,
        seed: int = 1,
        direction: str = "max",
        ranks: Ranks = SINGLE,
        describe: Callable[[Any, int, Any, Any], str] | None = None,
    ) -> None:
        require("trainer", self.limits, config)
        keep_freed_memory()
        mark_optimizers()
        set_threads(config.threads, ranks)
        self.config = config
        self.engine = Engine(
            unit,
            device=config.device,
            precision=config.precision,
            strategy=config.strategy,
            compile=config.compile,
            clip_norm=config.clip_norm,
            clip_value=config.clip_value,
            ranks=ranks,
        )
        self.callbacks = CallbackList(callbacks)
        self.watch = LossWatch(config.divergence_factor)
        self.context = Context(
            unit=unit,
            data=data,
            engine=self.engine,
            stop=StopRequest(),
            optimizer=optimizer(unit.module),
            schedule=schedule,
            evaluator=evaluator,
            seed=seed,
            total_steps=total_steps(config.max_epochs, config.max_steps, data, even=config.batch_pieces is None),
            monitor=config.monitor,
            direction=direction,
            run=run,
            ranks=ranks,
            describe=describe,
            callbacks=self.callbacks,
            watch=self.watch,
        )
        step_directly(self.context.optimizer)
        self._rates = [float(group["lr"]) for group in self.context.optimizer.param_groups]
        self._spare = self._find_spare()
        self.engine.prepare(self._spare)

    def fit(self) -> State:
        """Train until the budget is spent, a callback ends it, or somebody asks to stop.

        Raises:
            Interrupted: A stop was requested; what is needed to go on has been saved.
            TrainingError: Training cannot go on.
        """
        context, state = self.context, self.context.state
        warn_if_busy(self.engine.device, context.ranks)
        with stop_requests() as context.stop, self._closing(), lost_rank_is_an_error(context.ranks.world):
            resume(context, self.watch)
            self.callbacks.call("on_fit_start", context)
            while not context.is_finished():
                self.callbacks.call("on_epoch_start", context)
                for step in self._rest_of_epoch():
                    self._step(step)
                    self.callbacks.call("on_step_end", context)
                    if context.is_finished():
                        break
                self._check_stop()
                if context.at_epoch_end:
                    self.callbacks.call("on_epoch_end", context)
                    state.begin_epoch()
            self.callbacks.call("on_fit_end", context)
            context.stop.told = True  # a request in the last moment comes too late: training is over, on every rank
        return state

    def _rest_of_epoch(self) -> Iterable[Step]:
        state = self.context.state
        if self.context.at_epoch_end:
            return
        yield from self.context.data.steps(state.epoch, state.step_in_epoch)
        if not self.context.at_epoch_end:
            raise TrainingError("trainer.short_epoch", found=state.step_in_epoch, allowed=self.context.steps_in_epoch)

    def _step(self, step: Step) -> None:
        """One optimizer step; within it, one process alone may stop between micro-batches."""
        state = self.context.state
        losses: list[torch.Tensor] = []
        for number, batch in enumerate(self._micro_batches(step)):
            if number < state.micro:
                continue  # its gradients were in the checkpoint
            if number and self.context.ranks.world == 1:
                self._settle(losses)
                self._check_stop()
            self._reseed(number)
            losses.append(self._backward(batch, step.weight))
            state.micro = number + 1
        self._update(losses, step)

    def _micro_batches(self, step: Step) -> list[AnyBatch | None]:
        """As many on every rank; also the place where all ranks agree to stop."""
        if self.context.ranks.world == 1:
            self._check_stop()
            return list(step.batches)
        signal = self.context.stop.signal or 0
        agreed = self.context.ranks.largest(torch.tensor([signal, len(step.batches)]))
        self._interrupt(int(agreed[0]))
        return [*step.batches, *[None] * (int(agreed[1]) - len(step.batches))]

    def _backward(self, batch: AnyBatch | None, weight: int) -> torch.Tensor:
        own = (batch or self._spare).to(self.engine.device)
        loss = self.engine.backward(own, weight, scale=1.0 if batch is not None else 0.0)
        self.callbacks.call("on_backward_end", self.context, own, weight if batch is not None else 0)
        return loss

    def _update(self, losses: list[torch.Tensor], step: Step) -> None:
        context, state = self.context, self.context.state
        if context.schedule is not None:
            factor = context.schedule.factor(state.step)
            for group, rate in zip(context.optimizer.param_groups, self._rates, strict=True):
                group["lr"] = rate * factor
        self.callbacks.call("on_update_start", context)
        norm = self.engine.update(context.optimizer)
        self._settle(losses)
        loss = context.ranks.total(state.window_loss)
        self.watch.check(loss, None if norm is None else float(norm), context)
        state.finish_step(loss, step.weight, None if norm is None else float(norm), step.units)
        self.watch.observe(loss, context)
        if getattr(context.schedule, "observes", None) == "loss":
            context.schedule.observe(loss)

    def _settle(self, losses: list[torch.Tensor]) -> None:
        """Read the losses only when they are needed: each reading waits for the device."""
        for loss in losses:
            self.context.state.window_loss += float(loss)
        losses.clear()

    def _reseed(self, micro: int) -> None:
        """Randomness is a function of the place in the data, so that nothing has to be replayed on resume."""
        state = self.context.state
        seed = seed_for(self.context.seed, "dropout", state.epoch, state.step_in_epoch, micro, self.context.ranks.rank)
        torch.default_generator.manual_seed(seed)
        if self.engine.device.type == "cuda":
            torch.cuda.manual_seed(seed)

    def _check_stop(self) -> None:
        signal = self.context.stop.signal or 0
        if self.context.ranks.world > 1:
            signal = int(self.context.ranks.largest(torch.tensor([signal])))
        self._interrupt(signal)

    def _interrupt(self, signal: int) -> None:
        if signal:
            self.callbacks.call("on_interrupt", self.context)
            raise Interrupted(signal, self.context.saved or text("trainer.not_saved").message)

    def _find_spare(self) -> AnyBatch:
        """A batch of this rank, to stand in where it has none."""
        step = next(iter(self.context.data.steps(0)), None)
        spare = spare_batch(step.batches[0] if step and step.batches else None, self.context.ranks)
        if spare is None:
            raise TrainingError("trainer.no_data")
        return spare.to(self.engine.device)

    @contextmanager
    def _closing(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.callbacks.call("on_error", self.context, error)
            raise
        finally:
            self.callbacks.close(self.context)
