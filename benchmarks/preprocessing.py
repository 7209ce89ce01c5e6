"""Preprocessing of 2.5 million tokens against `datasets.map(num_proc=2)` doing the same work to a file.

    make bench BENCH=preprocessing

Comparisons, interleaved, nothing cached of what is measured.
`map`: from texts and spans in Arrow, count a vocabulary and encode every text (ids, tags, offsets of the units) to an
Arrow file on the disk. The peer maps a plain Python function, row by row as its documentation shows and in batches of
1,000; the faster one counts.
`columns`, `json`: the same from a file of BMES columns or of JSON lines on. The peer takes the examples of our reader
(which checks them); with JSON lines also those of its own loader, which checks nothing.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.report import command, interleaved, median, say, spread

TOKENS = 2_500_000
TYPES = ("NAME", "ORG", "TITLE", "EDU", "LOC")
TAGS = {f"{letter}-{name}": number for number, (name, letter) in enumerate(product(TYPES, "BMES"), 1)}
READERS: dict[str, dict[str, Any]] = {
    "columns": {"name": "columns", "scheme": "bmes"},
    "json": {"name": "json_lines"},
}
DEMAND = 3.0


def write_corpus(file: Path, tokens: int, seed: int = 1) -> int:
    """Write made-up sentences in BMES columns; gives the number of characters."""
    chance = random.Random(seed)
    names = {number: tag for tag, number in TAGS.items()} | {0: "O"}
    alphabet = [chr(0x4E00 + int(3000 * chance.random() ** 3)) for _ in range(20_000)]
    written = 0
    with open(file, "w", encoding="utf-8") as out:
        while written < tokens:
            length = min(170, max(6, int(chance.gammavariate(2.0, 16.0))))
            spans, place = [], chance.randrange(3)
            while place + 2 < length:
                end = min(length, place + chance.randrange(2, 9))
                spans.append({"start": place, "end": end, "type": chance.choice(TYPES)})
                place = end + chance.randrange(1, 12)
            tags = tags_of(length, spans, TAGS)
            out.writelines(f"{c} {names[tag]}\n" for c, tag in zip(chance.choices(alphabet, k=length), tags))
            out.write("\n")
            written += length
    return written


def tags_of(length: int, spans: Any, ids: dict[str, int]) -> list[int]:
    """BMES tags of a text."""
    tags = [0] * length
    for span in spans:
        start, end, name = span["start"], span["end"], span["type"]
        if end - start == 1:
            tags[start] = ids[f"S-{name}"]
        else:
            tags[start:end] = [ids[f"B-{name}"], *[ids[f"M-{name}"]] * (end - start - 2), ids[f"E-{name}"]]
    return tags


def encode_one(example: dict[str, Any], vocabulary: dict[str, int], tags: dict[str, int]) -> dict[str, Any]:
    """What the peer maps."""
    text = example["text"]
    length = len(text)
    return {
        "ids": [vocabulary.get(character, 1) for character in text],
        "labels": tags_of(length, example["spans"], tags),
        "starts": list(range(length)),
        "ends": list(range(1, length + 1)),
    }


def encode_batch(batch: dict[str, list[Any]], vocabulary: dict[str, int], tags: dict[str, int]) -> dict[str, list[Any]]:
    """The same for a batch."""
    rows = [encode_one({"text": t, "spans": s}, vocabulary, tags) for t, s in zip(batch["text"], batch["spans"])]
    return {name: [row[name] for row in rows] for name in rows[0]}


def write_json_lines(columns: Path, file: Path) -> None:
    """The same corpus in JSON lines."""
    with open(file, "w", encoding="utf-8") as out:
        for example in examples_of(str(columns), "columns"):
            out.write(json.dumps(example, ensure_ascii=False) + "\n")


def examples_of(file: str, form: str) -> Iterator[dict[str, Any]]:
    """The examples that our reader finds."""
    from tengjia.data.rejects import RejectsFile
    from tengjia.registry import readers

    for example in readers.build(READERS[form]).read(Path(file), RejectsFile()):
        yield {"text": example.text, "spans": [span._asdict() for span in example.spans]}


def read_peer(file: Path, form: str, folder: Path) -> Any:
    """The examples as the peer keeps them."""
    import datasets

    return datasets.Dataset.from_generator(
        examples_of, gen_kwargs={"file": str(file), "form": form}, cache_dir=str(folder), fingerprint="benchmark"
    )


def load_peer(file: Path, folder: Path) -> Any:
    """The same from JSON lines by its own loader."""
    import datasets

    return datasets.load_dataset("json", data_files=str(file), cache_dir=str(folder), split="train")


def map_peer(data: Any, folder: Path, *, batched: bool) -> None:
    """Count, and map with two processes."""
    import datasets

    lists = {"ids": "int32", "labels": "int16", "starts": "int32", "ends": "int32"}
    counts: Counter[str] = Counter()
    for batch in data.select_columns("text").iter(1000):
        counts.update("".join(batch["text"]))
    vocabulary = {piece: number for number, (piece, _) in enumerate(counts.most_common(), 2)}
    data.map(
        partial(encode_batch if batched else encode_one, vocabulary=vocabulary, tags=TAGS),
        batched=batched,
        num_proc=2,
        remove_columns=["text", "spans"],
        features=datasets.Features({name: datasets.List(datasets.Value(kind)) for name, kind in lists.items()}),
        cache_file_name=str(folder / "encoded.arrow"),
    )


def prepare_ours(file: Path, form: str, folder: Path) -> None:
    """Whatever the cache in `folder` does not hold."""
    from tengjia.base_tasks.sequence_labeling.encoding import Encoding
    from tengjia.base_tasks.stages.preparation import prepare
    from tengjia.config import Settings
    from tengjia.runs import RunFolder

    values: dict[str, Any] = {
        "dataset_root": str(file.parent),
        "bert_model_root": str(folder),
        "cache_root": str(folder / "cache"),
        "dataset": {"name": "files", "train": [file.name]},
        "reader": READERS[form],
        "tokenizer": {"name": "character"},
        "split": {"development": 0.0, "test": 0.0},
    }
    run = RunFolder.create(folder / "runs", seed=1, app="benchmark", task="preprocessing")
    prepare(Encoding, Settings(values), run)


def candidates(files: dict[str, Path], folder: Path) -> dict[str, Callable[[], None]]:
    """What is timed."""
    kept, columns, lines = folder / "kept", files["columns"], files["json"]
    prepare_ours(columns, "columns", kept)
    data = read_peer(columns, "columns", kept / "peer")

    def map_ours() -> None:
        shutil.rmtree(kept / "cache" / "encoded")
        prepare_ours(columns, "columns", kept)

    def anew(action: Callable[[Path], Any]) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as work:
            action(Path(work))

    def mapped(read: Callable[[Path], Any], batched: bool = True) -> Callable[[], None]:
        return partial(anew, lambda work: map_peer(read(work), work, batched=batched))

    return {
        "map_ours": map_ours,
        "map_datasets": mapped(lambda _: data, batched=False),
        "map_datasets_batched": mapped(lambda _: data),
        "columns_ours": partial(anew, partial(prepare_ours, columns, "columns")),
        "columns_datasets": mapped(partial(read_peer, columns, "columns")),
        "json_ours": partial(anew, partial(prepare_ours, lines, "json")),
        "json_datasets": mapped(partial(read_peer, lines, "json")),
        "json_datasets_own_loader": mapped(partial(load_peer, lines)),
    }


def main() -> dict[str, Any]:
    """Compare, and give the line."""
    import datasets

    datasets.disable_progress_bars()
    rounds = int(dict(argument.split("=", 1) for argument in sys.argv[1:]).get("rounds", 3))
    with tempfile.TemporaryDirectory() as name:
        files = {"columns": Path(name) / "corpus.txt", "json": Path(name) / "corpus.jsonl"}
        tokens = write_corpus(files["columns"], TOKENS)
        write_json_lines(files["columns"], files["json"])
        seconds = interleaved(candidates(files, Path(name)), rounds)
    middle = {name: median(values) for name, values in seconds.items()}
    peers = {
        "map": min(middle["map_datasets"], middle["map_datasets_batched"]),
        "columns": middle["columns_datasets"],
        "json": middle["json_datasets"],
        "json_own_loader": middle["json_datasets_own_loader"],
    }
    return say(
        "preprocessing",
        tokens=tokens,
        seconds=middle,
        spread={name: spread(values) for name, values in seconds.items()},
        ratio={way: round(peer / middle[f"{way.partition('_')[0]}_ours"], 2) for way, peer in peers.items()},
        demand=DEMAND,
        command=command(),
    )


if __name__ == "__main__":
    main()
