"""A small made-up corpus to begin with: orders in which persons, goods and places are marked.

No sentence is taken from anywhere. The same words in the same order every time: (part, language) decides all.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Final

COUNTS: Final = {"train": 240, "development": 40, "test": 60}
"""Part -> number of texts."""

PATTERNS: Final = {
    "en": (
        "Please send {GOODS} to {PERSON} in {PLACE}.",
        "{PERSON} from {PLACE} ordered {GOODS} yesterday.",
        "Where is the {GOODS} that {PERSON} paid for?",
        "The {GOODS} arrived broken in {PLACE}.",
        "{PERSON} would like to change {GOODS} for {GOODS}.",
        "Is {GOODS} sold in {PLACE}?",
        "Call {PERSON} before you drive to {PLACE}.",
        "Nothing has arrived yet, thank you.",
    ),
    "zh": (
        "请把{GOODS}寄给{PLACE}的{PERSON}。",
        "{PERSON}昨天在{PLACE}订了{GOODS}。",
        "{PERSON}付过款的{GOODS}到哪里了？",
        "寄到{PLACE}的{GOODS}摔坏了。",
        "{PERSON}想把{GOODS}换成{GOODS}。",
        "{PLACE}买得到{GOODS}吗？",
        "去{PLACE}之前先给{PERSON}打电话。",
        "还没有收到，谢谢。",
    ),
}

WORDS: Final = {
    "en": {
        "PERSON": ("Anna Berg", "Tom Hale", "Mary Wood", "Li Wei", "Omar Said", "Eva Stone", "Jack Frost", "Rose Hill"),
        "GOODS": ("two teapots", "a green lamp", "the oak table", "six chairs", "a wool blanket", "paper boats"),
        "PLACE": ("Northfield", "Lower Mill", "Greenport", "Wood End", "Stoneham", "East Bridge", "Rosetown"),
    },
    "zh": {
        "PERSON": ("张三", "李小梅", "王安", "欧阳文", "赵青山", "周北", "江苏", "方圆"),
        "GOODS": ("两把茶壶", "绿台灯", "橡木桌", "六张椅子", "羊毛毯", "纸船", "青花碗"),
        "PLACE": ("青山镇", "北桥村", "柳河", "东湖新区", "石门", "江口", "安平"),
    },
}


def sample(part: str, language: str) -> str:
    """A part as CSV: a text and its spans as JSON in each row."""
    chance, output = random.Random(f"{part} {language}"), io.StringIO()
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(["text", "spans"])
    for _ in range(COUNTS[part]):
        rows.writerow(_example(chance, language))
    return output.getvalue()


def _example(chance: random.Random, language: str) -> tuple[str, str]:
    text, spans = "", []
    for piece in re.split(r"(\{\w+\})", chance.choice(PATTERNS[language])):
        name = piece.strip("{}")
        if piece == name:
            text += piece
            continue
        word = chance.choice(WORDS[language][name])
        spans.append([len(text), len(text) + len(word), name])
        text += word
    return text, json.dumps(spans)
