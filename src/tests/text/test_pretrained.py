"""Tokenizers of Hugging Face folders: cut, put together, saved, and refused where they make no sense."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from src.tests.text.strategies import texts
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import tokenizers

SAMPLE = ["Tom bought three books.", "他昨天买了三本书。", "We like tea, and 2026."] * 4


def folder_of(kind: str, root: Path) -> Path:
    """A folder with a tokenizer of a kind, learnt from a sample."""
    if kind == "unigram":  # as of T5: an end piece only
        made = Tokenizer(models.Unigram())
        made.pre_tokenizer, made.decoder = pre_tokenizers.Metaspace(), decoders.Metaspace()
        trainer: Any = trainers.UnigramTrainer(
            vocab_size=90, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
        )
        made.train_from_iterator(SAMPLE, trainer)
        made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    else:  # as of BART: bytes, a piece on either side
        made = Tokenizer(models.BPE())
        made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=330,
            special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        made.train_from_iterator(SAMPLE, trainer)
        made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    made.enable_truncation(4)
    folder = root / kind
    folder.mkdir()
    made.save(str(folder / "tokenizer.json"))
    return folder


def made_from(folder: Path) -> Any:
    return tokenizers.build({"name": "pretrained", "source": folder.name}, roots={"bert_model_root": folder.parent})


@pytest.mark.parametrize(("kind", "frame"), [("unigram", None), ("bytes", ("<s>", "</s>"))])
def test_texts_are_cut_and_put_together(kind: str, frame: Any, tmp_path: Path) -> None:
    folder = folder_of(kind, tmp_path)
    tokenizer = made_from(folder)
    assert tokenizer.frame == frame
    reference = Tokenizer.from_file(str(folder / "tokenizer.json"))
    reference.no_truncation()
    for text in SAMPLE[:3]:
        tokens = tokenizer.tokenize(f" {text}")
        assert tokens.pieces == reference.encode(text, add_special_tokens=False).tokens
        assert tokenizer.joined(tokens.pieces).strip() == text
        assert all(0 <= start < end <= len(text) + 1 for start, end in zip(tokens.starts, tokens.ends))
        assert tokens.starts == sorted(tokens.starts)
    assert tokenizer.vocabulary()[reference.token_to_id("</s>")] == "</s>"
    again = tokenizers.build({"name": "pretrained", "source": ""})
    with pytest.raises(ConfigurationError):
        again.tokenize("a")
    tokenizer.save(tmp_path)
    again.load(tmp_path)
    assert (
        again.vocabulary() == tokenizer.vocabulary()
        and again.tokenize("Tom").pieces == tokenizer.tokenize("Tom").pieces
    )


def test_any_text_is_cut(tmp_path: Path) -> None:
    tokenizer = made_from(folder_of("bytes", tmp_path))

    @settings(deadline=None, max_examples=40)
    @given(texts)
    def whole(text: str) -> None:
        tokens = tokenizer.tokenize(text)
        assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends))

    whole()


@pytest.mark.parametrize(
    "content", [None, "", "[]", "{}", '{"model": {"type": "Evil"}}', "\ud800", json.dumps({"a": 1})]
)
def test_files_that_make_no_sense_are_refused(content: str | None, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    if content is not None:
        (tmp_path / "m" / "tokenizer.json").write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(DataError, match=r"tokenizer\.json"):
        made_from(tmp_path / "m")
    with pytest.raises(ConfigurationError):
        tokenizers.build({"name": "pretrained"}, roots={"bert_model_root": tmp_path})
