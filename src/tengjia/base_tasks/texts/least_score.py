"""What the least score of an answer is best by, where some texts belong outside: part of the section `decision`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

By = Literal["accuracy", "balance"]


class LeastScoreBy:
    """How a least score that nobody named is decided on the development part."""

    @dataclass(frozen=True)
    class Config:
        """What the sections of all base tasks with texts outside share."""

        least_score_by: Literal["accuracy", "balance"] = "accuracy"
        """What the least score is best by: `accuracy`, so that most answers are right (Larson et al. 2019); `balance`,
        the mean of the accuracy inside and the recall outside, for parts with fewer texts outside than use will
        bring."""
