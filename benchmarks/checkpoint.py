"""What a checkpoint every 50 steps costs: the default tagger on ResumeNER with and without, in interleaved pairs.

A pair is two trainings, each in a process of its own, that take turns of 50 steps: the machine drifts by more than what
is measured, and the finer they interleave, the less it favours one of them. Turns change half way between two
checkpoints, so that each holds the writing of its own one, and nothing of the other's.

The figure is the median ratio of the times of a pair, from the first step to the end of the last checkpoint's writing;
the interval is that of the bootstrap over pairs (95%). Beside it the same of the processor time of the processes, which
what else runs disturbs less.

    python -m benchmarks.checkpoint --dataset-root ../corpora
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser
from tengjia.training.callback import Callback
from tengjia.training.context import Context

OTHERS = ("progress", "evaluation", "record", "console_log")
EVERY = 50
RESAMPLES = 10_000
Spent = tuple[float, float]
"""Seconds, and seconds of processor time."""


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure the pairs and print the line."""
    options = parser(__doc__)
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--steps", type=int, default=1000, help="of each training")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        work = Work(chosen.dataset_root, Path(folder), chosen.threads, chosen.steps, chosen.pairs + 1)
        pairs = []
        for number, found in enumerate(measured(work)):
            print(f"pair {number} of {chosen.pairs}: {found}", file=sys.stderr, flush=True)
            pairs += [found] if number else []  # the first warms up
    ratios, processor = ([found[True][which] / found[False][which] for found in pairs] for which in (0, 1))
    low, high = interval(ratios)
    return report.say(
        "checkpoint",
        slower=f"{statistics.median(ratios) - 1:.2%}",
        interval=[f"{low - 1:.2%}", f"{high - 1:.2%}"],
        ratios=[round(ratio, 4) for ratio in ratios],
        processor_time=f"{statistics.median(processor) - 1:.2%}",
        demand="upper bound 3%",
        steps=chosen.steps,
        every=EVERY,
        threads=chosen.threads,
        command=report.command(),
    )


@dataclass(frozen=True)
class Work:
    """What both processes do."""

    dataset_root: Path
    folder: Path
    threads: int
    steps: int
    pairs: int


def measured(work: Work) -> Iterator[dict[bool, Spent]]:
    """What the two trainings of each pair spent, by whether they saved."""
    context = multiprocessing.get_context("spawn")
    turns = {saving: context.Semaphore(0) for saving in (True, False)}
    results: Any = {saving: context.Queue() for saving in (True, False)}
    arguments = {saving: (work, saving, turns[saving], turns[not saving], results[saving]) for saving in (True, False)}
    processes = [context.Process(target=train_all, args=arguments[saving], daemon=True) for saving in (True, False)]
    for process in processes:
        process.start()
    for saving in (True, False):
        results[saving].get()  # the corpus is read
    for number in range(work.pairs):
        first = turns[number % 2 == 0]
        first.release()
        yield {saving: results[saving].get() for saving in (True, False)}
        first.acquire()  # the other one ended last, and gave the turn to nobody
    for process in processes:
        process.join()


def train_all(work: Work, saving: bool, own: Any, other: Any, results: Any) -> None:
    """One of the two processes: a training of each pair."""
    make = trainings(work.dataset_root, work.folder / str(saving), work.threads, work.steps)
    results.put(None)
    for _ in range(work.pairs):
        turns = TakingTurns(own, other)
        trainer = make(saving, turns)
        turns.begin()
        trainer.fit()
        turns.end()
        results.put(turns.spent)


class TakingTurns(Callback):
    """Works while it is its turn, which it gives away half way between two checkpoints, and counts what it spends.

    Args:
        own: Released when it is this one's turn.
        other: The same of the other one.
    """

    order = 950

    def __init__(self, own: Any, other: Any) -> None:
        self.spent: Spent = (0.0, 0.0)
        self._own, self._other = own, other
        self._began = now()

    def begin(self) -> None:
        """Wait for the turn; then the clocks run."""
        self._own.acquire()
        self._began = now()

    def end(self) -> None:
        """Stop the clocks; it is the other one's turn."""
        seconds, processor = (late - early for late, early in zip(now(), self._began))
        self.spent = self.spent[0] + seconds, self.spent[1] + processor
        self._other.release()

    def on_step_end(self, context: Context) -> None:
        """Let the other one work."""
        if context.state.step % EVERY == EVERY // 2:
            self.end()
            self.begin()


def now() -> Spent:
    """The two clocks."""
    return time.perf_counter(), time.process_time()


def trainings(dataset_root: Path, folder: Path, threads: int, steps: int) -> Callable[[bool, Callback], Any]:
    """A function that makes a trainer which saves every 50 steps or not at all."""
    from tengjia.base_tasks.sequence_labeling import build_dataset, build_model
    from tengjia.base_tasks.sequence_labeling.task import TASK
    from tengjia.base_tasks.stages.training import build_trainer
    from tengjia.command.notebook import compose
    from tengjia.distributed import SINGLE
    from tengjia.runs import RunFolder

    settings = [
        "task=ner",
        "stage=train",
        "dataset=resume_ner",
        f"dataset_root={dataset_root.resolve()}",
        f"cache_root={folder / 'cache'}",
        f"trainer.threads={threads}",
        f"trainer.max_steps={steps}",
        "callbacks.checkpoint.unit=steps",
        f"callbacks.checkpoint.every={EVERY}",
        *(f"callbacks.{name}.enabled=false" for name in OTHERS),
    ]
    configs = {saving: compose(ROOT, [*settings, f"callbacks.checkpoint.enabled={saving}"]) for saving in (True, False)}
    preparing = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")
    dataset = build_dataset(configs[True], preparing)

    def make(saving: bool, more: Callback) -> Any:
        run = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")
        model = build_model(configs[saving], dataset)
        return build_trainer(TASK, configs[saving], run, dataset, model, SINGLE, [more])

    return make


def interval(ratios: list[float]) -> tuple[float, float]:
    """95% of the medians of resampled pairs."""
    import numpy

    drawn = numpy.random.default_rng(1).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = numpy.quantile(numpy.median(drawn, axis=1), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
