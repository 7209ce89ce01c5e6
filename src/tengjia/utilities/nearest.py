"""Did you mean ...? The right names nearest to a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """At most `limit` of the `known` names, the most similar first; none when nothing is similar.

    Names within one edit (a letter changed, added, lost, or two swapped) come before all others.
    """
    names = sorted(set(map(str, known)))
    close = difflib.get_close_matches(word, names, n=max(limit, 10), cutoff=0.5)
    ranked = sorted({*close, *(n for n in names if edits(word, n, 2) <= 1)}, key=lambda n: _rank(word, n))
    return ranked[:limit]


def _rank(word: str, name: str) -> tuple[int, float, str]:
    similarity = difflib.SequenceMatcher(None, word.lower(), name.lower()).ratio()
    return edits(word.lower(), name.lower(), 3), -similarity, name


def edits(first: str, second: str, limit: int) -> int:
    """Edit distance with transpositions (optimal string alignment), cut off at `limit`."""
    if abs(len(first) - len(second)) >= limit:
        return limit
    before, previous = list[int](), list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and first[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return min(previous[-1], limit)
