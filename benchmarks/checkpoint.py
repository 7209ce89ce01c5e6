"""What a checkpoint every 50 steps costs: the default tagger on ResumeNER with and without, in interleaved pairs.

A pair is two trainings in one process that take turns of 50 steps, each on a thread of its own: the machine drifts by
more than what is measured, and the finer they interleave, the less it favours one of them. Turns change half way
between two checkpoints, so that each holds the writing of its own one, and nothing of the other's.

The figure is the median ratio of the times of a pair, from the first step to the end of the last checkpoint's writing;
the interval is that of the bootstrap over pairs (95%). Beside it the same of the processor time of the whole process,
which what else runs disturbs less.

    python -m benchmarks.checkpoint --dataset-root ../corpora
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
        make = trainings(chosen.dataset_root, Path(folder), chosen.threads, chosen.steps)
        pair(make, True)
        pairs = []
        for number in range(chosen.pairs):
            pairs.append(pair(make, number % 2 == 0))
            print(f"pair {number + 1} of {chosen.pairs}: {pairs[-1]}", file=sys.stderr, flush=True)
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


def pair(make: Callable[[bool, Callback], Any], first: bool) -> dict[bool, Spent]:
    """What two trainings spent that took turns, by whether they saved.

    Args:
        make: Given whether to save, and one more callback, makes a trainer.
        first: Which of the two begins.
    """
    turns = Turns(first)
    trainers = {saving: make(saving, TakingTurns(turns, saving)) for saving in (True, False)}

    def train(saving: bool) -> None:
        turns.begin(saving)
        try:
            trainers[saving].fit()
        finally:
            turns.end(saving, for_good=True)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(train, trainers))
    return turns.spent


class Turns:
    """Lets one of two threads work at a time, and counts what each of them spends.

    Args:
        first: Who begins.
    """

    def __init__(self, first: bool) -> None:
        self.spent: dict[bool, Spent] = {True: (0.0, 0.0), False: (0.0, 0.0)}
        self._turn = first
        self._working = {True, False}
        self._changed = threading.Condition()
        self._began = now()

    def begin(self, who: bool) -> None:
        """Wait for one's turn; then the clocks run."""
        with self._changed:
            self._changed.wait_for(lambda: self._turn is who)
        self._began = now()

    def end(self, who: bool, *, for_good: bool = False) -> None:
        """Stop the clocks; it is the other one's turn, if that still works."""
        (wall, processor), (wall_before, processor_before), own = now(), self._began, self.spent[who]
        self.spent[who] = (own[0] + wall - wall_before, own[1] + processor - processor_before)
        with self._changed:
            self._working -= {who} if for_good else set()
            self._turn = (not who) if (not who) in self._working else who
            self._changed.notify_all()


class TakingTurns(Callback):
    """Gives the turn away half way between two checkpoints."""

    order = 950

    def __init__(self, turns: Turns, who: bool) -> None:
        self._turns, self._who = turns, who

    def on_step_end(self, context: Context) -> None:
        """Let the other one work."""
        if context.state.step % EVERY == EVERY // 2:
            self._turns.end(self._who)
            self._turns.begin(self._who)


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
