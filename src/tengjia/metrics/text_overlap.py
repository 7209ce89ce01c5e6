"""How much generated texts have in common with references: BLEU and chrF, from counts that can be summed.

The words of a text are those of sacrebleu (Post 2018), whose figures these are to the last digit; a figure means
something only beside its `signature`.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Final, Literal

import numpy

from tengjia.errors import EnvironmentFault

Words = Literal["13a", "zh", "char", "intl", "none"]
"""How sacrebleu cuts texts in words: `13a` (mteval, the usual one), `zh` (Chinese characters one by one)."""

WORDS: Final = 4
"""BLEU counts sequences of up to so many words."""

CHARACTERS: Final = 6
"""chrF counts sequences of up to so many characters."""

WIDTH: Final = 2 + 2 * WORDS + 3 * CHARACTERS
"""Counts of a text: its length and that of the reference in words; for each order, matched and all n-grams of words;
for each order, n-grams of characters of the text, of the reference, and common ones."""

BETA: Final = 2.0
"""chrF: recall counts so many times as much as precision."""


class TextOverlap:
    """Counts what texts share with their references.

    Args:
        words: How texts are cut in words.

    Raises:
        EnvironmentFault: The package sacrebleu is not installed.
    """

    def __init__(self, words: Words) -> None:
        try:
            from sacrebleu.metrics.bleu import BLEU
        except ImportError as error:
            raise EnvironmentFault("generation.sacrebleu_missing") from error
        # Of one text the score is not asked for, only the counts; `effective_order` keeps it from warning.
        self._bleu: Any = BLEU(tokenize=words, effective_order=True)
        self.words = words

    def counts(self, text: str, reference: str) -> numpy.ndarray:
        """`[WIDTH]` int64 of one text."""
        found = self._bleu.sentence_score(text, [reference])
        ngrams = [number for pair in zip(found.counts, found.totals, strict=True) for number in pair]
        return numpy.array([found.sys_len, found.ref_len, *ngrams, *_character_counts(text, reference)], numpy.int64)

    @property
    def signature(self) -> str:
        """What BLEU was measured how, as sacrebleu writes it."""
        from sacrebleu.version import __version__

        return f"nrefs:1|case:mixed|eff:no|tok:{self.words}|smooth:exp|version:{__version__}"


def bleu(counts: numpy.ndarray) -> numpy.ndarray:
    """BLEU (Papineni et al. 2002), a fraction, of summed counts `[..., WIDTH]`.

    Orders without a match are smoothed as in mteval (`exp`, method 3 of Chen and Cherry 2014).
    """
    counts = numpy.asarray(counts, numpy.float64)
    ours, theirs = counts[..., 0], counts[..., 1]
    matched, every = counts[..., 2 : 2 + 2 * WORDS : 2], counts[..., 3 : 3 + 2 * WORDS : 2]
    missing = (matched == 0) & (every > 0)
    smoothed = numpy.where(missing, 0.5 ** numpy.cumsum(missing, -1), matched)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        logs = numpy.log(smoothed / every).mean(-1)
        brevity = numpy.minimum(0.0, 1.0 - theirs / ours)
    something = (matched.sum(-1) > 0) & (every > 0).all(-1)
    return numpy.where(something, numpy.exp(numpy.where(something, logs + brevity, 0.0)), 0.0)


def chrf(counts: numpy.ndarray) -> numpy.ndarray:
    """chrF (Popović 2015), a fraction, of summed counts `[..., WIDTH]`."""
    counts = numpy.asarray(counts, numpy.float64)[..., 2 + 2 * WORDS :]
    ours, theirs, common = counts[..., 0::3], counts[..., 1::3], counts[..., 2::3]
    there = (ours > 0) & (theirs > 0)
    orders = numpy.maximum(there.sum(-1), 1)
    precision = numpy.where(there, common / numpy.maximum(ours, 1), 0.0).sum(-1) / orders
    recall = numpy.where(there, common / numpy.maximum(theirs, 1), 0.0).sum(-1) / orders
    below = BETA**2 * precision + recall
    return numpy.where(below > 0, (1 + BETA**2) * precision * recall / numpy.where(below > 0, below, 1.0), 0.0)


def sentence_bleu(counts: numpy.ndarray) -> float:
    """BLEU of one text alone, orders that it is too short for left out; good for ranking texts only."""
    every = counts[3 : 3 + 2 * WORDS : 2]
    order = int((every > 0).sum())
    if not order or not counts[2]:
        return 0.0
    total, missing = 0.0, 0
    for matched, all_of in zip(counts[2 : 2 + 2 * order : 2].tolist(), every[:order].tolist(), strict=True):
        missing += matched == 0
        total += math.log((matched or 0.5**missing) / all_of)
    brevity = min(0.0, 1.0 - float(counts[1]) / float(counts[0]))
    return math.exp(total / order + brevity)


def _character_counts(text: str, reference: str) -> list[int]:
    ours, theirs = "".join(text.split()), "".join(reference.split())
    counts: list[int] = []
    for order in range(1, CHARACTERS + 1):
        mine, other = _ngrams(ours, order), _ngrams(theirs, order)
        # As in sacrebleu: where the reference has none, those of the text are not held against it.
        counts += [mine.total() if other else 0, other.total(), (mine & other).total()]
    return counts


def _ngrams(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))
