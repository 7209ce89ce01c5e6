"""How sure a figure is, and whether two systems differ: by drawing texts anew, or by swapping answers.

Everything works on the counts of each text, `[texts, C, 3]` (`tengjia.metrics.scores`), and is a function of the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy

from tengjia.metrics.scores import micro
from tengjia.utilities.randomness import generator_for

Figure = Callable[[numpy.ndarray], numpy.ndarray]
"""From counts `[..., C, 3]` to a figure for each leading position."""

_AT_ONCE: Final = 1 << 22
"""Random numbers that are held at once."""


class Interval(NamedTuple):
    """A figure with the range in which it would lie on other texts of the same kind."""

    value: float
    """The figure on the texts as they are."""

    low: float
    """Lower end."""

    high: float
    """Upper end."""


class Difference(NamedTuple):
    """How far one system is ahead of another."""

    value: float
    """Figure of the first system less that of the second."""

    low: float
    """Lower end of the paired bootstrap interval."""

    high: float
    """Upper end."""

    p: float
    """How often chance alone makes a difference as large (two-sided approximate randomisation)."""


def micro_f1(counts: numpy.ndarray) -> numpy.ndarray:
    """F1 over all types together."""
    return micro(counts).f1


def interval(
    counts: numpy.ndarray, figure: Figure = micro_f1, *, seed: int = 0, samples: int = 1000, level: float = 0.95
) -> Interval:
    """Percentile bootstrap over texts (Efron and Tibshirani 1993, chapter 13).

    Args:
        counts: `[texts, C, 3]` counts of each text.
        figure: What is measured on summed counts.
        seed: Governs the draws.
        samples: How many times as many texts are drawn, with replacement, as there are.
        level: Share of the samples that lies between the ends.
    """
    value = float(figure(counts.sum(axis=0)))
    if not len(counts):
        return Interval(value, value, value)
    drawn = figure(resampled(counts, seed=seed, samples=samples))
    return Interval(value, *_ends(drawn, level))


def intervals_per_type(
    counts: numpy.ndarray, figure: Figure, *, seed: int = 0, samples: int = 1000, level: float = 0.95
) -> list[Interval]:
    """The interval of each type by itself, of one and the same draw; `figure` takes counts `[..., 1, 3]`."""
    values = figure(counts.sum(axis=0)[:, None, :])
    if not len(counts):
        return [Interval(float(value), float(value), float(value)) for value in values]
    drawn = figure(resampled(counts, seed=seed, samples=samples)[:, :, None, :])
    return [Interval(float(value), *_ends(drawn[:, i], level)) for i, value in enumerate(values)]


def resampled(counts: numpy.ndarray, *, seed: int, samples: int) -> numpy.ndarray:
    """Summed counts `[samples, C, 3]` (float64) of texts drawn with replacement."""
    texts = len(counts)
    flat = counts.reshape(texts, -1).astype(numpy.float64)
    random = generator_for(seed, "bootstrap")
    block = max(1, _AT_ONCE // max(texts, 1))
    parts = []
    for done in range(0, samples, block):
        size = min(block, samples - done)
        picks = random.integers(0, texts, (size, texts)) + numpy.arange(size)[:, None] * texts
        times = numpy.bincount(picks.ravel(), minlength=size * texts).reshape(size, texts)
        parts.append(times.astype(numpy.float64) @ flat)
    return numpy.concatenate(parts).reshape(samples, *counts.shape[1:])


def compare(
    first: numpy.ndarray,
    second: numpy.ndarray,
    figure: Figure = micro_f1,
    *,
    seed: int = 0,
    samples: int = 10_000,
    level: float = 0.95,
) -> Difference:
    """Whether two systems that answered the same texts differ.

    The interval is a paired bootstrap (Koehn 2004): both systems on the same drawn texts. The p value is approximate
    randomisation (Noreen 1989; Yeh 2000): if the systems were alike, swapping their answers on some texts would not
    matter; told is how often such swaps make a difference at least as large, (r + 1) / (samples + 1).

    Args:
        first: `[texts, C, 3]` counts of each text by one system.
        second: The same of the other.
        figure: What is measured on summed counts.
        seed: Governs all draws.
        samples: How many draws and how many swaps.
        level: Share of the samples that lies between the ends.

    Raises:
        ValueError: The two do not have the same shape.
    """
    if first.shape != second.shape:
        raise ValueError(f"counts of different shape: {first.shape} and {second.shape}")
    value = float(figure(first.sum(axis=0)) - figure(second.sum(axis=0)))
    if not len(first):
        return Difference(value, value, value, 1.0)
    drawn = figure(resampled(first, seed=seed, samples=samples)) - figure(resampled(second, seed=seed, samples=samples))
    return Difference(value, *_ends(drawn, level), _p_value(first, second, figure, abs(value), seed, samples))


def _p_value(
    first: numpy.ndarray, second: numpy.ndarray, figure: Figure, found: float, seed: int, samples: int
) -> float:
    texts = len(first)
    gap = (second - first).reshape(texts, -1).astype(numpy.float64)
    one, two = (part.sum(axis=0).ravel().astype(numpy.float64) for part in (first, second))
    random = generator_for(seed, "randomisation")
    block, as_large = max(1, _AT_ONCE // texts), 0
    for done in range(0, samples, block):
        size = min(block, samples - done)
        moved = random.integers(0, 2, (size, texts), numpy.int8).astype(numpy.float64) @ gap
        shape = (size, *first.shape[1:])
        swapped = figure((one + moved).reshape(shape)) - figure((two - moved).reshape(shape))
        as_large += int((numpy.abs(swapped) >= found - 1e-12).sum())
    return (as_large + 1) / (samples + 1)


def _ends(drawn: numpy.ndarray, level: float) -> tuple[float, float]:
    low, high = numpy.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
