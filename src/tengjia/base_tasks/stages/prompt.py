"""The prompt of `stage=apply`: a text a line in, its answer out; of several texts one is asked for after the other."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from tengjia.base_tasks.stages.questions import Question, columns_asked, question_of, said
from tengjia.reports.terminal import is_coloured, shortened
from tengjia.reports.words import word, word_or_name

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.base_task import BaseTask

QUIT: Final = frozenset({"q", "quit", "exit", "退出"})
_WIDEST_NAMES: Final = 400


def answer_prompt(task: BaseTask, pipeline: Any, wanted: Any, *, name: str) -> None:
    """Answer lines until `q` or the end of the input (Ctrl-D).

    Args:
        task: The base task.
        pipeline: Answers.
        wanted: The section `apply`.
        name: What is asked, for the greeting.
    """
    given, asked = said(task, wanted), columns_asked(task, wanted)
    lines = _Lines(name, pipeline.labels)
    for text in lines.asked("prompt"):
        others = {}
        for other in asked:
            line = next(lines.asked(f"prompt_{other}"), None)
            if line is None:
                return
            others[other] = line
        question = question_of(task, text, given | others)
        sys.stdout.write(answer_shown(task, pipeline, wanted, question) + "\n\n")
        sys.stdout.flush()


def answer_shown(task: BaseTask, pipeline: Any, wanted: Any, question: Question) -> str:
    """Ask one question, and give the answer in words."""
    answer = next(iter(pipeline.stream([question], batch_size=wanted.batch_size)))
    return task.shown(question, task.kept(answer, wanted), pipeline, colours=is_coloured())


class _Lines:
    """Lines that say something; asked for at a terminal, else just read."""

    def __init__(self, name: str, labels: Sequence[str]) -> None:
        self._interactive = sys.stdin.isatty()
        if self._interactive:
            # Importing it gives `input` history and line editing, where the system has it.
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401
            names = shortened(", ".join(labels), _WIDEST_NAMES)
            code = "prompt_greeting" if names else "prompt_greeting_plain"
            sys.stdout.write(word(code, run=name, **({"types": names} if names else {})) + "\n")

    def asked(self, prompt: str) -> Iterator[str]:
        """The lines until the user has enough."""
        while True:
            try:
                line = input(word_or_name(prompt)) if self._interactive else sys.stdin.readline()
            except (EOFError, KeyboardInterrupt):
                sys.stdout.write("\n")
                return
            if (not self._interactive and not line) or line.strip().lower() in QUIT:
                return
            if line := line.rstrip("\r\n"):
                yield line
