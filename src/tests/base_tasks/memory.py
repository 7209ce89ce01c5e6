"""How much a process grows while it answers a file: `python -m src.tests.base_tasks.memory ROOT BASE SMALL LARGE FOLDER`.

It answers a small file first, so that all that is loaded once is loaded, then the large one, and prints by how many MiB
the greatest memory of the process has risen.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy
import psutil
import torch

from tengjia.command.notebook import compose
from tengjia.runs import RunFolder
from tengjia.utilities.randomness import generator_for

_LETTERS: Final = "林清远苏若兰前往云山东湖北屿毕业于就职一二三四五六七八九十。，"


def environment() -> dict[str, str]:
    """Of the process that is measured."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "TENGJIA_LANG": "en"}


def write_file(path: Path, megabytes: float) -> None:
    """A file of texts of 5 to 60 characters, one in ten of up to 500: batches of every width."""
    random, written = generator_for("memory", megabytes), 0
    with open(path, "w", encoding="utf-8") as file:
        while written < megabytes * 1e6:
            for length in random.integers(5, numpy.where(random.random(100) < 0.1, 500, 60)).tolist():
                text = "".join(_LETTERS[at] for at in random.integers(0, len(_LETTERS), length).tolist())
                line = json.dumps({"text": text, "second": text[: length // 2]}, ensure_ascii=False) + "\n"
                written += len(line.encode())
                file.write(line)


@contextlib.contextmanager
def watched() -> Iterator[list[int]]:
    """The greatest resident memory in bytes while the block runs, looked at every 20 ms."""
    process, most, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], process.memory_info().rss)

    most[0] = process.memory_info().rss
    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def main(root: Path, base: str, small: float, large: float, folder: Path) -> float:
    """By how many MiB the process grew over a file of `large` MB beyond what it needs for one of `small` MB."""
    torch.set_num_threads(1)
    package = importlib.import_module(f"tengjia.base_tasks.{base}")
    run = RunFolder(root / "runs" / "kit" / base / "used")
    most = []
    for name, size in (("small", small), ("large", large)):
        write_file(folder / f"{name}.jsonl", size)
        words = [f"apply.input={folder / name}.jsonl", f"apply.output={folder / name}.out"]
        config = compose(root, [f"task={base}", "stage=apply", *words])
        with watched() as seen:
            package.apply(config, run)
        most.append(seen[0])
    return (most[1] - most[0]) / 2**20


if __name__ == "__main__":
    print(round(main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), Path(sys.argv[5])), 1))
