"""`tengjia verify-resume [APP [TASK]] [KEY=VALUE ...]`: proof that your own task resumes exactly."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from pathlib import Path
from typing import Any

from tengjia.messages import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    about = text("command.verify_words").message
    parser.add_argument("words", nargs="*", metavar="APP | TASK | KEY=VALUE", help=about)
    parser.add_argument("--points", type=int, default=5, help=text("command.verify_points").message)
    parser.add_argument("--steps", type=int, default=30, help=text("command.verify_steps").message)


def run(arguments: argparse.Namespace) -> int:
    """Train without a stop and with several; exit code 0 when all end in the same bits, 4 when one does not."""
    from tengjia.base_tasks.known import base_task
    from tengjia.base_tasks.stages.verification import verify
    from tengjia.command.notebook import compose
    from tengjia.command.project import find_root
    from tengjia.runs import RunFolder

    root = find_root()
    config = compose(root, _overrides(arguments.words))
    build_dataset, build_model = (_step(root, config, name) for name in ("build_dataset", "build_model"))
    task = base_task(str(config.base_task))
    with tempfile.TemporaryDirectory(prefix="tengjia-verify-") as folder:
        notes = RunFolder.create(Path(folder), seed=config.seed, app=config.app, task=config.task)
        verify(
            task,
            config,
            notes,
            build_dataset=build_dataset,
            build_model=build_model,
            points=arguments.points,
            steps=arguments.steps,
            tell=print,
        )
    print(text("trainer.proof_holds", points=arguments.points).message)
    return 0


def _overrides(words: list[str]) -> list[str]:
    names = [word for word in words if "=" not in word]
    chosen = [f"{key}={name}" for key, name in zip(("app", "task"), names)]
    return [*chosen, "stage=train", *(word for word in words if "=" in word)]


def _step(root: Path, config: Any, name: str) -> Any:
    """A function of the task's own step files, as `run_modeling.py` would import it."""
    from tengjia.command.project import make_importable

    make_importable(root)
    return getattr(importlib.import_module(f"src.applications.{config.app}.tasks.{config.task}.{name}"), name)
