"""Decoding with numpy gives what the layers of torch give."""

from __future__ import annotations

import numpy
import pytest
import torch

from src.tests.models.test_crf import Case, make_case
from tengjia.data.labels import LabelSet
from tengjia.exporting.decoding import CRFDecoder, SoftmaxDecoder
from tengjia.layers.crf import CRF
from tengjia.layers.tagger import SoftmaxTagger


def decoder_of(crf: CRF) -> CRFDecoder:
    """The twin of a CRF."""
    with torch.no_grad():
        parts = {name: crf._permitted(name).float().numpy() for name in ("transitions", "start", "end")}
    return CRFDecoder(**parts)


def check(crf: CRF, scores: torch.Tensor, mask: torch.Tensor) -> None:
    tags, probabilities = decoder_of(crf)(scores.numpy(), mask.numpy())
    with torch.no_grad():
        numpy.testing.assert_array_equal(tags, crf.viterbi(scores, mask).numpy())
        numpy.testing.assert_allclose(probabilities, crf.marginals(scores, mask).numpy(), rtol=1e-6, atol=1e-7)
    assert probabilities.dtype == numpy.float32
    assert not tags[~mask.numpy()].any() and not probabilities[~mask.numpy()].any()


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(("scale", "spread"), [(1.0, 1.0), (30.0, 20.0), (600.0, 400.0)])
@pytest.mark.parametrize("constrained", [False, True])
def test_small_chains(seed: int, scale: float, spread: float, constrained: bool) -> None:
    case: Case = make_case(seed, scale=scale, spread=spread, constrained=constrained, kind=torch.float32)
    check(case.crf, case.scores, case.mask)


@pytest.mark.parametrize("scale", [0.0, 1.0, 100.0, 3000.0])
def test_long_chains(scale: float) -> None:
    labels = LabelSet("bmes", ("A", "B", "C"))
    torch.manual_seed(5)
    crf = CRF(len(labels), labels.allowed)
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.normal_(std=2.0)
    lengths = torch.tensor([700, 699, 1, 350])
    mask = torch.arange(700) < lengths[:, None]
    check(crf, scale * torch.randn(4, 700, len(labels)), mask)


def test_softmax() -> None:
    torch.manual_seed(1)
    scores = 5 * torch.randn(4, 9, 7)
    mask = torch.arange(9) < torch.tensor([9, 1, 4, 8])[:, None]
    tagger = SoftmaxTagger()
    tags, probabilities = SoftmaxDecoder()(scores.numpy(), mask.numpy())
    numpy.testing.assert_array_equal(tags, tagger.decode(scores, mask).numpy())
    numpy.testing.assert_allclose(probabilities, tagger.probabilities(scores, mask).numpy(), atol=1e-6)
    assert probabilities.dtype == numpy.float32
