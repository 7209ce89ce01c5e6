"""Makes `resources/datasets/intent`: requests to the assistant of a recruiting site, with intents and slots, made up.

python -m examples.intent_sample.generate

Sentences are filled in by chance from `patterns.txt` and `words.txt`, with something polite before or behind. A part of
the patterns and words occurs in the training part never, and one in three sentences of the other parts is of such: who
only learns them by heart fails there. `outside.txt` holds what is no request of this kind; its words look like slots.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.utilities.files import write_text
from tengjia.utilities.randomness import generator_for

SEED: Final = 13
HERE: Final = Path(__file__).parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "intent"
OUTSIDE: Final = "out_of_scope"
SIZES: Final = {"train": 1400, "development": 300, "test": 400}
OUTSIDE_SHARE: Final = 0.15
BEFORE: Final = ("", "", "", "", "你好，", "请问", "麻烦你，", "那个，", "帮个忙，", "在吗，")
BEHIND: Final = ("", "", "", "", "", "？", "，谢谢", "，急", "。", "呀", "，行吗")
_PLACE: Final = re.compile(r"\{(\w+)\}")

Row = dict[str, Any]


def lines_of(name: str) -> list[str]:
    """The lines of a file, without the comment."""
    return (HERE / name).read_text("utf-8").splitlines()[1:]


def patterns() -> dict[str, list[str]]:
    """Intent -> its sentences."""
    blocks = "\n".join(lines_of("patterns.txt")).strip().split("\n\n")
    found = {block.split("\n")[0]: block.split("\n")[1:] for block in blocks}
    return {**found, OUTSIDE: lines_of("outside.txt")}


def words() -> dict[str, list[str]]:
    """Slot -> its words."""
    return {line.split()[0]: line.split()[1:] for line in lines_of("words.txt")}


def known(values: list[str], share: float) -> list[str]:
    """Those that may occur in training."""
    return values[: round(len(values) * share)]


class Maker:
    """Makes sentences.

    Args:
        part: Of which part of the data; training sentences are made of what is known.
    """

    def __init__(self, part: str) -> None:
        self.part, self.words, self.patterns = part, words(), patterns()

    def row(self, number: int) -> Row:
        """The sentence of a number."""
        draw = generator_for(SEED, self.part, number)
        names = sorted(set(self.patterns) - {OUTSIDE})
        intent = OUTSIDE if draw.random() < OUTSIDE_SHARE else names[int(draw.integers(len(names)))]
        pattern = self._pattern(intent, draw)
        before, behind = (one[int(draw.integers(len(one)))] for one in (BEFORE, BEHIND))
        text, spans = self._filled(pattern, draw, before)
        return {"text": text + behind, "label": intent, "spans": [] if intent == OUTSIDE else spans}

    def _pattern(self, intent: str, draw: numpy.random.Generator) -> str:
        every = self.patterns[intent]
        seen = known(every, 0.6 if intent == OUTSIDE else 0.75)
        new = every[len(seen) :]
        chosen = seen if self.part == "train" or draw.random() < 0.67 else new
        if self.part != "train":  # development and test share no unseen pattern
            chosen = [one for place, one in enumerate(chosen) if chosen is seen or place % 2 == (self.part == "test")]
        return chosen[int(draw.integers(len(chosen)))]

    def _filled(self, pattern: str, draw: numpy.random.Generator, before: str) -> tuple[str, list[Row]]:
        text, spans, place = before, [], 0
        for match in _PLACE.finditer(pattern):
            text += pattern[place : match.start()]
            values = self.words[match[1]]
            values = known(values, 0.67) if self.part == "train" else values
            word = values[int(draw.integers(len(values)))]
            spans.append({"start": len(text), "end": len(text) + len(word), "type": match[1]})
            text, place = text + word, match.end()
        return text + pattern[place:], spans


def rows(part: str) -> list[Row]:
    """The sentences of a part, each once; none that stands in a part before it."""
    maker = Maker(part)
    before = list(SIZES)[: list(SIZES).index(part)]
    seen = {row["text"] for other in before for row in rows(other)}
    found: list[Row] = []
    number = 0
    while len(found) < SIZES[part]:
        row = maker.row(number)
        number += 1
        if row["text"] not in seen:
            seen.add(row["text"])
            found.append(row)
    return found


if __name__ == "__main__":
    for part in SIZES:
        write_text(FOLDER / f"{part}.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(part)))
