"""How much of one text stands in another, from how alike their pieces are: what an answer has of a reference.

Each piece of a text is worth as much as the piece of the other text that is most alike (Sultan, Salazar and Sumner
2016; BERTScore: Zhang et al. 2020); pieces that both texts have from a third one, a question, say nothing of how well
they fit, and are also left out of both ("question demoting", Mohler, Bunescu and Mihalcea 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch
from torch import Tensor

from tengjia.layers.embedding import UNKNOWN
from tengjia.layers.precision import in_full

MEASURES: Final = 3
"""What `compared` tells of one kind of likeness."""
LENGTHS: Final = 4
"""What `lengths` tells."""
LEAST: Final = 1e-6
GIVEN: Final = 2
"""In the further input `given` of pairs: a piece that both texts have from their context; 1 is any other piece."""


class Sides(NamedTuple):
    """Where the pieces of two joined texts are, without those that frame them."""

    first: Tensor
    """`[B, S]` bool."""

    second: Tensor
    """`[B, S]` bool."""

    def without(self, gone: Tensor) -> Sides:
        """The same where `gone` `[B, S]` is false."""
        return Sides(self.first & ~gone, self.second & ~gone)


def sides(mask: Tensor, features: dict[str, Tensor]) -> Sides:
    """The pieces of each text of joined pairs.

    Args:
        mask: `[B, S]` bool: where a piece is.
        features: `segments` (0, 1) tells the texts apart; `frame` (1), if there is one, the pieces around them.
    """
    own = mask & (features["frame"] == 0) if "frame" in features else mask
    second = features["segments"] == 1
    return Sides(own & ~second, own & second)


def same_pieces(ids: Tensor) -> Tensor:
    """`[B, S, S]`: 1 where two pieces `[B, S]` are the same known one."""
    return ((ids[:, :, None] == ids[:, None, :]) & (ids != UNKNOWN)[:, :, None]).to(torch.float32)


def compared(alike: Tensor, weights: Tensor, texts: Sides) -> Tensor:
    """What likeness of pieces says of two texts, `[B, MEASURES]`, each 0 to 1; 0 where a text has no piece.

    The share of the first text that stands in the second, the share of the second that stands in the first, and the
    cosine of both as bags of pieces (of the same ones, or of vectors whose products `alike` holds).

    Args:
        alike: `[B, S, S]` how alike two pieces are, 0 to 1; 1 of a piece with itself.
        weights: `[B, S]` how much each piece counts, above 0.
        texts: Where the pieces of each text are.
    """
    first, second = (weights.masked_fill(~side, 0.0) for side in texts)
    covered = [_covered(alike, own, other) for own, other in ((first, texts.second), (second, texts.first))]
    of_first, of_second = (torch.einsum("bij,bj->bi", alike, one) for one in (first, second))
    across, within = (of_second * first).sum(1), (of_first * first).sum(1) * (of_second * second).sum(1)
    bags = across / within.clamp(min=LEAST**2).sqrt()
    return torch.stack([*covered, bags], -1)


def _covered(alike: Tensor, weights: Tensor, other: Tensor) -> Tensor:
    """`[B]` weighted mean over the pieces of one text of how alike the best piece of the other one is."""
    best = alike.masked_fill(~other[:, None, :], 0.0).amax(-1)
    return (weights * best).sum(1) / weights.sum(1).clamp(min=LEAST)


def lengths(texts: Sides) -> Tensor:
    """How long two texts are, by themselves and by one another, `[B, LENGTHS]`."""
    first, second = (side.sum(1).to(torch.float32) for side in texts)
    ratio = second / (1 + first)
    return torch.stack([first.log1p(), second.log1p(), ratio.log1p(), ratio.clamp(max=1)], -1)


def coverage(likenesses: Sequence[Tensor], weights: Tensor, texts: Sides, given: Tensor | None = None) -> Tensor:
    """All that is told of two texts, `[B, measures(...)]`.

    Args:
        likenesses: Kinds of likeness, each `[B, S, S]`.
        weights: `[B, S]` how much each piece counts, above 0.
        texts: Where the pieces of each text are.
        given: `[B, S]` bool: pieces that both texts have from elsewhere; all is told with and without them.
    """
    views = [texts] if given is None else [texts, texts.without(given)]
    told = [compared(in_full(alike), in_full(weights), view) for view in views for alike in likenesses]
    return torch.cat([*told, lengths(texts)], -1)


def measures(likenesses: int, with_context: bool) -> int:
    """How many figures `coverage` gives."""
    return MEASURES * likenesses * (1 + with_context) + LENGTHS
