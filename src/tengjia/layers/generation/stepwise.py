"""One hypothesis a sentence: the likeliest piece each time, or one that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from tengjia.layers.generation.constraints import Constraints
from tengjia.layers.generation.leaving import parted
from tengjia.layers.generation.memory import Borders, Hypothesis, Memory
from tengjia.layers.generation.options import Generation
from tengjia.utilities.randomness import generator_for


def greedy(memory: Memory, limits: Tensor, generation: Generation, borders: Borders) -> list[list[Hypothesis]]:
    """The text of which each piece is the likeliest after those before it."""
    return _write(memory, limits, generation, borders, lambda logs, _rows, _step: logs.argmax(-1))


def sample(
    memory: Memory, limits: Tensor, generation: Generation, borders: Borders, numbers: Sequence[int]
) -> list[list[Hypothesis]]:
    """A text that is drawn; what is drawn is a function of (seed, number of the sentence, step).

    Args:
        memory: Of the model, at the beginning.
        limits: `[N]` int64: at most so many pieces of each sentence.
        generation: Its options.
        borders: The pieces at which texts begin and end.
        numbers: Of each sentence, for its draws.
    """
    config = generation.config
    longest = int(limits.max())
    draws = torch.stack(
        [torch.from_numpy(generator_for(config.seed, "sampling", number).random(longest)) for number in numbers]
    ).to(limits.device)

    def choose(logs: Tensor, rows: Tensor, step: int) -> Tensor:
        return drawn(logs, draws[rows, step], temperature=config.temperature, top_k=config.top_k, top_p=config.top_p)

    return _write(memory, limits, generation, borders, choose)


def drawn(logs: Tensor, draws: Tensor, *, temperature: float, top_k: int | None, top_p: float) -> Tensor:
    """Pieces `[N]` by their probabilities.

    Args:
        logs: `[N, C]` log probabilities.
        draws: `[N]` numbers from 0 to below 1.
        temperature: Divides the log probabilities.
        top_k: Only so many of the likeliest; `None`: all.
        top_p: Only the likeliest that reach this probability together.
    """
    values, places = (logs.double() / temperature).sort(dim=-1, descending=True, stable=True)
    values, places = values[:, :top_k], places[:, :top_k]
    shares = values.softmax(-1)
    shares = shares.masked_fill(shares.cumsum(-1) - shares >= top_p, 0.0)
    sums = shares.cumsum(-1)
    chosen = (sums <= draws[:, None] * sums[:, -1:]).sum(-1, keepdim=True)
    last = (shares > 0).sum(-1, keepdim=True) - 1
    return places.gather(1, chosen.minimum(last))[:, 0]


def _write(
    memory: Memory,
    limits: Tensor,
    generation: Generation,
    borders: Borders,
    choose: Callable[[Tensor, Tensor, int], Tensor],
) -> list[list[Hypothesis]]:
    constraints = Constraints(generation.config, borders)
    rows = torch.arange(len(limits), device=limits.device)
    newest = torch.full_like(rows, borders.begin)[:, None]
    pieces = newest[:, :0]
    totals = torch.zeros(len(rows), dtype=torch.float64, device=rows.device)
    done = torch.zeros_like(rows, dtype=torch.bool)
    results: list[list[Hypothesis]] = [[] for _ in rows]
    step = 0
    while len(rows):
        logs = memory.advance(newest, torch.zeros_like(newest)).float().log_softmax(-1)
        allowed = constraints.apply(logs.clone(), pieces[:, None])[:, 0]
        chosen = choose(allowed, rows, step)
        totals = totals + logs[:, 0].gather(1, chosen[:, None])[:, 0]
        pieces, newest = torch.cat([pieces, chosen[:, None]], 1), chosen[:, None]
        step += 1
        ends = ~done & ((chosen == borders.end) | (limits[rows] <= step))
        for number, text, total in zip(rows[ends].tolist(), pieces[ends].tolist(), totals[ends].tolist(), strict=True):
            ended = text[-1] == borders.end
            score = total / generation.divisor(step)
            results[number] = [Hypothesis(text[:-1] if ended else text, score, total, ended)]
        done = done | ends
        leaving, rest = parted(done)
        if len(leaving):
            rows, pieces, newest, totals, done = (part[rest] for part in (rows, pieces, newest, totals, done))
            if len(rest):
                memory.keep(rest)
    return results
