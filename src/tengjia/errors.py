"""Every error of the house.

    TengjiaError
     ├─ ConfigurationError      exit code 2   something in a YAML file or on the command line; carries all `Problem`s
     ├─ DataError               exit code 3   a corpus, a row, a cache, a download
     ├─ TrainingError           exit code 4   training or evaluation cannot go on
     ├─ CheckpointError         exit code 5   a checkpoint or a bundle is damaged, missing or does not fit
     ├─ EnvironmentFault        exit code 6   a device, a disk, a missing optional part
     ├─ StoreError              exit code 7   a model store refuses, lacks or cannot give something
     └─ Interrupted             exit code 143 or 130   asked to stop (SIGTERM or Ctrl-C), stopped cleanly

Each error has a stable `code` ("data.bad_row"). The words for a code, in English and Chinese, stand in
`tengjia/messages/<first part of the code>.py` (a project's own in `src/messages/`); there, the message says what was
found, the hint what to do now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from tengjia.messages import text

COMMAND_LINE: Final = "command line"
"""Stands for the file of a mistake that was made on the command line."""


@dataclass(frozen=True)
class Problem:
    """One mistake: its stable code, where it stands, and the values that its message names."""

    code: str
    file: str = ""
    line: int = 0
    key: str = ""
    values: dict[str, Any] = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """What was found, and what is allowed."""
        return text(self.code, **self._named()).message

    @property
    def hint(self) -> str:
        """What to do now."""
        return text(self.code, **self._named()).hint

    @property
    def where(self) -> str:
        """`file:line: key`, as far as known."""
        file = text("run.command_line").message if self.file == COMMAND_LINE else self.file
        place = f"{file}:{self.line}" if self.line else file
        return ": ".join(part for part in (place, self.key) if part)

    def _named(self) -> dict[str, Any]:
        return {"file": self.file, "line": self.line, "key": self.key, **self.values}

    def __str__(self) -> str:
        message = self.message.rstrip()  # suggestions at its end may be none
        head = f"{self.where}: {message}" if self.where else message
        return f"{head} [{self.code}]" + (f"\n    {self.hint}" if self.hint else "")


class TengjiaError(Exception):
    """Base of all errors that are the user's to mend. Its text is a message, its `hint` the next step.

    Args:
        code: Stable name, whose first part names the message catalogue.
        file: File in which the cause stands, if any.
        line: Line in that file, from 1.
        key: Full config key, if any.
        values: What the message names (`found=...`, `allowed=...`).
    """

    exit_code = 1

    def __init__(self, code: str, *, file: object = "", line: int = 0, key: str = "", **values: Any) -> None:
        self.problem = Problem(code, str(file), line, key, values)
        super().__init__(str(self.problem))

    @property
    def code(self) -> str:
        """Stable name of the error."""
        return self.problem.code

    @property
    def message(self) -> str:
        """What was found, and what is allowed."""
        return self.problem.message

    @property
    def hint(self) -> str:
        """What to do now."""
        return self.problem.hint

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross process boundaries (preprocessing workers): rebuild from the parts.
        return _rebuild, (type(self), self.problem)

    def __str__(self) -> str:
        return str(self.problem)


def _rebuild(kind: type[TengjiaError], problem: Problem) -> TengjiaError:
    error = kind.__new__(kind)
    error.problem = problem
    Exception.__init__(error, str(problem))
    return error


class ConfigurationError(TengjiaError):
    """Something is wrong in a config file or on the command line; `problems` lists everything that is."""

    exit_code = 2

    def __init__(self, problems: list[Problem] | str, **values: Any) -> None:
        if isinstance(problems, str):
            super().__init__(problems, **values)
            self.problems = [self.problem]
        else:
            self.problem, self.problems = problems[0], list(problems)
            Exception.__init__(self, "\n".join(map(str, problems)))

    def __reduce__(self) -> tuple[Any, ...]:
        return ConfigurationError, (self.problems,)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class DataError(TengjiaError):
    """A corpus, a row, a cache or a download is not as it must be."""

    exit_code = 3


class TrainingError(TengjiaError):
    """Training or evaluation cannot go on."""

    exit_code = 4


class CheckpointError(TengjiaError):
    """A checkpoint, a run or a bundle is damaged, missing, or does not fit."""

    exit_code = 5


class EnvironmentFault(TengjiaError):
    """The machine lacks something: a device, space, an optional package."""

    exit_code = 6


class StoreError(TengjiaError):
    """A model store refuses something, does not have it, or holds it damaged."""

    exit_code = 7


class Interrupted(TengjiaError):
    """The user or the system asked to stop, and everything needed to go on later has been saved.

    Args:
        signal_number: `signal.SIGTERM` or `signal.SIGINT`.
        saved: What was kept, in words.
        code: `run.interrupted`, or one whose hint says how to go on.
        values: What that hint names.
    """

    def __init__(self, signal_number: int, saved: str = "", code: str = "run.interrupted", **values: Any) -> None:
        super().__init__(code, signal=signal_number, saved=saved, **values)
        self.exit_code = 128 + signal_number

    def __reduce__(self) -> tuple[Any, ...]:
        return _interrupted, (self.problem.code, self.problem.values)


def _interrupted(code: str, values: dict[str, Any]) -> Interrupted:
    others = {name: value for name, value in values.items() if name not in {"signal", "saved"}}
    return Interrupted(values["signal"], values["saved"], code, **others)
