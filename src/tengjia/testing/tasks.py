"""What a task promises: its configs are right, and its stages run from the corpus to an answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tengjia.command.task_check import check_task
from tengjia.testing.broken import hold
from tengjia.testing.subject import project_of

TINY: Final = ("trainer.max_steps=2", "trainer.device=cpu", "preprocess.workers=0")
"""Overrides that hold a training to a few steps."""

FURTHER: Final = {"text_matching": ("apply.second=李四 works in 上海.", "apply.context_column=null")}
"""Base tasks whose questions are more than a text -> the rest of one, and what is left out of it."""

LONGEST: Final = 600
"""Seconds that all stages together may take."""


@dataclass(frozen=True)
class Stages:
    """The stages of one task, run as a user would, in folders of their own.

    Args:
        test: File of the test, by which the project is found.
        folder: Takes runs, caches and logs.
        app: The application.
        task: The task.
        overrides: Further `KEY=VALUE` words for preprocessing and training (`trainer.max_steps=1`).
    """

    test: Path
    folder: Path
    app: str
    task: str
    overrides: tuple[str, ...] = ()

    def __call__(self, text: str = "张三 works in 北京.") -> None:
        """Check the configs, preprocess, train for two steps, test, and answer one text."""
        self.check()
        self.run("stage=[preprocess,train,test]", *TINY, *self.overrides)
        self.run("stage=apply", "apply.device=cpu", f"apply.text={text}", *FURTHER.get(self.base_task, ()))

    def check(self) -> None:
        """Every mistake in the YAML files of the task is told."""
        problems = check_task(self.root, self.app, self.task)
        hold(not problems, "testing.mistakes", app=self.app, task=self.task, found="\n".join(map(str, problems)))

    def run(self, *words: str) -> str:
        """Run `run_modeling.py` with these words in a process of its own; gives what it printed."""
        folders = [f"{name}={self.folder / name}" for name in ("check_point_root", "log_root", "cache_root")]
        command = [sys.executable, str(self.root / "run_modeling.py"), f"app={self.app}", f"task={self.task}"]
        done = subprocess.run(
            [*command, *words, *folders],
            cwd=self.root,
            env={**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=LONGEST,
        )
        said = f"{done.stdout}\n{done.stderr}"
        hold(done.returncode == 0, "testing.stage_failed", words=" ".join(words), exit_code=done.returncode, found=said)
        return done.stdout

    @property
    def base_task(self) -> str:
        """What the training file names as its base task."""
        file = self.root / "src" / "applications" / self.app / "tasks" / self.task / "config_task_training.yaml"
        found = re.search(r"(?m)^base_task: *(\w+)", file.read_text("utf-8")) if file.is_file() else None
        return found[1] if found else ""

    @property
    def root(self) -> Path:
        """The project."""
        root = project_of(self.test)
        hold(root is not None, "testing.no_project", found=self.test)
        assert root is not None
        return root
