"""Wrong texts mined between epochs: which ones, the same for the same seed and epoch, exact resume, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from tengjia.base_tasks import text_matching
from tengjia.base_tasks.stages.training import build_trainer
from tengjia.base_tasks.stages.verification import verify
from tengjia.base_tasks.text_matching.task import TASK
from tengjia.distributed import SINGLE
from tengjia.errors import CheckpointError, TrainingError
from tengjia.registry import callbacks
from tengjia.runs import RunFolder
from tengjia.training.callback import Callback

from .project import config, new_run, written

WORDS = (
    "criterion=triplet",
    "model.comparison=cosine",
    "callbacks.hard_negatives.enabled=true",
    "callbacks.hard_negatives.first=1",
    "trainer.batch_size=8",
    "trainer.max_epochs=2",
)


def mining(**values: Any) -> Any:
    return callbacks.build({"name": "hard_negatives", "enabled": True, **values})


def hardest(first: Any, second: Any, fits: Any, groups: Any, draw: float = 0.0, **values: Any) -> list[int]:
    """What is mined for every row."""
    count = len(fits)
    tensors = [torch.nn.functional.normalize(torch.tensor(v, dtype=torch.float64), dim=-1) for v in (first, second)]
    known = [torch.tensor(fits), torch.tensor(groups), torch.full((count,), draw, dtype=torch.float64)]
    found: list[int] = mining(**values)._hardest(*tensors, *known, torch.arange(count)).tolist()
    return found


DIRECTIONS = [[1.0, 0.0], [0.9, 0.2], [0.8, 0.6], [0.5, 0.8], [0.0, 1.0]]


def test_the_nearest_that_lies_farther_than_the_right_one_is_taken():
    first = [[1.0, 0.0]] * 5
    second = [DIRECTIONS[1], DIRECTIONS[0], DIRECTIONS[2], DIRECTIONS[3], DIRECTIONS[4]]
    fits, groups = [True] * 5, [0, 1, 2, 3, 4]
    assert hardest(first, second, fits, groups, among=1)[0] == 2  # 1 is nearer than the right one
    assert hardest(first, second, fits, groups, among=1, skip=1)[0] == 3
    assert hardest(first, second, fits, groups, draw=0.99, among=3)[0] == 4


def test_texts_of_the_same_first_text_serve_only_if_they_are_known_not_to_fit():
    first, second = [[1.0, 0.0]] * 3, [DIRECTIONS[0], DIRECTIONS[1], DIRECTIONS[4]]
    assert hardest(first, second, [True, True, True], [0, 0, 1], among=1)[0] == 2
    assert hardest(first, second, [True, False, True], [0, 0, 1], among=1)[0] == 1


def test_where_everything_fits_its_own_second_text_stays():
    first, second = [[1.0, 0.0]] * 2, [DIRECTIONS[0], DIRECTIONS[1]]
    assert hardest(first, second, [True, True], [0, 0]) == [0, 1]


class Watch(Callback):
    """Notes what was mined at each epoch."""

    order = 60
    essential = True

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def on_epoch_start(self, context: Any) -> None:
        rows = context.data.training.batch
        self.seen.append(rows.negatives.copy())
        assert len(rows(numpy.arange(3)).texts) == 3


def trained(folder: Path, *words: str) -> list[Any]:
    settings, watch = config(folder, *WORDS, *words), Watch()
    data = text_matching.build_dataset(settings, new_run(folder, f"run{len(list(folder.rglob('run*')))}"))
    trainer = build_trainer(TASK, settings, None, data, text_matching.build_model(settings, data), SINGLE, [watch])
    trainer.fit()
    return watch.seen


def test_mined_texts_depend_on_seed_and_epoch(tmp_path: Path):
    written(tmp_path)
    first, again, other = trained(tmp_path), trained(tmp_path), trained(tmp_path, "seed=2")
    assert len(first) == 2
    assert all(numpy.array_equal(one, two) for one, two in zip(first, again))
    assert not numpy.array_equal(first[0], other[0])
    assert not numpy.array_equal(first[0], first[1])
    assert trained(tmp_path, "callbacks.hard_negatives.every=2")[1].tolist() == first[0].tolist()


def test_stopped_in_the_middle_of_an_epoch_and_resumed_to_the_bit(tmp_path: Path):
    written(tmp_path)
    told: list[str] = []
    verify(
        TASK,
        config(tmp_path, *WORDS, "trainer.max_epochs=3"),
        RunFolder.create(tmp_path / "verified", seed=1, app="demo_app", task="resume_matching"),
        build_dataset=text_matching.build_dataset,
        build_model=text_matching.build_model,
        points=3,
        steps=9,
        tell=told.append,
    )
    assert len(told) >= 3


def test_a_model_that_reads_both_texts_as_one_cannot_mine(tmp_path: Path):
    settings = config(written(tmp_path), "callbacks.hard_negatives.enabled=true")
    data = text_matching.build_dataset(settings, new_run(tmp_path))
    model: Any = text_matching.build_model(settings, data)
    type(model).decoder, before = "score", type(model).decoder
    try:
        trainer = build_trainer(TASK, settings, None, data, model, SINGLE)
        with pytest.raises(TrainingError, match="compares vectors, but SiameseBiLSTM reads both texts as one"):
            trainer.fit()
    finally:
        type(model).decoder = before


def test_mined_texts_of_other_data_are_refused(tmp_path: Path):
    settings = config(written(tmp_path), *WORDS)
    data = text_matching.build_dataset(settings, new_run(tmp_path))
    trainer = build_trainer(TASK, settings, None, data, text_matching.build_model(settings, data), SINGLE)
    [callback] = [one for one in trainer.callbacks.callbacks if type(one).__name__ == "HardNegatives"]
    callback.load_tensors({"mined": torch.zeros(3, dtype=torch.int64)})
    with pytest.raises(CheckpointError, match="3 pairs there, 36 here"):
        trainer.fit()
