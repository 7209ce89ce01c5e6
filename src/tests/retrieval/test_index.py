"""Terms, mean vectors, and the index that joins words and vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest

from tengjia.errors import CheckpointError, ConfigurationError
from tengjia.retrieval.index import Hit, Index, fingerprint
from tengjia.retrieval.terms import splitter
from tengjia.retrieval.vectors import AveragedWords, normalised

TEXTS = ["怎么投递简历", "面试需要带什么材料", "How do I reset my password?", "试用期有多长"]
WORDS = ["简历", "投递", "面试", "试", "用", "password", "期"]
VECTORS = numpy.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0.7, 0.7], [0, 0, 1], [1, 1, 1], [numpy.nan] * 3])


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("characters", "投简历", ["投", "简", "历", "投简", "简历"]),
        ("characters", "会Ｊava和C++吗", ["会", "java", "和", "c++", "吗"]),
        ("characters", "  ，。!", []),
        ("characters", "", []),
        ("words", "How do I reset it? 简历", ["how", "do", "i", "reset", "it", "简历"]),
        ("words", "Straße ＡＢＣ１２", ["strasse", "abc12"]),
        ("jieba", "北京大学 Python3", ["北京大学", "python3"]),
    ],
)
def test_terms(kind: str, text: str, expected: list[str]):
    assert splitter(kind)(text) == expected  # type: ignore[arg-type]


def test_words_alone():
    index = Index.build(TEXTS)
    assert [hit.number for hit in index.search("简历怎么投", 2)] == [0, 1]  # 么 is in 什么 too
    whole = index.search("试用期有多长")[0]
    assert whole.number == 3 and whole.score == pytest.approx(1.0) and whole.cosine == 0.0
    assert index.search("αβγ") == [] and index.search("") == [] and Index.build([]).search("简历") == []


def test_words_nobody_knows_lower_the_score():
    index = Index.build(TEXTS)
    assert index.search("怎么投递简历")[0].score > index.search("怎么投递简历给火星上的公司")[0].score > 0


def mean() -> AveragedWords:
    return AveragedWords.build("jieba", WORDS, VECTORS, TEXTS)


def test_the_mean_of_words():
    embedder = mean()
    vectors = embedder(["简历", "没有的", "试用期"])
    assert vectors[0] == pytest.approx([1, 0, 0]) and not vectors[1].any()
    assert numpy.linalg.norm(vectors[2]) == pytest.approx(1.0)  # 试用期 has no vector: its characters have
    often = AveragedWords.build("jieba", WORDS, VECTORS, ["投递"] * 50)
    assert often(["简历投递"])[0][0] > mean()(["简历投递"])[0][0]  # what is said often weighs less


@pytest.mark.parametrize("fusion", ["weighted", "reciprocal_rank"])
def test_words_and_vectors(fusion: str):
    index = Index.build(TEXTS, Index.Config(terms="jieba", fusion=fusion), embedder=mean())  # type: ignore[arg-type]
    hits = index.search("简历", 4)
    assert hits[0].number == 0 and hits[0].cosine > 0.9
    assert all(isinstance(hit, Hit) and 0 < hit.score <= 1 for hit in hits)
    alone = Index.build(TEXTS, Index.Config(terms="jieba", vector_weight=0.0), embedder=mean())
    assert alone.search("简历")[0].score == pytest.approx(
        Index.build(TEXTS, Index.Config(terms="jieba")).search("简历")[0].score
    )


def test_reciprocal_ranks_against_brute_force():
    generator = numpy.random.default_rng(3)
    matrix = normalised(generator.normal(size=(40, 5)))
    texts = [" ".join(generator.choice(list("abcdefgh"), 5)) for _ in range(40)]

    def embedder(asked: Sequence[str]) -> numpy.ndarray:
        return matrix if len(asked) > 1 else matrix[:1]

    index = Index.build(texts, Index.Config(terms="words", fusion="reciprocal_rank", candidates=40), embedder=embedder)
    lexical, cosines = index._lexical(texts[0]), matrix @ matrix[0]
    sums: dict[int, float] = {}
    for scores in (lexical, cosines):
        ranked = [n for n in sorted(range(40), key=lambda n: (-scores[n], n)) if scores[n] > 0]
        for place, number in enumerate(ranked, 1):
            sums[number] = sums.get(number, 0) + 1 / (60 + place)
    expected = sorted(sums, key=lambda number: (-sums[number], number))[:10]
    assert [hit.number for hit in index.search(texts[0], 10)] == expected


def test_saved_and_mapped(tmp_path: Path):
    index = Index.build(TEXTS, Index.Config(terms="jieba"), embedder=mean())
    index.save(tmp_path)
    mean().save(tmp_path)
    loaded = Index.load(tmp_path, embedder=AveragedWords.load(tmp_path))
    assert isinstance(loaded.vectors, numpy.memmap)
    assert loaded.search("面试材料", 3) == index.search("面试材料", 3)
    assert loaded.fingerprint == fingerprint(TEXTS, index.config)
    assert fingerprint([*TEXTS, ""], index.config) != loaded.fingerprint != fingerprint(TEXTS, Index.Config())
    assert fingerprint(["ab", "c"], index.config) != fingerprint(["a", "bc"], index.config)
    with pytest.raises(ConfigurationError, match=r"retrieval\.no_embedder"):
        Index.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "code"),
    [
        ("index.json", '{"format": 2}', "retrieval.other_format"),
        ("index.json", "{}", "retrieval.bad_index"),
        ("index.json", '{"format": 1, "config": {"x": 1}, "width": null, "fingerprint": ""}', "retrieval.bad_index"),
        (
            "index.json",
            '{"format": 1, "config": {"terms": "eval"}, "width": null, "fingerprint": ""}',
            "retrieval.bad_index",
        ),
        ("index.json", '{"format": 1, "config": {}, "width": 7, "fingerprint": ""}', "retrieval.other_size"),
        ("index.json", '{"format": 1, "config": {}, "width": -7, "fingerprint": ""}', "retrieval.bad_index"),
    ],
)
def test_damage_is_told(tmp_path: Path, file: str, content: str, code: str):
    Index.build(TEXTS).save(tmp_path)
    (tmp_path / file).write_text(content, "utf-8")
    with pytest.raises(CheckpointError) as error:
        Index.load(tmp_path)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("file", "content"), [("words.json", "[]"), ("words.bin", "x"), ("words.json", '{"kind": "x"}')]
)
def test_damaged_vectors_are_told(tmp_path: Path, file: str, content: str):
    mean().save(tmp_path)
    (tmp_path / file).write_text(content, "utf-8")
    with pytest.raises(CheckpointError):
        AveragedWords.load(tmp_path)
