"""Raw text in, entities out: what `stage=test`, `stage=apply` and every service share.

    pipeline = SequenceLabelingPipeline.load("data/check_points/demo_app/ner/<run>/bundle")
    pipeline("林清远毕业于云山大学。")       # [Entity("林清远", "NAME", 0, 3, score=0.99, ...), ...]

What becomes of long texts is told in `entity_pipeline`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy
import torch

from tengjia.base_tasks.sequence_labeling.encoded import Encoded
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.entity_pipeline import EntityPipeline, Options
from tengjia.base_tasks.stages.pipeline import BundledPipeline
from tengjia.config import Settings


class SequenceLabelingPipeline(EntityPipeline, BundledPipeline):
    """A tagger with all that stands between it and raw text (`contracts.Pipeline`)."""

    base_task = "sequence_labeling"
    encoding_class = Encoding
    usage = """\
from tengjia.base_tasks.sequence_labeling import SequenceLabelingPipeline

pipeline = SequenceLabelingPipeline.load("this/folder")
for entity in pipeline("..."):
    print(entity.text, entity.type, entity.start, entity.end, entity.score, entity.status)"""

    @classmethod
    def options_of(cls, config: Settings) -> Options:
        """Broken rows of tags are read as the evaluator reads them."""
        return Options(repair=config.evaluator.get("repair", "lenient"))

    @torch.inference_mode()
    def _forward(self, windows: Sequence[Encoded]) -> numpy.ndarray:
        given: numpy.ndarray = self.model(self.placed(self.encoding.collate(windows))).float().cpu().numpy()
        return given

    @torch.inference_mode()
    def _decode(self, scores: numpy.ndarray, mask: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        given, where = torch.from_numpy(scores).to(self.device), torch.from_numpy(mask).to(self.device)
        tags: numpy.ndarray = self.model.decode(given, where).cpu().numpy()
        probabilities: numpy.ndarray = _probabilities(self.model, given, where).cpu().numpy()
        return tags, probabilities


def _probabilities(model: Any, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Probability `[B, T, C]` of each tag, from the model itself or as its decoder has it (`contracts.Model`)."""
    if hasattr(model, "probabilities"):
        given: torch.Tensor = model.probabilities(scores, mask)
    elif model.decoder == "crf":
        given = model.crf.marginals(scores, mask)
    else:
        given = scores.softmax(-1).masked_fill(~mask[..., None], 0.0)
    return given
