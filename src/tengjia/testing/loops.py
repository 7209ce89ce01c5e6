"""What trainers and callbacks promise."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from tengjia.registry import REGISTRIES
from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.learning import resumes
from tengjia.testing.optimizers import as_json
from tengjia.testing.subject import Subject
from tengjia.testing.toy import run_in, toy_parts, toy_trainer, trainer_values
from tengjia.training.callback import Callback


def trainer_builds_from_defaults(subject: Subject) -> None:
    """It is built on the parts that the contract names, and has a `fit`."""
    trainer = built(subject, **toy_parts(run_in(subject.folder / "run")))
    hold(callable(getattr(trainer, "fit", None)), "testing.no_method", found=subject.name, method="fit")


def trainer_lowers_the_loss(subject: Subject) -> None:
    """It trains the toy task: the loss of the evaluation falls, and the budget of steps is kept."""
    losses = []
    for steps in (1, 40):
        context = _fitted(subject, steps).context
        hold(context.state.step == steps, "testing.wrong_steps", found=context.state.step, allowed=steps)
        losses.append(context.state.loss or 0.0)
    values = {"first": f"{losses[0]:.4f}", "last": f"{losses[1]:.4f}"}
    hold(losses[1] < losses[0] * 0.7, "testing.loss_stays", found=subject.name, steps=40, **values)


def trainer_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, its training ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        return _trainer(subject, 8, toy_parts(run_in(run.path), more))

    resumes(make_trainer, subject.name)


def callbacks_builds_from_defaults(subject: Subject) -> None:
    """It is built, can be switched off, and is a callback."""
    callback = built(subject)
    known = REGISTRIES["callbacks"].schema(subject.name).parameters
    hold("enabled" in known, "testing.no_switch", found=subject.name)
    hold(isinstance(callback, Callback), "testing.no_callback", found=subject.name)


def callbacks_saves_and_loads(subject: Subject) -> None:
    """After a training, what it remembers is JSON and tensors, which a new one takes back as they are."""
    callback, said = _callback(subject), _Errors()
    as_json(callback.state_dict(), subject.name)
    with said:
        toy_trainer(8, run_in(subject.folder / "run"), [callback]).fit()
    hold(not said.records, "testing.switched_off", found=subject.name, reason="; ".join(said.records))
    successor, state = _callback(subject), callback.state_dict()
    successor.load_state_dict(as_json(state, subject.name))
    hold(_plain(successor.state_dict()) == _plain(state), "testing.not_saved", found=subject.name)


def callbacks_resumes_exactly(subject: Subject) -> None:
    """Stopped and resumed, training with it ends in the same bits."""

    def make_trainer(run: Any, more: Sequence[Callback]) -> Any:
        return toy_trainer(8, run_in(run.path), [_callback(subject), *more])

    resumes(make_trainer, subject.name)


class _Errors(logging.Handler):
    """Collects what is logged as a warning or worse: an unessential callback that fails is only logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record.getMessage())

    def __enter__(self) -> _Errors:
        logging.getLogger("tengjia").addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger("tengjia").removeHandler(self)


def _callback(subject: Subject) -> Any:
    enabled = {"enabled": True, **subject.parameters}
    return REGISTRIES["callbacks"].build({"name": subject.name, **enabled})


def _trainer(subject: Subject, steps: int, parts: Mapping[str, Any]) -> Any:
    values = {"name": subject.name, **trainer_values(steps), **subject.parameters}
    return REGISTRIES["trainer"].build(values, **parts)


def _fitted(subject: Subject, steps: int) -> Any:
    trainer = _trainer(subject, steps, toy_parts(run_in(subject.folder / f"run{steps}")))
    trainer.fit()
    return trainer


def _plain(state: Any) -> Any:
    return as_json(state, "")
