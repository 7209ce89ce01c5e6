"""What is said before anything is read: an encoder is there, can be read, and what stands around it fits it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.project import write_project
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.reading import make_plan
from tengjia.errors import Problem
from tengjia.registry import Scope, set_scope

RIGHT = ("model=bert_crf", "model.encoder=tiny", "tokenizer=wordpiece", "tokenizer.source=tiny", "optimizer.lr=3e-5")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    write_project(tmp_path)
    encoder(tmp_path, "config.json", "model.safetensors", "vocab.txt")
    yield tmp_path
    set_scope(Scope())


def encoder(root: Path, *names: str) -> Path:
    folder = root / "resources/bert_models/tiny"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    return folder


def problems_of(root: Path, *words: str) -> dict[str, Problem]:
    return {problem.code: problem for problem in check_plan(make_plan(root, read_arguments(words)))}


def test_all_that_an_encoder_wants_is_told_at_once(root: Path) -> None:
    told = problems_of(root, "model=bert_crf")
    assert set(told) == {"config.encoder_unnamed", "config.encoder_tokenizer", "config.encoder_rate"}
    assert "holds: tiny" in told["config.encoder_unnamed"].message
    assert "tokenizer `character` makes one of its own" in told["config.encoder_tokenizer"].message
    assert "tokenizer=pretrained, wordpiece;" in told["config.encoder_tokenizer"].hint
    assert "0.002 would destroy" in told["config.encoder_rate"].message and "3e-5" in told["config.encoder_rate"].hint
    assert not problems_of(root, *RIGHT)


def test_other_models_take_any_tokenizer_and_rate(root: Path) -> None:
    assert not problems_of(root, "model=bilstm_crf", "tokenizer=character", "optimizer.lr=0.1")


@pytest.mark.parametrize(
    ("instead", "code", "words"),
    [
        ("pytorch_model.bin", "config.encoder_pickled", "save_pretrained(sys.argv[1])"),
        ("pytorch_model.bin.index.json", "config.encoder_pickled", "save_pretrained(sys.argv[1])"),
        ("tf_model.h5", "config.encoder_empty", "git lfs pull"),
        ("model.safetensors.index.json", None, ""),
    ],
)
def test_weights(root: Path, instead: str, code: str | None, words: str) -> None:
    (encoder(root, instead) / "model.safetensors").unlink()
    told = problems_of(root, *RIGHT)
    assert set(told) == ({code} if code else set())
    for problem in told.values():
        assert str(root / "resources/bert_models/tiny") in problem.message and words in problem.hint


def test_a_tokenizer_of_ones_own_says_that_it_brings_the_vocabulary(root: Path) -> None:
    file = root / "src/modules/tokenizers/bytes.py"
    file.parent.mkdir(parents=True)
    content = (
        "from dataclasses import dataclass\nfrom tengjia.registry import tokenizers\n\n\n"
        "@tokenizers.register('bytes')\nclass Bytes:\n    {}\n\n    @dataclass(frozen=True)\n    class Config:\n"
        "        size: int = 1\n        '''Size.'''\n"
    )
    words = ["tokenizer=bytes" if word.endswith("wordpiece") else word for word in RIGHT if "source" not in word]
    file.write_text(content.format("pass"), "utf-8")
    assert set(problems_of(root, *words)) == {"config.encoder_tokenizer"}
    file.write_text(content.format("brings_vocabulary = True"), "utf-8")
    assert not problems_of(root, *words)
