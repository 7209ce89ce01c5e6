"""A pretrained model that reads and writes: `model=pretrained_seq2seq`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs, SequenceBatch
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.pretrained_encoder_decoder import PretrainedEncoderDecoder, PretrainedMemory
from tengjia.registry import models


@models.register("pretrained_seq2seq")
class PretrainedSeq2Seq(nn.Module):
    """Any Hugging Face encoder with a decoder (Marian, BART, T5). Wants `optimizer.lr` of 3e-5 to 3e-4.

    Args:
        config: Its parameters.
        inputs: The folder, and the pieces it writes.
    """

    decoder = "sequence"
    greatest_rate = 3e-3

    limits: ClassVar[Limits] = {"dropout": (0.0, 1.0)}

    @dataclass(frozen=True)
    class Config:
        """Parameters of `pretrained_seq2seq`."""

        encoder: str = ""
        """Folder of a Hugging Face encoder with a decoder, below `bert_model_root`; there must be one."""
        dropout: float | None = None
        """Share of components dropped inside; null: as the folder's own configuration says."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`network.model.encoder`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.labels = inputs.labels
        self.network = PretrainedEncoderDecoder(inputs, dropout=config.dropout)
        freeze(self, config.freeze)

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Scores `[B, L - 1, C]` of the pieces that follow each target piece."""
        assert batch.target is not None
        scores: Tensor = self.network(batch.source.ids, batch.source.mask, batch.target[:, :-1])
        return scores

    def begin(self, source: Batch) -> PretrainedMemory:
        """Read sources, and be ready to write."""
        return self.network.begin(source.ids, source.mask)
