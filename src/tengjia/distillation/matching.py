"""Which layer of a student learns from which of its teacher, and by what the two are compared."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tengjia.distillation.insides import Insides
from tengjia.distillation.losses import attention_loss, hidden_loss
from tengjia.errors import ConfigurationError
from tengjia.utilities.randomness import seed_for

NAME = "matching"
"""Under which the projections are part of the student while it learns; its bundle is without them."""


def layer_map(given: Sequence[int], student: int, teacher: int) -> tuple[int, ...]:
    """Of each layer of the student, the embeddings being the first, the layer of the teacher; 0 is its embeddings.

    Args:
        given: As a config says it; empty: evenly spread, the last on the last.
        student: Layers of the student.
        teacher: Layers of the teacher.

    Raises:
        ConfigurationError: It has another length, or a layer that the teacher has not.
    """
    chosen = tuple(given) or tuple(round(number * teacher / student) for number in range(student + 1))
    if len(chosen) != student + 1 or any(not 0 <= layer <= teacher for layer in chosen):
        raise ConfigurationError(
            "distillation.layer_map",
            key="distil.layer_map",
            found=list(chosen),
            count=student + 1,
            layers=student,
            allowed=f"0 - {teacher}",
        )
    return chosen


class Matching(nn.Module):
    """Compares what two transformers do inside (TinyBERT: Jiao et al. 2020).

    Args:
        pairs: The layer map.
        widths: Of the hidden states of student and teacher; `None`: hidden states are not compared.
        seed: Governs the first weights of the projections, one for each hidden state of the student.
    """

    def __init__(self, pairs: Sequence[int], widths: tuple[int, int] | None, *, seed: int) -> None:
        super().__init__()
        self.pairs = tuple(pairs)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_for(seed, NAME))
            projected = self.pairs if widths is not None else ()
            self.projections = nn.ModuleList(nn.Linear(*(widths or (1, 1)), bias=False) for _ in projected)

    def hidden(self, student: Insides, teacher: Insides, mask: Tensor) -> Tensor:
        """The loss of the hidden states of each text, `[B]`: the mean over the matched layers."""
        losses = [
            hidden_loss(project(student.hidden[number]), teacher.hidden[layer], mask)
            for number, (project, layer) in enumerate(zip(self.projections, self.pairs))
        ]
        return torch.stack(losses).mean(0)

    def attention(self, student: Insides, teacher: Insides, mask: Tensor) -> Tensor:
        """The loss of the attention of each text, `[B]`: the mean over the matched layers above the embeddings."""
        losses = [
            attention_loss(student.attention[number - 1], teacher.attention[layer - 1], mask)
            for number, layer in enumerate(self.pairs)
            if number and layer
        ]
        return torch.stack(losses).mean(0) if losses else mask.new_zeros(len(mask), dtype=torch.float32)
