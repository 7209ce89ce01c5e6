"""`python run_modeling.py`: from the command line to an exit code.

read the words -> plan -> check everything, tell all mistakes at once -> Hydra composes -> check again -> run stages
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.command.arguments import Arguments, read_arguments
from tengjia.command.encodings import in_utf8
from tengjia.command.exits import told
from tengjia.errors import ConfigurationError

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from tengjia.command.plan import Plan


def main(root: Path, words: Sequence[str] | None = None) -> int:
    """Do what the command line says.

    Args:
        root: Root of the project.
        words: The command line; `sys.argv[1:]` when not given.

    Returns:
        0 when all went well, else the exit code of the error (see `tengjia.errors`).
    """
    if words is None:
        in_utf8()
    arguments = read_arguments(sys.argv[1:] if words is None else words)
    return told(lambda: _main(root, arguments), debug=lambda: "debug" in arguments.switches)


def _main(root: Path, arguments: Arguments) -> int:
    if "help" in arguments.switches:
        from tengjia.command.help import help_text

        print(help_text(root), flush=True)
        return 0
    if "version" in arguments.switches:
        from tengjia import __version__

        print(f"tengjia {__version__}")
        return 0
    from tengjia.command.checks import check_plan
    from tengjia.command.reading import make_plan

    plan = make_plan(root, arguments)
    if "completion" not in arguments.switches and (problems := check_plan(plan)):
        raise ConfigurationError(problems)
    if plan.views and plan.views[0].merged()[("debug",)].value is True:
        arguments.switches.add("debug")
    if arguments.explain:
        from tengjia.command.explanation import explain

        return explain(plan, arguments.explain)
    if not plan.views:
        return 0
    if arguments.multirun:
        from tengjia.command.sweeps import sweep

        return sweep(plan)
    return run_hydra(plan)


def run_hydra(plan: Plan, extra: Sequence[str] = ()) -> int:
    """Hand over to Hydra: it composes, and calls the job once or, in a sweep, many times."""
    os.environ["HYDRA_FULL_ERROR"] = "1"  # errors come to us instead of being printed
    import hydra

    from tengjia.command.composition import hydra_in_words, install

    name = install(plan)
    if "completion" not in plan.arguments.switches:
        overrides = [override.text for override in plan.overrides]
        sys.argv[1:] = [*plan.arguments.for_hydra(), *overrides, *extra]

    job = Job(plan)
    with hydra_in_words():
        hydra.main(version_base="1.3", config_path=None, config_name=name)(job)()
    if job.failure is not None:
        raise job.failure
    return 0


class Job:
    """What Hydra calls for each composed config. A launcher may send it to another process.

    It never raises for a failed stage, because Hydra would print words of its own; the first failure is kept.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.failure: Exception | None = None

    def __setstate__(self, state: dict[str, Any]) -> None:
        from tengjia.command.composition import install
        from tengjia.registry import Scope, set_scope

        self.__dict__.update(state)
        set_scope(Scope(self.plan.root, self.plan.app, self.plan.task))
        install(self.plan)

    def __call__(self, composed: DictConfig) -> Any:
        """Run one job; gives its score if it has one."""
        from tengjia.command.job import run_job
        from tengjia.command.sweeps import run_sweep_job

        run = run_sweep_job if self.plan.arguments.multirun else run_job
        try:
            return run(self.plan, composed)
        except Exception as error:
            self.failure = self.failure or error
            return None
