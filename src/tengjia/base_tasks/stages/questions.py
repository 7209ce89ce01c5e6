"""The question that the section `apply` asks: a text, or several of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tengjia.base_tasks.stages.base_task import BaseTask

Question = str | tuple[str, ...]
"""What a pipeline is asked: a text, or where there are several all of them, in the order of `BaseTask.columns`."""


def question_of(task: BaseTask, text: str, others: Mapping[str, str]) -> Question:
    """The question that a text makes with the other texts that it needs; one that was not asked for is empty."""
    return (text, *(others.get(name, "") for name in task.columns)) if task.columns else text


def said(task: BaseTask, wanted: Any) -> dict[str, str]:
    """The other texts that the section names itself (`apply.second=...`), the same for all questions."""
    values = {name: getattr(wanted, name, None) for name in task.columns}
    return {name: value for name, value in values.items() if value is not None}


def columns_asked(task: BaseTask, wanted: Any) -> dict[str, str]:
    """The other texts that stand in columns of a file: name -> column."""
    given = said(task, wanted)
    columns = {name: getattr(wanted, key) for name, key in task.columns.items() if name not in given}
    return {name: column for name, column in columns.items() if column is not None}
