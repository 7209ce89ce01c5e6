"""Makes `resources/datasets/chat`: known questions with answers, and questions to develop and test with, all made up.

python -m examples.chat_sample.generate

Every topic is asked in six ways (`topics.txt`): three are known to the robot, one serves to choose its threshold, two
to test it. Of the questions without an answer (`unanswered.txt`; many share words with the topics) half serve the one,
half the other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tengjia.utilities.files import write_text
from tengjia.utilities.randomness import generator_for

SEED: Final = 12
HERE: Final = Path(__file__).parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "chat"
KNOWN, DEVELOPMENT = 3, 1

Row = dict[str, str | None]


def topics() -> list[tuple[str, list[str]]]:
    """Answer and questions of each topic."""
    lines = (HERE / "topics.txt").read_text("utf-8").splitlines()[1:]
    blocks = "\n".join(lines).strip().split("\n\n")
    return [(answer, questions) for answer, *questions in (block.split("\n") for block in blocks)]


def parts() -> dict[str, list[Row]]:
    """The rows of each file."""
    found: dict[str, list[Row]] = {"pairs": [], "development": [], "test": []}
    for number, (answer, questions) in enumerate(topics()):
        order = generator_for(SEED, "topic", number).permutation(len(questions)).tolist()
        homes = ["pairs"] * KNOWN + ["development"] * DEVELOPMENT
        for place, chosen in enumerate(order):
            home = homes[place] if place < len(homes) else "test"
            found[home].append({"question": questions[chosen], "answer": answer})
    nowhere = (HERE / "unanswered.txt").read_text("utf-8").splitlines()[1:]
    for place, chosen in enumerate(generator_for(SEED, "unanswered").permutation(len(nowhere)).tolist()):
        found["development" if place % 2 else "test"].append({"question": nowhere[chosen], "answer": None})
    for home, rows in found.items():
        order = generator_for(SEED, "order", home).permutation(len(rows)).tolist()
        found[home] = [rows[place] for place in order]
    return found


if __name__ == "__main__":
    for name, rows in parts().items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        write_text(FOLDER / f"{name}.jsonl", lines)
