"""What a checkpoint every 50 steps costs: the default tagger on ResumeNER with and without, interleaved.

A pair is two trainings of the same steps, cut into blocks of 50. The first saves in the middle of every block of even
number and never in the others, the second the other way round. So every block is timed with a checkpoint and without
one, on the same batches; what drifts, and where a training happens to lie in memory (which alone makes two equal ones
differ by 4%), is the same for both sums. A block ends when its checkpoint is on disk: the next pays nothing of it.

The figure is the median ratio of the times of a pair; the interval is that of the bootstrap over pairs (95%). Beside it
the same of the processor time, which what else runs disturbs less.

    python -m benchmarks.checkpoint --dataset-root ../corpora
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import parser
from tengjia.modules.trainer.callbacks.checkpoint import CheckpointCallback
from tengjia.training.callback import Callback
from tengjia.training.context import Context

OTHERS = ("progress", "evaluation", "record", "console_log", "checkpoint")
EVERY = 50
RESAMPLES = 10_000
Spent = tuple[float, float]
"""Seconds, and seconds of processor time."""


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure the pairs and print the line."""
    options = parser(__doc__)
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument(
        "--steps", type=int, default=2050, help="of each training; the first and the last 25 uncounted"
    )
    chosen = options.parse_args(arguments)
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        make = trainings(chosen.dataset_root, Path(folder), chosen.threads, chosen.steps)
        for number in range(chosen.pairs + 1):
            found = pair(make)
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


def pair(make: Callable[[Callback], Any]) -> dict[bool, Spent]:
    """What all blocks took with a checkpoint in each, and without."""
    halves = [EveryOtherBlock(parity) for parity in (0, 1)]
    for half in halves:
        make(half).fit()
    return {saving: _sum([half.spent[saving] for half in halves]) for saving in (True, False)}


class EveryOtherBlock(CheckpointCallback):
    """Saves in every other block of `EVERY` steps, and counts what blocks of both kinds take.

    Args:
        parity: 0 for the blocks of even number, 1 for the others; block n has step n * `EVERY` in its middle.
    """

    def __init__(self, parity: int) -> None:
        super().__init__(CheckpointCallback.Config(unit="steps"))
        self.spent: dict[bool, Spent] = {True: (0.0, 0.0), False: (0.0, 0.0)}
        self._parity = parity
        self._began: Spent | None = None

    def on_step_end(self, context: Context) -> None:
        """Save in the middle of a block, and begin the next at its end."""
        super().on_step_end(context)
        block, inside = divmod(context.state.step + EVERY // 2, EVERY)
        if inside == 0:
            self._writer.wait()
            if self._began is not None:
                saving = self._saves_in(block - 1)
                self.spent[saving] = _sum([self.spent[saving], _since(self._began)])
            self._began = now()

    def _due(self, context: Context) -> bool:
        block, inside = divmod(context.state.step, EVERY)
        return inside == 0 and self._saves_in(block)

    def _saves_in(self, block: int) -> bool:
        return block % 2 == self._parity


def now() -> Spent:
    """The two clocks."""
    return time.perf_counter(), time.process_time()


def _since(began: Spent) -> Spent:
    seconds, processor = now()
    return seconds - began[0], processor - began[1]


def _sum(spent: list[Spent]) -> Spent:
    return sum(seconds for seconds, _ in spent), sum(processor for _, processor in spent)


def trainings(dataset_root: Path, folder: Path, threads: int, steps: int) -> Callable[[Callback], Any]:
    """A function that makes a trainer of the default tagger with one callback more."""
    from benchmarks.tagger import default_tagger

    words = [f"trainer.max_steps={steps}", *(f"callbacks.{name}.enabled=false" for name in OTHERS)]
    tagger = default_tagger(dataset_root, folder, threads, words)
    return lambda more: tagger.trainer(tagger.new_run(), more)


def interval(ratios: list[float]) -> tuple[float, float]:
    """95% of the medians of resampled pairs."""
    import numpy

    drawn = numpy.random.default_rng(1).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = numpy.quantile(numpy.median(drawn, axis=1), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
