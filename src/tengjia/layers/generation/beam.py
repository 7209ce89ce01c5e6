"""Beam search over a batch of sentences."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from tengjia.layers.generation.best import best
from tengjia.layers.generation.constraints import Constraints
from tengjia.layers.generation.leaving import parted
from tengjia.layers.generation.memory import Borders, Hypothesis, Memory
from tengjia.layers.generation.options import Generation

_LEAVE: int = 4
"""Sentences that are done leave the batch together, once they are this part of it: to leave costs a copy. So many of
them stay that the batch has one of few sizes (`utilities.few_sizes`)."""


def beam_search(memory: Memory, limits: Tensor, generation: Generation, borders: Borders) -> list[list[Hypothesis]]:
    """The best hypotheses of each sentence, the best first; each sentence as if it were alone.

    At every step the `2 K` best continuations of the K hypotheses are looked at: those among the first K that end are
    put aside, the best K that do not end go on. At its greatest length a hypothesis is put aside as it is.

    Args:
        memory: Of the model, at the beginning.
        limits: `[N]` int64: at most so many pieces of each sentence.
        generation: Its options.
        borders: The pieces at which texts begin and end.
    """
    search = _Search(memory, limits, generation, borders)
    while search.step():
        pass
    return search.results


@dataclass
class _Ended:
    """The best hypotheses that have ended, of each sentence: scores `[N, K]`, -inf where there is none."""

    scores: Tensor
    totals: Tensor
    lengths: Tensor
    pieces: Tensor
    """`[N, K, t]`."""

    def add(self, scores: Tensor, totals: Tensor, pieces: Tensor) -> None:
        """Take in candidates `[N, 2 K]` of one length `[N, 2 K, t]`, -inf where one does not count."""
        width, steps = self.scores.shape[1], pieces.shape[2]
        older = torch.nn.functional.pad(self.pieces, (0, steps - self.pieces.shape[2]))
        self.scores, order = torch.cat([self.scores, scores], 1).topk(width, 1)
        self.totals = torch.cat([self.totals, totals], 1).gather(1, order)
        self.lengths = torch.cat([self.lengths, torch.full_like(order[:, :1], steps).expand_as(scores)], 1).gather(
            1, order
        )
        self.pieces = torch.cat([older, pieces], 1).gather(1, order[..., None].expand(-1, -1, steps))

    def hypotheses(self, row: int, end: int) -> list[Hypothesis]:
        """Those of a sentence, the best first."""
        parts = (self.pieces, self.lengths, self.scores, self.totals)
        found = zip(*(part[row].tolist() for part in parts), strict=True)
        return [
            _hypothesis(pieces[:length], score, total, end)
            for pieces, length, score, total in found
            if score > -torch.inf
        ]

    def keep(self, rows: Tensor) -> None:
        """Go on with some sentences."""
        self.scores, self.totals = self.scores[rows], self.totals[rows]
        self.lengths, self.pieces = self.lengths[rows], self.pieces[rows]


class _Search:
    def __init__(self, memory: Memory, limits: Tensor, generation: Generation, borders: Borders) -> None:
        self.memory, self.generation, self.borders = memory, generation, borders
        self.constraints = Constraints(generation.config, borders)
        self.width = generation.config.beams
        count, device = len(limits), limits.device
        self.results: list[list[Hypothesis]] = [[] for _ in range(count)]
        self.limits = limits
        self.numbers = torch.arange(count, device=device)
        self.done = torch.zeros(count, dtype=torch.bool, device=device)
        # One hypothesis at first: all others would be the same.
        self.totals = torch.zeros(count, 1, device=device)
        self.newest = torch.full((count, 1), borders.begin, device=device)
        self.parents = torch.zeros(count, 1, dtype=torch.int64, device=device)
        self.pieces = torch.zeros(count, 1, 0, dtype=torch.int64, device=device)
        nothing = torch.full((count, self.width), -torch.inf, device=device)
        zeros = torch.zeros(count, self.width, dtype=torch.int64, device=device)
        self.ended = _Ended(nothing, nothing.clone(), zeros, zeros[..., None][..., :0])

    def step(self) -> bool:
        """One piece more for each hypothesis; false when all sentences are done."""
        if not len(self.numbers):
            return False
        scores = self.memory.advance(self.newest, self.parents)
        totals, parents, newest = self._candidates(scores)
        steps = self.pieces.shape[2] + 1
        ends = newest == self.borders.end
        over = (self.limits <= steps)[:, None]
        if bool((ends | over).any()):
            self._put_aside(totals, parents, newest, ends | over)
        self._go_on(totals, parents, newest, ends)
        self.done |= self._finished(steps) | over[:, 0]
        self._leave()
        return True

    def _candidates(self, scores: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log probabilities, parents and last pieces `[N, 2 K]` of the best continuations, the best first."""
        scores = scores.float()
        count, width = scores.shape[:2]
        wanted = 2 * self.width
        if self.constraints.on_probabilities:
            scores, norm = scores.log_softmax(-1), scores.new_zeros(count, width, 1)
        else:
            norm = scores.logsumexp(-1, keepdim=True)
        scores = self.constraints.apply(scores, self.pieces)
        values, places = best(scores.flatten(0, 1), wanted)
        values = values.view(count, width, -1) - norm + self.totals[..., None]
        values, order = values.flatten(1).topk(min(wanted, width * places.shape[-1]), 1)
        newest = places.view(count, -1).gather(1, order)
        parents = order // places.shape[-1]
        missing = wanted - values.shape[1]
        if missing:
            values = torch.nn.functional.pad(values, (0, missing), value=-torch.inf)
            newest, parents = (torch.nn.functional.pad(part, (0, missing)) for part in (newest, parents))
        return values, parents, newest

    def _put_aside(self, totals: Tensor, parents: Tensor, newest: Tensor, ends: Tensor) -> None:
        steps = self.pieces.shape[2] + 1
        counts = ends & ~self.done[:, None]
        counts[:, self.width :] = False
        scores = (totals / self.generation.divisor(steps)).masked_fill(~counts, -torch.inf)
        self.ended.add(scores, totals, _longer(self.pieces, parents, newest))

    def _go_on(self, totals: Tensor, parents: Tensor, newest: Tensor, ends: Tensor) -> None:
        order = ends.to(torch.int8).argsort(dim=1, stable=True)[:, : self.width]
        self.totals = totals.masked_fill(ends, -torch.inf).gather(1, order)
        self.parents, self.newest = parents.gather(1, order), newest.gather(1, order)
        self.pieces = _longer(self.pieces, self.parents, self.newest)

    def _finished(self, steps: int) -> Tensor:
        """Whether nothing better is to be expected, by sentence `[N]`."""
        stopping, full = self.generation.config.stopping, self.ended.scores[:, -1] > -torch.inf
        hopeless = self.totals[:, 0] == -torch.inf
        if stopping == "full":
            return full | hopeless
        if stopping == "likely":
            # The shortest way to end is one more piece, which can only cost; its length is left out, as others do.
            reached = self.totals[:, 0] / self.generation.divisor(steps)
        else:
            divisors = [self.generation.divisor(limit) for limit in self.limits.tolist()]
            reached = self.totals[:, 0] / torch.tensor(divisors, device=self.totals.device)
        return (full & (reached <= self.ended.scores[:, -1])) | hopeless

    def _leave(self) -> None:
        """Write down the results of sentences that are done, when they are enough to leave the batch."""
        finished = int(self.done.sum())
        if not finished or (finished * _LEAVE < len(self.done)):
            return
        leaving, rest = parted(self.done)
        if not len(leaving):
            return
        ended = self.ended
        for number, row in zip(self.numbers[leaving].tolist(), leaving.tolist(), strict=True):
            self.results[number] = ended.hypotheses(row, self.borders.end)
        self.numbers, self.limits, self.done = self.numbers[rest], self.limits[rest], self.done[rest]
        self.totals, self.parents, self.newest = self.totals[rest], self.parents[rest], self.newest[rest]
        self.pieces = self.pieces[rest]
        ended.keep(rest)
        if len(rest):
            self.memory.keep(rest)


def _longer(pieces: Tensor, parents: Tensor, newest: Tensor) -> Tensor:
    """The texts `[N, M, t + 1]` that continue `pieces` `[N, K, t]`."""
    before = pieces.gather(1, parents[..., None].expand(-1, -1, pieces.shape[2]))
    return torch.cat([before, newest[..., None]], 2)


def _hypothesis(pieces: list[int], score: float, total: float, end: int) -> Hypothesis:
    ended = pieces[-1] == end
    return Hypothesis(pieces[:-1] if ended else pieces, score, total, ended)
