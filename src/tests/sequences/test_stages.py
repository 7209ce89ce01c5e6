"""All stages on a small corpus: learn, test, apply, resume, other models, odd input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from src.tests.sequences.support import pairs, write_task
from src.tests.text.test_pretrained import folder_of
from tengjia.base_tasks import sequence_to_sequence as base
from tengjia.command.notebook import compose
from tengjia.errors import DataError
from tengjia.registry import scope, set_scope
from tengjia.runs import RunFolder

CORPUS = {part: pairs(count, part) for part, count in (("train", 240), ("development", 16), ("test", 20))}


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    before, threads = scope(), torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
    set_scope(before)


def train(root: Path, *words: str, name: str = "one") -> tuple[RunFolder, dict[str, Any]]:
    config = compose(root, ["stage=train", *words])
    run = RunFolder.create(root / "runs" / "shop" / "digits", seed=1, app="shop", task="digits", name=name)
    run.write("config", {"config": config.plain()})
    run.begin("train")
    dataset = base.build_dataset(config, run)
    result = base.train(config, run, dataset, base.build_model(config, dataset))
    run.finish("train")
    return run, result


def test_it_learns_and_is_tested_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write_task(tmp_path, CORPUS)
    run, result = train(root, "callbacks.averaging.enabled=true", "callbacks.averaging.count=2")
    assert result["best_score"] < 1.5
    scores = base.test(compose(root, ["stage=test"]), run)
    assert scores["bleu"] > 0.5 and scores["exact"] > 0.5 and scores["texts"] == 20
    assert "tok:13a" in scores["signature"]
    capsys.readouterr()
    base.apply(compose(root, ["stage=apply", "apply.text=一二三。", "generation.alternatives=1"]), run)
    shown = capsys.readouterr().out.splitlines()
    assert "one two three." in shown[0] and len(shown) >= 2
    lines = tmp_path / "in.txt"
    lines.write_text("四五。\n\n六七。\n", "utf-8")
    output = tmp_path / "out.jsonl"
    base.apply(compose(root, ["stage=apply", f"apply.input={lines}", f"apply.output={output}"]), run)
    found = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [one["answer"] for one in found if one["text"].strip()] == ["four five.", "six seven."]
    plain = tmp_path / "out.txt"
    base.apply(
        compose(root, ["stage=apply", f"apply.input={lines}", f"apply.output={plain}", "apply.format=text"]), run
    )
    assert "four five.\n" in plain.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("encoding.reverse=true", "evaluator=bleu", "trainer.monitor=bleu"),
        ("model=bilstm_attention_seq2seq", "encoding.joint=false"),
        ("tokenizer=character", "encoding.maximum_length=60", "encoding.target_maximum_length=60"),
    ],
)
def test_other_choices_run_through(words: tuple[str, ...], tmp_path: Path) -> None:
    training = {"model": {}, "tokenizer": {}} if words[0].startswith(("model", "tokenizer")) else {}
    root = write_task(tmp_path, CORPUS, **training)
    run, result = train(root, *words, "trainer.max_epochs=1")
    assert result["steps"] == 15
    scores = base.test(compose(root, ["stage=test"]), run)
    assert 0 <= scores["bleu"] <= 1


@pytest.mark.slow
def test_a_pretrained_folder_is_trained_on(tmp_path: Path) -> None:
    """A T5 with random weights and the tokenizer beside it, from the folder to a tested bundle."""
    from transformers import T5Config, T5ForConditionalGeneration

    encoders = tmp_path / "encoders"
    encoders.mkdir()
    folder = folder_of("unigram", encoders)
    ends = {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0}
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 24, "num_layers": 1, "num_heads": 2}
    T5ForConditionalGeneration(T5Config(vocab_size=100, **sizes, **ends)).save_pretrained(folder)
    root = write_task(tmp_path, CORPUS, model={}, tokenizer={})
    words = ("model=pretrained_seq2seq", "model.encoder=unigram", "tokenizer=pretrained", "tokenizer.source=unigram")
    borders = (
        "encoding.maximum_length=60",
        "encoding.target_maximum_length=60",
        "encoding.begin_symbol='<pad>'",
        "encoding.end_symbol='</s>'",
        "optimizer.lr=1e-3",
    )
    run, result = train(root, *words, *borders, "trainer.max_epochs=1")
    assert result["steps"] == 15
    scores = base.test(compose(root, ["stage=test"]), run)
    assert 0 <= scores["chrf"] <= 1
    assert not list(run.bundle.rglob("*.bin"))


def test_a_corpus_without_the_column_is_refused(tmp_path: Path) -> None:
    root = write_task(
        tmp_path, {part: [{**row, "english": row["target"]} for row in rows] for part, rows in CORPUS.items()}
    )
    with pytest.raises(DataError, match=r"no column `target`.*english"):
        train(root, "reader.extra=[english]")


def test_bad_rows_are_set_aside_and_told(tmp_path: Path) -> None:
    rows = {
        **CORPUS,
        "train": [*CORPUS["train"], {"text": "一。", "target": " "}, {"text": "一" * 99, "target": "one."}],
    }
    root = write_task(tmp_path, rows)
    run, _ = train(root, "trainer.max_epochs=1")
    facts = json.loads((run.path / "data.json").read_text("utf-8"))
    assert facts["rejects"] == 2 and facts["rows"]["train"] == 240
