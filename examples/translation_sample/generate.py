"""Writes the sample of `task=translation`: `python -m examples.translation_sample.generate`.

The same bytes every time. No sentence stands twice, in either language; most persons of the test part have names that
stand nowhere else, made of characters that do.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Final

from examples.translation_sample.grammar import PATTERNS, Pair

FOLDER: Final = Path(__file__).parents[2] / "resources" / "datasets" / "translation"
SIZES: Final = {"train": 4000, "development": 300, "test": 400}
SEED: Final = 20


def sentences(seed: int) -> dict[str, list[Pair]]:
    """The pairs of each part."""
    random = Random(seed)
    weights, patterns = zip(*PATTERNS, strict=True)
    seen: set[str] = set()
    drawn: list[Pair] = []
    while len(drawn) < sum(SIZES.values()):
        pattern = random.choices(patterns, weights)[0]
        chinese, english = pattern(random)
        if chinese not in seen and english not in seen:
            seen |= {chinese, english}
            drawn.append((chinese, english))
    parts, first = {}, 0
    for part, size in SIZES.items():
        parts[part] = drawn[first : first + size]
        first += size
    return parts


def generate(folder: Path) -> None:
    """Write a table of each part."""
    folder.mkdir(parents=True, exist_ok=True)
    for part, pairs in sentences(SEED).items():
        lines = ["text\ttarget", *(f"{chinese}\t{english}" for chinese, english in pairs)]
        (folder / f"{part}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
