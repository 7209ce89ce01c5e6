"""The CRF against enumeration of all paths, and against pytorch-crf."""

from __future__ import annotations

import random
import warnings
from typing import NamedTuple

import numpy
import pytest
import torch
from torch import Tensor

from src.tests.models import brute_force
from tengjia.data.labels import LabelSet
from tengjia.errors import TrainingError
from tengjia.layers import crf_scaled
from tengjia.layers.chain import FORBIDDEN
from tengjia.layers.crf import CRF


class Case(NamedTuple):
    """A random CRF with a batch of short sequences of unequal lengths."""

    crf: CRF
    scores: Tensor
    tags: Tensor
    mask: Tensor
    lengths: list[int]


def make_case(seed: int, *, scale: float, spread: float, constrained: bool, kind: torch.dtype) -> Case:
    torch.manual_seed(seed)
    choose = random.Random(seed)
    labels = LabelSet(choose.choice(("bio", "bioes")), ("X",))
    count = len(labels) if constrained else choose.randint(1, 4)
    crf = CRF(count, labels.allowed if constrained else None).to(kind)
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.normal_(std=spread)
    lengths = [choose.randint(1, 5) for _ in range(choose.randint(1, 4))]
    width = max(lengths) + choose.randint(0, 2)
    scores = scale * (2 * torch.rand(len(lengths), width, count, dtype=kind) - 1)
    mask = torch.arange(width) < torch.tensor(lengths)[:, None]
    tags = legal_tags(choose, labels if constrained else None, count, lengths, width)
    return Case(crf, scores, tags, mask, lengths)


def legal_tags(choose: random.Random, labels: LabelSet | None, count: int, lengths: list[int], width: int) -> Tensor:
    """Random gold tags; what stands in the padding is arbitrary but in range."""
    tags = torch.tensor([[choose.randrange(count) for _ in range(width)] for _ in lengths])
    for row, length in enumerate(lengths):
        spans, position = [], 0
        while labels is not None and position < length:
            size = choose.randint(1, 3)
            if choose.random() < 0.5 and position + size <= length:
                spans.append((position, position + size, "X"))
            position += size
        if labels is not None:
            tags[row, :length] = torch.from_numpy(labels.encode(spans, length).astype(numpy.int64))
    return tags


def potentials(case: Case) -> list[Tensor]:
    """Transitions, start and end as the enumeration needs them: in float64, with what is forbidden."""
    return [case.crf._permitted(name).double() for name in ("transitions", "start", "end")]


CASES = [
    pytest.param(scale, spread, constrained, kind, id=f"{scale}-{spread}-{constrained}-{str(kind)[6:]}")
    for scale, spread in ((1, 1), (10, 3), (50, 20), (400, 1))
    for constrained in (False, True)
    for kind in (torch.float64, torch.float32)
]


@pytest.mark.parametrize(("scale", "spread", "constrained", "kind"), CASES)
def test_everything_equals_enumeration(scale: float, spread: float, constrained: bool, kind: torch.dtype) -> None:
    tolerance = 1e-9 if kind == torch.float64 else 3e-6 * max(scale, 1)
    for seed in range(12):
        case = make_case(seed, scale=scale, spread=spread, constrained=constrained, kind=kind)
        check_value_and_gradient(case, tolerance)
        check_paths_and_marginals(case, tolerance)


def check_value_and_gradient(case: Case, tolerance: float) -> None:
    mine = case.scores.clone().requires_grad_()
    weights = torch.rand(len(case.lengths)).to(mine.dtype)
    value = case.crf.negative_log_likelihood(mine, case.tags, case.mask)
    got = torch.autograd.grad((value * weights).sum(), (mine, *case.crf.parameters()))
    oracle = case.scores.clone().requires_grad_()
    parts = potentials(case)
    expected = []
    for row, length in enumerate(case.lengths):
        paths = brute_force.all_paths(oracle[row, :length].double(), *parts)
        gold = brute_force.path_score(paths, case.tags[row, :length])
        expected.append(torch.logsumexp(paths.scores, 0) - gold)
    total = torch.stack(expected)
    torch.testing.assert_close(value.double(), total, rtol=tolerance, atol=tolerance)
    wanted = torch.autograd.grad((total * weights).sum(), (oracle, *case.crf.parameters()))
    for one, other in zip(got, wanted, strict=True):
        torch.testing.assert_close(
            one, other, rtol=0, atol=max(tolerance, 1e-12) if one.dtype == torch.float64 else 3e-5
        )


def check_paths_and_marginals(case: Case, tolerance: float) -> None:
    best = case.crf.viterbi(case.scores, case.mask)
    probabilities = case.crf.marginals(case.scores, case.mask)
    kept, values = case.crf.k_best(case.scores, case.mask, 4)
    parts = potentials(case)
    for row, length in enumerate(case.lengths):
        paths = brute_force.all_paths(case.scores[row, :length].double(), *parts)
        top = paths.scores.max()
        chosen = brute_force.path_score(paths, best[row, :length])
        torch.testing.assert_close(chosen, top, rtol=tolerance, atol=tolerance)
        expected = brute_force.marginals(paths, case.scores.shape[2])
        torch.testing.assert_close(probabilities[row, :length].double(), expected, rtol=0, atol=max(tolerance, 1e-6))
        check_k_best(paths, kept[row, :, :length], values[row])
    assert not best[~case.mask].any() and not probabilities[~case.mask].any()
    assert not kept.transpose(1, 2)[~case.mask].any()


def check_k_best(paths: brute_force.Paths, kept: Tensor, values: Tensor) -> None:
    legal = paths.scores[paths.scores > FORBIDDEN / 2].sort(descending=True).values
    count = min(4, len(legal))
    torch.testing.assert_close(values[:count], legal[:count], rtol=1e-9, atol=1e-9)
    assert torch.isneginf(values[count:]).all() and not kept[count:].any()
    assert len({tuple(path.tolist()) for path in kept[:count]}) == count
    for path, value in zip(kept[:count], values[:count], strict=True):
        torch.testing.assert_close(brute_force.path_score(paths, path), value, rtol=1e-9, atol=1e-9)


def test_log_space_takes_over_when_probabilities_underflow(monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(3, scale=1, spread=1, constrained=False, kind=torch.float64)
    case.scores[:, :, 0] -= 900.0
    chain = case.crf.chain(case.scores, case.mask).detached()
    assert crf_scaled.forward_backward(chain) is None
    check_value_and_gradient(case, 1e-9)
    check_paths_and_marginals(case, 1e-9)


def test_far_apart_directions_are_noticed() -> None:
    # Forward insists on tag 0, backward on tag 1: the products of both underflow although neither does.
    crf = CRF(2).double()
    scores = torch.zeros(1, 3, 2, dtype=torch.float64)
    with torch.no_grad():
        crf.start.copy_(torch.tensor([0.0, -500.0]))
        crf.transitions.copy_(torch.tensor([[0.0, -500.0], [-500.0, 0.0]]))
        crf.end.copy_(torch.tensor([-500.0, 0.0]))
    case = Case(crf, scores, torch.zeros(1, 3, dtype=torch.long), torch.ones(1, 3, dtype=torch.bool), [3])
    check_value_and_gradient(case, 1e-9)
    check_paths_and_marginals(case, 1e-9)


@pytest.mark.parametrize("steps", [1, 7, 8, 9, 16, 17, 64])
@pytest.mark.parametrize("constrained", [False, True])
def test_equal_to_pytorch_crf(steps: int, constrained: bool) -> None:
    from torchcrf import CRF as Peer

    torch.manual_seed(steps)
    labels = LabelSet("bmes", ("A", "B", "C"))
    mine = CRF(len(labels), labels.allowed if constrained else None).double()
    peer = Peer(len(labels), batch_first=True).double()
    names = {"transitions": "transitions", "start": "start_transitions", "end": "end_transitions"}
    with torch.no_grad():
        for name, other in names.items():
            getattr(mine, name).normal_()
            getattr(peer, other).copy_(mine._permitted(name))
    lengths = torch.randint(1, steps + 1, (6,))
    lengths[0] = steps
    mask = torch.arange(steps) < lengths[:, None]
    scores = torch.randn(6, steps, len(labels), dtype=torch.float64, requires_grad=True)
    tags = torch.zeros(6, steps, dtype=torch.long) if constrained else torch.randint(len(labels), (6, steps))
    value = mine.negative_log_likelihood(scores, tags, mask)
    expected = -peer(scores, tags, mask=mask, reduction="none")
    torch.testing.assert_close(value, expected)
    got = torch.autograd.grad(value.sum(), (scores, mine.start, mine.end, mine.transitions))
    learnt = (scores, peer.start_transitions, peer.end_transitions, peer.transitions)
    wanted = list(torch.autograd.grad(expected.sum(), learnt, allow_unused=True, materialize_grads=True))
    for position, name in ((1, "start"), (2, "end"), (3, "transitions")):
        if constrained:
            wanted[position] = wanted[position].masked_fill(getattr(mine, f"_forbidden_{name}"), 0.0)
    for one, other in zip(got, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9)
    best = mine.viterbi(scores, mask)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pytorch-crf itself
        paths = peer.decode(scores, mask=mask)
    assert [row[:n].tolist() for row, n in zip(best, lengths)] == paths


@pytest.mark.parametrize("constrained", [False, True])
def test_gradcheck(constrained: bool) -> None:
    case = make_case(5, scale=2, spread=1, constrained=constrained, kind=torch.float64)
    scores = case.scores.requires_grad_()

    def value(scores: Tensor, *parameters: Tensor) -> Tensor:
        state = dict(zip(("transitions", "start", "end"), parameters))
        arguments = (scores, case.tags, case.mask)
        return torch.func.functional_call(Likelihood(case.crf), {f"crf.{k}": v for k, v in state.items()}, arguments)

    assert torch.autograd.gradcheck(value, (scores, *case.crf.parameters()))


class Likelihood(torch.nn.Module):
    def __init__(self, crf: CRF) -> None:
        super().__init__()
        self.crf = crf

    def forward(self, scores: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        return self.crf.negative_log_likelihood(scores, tags, mask)


def test_a_second_derivative_is_refused() -> None:
    case = make_case(1, scale=1, spread=1, constrained=False, kind=torch.float64)
    scores = case.scores.requires_grad_()
    value = case.crf.negative_log_likelihood(scores, case.tags, case.mask).sum()
    with pytest.raises(TrainingError) as caught:
        torch.autograd.grad(value, scores, create_graph=True)
    assert caught.value.code == "model.crf_second_derivative"


def test_nothing_depends_on_padding() -> None:
    case = make_case(2, scale=3, spread=1, constrained=True, kind=torch.float64)
    more = torch.nn.functional.pad(case.scores, (0, 0, 0, 3))
    more[:, -3:] = 1e6
    noise = torch.where(case.mask[..., None], case.scores, -1e6)
    tags = torch.nn.functional.pad(case.tags, (0, 3), value=1)
    mask = torch.nn.functional.pad(case.mask, (0, 3))
    first = case.crf.negative_log_likelihood(case.scores, case.tags, case.mask)
    torch.testing.assert_close(case.crf.negative_log_likelihood(more, tags, mask), first)
    torch.testing.assert_close(case.crf.negative_log_likelihood(noise, case.tags, case.mask), first)
    width = case.mask.shape[1]
    assert torch.equal(case.crf.viterbi(more, mask)[:, :width], case.crf.viterbi(case.scores, case.mask))
    torch.testing.assert_close(case.crf.marginals(more, mask)[:, :width], case.crf.marginals(noise, case.mask))


def test_sequences_without_units() -> None:
    case = make_case(4, scale=1, spread=1, constrained=True, kind=torch.float64)
    count, width = case.mask.shape
    scores, tags, mask = (torch.cat([part, torch.zeros_like(part[:1])]) for part in (case.scores, case.tags, case.mask))
    scores.requires_grad_()
    value = case.crf.negative_log_likelihood(scores, tags, mask)
    (gradient,) = torch.autograd.grad(value.sum(), scores)
    torch.testing.assert_close(value[:count], case.crf.negative_log_likelihood(case.scores, case.tags, case.mask))
    assert value[count] == 0 and not gradient[count].any()
    assert torch.equal(case.crf.viterbi(scores, mask)[:count], case.crf.viterbi(case.scores, case.mask))
    none = torch.zeros(2, width, dtype=torch.bool)
    assert not case.crf.viterbi(scores[:2], none).any() and not case.crf.marginals(scores[:2], none).any()
    assert case.crf.negative_log_likelihood(scores[:2], tags[:2], none).tolist() == [0, 0]
    paths, values = case.crf.k_best(scores[:1], none[:1], 2)
    assert not paths.any() and values.tolist() == [[0.0, float("-inf")]]


@pytest.mark.parametrize(
    ("mask", "row"),
    [([[1, 1, 0], [1, 0, 1]], 1), ([[0, 1, 1], [1, 0, 0]], 0)],
    ids=["hole", "left-padded"],
)
def test_masks_with_holes_are_refused(mask: list[list[int]], row: int) -> None:
    crf = CRF(2)
    with pytest.raises(TrainingError) as caught:
        crf.viterbi(torch.zeros(2, 3, 2), torch.tensor(mask, dtype=torch.bool))
    assert caught.value.code == "model.mask_not_right_padded"
    assert f"row {row} " in caught.value.message and "collate" in caught.value.hint


def test_not_a_number_stays_visible() -> None:
    crf = CRF(3)
    scores = torch.full((1, 4, 3), float("nan"))
    assert crf.negative_log_likelihood(scores, torch.zeros(1, 4, dtype=torch.long), torch.ones(1, 4).bool()).isnan()


def test_works_in_and_out_of_inference_mode() -> None:
    case = make_case(6, scale=1, spread=1, constrained=False, kind=torch.float32)
    with torch.inference_mode():
        case.crf.marginals(case.scores, case.mask)
        case.crf.negative_log_likelihood(case.scores, case.tags, case.mask)
        case.crf.marginals(case.scores * 500, case.mask)
    case.crf.negative_log_likelihood(case.scores.requires_grad_(), case.tags, case.mask).sum().backward()
    assert case.scores.grad is not None and case.scores.grad.isfinite().all()


def test_half_precision_scores_are_summed_in_full() -> None:
    case = make_case(7, scale=1, spread=1, constrained=False, kind=torch.float32)
    half = case.scores.bfloat16().requires_grad_()
    value = case.crf.negative_log_likelihood(half, case.tags, case.mask)
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, case.crf.negative_log_likelihood(half.float(), case.tags, case.mask))
    value.sum().backward()
    assert half.grad is not None and half.grad.dtype == torch.bfloat16


def test_the_torch_loops_equal_the_numpy_loops(monkeypatch: pytest.MonkeyPatch) -> None:
    # What runs on other devices, run here.
    from tengjia.layers import viterbi

    case = make_case(8, scale=3, spread=1, constrained=True, kind=torch.float64)
    value = case.crf.negative_log_likelihood(case.scores, case.tags, case.mask)
    best = case.crf.viterbi(case.scores, case.mask)
    monkeypatch.setattr(crf_scaled, "_run_numpy", crf_scaled._run_torch)
    monkeypatch.setattr(viterbi, "_backtrack_numpy", viterbi._backtrack_torch)
    torch.testing.assert_close(case.crf.negative_log_likelihood(case.scores, case.tags, case.mask), value)
    assert torch.equal(case.crf.viterbi(case.scores, case.mask), best)
