"""Bundles whose configs a stranger has changed: any value in any JSON file of `model/` is another one, or gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy

from tengjia.bundle.filelist import write_filelist

GONE: Final = object()
JUNK: Final = (None, True, -1, 0, 10**9, 1.5, 1e300, "x", "", "../x", [], {}, ["a", 1], {"a": 1}, [None], GONE)


def forge(folder: Path, random: numpy.random.Generator) -> str:
    """Change one value of a bundle and make its lists true again; gives what was changed."""
    files = sorted((folder / "model").rglob("*.json"))
    file = files[random.integers(len(files))]
    content = json.loads(file.read_text("utf-8"))
    found = list(_places(content))
    place, junk = found[random.integers(len(found))], JUNK[random.integers(len(JUNK))]
    file.write_text(json.dumps(_changed(content, place, junk)), "utf-8")
    write_filelist(folder / "model")
    write_filelist(folder)
    return f"{file.relative_to(folder)}: {'.'.join(map(str, place))} = {'gone' if junk is GONE else repr(junk)}"


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for name, part in inner:
        yield (*place, name)
        yield from _places(part, (*place, name))


def _changed(value: Any, place: tuple[Any, ...], junk: Any) -> Any:
    part = value
    for name in place[:-1]:
        part = part[name]
    if junk is GONE:
        del part[place[-1]]
    else:
        part[place[-1]] = junk
    return value
