"""Cleans texts by config before anything else is done to them; offsets lead back to the original.

The steps, each off by default, run in the order of the fields of `Config`; what an earlier step puts in, a later one
may take out again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tengjia.contracts import Rejects
from tengjia.data.editing import Edited
from tengjia.data.example import Example
from tengjia.errors import ConfigurationError

# Latin with its accents, full-width Latin, Greek: what Chinese texts write foreign words in.
_LETTER: Final = "A-Za-zÀ-ÖØ-öø-ɏͰ-ͽͿ-Ͽἀ-῿Ａ-Ｚａ-ｚ"
_WORD: Final = re.compile(rf"[{_LETTER}]+(?:['’\-][{_LETTER}]+)*")
_NUMBER: Final = re.compile(r"\d+(?:[.,．，]\d+)*")
_ASCII_PUNCTUATION: Final = re.compile(r"[!-/:-@\[-`{-~]+")
# CJK ideographs with their extensions, iteration mark and zero.
_HANZI: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇"
_OTHER: Final = re.compile(rf"[^{_HANZI}{_LETTER}\d\s]+")
_DOTTED: Final = re.compile("İ")
_OUTER_BLANKS: Final = re.compile(r"\A\s+|\s+\Z")
_INNER_BLANKS: Final = re.compile(r"\s{2,}|[^\S ]")

Step = Callable[[Edited], Edited]


class Cleaning:
    """The cleaning that a config describes. With the defaults, texts stay exactly as they are.

    Raises:
        ConfigurationError: A replacement is not a regular expression.
    """

    @dataclass(frozen=True)
    class Config:
        replacements: dict[str, str] | None = None
        """Regular expressions and what to write instead (`\\1` for a group), applied one after the other."""
        foreign_words: str | None = None
        """What to write instead of each word in Latin or Greek letters; an empty text removes them."""
        numbers: str | None = None
        """What to write instead of each number, single digits and decimals included; an empty text removes them."""
        remove_ascii_punctuation: bool = False
        """Remove `!"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~`."""
        remove_chinese_punctuation: bool = False
        """Remove all other punctuation: `，。！？、；：「」《》（）……——` and their like in Unicode."""
        remove_others: bool = False
        """Remove all but Chinese characters, Latin and Greek letters, digits and blanks."""
        lower_case: bool = False
        """Write letters small, one by one."""
        squeeze_blanks: bool = False
        """Make one space of every run of blanks (full-width ones and line ends too), and none at both ends."""

        def __post_init__(self) -> None:
            # From a config comes a mapping of another kind; what is kept must compare and be written as JSON.
            if self.replacements is not None:
                object.__setattr__(self, "replacements", dict(self.replacements))

    def __init__(self, config: Config) -> None:
        self.config = config
        self._steps = _steps(config)

    def clean(self, text: str) -> Edited:
        """The cleaned text, with the way back."""
        edited = Edited.of(text)
        for step in self._steps:
            edited = step(edited)
        return edited

    def example(self, example: Example, rejects: Rejects) -> Example | None:
        """The cleaned example. `None` when nothing is left of it, or one of its spans is lost: it is then set aside."""
        if not self._steps:
            return example
        cleaned, lost = self.clean(example.text).example(example)
        place: dict[str, Any] = {"file": example.file, "line": example.line, "text": example.text}
        if not cleaned.text.strip():
            rejects.add("corpus.cleaned_away", **place)
            return None
        if lost:
            first = example.text[lost[0].start : lost[0].end]
            rejects.add("corpus.span_cleaned_away", **place, count=len(lost), first=first, type=lost[0].type)
            return None
        return cleaned


def _steps(config: Cleaning.Config) -> list[Step]:
    steps = [_substitution(_compiled(pattern), text) for pattern, text in (config.replacements or {}).items()]
    if config.foreign_words is not None:
        steps.append(_writing(_WORD, config.foreign_words))
    if config.numbers is not None:
        steps.append(_writing(_NUMBER, config.numbers))
    if config.remove_ascii_punctuation:
        steps.append(_writing(_ASCII_PUNCTUATION, ""))
    if config.remove_chinese_punctuation:
        steps.append(_without_wide_punctuation)
    if config.remove_others:
        steps.append(_writing(_OTHER, ""))
    if config.lower_case:
        steps.append(_in_lower_case)
    if config.squeeze_blanks:
        steps.append(_with_single_blanks)
    return steps


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ConfigurationError(
            "corpus.bad_pattern", key="cleaning.replacements", found=pattern, reason=error
        ) from None


def _substitution(pattern: re.Pattern[str], template: str) -> Step:
    try:
        # Compiles the template without a match: a group that does not exist is told now, not in row 400,000.
        pattern.sub(template, "")
    except (re.error, IndexError) as error:
        raise ConfigurationError(
            "corpus.bad_pattern", key="cleaning.replacements", found=template, reason=error
        ) from None
    return lambda edited: edited.substitute(pattern, lambda match: match.expand(template))


def _writing(pattern: re.Pattern[str], text: str) -> Step:
    return lambda edited: edited.substitute(pattern, lambda _: text)


@cache
def _wide_punctuation() -> re.Pattern[str]:
    marks = (c for c in map(chr, range(0x80, 0x10000)) if unicodedata.category(c).startswith("P"))
    return re.compile(f"[{''.join(marks)}～｀＋＝＜＞｜＾￥]+")


def _without_wide_punctuation(edited: Edited) -> Edited:
    return edited.substitute(_wide_punctuation(), lambda _: "")


def _in_lower_case(edited: Edited) -> Edited:
    # The one letter of Unicode whose small form is two characters, then one for one (no final sigma).
    edited = edited.substitute(_DOTTED, lambda match: match.group().lower())
    return Edited("".join([letter.lower() for letter in edited.text]), edited.starts, edited.ends)


def _with_single_blanks(edited: Edited) -> Edited:
    return edited.substitute(_OUTER_BLANKS, lambda _: "").substitute(_INNER_BLANKS, lambda _: " ")
