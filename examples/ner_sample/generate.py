"""Write the sample corpus of `task=ner` anew: synthetic résumé sentences, the same bytes on every machine.

    python -m examples.ner_sample.generate [--folder resources/datasets/ner]

Sentences are drawn from the patterns and words beside this file. Lists marked `+` there are kept from the training
part. Sentence N of a part depends on (seed, part, N) only, through `random.random()`, whose sequence Python guarantees.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "ner"
SEED: Final = 20260101
SIZES: Final = {"train": 3000, "development": 400, "test": 500}
UNSEEN_WORD: Final = 0.2
"""How often a list with unseen words gives one of them (development and test)."""
UNSEEN_PATTERN: Final = 0.15
"""How often a pattern that training never saw is taken, where there is one (development and test)."""

_ALTERNATIVES: Final = re.compile(r"\(([^()]*\|[^()]*)\)")
_PLACE: Final = re.compile(r"\{(\w+)\}|<([\w.]+)>")

Piece = tuple[str, str | None]
"""Text, and the type of the entity that it is (`None`: none)."""


class Choices(NamedTuple):
    """A list of the grammar: what training may use, and what it never sees."""

    known: list[str]
    unseen: list[str]


def read_lists(file: Path, *, words: bool) -> dict[str, Choices]:
    """The lists of a grammar file.

    Args:
        file: `words.txt` or `patterns.txt`.
        words: Whether items stand between blanks; else one stands on each line.
    """
    lists: dict[str, Choices] = {}
    items: list[str] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            name, _, unseen = line[1:-1].partition(" ")
            choices = lists.setdefault(name, Choices([], []))
            items = choices.unseen if unseen else choices.known
        elif line.strip() and not line.startswith("#"):
            items.extend(line.split() if words else [line])
    return lists


class Writer:
    """Draws sentences from the grammar.

    Args:
        words: Lists of `words.txt`.
        patterns: Lists of `patterns.txt`.
        rng: Where chance comes from; only its `random()` is used.
        unseen: Whether words and patterns that training never sees may be taken.
    """

    def __init__(
        self, words: dict[str, Choices], patterns: dict[str, Choices], rng: random.Random, unseen: bool
    ) -> None:
        self.words, self.patterns, self.rng, self.unseen = words, patterns, rng, unseen
        self._years: list[str] = []

    def sentence(self) -> list[Piece]:
        """One sentence, as pieces."""
        template = self._resolved(self._pattern("SENTENCE"))
        # Years of one sentence go up: nobody leaves before having come.
        self._years = sorted(self._word("later") for _ in range(template.count("{later}")))
        pieces: list[Piece] = []
        end = 0
        for place in _PLACE.finditer(template):
            pieces.append((template[end : place.start()], None))
            word, entity = place.groups()
            if word == "later":
                pieces.append((self._years.pop(0), None))
            elif word:
                pieces.append((self._word(word), None))
            else:
                pieces.append((self._flat(self._pattern(entity)), entity.partition(".")[0]))
            end = place.end()
        pieces.append((template[end:], None))
        return [piece for piece in pieces if piece[0]]

    def _flat(self, pattern: str) -> str:
        return _PLACE.sub(lambda place: self._word(place.group(1)), self._resolved(pattern))

    def _resolved(self, pattern: str) -> str:
        return _ALTERNATIVES.sub(lambda found: self._one_of(found.group(1).split("|")), pattern)

    def _word(self, name: str) -> str:
        return self._choice(self.words[name], UNSEEN_WORD)

    def _pattern(self, name: str) -> str:
        return self._choice(self.patterns[name], UNSEEN_PATTERN)

    def _choice(self, choices: Choices, chance: float) -> str:
        novel = self.rng.random() < chance and self.unseen and choices.unseen
        return self._one_of(choices.unseen if novel else choices.known)

    def _one_of(self, items: list[str]) -> str:
        return items[int(self.rng.random() * len(items))]


def sentences(part: str, size: int, written: set[str], names: set[str]) -> Iterator[list[Piece]]:
    """The sentences of a part, none of which stands in `written`.

    Args:
        part: `train`, `development` or `test`.
        size: How many.
        written: Texts of the parts before; grows.
        names: Persons of the parts before. Later parts repeat only those that are also names of places.
    """
    words = read_lists(HERE / "words.txt", words=True)
    patterns = read_lists(HERE / "patterns.txt", words=False)
    reusable = set(words["place_name"].known)
    number = found = 0
    new_names: set[str] = set()
    while found < size:
        rng = random.Random(f"{SEED} {part} {number}")
        number += 1
        pieces = Writer(words, patterns, rng, part != "train").sentence()
        text = "".join(piece for piece, _ in pieces)
        persons = {piece for piece, kind in pieces if kind == "NAME"}
        if text in written or persons & names - reusable:
            continue
        written.add(text)
        new_names |= persons
        found += 1
        yield pieces
    names |= new_names


def columns(pieces: list[Piece]) -> str:
    """A sentence as lines `character tag` (BMES), ended by an empty line."""
    lines = []
    for text, kind in pieces:
        for place, character in enumerate(text):
            letter = "S" if len(text) == 1 else "B" if place == 0 else "E" if place == len(text) - 1 else "M"
            lines.append(f"{character} {letter}-{kind}\n" if kind else f"{character} O\n")
    return "".join(lines) + "\n"


def generate(folder: Path) -> None:
    """Write `train.txt`, `development.txt` and `test.txt` to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    names: set[str] = set()
    for part, size in SIZES.items():
        text = "".join(map(columns, sentences(part, size, written, names)))
        (folder / f"{part}.txt").write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the synthetic NER sample anew.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: %(default)s)")
    generate(parser.parse_args().folder)
