"""What a text is found by: its terms.

`characters`  ideographs and pairs of neighbouring ones; words of other scripts in lower case. Needs no dictionary.
`jieba`       the words that jieba finds.
`words`       words of any script in lower case; a row of ideographs is one word. For languages with spaces.

All see the text in Unicode normal form NFKC, so full width and half width are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final, Literal

from tengjia.text.segmenter import segmenter

TermKind = Literal["characters", "jieba", "words"]
Split = Callable[[str], list[str]]

_IDEOGRAPHS: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Either a row of ideographs, or a row of other letters and digits: `c++` and `c#` keep their signs.
_RUN: Final = re.compile(rf"([{_IDEOGRAPHS}]+)|(?:(?![{_IDEOGRAPHS}])\w)+(?:\+\+|#)?")


def splitter(kind: TermKind) -> Split:
    """The function that gives the terms of a text, in their order, each as often as it occurs."""
    return {"characters": _characters, "jieba": _jieba, "words": _words}[kind]


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _characters(text: str) -> list[str]:
    terms: list[str] = []
    for match in _RUN.finditer(_normal(text)):
        run = match[0]
        if match[1] is None:
            terms.append(run)
            continue
        terms += run
        terms += [run[i : i + 2] for i in range(len(run) - 1)]
    return terms


def _jieba(text: str) -> list[str]:
    terms: list[str] = []
    for match in _RUN.finditer(_normal(text)):
        terms += [match[0]] if match[1] is None else segmenter(()).cut(match[0])
    return terms


def _words(text: str) -> list[str]:
    return [match[0] for match in _RUN.finditer(_normal(text))]
