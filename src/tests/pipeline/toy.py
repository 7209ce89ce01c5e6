"""Small real pipelines, untrained or hand-made, for tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch

from src.tests.preprocessing.support import sequence_encoding
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.pipeline import Options, SequenceLabelingPipeline
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.contracts import Inputs
from tengjia.data.labels import LabelSet
from tengjia.data.vocabulary import Vocabulary
from tengjia.registry import models, tokenizers

CHARACTERS = "林清远，男汉族硕士学历高级工程师任董事长于云山市第二机械厂苏蔓宁女毕业东湖财经大0123456789abcde。-"
TYPES = ("NAME", "ORG-A", "职务")


def make_encoding(scheme: str = "bmes", **values: Any) -> Encoding:
    """An encoding of characters."""
    settings = {"name": "character"}
    return sequence_encoding(
        replace(Encoding.Config(scheme=scheme), **values),
        tokenizer=tokenizers.build(settings),
        tokenizer_settings=settings,
        vocabulary=Vocabulary(("<pad>", "<unk>", *dict.fromkeys(CHARACTERS))),
        labels=LabelSet(scheme, TYPES),
    )


def make_pipeline(
    model: str = "bilstm_crf", seed: int = 1, options: Options | None = None, **values: Any
) -> SequenceLabelingPipeline:
    """A pipeline with weights drawn at random, large enough for varied answers."""
    encoding = make_encoding(**values)
    settings = {"name": model, "embedding_size": 8, "hidden_size": 8}
    inputs = Inputs(len(encoding.texts.vocabulary), encoding.labels)
    torch.manual_seed(seed)
    built = models.build(settings, inputs=inputs)
    with torch.no_grad():
        for weight in built.parameters():
            weight.normal_(std=0.8)
    return SequenceLabelingPipeline(built, encoding, Blueprint.of(settings, inputs), options=options)
