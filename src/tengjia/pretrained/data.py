"""Data as it is given to a trainer: files, or examples of the program; made to what a training config names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tengjia.errors import DataError
from tengjia.pretrained.settings import module_settings
from tengjia.utilities.files import written_atomically

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.fine_tuning import FineTuning

_BY_ENDING: Final = {".jsonl": "json_lines", ".csv": "csv", ".tsv": "csv", ".xlsx": "excel"}
"""Readers that are taken for a file when none is named and the model was trained from files of another kind."""


@dataclass(frozen=True)
class Given:
    """Data of one part."""

    part: str
    """`train`, `development` or `test`."""

    files: tuple[str, ...]
    """Absolute paths."""

    distinct: int | None = None
    """How many texts, where the file was made here from examples."""

    @property
    def made(self) -> bool:
        """Whether it was."""
        return self.distinct is not None


def given(part: str, data: Any, work: Path, base_task: FineTuning, encoding: Any) -> Given:
    """What was passed as data of a part.

    Args:
        part: Its name.
        data: A file or folder, several of them, or examples `(text, answer)`.
        work: Where a file is made of examples.
        base_task: How models of its base task are trained on; it knows what an answer looks like.
        encoding: That of the model.

    Raises:
        DataError: It is none of these, or a file is missing.
    """
    if isinstance(data, str | Path):
        data = [data]
    items = list(data) if isinstance(data, Iterable) else None
    if not items:
        raise DataError("pretrained.no_data", key=part, found=type(data).__name__ if items is None else "nothing")
    if all(isinstance(item, str | Path) for item in items):
        return Given(part, tuple(str(_existing(Path(item), part)) for item in items))
    file = work / "dataset_root" / f"{part}.jsonl"
    rows = [_row(item, number, part, base_task, encoding) for number, item in enumerate(items)]
    with written_atomically(file, "w") as opened:
        opened.writelines(json.dumps(row, ensure_ascii=False) + "\n" for _, row in rows)
    return Given(part, (str(file),), len({repr(question) for question, _ in rows}))


def corpus(
    parts: Sequence[Given], reader: str | Mapping[str, Any] | None, saved: Any, options: Mapping[str, Any]
) -> dict[str, Any]:
    """The kinds `dataset` and `reader` of a config.

    Args:
        parts: The data of each part.
        reader: What the caller chose.
        saved: What the model was trained with.
        options: Of `json_lines`, for rows of the base task as examples of a program are written.

    Raises:
        DataError: Files and examples are mixed.
        ConfigurationError: There is no such reader, or it has no such option.
    """
    if len({each.made for each in parts}) > 1:
        raise DataError("pretrained.mixed_data", found=", ".join(each.part for each in parts))
    rows = {"name": "json_lines", **options}
    if parts[0].made:
        chosen: Any = rows
    elif reader is not None:
        chosen = reader
    else:
        saved_name = str(saved.get("name")) if isinstance(saved, Mapping) else ""
        by_ending = _BY_ENDING.get(Path(parts[0].files[0]).suffix.lower())
        chosen = by_ending if by_ending and not saved_name.startswith("json") else saved or by_ending or "columns"
        chosen = rows if chosen == "json_lines" else chosen
    dataset = {"name": "files", "train": [], "development": [], "test": []}
    return {
        "dataset": {**dataset, **{each.part: list(each.files) for each in parts}},
        "reader": module_settings("reader", {"name": chosen} if isinstance(chosen, str) else chosen),
    }


def saved_corpus(saved: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds `dataset` and `reader` as a model was trained with them, checked: they come from its bundle.

    Raises:
        ConfigurationError: There are no such modules here, or they have other parameters.
    """
    chosen = {kind: saved[kind] for kind in ("dataset", "reader") if saved.get(kind) is not None}
    return {kind: module_settings(kind, values) for kind, values in chosen.items()}


def _existing(path: Path, part: str) -> Path:
    path = path.expanduser().absolute()
    if not path.exists():
        raise DataError("pretrained.no_file", key=part, file=path)
    return path


def _row(item: Any, number: int, part: str, base_task: FineTuning, encoding: Any) -> tuple[Any, Mapping[str, Any]]:
    """A question, and the row of its example."""
    try:
        question, answer = item
        if not isinstance(question, str) and not all(isinstance(text, str) for text in question):
            raise TypeError(type(question).__name__)
        row = base_task.example(question, answer, encoding)
        json.dumps(row, ensure_ascii=False, allow_nan=False).encode("utf-8")
        return question, row
    except (TypeError, ValueError, AttributeError) as error:
        raise DataError(
            "pretrained.bad_example", key=f"{part}.{number}", found=repr(item)[:100], reason=str(error)[:100]
        ) from None
