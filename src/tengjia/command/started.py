"""What `tengjia start...` says of the files that it wrote, or would write."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tengjia.messages import text


def tell_files(files: Iterable[Path], root: Path, *, dry_run: bool) -> None:
    """Print each file, relative to the project."""
    for file in files:
        if dry_run or file.name != "__init__.py":
            code = "scaffold.would_write" if dry_run else "scaffold.wrote"
            print(text(code, file=file.relative_to(root)).message)
