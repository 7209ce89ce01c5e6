"""A regression on how much of each text stands in the other, by a pretrained encoder: `model=bert_alignment`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs
from tengjia.layers import coverage
from tengjia.layers.apart import encoded_apart
from tengjia.layers.comparison import unit
from tengjia.layers.kept_states import KeptStates
from tengjia.layers.measured_score import MeasuredScore
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.piece_weights import PieceWeights
from tengjia.layers.pretrained_encoder import PretrainedEncoder
from tengjia.registry import models


@models.register("bert_alignment")
class BERTAlignment(nn.Module):
    """Compares each piece of a text with those of the other one, as BERTScore does (Zhang et al. 2020).

    The encoder reads each text by itself. Frozen (`frozen_layers`), it makes a grader of short answers that is trained
    in minutes; with `encoding.context` it is also measured what texts share besides what stands in a question.

    Args:
        config: Its parameters.
        inputs: The folder of the encoder.
    """

    decoder = "score"
    greatest_rate = 1e-3

    limits: ClassVar[Limits] = {
        "depth": (0.0, 1.0),
        "kept_memory": (0, None),
        "hidden_size": (0, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config(PretrainedEncoder.Config):
        """Parameters of `bert_alignment`."""

        encoder_dropout: float | None = 0.0
        attention_dropout: float | None = 0.0
        depth: float = 1.0
        """How deep in the encoder pieces are compared: 0.5 after half of its layers, 1.0 after the last."""
        rarity: bool = True
        """Whether pieces that are rare in the training part count more; else all count alike."""
        kept_memory: int = 512
        """In training, MiB for what a wholly frozen encoder said of texts, so that it reads each once; 0: nothing is
        kept. (A text of 20 pieces takes 30 kB with a width of 384.)"""
        hidden_size: int = 0
        """Width of the hidden layer of the regression; 0: none."""
        dropout: float = 0.0
        """Share of the measures dropped in training."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.encoder = PretrainedEncoder(config, inputs)
        self.depth = round(config.depth * len(self.encoder.layers()))
        self.weights = PieceWeights(inputs.pieces, rarity=config.rarity)
        self.has_context = "given" in inputs.features
        count = coverage.measures(2, self.has_context)
        self.score = MeasuredScore(count, hidden_size=config.hidden_size, dropout=config.dropout)
        self.rates = self.encoder.rates("encoder", config.layer_decay) | {"score": config.head_rate}
        freeze(self, (*self.encoder.lowest("encoder", config.frozen_layers), *config.freeze))
        self._frozen = not any(parameter.requires_grad for parameter in self.encoder.parameters())
        self._memory = config.kept_memory if self._frozen else 0
        self._is_trained = False
        self._kept: KeptStates | None = None

    def train(self, mode: bool = True) -> Self:
        """Training mode, or use; a wholly frozen encoder is in use always, and drops nothing."""
        super().train(mode)
        self._is_trained |= mode
        if self._frozen:
            self.encoder.eval()
        return self

    def forward(self, batch: Batch) -> Tensor:
        """A score `[B]`, 0 to 1, of each pair of texts, which `features["segments"]` tells apart."""
        [states] = encoded_apart(batch, self._read)
        directions = unit(states)
        near = (directions @ directions.transpose(1, 2)).clamp(min=0.0)
        texts = coverage.sides(batch.mask, batch.features)
        given = batch.features["given"] == coverage.GIVEN if self.has_context else None
        measured = coverage.coverage(
            [coverage.same_pieces(batch.ids), near], self.weights(batch.ids, texts), texts, given
        )
        result: Tensor = self.score(measured)
        return result

    def _read(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Hidden states of pieces; a model that only answers keeps nothing."""
        if not (self._memory and self._is_trained):
            return self._encode(ids, mask)
        if self._kept is None:  # only now the weights are those that stay
            self._kept = KeptStates.of(self.encoder, f"depth {self.depth}", self._memory)
        return self._kept.states(self._encode, ids, mask)

    def _encode(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        return [self.encoder.states(ids, mask)[self.depth]]
