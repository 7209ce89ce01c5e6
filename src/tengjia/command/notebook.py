"""The config of a task without a command line: for notebooks, benchmarks and tests.

config = compose(Path("."), ["task=ner", "model=cnn_crf"])
dataset = sequence_labeling.build_dataset(config, run)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tengjia.config import Settings


def compose(root: Path, overrides: Sequence[str] = ()) -> Settings:
    """The effective config of a stage, as its step would receive it.

    Args:
        root: Folder that holds `config_project.yaml`.
        overrides: As on the command line: `task=ner`, `stage=train`, `model.hidden_size=64`.

    Raises:
        ConfigurationError: Something is wrong; everything that is, at once.
    """
    from tengjia.command.arguments import read_arguments
    from tengjia.command.checks import check_plan
    from tengjia.command.explanation import effects_of
    from tengjia.command.reading import make_plan
    from tengjia.errors import ConfigurationError

    plan = make_plan(root.resolve(), read_arguments(list(overrides)))
    problems = check_plan(plan)
    if problems:
        raise ConfigurationError(problems)
    return effects_of(plan)[0].settings
