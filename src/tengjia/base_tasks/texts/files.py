"""The file in which an encoding describes itself."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from tengjia.config.types import Misfit, fit, read_type
from tengjia.errors import DataError
from tengjia.utilities.files import read_json, write_json

DESCRIPTION = "encoding.json"
Config = TypeVar("Config")


def write_description(folder: Path, form: int, config: Any, **values: Any) -> None:
    """Write what an encoding says of itself.

    Args:
        folder: Where to.
        form: Version of the format.
        config: The `Config` of the encoding.
        values: Further JSON values.
    """
    said = {item.name: getattr(config, item.name) for item in fields(config)}
    write_json(folder / DESCRIPTION, {"format": form, "config": said, **values})


@contextlib.contextmanager
def described(folder: Path, form: int) -> Iterator[Mapping[str, Any]]:
    """What an encoding said of itself; what goes wrong with the values inside is told of the file.

    Raises:
        DataError: The file is missing, damaged, of another format, or its values make no sense.
    """
    file = folder / DESCRIPTION
    try:
        content = read_json(file)
        if content["format"] != form:
            raise ValueError(f"format = {content['format']!r}")
        yield content
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DataError("encoding.bad_file", file=file, reason=f"{type(error).__name__}: {error}") from None


def checked_config(values: Any, kind: type[Config]) -> Config:
    """A `Config` from values of a file, each of the type that its field asks for.

    Raises:
        ValueError: There is no such field, or a value is of another type.
    """
    known = {item.name: str(item.type) for item in fields(kind)}  # type: ignore[arg-type]
    checked = {}
    for name, value in dict(values).items():
        if name not in known:
            raise ValueError(f"config.{name}?")
        try:
            checked[name] = fit(value, read_type(ast.parse(known[name], mode="eval").body))
        except Misfit:
            raise ValueError(f"config.{name} = {value!r}") from None
    return kind(**checked)
