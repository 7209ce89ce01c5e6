"""Write the sample corpus of `task=answer_grade` anew: graded answers with their points, the same bytes everywhere.

    python -m examples.answer_grade_sample.generate [--folder resources/datasets/answer_grade]

An answer makes some points of the reference, in other words (`questions.txt` beside this file), misses others or gets
them wrong. Answer N of a part depends on (seed, part, N) only, through `random.random()`, whose sequence Python
guarantees.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "answer_grade"
SEED: Final = 20261121
SIZES: Final = {"train": 500, "development": 100, "test": 200}
UNSEEN_WORDING: Final = 0.3
"""How often a wording that training never has is taken in the later parts."""
UNSEEN_QUESTION: Final = 0.25
"""How often a question that training never has is asked in the test part."""
BEGINNINGS: Final = ["", "我觉得", "我的理解是，", "应该", "书上说，", "简单说就是"]
JOINTS: Final = ["；", "，", "。", "，另外", "；还有，", "，并且", "。其次，"]
EMPTY_TALK: Final = ["这个问题很重要", "要具体情况具体分析", "老师上课讲过", "总之要重视起来", "以上是我的看法"]


@dataclass
class Point:
    """One thing that a good answer says."""

    text: str
    right: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass
class Question:
    """A question with the points of its reference answer."""

    text: str
    new: bool
    points: list[Point] = field(default_factory=list)

    @property
    def reference(self) -> str:
        """The reference answer."""
        return "；".join(point.text for point in self.points) + "。"


def read_questions(file: Path) -> list[Question]:
    """The questions of a file."""
    found: list[Question] = []
    for line in file.read_text("utf-8").splitlines():
        sign, _, said = line.partition(" ")
        if sign in ("=", "=?"):
            found.append(Question(said, sign == "=?"))
        elif sign == "*":
            found[-1].points.append(Point(said))
        elif sign in ("~", "+", "!"):
            lists = {"~": "right", "+": "unseen", "!": "wrong"}
            getattr(found[-1].points[-1], lists[sign]).extend(said.split(" | "))
    return found


class Writer:
    """Writes one answer.

    Args:
        questions: All questions.
        rng: Where chance comes from; only its `random()` is used.
        part: `train`, `development` or `test`.
    """

    def __init__(self, questions: list[Question], rng: random.Random, part: str) -> None:
        self.rng, self.part = rng, part
        new = part == "test" and rng.random() < UNSEEN_QUESTION
        self.question = self._one_of([question for question in questions if question.new == new])

    def row(self) -> dict[str, Any]:
        """The answer with its score and its points."""
        able, said, points, wrong = self.rng.random(), [], [], 0
        for point in self.question.points:
            met = self.rng.random() < 0.15 + 0.75 * able
            points.append({"text": point.text, "met": met})
            if met:
                said.append(self._wording(point))
            elif self.rng.random() < 0.4:
                said.append(self._one_of(point.wrong))
                wrong += 1
        if self.rng.random() < 0.25 or not said:
            said.append(self._one_of(EMPTY_TALK))
        score = 10 * sum(point["met"] for point in points) / len(points) - 0.5 * wrong
        score += (-0.5, 0.0, 0.0, 0.5)[int(self.rng.random() * 4)]  # no grader is always the same
        return {
            "question": self.question.text,
            "reference": self.question.reference,
            "answer": self._joined(said),
            "score": min(10.0, max(0.0, round(2 * score) / 2)),
            "points": points,
        }

    def _wording(self, point: Point) -> str:
        if self.part != "train" and self.rng.random() < UNSEEN_WORDING:
            return self._one_of(point.unseen)
        if self.rng.random() < 0.15:
            return point.text
        return self._one_of(point.right)

    def _joined(self, said: list[str]) -> str:
        left, text = list(said), self._one_of(BEGINNINGS)
        while left:
            text += left.pop(int(self.rng.random() * len(left)))
            text += self._one_of(JOINTS) if left else "。"
        return text

    def _one_of(self, items: list[Any]) -> Any:
        return items[int(self.rng.random() * len(items))]


def rows(part: str, written: set[str]) -> Iterator[dict[str, Any]]:
    """The answers of a part, none of which stands in `written`, which grows."""
    questions = read_questions(HERE / "questions.txt")
    number = found = 0
    while found < SIZES[part]:
        row = Writer(questions, random.Random(f"{SEED} {part} {number}"), part).row()
        number += 1
        if row["answer"] not in written:
            written.add(row["answer"])
            found += 1
            yield row


def main() -> None:
    """Write the three files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for part in SIZES:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows(part, written))
        (folder / f"{part}.jsonl").write_text("".join(lines), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
