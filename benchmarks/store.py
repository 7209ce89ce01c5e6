"""The store in its four figures: an unchanged push, a pull against `cp`, and 10,000 versions.

python -m benchmarks.store --megabytes 400 --versions 10000 --folder .
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import parser

PAIRS = 7


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure everything and print the lines."""
    options = parser(__doc__)
    options.add_argument("--megabytes", type=int, default=400)
    options.add_argument("--versions", type=int, default=10_000)
    options.add_argument("--folder", type=Path, default=None, help="where to work: the disk that is measured")
    chosen = options.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        os.environ["XDG_CACHE_HOME"] = f"{name}/cache"
        results = {**moving(Path(name), chosen.megabytes), **listing(Path(name), chosen.versions)}
    return report.say("store", **results, command=report.command())


def moving(folder: Path, megabytes: int) -> dict[str, Any]:
    """Push and pull a model of one large file and a few small ones; `cp` of the same bytes in between."""
    from tengjia.store import Store

    model = folder / "model"
    model.mkdir()
    with open(model / "weights.safetensors", "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1 << 20))
    for number in range(8):
        (model / f"part{number}.json").write_bytes(os.urandom(20_000))
    store = Store.open(folder / "store")
    first = seconds(lambda: store.push("ner", "0", model))
    unchanged = [seconds(lambda number=number: store.push("ner", f"1.{number}", model)) for number in range(5)]
    shutil.rmtree(folder / "cache", ignore_errors=True)
    unknown = seconds(lambda: store.push("ner", "2", model))
    pulls, copies, ratios = [], [], []
    for number in range(PAIRS):
        pair = {}
        for kind in ("pull", "cp") if number % 2 else ("cp", "pull"):
            pair[kind] = pulled(store, folder) if kind == "pull" else copied(model, folder)
        pulls.append(pair["pull"]), copies.append(pair["cp"]), ratios.append(pair["cp"] / pair["pull"])
    shutil.rmtree(model)
    return {
        "megabytes": megabytes,
        "push_first_s": round(first, 3),
        "push_unchanged_s": round(statistics.median(unchanged), 4),
        "push_unchanged_hashed_anew_s": round(unknown, 3),
        "pull_s": round(statistics.median(pulls), 3),
        "cp_s": round(statistics.median(copies), 3),
        "pull_speed_of_cp": round(statistics.median(ratios), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
        "demand": "unchanged push 1 s; pull 0.7x of cp",
    }


def pulled(store: Any, folder: Path) -> float:
    """Seconds of a verified pull, made durable."""
    taken = seconds(lambda: store.pull("ner", "0", folder / "pulled"))
    shutil.rmtree(folder / "pulled")
    os.sync()
    return taken


def copied(model: Path, folder: Path) -> float:
    """Seconds of `cp -r`."""
    taken = seconds(lambda: subprocess.run(["cp", "-r", model, folder / "copied"], check=True))
    shutil.rmtree(folder / "copied")
    os.sync()
    return taken


def listing(folder: Path, versions: int) -> dict[str, Any]:
    """List, show and alias in a model of many versions; each by a store that was opened for it."""
    from tengjia.store import Store

    place = folder / "many"
    (folder / "config.json").write_text("{}")
    store = Store.open(place)
    begun = time.perf_counter()
    for number in range(versions):
        (folder / "config.json").write_text(str(number))
        store.push("ner", f"1.{number}", {"config.json": folder / "config.json"})
    pushed = time.perf_counter() - begun

    def median(call: Callable[[Any, int], object]) -> float:
        return statistics.median(seconds(lambda number=number: call(Store.open(place), number)) for number in range(15))

    listed = median(lambda store, number: len(store.versions("ner")) == versions)
    shown = median(lambda store, number: store.manifest("ner", f"1.{number * 7 % versions}"))
    aliased = median(lambda store, number: store.alias("ner", "production", f"1.{number * 11 % versions}"))
    return {
        "versions": versions,
        "pushes_per_second": round(versions / pushed, 1),
        "list_s": round(listed, 3),
        "show_s": round(shown, 3),
        "alias_s": round(aliased, 3),
    }


def seconds(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
