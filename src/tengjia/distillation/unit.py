"""The science of a student: what it is told by labels, by its teacher's scores, and by its teacher's layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from tengjia.contracts import Batch, Criterion, Evaluator, Loss, Unit, on_device
from tengjia.distillation.insides import Insides
from tengjia.distillation.losses import soft_loss
from tengjia.distillation.matching import NAME, Matching, layer_map
from tengjia.distillation.section import Distil
from tengjia.errors import ConfigurationError


@dataclass
class TaughtBatch:
    """Texts with what their teacher says of them."""

    batch: Batch
    """The texts; its target counts where `labelled` says so."""

    scores: torch.Tensor
    """`[B, C]` float32: the teacher's, before softmax."""

    labelled: torch.Tensor
    """`[B]` bool: whether a text has a label of its own."""

    index: torch.Tensor | None = None
    """`[B]` int64: which rows these are."""

    def to(self, device: torch.device) -> TaughtBatch:
        """The same batch on another device."""
        return on_device(self, device)


class DistillationUnit:
    """Joins a student, its criterion and its teacher (`contracts.Unit`).

    Args:
        own: The unit that the student would learn with alone; it evaluates.
        model: The student.
        criterion: Measures its scores against labels.
        config: What counts how much.
        teacher: The teacher's model, if layers are matched.
        seed: Governs the first weights of projections, which become a part of the student while it learns.

    Raises:
        ConfigurationError: The layers of the two cannot be matched.
    """

    def __init__(
        self, own: Unit, model: Any, criterion: Criterion, config: Distil.Config, teacher: Any = None, *, seed: int = 0
    ) -> None:
        self.own, self.model, self.criterion, self.config = own, model, criterion, config
        self.module: torch.nn.Module = own.module
        self.insides = self.teacher_insides = None
        self.teacher = teacher
        if teacher is not None:
            teacher.requires_grad_(False).eval()
            self.insides, self.teacher_insides = Insides(model), Insides(teacher)
            self._match(seed)

    def _match(self, seed: int) -> None:
        assert self.insides is not None and self.teacher_insides is not None
        config, own, its = self.config, self.insides, self.teacher_insides
        if config.attention_weight and own.heads != its.heads:
            raise ConfigurationError(
                "distillation.other_heads", key="distil.attention_weight", found=own.heads, allowed=its.heads
            )
        pairs = layer_map(config.layer_map, own.layers, its.layers)
        widths = (own.width, its.width) if config.hidden_weight else None
        self.model.add_module(NAME, Matching(pairs, widths, seed=seed))

    def training_step(self, batch: TaughtBatch | Batch) -> Loss:
        """The loss of a batch, summed over its texts."""
        assert isinstance(batch, TaughtBatch)
        if self.insides is None:
            scores = self.module(batch.batch)
            return Loss(self._answers(scores, batch), len(scores))
        with self.insides:
            scores = self.module(batch.batch)
        return Loss(self._answers(scores, batch) + self._layers(batch.batch), len(scores))

    def _answers(self, scores: torch.Tensor, batch: TaughtBatch) -> torch.Tensor:
        """By labels and by the scores of the teacher."""
        config, target = self.config, batch.batch.target
        soft = soft_loss(
            scores,
            batch.scores,
            kind=config.soft_loss,
            temperature=config.temperature,
            multiple=bool(self.model.labels.multiple),
        ).sum()
        if config.soft_weight == 1.0:
            return soft
        assert target is not None
        hard = self.criterion(scores, target, batch.labelled)
        return config.soft_weight * soft + (1.0 - config.soft_weight) * hard

    def _layers(self, batch: Batch) -> torch.Tensor:
        """By the layers of the teacher, which reads the same pieces."""
        assert self.insides is not None and self.teacher_insides is not None
        self.teacher.to(batch.ids.device)
        with torch.no_grad(), self.teacher_insides:
            self.teacher(batch)
        matching, pair = self.model.get_submodule(NAME), (self.insides, self.teacher_insides)
        total = batch.ids.new_zeros((), dtype=torch.float32)
        if self.config.hidden_weight:
            total = total + self.config.hidden_weight * matching.hidden(*pair, batch.mask).sum()
        if self.config.attention_weight:
            total = total + self.config.attention_weight * matching.attention(*pair, batch.mask).sum()
        return total

    def evaluation_step(self, batch: Batch, evaluator: Evaluator) -> Loss | None:
        """Answer a batch and tell the evaluator, as the student alone does."""
        return self.own.evaluation_step(batch, evaluator)
