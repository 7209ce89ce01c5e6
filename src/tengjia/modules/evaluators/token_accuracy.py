"""Share of units whose tag is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.metrics.scores import ratio
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

    from tengjia.data.labels import LabelSet


@evaluators.register("token_accuracy")
class TokenAccuracy:
    """Right units of all units, of those that are inside a gold span, and texts without a wrong unit of all texts.

    Of named entities most units are outside, so prefer `entity_f1` to tell whether a tagger is any good.
    """

    @dataclass(frozen=True)
    class Config:
        """`TokenAccuracy` has no options."""

    metrics: ClassVar[dict[str, str]] = {
        "token_accuracy": "max",
        "token_accuracy_inside": "max",
        "sequence_accuracy": "max",
    }

    def __init__(self, config: Config, *, labels: LabelSet) -> None:
        self.config = config
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        # Right and all: units, units inside gold spans, texts.
        self._counts = [0.0] * 6

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in tag ids `[B, T]` of a batch; `mask` says where a unit is. A text without units does not count."""
        right, inside = (predicted == gold) & mask, (gold != 0) & mask
        texts = mask.any(dim=1)
        whole = ((predicted == gold) | ~mask).all(dim=1) & texts
        parts = (right, mask, right & inside, inside, whole, texts)
        self._counts = [count + float(part.sum()) for count, part in zip(self._counts, parts)]

    def statistics(self) -> torch.Tensor:
        """Right and all: units, units inside gold spans, texts; `[6]` float64."""
        import torch

        return torch.tensor(self._counts, dtype=torch.float64)

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        values = (self.statistics() if statistics is None else statistics).cpu().numpy()
        shares = ratio(values[0::2], values[1::2]).tolist()
        return dict(zip(self.metrics, shares))
