"""Parameters that are mappings take names that no file gives them, as the documents say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tengjia.command.notebook import compose

ROOT = Path(__file__).parents[3]
TAGGER = ["task=ner", "stage=train", "model=bilstm_softmax", "criterion=cross_entropy"]


@pytest.mark.parametrize("word", ["criterion.weight_of={O: 0.5}", "+criterion.weight_of.O=0.5"])
def test_of_a_module(word: str) -> None:
    assert dict(compose(ROOT, [*TAGGER, word]).criterion.weight_of) == {"O": 0.5}


def test_of_a_section_that_a_file_fills_too() -> None:
    config = compose(ROOT, ["task=model_distilling", "stage=distil", "student.parameters={layers: 2, hidden_size: 16}"])
    assert dict(config.student.parameters) == {
        "embedding_size": 48,
        "feature_size": 0,
        "hidden_size": 16,
        "layers": 2,
    }
