"""Write the sample corpus of `task=model_distilling` anew: questions to a recruiter, the same bytes everywhere.

    python -m examples.distillation_sample.generate [--folder resources/datasets/model_distilling]

Questions are drawn from the patterns and words beside this file. Lists marked `+` are kept from the training part.
Question N of a part depends on (seed, part, N) only, through `random.random()`, whose sequence Python guarantees.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examples.ner_sample.generate import Choices, read_lists

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "model_distilling"
SEED: Final = 20261122
SIZES: Final = {"train": 1200, "development": 400, "test": 600}
UNSEEN_WORD: Final = 0.3
"""How often a list with unseen words gives one of them (development and test)."""
UNSEEN_PATTERN: Final = 0.15
"""How often a pattern that training never saw is taken (development and test)."""
AMBIGUOUS: Final = 0.06
"""How often a pattern is taken that stands in two kinds."""
GREETED: Final = 0.45
"""How often a question begins with a greeting."""

_ALTERNATIVES: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_PLACE: Final = re.compile(r"\{(\w+)\}")
_SIGNS: Final = re.compile(r"\W")
_MARK: Final = re.compile(r"\[(\w+)(?: ([+=]))?\]")


def read_patterns() -> dict[str, dict[str, list[str]]]:
    """Kind -> its patterns: the usual ones (`""`), those training never sees (`"+"`), the ambiguous ones (`"="`)."""
    kinds: dict[str, dict[str, list[str]]] = {}
    items: list[str] = []
    for line in (HERE / "patterns.txt").read_text("utf-8").splitlines():
        if mark := _MARK.fullmatch(line):
            items = kinds.setdefault(mark[1], {}).setdefault(mark[2] or "", [])
        elif line.strip() and not line.startswith("#"):
            items.append(line)
    return kinds


class Writer:
    """Draws questions from the grammar.

    Args:
        words: The lists of words.
        patterns: As `read_patterns` gives them.
        rng: Where chance comes from; only its `random()` is used.
        unseen: Whether words and patterns that training never sees may be taken.
    """

    def __init__(
        self, words: dict[str, Choices], patterns: dict[str, dict[str, list[str]]], rng: random.Random, unseen: bool
    ) -> None:
        self.words, self.patterns, self.rng, self.unseen = words, patterns, rng, unseen

    def question(self) -> tuple[str, str]:
        """One question, and its kind."""
        kind = self._one_of(list(self.patterns))
        text = self._pattern(kind)
        while _ALTERNATIVES.search(text):
            text = _ALTERNATIVES.sub(lambda found: self._one_of(found[1].split("|")), text)
        text = _PLACE.sub(lambda place: self._word(place[1]), text)
        greeting = self._word("greeting") if self.rng.random() < GREETED else ""
        ending = self._word("ending")
        if text.endswith(("吗", "么", "呢")):
            ending = ending.removeprefix("呢").removeprefix("呀")
        return greeting + text + ending, kind

    def _pattern(self, kind: str) -> str:
        patterns, chance = self.patterns[kind], self.rng.random()
        if chance < AMBIGUOUS:
            return self._one_of(patterns["="])
        return self._one_of(patterns["+" if self.unseen and chance < AMBIGUOUS + UNSEEN_PATTERN else ""])

    def _word(self, name: str) -> str:
        known, unseen = self.words[name]
        novel = self.rng.random() < UNSEEN_WORD and self.unseen and unseen
        return self._one_of(unseen if novel else known)

    def _one_of(self, items: list[str]) -> str:
        return items[int(self.rng.random() * len(items))]


def questions(part: str, size: int, written: set[str]) -> Iterator[tuple[str, str]]:
    """The questions of a part with their kinds; none of them stands in `written`, which grows,
    not even with other signs."""
    words, patterns = read_lists(HERE / "words.txt", words=True), read_patterns()
    number = found = 0
    while found < size:
        text, kind = Writer(words, patterns, random.Random(f"{SEED} {part} {number}"), part != "train").question()
        number += 1
        said = _SIGNS.sub("", text)
        if said in written:
            continue
        written.add(said)
        found += 1
        yield text, kind


def generate(folder: Path) -> None:
    """Write `train.tsv`, `development.tsv` and `test.tsv` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for part, size in SIZES.items():
        rows = (f"{text}\t{kind}\n" for text, kind in questions(part, size, written))
        (folder / f"{part}.tsv").write_bytes(("text\tlabel\n" + "".join(rows)).encode("utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the synthetic sample of questions to a recruiter anew.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: %(default)s)")
    generate(parser.parse_args().folder)
