"""How much each class counts in a loss."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from tengjia.errors import ConfigurationError
from tengjia.utilities.nearest import nearest


def class_weights(model: Any, kind: str, named: Mapping[str, float]) -> Tensor | None:
    """Weights `[C]` float32 of the classes that a model scores; `None` when all count alike.

    Balanced weights are inverse to the frequency of a class in training, `texts / (C * count)`, so that all classes
    count the same together and the mean weight of a training text is 1 (King and Zeng 2001).

    Args:
        model: Has an attribute `labels`: classes or tags with names.
        kind: `none` or `balanced`.
        named: Class -> by how much its weight is multiplied.

    Raises:
        ConfigurationError: The model scores no classes, the training part was not counted, a name is none of them, or
            a weight is below 0.
    """
    if kind == "none" and not named:
        return None
    labels = getattr(model, "labels", None)
    names = _names(labels)
    if not names:
        raise ConfigurationError("model.no_classes_to_weigh", key="criterion.class_weights", model=type(model).__name__)
    weights = torch.ones(len(names))
    if kind == "balanced":
        weights = _balanced(labels, names)
    for name, factor in named.items():
        weights[_number(name, names)] *= _checked(factor, name)
    return weights


def positive_weights(model: Any, kind: str, named: Mapping[str, float]) -> Tensor | None:
    """Weights `[C]` float32 of having a class against not having it, for texts with several classes.

    Balanced weights are `(texts - count) / count`: the texts that have a class count as much as those that have not.
    Arguments and errors are those of `class_weights`.
    """
    if kind == "none" and not named:
        return None
    weights = class_weights(model, "none", named)
    if kind != "balanced":
        return weights
    labels = model.labels
    counts = _counts(labels, _names(labels))
    texts = float(labels.texts or counts.sum())
    balanced = (texts - counts).clamp(min=1.0) / counts
    return balanced if weights is None else balanced * weights


def _balanced(labels: Any, names: tuple[str, ...]) -> Tensor:
    counts = _counts(labels, names)
    return counts.sum() / (len(names) * counts)


def _counts(labels: Any, names: tuple[str, ...]) -> Tensor:
    counts: Mapping[str, int] = getattr(labels, "counts", {})
    if not counts:
        raise ConfigurationError("model.no_class_counts", key="criterion.class_weights", found="balanced")
    # A class that no training text has (of a model that is trained on) is as rare as can be told.
    return torch.tensor([max(counts.get(name, 0), 1) for name in names], dtype=torch.float32)


def _names(labels: Any) -> tuple[str, ...]:
    return tuple(getattr(labels, "names", None) or getattr(labels, "tags", None) or ())


def _number(name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise ConfigurationError(
            "model.unknown_class_weight",
            key="criterion.weight_of",
            found=name,
            nearest=", ".join(nearest(name, names)) or "-",
            allowed=", ".join(names[:30]),
        )
    return names.index(name)


def _checked(factor: float, name: str) -> float:
    if factor < 0:
        raise ConfigurationError("model.negative_class_weight", key="criterion.weight_of", name=name, found=factor)
    return factor
