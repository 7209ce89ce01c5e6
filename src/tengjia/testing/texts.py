"""What tokenizers and vectors promise."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.subject import Subject

TEXTS: Final = (
    "张三，男，1975年生，毕业于清华大学。",
    "A well-known company of New York, founded in 1998.",
    "  blanks  and\ttabs ，Ｆｕｌｌ　ｗｉｄｔｈ！",
    "cafe\u0301 naïve 𠮷野家 👩‍💻 e-mail@example.com",
    "",
    "。",
)
"""Chinese, English, blanks, full width, combining marks, characters outside the first plane, nothing, one sign."""


def tokenizer_builds_from_defaults(subject: Subject) -> None:
    """It is built, learns from texts if it wants to, and cuts one."""
    tokenizer = built(subject, **_roots(subject))
    tokenizer.fit(list(TEXTS) * 4)
    hold(tokenizer.tokenize(TEXTS[0]).pieces, "testing.no_pieces", found=TEXTS[0])


def tokenizer_keeps_offsets(subject: Subject) -> None:
    """Pieces stand in order, do not overlap, and lie within the text; the same text is cut the same way again."""
    tokenizer = _tokenizer(subject)
    for text in TEXTS:
        tokens = tokenizer.tokenize(text)
        pieces, starts, ends = list(tokens.pieces), list(tokens.starts), list(tokens.ends)
        hold(len(pieces) == len(starts) == len(ends), "testing.unequal_pieces", found=text)
        for start, end, after in zip(starts, ends, [*starts[1:], len(text)]):
            hold(0 <= start < end <= after <= len(text), "testing.bad_place", text=text, start=start, end=end)
        hold(tokenizer.tokenize(text) == tokens, "testing.not_the_same", found=text)


def tokenizer_saves_and_loads(subject: Subject) -> None:
    """A new one that loads what it saved cuts texts in the same way, and has the same vocabulary."""
    tokenizer = _tokenizer(subject)
    folder = subject.folder / "tokenizer"
    folder.mkdir()
    tokenizer.save(folder)
    successor = subject.build()
    successor.load(folder)
    for text in TEXTS:
        hold(successor.tokenize(text) == tokenizer.tokenize(text), "testing.not_the_same", found=text)
    hold(successor.vocabulary() == tokenizer.vocabulary(), "testing.not_saved", found=subject.name)


def vectors_builds_from_defaults(subject: Subject) -> None:
    """It is built, for the first file of the sample."""
    _with_sample(subject)
    built(subject, root=subject.root, cache=None)


def vectors_looks_pieces_up(subject: Subject) -> None:
    """The words of the sample have a row each, a piece that is not there has none (NaN), and that is told."""
    _with_sample(subject)
    vectors = subject.build(root=subject.root, cache=None)
    words = vectors.words(3)
    hold(words, "testing.no_vectors", found=subject.sample[0])
    unknown = "\u2603 not a word"
    matrix = vectors.load([*words, unknown])
    hold(matrix.dtype == numpy.float32 and len(matrix) == len(words) + 1, "testing.wrong_rows", found=matrix.shape)
    known = ~numpy.isnan(matrix).any(axis=1)
    hold(known.tolist() == [*[True] * len(words), False], "testing.unknown_word", found=known.tolist())
    coverage = vectors.coverage
    hold(coverage is not None and coverage.missing == 1, "testing.no_coverage", found=coverage)


def _tokenizer(subject: Subject) -> Any:
    tokenizer = subject.build(**_roots(subject))
    tokenizer.fit(list(TEXTS) * 4)
    return tokenizer


def _roots(subject: Subject) -> dict[str, dict[str, Path]]:
    return {"roots": {"dataset_root": subject.root, "bert_model_root": subject.root}}


def _with_sample(subject: Subject) -> None:
    hold(subject.sample, "testing.no_sample", found=subject.name)
