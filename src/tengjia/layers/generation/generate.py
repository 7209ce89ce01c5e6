"""From sources to texts: the one function that those who use a model call."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from tengjia.contracts import Batch
from tengjia.layers.generation.beam import beam_search
from tengjia.layers.generation.memory import Borders, Hypothesis, Writer
from tengjia.layers.generation.options import Generation
from tengjia.layers.generation.stepwise import greedy, sample


def generate(
    model: Writer,
    source: Batch,
    config: Generation.Config,
    *,
    borders: Borders,
    numbers: Sequence[int] | None = None,
) -> list[list[Hypothesis]]:
    """Write a text for each source: its hypotheses, the best first (one, unless the method is `beam`).

    Nothing of an answer depends on the other sources of the batch.

    Args:
        model: What writes.
        source: What is read.
        config: How.
        borders: The pieces at which texts begin and end.
        numbers: Of the sources, for `sampling`; `None`: their places in the batch.

    Raises:
        ConfigurationError: An option makes no sense.
    """
    generation = Generation(config)
    if not len(source.ids):
        return []
    with torch.inference_mode():
        memory = model.begin(source)
        counts = source.mask.sum(1).tolist()
        limits = torch.tensor([generation.limit(count) for count in counts], device=source.ids.device)
        if config.method == "beam":
            return beam_search(memory, limits, generation, borders)
        if config.method == "greedy":
            return greedy(memory, limits, generation, borders)
        return sample(memory, limits, generation, borders, numbers or range(len(counts)))
