"""What a checkpoint every 50 steps costs: the default tagger on ResumeNER with and without, in interleaved pairs.

A pair is made of short trainings that take turns (with, without, without, with, ...), so that a drift of the machine,
which is larger than what is measured, favours neither. Each ends by waiting for its last checkpoint, so short ones tell
a little too much. The figure is the median ratio of the times of a pair; the interval is that of the bootstrap over
pairs (95%). Beside it the same of the processor time of the whole process, which what else runs disturbs less.

    python -m benchmarks.checkpoint --dataset-root ../corpora
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser

OTHERS = ("progress", "evaluation", "record", "console_log")
RESAMPLES = 10_000


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure the pairs and print the line."""
    options = parser(__doc__)
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--turns", type=int, default=4, help="short trainings of each kind that make up a pair")
    options.add_argument("--steps", type=int, default=250, help="of each short training")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        measure = trainings(chosen.dataset_root, Path(folder), chosen.threads, chosen.steps)
        measure(True), measure(False)
        pairs = [pair(measure, chosen.turns) for _ in range(chosen.pairs)]
    ratios, processor = ([pair[True][which] / pair[False][which] for pair in pairs] for which in (0, 1))
    low, high = interval(ratios)
    return report.say(
        "checkpoint",
        slower=f"{statistics.median(ratios) - 1:.2%}",
        interval=[f"{low - 1:.2%}", f"{high - 1:.2%}"],
        ratios=[round(ratio, 4) for ratio in ratios],
        processor_time=f"{statistics.median(processor) - 1:.2%}",
        demand="upper bound 3%",
        steps=chosen.turns * chosen.steps,
        every=50,
        threads=chosen.threads,
        command=report.command(),
    )


def pair(measure: Callable[[bool], tuple[float, float]], turns: int) -> dict[bool, tuple[float, float]]:
    """Seconds and processor time with and without saving, each summed over short trainings that take turns."""
    total = {True: [0.0, 0.0], False: [0.0, 0.0]}
    for number in range(turns):
        first = number % 2 == 0
        for saving in (first, not first):
            for place, value in enumerate(measure(saving)):
                total[saving][place] += value
    return {saving: (seconds, processor) for saving, (seconds, processor) in total.items()}


def trainings(dataset_root: Path, folder: Path, threads: int, steps: int) -> Any:
    """A function that trains, saving every 50 steps or not at all, and gives the seconds it took: all, and of processor
    time."""
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
        "callbacks.checkpoint.every=50",
        *(f"callbacks.{name}.enabled=false" for name in OTHERS),
    ]
    configs = {saving: compose(ROOT, [*settings, f"callbacks.checkpoint.enabled={saving}"]) for saving in (True, False)}
    preparing = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")
    dataset = build_dataset(configs[True], preparing)

    def measure(saving: bool) -> tuple[float, float]:
        run = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")
        trainer = build_trainer(TASK, configs[saving], run, dataset, build_model(configs[saving], dataset), SINGLE)
        start, processor = time.perf_counter(), time.process_time()
        trainer.fit()
        return time.perf_counter() - start, time.process_time() - processor

    return measure


def interval(ratios: list[float]) -> tuple[float, float]:
    """95% of the medians of resampled pairs."""
    import numpy

    drawn = numpy.random.default_rng(1).choice(ratios, (RESAMPLES, len(ratios)))
    low, high = numpy.quantile(numpy.median(drawn, axis=1), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
