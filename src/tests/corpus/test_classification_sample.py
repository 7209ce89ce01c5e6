"""The committed sample of résumé lines: ours, reproducible, and neither trivial nor hopeless by its make."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from examples.classification_sample import generate
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.registry import readers

FOLDER = Path(__file__).parents[3] / "resources/datasets/text_classification"
PARTS = ("train", "development", "test")


@pytest.fixture(scope="module")
def sample() -> dict[str, list[Example]]:
    reader = readers.build({"name": "csv"})
    return {part: list(reader.read(FOLDER / f"{part}.tsv", RejectsFile())) for part in PARTS}


def test_the_generator_writes_the_same_bytes(tmp_path):
    generate.generate(tmp_path)
    for part in PARTS:
        assert (tmp_path / f"{part}.tsv").read_bytes() == (FOLDER / f"{part}.tsv").read_bytes()


def test_each_class_can_be_learnt_and_is_tested(sample):
    for part, least in (("train", 200), ("development", 30), ("test", 40)):
        counts = Counter(example.label for example in sample[part])
        assert len(sample[part]) == generate.SIZES[part]
        assert len(counts) == 8 and min(counts.values()) >= least


def test_no_line_stands_twice(sample):
    texts = [example.text for examples in sample.values() for example in examples]
    assert len(texts) == len(set(texts))


def test_every_section_has_lines_that_stand_in_another_too():
    patterns = generate.read_patterns()
    everywhere = defaultdict(set)
    for section, kinds in patterns.items():
        assert all(kinds[kind] for kind in ("", "+", "="))
        assert not set(kinds[""]) & set(kinds["+"])
        for pattern in (*kinds[""], *kinds["="]):
            everywhere[pattern].add(section)
    for section, kinds in patterns.items():
        assert any(len(everywhere[pattern]) > 1 for pattern in kinds["="]), section


def test_words_of_the_test_are_partly_unseen(sample):
    known = "".join(example.text for example in sample["train"])
    words = generate.read_lists(generate.HERE / "words.txt", words=True)
    unseen = [word for choices in words.values() for word in choices.unseen if len(word) > 1 and word not in known]
    assert len(unseen) > 60
    assert sum(any(word in example.text for word in unseen) for example in sample["test"]) > 50


def test_the_readme_says_what_it_is():
    text = (FOLDER / "README.md").read_text("utf-8")
    assert "Synthetic" in text and "Apache-2.0" in text
    assert "python -m examples.classification_sample.generate" in text
    assert all(f"`{section}`" in text for section in generate.read_patterns())
