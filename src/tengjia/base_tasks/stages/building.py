"""Builds the model and the unit of a task from its config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

from tengjia.config import Settings
from tengjia.contracts import Counting
from tengjia.errors import ConfigurationError
from tengjia.registry import criteria, models
from tengjia.utilities.randomness import seed_for

_COUNTED_AT_ONCE: Final = 128
"""Texts of a batch that a model counts in."""

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.contracts import Criterion, Model, Unit


def build_model(config: Settings, dataset: Dataset) -> Model:
    """The model that `config.model` chooses, sized for the data; its first weights depend on `config.seed` only, and on
    the training part where it counts there (`contracts.Counting`)."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for(config.seed, "model"))
        model: Model = models.build(config.model, inputs=dataset.inputs)
    if isinstance(model, Counting):
        model.count(dataset.training(batch_size=_COUNTED_AT_ONCE, seed=config.seed).evaluation("train"))
    return model


def build_unit(task: BaseTask, config: Settings, model: Any) -> Unit:
    """What training minimises and evaluation measures.

    Raises:
        ConfigurationError: The criterion does not fit what the model gives.
    """
    criterion: Criterion = criteria.build(config.criterion, model=model)
    require_fit(model, criterion)
    return task.unit(config, model, criterion)


def require_fit(model: Any, criterion: Any) -> None:
    """See that a criterion measures what a model gives: both say it by their `decoder` (`contracts.Model`), where
    they say anything.

    Raises:
        ConfigurationError: It does not.
    """
    given, wanted = decoders(model), decoders(criterion)
    if given and wanted and not given & wanted:
        raise ConfigurationError(
            "model.criterion_does_not_fit",
            key="criterion",
            model=type(model).__name__,
            criterion=type(criterion).__name__,
            found=", ".join(sorted(wanted)),
            allowed=", ".join(sorted(given)),
        )


def decoders(module: Any) -> frozenset[str]:
    """The values of `decoder` of a model or a criterion, which may be one or several."""
    said = getattr(module, "decoder", ())
    return frozenset((said,) if isinstance(said, str) else said)
