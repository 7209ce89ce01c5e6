"""The committed sample: ours, reproducible, and neither trivial nor hopeless by its make."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from examples.ner_sample import generate
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.registry import readers

FOLDER = Path(__file__).parents[3] / "resources/datasets/ner"
PARTS = ("train", "development", "test")


@pytest.fixture(scope="module")
def sample() -> dict[str, list[Example]]:
    reader = readers.build({"name": "columns", "scheme": "bmes", "repair": "error"})
    return {part: list(reader.read(FOLDER / f"{part}.txt", RejectsFile())) for part in PARTS}


def surfaces(examples: list[Example], kind: str) -> set[str]:
    return {e.text[s.start : s.end] for e in examples for s in e.spans if s.type == kind}


def test_the_generator_writes_the_same_bytes(tmp_path):
    generate.generate(tmp_path)
    for part in PARTS:
        assert (tmp_path / f"{part}.txt").read_bytes() == (FOLDER / f"{part}.txt").read_bytes()


def test_it_is_as_large_as_promised(sample):
    assert sum(map(len, sample.values())) >= 3000
    assert len({span.type for examples in sample.values() for e in examples for span in e.spans}) == 8
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_500_000


def test_each_type_can_be_learnt_and_is_tested(sample):
    for part, least in (("train", 50), ("development", 5), ("test", 10)):
        counts = Counter(span.type for e in sample[part] for span in e.spans)
        assert len(counts) == 8 and min(counts.values()) >= least


def test_no_sentence_stands_twice(sample):
    texts = [e.text for examples in sample.values() for e in examples]
    assert len(texts) == len(set(texts))


def test_persons_of_the_test_are_new_except_those_named_like_places(sample):
    known = surfaces(sample["train"], "NAME") | surfaces(sample["development"], "NAME")
    tested = surfaces(sample["test"], "NAME")
    places = set(generate.read_lists(generate.HERE / "words.txt", words=True)["place_name"].known)
    assert tested & known <= places
    assert len(tested - known) > 100


def test_a_good_share_of_other_entities_is_unseen_too(sample):
    for kind in ("ORG", "TITLE"):
        known, tested = surfaces(sample["train"], kind), surfaces(sample["test"], kind)
        assert len(tested - known) / len(tested) > 0.3


def test_words_are_ambiguous(sample):
    kinds = defaultdict(set)
    for example in sample["train"]:
        for span in example.spans:
            kinds[example.text[span.start : span.end]].add(span.type)
    assert kinds["江苏"] == {"NAME", "LOC"}
    assert sum(len(found) > 1 for found in kinds.values()) >= 12
    # Titles that are ordinary words elsewhere.
    outside = "".join(e.text[a:b] for e in sample["train"] for a, b in unmarked(e))
    assert all(word in outside for word in ("翻译", "主管", "编辑", "教授", "导演"))


def unmarked(example: Example) -> list[tuple[int, int]]:
    borders = [0, *(place for span in example.spans for place in span[:2]), len(example.text)]
    return list(zip(borders[::2], borders[1::2]))


def test_the_same_words_have_the_same_labels(sample):
    """No noise: what looks the same is labelled the same."""
    labels = defaultdict(set)
    for examples in sample.values():
        for example in examples:
            labels[example.text].add(example.spans)
    assert all(len(found) == 1 for found in labels.values())


def test_the_readme_says_what_it_is():
    text = (FOLDER / "README.md").read_text("utf-8")
    assert "Synthetic" in text and "Apache-2.0" in text and "python -m examples.ner_sample.generate" in text


def test_an_unseen_word_never_reaches_the_training_part():
    words = generate.read_lists(generate.HERE / "words.txt", words=True)
    patterns = generate.read_lists(generate.HERE / "patterns.txt", words=False)
    for choices in (*words.values(), *patterns.values()):
        assert not set(choices.known) & set(choices.unseen)
        assert choices.known
