"""How well the right texts are ranked: `evaluator=retrieval`."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tengjia.config.parameters import Limits
from tengjia.data.scale import Scale
from tengjia.metrics.ranked import Rankings, mean_of_known
from tengjia.metrics.score_rows import ScoreRows, told
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch

logger = logging.getLogger(__name__)


@evaluators.register("retrieval")
class Retrieval:
    """MRR, nDCG and recall at ranks: means over the groups, whose texts are ranked by their scores.

    Groups of one text, and groups in which no text is relevant, do not count. Texts with equal scores are ranked in the
    worst order.

    Args:
        config: Its parameters.
        labels: The scale.
    """

    metrics: ClassVar[dict[str, str]] = {"mrr": "max", "ndcg": "max", "recall": "max"}
    metrics_by_name: ClassVar[dict[str, str]] = {"ndcg": "cutoffs", "recall": "cutoffs"}
    """Metrics that are also given at each rank (`ndcg/3`) -> the parameter that names the ranks."""
    measures = "scores"
    gathered = True

    limits: ClassVar[Limits] = {"cutoff": (1, None)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `retrieval`."""

        cutoff: int = 5
        """How many of the first texts `ndcg` and `recall` look at."""
        cutoffs: tuple[int, ...] = (1, 3, 10)
        """Further ranks, told as `ndcg/1`, `recall/1` and so on."""
        relevant: float | None = None
        """From this score on, on the scale of the data, a text is relevant; null: from its middle on."""

    def __init__(self, config: Config, *, labels: Scale) -> None:
        self.config, self.scale = config, labels
        self._rows = ScoreRows()

    def reset(self) -> None:
        """Forget everything."""
        self._rows.clear()

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in scores `[B]`, gold scores `[B]` and groups `[B]`."""
        self._rows.add(predicted, gold, mask)

    def statistics(self) -> torch.Tensor:
        """Score, gold score and group of each pair, `[N, 3]` float64."""
        return self._rows.table()

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or gathered rows."""
        predicted, gold, groups = self._rows.columns(statistics)
        relevant = self.scale.relevant(self.config.relevant)
        ranked = Rankings.of(predicted, gold, groups)
        figures = {"mrr": mean_of_known(ranked.reciprocal_rank(relevant))}
        for suffix, cutoff in [("", self.config.cutoff), *((f"/{rank}", rank) for rank in self.config.cutoffs)]:
            figures[f"ndcg{suffix}"] = mean_of_known(ranked.ndcg(cutoff))
            figures[f"recall{suffix}"] = mean_of_known(ranked.recall(relevant, cutoff))
        return told(figures, logger)
