"""Sizes of batches that repeat, and what is made of them."""

from __future__ import annotations

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tengjia.base_tasks.stages.answering import length_batches
from tengjia.base_tasks.texts.batches import text_batch, widened
from tengjia.contracts import Batch, PairBatch, SequenceBatch
from tengjia.layers.generation.leaving import parted
from tengjia.utilities.few_sizes import COARSE, FINE, at_least, at_most, in_eights

UP_TO = 4096


@pytest.mark.parametrize("steps", [1, 2, COARSE, FINE])
def test_the_next_of_few_sizes(steps: int) -> None:
    sizes = sorted({at_least(size, steps) for size in range(1, UP_TO + 1)})
    assert sizes == sorted({at_most(size, steps) for size in range(1, UP_TO + 1)})
    assert sizes[: 2 * steps] == list(range(1, 2 * steps + 1))
    for size in range(1, UP_TO + 1):
        assert at_least(size, steps) == min(one for one in sizes if one >= size)
        assert at_most(size, steps) == max(one for one in sizes if one <= size)
    for power in range(steps.bit_length(), 12):
        assert sum(2 ** (power - 1) < one <= 2**power for one in sizes) == steps
    assert at_least(0, steps) == at_most(0, steps) == 0


def test_little_is_computed_in_vain() -> None:
    share = [(at_least(size) - size) / size for size in range(1, 513)]
    assert max(share) < 1 / 8 and sum(share) / len(share) < 0.045


@given(st.lists(st.integers(0, 900), max_size=200), st.integers(1, 80))
def test_groups_of_like_length_have_few_sizes(lengths: list[int], batch_size: int) -> None:
    groups = list(length_batches(range(len(lengths)), lengths, batch_size))
    assert sorted(number for group in groups for number in group) == list(range(len(lengths)))
    told = [lengths[number] for group in groups for number in group]
    assert told == sorted(lengths, reverse=True)
    for group in groups:
        assert len(group) == batch_size or (len(group) < batch_size and at_most(len(group)) == len(group))
        assert len(group) == 1 or len(group) * lengths[group[0]] <= batch_size * 128


@given(st.lists(st.integers(0, 70), min_size=1, max_size=9), st.booleans(), st.integers(72, 100))
def test_a_wider_batch_says_the_same(counts: list[int], framed: bool, most: int) -> None:
    rows = [numpy.arange(2, 2 + count, dtype=numpy.int32) for count in counts]
    batch = text_batch(rows, {"bigrams": rows} if min(counts) else {}, (2, 3) if framed else None)
    wide, width = widened(batch, most), batch.ids.shape[1]
    assert wide.ids.shape == wide.mask.shape and wide.ids.shape[1] == min(at_least(width), most)
    assert torch.equal(wide.ids[:, :width], batch.ids) and torch.equal(wide.mask[:, :width], batch.mask)
    assert not wide.ids[:, width:].any() and not wide.mask[:, width:].any() and wide.mask.dtype is torch.bool
    for name, values in batch.features.items():
        assert torch.equal(wide.features[name][:, :width], values) and wide.features[name].shape == wide.ids.shape


def test_units_are_widened_too() -> None:
    batch = text_batch([numpy.arange(17)], {}, None)
    batch.units, batch.unit_mask = torch.arange(17)[None], torch.ones(1, 17, dtype=torch.bool)
    wide = widened(batch, 512)
    assert wide.units is not None and wide.units.shape == (1, 18) and wide.label_mask.tolist()[0][17:] == [False]


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_who_leaves_a_batch(done: list[bool]) -> None:
    leaving, staying = (part.tolist() for part in parted(torch.tensor(done)))
    assert sorted(leaving + staying) == list(range(len(done)))
    assert leaving == sorted(leaving) and staying == sorted(staying)
    assert all(done[number] for number in leaving)
    unfinished = done.count(False)
    assert len(staying) == min(at_least(unfinished, COARSE), len(done))


def test_in_eights() -> None:
    assert [in_eights(size) for size in (0, 1, 7, 8, 9, 64, 65)] == [0, 8, 8, 8, 16, 64, 72]


def test_batches_to_learn_from_are_widened_too() -> None:
    ids, mask = torch.tensor([[5, 6, 7], [5, 0, 0]]), torch.tensor([[True, True, True], [True, False, False]])
    batch = Batch(ids, mask, labels=ids.clone(), target=torch.tensor([1, 0]), index=torch.tensor([4, 9]))
    wide = widened(batch, 6, in_eights)
    assert wide.ids.shape == wide.mask.shape == (2, 6) and wide.labels is not None and wide.labels.shape == (2, 6)
    assert torch.equal(wide.labels[:, :3], ids) and not wide.labels[:, 3:].any() and not wide.mask[:, 3:].any()
    assert wide.target is batch.target and wide.index is batch.index
    pair = widened(PairBatch((batch, batch), target=torch.tensor([0.5, 1.0])), 100, in_eights)
    assert [text.ids.shape for text in pair.texts] == [(2, 8), (2, 8)] and pair.target is not None
    told = widened(SequenceBatch(batch, target=ids, target_mask=mask), 100, in_eights)
    assert told.target is not None and told.target_mask is not None
    assert told.source.ids.shape == (2, 8) and told.target.shape == told.target_mask.shape == (2, 9)
    unknown = widened(SequenceBatch(batch), 100, in_eights)
    assert unknown.target is None and unknown.target_mask is None
