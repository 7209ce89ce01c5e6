"""Teacher and students side by side: how right, how large, how quick."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch

from tengjia.base_tasks.text_classification.outcome import Outcome, make_outcome
from tengjia.base_tasks.text_classification.pipeline import TextClassificationPipeline
from tengjia.data.example import Example
from tengjia.distillation.phrases import said
from tengjia.metrics.resampling import Difference
from tengjia.reports import terminal
from tengjia.reports.words import word

ROUNDS: Final = 3
"""Times that speed is measured, the models taking turns; the median counts."""
SINGLE_TEXTS: Final = 50
"""Texts that are asked one by one, for the time of an answer."""
SAMPLES: Final = 1000
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Candidate:
    """A model that is compared."""

    name: str
    """`teacher`, `alone`, `distilled`."""
    pipeline: TextClassificationPipeline
    folder: Path
    """Its bundle."""


@dataclass(frozen=True)
class Measured:
    """What was found out about one."""

    name: str
    model: str
    parameters: int
    bytes: int
    """Of its bundle on disk."""
    texts_per_second: float
    """On one thread, many at once."""
    milliseconds: float
    """Of one answer on one thread, texts asked one by one."""
    accuracy: float
    macro_f1: float

    def flat(self) -> dict[str, Any]:
        """The same under flat names."""
        return {f"{self.name}/{key}": value for key, value in asdict(self).items() if key != "name"}


@dataclass(frozen=True)
class Comparison:
    """The table."""

    part: str
    texts: int
    rows: Sequence[Measured]
    gain: Difference | None
    """How far the distilled student is ahead of the one alone; `None` where one of them was not trained."""
    measure: str

    def flat(self) -> dict[str, Any]:
        """Everything under flat names; scores are fractions."""
        result: dict[str, Any] = {"part": self.part, "texts": self.texts}
        for row in self.rows:
            result |= row.flat()
        if self.gain is not None:
            result |= {f"gain_{name}": value for name, value in self.gain._asdict().items()}
        return result

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Header and rows in words."""
        keys = ("model", "parameters", "size", "speed", "latency", "accuracy", "macro_f1")
        header = [said("head_who"), *(said(f"head_{key}") for key in keys)]
        rows = [
            [
                said(f"who_{row.name}"),
                row.model,
                f"{row.parameters:,}",
                f"{row.bytes / 2**20:.1f} MiB",
                f"{row.texts_per_second:,.0f}",
                f"{row.milliseconds:.2f} ms",
                f"{100 * row.accuracy:.2f}",
                f"{100 * row.macro_f1:.2f}",
            ]
            for row in self.rows
        ]
        return header, rows

    def verdict(self) -> str:
        """Whether the teacher helped, in one sentence; nothing where there is nothing to compare."""
        if self.gain is None:
            return ""
        values = {name: f"{100 * value:+.2f}" for name, value in self.gain._asdict().items() if name != "p"}
        code = "gain_unsure" if self.gain.p > 1 - LEVEL else "gain" if self.gain.value > 0 else "loss"
        return said(code, **values, p=f"{self.gain.p:.4f}", measure=word(f"measure_{self.measure}"))

    def terminal_table(self) -> str:
        """For a terminal."""
        return "\n".join(filter(None, [terminal.table(*self.cells()), self.verdict()]))


def compare(
    candidates: Sequence[Candidate], examples: Sequence[Example], *, part: str, seed: int, speed_texts: int
) -> Comparison:
    """Ask all candidates about the same texts.

    Args:
        candidates: The teacher first.
        examples: Labelled texts.
        part: What they are of.
        seed: Governs the draws for the interval of the gain.
        speed_texts: How many of the texts speed is measured by.
    """
    outcomes = {one.name: _outcome(one, examples, seed) for one in candidates}
    speeds = _speeds(candidates, [example.text for example in examples[:speed_texts]])
    rows = [_measured(one, outcomes[one.name], *speeds[one.name]) for one in candidates]
    gain = None
    if {"alone", "distilled"} <= set(outcomes):
        gain = outcomes["distilled"].difference(outcomes["alone"], samples=SAMPLES)
    return Comparison(part, len(examples), rows, gain, outcomes[candidates[0].name].measure)


def _outcome(candidate: Candidate, examples: Sequence[Example], seed: int) -> Outcome:
    answers = list(candidate.pipeline.stream([example.text for example in examples]))
    return make_outcome(examples, answers, candidate.pipeline, training=None, seed=seed, samples=SAMPLES, level=LEVEL)


def _measured(candidate: Candidate, outcome: Outcome, texts_per_second: float, milliseconds: float) -> Measured:
    overall = outcome.intervals.overall
    return Measured(
        candidate.name,
        str(candidate.pipeline.blueprint.model["name"]),
        sum(parameter.numel() for parameter in candidate.pipeline.model.parameters()),
        sum(file.stat().st_size for file in candidate.folder.rglob("*") if file.is_file()),
        texts_per_second,
        milliseconds,
        overall["accuracy"].value,
        overall["classification_f1"].value,
    )


def _speeds(candidates: Sequence[Candidate], texts: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Texts a second, and milliseconds a text, of each; they take turns, so that a busy machine slows all alike."""
    rates: dict[str, list[float]] = {one.name: [] for one in candidates}
    waits: dict[str, list[float]] = {one.name: [] for one in candidates}
    with _one_thread():
        for number in range(ROUNDS + 1):
            for one in candidates:
                began = time.perf_counter()
                list(one.pipeline.stream(texts))
                spent = time.perf_counter() - began
                singles = [_seconds(one.pipeline, text) for text in texts[:SINGLE_TEXTS]]
                if number:  # the first round warms up
                    rates[one.name].append(len(texts) / spent)
                    waits[one.name].append(1000 * statistics.median(singles))
    return {one.name: (statistics.median(rates[one.name]), statistics.median(waits[one.name])) for one in candidates}


def _seconds(pipeline: TextClassificationPipeline, text: str) -> float:
    began = time.perf_counter()
    pipeline(text)
    return time.perf_counter() - began


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
