"""A small complete bundle to damage."""

from __future__ import annotations

from pathlib import Path

from tengjia.bundle.card import Card
from tengjia.bundle.folder import CARD, MODEL_CONFIG, TRAIN_CONFIG, TRAINER_CONFIG, WEIGHTS, written_bundle
from tengjia.bundle.golden import GoldenExample, write_golden
from tengjia.utilities.files import write_bytes, write_json, write_text


def write_sample_bundle(folder: Path, *, code: dict[str, bytes] | None = None, weights: bytes = bytes(64)) -> Path:
    """Write a bundle in which every kind of file occurs."""
    with written_bundle(folder) as temporary:
        write_json(temporary / MODEL_CONFIG, {"format": 1, "base_task": "sequence_labeling", "labels": ["组织"]})
        write_bytes(temporary / WEIGHTS, weights)
        write_text(temporary / "model" / "tokenizer" / "words.txt", "云计算\n")
        write_json(temporary / TRAINER_CONFIG, {"run": "a-run"})
        write_json(temporary / TRAIN_CONFIG, {"seed": 1})
        write_golden(temporary, [GoldenExample("林清远", [{"text": "林清远", "score": 0.9876}])])
        card = Card("demo", "sequence_labeling", "a-run", {"model": {"name": "bilstm_crf", "hidden_size": 8}})
        write_text(temporary / CARD, card.render())
        for path, content in (code or {}).items():
            write_bytes(temporary / "model_code" / path, content)
    return folder
