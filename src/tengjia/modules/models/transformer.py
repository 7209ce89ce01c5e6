"""A transformer that reads and writes, trained from scratch: `model=transformer`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs, SequenceBatch
from tengjia.errors import ConfigurationError
from tengjia.layers.dropout import Dropout
from tengjia.layers.encoder_decoder import Decoder, DecoderCache, Encoder, begin_evenly
from tengjia.layers.linear import product
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.transformer import sinusoids
from tengjia.registry import models


@models.register("transformer")
class Transformer(nn.Module):
    """Encoder and decoder of Vaswani et al. 2017, norms first (Xiong et al. 2020), embeddings shared with the output.

    Args:
        config: Its parameters.
        inputs: What it reads, and the pieces it writes.
    """

    decoder = "sequence"

    limits: ClassVar[Limits] = {
        "hidden_size": (2, None),
        "encoder_layers": (1, None),
        "decoder_layers": (1, None),
        "heads": (1, None),
        "feed_forward_size": (1, None),
        "dropout": (0.0, 1.0),
        "attention_dropout": (0.0, 1.0),
        "piece_dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `transformer`."""

        hidden_size: int = 256
        """Width of everything; even, and divisible by `heads`."""
        encoder_layers: int = 3
        """Layers that read."""
        decoder_layers: int = 3
        """Layers that write."""
        heads: int = 4
        """Attention heads of a layer."""
        feed_forward_size: int = 1024
        """Width inside the feed-forward nets."""
        dropout: float = 0.3
        """Share of the components dropped after each part in training."""
        attention_dropout: float = 0.0
        """Share of attention weights dropped in training."""
        piece_dropout: float = 0.0
        """Share of source pieces replaced by the unknown one in training."""
        share: Literal["all", "output", "none"] = "all"
        """Which tables of vectors are one: those of sources, targets and output (`all`: where both are written with
        the same pieces, else as `output`), those of targets and output, or none."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`encoder.layers.0`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        size = config.hidden_size
        if size % config.heads or size % 2:
            raise ConfigurationError("model.heads", key="model.heads", found=config.heads, hidden_size=size)
        super().__init__()
        pieces = self.labels = inputs.labels
        self.embedding = _table(len(pieces), size)
        one = config.share == "all" and pieces.shared
        self.source_embedding = None if one else _table(inputs.pieces, size)
        self.output = _table(len(pieces), size) if config.share == "none" else None
        sizes = {
            "heads": config.heads,
            "feed_forward_size": config.feed_forward_size,
            "dropout": config.dropout,
            "attention_dropout": config.attention_dropout,
        }
        self.reader = Encoder(size, layers=config.encoder_layers, **sizes)  # type: ignore[arg-type]
        self.writer = Decoder(size, layers=config.decoder_layers, **sizes)  # type: ignore[arg-type]
        begin_evenly(self)
        self.dropout = Dropout(config.dropout)
        self.piece_dropout = config.piece_dropout
        self.scale = math.sqrt(size)
        freeze(self, config.freeze)

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Scores `[B, L - 1, C]` of the pieces that follow each target piece."""
        assert batch.target is not None
        hidden = self.writer(
            self._placed(self.embedding, batch.target[:, :-1]), self._read(batch.source), batch.source.mask
        )
        return self.scores(hidden)

    def begin(self, source: Batch) -> TransformerMemory:
        """Read sources, and be ready to write."""
        return TransformerMemory(self, DecoderCache(self.writer, self._read(source), source.mask))

    def scores(self, hidden: Tensor) -> Tensor:
        """Scores `[..., C]` of all pieces by hidden states `[..., H]`."""
        table = self.embedding if self.output is None else self.output
        return product(hidden, table.weight)

    def place(self, pieces: Tensor, step: int) -> Tensor:
        """Vectors `[N, K, H]` of pieces `[N, K]` that all stand at one place."""
        position = sinusoids(step + 1, self.embedding.embedding_dim)[-1]
        values: Tensor = self.embedding(pieces) * self.scale + position.to(self.embedding.weight)
        return values

    def _read(self, source: Batch) -> Tensor:
        ids = source.ids
        if self.training and self.piece_dropout:
            gone = (torch.rand(ids.shape, device=ids.device) < self.piece_dropout) & source.mask
            ids = ids.masked_fill(gone, 1)
        table = self.embedding if self.source_embedding is None else self.source_embedding
        hidden: Tensor = self.reader(self._placed(table, ids), source.mask)
        return hidden

    def _placed(self, table: nn.Embedding, ids: Tensor) -> Tensor:
        values = table(ids) * self.scale
        values = values + sinusoids(values.shape[1], values.shape[2]).to(values)
        result: Tensor = self.dropout(values)
        return result


class TransformerMemory:
    """What a transformer remembers while it writes (`layers.generation.memory.Memory`)."""

    def __init__(self, model: Transformer, cache: DecoderCache) -> None:
        self.model, self.cache = model, cache

    def advance(self, pieces: Tensor, parents: Tensor) -> Tensor:
        """Scores `[N, K, C]` of the next pieces."""
        return self.model.scores(self.cache.advance(self.model.place(pieces, self.cache.steps), parents))

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        self.cache.keep(sentences)


def _table(count: int, width: int) -> nn.Embedding:
    table = nn.Embedding(count, width, padding_idx=0)
    with torch.no_grad():
        table.weight.normal_(std=width**-0.5)
        table.weight[0] = 0.0
    return table
