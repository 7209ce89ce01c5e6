"""Attention between two sequences, or of a sequence to itself, for texts that are read and written.

The same code serves training, where all pieces of a target are there, and writing, where one piece of each hypothesis
is new and what came before stands in a cache.
"""

from __future__ import annotations

from contextlib import nullcontext

import torch
from torch import Tensor, nn
from torch.nn import functional

from tengjia.layers.linear import Linear


class SelfAttention(nn.Module):
    """Scaled dot products of a sequence with itself, in several heads (Vaswani et al. 2017, section 3.2).

    Args:
        width: Of the sequence; divisible by `heads`.
        heads: How many.
        dropout: Share of attention weights dropped in training.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.enter = Linear(width, 3 * width)
        self.leave = Linear(width, width)

    def forward(self, values: Tensor, mask: Tensor | None, cache: Kept | None = None) -> Tensor:
        """Values `[B, T, H]` of values `[B, T, H]`.

        Args:
            values: The sequence, or its newest places where a cache holds the others.
            mask: Added to the scores `[B, 1, T, T']`; `None`: no place sees one to its right.
            cache: Keys and values of places before; takes in those of the new ones.
        """
        query, key, value = (_heads(part, self.heads) for part in self.enter(values).chunk(3, -1))
        if cache is not None:
            key, value = cache.append(key, value)
        joined = _attend(query, key, value, mask, self.dropout if self.training else 0.0, mask is None)
        result: Tensor = self.leave(joined)
        return result


class CrossAttention(nn.Module):
    """The same from one sequence to another, which is read once."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query = Linear(width, width)
        self.enter = Linear(width, 2 * width)
        self.leave = Linear(width, width)

    def read(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values `[B, heads, S, H / heads]` of a source `[B, S, H]`."""
        key, value = (_heads(part, self.heads) for part in self.enter(source).chunk(2, -1))
        return key, value

    def forward(self, values: Tensor, source: tuple[Tensor, Tensor], mask: Tensor) -> Tensor:
        """Values `[B, T, H]` from what `read` gave; `mask` `[B, 1, 1, S]` is added to the scores."""
        key, value = source
        query = _heads(self.query(values), self.heads)
        result: Tensor = self.leave(_attend(query, key, value, mask, self.dropout if self.training else 0.0, False))
        return result


class Kept:
    """Keys and values of the places that were read, in buffers that grow by doubling."""

    def __init__(self) -> None:
        self._used = 0
        self._buffers: list[Tensor] = []

    def append(self, *parts: Tensor) -> tuple[Tensor, Tensor]:
        """Take in keys and values `[N, heads, K, D]`; gives all that there are, `[N, heads, used, D]`."""
        more = parts[0].shape[2]
        if not self._buffers:
            self._buffers = [part.new_empty(*part.shape[:2], max(64, 16 * more), part.shape[3]) for part in parts]
        if self._used + more > self._buffers[0].shape[2]:
            self._buffers = [torch.cat([buffer, torch.empty_like(buffer)], 2) for buffer in self._buffers]
        for buffer, part in zip(self._buffers, parts, strict=True):
            buffer[:, :, self._used : self._used + more] = part
        self._used += more
        key, value = (buffer[:, :, : self._used] for buffer in self._buffers)
        return key, value

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        self._buffers = [buffer[sentences] for buffer in self._buffers]


class Ancestry:
    """Which of the places in a cache belong to which hypothesis.

    Hypotheses share their past: the keys and values of a piece stand in the cache once, in the order in which they
    were made, and each hypothesis sees those of its own line. So nothing is ever copied from one hypothesis to another.
    """

    def __init__(self) -> None:
        self._places: Tensor | None = None
        """`[N, K, t]` int64: place in the cache of each piece of each hypothesis."""
        self._used = 0

    def extend(self, parents: Tensor) -> Tensor | None:
        """One more piece for each hypothesis, which continues that of `parents` `[N, K]`.

        Returns:
            What is added to the scores, `[N, 1, K, used]`: 0 where a hypothesis sees, minus infinity elsewhere; `None`
            where each sees everything.
        """
        count, width = parents.shape
        newest = torch.arange(self._used, self._used + width, device=parents.device).expand(count, -1)[..., None]
        if self._places is None:
            self._places = newest
        else:
            before = self._places.gather(1, parents[..., None].expand(-1, -1, self._places.shape[2]))
            self._places = torch.cat([before, newest], 2)
        self._used += width
        if self._used == self._places.shape[2]:
            return None
        mask = torch.full((count, width, self._used), -torch.inf, device=parents.device)
        return mask.scatter_(2, self._places, 0.0)[:, None]

    def keep(self, sentences: Tensor) -> None:
        """Go on with some sentences only."""
        if self._places is not None:
            self._places = self._places[sentences]


def padding_mask(mask: Tensor, values: Tensor) -> Tensor:
    """What is added to scores so that nothing sees padding: `[B, 1, 1, S]` of a mask `[B, S]`."""
    # The least finite number: a row of -inf alone would make NaN of a sequence without pieces.
    least = torch.finfo(values.dtype).min
    return torch.zeros(mask.shape, dtype=values.dtype, device=mask.device).masked_fill_(~mask, least)[:, None, None]


def _heads(values: Tensor, heads: int) -> Tensor:
    count, steps, width = values.shape
    return values.view(count, steps, heads, width // heads).transpose(1, 2)


def _attend(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, dropout: float, causal: bool) -> Tensor:
    given, cpu = query.dtype, query.device.type == "cpu"
    if cpu and given != torch.float64:
        # In bfloat16 its derivative takes torch ten times as long as in float32 on CPU.
        query, key, value = query.float(), key.float(), value.float()
    mask = None if mask is None else mask.to(query.dtype)
    alone = causal and query.shape[2] == 1  # one new place sees all that came before
    with torch.autocast("cpu", enabled=False) if cpu else nullcontext():
        joined = functional.scaled_dot_product_attention(
            query, key, value, mask, dropout_p=dropout, is_causal=causal and not alone
        )
    return joined.transpose(1, 2).flatten(2).to(given)
