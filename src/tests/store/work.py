"""What the processes of the survival tests do; imports little, so that many of them start quickly."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from pathlib import Path

from tengjia.errors import StoreError
from tengjia.store import PlacedStore, Store
from tengjia.store.place import open_place


def content_of(name: str) -> bytes:
    """What a version of this name holds, however often it is made."""
    return random.Random(name).randbytes(3000)


def make_files(folder: Path, name: str) -> Path:
    """A small version: one file of its own, one that all share, and one that every fifth shares."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "own.bin").write_bytes(content_of(name))
    (folder / "all.bin").write_bytes(content_of("all"))
    (folder / "some.bin").write_bytes(content_of(f"some {len(name)}"))
    os.utime(folder / "own.bin", (1, 1))
    os.utime(folder / "all.bin", (1, 1))
    os.utime(folder / "some.bin", (1, 1))
    return folder


def push_many(store: str, folder: str, writer: int, count: int) -> None:
    """Push `count` versions, and note in a journal each that was accepted; goes on where a killed writer stopped."""
    journal = Path(folder, f"{writer}.accepted")
    done = len(journal.read_text("ascii").splitlines()) if journal.exists() else 0
    mine = Store.open(store)
    with open(journal, "a", encoding="ascii") as accepted:
        for number in range(done, count):
            name = f"{writer}.{number}"
            mine.push("ner", name, make_files(Path(folder, str(writer)), name))
            mine.push("ner", "shared", make_files(Path(folder, str(writer)), f"shared {name}"))
            accepted.write(f"{name}\n")
            accepted.flush()


def write_and_remove(store: str, folder: str, writer: int, seed: int) -> None:
    """Push versions, some with contents that were garbage before; move an alias, remove old versions: until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    source = random.Random(f"writer {seed} {writer}")
    mine = Store.open(store)
    model = f"model{writer % 2}"
    for number in range(1_000_000):
        name = f"{writer}.{number}"
        mine.push(model, name, make_files(Path(folder, str(writer)), f"content {source.randrange(200)}"))
        mine.alias(model, f"newest{writer}", name)
        if number >= 3:
            mine.remove(model, f"{writer}.{number - 3}")
        time.sleep(source.uniform(0, 0.05))


def read_all_the_time(store: str, folder: str, reader: int, seed: int) -> None:
    """Pull versions by alias: every one is whole. What is wrong is written down."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    source = random.Random(f"reader {seed} {reader}")
    mine = Store.open(store)
    while True:
        model = f"model{source.randrange(2)}"
        try:
            mine.pull(model, f"newest{source.randrange(4)}", Path(folder, f"out{reader}"), replace=True)
            with open(Path(folder, f"reads{reader}"), "ab") as reads:
                reads.write(b".")  # a byte more: who is ended here leaves the count of before
        except StoreError as error:
            if error.code not in {"store.no_version", "store.no_model"}:
                with open(Path(folder, "failures"), "a", encoding="utf-8") as file:
                    file.write(f"{error}\n")


def collect_rounds(store: str, folder: str, rounds: int) -> None:
    """Sweep again and again; afterwards tell how much was taken."""
    mine = PlacedStore(open_place(store))
    counts = {"trashed": 0, "restored": 0, "freed": 0}
    for _ in range(rounds):
        found = mine.gc()
        for name in counts:
            counts[name] += len(getattr(found, name))
    Path(folder, "counts.json").write_text(json.dumps(counts), "ascii")
