"""The run folder: everything that executing stages leaves behind, under one identity.

<check_point_root>/<app>/<task>/<run>/
    run.json                  identity, state of each stage, name of each log
    config.json               the full effective config, and the origin of each value
    environment.json          versions, machine, git state
    data.json                 fingerprint and counts of the data
    metrics.jsonl             one line a measurement
    checkpoints/              see `tengjia.checkpoint`
    bundle/                   see `tengjia.bundle`
    students/                 of `stage=distil`: a folder like this one for each student
    folds/                    of a cross-validation: a folder like this one for each fold
    reports/                  curves and test reports
    <stage>_result.json       flat keys, fractions; a second one is `<stage>_result.2.json`
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.errors import CheckpointError, EnvironmentFault
from tengjia.utilities.files import read_json, write_json

TRAINING: Final = ("train", "distil")
"""Stages that train what a run is known by; of `distil` the last."""
STUDENTS: Final = "students"
"""Folder of the runs within a run: those of its students."""
NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\Z")
"""Names that may become part of a path."""


@dataclass(frozen=True)
class RunFolder:
    """One run on disk.

    Args:
        path: The folder; its last part is the identity of the run.
        primary: Whether this process may write (rank 0 of several; the others only read).
    """

    path: Path
    primary: bool = True

    @classmethod
    def create(cls, parent: Path, *, seed: int, app: str, task: str, name: str | None = None) -> RunFolder:
        """Make a new run under `parent`, named by the time unless `name` is given.

        An earlier run of that name that came to nothing makes room; from any other the new one is told by a number.
        """
        stem = name or f"{time.strftime('%Y%m%d-%H%M%S')}-seed{seed}"
        check_name(stem)
        for attempt in range(1, 1000):
            path = parent / (stem if attempt == 1 else f"{stem}-{attempt}")
            try:
                _make(path)
            except FileExistsError:
                if name is None or not _in_the_way(cls(path)):
                    continue
                path.mkdir(parents=True)
            run = cls(path)
            run.describe(app=app, task=task, seed=seed, started=time.time(), stages={})
            return run
        raise CheckpointError("run.bad_name", found=stem)

    @property
    def id(self) -> str:
        """Identity of the run."""
        return self.path.name

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.path / "checkpoints"

    @property
    def bundle(self) -> Path:
        """Folder of the bundle of the best weights."""
        return self.path / "bundle"

    @property
    def folds(self) -> Path:
        """Folder of the folds of a cross-validation."""
        return self.path / "folds"

    @property
    def reports(self) -> Path:
        """Folder of curves and reports."""
        return self.path / "reports"

    def about(self) -> dict[str, Any]:
        """The content of `run.json`."""
        return dict(read_json(self.path / "run.json"))

    def describe(self, **values: Any) -> None:
        """Add to `run.json`."""
        if self.primary:
            file = self.path / "run.json"
            write_json(file, {**(read_json(file) if file.is_file() else {}), **values})

    def begin(self, stage: str) -> None:
        """Note that a stage starts."""
        self._stage(stage, state="running", started=time.time(), process=os.getpid())

    def finish(self, stage: str, state: str = "finished", reason: str = "") -> None:
        """Note how a stage ended: `finished`, `failed` or `interrupted`; and why, if it did not finish."""
        self._stage(stage, state=state, finished=time.time(), **({"reason": reason} if reason else {}))

    def _stage(self, stage: str, **values: Any) -> None:
        if self.primary:
            stages = self.about()["stages"]
            self.describe(stages={**stages, stage: {**stages.get(stage, {}), **values}})

    def finished(self, stage: str) -> bool:
        """Whether a stage was brought to its end."""
        return bool(self.about()["stages"].get(stage, {}).get("state") == "finished")

    def trained(self) -> bool:
        """Whether a stage that trains was brought to its end."""
        return any(self.finished(stage) for stage in TRAINING)

    def has_checkpoints(self) -> bool:
        """Whether a training can be gone on with: its own, or that of one of its students."""
        folders = (self.checkpoints, *self.path.glob(f"{STUDENTS}/*/checkpoints"))
        return any(True for folder in folders for _ in folder.glob("[!.]*"))

    def came_to_nothing(self) -> bool:
        """Whether its stages failed or were stopped before anything came of them: no measurement, no checkpoint."""
        stages = {name: stage.get("state") for name, stage in self.about()["stages"].items()}
        if len(stages) > 1:
            stages.pop("preprocess", None)  # what it made is in the cache
        if not stages or set(stages.values()) - {"failed", "interrupted"}:
            return False
        left = [self.folds.glob("*/checkpoints/[!.]*"), self.folds.glob("*/bundle")]
        return not ((self.path / "metrics.jsonl").is_file() or self.has_checkpoints() or any(map(any, left)))

    def write(self, name: str, content: Any) -> None:
        """Write a JSON document (`config`, `environment`, `data`) of the run."""
        if self.primary:
            write_json(self.path / f"{name}.json", content)

    def write_result(self, stage: str, values: Mapping[str, Any]) -> Path:
        """Keep the result of a stage beside, never over, earlier ones.

        Args:
            stage: `train`, `test`, ...
            values: Flat names to plain values; scores are fractions.
        """
        number = 1
        while (file := self.path / _numbered(f"{stage}_result", number)).exists():
            number += 1
        if self.primary:
            write_json(file, dict(values))
        return file

    def log_metrics(self, step: int, values: Mapping[str, float], **context: Any) -> None:
        """Append one measurement to `metrics.jsonl`. A line cut by a crash is skipped when read."""
        if self.primary:
            line = {"time": round(time.time(), 3), "step": step, **context, **values}
            with open(self.path / "metrics.jsonl", "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def metrics(self) -> Iterator[dict[str, Any]]:
        """The measurements, in the order of their steps; of a step that was repeated after a resume the last."""
        file = self.path / "metrics.jsonl"
        kept: dict[tuple[int, str], dict[str, Any]] = {}
        for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
            try:
                point = json.loads(line)
            except json.JSONDecodeError:
                continue  # the last line of a killed run
            kept[point["step"], str(point.get("part", ""))] = point
        yield from sorted(kept.values(), key=lambda point: point["step"])


def check_name(name: str) -> None:
    """Refuse a run name that could lead outside its folder.

    Raises:
        CheckpointError: The name is not made of letters, digits, `.`, `_` and `-`.
    """
    if not NAME.match(name):
        raise CheckpointError("run.bad_name", found=name)


def _make(path: Path) -> None:
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise EnvironmentFault("run.no_folder", file=path, reason=error.strerror or error) from None


def _in_the_way(run: RunFolder) -> bool:
    """Remove a run that came to nothing; whether it was one, and no part of a sweep."""
    if not (run.path / "run.json").is_file() or "sweep" in run.about() or not run.came_to_nothing():
        return False
    shutil.rmtree(run.path)
    return True


def _numbered(stem: str, number: int) -> str:
    return f"{stem}.json" if number == 1 else f"{stem}.{number}.json"


def select_run(parent: Path, choice: str, *, stage: str | None = "train", monitor: str | None = None) -> RunFolder:
    """The run that `run=latest|best|ID|PATH` means.

    Args:
        parent: `<check_point_root>/<app>/<task>`.
        choice: `latest` (of those that finished `stage`), `best` (by the monitored score that each recorded),
            the name of a run, or the path of one.
        stage: The stage that must have finished for `latest` and `best`; `None` for a task that trains nothing: then
            a run must have left a bundle, and `best` there is none.
        monitor: Not needed; `best` reads `monitor`, `best_score` and `direction` from `train_result.json`.

    Raises:
        CheckpointError: There is no such run; those that exist are named.
    """
    runs = runs_in(parent)
    finished = [run for run in runs if _is_finished(run, stage)]
    if choice == "latest" and finished:
        return finished[-1]
    if choice == "best" and finished and stage:
        return max(finished, key=_score)
    if choice not in {"latest", "best"}:
        for path in (parent / choice if NAME.match(choice) else None, Path(choice)):
            if path is not None and (path / "run.json").is_file():
                return RunFolder(path.resolve())
    allowed = ", ".join(run.id for run in runs[-8:]) or "-"
    if choice in {"latest", "best"} and stage is None:
        raise CheckpointError("run.none_left_bundle", found=choice, folder=parent, allowed=allowed)
    if choice in {"latest", "best"}:
        raise CheckpointError("run.none_finished", found=choice, folder=parent, stage=stage, allowed=allowed)
    raise CheckpointError("run.not_found", found=choice, folder=parent, allowed=allowed)


def runs_in(parent: Path, *, all_of_them: bool = False) -> list[RunFolder]:
    """The runs of a task, the newest last; those that came to nothing only when `all_of_them` are wanted."""
    runs = [RunFolder(file.parent) for file in parent.glob("*/run.json")]
    kept = [run for run in runs if all_of_them or not run.came_to_nothing()]
    return sorted(kept, key=lambda run: run.about()["started"])


def _is_finished(run: RunFolder, stage: str | None) -> bool:
    if stage is None:
        return run.bundle.is_dir()
    return run.trained() if stage in TRAINING else run.finished(stage)


def _score(run: RunFolder) -> float:
    stage = next(stage for stage in reversed(TRAINING) if run.finished(stage))
    result = read_json(run.path / f"{stage}_result.json")
    score = result.get("best_score")
    if score is None:
        return float("-inf")
    return float(score) if result.get("direction", "max") == "max" else -float(score)
