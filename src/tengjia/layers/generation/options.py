"""How texts are written: method, width, length, randomness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from tengjia.config.parameters import Limits, between
from tengjia.errors import ConfigurationError, Problem


class Generation:
    """Options of decoding, checked.

    Raises:
        ConfigurationError: A number makes no sense (no beam, no probability), or they contradict each other.
    """

    limits: ClassVar[Limits] = {
        "beams": (1, 1000),
        "length_penalty": (0.0, None),
        "temperature": (1e-4, None),
        "top_k": (1, None),
        "top_p": (1e-6, 1.0),
        "repetition_penalty": (1.0, None),
        "no_repeat_ngram": (0, None),
        "minimum_length": (0, None),
        "alternatives": (0, 999),
        "maximum_length": (1, None),
        "longest_ratio": (0.1, None),
    }

    @dataclass(frozen=True)
    class Config:
        method: Literal["beam", "greedy", "sampling"] = "beam"
        """`beam` keeps the best hypotheses side by side, `greedy` takes the likeliest piece each time, `sampling`
        draws."""

        beams: int = 5
        """How many hypotheses of a text `beam` keeps."""

        length_penalty: float = 1.0
        """Exponent a: the longer a hypothesis is, the more its log probability is lifted; 0 favours short ones."""

        penalty: Literal["simple", "gnmt"] = "simple"
        """Log probability of n pieces (with the end piece) divided by `n**a` (simple), or by `((5 + n) / 6)**a` (Wu
        et al. 2016)."""

        stopping: Literal["likely", "certain", "full"] = "likely"
        """When `beam` is done with a text: as soon as there are `beams` hypotheses (`full`); when besides no other
        would beat them if it ended now (`likely`); or when no longer one can beat them either (`certain`)."""

        temperature: float = 1.0
        """`sampling`: scores are divided by it; below 1 the likely becomes likelier."""

        top_k: int | None = None
        """`sampling`: draw among so many likeliest pieces; null: all."""

        top_p: float = 1.0
        """`sampling`: draw among the likeliest pieces that have this much of the probability together (Holtzman et
        al. 2020)."""

        repetition_penalty: float = 1.0
        """Log probabilities of pieces that the text has already are multiplied by it (Keskar et al. 2019); 1: as they
        are."""

        no_repeat_ngram: int = 0
        """No sequence of so many pieces occurs twice in a text; 0: any may."""

        minimum_length: int = 0
        """No text ends before it has so many pieces."""

        maximum_length: int = 200
        """Texts are cut at so many pieces."""

        longest_ratio: float | None = 3.0
        """Texts are also cut at so many times the pieces of their source, and ten more; null: not."""

        alternatives: int = 0
        """How many further hypotheses of `beam` an answer tells."""

        by_sentence: bool = False
        """Whether each sentence of a text is read by itself, as a model that was trained on single ones wants it; else
        a text is cut only where it is too long."""

        seed: int = 1
        """What `sampling` draws is a function of it and of the text (of its number, in training)."""

    def __init__(self, config: Config) -> None:
        problems = []
        for name, (least, most) in self.limits.items():
            value = getattr(config, name)
            if value is not None and not ((least is None or value >= least) and (most is None or value <= most)):
                values = {"found": value, "allowed": between(least, most)}
                problems.append(Problem("generation.out_of_range", key=f"generation.{name}", values=values))
        if problems:
            raise ConfigurationError(problems)
        if config.minimum_length > config.maximum_length:
            raise ConfigurationError(
                "generation.lengths",
                key="generation.minimum_length",
                found=config.minimum_length,
                allowed=config.maximum_length,
            )
        self.config = config

    def limit(self, source_pieces: int) -> int:
        """At most so many pieces for a source of so many."""
        config = self.config
        if config.longest_ratio is None:
            return config.maximum_length
        limit = min(config.maximum_length, int(config.longest_ratio * source_pieces) + 10)
        return max(limit, config.minimum_length)

    def divisor(self, length: int) -> float:
        """What a log probability of so many pieces (the end piece included) is divided by."""
        config = self.config
        base = float(length) if config.penalty == "simple" else (5.0 + length) / 6.0
        return float(base**config.length_penalty)
