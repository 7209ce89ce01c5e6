"""A small made-up corpus to begin with: orders in which persons, goods and places are marked, or pairs of orders.

No sentence is taken from anywhere. The same words in the same order every time: (part, language) decides all.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
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

INTENTS: Final = ("deliver", "order", "track", "complain", "change", "ask", "call", "other")
"""What each of the patterns wants."""

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


def sample(part: str, language: str, base: str = "sequence_labeling") -> str:
    """A part as CSV.

    Args:
        part: `train`, `development` or `test`.
        language: `en` or `zh`.
        base: The base task that it is for: a text and its spans as JSON in each row, perhaps with what it wants; two
            texts and how well they fit; a text and what is to be written for it.
    """
    chance, output = random.Random(f"{part} {language}"), io.StringIO()
    header, row = ROWS[base]
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(header)
    for _ in range(COUNTS[part]):
        rows.writerow(row(chance, language))
    return output.getvalue()


def _example(chance: random.Random, language: str) -> tuple[str, str]:
    return _filled(chance.choice(PATTERNS[language]), chance, language)


def _request(chance: random.Random, language: str) -> tuple[str, str, str]:
    """An order, what it wants, and its spans; where nothing is wanted nothing is marked."""
    number = chance.choice(range(len(INTENTS)))
    text, spans = _filled(PATTERNS[language][number], chance, language)
    return text, INTENTS[number], spans


def _wanting(chance: random.Random, language: str) -> tuple[str, str]:
    """An order, and what it wants."""
    text, wish, _ = _request(chance, language)
    return text, wish


def _filled(pattern: str, chance: random.Random, language: str) -> tuple[str, str]:
    text, spans = "", []
    for piece in re.split(r"(\{\w+\})", pattern):
        name = piece.strip("{}")
        if piece == name:
            text += piece
            continue
        word = chance.choice(WORDS[language][name])
        spans.append([len(text), len(text) + len(word), name])
        text += word
    return text, json.dumps(spans)


def _pair(chance: random.Random, language: str) -> tuple[str, str, str]:
    """Two orders, and the share of the persons, goods and places of both that they have in common."""
    (first, marked), (second, others) = _example(chance, language), _example(chance, language)
    if chance.random() < 0.5:  # by chance alone hardly two would have anything in common
        for start, end, name in reversed(json.loads(others)):
            same = [first[a:b] for a, b, kind in json.loads(marked) if kind == name]
            second = second[:start] + (chance.choice(same) if same else second[start:end]) + second[end:]
    words = [word for kind in WORDS[language].values() for word in kind]
    ours, theirs = ({word for word in words if word in text} for text in (first, second))
    return first, second, f"{len(ours & theirs) / max(1, len(ours | theirs)):.2f}"


def _translated(chance: random.Random, language: str) -> tuple[str, str]:
    """An order, and the same in the other of the two languages; names change with those at their place in the list."""
    number, other = chance.randrange(len(PATTERNS[language])), "zh" if language == "en" else "en"
    text, written = PATTERNS[language][number], PATTERNS[other][number]
    for name, words in WORDS[language].items():
        chosen = chance.sample(range(min(len(words), len(WORDS[other][name]))), 2)
        for place in chosen[: text.count(f"{{{name}}}")]:
            text = text.replace(f"{{{name}}}", words[place], 1)
            written = written.replace(f"{{{name}}}", WORDS[other][name][place], 1)
    return text, written


ROWS: Final[dict[str, tuple[tuple[str, ...], Callable[[random.Random, str], tuple[str, ...]]]]] = {
    "sequence_labeling": (("text", "spans"), _example),
    "text_classification": (("text", "label"), _wanting),
    "joint_intent_slot": (("text", "label", "spans"), _request),
    "text_matching": (("text", "second", "score"), _pair),
    "sequence_to_sequence": (("text", "target"), _translated),
}
"""Base task -> columns, and what makes a row."""
