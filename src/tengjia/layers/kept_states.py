"""What a frozen encoder said of the texts of a training, kept: it reads each text once, not once an epoch.

Nor once a fold: trainings that one process does one after the other (the folds of a cross-validation) with the same
encoder share what is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pad_sequence

Encode = Callable[[Tensor, Tensor], Sequence[Tensor]]
"""`(ids [N, W], mask [N, W])` -> any number of `[N, W, H]`."""
MEBIBYTE = 1 << 20


class KeptStates:
    """Hidden states of texts by their pieces, in a bounded memory; what comes when it is full is not kept.

    Each text goes through the encoder alone: so its states are the same to the last bit whatever batch it came in, and
    a training that was resumed, with nothing kept yet, ends as one that never stopped.

    Args:
        memory: At most so many MiB.
    """

    def __init__(self, memory: int) -> None:
        self._room = memory * MEBIBYTE
        self._kept: dict[bytes, list[Tensor]] = {}

    _last: ClassVar[tuple[bytes, KeptStates] | None] = None

    @classmethod
    def of(cls, encoder: nn.Module, about: str, memory: int) -> KeptStates:
        """What is kept of an encoder, from earlier on if that one was the last and had the same weights.

        Args:
            encoder: Frozen, its weights as they will stay.
            about: What else the states depend on.
            memory: At most so many MiB.
        """
        digest = hashlib.blake2b(f"{about} {memory}".encode())
        for name, tensor in encoder.state_dict().items():
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy())
        if cls._last is None or cls._last[0] != digest.digest():
            cls._last = digest.digest(), cls(memory)
        return cls._last[1]

    def __len__(self) -> int:
        return len(self._kept)

    def states(self, encode: Encode, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """What `encode` gives for `ids` `[N, W]` and `mask` `[N, W]`, without derivatives; 0 in the padding."""
        rows = [self._of_text(encode, row[there]) for row, there in zip(ids, mask)]
        return [pad_sequence(list(states), batch_first=True) for states in zip(*rows)]

    def _of_text(self, encode: Encode, pieces: Tensor) -> list[Tensor]:
        key = f"{pieces.device} {torch.get_num_threads()} ".encode() + pieces.cpu().numpy().tobytes()
        if key in self._kept:
            return self._kept[key]
        with torch.inference_mode(False), torch.no_grad():
            alone = pieces.clone()[None]
            found = [states[0].clone() for states in encode(alone, torch.ones_like(alone, dtype=torch.bool))]
        size = sum(states.nbytes for states in found)
        if size <= self._room:
            self._room -= size
            self._kept[key] = found
        return found
