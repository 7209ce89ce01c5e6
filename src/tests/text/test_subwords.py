"""Pieces learnt from a corpus: deterministic, exact, and saved without loss."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import random
import subprocess
import sys

import pytest
from hypothesis import given, settings

from src.tests.text.strategies import check_offsets, texts
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import tokenizers
from tengjia.text.pieces import encodable
from tengjia.text.unigram_training import _lattice, learn_unigram

KINDS = ["byte_pair", "unigram"]
SAMPLE = [
    "我们在北京大学学习云计算，2026年。",
    "北京大学的云计算大会在2026年。",
    "Hello world, hello cafe\u0301 2026",
] * 3


def learnt(kind: str, sample=SAMPLE, **values):
    tokenizer = tokenizers.build({"name": kind, "size": 60, **values})
    tokenizer.fit(sample)
    return tokenizer


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request):
    return learnt(request.param)


@settings(deadline=None)
@given(text=texts)
def test_every_character_but_white_space_is_in_one_piece(tokenizer, text):
    covered = check_offsets(text, tokenizer.tokenize(text))
    assert covered >= {i for i, character in enumerate(text) if not character.isspace()}


@pytest.mark.parametrize("kind", KINDS)
def test_changed_pieces_keep_their_offsets(kind):
    changed = learnt(kind, lowercase=True, fold_width=True, split_digits=True)

    @settings(deadline=None, max_examples=40)
    @given(texts)
    def exact(text):
        tokens = changed.tokenize(text)
        assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends))
        assert tokens.starts == sorted(tokens.starts)

    exact()
    tokens = changed.tokenize("ＨＥＬＬＯ ２０２６")
    assert "".join(tokens.pieces) == "hello2026"
    assert tokens.ends[-1] == 10 and tokens.pieces[-4:] == ["2", "0", "2", "6"]


def test_frequent_neighbours_are_one_piece(tokenizer):
    pieces = tokenizer.tokenize("北京大学").pieces
    assert "".join(pieces) == "北京大学" and len(pieces) < 4


def test_pieces_do_not_cross_scripts_signs_or_numbers(tokenizer):
    for piece in tokenizer.vocabulary()[2:]:
        kinds = {("digit" if c.isdigit() else "latin" if c.isascii() and c.isalpha() else "other") for c in piece}
        assert len(kinds) == 1 or "\u0301" in piece, piece


def test_vocabulary_begins_with_padding_and_unknown(tokenizer):
    vocabulary = tokenizer.vocabulary()
    assert vocabulary[:2] == ["[PAD]", "[UNK]"]
    assert len(set(vocabulary)) == len(vocabulary) <= 60
    assert tokenizer.frame is None


@pytest.mark.parametrize("kind", KINDS)
def test_sizes_are_kept(kind):
    for size in (10, 30, 45):
        assert len(learnt(kind, size=size).vocabulary()) <= size
    assert max(map(len, learnt(kind, longest_piece=3).vocabulary()[2:])) <= 3


def test_saved_and_loaded_it_is_the_same(tokenizer, tmp_path):
    tokenizer.save(tmp_path)
    name = "byte_pair" if (tmp_path / "byte_pair.json").exists() else "unigram"
    other = tokenizers.build({"name": name, "size": 60})
    other.load(tmp_path)
    assert other.vocabulary() == tokenizer.vocabulary()
    for text in (*SAMPLE, "没见过的字 unseen \ud800"):
        assert other.tokenize(text) == tokenizer.tokenize(text)


PROGRAM = """
import hashlib, sys, tempfile
from pathlib import Path
from tengjia.registry import tokenizers
folder = Path(sys.argv[2])
tokenizer = tokenizers.build({"name": sys.argv[1], "size": 80})
tokenizer.fit(Path(folder, "corpus.txt").read_text("utf-8").split("\\n"))
tokenizer.save(folder)
print(hashlib.sha256((folder / f"{sys.argv[1]}.json").read_bytes()).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_process_learns_the_same(kind, tmp_path):
    draw = random.Random(0)
    words = ["".join(draw.choices("北京大学云计算年会的在我们学习", k=draw.randint(1, 4))) for _ in range(60)]
    corpus = "\n".join("".join(draw.choices(words, k=8)) for _ in range(120))
    (tmp_path / "corpus.txt").write_text(corpus, "utf-8")
    run = [sys.executable, "-c", PROGRAM, kind, str(tmp_path)]
    digests = {subprocess.run(run, capture_output=True, text=True, check=True).stdout for _ in range(3)}
    assert len(digests) == 1
    tokenizer = tokenizers.build({"name": kind, "size": 80})
    tokenizer.fit(reversed(corpus.split("\n")))  # nor does the order of the texts matter
    tokenizer.save(tmp_path)
    assert hashlib.sha256((tmp_path / f"{kind}.json").read_bytes()).hexdigest() == digests.pop().strip()


@pytest.mark.parametrize("kind", KINDS)
def test_there_must_be_text_and_learning_comes_first(kind, tmp_path):
    fresh = tokenizers.build({"name": kind})
    assert fresh.vocabulary() is None
    for use in (lambda: fresh.tokenize("a"), lambda: fresh.save(tmp_path)):
        with pytest.raises(ConfigurationError) as caught:
            use()
        assert caught.value.code == "text.not_ready"
    for nothing in ([], ["", " \n"]):
        with pytest.raises(DataError) as empty:
            fresh.fit(nothing)
        assert empty.value.code == "text.nothing_to_learn"


GOOD = {"pieces": ["[PAD]", "[UNK]", "a", "b", "ab"]}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        *((kind, content) for kind in KINDS for content in ("{", "[]", "{}", json.dumps(GOOD), "[" * 100000)),
        ("byte_pair", {**GOOD, "merges": [["a", "c"]]}),
        ("byte_pair", {**GOOD, "merges": [["a"]]}),
        ("byte_pair", {**GOOD, "merges": [[1, 2]]}),
        ("byte_pair", {**GOOD, "merges": {}}),
        ("byte_pair", {"pieces": ["a", "b", "ab"], "merges": []}),
        ("byte_pair", {"pieces": [*GOOD["pieces"], "a"], "merges": []}),
        ("byte_pair", {"pieces": [*GOOD["pieces"], "\ud800"], "merges": []}),
        ("byte_pair", {"pieces": [*GOOD["pieces"], ""], "merges": []}),
        ("byte_pair", {**GOOD, "merges": [], "more": []}),
        ("unigram", {**GOOD, "scores": [0, 0, -1, -1]}),
        ("unigram", {**GOOD, "scores": [0, 0, -1, -1, 1]}),
        ("unigram", {**GOOD, "scores": [0, 0, -1, -1, "x"]}),
        ("unigram", '{"pieces": ["[PAD]", "[UNK]", "a"], "scores": [0, 0, NaN]}'),
        ("unigram", None),
    ],
)
def test_a_changed_file_is_refused(kind, content, tmp_path):
    if content is not None:
        (tmp_path / f"{kind}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(DataError) as caught:
        tokenizers.build({"name": kind}).load(tmp_path)
    assert caught.value.code == "text.bad_tokenizer_file"


def likelihoods(word: str, probability: dict[str, float]) -> list[tuple[float, tuple[str, ...]]]:
    """All ways to cut a word, with their probabilities."""
    found = []
    for cuts in itertools.product([0, 1], repeat=len(word) - 1):
        edges = [0, *(i + 1 for i, cut in enumerate(cuts) if cut), len(word)]
        parts = tuple(word[a:b] for a, b in itertools.pairwise(edges))
        if all(part in probability for part in parts):
            found.append((math.prod(probability[part] for part in parts), parts))
    return found


def test_expected_counts_equal_brute_force():
    import numpy

    use = {"a": 4.0, "b": 3.0, "ab": 5.0, "ba": 2.0, "aba": 1.0}
    words = {"abab": 3, "ba": 2, "a": 1, "babab": 4}
    total = sum(use.values())
    expected = dict.fromkeys(use, 0.0)
    for word, count in words.items():
        ways = likelihoods(word, {piece: value / total for piece, value in use.items()})
        whole = sum(p for p, _ in ways)
        for p, parts in ways:
            for part in parts:
                expected[part] += count * p / whole
    lattice = _lattice(list(words), list(use), 3)
    counts = numpy.array(list(words.values()), float)
    found = lattice.expected(numpy.array(list(use.values())), counts)
    # A character that is no piece has a small probability of its own, which takes nothing here.
    numpy.testing.assert_allclose(found, list(expected.values()), rtol=1e-9)


def test_long_words_do_not_underflow():
    pieces, scores = learn_unigram({"北" * 500 + "京" * 500: 2, "京北": 1}, size=12, longest_piece=8)
    assert set("北京") <= set(pieces) and len(pieces) <= 12
    assert all(math.isfinite(score) and score <= 0 for score in scores)
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("kind", KINDS)
def test_with_spaces_a_text_is_put_together_again(kind):
    spaced = learnt(kind, spaces=True)
    assert spaced.joined(spaced.tokenize("我们在 Hello world, 2026").pieces) == "我们在 Hello world, 2026"
    assert any(piece.startswith("▁") and len(piece) > 1 for piece in learnt(kind, spaces=True, size=90).vocabulary())

    @settings(deadline=None, max_examples=60)
    @given(texts)
    def exact(text):
        tokens = spaced.tokenize(text)
        covered = check_offsets(text, tokens)
        assert covered == set(range(len(text)))
        if "[UNK]" not in tokens.pieces:
            assert spaced.joined(tokens.pieces) == "".join(
                " " if c.isspace() or c == "▁" else c for c in encodable(text)
            )

    exact()


@pytest.mark.parametrize("kind", KINDS)
def test_without_spaces_they_are_lost(kind):
    tokenizer = learnt(kind)
    assert tokenizer.joined(tokenizer.tokenize("我们 在 北京").pieces) == "我们在北京"
