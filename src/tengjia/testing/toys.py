"""Small tasks that models of a decoder can learn: what promises of models, criteria and evaluators are tried on.

Real modules, real loop; data made from a formula, so that tests need no corpus. A base task brings one in a module of
this folder with a constant `TOYS`: decoder -> toy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import torch

from tengjia.contracts import Inputs
from tengjia.registry import criteria, models
from tengjia.testing.broken import hold
from tengjia.testing.subject import Subject
from tengjia.utilities.randomness import seed_for

Judged = tuple[Any, Any, Any]
"""What an evaluator is given of a batch: what was predicted, what is right, and the third argument of `update`."""


class Data(Protocol):
    """What a toy is learnt from: besides what a trainer draws, batches of texts by their numbers."""

    def lengths(self) -> Sequence[int]:
        """Pieces of each text."""

    def batch(self, indices: Sequence[int], *, padding: int = 0, rubbish: int = 0) -> Any:
        """The texts of these numbers, `padding` columns wider than the longest needs, with rubbish in the padding."""


@dataclass(frozen=True)
class Toy:
    """A small task."""

    labels: Any
    """What is scored."""

    inputs: Callable[[], Inputs]
    """What a model has to know."""

    data: Callable[[], Any]
    """`Data` that is also a `contracts.TrainingData`."""

    unit: Callable[[Any, Any], Any]
    """`(model, criterion)` -> the unit of the base task."""

    model: Mapping[str, Any]
    """A model of the library that fits, small."""

    criterion: str
    """A criterion that fits."""

    evaluator: str
    """An evaluator that fits."""

    monitor: str
    """One of its metrics."""

    output: Callable[[Any, Any], torch.Tensor]
    """`(model, batch)` -> what the model gives, `[B, ...]`; the second dimension may grow with padding."""

    check: Callable[[Any, Any, str], None]
    """`(model, batch, name)`: see that the model gives what its decoder promises."""

    learnt: Callable[[Any, Any], float]
    """`(unit, batch)` -> the share of a batch that it knows by heart."""

    judged: Callable[[str], list[Judged]]
    """What evaluators of this toy are given where all is `right`, all `wrong`, or some (`partly`)."""

    padded: Callable[[list[Judged]], list[Judged]] | None = None
    """The same with rubbish where nothing is; `None` where evaluators see no padding."""


_HOMES: Final = {
    "crf": "toy",
    "softmax": "toy",
    "vectors": "toy_pairs",
    "score": "toy_pairs",
    "joint": "toy_joint",
    "sequence": "toy_sequences",
    "sequences": "toy_sequences",
    "classes": "toy_classes",
    "several classes": "toy_classes",
}
"""Decoder -> the module of this folder that has its toy."""

_MEASURED: Final = {
    "tags": "softmax",
    "scores": "vectors",
    "joint": "joint",
    "pieces": "sequence",
    "sequences": "sequences",
    "classes": "classes",
}
"""What evaluators measure -> a decoder whose toy they are tried on."""


def toy_of(decoder: str) -> Toy:
    """The toy of a decoder."""
    toys: Mapping[str, Toy] = importlib.import_module(f"tengjia.testing.{_HOMES[decoder]}").TOYS
    return toys[decoder]


def toy_for(subject: Subject) -> Toy:
    """The toy on which a model or a criterion is tried, by the decoder that its class names; of several the first. A
    criterion for texts with several classes alone (`answers`) has a toy of its own."""
    said = getattr(subject.type, "decoder", None)
    decoders = [said] if isinstance(said, str) else list(said or ())
    known = [one for one in decoders if one in _HOMES]
    hold(known, "testing.no_decoder", found=subject.name, decoder=said, allowed=", ".join(_HOMES))
    several = "one" not in getattr(subject.type, "answers", ("one",))
    return toy_of(f"several {known[0]}" if several else known[0])


def toy_measured_by(subject: Subject) -> Toy:
    """The toy on which an evaluator is tried, by what its class measures."""
    measures = getattr(subject.type, "measures", "tags")
    known = ", ".join(_MEASURED)
    hold(measures in _MEASURED, "testing.no_measures", found=subject.name, measures=measures, allowed=known)
    return toy_of(_MEASURED[measures])


def seeded() -> None:
    """Begin the randomness anew, so that two models built after it are equal."""
    torch.default_generator.manual_seed(seed_for(1, "model"))


def model_of(toy: Toy) -> Any:
    """A small model of the library for a toy."""
    seeded()
    return models.build(toy.model, inputs=toy.inputs())


def unit_for(toy: Toy, model: Any, criterion: Any = None) -> Any:
    """A model with its criterion; without one, that of the library which fits."""
    chosen = criterion if criterion is not None else criteria.build({"name": toy.criterion}, model=model)
    return toy.unit(model, chosen)
