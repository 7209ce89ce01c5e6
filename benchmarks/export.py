"""The pipeline of a bundle against its ONNX exports: a text alone, many texts at once, starting, size.

python -m benchmarks.export                                   # the default tagger of the sample, trained here
python -m benchmarks.export --bundle FOLDER --texts test.tsv --joiner " " --int8
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT

START = {
    "bundle": "from tengjia.base_tasks.sequence_labeling import SequenceLabelingPipeline as Pipeline",
    "onnx": "from tengjia.exporting import OnnxPipeline as Pipeline",
}
ALONE = 100
"""Texts that are asked one by one."""

ASK = "import sys; from pathlib import Path; {pipeline}; Pipeline.load(Path(sys.argv[1]))('林清远毕业于云山大学。')"


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Export, measure, and print the line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--bundle", type=Path, help="default: a tagger of the sample, trained for eight epochs")
    options.add_argument("--texts", type=Path, default=ROOT / "resources/datasets/ner/test.txt", help="a column file")
    options.add_argument("--joiner", default="", help="what stands between its tokens")
    options.add_argument("--most", type=int, default=500, help="at most so many texts")
    options.add_argument("--int8", action="store_true")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args(arguments)
    import torch

    torch.set_num_threads(chosen.threads)
    texts = read(chosen.texts, chosen.joiner)[: chosen.most]
    with tempfile.TemporaryDirectory() as name:
        bundle = chosen.bundle or train(Path(name))
        pipelines, folders, parity = exports(bundle, Path(name), int8=chosen.int8, threads=chosen.threads)
        starting = starts({name: folder for name, folder in folders.items() if name in START})
    alone = {name: one_by_one(pipeline, texts[:ALONE]) for name, pipeline in pipelines.items()}
    together: dict[str, Callable[[], Any]] = {
        name: lambda pipeline=pipeline: pipeline(texts)  # type: ignore[misc]
        for name, pipeline in pipelines.items()
    }
    latency = report.interleaved(alone, chosen.rounds)
    throughput = report.interleaved(together, chosen.rounds)
    return report.say(
        "export",
        model=str(pipelines["bundle"].blueprint.model["name"]),
        milliseconds_a_text_alone={
            name: report.median([1000 * t / len(texts[:ALONE]) for t in found]) for name, found in latency.items()
        },
        texts_a_second={name: round(len(texts) / report.median(found), 1) for name, found in throughput.items()},
        spread={name: report.spread([len(texts) / t for t in found]) for name, found in throughput.items()},
        seconds_to_first_answer=starting,
        megabytes={name: round(size / 1e6, 2) for name, size in parity.pop("size").items()},
        answered_otherwise={name: differing(pipelines, name, texts) for name in pipelines if name != "bundle"},
        parity=parity,
        texts=len(texts),
        threads=chosen.threads,
        command=report.command(),
    )


def read(file: Path, joiner: str) -> list[str]:
    """The texts of a column file."""
    blocks = file.read_text("utf-8").split("\n\n")
    return [joiner.join(line.split()[0] for line in block.splitlines() if line) for block in blocks if block.strip()]


def train(folder: Path) -> Path:
    """The default tagger of the sample task."""
    places = [f"check_point_root={folder}", f"log_root={folder}", f"cache_root={folder / 'cache'}"]
    words = ["run_modeling.py", "task=ner", "stage=train", "trainer.max_epochs=8", *places]
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.glob("*/*/*/bundle")
    return made


def exports(
    bundle: Path, folder: Path, *, int8: bool, threads: int
) -> tuple[dict[str, Any], dict[str, Path], dict[str, Any]]:
    """The pipelines by name, their folders, and what the gate found."""
    from tengjia.base_tasks.sequence_labeling import SequenceLabelingPipeline
    from tengjia.exporting import OnnxPipeline, export_bundle

    pipelines: dict[str, Any] = {"bundle": SequenceLabelingPipeline.load(bundle)}
    folders, parity = {"bundle": bundle}, {}
    sizes = {"bundle": (bundle / "model/weights.safetensors").stat().st_size}
    for name in ("onnx", "onnx_int8") if int8 else ("onnx",):
        done = export_bundle(bundle, folder / name, int8=name == "onnx_int8")
        pipelines[name], folders[name] = OnnxPipeline.load(folder / name, threads=threads), folder / name
        sizes[name] = done.size
        parity[name] = {
            part: {"largest": round(found.largest, 6), "mean": round(found.mean, 6), "entities": found.entities}
            for part, found in (("golden", done.passage.golden), ("long", done.passage.long))
        }
    return pipelines, folders, {"size": sizes, **parity}


def one_by_one(pipeline: Any, texts: list[str]) -> Callable[[], None]:
    """Asks texts, each alone."""
    return lambda: [pipeline(text) for text in texts] and None


def starts(folders: dict[str, Path], rounds: int = 5) -> dict[str, float]:
    """Seconds of a process that loads a pipeline and answers once."""
    seconds: dict[str, list[float]] = {name: [] for name in folders}
    for _ in range(rounds):
        for name, folder in folders.items():
            start = time.perf_counter()
            code = ASK.format(pipeline=START[name])
            subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=True)
            seconds[name].append(time.perf_counter() - start)
    return {name: report.median(found) for name, found in seconds.items()}


def differing(pipelines: dict[str, Any], name: str, texts: list[str]) -> int:
    """Texts in which an export finds other entities than the bundle."""

    def spans(pipeline: Any) -> list[Any]:
        return [[entity.span for entity in answer if entity.counts] for answer in pipeline(texts)]

    return sum(one != other for one, other in zip(spans(pipelines["bundle"]), spans(pipelines[name])))


if __name__ == "__main__":
    main()
