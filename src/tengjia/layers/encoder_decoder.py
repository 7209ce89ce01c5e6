"""A transformer that reads one sequence and writes another (Vaswani et al. 2017), norms first (Xiong et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tengjia.layers.attention import Ancestry, CrossAttention, Kept, SelfAttention, padding_mask
from tengjia.layers.dropout import Dropout
from tengjia.layers.linear import Linear


class Encoder(nn.Module):
    """Layers that read.

    Args:
        width: Of input and output.
        layers: How many.
        heads: Attention heads of a layer.
        feed_forward_size: Width inside the feed-forward nets.
        dropout: Share of components dropped after each part.
        attention_dropout: Share of attention weights dropped.
    """

    def __init__(
        self, width: int, *, layers: int, heads: int, feed_forward_size: int, dropout: float, attention_dropout: float
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            EncoderLayer(width, heads, feed_forward_size, dropout, attention_dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, S, H]` of values `[B, S, H]`; nothing sees where `mask` `[B, S]` is false."""
        unseen = padding_mask(mask, values).expand(-1, -1, values.shape[1], -1)
        for layer in self.layers:
            values = layer(values, unseen)
        result: Tensor = self.norm(values)
        return result


class Decoder(nn.Module):
    """Layers that write; arguments as of `Encoder`."""

    def __init__(
        self, width: int, *, layers: int, heads: int, feed_forward_size: int, dropout: float, attention_dropout: float
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            DecoderLayer(width, heads, feed_forward_size, dropout, attention_dropout) for _ in range(layers)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, values: Tensor, source: Tensor, mask: Tensor) -> Tensor:
        """Hidden states `[B, T, H]` of a whole target `[B, T, H]` and hidden states `[B, S, H]` of its source."""
        unseen = padding_mask(mask, values).expand(-1, -1, values.shape[1], -1)
        for layer in self.layers:
            values = layer(values, source, unseen)
        result: Tensor = self.norm(values)
        return result


class DecoderCache:
    """What a decoder remembers: keys and values of the sources, and of the pieces that were written."""

    def __init__(self, decoder: Decoder, source: Tensor, mask: Tensor) -> None:
        self.decoder = decoder
        self.steps = 0
        self._unseen = padding_mask(mask, source)
        self._sources = [_across(layer).read(source) for layer in decoder.layers]
        self._kept = [Kept() for _ in decoder.layers]
        self._ancestry = Ancestry()

    def advance(self, values: Tensor, parents: Tensor) -> Tensor:
        """Hidden states `[N, K, H]` of one new place `[N, K, H]` of each hypothesis."""
        mask = self._ancestry.extend(parents)
        unseen = self._unseen.expand(-1, -1, values.shape[1], -1)
        for layer, source, kept in zip(self.decoder.layers, self._sources, self._kept, strict=True):
            values = layer(values, source, unseen, mask, kept)
        self.steps += 1
        result: Tensor = self.decoder.norm(values)
        return result

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        self._unseen = self._unseen[sentences]
        self._sources = [(key[sentences], value[sentences]) for key, value in self._sources]
        for kept in self._kept:
            kept.keep(sentences)
        self._ancestry.keep(sentences)


class EncoderLayer(nn.Module):
    """Self-attention and a feed-forward net, each added to what enters it."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float, attention_dropout: float) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads, attention_dropout)
        self.feed_forward = _feed_forward(width, inner, dropout)
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.dropout = Dropout(dropout)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """`[B, S, H]` of `[B, S, H]`."""
        values = values + self.dropout(self.attention(self.norms[0](values), mask))
        result: Tensor = values + self.dropout(self.feed_forward(self.norms[1](values)))
        return result


class DecoderLayer(nn.Module):
    """Self-attention to what stands before, attention to the source, and a feed-forward net."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float, attention_dropout: float) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads, attention_dropout)
        self.across = CrossAttention(width, heads, attention_dropout)
        self.feed_forward = _feed_forward(width, inner, dropout)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in range(3)])
        self.dropout = Dropout(dropout)

    def forward(
        self,
        values: Tensor,
        source: Tensor | tuple[Tensor, Tensor],
        unseen: Tensor,
        mask: Tensor | None = None,
        kept: Kept | None = None,
    ) -> Tensor:
        """`[B, T, H]` of `[B, T, H]`; see `SelfAttention` and `CrossAttention`. A source that was not read yet, `[B, S,
        H]`, is read here: where weights are spread over processes, a layer has its own only while it is called."""
        source = self.across.read(source) if isinstance(source, Tensor) else source
        values = values + self.dropout(self.attention(self.norms[0](values), mask, kept))
        values = values + self.dropout(self.across(self.norms[1](values), source, unseen))
        result: Tensor = values + self.dropout(self.feed_forward(self.norms[2](values)))
        return result


def _across(layer: nn.Module) -> CrossAttention:
    assert isinstance(layer, DecoderLayer)
    return layer.across


def _feed_forward(width: int, inner: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(Linear(width, inner), nn.ReLU(), Dropout(dropout), Linear(inner, width))


def begin_evenly(module: nn.Module) -> None:
    """First weights of matrices by Glorot and Bengio 2010, biases 0."""
    with torch.no_grad():
        for part in module.modules():
            if isinstance(part, nn.Linear):
                nn.init.xavier_uniform_(part.weight)
                if part.bias is not None:
                    part.bias.zero_()
