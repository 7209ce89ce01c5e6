"""Encoded texts: one, a whole chunk in columns, windows of a long one, and the batch they become."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy

from tengjia.base_tasks.texts.batches import framed, padded

if TYPE_CHECKING:
    from tengjia.contracts import Batch


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text, or a window of one, ready for a batch. S pieces, T units."""

    ids: numpy.ndarray
    """`[S]` int32: piece ids, without the frame that a batch adds."""

    units: numpy.ndarray | None
    """`[T]` int32: which piece carries each label; `None`: every piece does."""

    starts: numpy.ndarray
    """`[T]` int32: first character of each unit in the text."""

    ends: numpy.ndarray
    """`[T]` int32: character after the last."""

    labels: numpy.ndarray | None = None
    """`[T]` int16: tag ids, where they are known."""

    features: dict[str, numpy.ndarray] = field(default_factory=dict)
    """`[S]` int32 each: further inputs."""

    index: int = -1
    """Which row of the data this is."""

    @property
    def length(self) -> int:
        """T, the number of units."""
        return len(self.starts)

    def part(self, piece: int, after_piece: int, unit: int, after_unit: int) -> Encoded:
        """The pieces and units of a range."""
        units = None if self.units is None else self.units[unit:after_unit] - piece
        return replace(
            self,
            ids=self.ids[piece:after_piece],
            units=units,
            starts=self.starts[unit:after_unit],
            ends=self.ends[unit:after_unit],
            labels=None if self.labels is None else self.labels[unit:after_unit],
            features={name: values[piece:after_piece] for name, values in self.features.items()},
        )


class Window(NamedTuple):
    """A part of a long text that goes through the model, and the part of its answer to keep."""

    encoded: Encoded
    """The pieces; offsets are those of the whole text."""

    first: int
    """Number of its first unit in the whole text."""

    own: tuple[int, int]
    """Units of the whole text, `[begin, end)`, that this window answers for; all windows together answer for each
    unit once, and a border lies in the middle of an overlap."""

    @property
    def characters(self) -> tuple[int, int]:
        """The characters that the window covers, `[start, end)`."""
        return int(self.encoded.starts[0]), int(self.encoded.ends[-1])


@dataclass(frozen=True)
class Columns:
    """Many rows as flat arrays, row after row. N pieces, U units in all."""

    pieces: numpy.ndarray
    """`[rows]` int64: how many pieces each row has."""
    counts: numpy.ndarray
    """`[rows]` int64: how many units."""
    texts: numpy.ndarray
    """`[rows]` int32: which text a row is of (several when it is cut in windows)."""
    ids: numpy.ndarray
    """`[N]` int32."""
    units: numpy.ndarray | None
    """`[U]` int32, counted within the row."""
    starts: numpy.ndarray
    """`[U]` int32."""
    ends: numpy.ndarray
    """`[U]` int32."""
    labels: numpy.ndarray | None = None
    """`[U]` int16."""
    features: dict[str, numpy.ndarray] = field(default_factory=dict)
    """`[N]` int32 each."""

    def rows(self) -> Iterator[Encoded]:
        """The rows one by one (views, not copies)."""
        first = piece = 0
        for number, (pieces, count) in enumerate(zip(self.pieces.tolist(), self.counts.tolist())):
            last, after = first + count, piece + pieces
            yield Encoded(
                self.ids[piece:after],
                None if self.units is None else self.units[first:last],
                self.starts[first:last],
                self.ends[first:last],
                None if self.labels is None else self.labels[first:last],
                {name: values[piece:after] for name, values in self.features.items()},
                number,
            )
            first, piece = last, after


def windows(encoded: Encoded, room: int, overlap: int) -> list[Window]:
    """Cut an encoded text in windows that overlap; never inside a word, unless the word is longer than a window.

    Args:
        encoded: A whole text.
        room: At most so many pieces a window.
        overlap: About so many pieces stand in two neighbouring windows (more where a word would be cut).

    Returns:
        The windows in order; none for a text without units.
    """
    if encoded.length == 0:
        return []
    if len(encoded.ids) <= room:
        return [Window(encoded, 0, (0, encoded.length))]
    begins = numpy.arange(encoded.length) if encoded.units is None else encoded.units
    parts = [
        (piece, after, *numpy.searchsorted(begins, [piece, after]).tolist())
        for piece, after in piece_ranges(begins, len(encoded.ids), room, overlap)
    ]
    parts = [part for part in parts if part[3] > part[2]]  # the rest of an endless word holds no unit
    borders = [0, *((left[3] + right[2]) // 2 for left, right in itertools.pairwise(parts)), encoded.length]
    return [Window(encoded.part(*part), part[2], (borders[i], borders[i + 1])) for i, part in enumerate(parts)]


def piece_ranges(begins: numpy.ndarray, total: int, room: int, overlap: int) -> list[tuple[int, int]]:
    """Ranges of at most `room` pieces that cover `total` pieces and begin and end where units begin, if they can.

    Args:
        begins: Sorted pieces at which a cut is allowed.
        total: Number of pieces.
        room: At most so many pieces a range.
        overlap: Pieces that a range shares with the one before, at least where cuts are allowed there.
    """
    ranges = []
    start = end = 0
    while total - start > room:
        end = _last(begins, start + room, above=max(start + overlap, end)) or start + room
        ranges.append((start, end))
        start = _last(begins, end - overlap, above=start) or end - overlap
    return [*ranges, (start, total)]


def _last(begins: numpy.ndarray, limit: int, above: int) -> int | None:
    """The last allowed cut at or before `limit` and after `above`."""
    place = int(numpy.searchsorted(begins, limit, side="right")) - 1
    return int(begins[place]) if place >= 0 and begins[place] > above else None


class Arrays(NamedTuple):
    """What a batch is made of, before it is tensors (`contracts.Batch` tells the shapes)."""

    ids: numpy.ndarray
    mask: numpy.ndarray
    units: numpy.ndarray | None
    unit_mask: numpy.ndarray | None
    features: dict[str, numpy.ndarray]


def arrays(rows: Sequence[Encoded], frame: tuple[int, int] | None = None) -> Arrays:
    """Join rows to arrays, padded at the end.

    Args:
        rows: At least one.
        frame: Ids of the pieces to put before and after each row.
    """
    shift = 0 if frame is None else 1
    ids, mask = framed([row.ids for row in rows], frame)
    units = unit_mask = None
    if shift or any(row.units is not None for row in rows):
        counts = numpy.array([row.length for row in rows])
        places = [numpy.arange(row.length) if row.units is None else row.units for row in rows]
        units = padded([place + shift for place in places], int(counts.max()))
        unit_mask = numpy.arange(counts.max()) < counts[:, None]
    features = {name: padded([row.features[name] for row in rows], ids.shape[1], shift) for name in rows[0].features}
    return Arrays(ids, mask, units, unit_mask, features)


def collate(rows: Sequence[Encoded], frame: tuple[int, int] | None = None) -> Batch:
    """Join rows to a batch, padded at the end.

    Args:
        rows: At least one; either all with labels or none.
        frame: Ids of the pieces to put before and after each row.
    """
    import torch

    from tengjia.contracts import Batch

    made = arrays(rows, frame)
    labels = [row.labels for row in rows if row.labels is not None]
    longest = max(row.length for row in rows)
    return Batch(
        ids=torch.from_numpy(made.ids),
        mask=torch.from_numpy(made.mask),
        units=None if made.units is None else torch.from_numpy(made.units),
        unit_mask=None if made.unit_mask is None else torch.from_numpy(made.unit_mask),
        labels=torch.from_numpy(padded(labels, longest)) if len(labels) == len(rows) else None,
        features={name: torch.from_numpy(values) for name, values in made.features.items()},
        index=torch.tensor([row.index for row in rows], dtype=torch.int64),
    )
