"""The conditional random field against pytorch-crf: `python -m benchmarks.crf`.

Loss with gradient, and the best path, of 32 sequences of 64 units (unequal lengths, half to whole) over 28 tags, on one
thread; also on CUDA where there is a device. Both have the same parameters, and are first held to the same answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torchcrf import CRF as Peer

from benchmarks import report
from tengjia.layers.crf import CRF

SEQUENCES, UNITS, TAGS = 32, 64, 28
DEMAND = 6.0
CALLS = 10


class Sample(NamedTuple):
    """One batch."""

    scores: Tensor
    tags: Tensor
    mask: Tensor


def sample(device: str) -> Sample:
    """Random scores and gold tags."""
    lengths = torch.randint(UNITS // 2, UNITS + 1, (SEQUENCES,))
    lengths[0] = UNITS
    scores = torch.randn(SEQUENCES, UNITS, TAGS).to(device).requires_grad_()
    tags = torch.randint(TAGS, (SEQUENCES, UNITS)).to(device)
    return Sample(scores, tags, (torch.arange(UNITS) < lengths[:, None]).to(device))


def same_parameters(mine: CRF, peer: Peer) -> None:
    """Give both the peer's parameters."""
    with torch.no_grad():
        mine.transitions.copy_(peer.transitions)
        mine.start.copy_(peer.start_transitions)
        mine.end.copy_(peer.end_transitions)


def losses(mine: CRF, peer: Peer, batch: Sample) -> dict[str, Callable[[], Tensor]]:
    """One loss with its gradient, of each."""

    def run(module: torch.nn.Module, loss: Callable[[], Tensor]) -> Tensor:
        batch.scores.grad = None
        module.zero_grad()
        value = loss()
        value.backward()
        return value.detach()

    return {
        "tengjia": lambda: run(mine, lambda: mine.negative_log_likelihood(*batch).sum()),
        "pytorch-crf": lambda: run(peer, lambda: -peer(batch.scores, batch.tags, mask=batch.mask, reduction="sum")),
    }


def check(mine: CRF, peer: Peer, batch: Sample) -> float:
    """The largest difference of the gradients by the scores.

    Raises:
        SystemExit: A loss or a path differs.
    """
    gradients = []
    values = []
    for run in losses(mine, peer, batch).values():
        values.append(float(run()))
        assert batch.scores.grad is not None
        gradients.append(batch.scores.grad.clone())
    paths = mine.viterbi(batch.scores, batch.mask)
    lengths = batch.mask.sum(1).tolist()
    own = [row[:length] for row, length in zip(paths.tolist(), lengths, strict=True)]
    if abs(values[0] / values[1] - 1) > 1e-5 or own != peer.decode(batch.scores, mask=batch.mask):
        raise SystemExit("the answers differ")
    return float((gradients[0] - gradients[1]).abs().max())


def repeated(run: Callable[[], Any], device: str) -> Callable[[], None]:
    """Several calls in a row, waited for."""

    def calls() -> None:
        for _ in range(CALLS):
            run()
        if device == "cuda":
            torch.cuda.synchronize()

    return calls


def compare(device: str) -> dict[str, Any]:
    """Both figures and the ratio, of loss and path."""
    torch.manual_seed(0)
    mine, peer, batch = CRF(TAGS).to(device), Peer(TAGS, batch_first=True).to(device), sample(device)
    same_parameters(mine, peer)
    figures: dict[str, Any] = {"largest_gradient_difference": check(mine, peer, batch)}
    scores = batch.scores.detach()
    paths: dict[str, Callable[[], Any]] = {
        "tengjia": lambda: mine.viterbi(scores, batch.mask),
        "pytorch-crf": lambda: peer.decode(scores, mask=batch.mask),
    }
    for name, runs in (("forward_backward", losses(mine, peer, batch)), ("viterbi", paths)):
        seconds = report.interleaved({who: repeated(run, device) for who, run in runs.items()}, rounds=31)
        medians = {who: report.median(values) for who, values in seconds.items()}
        figures[name] = {
            "tengjia_ms": round(1e3 * medians["tengjia"] / CALLS, 3),
            "pytorch_crf_ms": round(1e3 * medians["pytorch-crf"] / CALLS, 3),
            "ratio": round(medians["pytorch-crf"] / medians["tengjia"], 2),
        }
    return figures


def main() -> dict[str, Any]:
    """Compare in one run, A B A B."""
    torch.set_num_threads(1)
    figures = {"cpu": compare("cpu")}
    if torch.cuda.is_available():
        figures["cuda"] = compare("cuda")
    return report.say(
        "crf",
        shape=[SEQUENCES, UNITS, TAGS],
        **figures,
        demand=DEMAND,
        threads=torch.get_num_threads(),
        command=report.command(),
    )


if __name__ == "__main__":
    main()
