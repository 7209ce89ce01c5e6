"""A text that was changed and remembers where each of its characters came from, so that offsets survive."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tengjia.data.example import Example, Span


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed text. Character `i` of `text` stands for the characters `starts[i]` to `ends[i]` of the original.

    Both lists rise (not strictly: the characters of a replacement all stand for the whole of what was replaced).
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Edited:
        """A text that nothing was done to."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def substitute(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str]) -> Edited:
        """Put something else in the place of each match; matches of nothing are passed over."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        kept = 0
        for match in pattern.finditer(self.text):
            first, after = match.span()
            if first == after:
                continue
            new = replacement(match)
            pieces += self.text[kept:first], new
            starts += self.starts[kept:first]
            ends += self.ends[kept:first]
            starts += [self.starts[first]] * len(new)
            ends += [self.ends[after - 1]] * len(new)
            kept = after
        if not kept:
            return self
        pieces.append(self.text[kept:])
        starts += self.starts[kept:]
        ends += self.ends[kept:]
        return Edited("".join(pieces), starts, ends)

    def forward(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the original is now; `None`: nowhere.

        These are the characters that stand for a part of it and nothing else. Only if there are none, those that also
        stand for something beside it (it lay within what was replaced as a whole).

        Args:
            start: First character in the original.
            end: Character after its last.
        """
        first, after = bisect_left(self.starts, start), bisect_right(self.ends, end)
        if first >= after:
            first, after = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (first, after) if first < after else None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """What a stretch (not empty) of the changed text stands for in the original."""
        return self.starts[start], self.ends[end - 1]

    def example(self, original: Example) -> tuple[Example, list[Span]]:
        """The example with the changed text, and the spans that it lost.

        A span is lost when nothing of it is left, or when what is left belongs to the span before it too (both ended
        in one replaced stretch).
        """
        spans: list[Span] = []
        lost: list[Span] = []
        for span in original.spans:
            place = self.forward(span.start, span.end)
            if place is None or (spans and place[0] < spans[-1].end):
                lost.append(span)
            else:
                spans.append(Span(*place, span.type))
        tokens = None if original.tokens is None else self._tokens(original.tokens)
        return replace(original, text=self.text, spans=tuple(spans), tokens=tokens), lost

    def _tokens(self, tokens: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        for start, end in tokens:
            place = self.forward(start, end)
            if place is not None and place[1] > (before := found[-1][1] if found else 0):
                place = max(place[0], before), place[1]
                # A blank that was squeezed together out of a token and its neighbours is no token.
                if self.text[slice(*place)].strip():
                    found.append(place)
        return tuple(found)
