"""Areas under curves over all thresholds, of each class against all others."""

from __future__ import annotations

import numpy

from tengjia.metrics.thresholds import Thresholds


def roc_auc(scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """Area under the ROC curve of each class, `[C]`; NaN where all texts or none have it.

    Args:
        scores: `[N, C]`.
        gold: `[N, C]` bool.
    """
    return numpy.array([Thresholds(*column).roc_auc() for column in zip(scores.T, gold.T)], float)


def average_precision(scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """Average precision of each class, `[C]`; NaN where no text has it. Arguments as of `roc_auc`."""
    return numpy.array([Thresholds(*column).average_precision() for column in zip(scores.T, gold.T)], float)


def macro(values: numpy.ndarray) -> float:
    """Plain mean of the classes that have a value; 0 where none has."""
    known = values[~numpy.isnan(values)]
    return float(known.mean()) if len(known) else 0.0
