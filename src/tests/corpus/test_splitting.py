"""Splits: stable, grouped, and without a text on two sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tengjia.contracts import Rejects
from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.data.splitting import Split, complete
from tengjia.errors import ConfigurationError, DataError


class Toy:
    """A corpus in memory: every file holds the examples that name it."""

    def __init__(self, examples: Sequence[Example], test: Sequence[Example] = ()) -> None:
        self.examples = {"train": list(examples), "test": list(test)}

    def parts(self) -> Mapping[str, Sequence[Path]]:
        files = {part: list(dict.fromkeys(Path(e.file) for e in found)) for part, found in self.examples.items()}
        return {part: found for part, found in files.items() if found}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        rejects.add("data.bad_json", file="x", line=1, text="x", reason="x") if part == "train" else None
        yield from self.examples[part]


def split(**values: object) -> Split:
    return Split(Split.Config(**values))  # type: ignore[arg-type]


def numbered(count: int) -> list[Example]:
    return [Example(f"第{n}条", file=f"{n % 7}.txt", extra={"group": str(n % 50)}) for n in range(count)]


def parts_of(corpus) -> dict[str, list[Example]]:
    return {part: list(corpus.read(part, RejectsFile(max_rejects=9))) for part in corpus.parts()}


@pytest.mark.parametrize("by", ["random", "group", "file"])
def test_every_example_falls_on_exactly_one_side(by):
    examples = numbered(500)
    found = parts_of(complete(Toy(examples), split(by=by, development=0.2, test=0.2)))
    assert list(found) == ["train", "development", "test"]
    assert sorted(e.text for part in found.values() for e in part) == sorted(e.text for e in examples)
    assert all(found.values())


def test_shares_are_kept():
    found = parts_of(complete(Toy(numbered(20_000)), split(development=0.1, test=0.25)))
    assert abs(len(found["development"]) / 20_000 - 0.1) < 0.01
    assert abs(len(found["test"]) / 20_000 - 0.25) < 0.01


@pytest.mark.parametrize(("by", "key"), [("group", lambda e: e.extra["group"]), ("file", lambda e: e.file)])
def test_what_belongs_together_stays_together(by, key):
    found = parts_of(complete(Toy(numbered(700)), split(by=by, development=0.2, test=0.2)))
    sides = [{key(e) for e in part} for part in found.values()]
    assert sum(map(len, sides)) == len(set.union(*sides))


texts = st.lists(st.text(max_size=8), min_size=1, max_size=30)


@given(texts, texts, st.integers(-(2**60), 2**60))
def test_more_rows_move_none(first, more, seed):
    one = split(seed=seed, development=0.3, test=0.3)
    assert [one.part(Example(t)) for t in first] == [one.part(Example(t)) for t in [*more, *first][len(more) :]]
    again = split(seed=seed, development=0.3, test=0.3)
    assert [one.part(Example(t)) for t in first] == [again.part(Example(t)) for t in first]


@given(st.text(alphabet="abcXYZ张三", min_size=1, max_size=20), st.integers(0, 99))
def test_texts_that_look_alike_fall_on_one_side(text, seed):
    one = split(seed=seed, development=0.3, test=0.3)
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    variants = (text.upper(), f" {text}。", wide, "，".join(text))
    assert {one.part(Example(v)) for v in (text, *variants)} == {one.part(Example(text))}


def test_another_share_of_the_test_leaves_the_rest_of_it():
    examples = [Example(str(n)) for n in range(2000)]
    small, large = split(test=0.1), split(test=0.2)
    assert {e.text for e in examples if small.part(e) == "test"} <= {
        e.text for e in examples if large.part(e) == "test"
    }


def test_other_seeds_give_other_splits():
    examples = numbered(300)
    assert [split(seed=1).part(e) for e in examples] != [split(seed=2).part(e) for e in examples]


def test_what_a_corpus_brings_stays_as_it_is():
    own = [Example("mine", file="test.txt")]
    found = parts_of(complete(Toy(numbered(200), own), split()))
    assert found["test"] == own
    assert len(found["train"]) + len(found["development"]) == 200
    assert complete(toy := Toy(numbered(9), own), split(development=0.0)) is toy


def test_a_share_of_nothing_makes_no_part():
    assert list(complete(Toy(numbered(100)), split(test=0.0)).parts()) == ["train", "development"]


def test_bad_rows_are_told_once():
    rejects = RejectsFile(max_rejects=9)
    corpus = complete(Toy(numbered(100)), split())
    for part in corpus.parts():
        list(corpus.read(part, rejects))
    assert rejects.count == 1


def test_files_keep_their_share_and_each_part_gets_one():
    files = [Path(f"/data/{n}.txt") for n in range(20)]
    sides = list(split(by="file", development=0.1, test=0.25).files(files, ["test", "development"]).values())
    assert (sides.count("test"), sides.count("development"), sides.count("train")) == (5, 2, 13)
    sides = list(split(by="file", development=0.01, test=0.98).files(files[:3], ["test", "development"]).values())
    assert sorted(sides) == ["development", "test", "train"]


def test_a_moved_corpus_is_split_the_same():
    one, other = ([Path(f"{root}/{n}.txt") for n in range(9)] for root in ("/a", "/b"))
    here, there = (split(by="file").files(files, ["test"]) for files in (one, other))
    assert {Path(f).name: p for f, p in here.items()} == {Path(f).name: p for f, p in there.items()}


def test_members_of_an_archive_go_with_it():
    examples = [Example("a", file="one.zip!a.txt"), Example("b", file="two.zip!b.txt")]
    toy = Toy(examples)
    toy.parts = lambda: {"train": [Path("one.zip"), Path("two.zip")]}  # type: ignore[method-assign]
    found = parts_of(complete(toy, split(by="file", test=0.5, development=0.0)))
    assert sorted(map(len, found.values())) == [1, 1]


def test_too_few_files():
    with pytest.raises(DataError) as caught:
        complete(Toy([Example("a", file="a.txt")]), split(by="file"))
    assert caught.value.code == "corpus.too_few_files"
    assert "1 file(s) cannot be shared out among the parts train, test, development" in caught.value.message


def test_an_example_without_a_group():
    corpus = complete(Toy([Example("a", file="f", line=7, extra={"page": "1"})]), split(by="group", group="author"))
    with pytest.raises(DataError) as caught:
        list(corpus.read("train", RejectsFile(max_rejects=9)))
    assert caught.value.code == "corpus.no_group"
    assert "f:7" in str(caught.value) and "it has: page" in caught.value.message


def test_an_empty_part_is_told():
    corpus = complete(Toy([Example("a")]), split(development=0.001))
    with pytest.raises(DataError) as caught:
        list(corpus.read("development", RejectsFile(max_rejects=9)))
    assert caught.value.code == "corpus.empty_part"
    assert "`development`" in caught.value.message and "by random" in caught.value.message


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"development": -0.1}, "split.development"),
        ({"test": 1.0}, "split.test"),
        ({"test": float("nan")}, "split.test"),
        ({"development": 0.5, "test": 0.5}, "split.development"),
    ],
)
def test_impossible_shares(values, key):
    with pytest.raises(ConfigurationError) as caught:
        split(**values)
    assert caught.value.code == "corpus.bad_share"
    assert caught.value.problem.key == key
