"""What is done to the training part only: windows of a long stream, and fewer characters outside of spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from tengjia.config.parameters import Limits
from tengjia.data.example import Example
from tengjia.data.thinning import thinned
from tengjia.data.windows import consecutive, sampled
from tengjia.errors import ConfigurationError


class Sampling:
    """The sampling that a config describes. With the defaults, examples stay as they are.

    Raises:
        ConfigurationError: A number is negative.
    """

    limits: ClassVar[Limits] = {
        "window": (0, None),
        "windows_per_text": (0, None),
        "longest_outside": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        window: int = 0
        """Cut texts longer than this many characters in windows that cut no entity; 0 leaves them whole."""
        windows_per_text: int = 0
        """Draw so many windows at random from each long text; 0 cuts it from beginning to end instead."""
        longest_outside: int = 0
        """Keep at most so many characters of a stretch without entities; 0 keeps all."""
        seed: int = 1
        """Chooses the places of random windows."""

    def __init__(self, config: Config) -> None:
        for key in ("window", "windows_per_text", "longest_outside"):
            if (found := getattr(config, key)) < 0:
                raise ConfigurationError("corpus.bad_sampling", key=f"sampling.{key}", found=found, allowed=">= 0")
        if config.windows_per_text and not config.window:
            raise ConfigurationError("corpus.bad_sampling", key="sampling.window", found=0, allowed=">= 1")
        self.config = config

    @property
    def changes_nothing(self) -> bool:
        """Whether examples stay as they are."""
        return not self.config.window and not self.config.longest_outside

    def apply(self, examples: Iterable[Example]) -> Iterator[Example]:
        """The sampled examples, in the order of those given, in constant memory."""
        for number, example in enumerate(examples):
            for piece in self._windows(example, number):
                outside = self.config.longest_outside
                yield thinned(piece, outside) if outside else piece

    def _windows(self, example: Example, number: int) -> Iterator[Example]:
        size, count = self.config.window, self.config.windows_per_text
        if not size or len(example.text) <= size:
            yield example
        elif count:
            yield from sampled(example, size, count, self.config.seed, number)
        else:
            yield from consecutive(example, size)
