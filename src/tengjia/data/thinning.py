"""Thins out long stretches without any span, so that they do not drown what is to be learnt."""

from __future__ import annotations

from tengjia.data.editing import Edited
from tengjia.data.example import Example


def thinned(example: Example, longest: int) -> Example:
    """The example with every stretch outside of spans cut to at most `longest` characters.

    The middle of a stretch goes: what stands beside a span is its context. Tokens that the corpus separates are kept or
    dropped whole, so that a stretch may come out shorter.

    Args:
        example: Any example; one without spans is cut to `longest` characters too.
        longest: Characters of a stretch that stay.
    """
    edited = thinning(example, longest)
    return edited.example(example)[0] if edited is not None else example


def thinning(example: Example, longest: int) -> Edited | None:
    """What `thinned` does to the text, with the way back; `None` when nothing is to be done."""
    borders = [0, *(place for span in example.spans for place in (span.start, span.end)), len(example.text)]
    stretches = list(zip(borders[::2], borders[1::2]))
    if all(end - start <= longest for start, end in stretches):
        return None
    kept: list[int] = []
    for number, (start, end) in enumerate(stretches):
        if number:
            kept.extend(range(example.spans[number - 1].start, example.spans[number - 1].end))
        kept.extend(_of_stretch(example, start, end, longest))
    return Edited("".join([example.text[i] for i in kept]), kept, [i + 1 for i in kept])


def _of_stretch(example: Example, start: int, end: int, longest: int) -> list[int]:
    """The characters of a stretch that stay: of a stretch at an end of the text those beside the span."""
    if end - start <= longest:
        return list(range(start, end))
    before = 0 if start == 0 and example.spans else longest // 2
    before = longest if end == len(example.text) else before
    first, after = start + before, end - (longest - before)
    if example.tokens is not None:
        # Half a token is no token.
        first = max((b for a, b in example.tokens if start <= a and b <= first), default=start)
        after = min((a for a, b in example.tokens if after <= a and b <= end), default=end)
    return [*range(start, first), *range(after, end)]
