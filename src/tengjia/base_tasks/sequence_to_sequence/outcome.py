"""What generated texts are worth beside references: BLEU and chrF with intervals, and what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.base_tasks.sequence_to_sequence.answers import Written
from tengjia.config import Settings
from tengjia.data.example import Example
from tengjia.metrics.resampling import Difference, Interval, compare, intervals
from tengjia.metrics.text_overlap import WIDTH, TextOverlap, bleu, chrf, sentence_bleu
from tengjia.reports.head import ReportHead

REPEATED: Final = 4
"""Characters, or words, of a sequence that should not stand in a text again and again."""

_LENGTHS: Final = 5
"""Groups of sources by length."""


def measure_as_evaluated(config: Settings, pipeline: Any) -> None:
    """Let a pipeline write as the section `generation` of the testing file says, and be measured as its evaluator."""
    write_as_wanted(config, pipeline)
    pipeline.words = (config.get("evaluator") or {}).get("words", "auto")


def write_as_wanted(config: Settings, pipeline: Any) -> None:
    """Let a pipeline write as the section `generation` of the testing file says."""
    pipeline.options = pipeline.options_of(config)


@dataclass(frozen=True)
class Outcome:
    """Sources with the answers of one pipeline.

    Args:
        examples: The pairs.
        sources: What was to be read.
        references: What should have been written.
        answers: What was.
        overlap: Counts what both have in common.
        chinese: Whether what is written is Chinese.
        seed: Governs the draws for the intervals.
        samples: How many draws.
        level: Share of the draws within an interval.
    """

    examples: Sequence[Example]
    sources: Sequence[str]
    references: Sequence[str]
    answers: Sequence[Written]
    overlap: TextOverlap
    chinese: bool
    seed: int = 0
    samples: int = 1000
    level: float = 0.95

    measure = "bleu"

    @cached_property
    def counts(self) -> numpy.ndarray:
        """`[N, WIDTH]` what each answer has in common with its reference."""
        pairs = zip(self.answers, self.references, strict=True)
        rows = [self.overlap.counts(answer.text, reference) for answer, reference in pairs]
        return numpy.stack(rows) if rows else numpy.zeros((0, WIDTH), numpy.int64)

    @cached_property
    def figures(self) -> dict[str, Interval]:
        """BLEU, chrF and the share of answers that are the reference, with their intervals."""
        drawn: dict[str, Any] = {"seed": self.seed, "samples": self.samples, "level": self.level}
        same = numpy.array([one.text.split() == other.split() for one, other in zip(self.answers, self.references)])
        shares = numpy.stack([same, numpy.ones_like(same)], -1).astype(numpy.float64).reshape(-1, 2)
        return intervals(self.counts, {"bleu": bleu, "chrf": chrf}, **drawn) | intervals(
            shares, {"exact": _share}, **drawn
        )

    @cached_property
    def sentence_scores(self) -> list[float]:
        """BLEU of each answer alone: for ranking them."""
        return [sentence_bleu(row) for row in self.counts]

    @cached_property
    def troubles(self) -> dict[str, list[int]]:
        """What went wrong -> numbers of the answers with which it did."""
        found: dict[str, list[int]] = {"empty": [], "copied": [], "repeating": [], "cut": []}
        for number, (answer, source, reference) in enumerate(zip(self.answers, self.sources, self.references)):
            if not answer.text:
                found["empty"].append(number)
            elif is_copy(answer.text, source) and not is_copy(reference, source):
                found["copied"].append(number)
            if repeats(answer.text, self.chinese) > repeats(reference, self.chinese):
                found["repeating"].append(number)
            if not answer.ended:
                found["cut"].append(number)
        return found

    @property
    def length_ratio(self) -> float:
        """How long the answers are beside the references, in words."""
        ours, theirs = self.counts[:, 0].sum(), self.counts[:, 1].sum()
        return float(ours / theirs) if theirs else 0.0

    def by_length(self) -> dict[str, numpy.ndarray]:
        """Characters of the source -> numbers of the pairs, in groups of about the same size."""
        lengths = numpy.array([len(source) for source in self.sources])
        if not len(lengths):
            return {}
        edges = numpy.unique(numpy.quantile(lengths, numpy.linspace(0, 1, _LENGTHS + 1)[1:], method="higher"))
        groups, low = {}, int(lengths.min())
        for high in edges.tolist():
            chosen = numpy.flatnonzero((lengths >= low) & (lengths <= high))
            if len(chosen):
                groups[f"{low}–{high}" if low < high else str(high)] = chosen
            low = int(high) + 1
        return groups

    def of_part(self, numbers: numpy.ndarray) -> dict[str, float]:
        """BLEU and chrF of some pairs."""
        total = self.counts[numbers].sum(axis=0)
        return {"bleu": float(bleu(total)), "chrf": float(chrf(total))}

    def worst(self, count: int) -> list[int]:
        """Numbers of the answers that have least in common with their references, the longer ones first."""
        order = sorted(range(len(self.answers)), key=lambda i: (self.sentence_scores[i], -len(self.references[i]), i))
        return [number for number in order[:count] if self.sentence_scores[number] < 1.0]

    def best(self, count: int) -> list[int]:
        """Numbers of the answers that have most, the longer ones first."""
        order = sorted(range(len(self.answers)), key=lambda i: (-self.sentence_scores[i], -len(self.references[i]), i))
        return [number for number in order[:count] if self.sentence_scores[number] > 0.0]

    def flat(self) -> dict[str, Any]:
        """Everything that is measured, under flat names; scores are fractions; `signature` is that of BLEU."""
        result: dict[str, Any] = {}
        for name, interval in self.figures.items():
            result |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        count = max(1, len(self.answers))
        result |= {f"share_{name}": len(numbers) / count for name, numbers in self.troubles.items()}
        result |= {"length_ratio": self.length_ratio, "texts": float(len(self.answers))}
        return result | {"signature": self.overlap.signature}

    def difference(self, other: Outcome, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same texts, by BLEU."""
        return compare(self.counts, other.counts, bleu, seed=self.seed, samples=samples, level=self.level)

    def terminal_table(self) -> str:
        """Every measure with its interval, for a terminal."""
        from tengjia.base_tasks.sequence_to_sequence import report

        return report.terminal_table(self)

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report (`report.write_report`)."""
        from tengjia.base_tasks.sequence_to_sequence import report

        return report.write_report(file, self, head)


def make_outcome(
    examples: Sequence[Example],
    answers: Sequence[Written],
    pipeline: Any,
    *,
    training: Sequence[Example] | None,
    seed: int,
    samples: int,
    level: float,
) -> Outcome:
    """Join examples and answers (`stages.base_task.MakeOutcome`)."""
    encoding = pipeline.encoding
    words: Any = getattr(pipeline, "words", "auto")
    if words == "auto":
        words = "zh" if encoding.chinese else "13a"
    return Outcome(
        examples,
        [encoding.question(example) for example in examples],
        [encoding.reference(example) for example in examples],
        answers,
        TextOverlap(words),
        encoding.chinese,
        seed,
        samples,
        level,
    )


def is_copy(text: str, source: str) -> bool:
    """Whether a text is its source, but for case, blanks and signs."""
    ours, theirs = ("".join(filter(str.isalnum, one)).casefold() for one in (text, source))
    return bool(ours) and ours == theirs


def repeats(text: str, chinese: bool) -> int:
    """How often sequences of `REPEATED` words (characters of Chinese) stand in a text that stood there before."""
    parts = [*text] if chinese else text.split()
    counts = Counter(tuple(parts[start : start + REPEATED]) for start in range(len(parts) - REPEATED + 1))
    return counts.total() - len(counts)


def _share(total: numpy.ndarray) -> numpy.ndarray:
    return numpy.asarray(total[..., 0] / numpy.maximum(total[..., 1], 1))
