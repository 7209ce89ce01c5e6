"""Which parameters learn, and how fast: freezing by name, rates by part, no decay for biases and norms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from torch import nn

from tengjia.errors import ConfigurationError, TrainingError
from tengjia.utilities.nearest import nearest


def freeze(model: nn.Module, patterns: Iterable[str]) -> None:
    """Keep the named parameters as they are in training.

    Args:
        model: Whose parameters.
        patterns: Names as in `model.named_parameters()`, of a parameter or of a part that holds some, with `*`, `?`
            and `[...]` as in file names: `embedding`, `encoder.layers.0`, `*.bias`.

    Raises:
        ConfigurationError: A pattern fits no parameter.
    """
    parameters = dict(model.named_parameters())
    for pattern in patterns:
        found = [name for name in parameters if fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*")]
        if not found:
            parts = {name[:end] for name in parameters for end in _ends(name)}
            raise ConfigurationError(
                "model.freeze_fits_nothing",
                key="model.freeze",
                found=pattern,
                nearest=", ".join(nearest(pattern, parts)) or "-",
                allowed=", ".join(sorted({name.partition(".")[0] for name in parameters})),
            )
        for name in found:
            parameters[name].requires_grad_(False)


def parameter_groups(model: nn.Module, *, lr: float, weight_decay: float = 0.0) -> list[dict[str, Any]]:
    """The parameters that learn, in groups of one learning rate and one weight decay, for an optimizer.

    Args:
        model: Its attribute `rates`, if it has one, gives multipliers of the learning rate by the beginning of a
            parameter's name (`{"crf": 10.0, "encoder.embeddings": 0.4}`); the longest that fits counts.
        lr: Learning rate of parts with multiplier 1.
        weight_decay: Of matrices and embeddings; biases, norms and other vectors have none.

    Raises:
        TrainingError: Nothing is left to learn.
        ConfigurationError: The rate is above the `greatest_rate` that the model says its pretrained parts bear.
    """
    greatest: float = getattr(model, "greatest_rate", float("inf"))
    if lr > greatest:
        raise ConfigurationError("model.rate_too_high", key="optimizer.lr", found=lr, allowed=greatest)
    rates: Mapping[str, float] = getattr(model, "rates", {})
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            decay = weight_decay if parameter.ndim > 1 else 0.0
            groups.setdefault((lr * _rate(name, rates), decay), []).append(parameter)
    if not groups:
        raise TrainingError("model.nothing_learns")
    return [{"params": members, "lr": rate, "weight_decay": decay} for (rate, decay), members in groups.items()]


def _rate(name: str, rates: Mapping[str, float]) -> float:
    fitting = [prefix for prefix in rates if name == prefix or name.startswith(f"{prefix}.")]
    return rates[max(fitting, key=len)] if fitting else 1.0


def _ends(name: str) -> Iterable[int]:
    return (position for position in range(1, len(name) + 1) if position == len(name) or name[position] == ".")


def can_fuse(groups: Iterable[Mapping[str, Any]]) -> bool:
    """Whether torch has a fused kernel for all parameters of the groups."""
    members = [parameter for group in groups for parameter in group["params"]]
    return all(p.device.type in {"cpu", "cuda", "mps"} and p.is_floating_point() for p in members)


def are_spread(groups: Iterable[Mapping[str, Any]]) -> bool:
    """Whether parameters of the groups are spread over processes (FSDP)."""
    from torch.distributed.tensor import DTensor

    return any(isinstance(parameter, DTensor) for group in groups for parameter in group["params"])
