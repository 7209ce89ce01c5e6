"""Tensors copied side by side into one buffer that is a safetensors file already: nothing is left to serialise.

    [8 bytes: length of the header] [header: JSON, padded with spaces] [the tensors, the widest types first]

Training waits while tensors are copied, and shares its cores with whoever writes them: so each is copied once, by the
thread that trains, and what is hashed and written is that copy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Final

import torch

from tengjia.utilities.large_writes import BLOCK

DTYPES: Final = {
    torch.bool: "BOOL",
    torch.uint8: "U8",
    torch.int8: "I8",
    torch.int16: "I16",
    torch.int32: "I32",
    torch.int64: "I64",
    torch.float16: "F16",
    torch.bfloat16: "BF16",
    torch.float32: "F32",
    torch.float64: "F64",
}
"""What the format calls the types that training has."""
ALIGNMENT: Final = 8
"""Bytes of which the header is a multiple, so that every tensor lies where its type asks for."""


class Packed(Mapping[str, torch.Tensor]):
    """Copies of tensors by name, on the CPU, all in one buffer.

    Args:
        tensors: On any device; of sharded ones the whole is copied, which is collective.

    Raises:
        KeyError: A tensor has a type that is not in `DTYPES`.
    """

    def __init__(self, tensors: Mapping[str, torch.Tensor]) -> None:
        # The widest first: every tensor then lies at a multiple of the size of its entries.
        ordered = sorted(tensors.items(), key=lambda item: (-item[1].element_size(), DTYPES[item[1].dtype], item[0]))
        header = _header(tuple((name, tensor.dtype, tensor.shape) for name, tensor in ordered))
        self._buffer = _at_a_block(len(header) + sum(tensor.nbytes for _, tensor in ordered))
        self._buffer.numpy()[: len(header)] = memoryview(header)
        pieces: list[torch.Tensor] = []
        start = len(header)
        for dtype, group in groupby((tensor for _, tensor in ordered), key=lambda tensor: tensor.dtype):
            sizes = [tensor.numel() for tensor in group]
            end = start + sum(sizes) * dtype.itemsize
            pieces += torch.split_with_sizes(self._buffer[start:end].view(dtype), sizes)
            start = end
        _copy(pieces, [tensor.detach() for _, tensor in ordered])
        self._tensors = {name: (piece, tensor.shape) for piece, (name, tensor) in zip(pieces, ordered, strict=True)}

    @classmethod
    def of(cls, tensors: Mapping[str, torch.Tensor]) -> Packed:
        """The tensors as they are if they are packed already, else a packed copy."""
        return tensors if isinstance(tensors, Packed) else cls(tensors)

    @property
    def content(self) -> memoryview:
        """The bytes of the file; not a copy."""
        return self._buffer.numpy().data

    def __getitem__(self, name: str) -> torch.Tensor:
        piece, shape = self._tensors[name]
        return piece.view(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def _copy(pieces: list[torch.Tensor], tensors: list[torch.Tensor]) -> None:
    targets, sources = [], []
    for piece, tensor in zip(pieces, tensors, strict=True):
        if hasattr(tensor, "full_tensor"):  # at once: of many the wholes may not fit the device
            piece.copy_(tensor.full_tensor().reshape(-1))
        else:
            targets.append(piece)
            sources.append(tensor.reshape(-1))
    if targets:  # in one call: a call each takes as long as the copying
        torch._foreach_copy_(targets, sources)


def _at_a_block(size: int) -> torch.Tensor:
    """Memory that begins where a write past the page cache can begin."""
    memory = torch.empty(size + BLOCK, dtype=torch.uint8)
    return memory[-memory.data_ptr() % BLOCK :][:size]


@lru_cache(maxsize=16)
def _header(layout: tuple[tuple[str, torch.dtype, torch.Size], ...]) -> bytes:
    """The length and the header; the same at every checkpoint of a training."""
    table, end = {}, 0
    for name, dtype, shape in layout:
        start, end = end, end + shape.numel() * dtype.itemsize
        table[name] = {"dtype": DTYPES[dtype], "shape": list(shape), "data_offsets": [start, end]}
    content = json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()
    content += b" " * (-len(content) % ALIGNMENT)
    return len(content).to_bytes(8, "little") + content
