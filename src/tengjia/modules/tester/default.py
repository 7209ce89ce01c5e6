"""Asks a pipeline about every example of a part, with a progress bar and an open ear for a request to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from tengjia.config.parameters import Limits
from tengjia.registry import testers
from tengjia.utilities.signals import stop_requests


class Streaming(Protocol):
    """A pipeline that answers text after text."""

    def stream(self, texts: Iterator[str], *, batch_size: int, check: Callable[[], None]) -> Iterator[Any]:
        """The answers, in the order of the texts."""


@testers.register("default")
class DefaultTester:
    """Collects the answers of a pipeline; what they are worth is for the base task to say.

    Args:
        config: Its parameters.
    """

    limits: ClassVar[Limits] = {
        "batch_size": (1, None),
        "samples": (1, None),
        "level": (0.0, 1.0),
        "compare_samples": (1, None),
        "worst": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Parameters of the tester."""

        part: Literal["test", "development", "train"] = "test"
        """The part of the corpus to test on."""

        batch_size: int = 64
        """How many texts, or windows of long ones, go through the model at once."""

        device: str = "auto"
        """Where to compute: `auto`, `cpu`, `cuda`, `cuda:N`, `mps`."""

        samples: int = 1000
        """How often the texts are drawn anew for the intervals."""

        level: float = 0.95
        """Share of the draws that lies within an interval."""

        compare_samples: int = 10000
        """How many draws and swaps decide whether two models differ."""

        worst: int = 30
        """How many of the worst texts the report shows; 0 leaves every text of the corpus out of it."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def answers(self, pipeline: Streaming, texts: Sequence[str], name: str) -> list[Any]:
        """The answer to each text.

        Args:
            pipeline: Answers.
            texts: What to ask.
            name: What the bar is called.

        Raises:
            Interrupted: A stop was requested.
        """
        from tqdm import tqdm

        with stop_requests() as stop:
            answers = pipeline.stream(iter(texts), batch_size=self.config.batch_size, check=stop.check)
            return list(tqdm(answers, name, total=len(texts), unit=" texts", disable=None))
