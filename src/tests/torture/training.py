"""A training that is killed, in a process of its own that is quick to start (forked from one that has torch loaded)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from src.tests.trainer.test_resume import bits
from src.tests.trainer.toy import ToyData, make_trainer
from tengjia.contracts import Batch
from tengjia.data.batching import Batching, Part
from tengjia.distributed import joined
from tengjia.errors import Interrupted

CALLS = ("open", "write", "fsync", "replace", "mkdir")


@dataclass(frozen=True)
class Variant:
    """One way to train the toy task."""

    accumulate: int = 1
    workers: int = 0
    every: int = 2
    extras: bool = False
    world: int = 1
    strategy: str = "auto"


def train(folder: str, variant: Variant, kill_at_call: int, how: str, rank: int, port: int, answer: Any) -> None:
    """Train to the end, and send the hash of the result; or kill this process at a call that changes the disk."""
    torch.set_num_threads(1)
    if variant.world > 1:
        values = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": variant.world, "LOCAL_WORLD_SIZE": variant.world}
        os.environ.update({name: str(value) for name, value in values.items()})
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    with joined() as ranks, killed_at(kill_at_call, how) as calls:
        toy = ToyData(batch_size=4)
        lengths = torch.tensor([len(text) for text in toy.texts]).numpy()

        def batch(rows: Any) -> Batch:
            return toy.batch(rows.tolist())

        data = Batching(
            Part(lengths, lengths, batch),
            {"development": Part(lengths, lengths, batch)},
            batch_size=4,
            seed=1,
            accumulate=variant.accumulate,
            workers=variant.workers,
            rank=ranks.rank,
            world=ranks.world,
        )
        chosen: dict[str, Any] = {"checkpoint": {"unit": "steps", "every": variant.every}}
        if variant.extras:
            chosen |= {"ema": {"enabled": True}, "adversarial": {"enabled": True}}
        trainer = make_trainer(
            Path(folder), data=data, ranks=ranks, callbacks=chosen, max_epochs=4, strategy=variant.strategy
        )
        try:
            trainer.fit()
        except Interrupted as error:
            os._exit(error.exit_code)
    result = bits(trainer)
    if rank == 0:
        answer.send((result, calls[0], trainer.context.state.best_score))
    answer.close()
    os._exit(0)


@contextmanager
def killed_at(number: int, how: str) -> Iterator[list[int]]:
    """Kill this process `before`, `after` or in the `middle` of the `number`th call that changes the disk."""
    count = [0]

    def wrap(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            count[0] += 1
            if count[0] != number:
                return function(*arguments, **named)
            try:
                if how == "middle" and name == "write":
                    function(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                elif how == "after":
                    function(*arguments, **named)
            finally:  # some calls are expected to fail: a folder that is there already
                os.kill(os.getpid(), signal.SIGKILL)

        return called

    for name in CALLS:
        setattr(os, name, wrap(getattr(os, name), name))
    yield count


# Loaded once, by the server that processes are forked from: an optimizer brings hundreds of modules of torch with it.
torch.set_num_threads(1)
make_trainer(None, max_epochs=1).fit()
