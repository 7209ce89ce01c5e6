"""Long texts: what is joined from windows is what the whole text would give."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.contracts import Batch
from tengjia.data.labels import LabelSet
from tengjia.layers.tagger import CRFTagger, SoftmaxTagger

from .toy import CHARACTERS, make_encoding, make_pipeline

REACH = 2
"""How far the toy model sees to each side."""


def _scores(module: Any, batch: Batch) -> Tensor:
    hidden = module.embedding(batch.ids) * batch.mask[..., None]
    return module.mix(hidden.transpose(1, 2)).transpose(1, 2)


class NearSightedCRF(CRFTagger):
    """Scores depend on the nearest pieces only; tags on the whole text."""

    def __init__(self, pieces: int, labels: LabelSet) -> None:
        super().__init__(labels, constraints=True)
        self.embedding = nn.Embedding(pieces, 8)
        self.mix = nn.Conv1d(8, len(labels), 2 * REACH + 1, padding=REACH)

    forward = _scores


class NearSightedSoftmax(SoftmaxTagger):
    """The same without transitions."""

    def __init__(self, pieces: int, labels: LabelSet) -> None:
        super().__init__()
        self.embedding = nn.Embedding(pieces, 8)
        self.mix = nn.Conv1d(8, len(labels), 2 * REACH + 1, padding=REACH)

    forward = _scores


def _pipelines(kind: type[nn.Module], **lengths: int) -> tuple[SequenceLabelingPipeline, SequenceLabelingPipeline]:
    """The same model with short windows, and with one window for all."""
    short, whole = make_encoding(**lengths), make_encoding(maximum_length=100_000)
    torch.manual_seed(7)
    model = kind(len(short.texts.vocabulary), short.labels)
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_()
    blueprint = Blueprint({"name": "toy"})
    return SequenceLabelingPipeline(model, short, blueprint), SequenceLabelingPipeline(model, whole, blueprint)


@pytest.mark.parametrize("kind", [NearSightedCRF, NearSightedSoftmax])
@pytest.mark.parametrize(("maximum_length", "overlap"), [(9, 4), (16, 5), (40, 8)])
def test_windows_answer_as_the_whole_text(kind: type[nn.Module], maximum_length: int, overlap: int) -> None:
    short, whole = _pipelines(kind, maximum_length=maximum_length, overlap=overlap)

    @settings(max_examples=30, deadline=None, derandomize=True)
    @given(st.lists(st.text(alphabet=CHARACTERS + "\t🚀", max_size=150), min_size=1, max_size=4))
    def check(texts: list[str]) -> None:
        expected, found = whole(texts), short(texts, batch_size=3)
        assert [[(*e.span, e.status, e.reason) for e in answer] for answer in found] == [
            [(*e.span, e.status, e.reason) for e in answer] for answer in expected
        ]
        for text, answer in zip(texts, found):
            for entity in answer:
                assert entity.text == text[entity.start : entity.end] != ""
                assert 0.0 <= entity.score <= 1.0
            assert all(left.end <= right.start for left, right in itertools.pairwise(answer))

    check()


def test_answers_do_not_depend_on_company() -> None:
    pipeline = make_pipeline(maximum_length=48, overlap=10)
    texts = [
        CHARACTERS[start : start + length] * times for start in (0, 9, 30) for length in (5, 20) for times in (1, 5)
    ]
    alone = [pipeline(text) for text in texts]
    assert pipeline(texts) == alone
    assert pipeline(texts[::-1], batch_size=1)[::-1] == alone
    assert pipeline(texts, batch_size=5) == alone
    assert list(pipeline.stream(iter(texts * 400))) == alone * 400
    assert sum(map(len, alone)) > 9


def test_texts_without_anything() -> None:
    pipeline = make_pipeline()
    assert pipeline([]) == []
    assert pipeline("") == []
    assert pipeline(["", "   ", ""])[0] == []


@pytest.mark.parametrize("kind", [NearSightedCRF, NearSightedSoftmax])
def test_a_model_needs_no_more_than_the_contract(kind: type[nn.Module]) -> None:
    full, _ = _pipelines(kind, maximum_length=40, overlap=8)

    class Bare(nn.Module):
        """What `contracts.Model` asks for, and nothing else."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = full.model
            self.decode = full.model.decode
            self.decoder = "crf" if kind is NearSightedCRF else "softmax"
            if kind is NearSightedCRF:
                self.crf = full.model.crf

        def forward(self, batch: Batch) -> Tensor:
            scores: Tensor = self.inner(batch)
            return scores

    bare = SequenceLabelingPipeline(Bare(), full.encoding, full.blueprint)
    texts = [CHARACTERS * 2, CHARACTERS[:9]]
    assert bare(texts) == full(texts) != [[], []]
