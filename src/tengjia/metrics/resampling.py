"""How sure a figure is, and whether two systems differ: by drawing texts anew, or by swapping answers.

Most figures are functions of sums: each text gives statistics `[texts, ...]` (counts `[C, 3]` of matched, predicted and
gold, the six sums of a correlation, the n-grams of a translation), and the figure follows from their sum. What does
not, as a rank correlation, is made anew of every draw of rows (`row_intervals`, `compare_rows`). Texts that belong
together (the answers to one question) are one row, or their statistics are summed first. All is a function of the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

import numpy

from tengjia.metrics.scores import micro
from tengjia.utilities.randomness import generator_for

Figure = Callable[[numpy.ndarray], numpy.ndarray]
"""From summed statistics `[..., *shape]` to a figure for each leading position."""

RowFigure = Callable[[numpy.ndarray], float]
"""From rows `[texts, ...]` to a figure of them all."""

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
        counts: `[texts, ...]` statistics of each text.
        figure: What is measured on their sum; draws for which it is not finite are left out.
        seed: Governs the draws.
        samples: How many times as many texts are drawn, with replacement, as there are.
        level: Share of the samples that lies between the ends.
    """
    value = float(figure(counts.sum(axis=0)))
    if not len(counts):
        return Interval(value, value, value)
    drawn = figure(resampled(counts, seed=seed, samples=samples))
    return Interval(value, *_ends(drawn, level))


def intervals(
    counts: numpy.ndarray,
    figures: Mapping[str, Figure],
    *,
    seed: int = 0,
    samples: int = 1000,
    level: float = 0.95,
) -> dict[str, Interval]:
    """The interval of each of several figures, all of one and the same draw; see `interval`."""
    total = counts.sum(axis=0)
    drawn = resampled(counts, seed=seed, samples=samples) if len(counts) else total[None]
    return {name: Interval(float(figure(total)), *_ends(figure(drawn), level)) for name, figure in figures.items()}


def row_intervals(
    rows: numpy.ndarray,
    figures: Mapping[str, RowFigure],
    *,
    seed: int = 0,
    samples: int = 1000,
    level: float = 0.95,
) -> dict[str, Interval]:
    """The same for figures that do not follow from sums: made anew of the rows of every draw.

    Args:
        rows: `[texts, ...]`.
        figures: Each is called once for every draw.
        seed: Governs the draws, which are those of `intervals`.
        samples: How many draws.
        level: Share of the draws that lies between the ends.
    """
    drawn: dict[str, list[float]] = {name: [] for name in figures}
    for picks in draws(len(rows), seed=seed, samples=samples):
        for name, figure in figures.items():
            drawn[name].append(figure(rows[picks]))
    return {
        name: Interval(float(figure(rows)), *_ends(numpy.asarray(drawn[name] or [figure(rows)]), level))
        for name, figure in figures.items()
    }


def draws(texts: int, *, seed: int, samples: int) -> Iterator[numpy.ndarray]:
    """Numbers `[texts]` of the texts of each draw with replacement; none where there are no texts."""
    random = generator_for(seed, "bootstrap")
    block = max(1, _AT_ONCE // max(texts, 1))
    for done in range(0, samples if texts else 0, block):
        yield from random.integers(0, texts, (min(block, samples - done), texts))


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
    """Summed statistics `[samples, ...]` (float64) of texts drawn with replacement."""
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
        first: `[texts, ...]` statistics of each text by one system.
        second: The same of the other.
        figure: What is measured on their sum; more is better.
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


def compare_rows(
    first: numpy.ndarray,
    second: numpy.ndarray,
    figure: RowFigure,
    *,
    seed: int = 0,
    samples: int = 1000,
    level: float = 0.95,
) -> Difference:
    """The same as `compare` for a figure that does not follow from sums.

    Args:
        first: `[texts, ...]` rows of one system.
        second: Those of the other, about the same texts.
        figure: Called four times for every draw; more is better.
        seed: Governs all draws.
        samples: How many draws and how many swaps.
        level: Share of the samples that lies between the ends.

    Raises:
        ValueError: The two do not have the same shape.
    """
    if first.shape != second.shape:
        raise ValueError(f"rows of different shape: {first.shape} and {second.shape}")
    value = float(figure(first)) - float(figure(second))
    if not len(first):
        return Difference(value, value, value, 1.0)
    drawn = [figure(first[picks]) - figure(second[picks]) for picks in draws(len(first), seed=seed, samples=samples)]
    random = generator_for(seed, "randomisation")
    as_large = 0
    for _ in range(samples):
        swap = random.integers(0, 2, len(first), numpy.int8).astype(bool).reshape(-1, *[1] * (first.ndim - 1))
        one, two = numpy.where(swap, second, first), numpy.where(swap, first, second)
        as_large += bool(abs(figure(one) - figure(two)) >= abs(value) - 1e-12)
    return Difference(value, *_ends(numpy.asarray(drawn), level), (as_large + 1) / (samples + 1))


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
    """Ends of the interval, of the draws that have a figure; NaN where none has."""
    kept = drawn[numpy.isfinite(drawn)]
    if not len(kept):
        return float("nan"), float("nan")
    low, high = numpy.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
