"""Logs: short lines on the console, full ones in a file. Every part logs by `logging.getLogger(__name__)`."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.errors import EnvironmentFault
from tengjia.messages import text

CONSOLE: Final = "tengjia-console"
FILE: Final = "tengjia-file"
OURS: Final = ("tengjia", "src")
"""Loggers whose notes are wanted; of others warnings only."""


class _Console(logging.Handler):
    """Writes to stderr, above a progress bar if one is drawn."""

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        bars = sys.modules.get("tqdm")
        if bars is not None:
            bars.tqdm.write(line, file=sys.stderr)
        else:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class _ShortLine(logging.Formatter):
    """A note is its words; what is more than a note says so."""

    def format(self, record: logging.LogRecord) -> str:
        words = super().format(record)
        if record.levelno <= logging.INFO:
            return words
        return text("run.warning" if record.levelno <= logging.WARNING else "run.error").message + words


@contextlib.contextmanager
def logged_to(file: Path | None, *, console: bool = True) -> Iterator[None]:
    """Log to a file (appended to) and to the console while the block runs. A handler is never added twice.

    Args:
        file: The log file; its folder is created. `None` for no file.
        console: Whether this process speaks on the console; of several ranks only the first does.
    """
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in OURS}
    added = [*_console_handler(root, console), *_file_handler(root, file)]
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    try:
        yield
    finally:
        for handler in added:
            root.removeHandler(handler)
            handler.close()
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def _console_handler(root: logging.Logger, wanted: bool) -> Iterator[logging.Handler]:
    if wanted and all(handler.name != CONSOLE for handler in root.handlers):
        handler = _Console()
        handler.name = CONSOLE
        handler.setFormatter(_ShortLine("%(message)s"))
        root.addHandler(handler)
        yield handler


def _file_handler(root: logging.Logger, file: Path | None) -> Iterator[logging.Handler]:
    if file is None:
        return
    name = f"{FILE}:{file}"
    if all(handler.name != name for handler in root.handlers):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handler = logging.FileHandler(file, encoding="utf-8")
        except OSError as error:
            raise EnvironmentFault("run.no_log", file=file, reason=error.strerror or error) from None
        handler.name = name
        formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
        root.addHandler(handler)
        yield handler
