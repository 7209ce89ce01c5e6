"""Golden examples: a few texts with the answers that the model gave when its bundle was written.

Whoever loads the bundle, on whatever machine, can ask again and see that the answers are the same.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, NamedTuple

from tengjia.bundle.folder import GOLDEN, Bundle
from tengjia.bundle.plain import parse_json
from tengjia.config.parameters import Limits
from tengjia.errors import CheckpointError
from tengjia.utilities.files import read_json, write_text
from tengjia.utilities.randomness import generator_for

SAMPLE: Final = Path(__file__).with_name("sample_texts.json")
TOLERANCE: Final = 1e-3
"""How far a score may be off on another machine; everything else must be equal."""


class GoldenExample(NamedTuple):
    """One question with the answer that is right for this bundle."""

    text: Any
    """A text; where texts are compared, a tuple of them."""

    answer: Any


class Difference(NamedTuple):
    """A golden example that is answered otherwise."""

    line: int
    text: Any
    expected: Any
    found: Any


class Golden:
    """Chooses the golden texts of a bundle.

    Args:
        config: Where they come from.
    """

    limits: ClassVar[Limits] = {
        "count": (0, None),
    }

    @dataclass(frozen=True)
    class Config:
        """Golden examples of the bundle."""

        source: Literal["sample", "test", "none"] = "sample"
        """`sample`: sentences that come with Tengjia; `test`: from your test part, so that the bundle holds raw text
        of yours; `none`: none."""

        count: int = 20
        """At most so many."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def texts(self, test_texts: Callable[[], Iterable[Any]], *, seed: int) -> list[Any]:
        """The texts to answer, or of a test part whose questions are tuples of texts such tuples.

        Args:
            test_texts: Gives the questions of the test part; called only for `source="test"`.
            seed: Seed of the run, which chooses among the test texts.
        """
        if self.config.source == "none":
            return []
        if self.config.source == "sample":
            return list(read_json(SAMPLE))[: self.config.count]
        texts = sorted(set(test_texts()))
        chosen = generator_for(seed, "golden").permutation(len(texts))[: self.config.count]
        return [texts[int(index)] for index in sorted(chosen)]


def write_golden(folder: Path, examples: Iterable[GoldenExample]) -> None:
    """Write `golden.jsonl` of a bundle."""
    lines = [
        json.dumps({"text": text, "answer": answer}, ensure_ascii=False, allow_nan=False) for text, answer in examples
    ]
    write_text(folder / GOLDEN, "".join(f"{line}\n" for line in lines))


def read_golden(bundle: Bundle) -> list[GoldenExample]:
    """The golden examples of a bundle.

    Raises:
        CheckpointError: A line is not an object with `text` and `answer`.
    """
    examples = []
    file = bundle.folder / GOLDEN
    for number, line in enumerate(file.read_bytes().split(b"\n")[:-1], 1):
        value = parse_json(line, file)
        if not (isinstance(value, dict) and _is_question(value.get("text")) and "answer" in value):
            raise CheckpointError("bundle.bad_json", file=file, line=number, found=line[:80].decode("utf-8", "replace"))
        asked = tuple(value["text"]) if isinstance(value["text"], list) else value["text"]
        examples.append(GoldenExample(asked, value["answer"]))
    return examples


def _is_question(value: Any) -> bool:
    several = isinstance(value, list) and len(value) > 1 and all(isinstance(text, str) for text in value)
    return isinstance(value, str) or several


def verify_golden(
    bundle: Bundle, answer: Callable[[Sequence[Any]], Sequence[Any]], *, tolerance: float = TOLERANCE
) -> list[Difference]:
    """Ask a loaded pipeline the golden questions again.

    Args:
        bundle: The bundle that it was loaded from.
        answer: Questions to plain (JSON) answers.
        tolerance: How far scores may be off.

    Returns:
        The examples whose answers differ; none when the pipeline is the one that was saved.
    """
    examples = read_golden(bundle)
    found = answer([example.text for example in examples]) if examples else []
    return [
        Difference(line, example.text, example.answer, given)
        for line, (example, given) in enumerate(zip(examples, found, strict=True), 1)
        if not same(example.answer, given, tolerance)
    ]


def same(expected: Any, found: Any, tolerance: float = TOLERANCE) -> bool:
    """Whether two plain values are equal, numbers with a fraction within `tolerance`."""
    if isinstance(expected, Mapping):
        return (
            isinstance(found, Mapping)
            and expected.keys() == found.keys()
            and all(same(value, found[key], tolerance) for key, value in expected.items())
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(found, list | tuple)
            and len(expected) == len(found)
            and all(same(a, b, tolerance) for a, b in zip(expected, found))
        )
    if isinstance(expected, float) and isinstance(found, int | float) and not isinstance(found, bool):
        return math.isclose(expected, found, rel_tol=0.0, abs_tol=tolerance)
    return type(expected) is type(found) and bool(expected == found)
