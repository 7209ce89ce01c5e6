"""Every module of the library keeps the promises of its kind: what the plugin asks of others, the house does itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tengjia.registry import REGISTRIES, Scope, set_scope
from tengjia.testing.keeping import keeping
from tengjia.testing.promises import PROMISES
from tengjia.testing.subject import Subject, subject_of

pytestmark = pytest.mark.slow

NEED_FILES = {"dataset", "reader", "vectors"}
"""Kinds of which each module reads a format of its own."""
NEED_ENCODER = {
    "bert_crf",
    "bert_softmax",
    "bert_bilstm_crf",
    "bert_classifier",
    "bert_joint",
    "siamese_bert",
    "bert_cross_encoder",
    "bert_alignment",
    "pretrained_seq2seq",
    "pretrained",
    "wordpiece",
}
NEED_PAIRS = {"hard_negatives"}
"""Works on the rows of pairs of texts alone; `src/tests/matching` trains with it."""
SATURATES = {("dice", "overfits_one_batch")}
"""A tag that is wrong and sure gets no gradient from dice: it needs a corpus, not four texts."""
SMALL = {
    "bilstm_crf": {"hidden_size": 16},
    "byte_pair": {"size": 120},
    "transformer": {"hidden_size": 32, "encoder_layers": 1, "decoder_layers": 1, "dropout": 0.1},
    "unigram": {"size": 80},
}


def library() -> list[tuple[str, str, str]]:
    set_scope(Scope())
    return [
        (kind, name, promise)
        for kind, promises in PROMISES.items()
        if kind not in NEED_FILES
        for name in REGISTRIES[kind].entries()
        if name not in NEED_ENCODER | NEED_PAIRS
        for promise in promises
        if (name, promise) not in SATURATES
    ]


def test_every_kind_makes_promises():
    assert set(PROMISES) == set(REGISTRIES)
    assert all(callable(keeping(kind, promise)) for kind, promises in PROMISES.items() for promise in promises)


@pytest.mark.parametrize(("kind", "name", "promise"), library())
def test_the_library_keeps_its_promises(kind: str, name: str, promise: str, tmp_path: Path):
    subject = subject_of(Path(__file__), tmp_path, kind, name, **SMALL.get(name, {}))
    keeping(kind, promise)(subject)


CONLL = "张\tB-NAME\n三\tE-NAME\n在\tO\n\n他\tO\n"


@pytest.mark.parametrize(
    ("name", "file", "content", "parameters"),
    [
        ("columns", "a.txt", CONLL, {"scheme": "bmes"}),
        ("csv", "a.csv", 'text,spans\n张三在,"[[0, 2, ""NAME""]]"\n', {"label": None, "spans": "spans"}),
        ("json_lines", "a.jsonl", '{"text": "张三在", "spans": [[0, 2, "NAME"]]}\n', {}),
        ("text", "a.txt", "张三在\n\n他\n", {}),
    ],
)
@pytest.mark.parametrize("promise", PROMISES["reader"])
def test_readers_of_the_library(name: str, file: str, content: str, parameters: dict, promise: str, tmp_path: Path):
    subject = subject_of(Path(__file__), tmp_path, "reader", name, sample={file: content}, **parameters)
    keeping("reader", promise)(subject)


@pytest.mark.parametrize("promise", PROMISES["vectors"])
def test_vectors_of_the_library(promise: str, tmp_path: Path):
    sample = {"a.txt": "2 3\n张 0.1 0.2 0.3\n三 0.4 0.5 0.6\n"}
    keeping("vectors", promise)(subject_of(Path(__file__), tmp_path, "vectors", "text", sample=sample, file="a.txt"))


@pytest.mark.tengjia_module("schedule", "cosine", warmup=0.2)
def test_the_fixture(promise: Callable[[], None], request: pytest.FixtureRequest):
    promise()
    assert request.node.callspec.params["promise"] in PROMISES["schedule"]


def test_a_subject_takes_parameters(tmp_path: Path):
    subject = subject_of(Path(__file__), tmp_path, "schedule", "cosine", last=0.5)
    assert isinstance(subject, Subject) and subject.build(total_steps=4).config.last == 0.5
