"""Sentences of column files that are as most are, parsed whole: with the speed of string operations, not row by row.

The first doubt (another number of columns in one row, an empty token, a tag not seen before, a broken sequence) gives
`None`: whoever asked then looks at each row, and can say what is wrong and where.
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import Final

from tengjia.data.example import Span
from tengjia.data.tags import OUTSIDE, TagScheme

MOST_TYPES: Final = 100
"""With more, looking for each type in turn would not be quick."""
_FIRST_CODE: Final = 0xA1
_ACTIONS: Final = "BIES"
# A sound span of one type, from the codes of its actions; see `TagScheme`.
_SPANS: Final = {
    "bio": "{B}{I}*",
    "iob1": "[{B}{I}]{I}*",
    "bioes": "{B}{I}*{E}|{S}",
    "bmes": "{B}{I}*{E}|{S}",
    "biluo": "{B}{I}*{E}|{S}",
    "auto": "{B}{I}*{E}?|{S}",
}
_SINGLE: Final = tuple(pairwise(range(10_001)))
"""Offsets of tokens of one character."""

Sentence = tuple[str, tuple[Span, ...], tuple[tuple[int, int], ...]]
"""Text, spans, offsets of the tokens."""


class SentenceParser:
    """Parses sentences of one file format.

    Args:
        scheme: Knows the tags; only those it has parsed before are taken here.
        token_column: From 0, or from the end if negative.
        tag_column: The same.
        joiner: What stands between tokens in the text.
    """

    def __init__(self, scheme: TagScheme, *, token_column: int, tag_column: int, joiner: str) -> None:
        self._scheme, self._columns, self._joiner = scheme, (token_column, tag_column), joiner
        self._codes: dict[str, str] = {OUTSIDE: "O"}
        """A character for each tag: spans are then found by a regular expression."""
        self._types: dict[str, str] = {}
        """The type that begins with a code."""
        self._numbers: dict[str, int] = {}
        self._spans: re.Pattern[str] = re.compile("(?!)")

    def parse(self, rows: str, mark: str) -> Sentence | None:
        """The sentence that rows hold, if they are as most are.

        Args:
            rows: Neither blank lines nor comments among them; without the last line end.
            mark: The separator of columns, one character.
        """
        count, columns = rows.count("\n") + 1, rows.partition("\n")[0].count(mark) + 1
        token_column, tag_column = self._columns
        if columns < 2 or not (-columns <= token_column < columns and -columns <= tag_column < columns):
            return None
        # With the line ends as a column of their own, every row must have its own in the same place.
        fields, width = rows.replace("\n", f"{mark}\n{mark}").split(mark), columns + 1
        if len(fields) != count * width - 1 or fields[columns::width].count("\n") != count - 1:
            return None
        tokens, codes = fields[token_column % columns :: width], self._coded(fields[tag_column % columns :: width])
        if codes is None or "" in tokens:
            return None
        found = [match.span() for match in self._spans.finditer(codes)]
        if sum(after - first for first, after in found) + codes.count("O") != count:
            return None
        text = self._joiner.join(tokens)
        names = [self._types[codes[first]] for first, _ in found]
        if len(text) == count <= len(_SINGLE):
            return text, tuple(map(Span, *zip(*found), names)) if found else (), _SINGLE[:count]
        offsets = self._offsets(tokens)
        spans = [Span(offsets[first][0], offsets[after - 1][1], name) for (first, after), name in zip(found, names)]
        return text, tuple(spans), offsets

    def _offsets(self, tokens: list[str]) -> tuple[tuple[int, int], ...]:
        gap = len(self._joiner)
        if not gap:
            return tuple(pairwise(accumulate(map(len, tokens), initial=0)))
        starts = list(accumulate([len(token) + gap for token in tokens], initial=0))
        return tuple((start, after - gap) for start, after in pairwise(starts))

    def _coded(self, tags: list[str]) -> str | None:
        try:
            return "".join(map(self._codes.__getitem__, tags))
        except KeyError:  # a tag that was not met before
            known = all(map(self._learnt, set(tags)))
        return "".join(map(self._codes.__getitem__, tags)) if known else None

    def _learnt(self, tag: str) -> bool:
        """Whether a tag has a code, given it now if need be."""
        if tag in self._codes:
            return True
        known = self._scheme.known.get(tag)
        if known is None:
            return False
        action, name = known
        if name not in self._numbers:
            if len(self._numbers) == MOST_TYPES:
                return False
            self._numbers[name] = len(self._numbers)
            self._spans = re.compile("|".join(map(self._pattern, self._numbers)))
            self._types |= {_code(self._numbers[name], each): name for each in _ACTIONS}
        self._codes[tag] = _code(self._numbers[name], action)
        return True

    def _pattern(self, name: str) -> str:
        codes = {action: _code(self._numbers[name], action) for action in _ACTIONS}
        return _SPANS[self._scheme.scheme].format(**codes)


def _code(number: int, action: str) -> str:
    return chr(_FIRST_CODE + len(_ACTIONS) * number + _ACTIONS.index(action))
