"""LSTMs that read and write, with attention: `model=bilstm_attention_seq2seq`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from tengjia.config.parameters import Limits
from tengjia.contracts import Batch, Inputs, SequenceBatch
from tengjia.layers.bidirectional_lstm import BidirectionalLSTM
from tengjia.layers.dropout import Dropout
from tengjia.layers.linear import Linear, product
from tengjia.layers.parameter_groups import freeze
from tengjia.layers.source_attention import SourceAttention
from tengjia.registry import models


@models.register("bilstm_attention_seq2seq")
class BiLSTMAttentionSeq2Seq(nn.Module):
    """A bidirectional LSTM reads, an LSTM writes and attends to what was read (Bahdanau, Luong et al. 2015).

    The writing LSTM reads target pieces only, and attention stands between it and the output (Luong's, without input
    feeding), so that a whole target is trained at once.

    Args:
        config: Its parameters.
        inputs: What it reads, and the pieces it writes.
    """

    decoder = "sequence"

    limits: ClassVar[Limits] = {
        "embedding_size": (1, None),
        "hidden_size": (1, None),
        "encoder_layers": (1, None),
        "decoder_layers": (1, None),
        "dropout": (0.0, 1.0),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of `bilstm_attention_seq2seq`."""

        embedding_size: int = 256
        """Width of a piece's vector, of sources, targets and output alike."""
        hidden_size: int = 256
        """Width of each direction of the reading LSTM, and of the writing one."""
        encoder_layers: int = 1
        """Layers that read."""
        decoder_layers: int = 1
        """Layers that write."""
        attention: Literal["additive", "general"] = "general"
        """How places are weighed: by a small net (`additive`, Bahdanau), or by a product (`general`, Luong)."""
        dropout: float = 0.3
        """Share of the components dropped before, between and after the LSTMs in training."""
        share: bool = True
        """Whether sources and targets have one table of vectors where both are written with the same pieces."""
        freeze: tuple[str, ...] = ()
        """Parts that do not learn, by parameter name (`embedding`, `reader`, `*.bias`)."""

    def __init__(self, config: Config, *, inputs: Inputs) -> None:
        super().__init__()
        self.labels = inputs.labels
        size, hidden = config.embedding_size, config.hidden_size
        self.embedding = _table(len(inputs.labels), size)
        one = config.share and inputs.labels.shared
        self.source_embedding = None if one else _table(inputs.pieces, size)
        self.reader = BidirectionalLSTM(size, hidden, layers=config.encoder_layers, dropout=config.dropout)
        self.bridge = Linear(2 * hidden, 2 * hidden * config.decoder_layers)
        self.layers = config.decoder_layers
        self.writer = nn.LSTM(size, hidden, config.decoder_layers, batch_first=True)
        self.attention = SourceAttention(hidden, 2 * hidden, kind=config.attention)
        self.join = Linear(3 * hidden, size)
        self.dropout = Dropout(config.dropout)
        freeze(self, config.freeze)

    def forward(self, batch: SequenceBatch) -> Tensor:
        """Scores `[B, L - 1, C]` of the pieces that follow each target piece."""
        assert batch.target is not None
        source = self._read(batch.source)
        values = self.dropout(self.embedding(batch.target[:, :-1]))
        hidden, _ = self.writer(values, self._first(source, batch.source.mask))
        return self.scores(hidden, *self.attention.read(source), batch.source.mask)

    def begin(self, source: Batch) -> LSTMMemory:
        """Read sources, and be ready to write."""
        read = self._read(source)
        return LSTMMemory(self, self._first(read, source.mask), self.attention.read(read), source.mask)

    def scores(self, hidden: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        """Scores `[B, T, C]` by hidden states `[B, T, H]` and what was read."""
        found = self.attention(hidden, keys, values, mask)
        joined = self.dropout(torch.tanh(self.join(torch.cat([hidden, found], -1))))
        return product(joined, self.embedding.weight)

    def _read(self, source: Batch) -> Tensor:
        table = self.embedding if self.source_embedding is None else self.source_embedding
        result: Tensor = self.dropout(self.reader(self.dropout(table(source.ids)), source.mask))
        return result

    def _first(self, source: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """First states `[layers, B, H]` of the writing LSTM, from the mean of what was read."""
        kept = mask[..., None].to(source.dtype)
        mean = (source * kept).sum(1) / kept.sum(1).clamp(min=1)
        states = torch.tanh(self.bridge(mean)).view(len(mean), 2, self.layers, -1).permute(1, 2, 0, 3).contiguous()
        return states[0], states[1]


class LSTMMemory:
    """What the LSTM remembers while it writes (`layers.generation.memory.Memory`)."""

    def __init__(
        self,
        model: BiLSTMAttentionSeq2Seq,
        states: tuple[Tensor, Tensor],
        source: tuple[Tensor, Tensor],
        mask: Tensor,
    ) -> None:
        self.model, self.source, self.mask = model, source, mask
        self.states = [part[:, :, None] for part in states]
        """`[layers, N, K, H]` each."""

    def advance(self, pieces: Tensor, parents: Tensor) -> Tensor:
        """Scores `[N, K, C]` of the next pieces."""
        count, width = pieces.shape
        places = parents[None, ..., None]
        before = [part.gather(2, places.expand(len(part), -1, -1, part.shape[3])) for part in self.states]
        values = self.model.embedding(pieces).flatten(0, 1)[:, None]
        hidden, after = self.model.writer(values, tuple(part.flatten(1, 2).contiguous() for part in before))
        self.states = [part.view(len(part), count, width, -1) for part in after]
        return self.model.scores(hidden[:, 0].view(count, width, -1), *self.source, self.mask)

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        self.states = [part[:, sentences] for part in self.states]
        self.source = (self.source[0][sentences], self.source[1][sentences])
        self.mask = self.mask[sentences]


def _table(count: int, width: int) -> nn.Embedding:
    table = nn.Embedding(count, width, padding_idx=0)
    with torch.no_grad():
        table.weight.normal_(std=width**-0.5)
        table.weight[0] = 0.0
    return table
