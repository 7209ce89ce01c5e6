"""What the answers to a test part are worth: how scores agree, how rankings stand, whether yes and no are right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy

from tengjia.base_tasks.text_matching.answers import Match
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.data.scale import Scale
from tengjia.metrics import agreement
from tengjia.metrics.ranked import Rankings
from tengjia.metrics.resampling import Difference, Interval, compare, intervals, row_intervals
from tengjia.metrics.scores import ratio
from tengjia.metrics.thresholds import Thresholds
from tengjia.reports.head import ReportHead

MATCHED, PREDICTED, GOLD, RIGHT, ALL = range(5)
"""Columns of the counts of yes and no."""


@dataclass(frozen=True)
class Measuring:
    """How answers are measured; what of it the evaluator has, it says."""

    chief: str = ""
    """The evaluator that models were chosen by; empty: what fits the data."""
    relevant: float | None = None
    """From this score on two texts fit; `None`: from the middle of the scale on."""
    step: float | None = None
    """Scores are rounded to its multiples for kappa."""
    cutoff: int = 5
    """How many of the first texts of a ranking count."""
    cutoffs: tuple[int, ...] = (1, 3, 10)
    """Further ranks to look at."""


def measure_as_evaluated(config: Settings, pipeline: Any) -> None:
    """Let a pipeline be measured as the evaluator of the testing file says."""
    chosen = config.get("evaluator") or {}
    known = {name: chosen[name] for name in ("relevant", "step", "cutoff", "cutoffs") if name in chosen}
    pipeline.measuring = Measuring(chief=str(chosen.get("name", "")), **known)


@dataclass(frozen=True)
class Outcome:
    """Pairs with the answers of one pipeline.

    Args:
        examples: The pairs.
        questions: The two texts of each, perhaps with their context.
        answers: How well they fit, as it was answered.
        gold: `[N]` how well they really fit, on the scale of the data; NaN where that is not known.
        groups: `[N]` pairs that are ranked together have the same number.
        scale: The scale.
        known: First texts of the training part; `None` when there is none.
        measuring: What is looked at.
        seed: Governs the draws for the intervals.
        samples: How many draws.
        level: Share of the draws within an interval.
    """

    examples: Sequence[Example]
    questions: Sequence[tuple[str, ...]]
    answers: Sequence[Match]
    gold: numpy.ndarray
    groups: numpy.ndarray
    scale: Scale
    known: frozenset[str] | None = None
    measuring: Measuring = Measuring()
    seed: int = 0
    samples: int = 1000
    level: float = 0.95

    @property
    def measure(self) -> str:
        """The chief measure: that of the evaluator, else what fits the data."""
        chief = {"retrieval": "ndcg", "pair_f1": "pair_f1", "score_agreement": "pearson"}.get(self.measuring.chief)
        if chief == "ndcg" and not len(self.rankings):
            chief = None
        return chief or ("pair_f1" if self.is_yes_or_no else "pearson")

    @cached_property
    def found(self) -> numpy.ndarray:
        """`[N]` the answered scores."""
        return numpy.array([answer.score for answer in self.answers], numpy.float64)

    @cached_property
    def scored(self) -> numpy.ndarray:
        """`[M]` numbers of the pairs whose gold score is known."""
        return numpy.flatnonzero(numpy.isfinite(self.gold))

    @cached_property
    def is_yes_or_no(self) -> bool:
        """Whether the gold scores are the two ends of the scale and nothing between."""
        return set(numpy.unique(self.gold[self.scored]).tolist()) <= {self.scale.low, self.scale.high}

    @cached_property
    def errors(self) -> numpy.ndarray:
        """`[N]` answered less gold score."""
        apart: numpy.ndarray = self.found - self.gold
        return apart

    @property
    def relevant(self) -> float:
        """From this score on, on the scale of the data, two texts fit."""
        return float(self.scale.from_unit(numpy.array([self.scale.relevant(self.measuring.relevant)]))[0])

    @cached_property
    def rankings(self) -> Rankings:
        """The pairs of each group, ranked; only groups in which not all fit alike."""
        known = self.scored
        names, place = numpy.unique(self.groups[known], return_inverse=True)
        low, high = numpy.full(len(names), numpy.inf), numpy.full(len(names), -numpy.inf)
        numpy.minimum.at(low, place, self.gold[known])
        numpy.maximum.at(high, place, self.gold[known])
        chosen = known[(low < high)[place]]
        worth = self.scale.to_unit(self.gold[chosen])
        ranked = Rankings.of(self.found[chosen], worth, self.groups[chosen])
        return Rankings(ranked.query, ranked.place, ranked.gold, ranked.names, chosen[ranked.rows])

    @cached_property
    def agreement(self) -> dict[str, Interval]:
        """Correlations and errors with their intervals; NaN where there is none."""
        x, y = self.found[self.scored], self.gold[self.scored]
        low, high = self.scale.low, self.scale.high
        step = self.measuring.step or agreement.usual_step(low, high)
        grades = [agreement.rounded(values, low, high, step) - low for values in (x, y)]
        figures = {"pearson": agreement.pearson, "rmse": agreement.rmse}
        drawn = {"seed": self.seed, "samples": self.samples, "level": self.level}
        result = intervals(self._sums(x, y), figures, **drawn)  # type: ignore[arg-type]
        result |= intervals(agreement.sums(*grades), {"quadratic_kappa": agreement.quadratic_kappa}, **drawn)  # type: ignore[arg-type]
        apart = numpy.stack([numpy.abs(x - y), numpy.ones_like(x)], -1)
        result |= intervals(apart, {"mae": _mean}, **drawn)  # type: ignore[arg-type]
        rows = numpy.stack([x, y], -1)
        result |= row_intervals(rows, {"spearman": _spearman}, **drawn)  # type: ignore[arg-type]
        return {name: result[name] for name in ("pearson", "spearman", "rmse", "mae", "quadratic_kappa")}

    def _sums(self, x: numpy.ndarray, y: numpy.ndarray) -> numpy.ndarray:
        middle = (self.scale.low + self.scale.high) / 2
        return agreement.sums(x - middle, y - middle)

    @cached_property
    def ranked(self) -> dict[str, Interval]:
        """Figures of the rankings; nothing where there are none, or where models were not chosen by them."""
        if not len(self.rankings) or self.measuring.chief not in ("", "retrieval"):
            return {}
        relevant = self.scale.relevant(self.measuring.relevant)
        each: dict[str, numpy.ndarray] = {"mrr": self.rankings.reciprocal_rank(relevant)}
        for suffix, cutoff in [("", self.measuring.cutoff), *((f"/{rank}", rank) for rank in self.measuring.cutoffs)]:
            each[f"ndcg{suffix}"] = self.rankings.ndcg(cutoff)
            each[f"recall{suffix}"] = self.rankings.recall(relevant, cutoff)
        drawn = {"seed": self.seed, "samples": self.samples, "level": self.level}
        return {name: intervals(_known(values), {name: _mean}, **drawn)[name] for name, values in each.items()}  # type: ignore[arg-type]

    @cached_property
    def decisions(self) -> numpy.ndarray:
        """`[M, 5]` of each pair: yes and right, yes, really yes, answered rightly (0 or 1 each); and 1."""
        said = numpy.array([answer.fits for answer in self.answers], bool)[self.scored]
        true = self.gold[self.scored] >= self.relevant
        return numpy.stack([said & true, said, true, said == true, numpy.ones_like(true)], -1).astype(numpy.float64)

    @cached_property
    def yes_or_no(self) -> dict[str, Interval]:
        """Figures of yes and no, by the threshold of the development part; nothing where scores are graded."""
        if not self.is_yes_or_no or not len(self.scored):
            return {}
        drawn = {"seed": self.seed, "samples": self.samples, "level": self.level}
        figures: dict[str, Callable[[numpy.ndarray], numpy.ndarray]] = {
            "pair_f1": _f1,
            "pair_precision": partial(_share, MATCHED, PREDICTED),
            "pair_recall": partial(_share, MATCHED, GOLD),
            "pair_accuracy": partial(_share, RIGHT, ALL),
        }
        result = intervals(self.decisions, figures, **drawn)  # type: ignore[arg-type]
        rows = numpy.stack([self.found[self.scored], self.decisions[:, GOLD]], -1)
        areas = {"pair_roc_auc": _roc_auc, "pair_average_precision": _average_precision}
        return result | row_intervals(rows, areas, **drawn)  # type: ignore[arg-type]

    @cached_property
    def figures(self) -> dict[str, Interval]:
        """Everything that is measured, the chief measure first; what does not exist is left out (`undefined`)."""
        every = {**self.agreement, **self.ranked, **self.yes_or_no}
        ordered = {self.measure: every[self.measure], **every} if self.measure in every else every
        return {name: figure for name, figure in ordered.items() if math.isfinite(figure.value)}

    @property
    def undefined(self) -> list[str]:
        """Measures that these pairs have no answer to, as a correlation where all scores are one."""
        every = {**self.agreement, **self.ranked, **self.yes_or_no}
        return [name for name, figure in every.items() if not math.isfinite(figure.value)]

    def by_length(self, parts: int = 4) -> dict[str, numpy.ndarray]:
        """Numbers of the pairs with a gold score, in parts of about one size by the characters of both texts."""
        lengths = numpy.array([sum(map(len, self.questions[number][:2])) for number in self.scored.tolist()], int)
        if not len(lengths):
            return {}
        edges = numpy.unique(numpy.quantile(lengths, numpy.linspace(0, 1, parts + 1)[1:-1], method="lower"))
        where = numpy.searchsorted(edges, lengths, side="left")
        return {
            f"{lengths[where == part].min()}–{lengths[where == part].max()}": self.scored[where == part]
            for part in numpy.unique(where).tolist()
        }

    def by_novelty(self) -> dict[str, numpy.ndarray]:
        """Numbers of the pairs with a gold score, by whether their first text stands in the training part."""
        if self.known is None:
            return {}
        seen = numpy.array([self.questions[number][0] in self.known for number in self.scored.tolist()], bool)
        parts = {"seen": self.scored[seen], "unseen": self.scored[~seen]}
        return {name: numbers for name, numbers in parts.items() if len(numbers)}

    def of_part(self, numbers: numpy.ndarray) -> dict[str, float]:
        """Some figures of a part of the pairs; NaN where there is none."""
        total = self._sums(self.found[numbers], self.gold[numbers]).sum(axis=0)
        return {
            "pearson": float(agreement.pearson(total)),
            "rmse": float(agreement.rmse(total)),
            "error": float(self.errors[numbers].mean()),
        }

    def worst(self, count: int) -> list[int]:
        """Numbers of the pairs that were answered farthest from their gold score."""
        order = self.scored[numpy.argsort(-numpy.abs(self.errors[self.scored]), kind="stable")]
        return [number for number in order[:count].tolist() if self.errors[number]]

    def worst_rankings(self, count: int) -> list[numpy.ndarray]:
        """Numbers of the pairs of the worst rankings, each in its order."""
        ranked = self.rankings
        worth = numpy.nan_to_num(ranked.ndcg(self.measuring.cutoff), nan=2.0)
        return [ranked.rows[ranked.query == query] for query in numpy.argsort(worth, kind="stable")[:count]]

    def flat(self) -> dict[str, float]:
        """Everything that is measured under flat names."""
        result: dict[str, float] = {}
        for name, figure in self.figures.items():
            result[name] = figure.value
            if math.isfinite(figure.low) and math.isfinite(figure.high):
                stem, slash, rest = name.partition("/")
                result[f"{stem}_low{slash}{rest}"], result[f"{stem}_high{slash}{rest}"] = figure.low, figure.high
        for name, numbers in self.by_novelty().items():
            part = self.of_part(numbers)
            result |= {f"{key}_{name}": part[key] for key in ("pearson", "rmse") if math.isfinite(part[key])}
        counts = {"texts": len(self.examples), "scored": len(self.scored), "rankings": len(self.rankings)}
        return {**result, **{name: float(count) for name, count in counts.items()}}

    def difference(self, other: Outcome, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same pairs, by the chief measure."""
        drawn: dict[str, Any] = {"seed": self.seed, "samples": samples, "level": self.level}
        if self.measure == "ndcg":
            ours, theirs = (_known(one.rankings.ndcg(self.measuring.cutoff)) for one in (self, other))
            return compare(ours, theirs, _mean, **drawn)
        if self.measure == "pair_f1":
            return compare(self.decisions, other.decisions, _f1, **drawn)
        ours, theirs = (one._sums(one.found[one.scored], one.gold[one.scored]) for one in (self, other))
        return compare(ours, theirs, agreement.pearson, **drawn)

    def terminal_table(self) -> str:
        """The scores for a terminal."""
        from tengjia.base_tasks.text_matching.report import terminal_table

        return terminal_table(self)

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report: one self-contained page."""
        from tengjia.base_tasks.text_matching.report import write_report

        return write_report(file, self, head)


def make_outcome(
    examples: Sequence[Example],
    answers: Sequence[Match],
    pipeline: Any,
    *,
    training: Sequence[Example] | None,
    seed: int,
    samples: int,
    level: float,
) -> Outcome:
    """Join examples and answers (`stages.base_task.MakeOutcome`); a score that is none counts as unknown."""
    encoding = pipeline.encoding
    known = None if training is None else frozenset(encoding.question(example)[0] for example in training)
    return Outcome(
        examples,
        [encoding.question(example) for example in examples],
        answers,
        numpy.array([_score(encoding, example) for example in examples], numpy.float64),
        numpy.array([encoding.group(example) for example in examples], numpy.int64),
        encoding.labels,
        known,
        getattr(pipeline, "measuring", Measuring()),
        seed,
        samples,
        level,
    )


def _score(encoding: Any, example: Example) -> float:
    try:
        score = encoding.score(example)
    except ValueError:
        return math.nan
    return math.nan if score is None else score


def _known(values: numpy.ndarray) -> numpy.ndarray:
    """`[Q, 2]` figures and ones, zeros where a figure is not known: their sums give the mean."""
    known = ~numpy.isnan(values)
    return numpy.stack([numpy.where(known, values, 0.0), known.astype(numpy.float64)], -1)


def _mean(total: numpy.ndarray) -> numpy.ndarray:
    result: numpy.ndarray = numpy.full(total.shape[:-1], numpy.nan)
    numpy.divide(total[..., 0], total[..., 1], out=result, where=total[..., 1] > 0)
    return result


def _f1(total: numpy.ndarray) -> numpy.ndarray:
    return ratio(2 * total[..., MATCHED], total[..., PREDICTED] + total[..., GOLD])


def _share(above: int, below: int, total: numpy.ndarray) -> numpy.ndarray:
    return ratio(total[..., above], total[..., below])


def _spearman(rows: numpy.ndarray) -> float:
    return agreement.spearman(rows[:, 0], rows[:, 1])


def _roc_auc(rows: numpy.ndarray) -> float:
    return Thresholds(rows[:, 0], rows[:, 1] > 0).roc_auc()


def _average_precision(rows: numpy.ndarray) -> float:
    return Thresholds(rows[:, 0], rows[:, 1] > 0).average_precision()
