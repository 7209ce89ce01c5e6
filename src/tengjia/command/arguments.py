"""The words of the command line, before anything is known of the project."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tengjia.errors import COMMAND_LINE, Problem

_SWITCHES: Final = {
    "-h": "help",
    "--help": "help",
    "--hydra-help": "hydra_help",
    "--version": "version",
    "--debug": "debug",
    "-m": "multirun",
    "--multirun": "multirun",
    "-sc": "completion",
    "--shell-completion": "completion",
    "--resolve": "resolve",
}
_VALUED: Final = {"-c": "cfg", "--cfg": "cfg", "-p": "package", "--package": "package", "-i": "info", "--info": "info"}
_ALLOWED_VALUES: Final = {
    "cfg": ("job", "hydra", "all"),
    "info": ("all", "config", "defaults", "defaults-tree", "plugins", "searchpath"),
}
STAGES: Final = ("preprocess", "train", "cross_validate", "test", "apply")
"""The stages that every task of a base task has."""
_OFTEN_DASHED: Final = frozenset(
    {"app", "task", "stage", "run", "resume", "compare", "sweep", "seed", "model", "dataset", "folds", "group"}
)
"""Settings that newcomers write as switches."""
_OVERRIDE: Final = re.compile(r"(\+\+|\+|~)?([^=]+?)(?:=(.*))?\Z", re.DOTALL)


@dataclass
class Word:
    """An override as it was typed."""

    text: str
    operator: str
    """Empty, `+`, `++` or `~`."""
    key: str
    value: str | None


@dataclass
class Arguments:
    """The command line, sorted."""

    words: list[Word] = field(default_factory=list)
    switches: set[str] = field(default_factory=set)
    """Those of `help`, `debug`, `multirun`, ... that were given."""
    valued: dict[str, str] = field(default_factory=dict)
    """`cfg`, `info`, `package` -> value."""
    explain: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def multirun(self) -> bool:
        """Whether this is a sweep."""
        return "multirun" in self.switches

    def for_hydra(self) -> list[str]:
        """The switches as Hydra knows them."""
        own = {"multirun": "--multirun", "resolve": "--resolve", "completion": "--shell-completion"}
        words = [flag for name, flag in own.items() if name in self.switches]
        words += ["--hydra-help"] if "hydra_help" in self.switches else []
        for name, value in self.valued.items():
            words += [f"--{name}={value}"]
        return words


def read_arguments(words: Sequence[str]) -> Arguments:
    """Sort the command line. Only switches that are listed here pass: Hydra has some that go round every check."""
    arguments = Arguments()
    if any(word in {"-sc", "--shell-completion"} for word in words):
        return _for_completion(arguments, words)
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word.startswith("-") and not word.startswith("-="):
            _switch(arguments, word, waiting)
        elif word.startswith("explain="):
            arguments.explain.append(word.partition("=")[2])
        else:
            _add_word(arguments, word)
    modes = [*arguments.valued.keys() & {"cfg", "info"}, *arguments.switches & {"multirun", "hydra_help"}]
    if len(modes) > 1:
        _report(
            arguments, "config.flags_together", "--" + modes[0], found=", ".join(f"--{mode}" for mode in sorted(modes))
        )
    return arguments


def _switch(arguments: Arguments, word: str, waiting: list[str]) -> None:
    flag, equals, value = word.partition("=")
    if flag in _SWITCHES and not equals:
        arguments.switches.add(_SWITCHES[flag])
    elif flag in _VALUED:
        name = _VALUED[flag]
        allowed = _ALLOWED_VALUES.get(name)
        if not equals:
            takes = bool(waiting) and (allowed is None or waiting[0] in allowed or name == "cfg")
            value = waiting.pop(0) if takes else "all" if name == "info" else ""
        if allowed is not None and value not in allowed:
            _report(arguments, "config.flag_value", word, found=value, allowed=", ".join(allowed))
        arguments.valued[name] = value
    elif value and ("." in flag or flag.lstrip("-") in _OFTEN_DASHED):
        _report(arguments, "config.dashed_override", word, found=word, example=word.lstrip("-"))
    else:
        known = ", ".join([*(flag for flag in _SWITCHES if flag.startswith("--")), "-m", "--cfg", "--info"])
        _report(arguments, "config.refused_flag", word, found=flag, allowed=known)


def _add_word(arguments: Arguments, word: str) -> None:
    match = _OVERRIDE.match(word)
    if match is None or (match[3] is None and match[1] != "~"):
        example = f"stage={word}" if word in STAGES else "KEY=VALUE"
        _report(arguments, "config.not_an_override", word, found=word, example=example)
        return
    arguments.words.append(Word(word, match[1] or "", match[2].strip(), match[3]))


def _report(arguments: Arguments, code: str, key: str, **values: object) -> None:
    arguments.problems.append(Problem(code, COMMAND_LINE, 0, key.partition("=")[0], values))


def _for_completion(arguments: Arguments, words: Sequence[str]) -> Arguments:
    """The shell asks what may come next; the line so far stands in a variable, its last word unfinished."""
    arguments.switches.add("completion")
    try:
        typed = shlex.split(os.environ.get("COMP_LINE", ""))
    except ValueError:
        typed = []
    for word in typed:
        if word.startswith(("app=", "task=", "stage=")) and not word.endswith("="):
            _add_word(arguments, word)
    return arguments
