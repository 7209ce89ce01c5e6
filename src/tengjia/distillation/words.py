"""Texts as words with their parts of speech, and the words of a corpus by part of speech.

Chinese is cut and tagged by jieba. For other languages there is no tagger here: words that look alike stand for words
of one part of speech (`-ing`, `-ly`, digits, ...), and the small words that hold a sentence together stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy

from tengjia.text.pieces import encodable
from tengjia.text.segmenter import segmenter

_HANZI: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PARTS: Final = re.compile(r"\w+(?:['’\-]\w+)*|\s+|[^\w\s]")
_DIGITS: Final = re.compile(r"\d")
_ENDINGS: Final = ("ing", "ed", "ly", "tion", "ment", "ness", "ity", "able", "ful", "er", "est", "s")
_SMALL_WORDS: Final = (
    "a an the and or but nor so if than then that this these those there here of to in on at by for from with without"
    " into onto over under about as is am are was were be been being do does did done have has had will would shall"
    " should can could may might must not no yes i you he she it we they me him her us them my your his its our their"
    " mine yours what which who whom whose when where why how all any some each every both either neither"
)
_SMALL: Final = frozenset(_SMALL_WORDS.split())
FIXED: Final = ""
"""The part of speech of what is never replaced: small words, signs."""


class Word(NamedTuple):
    """A stretch of a text."""

    text: str
    tag: str | None
    """Part of speech; `None` for blanks."""


def words_of(text: str) -> list[Word]:
    """A text cut in words, blanks and signs; joined they are the text (lone surrogates replaced)."""
    text = encodable(text)
    if _HANZI.search(text):
        return [Word(word, _tag_of(word, tag)) for word, tag in segmenter(()).tag(text, True)]
    return [Word(found.group(), _shape(found.group())) for found in _PARTS.finditer(text)]


def _tag_of(word: str, tag: str) -> str | None:
    return None if word.isspace() else FIXED if tag in {"x", "w"} else tag


def _shape(word: str) -> str | None:
    """What stands for the part of speech of a word that no tagger looks at."""
    if word.isspace():
        return None
    if _DIGITS.search(word):
        return "number"
    small = word.lower()
    if not word[0].isalnum() or small in _SMALL:
        return FIXED
    ending = next((one for one in _ENDINGS if small.endswith(one) and len(small) > len(one) + 2), "")
    return f"word-{ending}"


@dataclass(frozen=True)
class WordPools:
    """The words of a corpus by part of speech, drawn as often as they occur."""

    words: dict[str, tuple[str, ...]]
    shares: dict[str, numpy.ndarray]
    """Of each part of speech the shares of its words, added up."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordPools:
        """The pools of a corpus; the order of its texts changes nothing."""
        counts: dict[str, Counter[str]] = {}
        for text in texts:
            for word, tag in words_of(text):
                if tag:
                    counts.setdefault(tag, Counter())[word] += 1
        words = {tag: tuple(sorted(found)) for tag, found in sorted(counts.items())}
        totals = {tag: numpy.cumsum([counts[tag][word] for word in known]) for tag, known in words.items()}
        return cls(words, {tag: total / total[-1] for tag, total in totals.items()})

    def draw(self, tag: str, chance: float) -> str:
        """A word of a part of speech.

        Args:
            tag: One that the corpus has.
            chance: From 0 to below 1.
        """
        place = int(numpy.searchsorted(self.shares[tag], chance, side="right"))
        return self.words[tag][min(place, len(self.words[tag]) - 1)]
