"""What a checkpoint every 50 steps costs: median of interleaved pairs, with a 95% interval.

python -m benchmarks.checkpoint_cost --pairs 15
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy

from benchmarks import report
from benchmarks.arguments import ROOT
from benchmarks.training_speed import QUIET

STEPS = 200


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure, and print the line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--threads", type=int, default=2)
    chosen = options.parse_args(arguments)
    ratios, seconds = [], {"with": list[float](), "without": list[float]()}
    with tempfile.TemporaryDirectory() as name:
        for number in range(chosen.pairs + 1):
            kinds = ("with", "without") if number % 2 else ("without", "with")
            pair = {kind: training(Path(name), kind == "with", chosen.threads) for kind in kinds}
            if number:
                ratios.append(pair["with"] / pair["without"])
                for kind, value in pair.items():
                    seconds[kind].append(value)
    low, high = interval(ratios)
    return report.say(
        "checkpoint_cost",
        unit="time with / time without",
        ratio=round(statistics.median(ratios), 4),
        interval=[round(low, 4), round(high, 4)],
        seconds={kind: report.median(values) for kind, values in seconds.items()},
        steps=STEPS,
        every=50,
        pairs=chosen.pairs,
        threads=chosen.threads,
        demand="upper bound at most 1.03",
        command=report.command(),
    )


def training(folder: Path, checkpoints: bool, threads: int) -> float:
    """Seconds of `STEPS` steps of the sample task."""
    from tengjia.base_tasks.sequence_labeling import build_dataset, build_model
    from tengjia.base_tasks.sequence_labeling.training import build_trainer
    from tengjia.command.notebook import compose
    from tengjia.distributed import SINGLE
    from tengjia.runs import RunFolder

    config = compose(
        ROOT,
        [
            "task=ner",
            "stage=train",
            f"cache_root={folder / 'cache'}",
            f"trainer.threads={threads}",
            f"trainer.max_steps={STEPS}",
            *QUIET,
            f"callbacks.checkpoint.enabled={str(checkpoints).lower()}",
            "callbacks.checkpoint.every_steps=50",
        ],
    )
    run = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="ner")
    dataset = build_dataset(config, run)
    trainer = build_trainer(config, run, dataset, build_model(config, dataset), SINGLE)
    start = time.perf_counter()
    trainer.fit()
    return time.perf_counter() - start


def interval(ratios: list[float]) -> tuple[float, float]:
    """95% bootstrap interval of the median."""
    generator = numpy.random.default_rng(1)
    draws = generator.choice(numpy.array(ratios), size=(10_000, len(ratios)))
    low, high = numpy.percentile(numpy.median(draws, axis=1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
