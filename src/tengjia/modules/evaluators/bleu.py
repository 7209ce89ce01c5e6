"""BLEU and chrF of generated texts: `evaluator=bleu`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy

from tengjia.config.parameters import Limits
from tengjia.data.target_pieces import TargetPieces
from tengjia.metrics.text_overlap import WIDTH, TextOverlap, bleu, chrf
from tengjia.registry import evaluators

if TYPE_CHECKING:
    import torch


@evaluators.register("bleu")
class Bleu:
    """BLEU and chrF of texts that are really generated, as sacrebleu counts them.

    To generate costs far more than to score: prefer `perplexity` in training, with `evaluator=bleu` where the last
    tenth of a point matters (`callbacks.evaluation.every_steps` then says how often).

    Args:
        config: Its parameters.
        labels: The pieces, which make texts.
    """

    metrics: ClassVar[dict[str, str]] = {"bleu": "max", "chrf": "max"}
    measures = "sequences"

    limits: ClassVar[Limits] = {"beams": (1, 1000)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `bleu`."""

        words: Literal["auto", "13a", "zh", "char", "intl", "none"] = "auto"
        """How sacrebleu cuts texts in words; `auto`: `zh` where targets are Chinese, else `13a`."""
        beams: int = 1
        """Hypotheses that are kept while texts are generated in training; 1: the likeliest piece each time."""

    def __init__(self, config: Config, *, labels: TargetPieces) -> None:
        self.config, self.labels = config, labels
        chosen = ("zh" if labels.chinese else "13a") if config.words == "auto" else config.words
        self._overlap = TextOverlap(chosen)
        self.reset()

    @property
    def signature(self) -> str:
        """What was measured how, as sacrebleu writes it."""
        return self._overlap.signature

    def reset(self) -> None:
        """Forget everything."""
        self._counts = numpy.zeros(WIDTH, numpy.int64)

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in piece ids that were generated and gold ones, `[B, L]` each."""
        for ours, theirs in zip(predicted.tolist(), gold.masked_fill(~mask, 0).tolist(), strict=True):
            self._counts += self._overlap.counts(self.labels.text(ours), self.labels.text(theirs))

    def statistics(self) -> torch.Tensor:
        """All counts, `[WIDTH]` float64."""
        import torch

        return torch.from_numpy(self._counts.astype(numpy.float64))

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics, from own or summed statistics."""
        counts = (self.statistics() if statistics is None else statistics).cpu().numpy()
        return {"bleu": float(bleu(counts)), "chrf": float(chrf(counts))}
