"""Answers on their way to an output: kept beside it, so that an interrupted run over a file goes on instead of anew.

<folder>/.tengjia-NAME.part          one line a text: its answer; after each portion a mark with count and SHA-256
<folder>/.tengjia-NAME.part.json     what the answers depend on: input, model, settings, versions

A portion counts when its mark is whole. The texts of a portion go through the model together, so going on after a mark
gives the very answers that a run without a stop gives.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

from filelock import FileLock, Timeout

from tengjia.errors import DataError
from tengjia.utilities.files import TEMPORARY_PREFIX, read_json, write_json

_MARK: Final = b'{"texts": '
"""How the line after a portion begins; that of a text is an array with its answer in it, and begins with `[`."""

_FORMAT: Final = 2


class AnswersFile:
    """The answers to the texts of one file, as JSON values.

    Args:
        output: The output that they are for.
        depends_on: All that the answers depend on, as JSON values.
    """

    def __init__(self, output: Path, depends_on: Mapping[str, Any]) -> None:
        self.path = output.with_name(f"{TEMPORARY_PREFIX}{output.name[:60]}.part")
        self.notes = self.path.with_name(f"{self.path.name}.json")
        self.output = output
        self.depends_on = {"format": _FORMAT, **depends_on}
        self.texts = 0
        """How many texts are answered."""
        self.differing: list[str] = []
        """In what an earlier run over the file, whose answers are of no use, was another."""

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time.

        Raises:
            DataError: Another one writes this output.
        """
        lock = self.path.with_name(f"{self.path.name}.lock")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock)
        try:
            held.acquire(timeout=0)
        except Timeout:
            raise DataError("pipeline.output_in_use", file=self.output) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
            held.release()

    def take_up(self) -> None:
        """Go on with what an earlier run left, if it was of the same input, model and settings; else forget it."""
        if not (self.path.is_file() and self.notes.is_file()):
            self.forget()
            return
        try:
            earlier = dict(read_json(self.notes))
        except (ValueError, TypeError):
            earlier = {}
        self.differing = sorted(
            key for key in self.depends_on.keys() | earlier.keys() if self.depends_on.get(key) != earlier.get(key)
        )
        if self.differing:
            self.forget()
            return
        self.texts, good = self._whole()
        with open(self.path, "rb+") as file:
            file.truncate(good)

    def add(self, portion: Sequence[Any]) -> None:
        """Keep the answers (JSON values) of a portion; from now on they survive an end of the process."""
        lines = b"".join(json.dumps([answer], ensure_ascii=False).encode("utf-8") + b"\n" for answer in portion)
        if not self.notes.is_file():
            write_json(self.notes, self.depends_on)
        self.texts += len(portion)
        with open(self.path, "ab") as file:
            file.write(lines + _mark(self.texts, lines))
            file.flush()
            os.fsync(file.fileno())

    def answers(self) -> Iterator[Any]:
        """The answer of each text, in their order."""
        if not self.path.is_file():
            return
        with open(self.path, "rb") as file:
            for line in file:
                if not line.startswith(_MARK):
                    yield json.loads(line)[0]

    def forget(self) -> None:
        """Remove everything."""
        self.texts = 0
        for path in (self.path, self.notes):
            path.unlink(missing_ok=True)

    def _whole(self) -> tuple[int, int]:
        """Texts and bytes up to the last mark that is whole."""
        texts = good = 0
        with open(self.path, "rb") as file:
            for count, size in _portions(file):
                texts, good = count, good + size
        return texts, good


def _portions(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Texts so far and bytes of each portion, as long as each agrees with its mark."""
    lines: list[bytes] = []
    texts = 0
    for line in file:
        if not line.startswith(_MARK):
            lines.append(line)
            continue
        texts += len(lines)
        content = b"".join(lines)
        if line != _mark(texts, content):
            return
        yield texts, len(content) + len(line)
        lines = []


def _mark(texts: int, lines: bytes) -> bytes:
    return _MARK + f'{texts}, "sha256": "{hashlib.sha256(lines).hexdigest()}"}}\n'.encode()
