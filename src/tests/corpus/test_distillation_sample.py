"""The committed sample of questions to a recruiter: ours, reproducible, and neither trivial nor hopeless by its make."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from examples.distillation_sample import generate
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.registry import readers

FOLDER = Path(__file__).parents[3] / "resources/datasets/model_distilling"
PARTS = ("train", "development", "test")


@pytest.fixture(scope="module")
def sample() -> dict[str, list[Example]]:
    reader = readers.build({"name": "csv"})
    return {part: list(reader.read(FOLDER / f"{part}.tsv", RejectsFile())) for part in PARTS}


def test_the_generator_writes_the_same_bytes(tmp_path: Path) -> None:
    generate.generate(tmp_path)
    for part in PARTS:
        assert (tmp_path / f"{part}.tsv").read_bytes() == (FOLDER / f"{part}.tsv").read_bytes()


def test_each_kind_can_be_learnt_and_is_tested(sample: dict[str, list[Example]]) -> None:
    for part, least in (("train", 80), ("development", 20), ("test", 30)):
        counts = Counter(example.label for example in sample[part])
        assert len(sample[part]) == generate.SIZES[part]
        assert len(counts) == 12 and min(counts.values()) >= least


def test_no_question_stands_twice(sample: dict[str, list[Example]]) -> None:
    texts = [re.sub(r"\W", "", example.text) for examples in sample.values() for example in examples]
    assert len(texts) == len(set(texts))


def test_every_pattern_is_filled(sample: dict[str, list[Example]]) -> None:
    for examples in sample.values():
        assert not [example.text for example in examples if re.search(r"[(){}|\[\]]", example.text)]


def test_every_kind_has_questions_that_may_be_of_another(sample: dict[str, list[Example]]) -> None:
    everywhere = defaultdict(set)
    patterns = generate.read_patterns()
    for kind, lists in patterns.items():
        assert not set(lists[""]) & set(lists["+"])
        for pattern in (*lists[""], *lists["="]):
            everywhere[pattern].add(kind)
    shared = [kind for kind, lists in patterns.items() if any(len(everywhere[one]) > 1 for one in lists["="])]
    assert len(shared) >= 10


def test_the_readme_says_what_it_is() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    assert "Synthetic" in text and "Apache-2.0" in text
    assert "python -m examples.distillation_sample.generate" in text
    assert all(f"`{kind}`" in text for kind in generate.read_patterns())
