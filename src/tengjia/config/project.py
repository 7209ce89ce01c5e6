"""The settings that belong to no module: the top level of a config. This is their one home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ROOTS: Final = (
    "dataset_root",
    "bert_model_root",
    "word_vector_root",
    "check_point_root",
    "log_root",
    "cache_root",
)
"""Folders; relative ones start at the root of the project."""


@dataclass(frozen=True)
class Project:
    """Top-level settings."""

    app: str
    """Application: a folder under `src/applications`."""
    task: str
    """Task: a folder under `src/applications/<app>/tasks`."""
    stage: str | tuple[str, ...] = "train"
    """What to do: preprocess, train, cross_validate, test, apply, a stage of the task's own, or a list of these."""
    base_task: str | None = None
    """The NLP base task that this task is one of: a folder under `tengjia/base_tasks`."""
    seed: int = 1
    """Governs all randomness."""
    run: str | None = None
    """For `train` the name of the new run (null: by the time); else the run to use: latest, best, a name, a path."""
    resume: str = "never"
    """Whether `train` goes on with an earlier run: never, auto (the newest that was not finished), or its name."""
    compare: str | None = None
    """Run whose test results the stage `test` compares with."""
    folds: int = 5
    """In how many folds the stage `cross_validate` cuts the training and development examples."""
    group: str | None = None
    """Column that says which examples belong together, so that no two folds share a group; null: as `split.by` says."""
    sweep: str | None = None
    """Sweep (`-m`) to go on with: latest, or its name; its finished jobs are not repeated."""
    debug: bool = False
    """Show tracebacks."""
    dataset_root: str = "resources/datasets"
    """Where corpora lie."""
    bert_model_root: str = "resources/bert_models"
    """Where encoder folders lie."""
    word_vector_root: str = "resources/word_vectors"
    """Where word vectors lie."""
    check_point_root: str = "data/check_points"
    """Where runs are kept."""
    log_root: str = "data/logs"
    """Where logs are kept."""
    store: str | None = None
    """Model store of the project: a folder (relative to the project) or a URL; null: `~/.tengjia/store`."""
    cache_root: str = "data/cache"
    """Where preprocessed data is kept."""
    mirror: str | None = None
    """Web server with a copy of a `dataset_root` to fetch corpora from; null: from the authors' addresses."""
