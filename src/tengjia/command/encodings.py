"""Paths and words in any locale: what a terminal cannot show never stops a command, and files are named in UTF-8."""

from __future__ import annotations

import io
import os
import sys


def speak_to_any_terminal() -> None:
    """Let signs that the terminal's encoding lacks (`✓` in GBK) be shown as `?` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def in_utf8() -> None:
    """Start this very command again in Python's UTF-8 mode where the locale is of another encoding.

    There Python would read the names of files by that encoding, and what it cannot decode no JSON file can hold. The
    terminal is spoken to in its own encoding all the same.
    """
    if os.name == "nt" or _is_utf8(sys.getfilesystemencoding()) or os.environ.get("PYTHONUTF8") == "1":
        return
    said = f"{sys.stdout.encoding or 'utf-8'}:replace"
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONIOENCODING": os.environ.get("PYTHONIOENCODING", said)}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def _is_utf8(encoding: str) -> bool:
    return encoding.lower().replace("_", "-") in {"utf-8", "utf8"}
