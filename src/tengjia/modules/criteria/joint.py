"""The loss of the slots and that of the intent, added up: `criterion=joint`."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

from torch import Tensor

from tengjia.config.parameters import Limits
from tengjia.errors import ConfigurationError
from tengjia.registry import criteria


@criteria.register("joint")
class Joint:
    """For models that give tags and a class: loss of the slots + `intent_weight` times loss of the intent, summed.

    With a CRF, cross entropy and a weight of 1 it is minus the log probability of tags and class together. A text has
    many units and one class, so average by `trainer.average=examples`: then each text counts the same in both.

    Args:
        config: Its parameters.
        model: Its `crf`, if it has one, measures the slots; its `labels` are the classes.

    Raises:
        ConfigurationError: The slots are to be measured by a CRF that the model has not, or otherwise than by its own.
    """

    decoder = "joint"

    limits: ClassVar[Limits] = {"intent_weight": (0.0, None), "label_smoothing": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `joint`."""

        slot: Literal["auto", "crf", "cross_entropy", "focal", "dice"] = "auto"
        """What measures the slots; `auto`: the CRF if the model has one, else cross entropy."""
        intent: Literal["cross_entropy", "focal"] = "cross_entropy"
        """What measures the intent."""
        intent_weight: float = 1.0
        """How much the intent counts."""
        label_smoothing: float = 0.0
        """Share of the probability of an intent that is spread evenly over all (with `cross_entropy`)."""
        class_weights: Literal["none", "balanced"] = "none"
        """Whether rare intents count more, so that all count the same together (with `cross_entropy`)."""

    def __init__(self, config: Config, *, model: Any) -> None:
        has_crf = getattr(model, "crf", None) is not None
        slot = config.slot if config.slot != "auto" else "crf" if has_crf else "cross_entropy"
        if (slot == "crf") != has_crf:
            raise ConfigurationError(
                "model.criterion_does_not_fit",
                key="criterion.slot",
                model=type(model).__name__,
                criterion=slot,
                found=slot,
                allowed="crf" if has_crf else "cross_entropy, focal, dice",
            )
        self.weight = config.intent_weight
        tagger = SimpleNamespace(crf=getattr(model, "crf", None), labels=getattr(model, "tags", None))
        self.slot = criteria.build({"name": slot}, model=tagger)
        options: dict[str, Any] = {"name": config.intent}
        if config.intent == "cross_entropy":
            options |= {"label_smoothing": config.label_smoothing, "class_weights": config.class_weights}
        self.intent = criteria.build(options, model=model)

    def __call__(
        self, scores: tuple[Tensor, Tensor], labels: tuple[Tensor, Tensor], mask: tuple[Tensor, Tensor]
    ) -> Tensor:
        """The summed loss (scalar).

        Args:
            scores: Of the tags `[B, T, C]`, of the classes `[B, K]`.
            labels: Tag ids `[B, T]`, class ids `[B]`.
            mask: Where a unit is `[B, T]`, which texts have a class that is known `[B]`.
        """
        slots: Tensor = self.slot(scores[0], labels[0], mask[0])
        intents: Tensor = self.intent(scores[1], labels[1], mask[1])
        return slots + self.weight * intents
