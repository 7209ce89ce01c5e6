"""The base tasks whose stages are the shared ones, by name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from tengjia.errors import ConfigurationError
from tengjia.utilities.suggestions import suggestions

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask

BASE_TASKS: Final = (
    "sequence_labeling",
    "text_classification",
    "joint_intent_slot",
    "text_matching",
    "sequence_to_sequence",
)
"""Each is a package of this one with the constant `TASK` in its module `task`, imported when it is first used."""


def base_task(name: str) -> BaseTask:
    """The base task of a name.

    Raises:
        ConfigurationError: There is none.
    """
    if name not in BASE_TASKS:
        known = ", ".join(BASE_TASKS)
        raise ConfigurationError(
            "config.unknown_base_task",
            key="base_task",
            found=name,
            nearest=suggestions(name, BASE_TASKS),
            allowed=known,
        )
    task: BaseTask = importlib.import_module(f"tengjia.base_tasks.{name}.task").TASK
    return task
