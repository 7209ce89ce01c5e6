"""Write the sample corpus of `task=text_classification` anew: lines of made-up résumés, the same bytes everywhere.

    python -m examples.classification_sample.generate [--folder resources/datasets/text_classification]

Lines are drawn from the patterns and words beside this file, and from the words of the NER sample. Lists marked `+`
there are kept from the training part. Line N of a part depends on (seed, part, N) only, through `random.random()`,
whose sequence Python guarantees.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examples.ner_sample.generate import HERE as NER
from examples.ner_sample.generate import Choices, read_lists

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "text_classification"
SEED: Final = 20261121
SIZES: Final = {"train": 2400, "development": 400, "test": 500}
UNSEEN_WORD: Final = 0.2
"""How often a list with unseen words gives one of them (development and test)."""
UNSEEN_PATTERN: Final = 0.12
"""How often a pattern that training never saw is taken (development and test)."""
AMBIGUOUS: Final = 0.08
"""How often a pattern is taken that stands in two sections, where there is one."""
BULLETED: Final = 0.15
"""How often a line begins with a bullet or a number."""
BULLETS: Final = ("1、", "2、", "3. ", "• ", "- ", "（1）")

_ALTERNATIVES: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_PLACE: Final = re.compile(r"\{(\w+)\}")
_MARK: Final = re.compile(r"\[(\w+)(?: ([+=]))?\]")


def read_patterns() -> dict[str, dict[str, list[str]]]:
    """Section -> its patterns: the usual ones (`""`), those training never sees (`"+"`), the ambiguous ones (`"="`)."""
    sections: dict[str, dict[str, list[str]]] = {}
    items: list[str] = []
    for line in (HERE / "patterns.txt").read_text("utf-8").splitlines():
        if mark := _MARK.fullmatch(line):
            items = sections.setdefault(mark[1], {}).setdefault(mark[2] or "", [])
        elif line.strip() and not line.startswith("#"):
            items.append(line)
    return sections


class Writer:
    """Draws lines from the grammar.

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

    def line(self) -> tuple[str, str]:
        """One line, and the section that it stands in."""
        section = self._one_of(list(self.patterns))
        pattern = _ALTERNATIVES.sub(lambda found: self._one_of(found[1].split("|")), self._pattern(section))
        # Years of one line go up: nobody leaves before having come.
        years = sorted(self._word("later") for _ in range(pattern.count("{later}")))
        text = _PLACE.sub(lambda place: years.pop(0) if place[1] == "later" else self._word(place[1]), pattern)
        return (self._one_of(list(BULLETS)) if self.rng.random() < BULLETED else "") + text, section

    def _pattern(self, section: str) -> str:
        kinds, chance = self.patterns[section], self.rng.random()
        if chance < AMBIGUOUS:
            return self._one_of(kinds["="])
        return self._one_of(kinds["+" if self.unseen and chance < AMBIGUOUS + UNSEEN_PATTERN else ""])

    def _word(self, name: str) -> str:
        known, unseen = self.words[name]
        novel = self.rng.random() < UNSEEN_WORD and self.unseen and unseen
        return self._one_of(unseen if novel else known)

    def _one_of(self, items: list[str]) -> str:
        return items[int(self.rng.random() * len(items))]


def lines(part: str, size: int, written: set[str]) -> Iterator[tuple[str, str]]:
    """The lines of a part with their sections; none of them stands in `written`, which grows."""
    words = read_lists(NER / "words.txt", words=True) | read_lists(HERE / "words.txt", words=True)
    patterns = read_patterns()
    number = found = 0
    while found < size:
        text, section = Writer(words, patterns, random.Random(f"{SEED} {part} {number}"), part != "train").line()
        number += 1
        if text in written:
            continue
        written.add(text)
        found += 1
        yield text, section


def generate(folder: Path) -> None:
    """Write `train.tsv`, `development.tsv` and `test.tsv` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for part, size in SIZES.items():
        rows = (f"{text}\t{section}\n" for text, section in lines(part, size, written))
        (folder / f"{part}.tsv").write_bytes(("text\tlabel\n" + "".join(rows)).encode("utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the synthetic sample of résumé lines anew.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: %(default)s)")
    generate(parser.parse_args().folder)
